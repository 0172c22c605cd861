"""A Sync log in every foreign workbook: who gets none is known, nothing else changes, and it can be taken out again."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from log_samples import NOW, WORDS, again, facts, with_log, without_log
from schema import schema_errors
from writing_samples import Opened, opened

from sheets_sync.core.log_layout import FIRST_LINE
from sheets_sync.core.sync_log import kept_log
from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.ooxml.checker import check_package

pytestmark = [pytest.mark.shared, pytest.mark.slow]

WITHOUT = {"075_poi_duplicate-filename.xlsx", "089_Open-XML-SDK_Revision_NameCommentChange.xlsx"}
"""The one is refused as damaged, the other shared in the old way and never written."""
ALLOWED = ("[content_types].xml", "workbook.xml", "workbook.xml.rels", "styles.xml")


class Visit(NamedTuple):
    """One foreign workbook: as it was, with a log, with a log a day later, and with the log taken out again."""

    name: str
    before: Opened
    after: Opened
    later: Opened
    left: Opened


@pytest.fixture(scope="module")
def visits(shared: Path) -> list[Visit]:
    """Every workbook of the corpus that can carry a log."""
    return list(_visits(shared / "excel-corpus"))


def _visits(folder: Path) -> Iterator[Visit]:
    for path in sorted(folder.glob("*.xls[xm]")):
        try:
            before = opened(path.read_bytes(), path.name)
        except WorkbookRefused:
            continue
        if before.seen.log_day:
            after = with_log(before)
            later = again(after, kept_log(after.seen.log, facts(NOW + dt.timedelta(days=1)), WORDS))
            yield Visit(path.name, before, after, later, without_log(later))


def _parts(book: Opened) -> dict[str, bytes]:
    return {part: book.package.read(part) for part in book.package.parts}


def _name(part: str) -> str:
    return part.lower().replace("\\", "/").rpartition("/")[2]


def test_who_gets_none_is_known(visits: list[Visit], shared: Path) -> None:
    """Every workbook that can be written at all gets a log."""
    every = {path.name for path in (shared / "excel-corpus").glob("*.xls[xm]")}
    assert every - {visit.name for visit in visits} == WITHOUT


def test_it_is_the_last_tab_and_nothing_else_changes(visits: list[Visit]) -> None:
    """The log is one new part behind all others; what was read before is read as before."""
    for visit in visits:
        old, new = _parts(visit.before), _parts(visit.after)
        added = new.keys() - old.keys()
        assert len(added) == 1, visit.name
        assert all(_name(part) in ALLOWED for part in old if new[part] != old[part]), visit.name
        entry = visit.after.package.sheets[-1]
        assert (entry.part, entry.kind, entry.hidden) == (*added, "worksheet", False), visit.name
        assert visit.after.package.sheets[:-1] == visit.before.package.sheets, visit.name
        assert visit.after.seen.titles == visit.before.seen.titles, visit.name
        assert [tab.rows for tab in visit.after.seen.tabs] == [tab.rows for tab in visit.before.seen.tabs], visit.name


def test_a_later_write_changes_its_cells_alone(visits: list[Visit]) -> None:
    """The next day's write changes the log's part and the stamp, and keeps the lines."""
    for visit in visits:
        old, new = _parts(visit.after), _parts(visit.later)
        entry = visit.after.package.sheets[-1]
        assert old.keys() == new.keys()
        assert {part for part in old if new[part] != old[part]} <= {entry.part, visit.after.package.workbook_part}
        assert visit.later.seen.log is not None
        assert sum(row >= FIRST_LINE for row, _ in visit.later.seen.log.cells) == 6, visit.name


def test_taken_out_every_part_is_as_it_was(visits: list[Visit]) -> None:
    """Taken out, all parts are byte for byte what they were, but for formats that stay and the stamp."""
    for visit in visits:
        old, new = _parts(visit.before), _parts(visit.left)
        assert old.keys() == new.keys(), visit.name
        assert all(_name(part) in ("workbook.xml", "styles.xml") for part in old if new[part] != old[part]), visit.name
        assert (visit.left.seen.log, visit.left.seen.log_lost) == (None, False), visit.name
        assert visit.left.package.sheets == visit.before.package.sheets, visit.name


def test_sound(visits: list[Visit], shared: Path) -> None:
    """Neither our checker nor the schema finds anything that was not there before."""
    for visit in visits:
        for book in (visit.after, visit.later, visit.left):
            assert check_package(visit.before.package, book.package) == (), visit.name
            known = _parts(visit.before)
            for part, content in _parts(book).items():
                is_ours = _name(part) in ("workbook.xml", "styles.xml") or part not in known
                if is_ours and content != known.get(part):
                    before = schema_errors(known[part], shared / "ooxml-xsd") if part in known else frozenset()
                    assert schema_errors(content, shared / "ooxml-xsd") <= before, (visit.name, part)
