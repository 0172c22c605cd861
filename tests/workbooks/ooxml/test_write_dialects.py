"""Workbooks as different programs write them: strict, prefixed, without addresses, in other encodings; and long."""

import re
import tracemalloc
from collections.abc import Callable

import pytest
from writing_samples import (
    LINKS,
    MAIN,
    PLAN_TABLE,
    SHEET,
    STRICT,
    Opened,
    Sample,
    cells,
    first_run,
    leaving,
    opened,
    written,
    zipped,
)

from sheets_sync.core.decision import Changes
from sheets_sync.core.snapshot import Area, Role
from sheets_sync.workbooks.ooxml.checker import check_package
from sheets_sync.workbooks.ooxml.writer import patch

STRICT_LINKS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
RICH = Sample(
    head='<dimension ref="A1:C3"/><cols><col min="1" max="9" width="12"/></cols>',
    tail='<conditionalFormatting sqref="A1"><cfRule type="expression" priority="4"><formula>1</formula></cfRule>'
    '</conditionalFormatting><dataValidations count="1"><dataValidation sqref="A1"><formula1>1</formula1>'
    "</dataValidation></dataValidations>",
    names='<definedNames><definedName name="mine">Plan!$A$1</definedName></definedNames>',
    settings='<calcPr calcId="1"/>',
    table=PLAN_TABLE,
)


def strict(part: str) -> str:
    """As ISO 29500 Strict names things."""
    return part.replace(MAIN, STRICT).replace(LINKS, STRICT_LINKS)


def prefixed(part: str) -> str:
    """Every element with a namespace prefix."""
    if MAIN not in part:
        return part
    return re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", part).replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')


def unaddressed(part: str) -> str:
    """Rows and cells without numbers and addresses, as the format allows."""
    return re.sub(r'(<(?:row|c)) r="[A-Z]*\d+"', r"\1", part)


def single_quoted(part: str) -> str:
    """Attributes in single quotes."""
    return re.sub(r'="([^"\']*)"', r"='\1'", part)


def indented(part: str) -> str:
    """Line breaks between elements, blanks before closing slashes."""
    return part.replace("><", ">\r\n  <").replace("/>", " />")


DIALECTS: dict[str, Callable[[str], str | bytes]] = {
    "strict": strict,
    "prefixed": prefixed,
    "unaddressed": unaddressed,
    "single quotes": single_quoted,
    "indented": indented,
    "prefixed and strict": lambda part: strict(prefixed(part)),
    "indented, prefixed and in single quotes": lambda part: single_quoted(indented(prefixed(part))),
    "with a byte order mark": lambda part: b"\xef\xbb\xbf" + part.encode(),
    "in UTF-16": lambda part: part.replace("UTF-8", "UTF-16").encode("utf-16"),
}


def spoken(dialect: str) -> Opened:
    """The rich sample in a dialect."""
    speak = DIALECTS[dialect]
    kept = ("[Content_Types].xml", "_rels/.rels") if dialect != "strict" else ("[Content_Types].xml",)
    return opened(
        zipped({name: part if name in kept else speak(str(part)) for name, part in RICH.parts().items()}), "plan.xlsx"
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_written_and_left(dialect: str) -> None:
    """A first run and leaving work as in the workbook's plainest form, and Excel would have nothing to repair."""
    before = spoken(dialect)
    assert cells(before) == cells(opened(RICH.data()))
    wanted = first_run(before.tab())
    after, done = written(before, wanted.changes)
    assert not done.refused
    assert after.tab().marks == {Role.ID: 4, Role.FLAG: 5, Role.NEXT_FIX: 6}
    assert after.tab().tables[0].area == Area(1, 1, 3, 6)
    assert (len(after.tab().highlights), len(after.tab().drop_downs)) == (2, 1)
    assert {k: v for k, v in cells(after).items() if k[0] in "ABC"} == cells(before)
    assert {k: v for k, v in cells(after).items() if k[0] in "DEF"} == {
        "D1": "ID", "E1": "Flag", "F1": "Next fix", "D2": "A-0002", "D3": "A-0003", "E2": "ON TRACK",
        "E3": "LATE & <found>", "F2": ' type _x0041_ "owner"\nin row 2\r\t\x0b ',
        "F3": ' type _x0041_ "owner"\nin row 3\r\t\x0b ',
    }  # fmt: skip
    assert check_package(before.package, after.package) == ()
    left, leave = written(after, leaving(after.tab(), wanted.columns))
    assert not leave.refused
    assert left.tab() == before.tab()
    assert check_package(before.package, left.package) == ()


@pytest.mark.slow
def test_memory_of_a_long_sheet() -> None:
    """Few edits in a long sheet take at most three times the memory of its part."""
    line = '<row r="{0}"><c r="A{0}" t="str"><v>Fix pump {0} before winter</v></c><c r="B{0}"><v>{0}</v></c></row>'
    rows = '<row r="1"><c r="A1" t="str"><v>Action</v></c></row>' + "".join(line.format(n) for n in range(2, 60_000))
    before = opened(Sample(rows=rows, head="").data())
    wanted = first_run(before.tab()).changes
    few = tuple(edit for edit in wanted.edits if edit.ref.row % 500 == 0)
    tracemalloc.start()
    done = patch(before.package, Changes(few, wanted.structures, wanted.keys), before.seen)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(done.applied) == len(few)
    assert peak < 3 * len(before.package.read(SHEET))
