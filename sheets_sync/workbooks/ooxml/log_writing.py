"""The Sync log in a package: put in as the last tab, changed cell by cell, taken out again.

Every step gives back why it was not made, "" when it was. docProps/app.xml keeps its bytes: it lists the tabs' names
for programs that look from outside, and Excel makes it anew at each save without ever reading it.
"""

import posixpath
import re
from collections.abc import Mapping
from typing import NamedTuple

from sheets_sync.core.cells import CellValue
from sheets_sync.core.decision import LogState, Refused, Structure
from sheets_sync.core.log_layout import COLUMNS, RED_AFTER, ROWS, Place
from sheets_sync.core.snapshot import Area, Snapshot
from sheets_sync.workbooks.log_block import free_name, unchanged_since, values_of
from sheets_sync.workbooks.ooxml.cell_xml import CellWrite, unfit
from sheets_sync.workbooks.ooxml.dimension_patch import with_dimension
from sheets_sync.workbooks.ooxml.log_reading import YEARS_BETWEEN, shifted, why_no_log
from sheets_sync.workbooks.ooxml.log_removal import remove_log
from sheets_sync.workbooks.ooxml.log_sheet import LISTS, looks_in, sheet_part
from sheets_sync.workbooks.ooxml.names_patch import NameChanges, with_names
from sheets_sync.workbooks.ooxml.own_traces import LogMark, read_log_mark
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.package_draft import PackageDraft
from sheets_sync.workbooks.ooxml.refusals import Unreadable
from sheets_sync.workbooks.ooxml.row_splice import Looks
from sheets_sync.workbooks.ooxml.sheet_body import joined, patch_rows, split, unspliceable
from sheets_sync.workbooks.ooxml.splice import (
    Node,
    append_cuts,
    children,
    named,
    outline,
    prefix_of,
    quoted,
    spliced,
)
from sheets_sync.workbooks.ooxml.styles_patch import StyleBook
from sheets_sync.workbooks.ooxml.traces import (
    RED_AFTER_NAME,
    area_reference,
    log_mark_name,
    parse_log_mark_name,
    parse_mark_name,
)

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_LINKS = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
_LINK_PREFIX = re.compile(rb"""\s([\w.-]+):id\s*=""")


class LogPatch(NamedTuple):
    """The package with the changes of the log, what became of each, and the parts that differ."""

    package: Package
    structures: tuple[Structure, ...]
    refused: tuple[Refused, ...]
    parts: frozenset[str]


def patch_log(package: Package, structures: tuple[Structure, ...], seen: Snapshot) -> LogPatch:
    """Make the changes of the Sync log that may be made. `seen` was read from exactly this package."""
    if not structures:
        return LogPatch(package, (), (), frozenset())
    made: list[Structure] = []
    refused: list[Refused] = []
    draft = PackageDraft(package)
    for structure in structures:
        reason = package.write_refusal or _step(draft, structure, seen)
        if reason:
            refused.append(Refused(structure, reason))
        else:
            made.append(structure)
    after = package if not made else Package.open(draft.data(), package.name, package.limits)
    return LogPatch(after, tuple(made), tuple(refused), frozenset(draft.changed) if made else frozenset())


def _step(draft: PackageDraft, structure: Structure, seen: Snapshot) -> str:
    package = draft.package
    mark = read_log_mark(package.tree(package.workbook_part), package.sheets)
    known = mark if mark is not None and mark.entry is not None else None
    held = seen.log.cells if seen.log is not None else {}
    try:
        match structure.before, structure.after:
            case None, LogState() as added:
                return "the Sync log is already there" if known is not None else _add(draft, added)
            case LogState() as before, LogState() as after:
                return _change(draft, known, unchanged_since(held, before, after)) if known else "the Sync log is gone"
            case LogState() as removed, None:
                if known is not None and values_of(removed) != held:
                    return "somebody changed the Sync log"
                return remove_log(draft, known)
    except Unreadable as why:
        return why.message
    return "such a change is not known"


