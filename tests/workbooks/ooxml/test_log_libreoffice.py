"""LibreOffice opens a workbook with a Sync log, shows it last, and reckons its red as we mean it."""

import datetime as dt
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from log_samples import again, facts
from lxml import etree
from writing_samples import WORKBOOK, Sample, opened

from sheets_sync.core.highlights import stale_formula
from sheets_sync.core.sync_log import kept_log
from sheets_sync.words.log_words import log_words
from sheets_sync.workbooks.ooxml.splice import content
from sheets_sync.workbooks.ooxml.traces import RED_AFTER_NAME

pytestmark = [pytest.mark.libreoffice, pytest.mark.slow]

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"


@pytest.fixture(scope="module")
def office() -> str:
    """The LibreOffice program."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing, and in CI these tests must run")
        pytest.skip("needs LibreOffice")
    return program


def book(days_ago: int) -> bytes:
    """A plan that was checked so many days ago, with the rule of the flag's header as a formula in a cell of it."""
    now = dt.datetime.now(dt.UTC) - dt.timedelta(days=days_ago)
    plan = opened(Sample().data())
    with_log = again(plan, kept_log(None, facts(now), log_words("pt")))
    part = with_log.package.sheets[0].part
    formula = b'<c r="H1"><f>%b</f></c></row>' % content(stale_formula(RED_AFTER_NAME))
    xml = with_log.package.read(part).replace(b"</row>", formula, 1)
    workbook = re.sub(rb"<calcPr[^>]*/>", b"", with_log.package.read(WORKBOOK))
    workbook = workbook.replace(b"</definedNames>", b'</definedNames><calcPr fullCalcOnLoad="1"/>')
    return with_log.package.assemble({part: xml, WORKBOOK: workbook})


def test_red_comes_and_goes(office: str, tmp_path: Path) -> None:
    """The log's four days after a check are not red, what was checked nine days ago is; tabs, texts and dates are
    shown as written."""
    for name, days in (("fresh", 0), ("old", 9)):
        (tmp_path / f"{name}.xlsx").write_bytes(book(days))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = [str(tmp_path / f"{name}.xlsx") for name in ("fresh", "old")]
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "fods", "--outdir", str(tmp_path), *files],
        check=True,
        capture_output=True,
        timeout=240,
    )
    for name, red in (("fresh", 0.0), ("old", 1.0)):
        document = etree.parse(str(tmp_path / f"{name}.fods"))
        plan, log = document.iter(f"{TABLE}table")
        values = [cell.get(f"{OFFICE}value") for cell in plan.iter(f"{TABLE}table-cell") if cell.get(f"{TABLE}formula")]
        assert [float(value) for value in values] == [red]
        assert log.get(f"{TABLE}name") == "Registro de sincronização"
        texts = ["".join(found.itertext()) for found in log.iter(TEXT)]
        assert {"Última verificação", "Verificar agora", "Verificado e escrito"} <= set(texts)
        dates = [cell.get(f"{OFFICE}date-value") for cell in log.iter(f"{TABLE}table-cell")]
        assert sum(date is not None for date in dates) == 4
