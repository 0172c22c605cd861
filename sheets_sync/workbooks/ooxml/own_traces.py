"""Find our marks, our stamp and the card among a workbook's defined names. Their wording is in traces."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sheets_sync.core.snapshot import Area, Role, Stamp
from sheets_sync.workbooks.ooxml.package import SheetEntry
from sheets_sync.workbooks.ooxml.traces import (
    STAMP_NAME,
    Reference,
    marked_column,
    parse_card,
    parse_log_mark_name,
    parse_mark_name,
    parse_reference,
    parse_stamp,
)
from sheets_sync.workbooks.ooxml.xml_scan import Element


class TabMarks(NamedTuple):
    """The marks of one tab: columns by role, and roles whose column is gone."""

    columns: Mapping[Role, int]
    lost: frozenset[Role]


class LogMark(NamedTuple):
    """The mark of the Sync log: its name, and the tab and cells it stands for; None when the tab is gone."""

    name: str
    entry: SheetEntry | None
    area: Area


_NO_AREA = Area(0, 0, 0, 0)


def read_log_mark(workbook: Element, sheets: Sequence[SheetEntry]) -> LogMark | None:
    """The mark of the Sync log, the first one that stands for a tab; None when there never was one.

    It counts when its name stands for the tab it refers to, as with columns.
    """
    lost: LogMark | None = None
    by_id = {entry.sheet_id: entry for entry in sheets}
    for name in _workbook_names(workbook):
        sheet_id = parse_log_mark_name(name.get("name"))
        if not sheet_id:
            continue
        entry, reference = by_id.get(sheet_id), parse_reference(name.text)
        if entry is not None and reference is not None and reference.tab.lower() == entry.name.lower():
            return LogMark(name.get("name"), entry, reference.area)
        lost = lost or LogMark(name.get("name"), None, _NO_AREA)
    return lost


def read_stamp(workbook: Element) -> Stamp | None:
    """The stamp of the last write, None when there is none."""
    for name in _workbook_names(workbook):
        if name.get("name").lower() == STAMP_NAME:
            return parse_stamp(name.text)
    return None


def read_card(workbook: Element) -> str:
    """The card of the plan, "" when there is none."""
    return parse_card({name.get("name"): name.text for name in _workbook_names(workbook)})


def read_marks(workbook: Element, sheets: Sequence[SheetEntry]) -> Mapping[str, TabMarks]:
    """The marks by sheetId, for every tab that has some.

    A mark counts when its name stands for the tab it refers to, and it refers to one column. Otherwise (the column
    was deleted, or moved to another tab) it is lost. Marks of tabs that no longer exist are left out, and so are
    names that belong to one tab only: those come from copying a tab.
    """
    tabs = {entry.name.lower(): entry.sheet_id for entry in sheets}
    columns: dict[str, dict[Role, int]] = {entry.sheet_id: {} for entry in sheets}
    lost: dict[str, set[Role]] = {entry.sheet_id: set() for entry in sheets}
    for name in _workbook_names(workbook):
        mark = parse_mark_name(name.get("name"))
        if mark is None or mark.sheet_id not in columns:
            continue
        column = _column_of(parse_reference(name.text), tabs, mark.sheet_id)
        if column is None:
            lost[mark.sheet_id].add(mark.role)
        else:
            columns[mark.sheet_id][mark.role] = column
    return {key: TabMarks(columns[key], frozenset(lost[key])) for key in columns if columns[key] or lost[key]}


def _workbook_names(workbook: Element) -> list[Element]:
    return [name for name in workbook.within("definedNames") if "localSheetId" not in name.attributes]


def _column_of(reference: Reference | None, tabs: Mapping[str, str], sheet_id: str) -> int | None:
    if reference is None or tabs.get(reference.tab.lower()) != sheet_id:
        return None
    return marked_column(reference)