def _add(draft: PackageDraft, state: LogState) -> str:
    package = draft.package
    reason = why_no_log(package, package.tree(package.workbook_part))
    if reason:
        return reason
    workbook = draft.read(package.workbook_part)
    nodes = outline(workbook, 2)
    listed = named(nodes, "sheets")
    space = _space(workbook)
    styles_part = next(r.target for r in package.related(package.workbook_part) if r.kind == "styles")
    styles = StyleBook(draft.read(styles_part))
    if listed is None or not children(nodes, listed) or space not in _LINKS or not all(map(styles.has, LISTS)):
        return "the workbook is written in a way that takes no further tab; open it in Excel and save it once"
    back = YEARS_BETWEEN if package.date1904 else 0
    cells = {place: shifted(value, -back) for place, value in values_of(state).items()}
    looks, red = looks_in(styles), styles.highlight("stale")
    part = draft.free_part(posixpath.join(posixpath.dirname(package.workbook_part), "worksheets/sheet{}.xml"))
    has_views = named(nodes, "bookViews") is not None
    draft.put(part, sheet_part(cells, looks, space=space, red=red, has_views=has_views))
    draft.put(styles_part, styles.patched())
    draft.declare(part, _SHEET_TYPE)
    link = draft.relate(package.workbook_part, f"{_LINKS[space]}/worksheet", part)
    name, sheet_id = free_name(state.name, [entry.name for entry in package.sheets]), _free_id(package)
    tag = children(nodes, listed)[-1]
    entry = b'<%bsheet name="%b" sheetId="%b" %b="%b"/>' % (
        prefix_of(workbook, tag),
        quoted(name),
        sheet_id.encode(),
        _link_attribute(workbook, tag, space),
        link.encode(),
    )
    workbook = spliced(workbook, append_cuts(workbook, listed, entry))
    draft.put(package.workbook_part, with_names(workbook, _marks(package, sheet_id, name, corner=(1, 1))))
    return ""


def _link_attribute(xml: bytes, tag: Node, space: str) -> bytes:
    """The name of a tab's attribute that leads to its part, as `tag` has it; with its namespace where the root of the
    workbook part does not say that."""
    found = _LINK_PREFIX.search(xml[tag.start : tag.inner])
    prefix = found[1] if found else b"r"
    is_known = b"xmlns:" + prefix + b"=" in xml[: tag.start].partition(b"sheets")[0]
    return prefix + b":id" if is_known else b'xmlns:%b="%b" %b:id' % (prefix, _LINKS[space].encode(), prefix)


def _space(xml: bytes) -> str:
    """The namespace of a part's root element."""
    start = re.search(rb"<([\w.-]+:)?workbook\b[^>]*>", xml)
    if start is None:
        return ""
    name = b"xmlns" + (b":" + start[1][:-1] if start[1] else b"")
    found = re.search(re.escape(name) + rb"""\s*=\s*["']([^"']+)""", start[0])
    return found[1].decode() if found else ""


def _free_id(package: Package) -> str:
    """A sheetId above all that are used, and above those that our marks still name."""
    used = {entry.sheet_id for entry in package.sheets}
    for name in _names(package):
        mark = parse_mark_name(name)
        used |= {mark.sheet_id if mark is not None else parse_log_mark_name(name)} - {""}
    return str(1 + max(map(int, used), default=0))


def _names(package: Package) -> list[str]:
    workbook = package.tree(package.workbook_part)
    return [name.get("name") for name in workbook.within("definedNames") if "localSheetId" not in name.attributes]


def _marks(package: Package, sheet_id: str, tab: str, *, corner: Place) -> NameChanges:
    """The names that make the tab our log; marks of an earlier one go."""
    top, left = corner
    block = Area(top, left, top + ROWS - 1, left + COLUMNS - 1)
    day = (top + RED_AFTER[0] - 1, left + RED_AFTER[1] - 1)
    put = {
        log_mark_name(sheet_id): area_reference(tab, block),
        RED_AFTER_NAME: area_reference(tab, Area(*day, *day)),
    }
    earlier = {name for name in _names(package) if parse_log_mark_name(name) not in ("", sheet_id)}
    return NameChanges(put, earlier, {})


def _change(draft: PackageDraft, mark: LogMark, values: Mapping[Place, CellValue]) -> str:
    package, entry = draft.package, mark.entry
    assert entry is not None
    top, left = mark.area.top, mark.area.left
    xml = draft.read(entry.part)
    reason = unspliceable(xml)
    if reason:
        return reason
    writes: dict[int, dict[int, CellWrite]] = {}
    back = YEARS_BETWEEN if package.date1904 else 0
    for (row, column), value in values.items():
        if unfit(value):
            continue
        writes.setdefault(row + top - 1, {})[column + left - 1] = CellWrite(shifted(value, -back))
    body = split(xml)
    rows = patch_rows(body, writes, Looks(_same, _same, lambda _: b""))
    frame = with_dimension(body.frame, [Area(top, left, top + ROWS - 1, left + COLUMNS - 1)])
    if rows.differ:
        draft.put(entry.part, b"".join(joined(body, frame, rows.pieces)))
    names = _marks(package, entry.sheet_id, entry.name, corner=(top, left))
    draft.put(package.workbook_part, with_names(draft.read(package.workbook_part), names))
    return ""


def _same(style: bytes) -> bytes:
    return style
