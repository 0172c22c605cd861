"""All changes of one tab put together: columns added, edits, rules, lists, columns removed; then its parts anew.

What may be done is decided in column_steps, column_removal and edit_guard; nothing is decided here but the order.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sheets_sync.core.cells import BLANK
from sheets_sync.core.decision import (
    ColumnState,
    DropDownState,
    Edit,
    HighlightState,
    KeyColumn,
    Refused,
    Structure,
    StructureKind,
)
from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.ooxml import conditional_patch, validation_patch
from sheets_sync.workbooks.ooxml.cell_xml import CellWrite
from sheets_sync.workbooks.ooxml.column_removal import remove_column
from sheets_sync.workbooks.ooxml.column_steps import rename_column, with_columns
from sheets_sync.workbooks.ooxml.columns_patch import column_styles, with_widths, without_widths
from sheets_sync.workbooks.ooxml.dimension_patch import with_dimension
from sheets_sync.workbooks.ooxml.edit_guard import EditGuard
from sheets_sync.workbooks.ooxml.filter_patch import sheet_filter
from sheets_sync.workbooks.ooxml.refusals import damaged
from sheets_sync.workbooks.ooxml.row_splice import Looks
from sheets_sync.workbooks.ooxml.sheet_body import Body, joined, patch_rows
from sheets_sync.workbooks.ooxml.sheet_draft import SheetDraft
from sheets_sync.workbooks.ooxml.styles_patch import StyleBook
from sheets_sync.workbooks.ooxml.zip_assemble import Pieces

NO_STYLES = "the workbook has no styles part; open it in Excel and save it once"


class TabChanges(NamedTuple):
    """What is wanted of one tab."""

    edits: tuple[Edit, ...]
    structures: tuple[Structure, ...]
    key: KeyColumn | None


class TabPatch(NamedTuple):
    """One tab after its changes. `original` is its part in UTF-8, `sheet` its new content, None when nothing in it
    changes; `filters` maps the old range of a filter, its own or a table's, to the new one."""

    draft: SheetDraft
    original: bytes
    sheet: Pieces | None
    applied: tuple[Edit, ...]
    structures: tuple[Structure, ...]
    refused: tuple[Refused, ...]
    filters: Mapping[Area, Area]


class _Outcome:
    """What became of the changes so far."""

    def __init__(self) -> None:
        self.edits: list[Edit] = []
        self.structures: list[Structure] = []
        self.refused: list[Refused] = []
        self.without_columns = ""
        """Why columns of ours could not be added; "" when they were."""

    def note(self, structure: Structure, reason: str) -> None:
        """Note a structure as made, or as refused for a reason."""
        if reason:
            self.refused.append(Refused(structure, reason))
        else:
            self.structures.append(structure)


def patch_tab(draft: SheetDraft, body: Body, changes: TabChanges, styles: StyleBook | None) -> TabPatch:
    """Make all changes of one tab that may be made. Raises Unreadable when the sheet is broken."""
    outcome = _Outcome()
    before = _filters(draft)
    draft = _add_columns(draft, changes.structures, outcome)
    _write_edits(draft, changes, outcome)
    for structure in changes.structures:
        _change_frame(draft, structure, outcome, styles)
    _remove_columns(draft, changes.structures, outcome)
    sheet = _written(draft, body, outcome, styles)
    after = _filters(draft)
    filters = {area: after[place] for place, area in before.items() if place in after and after[place] != area}
    return TabPatch(
        draft, body.xml, sheet, tuple(outcome.edits), tuple(outcome.structures), tuple(outcome.refused), filters
    )


def _filters(draft: SheetDraft) -> dict[str, Area]:
    """The ranges of all filters, by the table part or "" for the sheet's own."""
    own = sheet_filter(draft.frame)
    tables = {part: shape.data_area() for part, shape in draft.shapes().items()}
    return tables | {"": own} if own else tables


def _add_columns(draft: SheetDraft, structures: Iterable[Structure], outcome: _Outcome) -> SheetDraft:
    added = [s for s in structures if s.before is None and isinstance(s.after, ColumnState)]
    if not added:
        return draft
    draft, reason = with_columns(draft, [s.after for s in added if isinstance(s.after, ColumnState)])
    for structure in added:
        outcome.note(structure, reason)
    outcome.without_columns = f"the columns could not be added: {reason}" if reason else ""
    return draft


def _write_edits(draft: SheetDraft, changes: TabChanges, outcome: _Outcome) -> None:
    """Note every edit that may be made as a cell to write."""
    guard = EditGuard(draft.tab, draft.columns, changes.key, tuple(draft.shapes().values()))
    for edit in changes.edits:
        reason = guard.refusal(edit)
        if reason and edit.ref.role not in draft.columns:
            reason = outcome.without_columns or reason
        if reason:
            outcome.refused.append(Refused(edit, reason))
            continue
        outcome.edits.append(edit)
        if edit.after != edit.before:
            write = CellWrite(edit.after, on_blank=edit.before == BLANK)
            draft.write(edit.ref.row, guard.column(edit.ref.role), write)


def _change_frame(draft: SheetDraft, structure: Structure, outcome: _Outcome, styles: StyleBook | None) -> None:
    before, after = structure.before, structure.after
    if structure.kind is StructureKind.HIGHLIGHTS:
        reason = outcome.without_columns if after is not None else ""
        outcome.note(structure, reason or _highlight(draft, before, after, styles))
    elif structure.kind is StructureKind.DROP_DOWNS:
        outcome.note(structure, _list(draft, before, after))
    elif isinstance(before, ColumnState) and isinstance(after, ColumnState):
        outcome.note(structure, rename_column(draft, before, after))


def _highlight(draft: SheetDraft, before: object, after: object, styles: StyleBook | None) -> str:
    had = before.rules if isinstance(before, HighlightState) else ()
    wanted = after.rules if isinstance(after, HighlightState) else ()
    if had != draft.tab.highlights:
        return "the highlights were changed since the sheet was read"
    if wanted == had:
        return ""
    if wanted and styles is None:
        return NO_STYLES
    reason = conditional_patch.unfit(wanted)
    if not reason:
        formats = {rule.colour: styles.highlight(rule.colour) for rule in wanted} if styles else {}
        draft.frame = conditional_patch.with_highlights(draft.frame, wanted, formats)
    return reason


def _list(draft: SheetDraft, before: object, after: object) -> str:
    had = before.lists if isinstance(before, DropDownState) else ()
    wanted = after.lists if isinstance(after, DropDownState) else ()
    if had != draft.tab.drop_downs:
        return "the drop-downs were changed since the sheet was read"
    if wanted == had:
        return ""
    reason = validation_patch.unfit(draft.frame, wanted)
    if not reason:
        draft.frame = validation_patch.with_drop_downs(draft.frame, wanted)
    return reason


def _remove_columns(draft: SheetDraft, structures: Iterable[Structure], outcome: _Outcome) -> None:
    """From the right, so that a table or filter that ends with columns of ours shrinks back over all of them."""
    removed = [(s.before, s) for s in structures if s.after is None and isinstance(s.before, ColumnState)]
    for state, structure in sorted(removed, key=lambda pair: -pair[0].column):
        kept = {r.what.ref.row for r in outcome.refused if isinstance(r.what, Edit) and r.what.ref.role is state.role}
        outcome.note(structure, remove_column(draft, state, kept))


def _written(draft: SheetDraft, body: Body, outcome: _Outcome, styles: StyleBook | None) -> Pieces | None:
    """The sheet's part with all that the draft holds, None when that is nothing."""
    defaults = column_styles(body.frame)
    looks = Looks(styles.plain, styles.clone, defaults.style) if styles else Looks(_same, _same, defaults.style)
    rows = patch_rows(body, draft.writes, looks)
    if rows.kept:
        _take_back(draft, set(rows.kept), outcome)
    frame = without_widths(with_widths(draft.frame, draft.widths), draft.old_widths)
    frame = with_dimension(frame, draft.written())
    if frame == body.frame and not rows.differ:
        return None
    return joined(body, frame, rows.pieces)


def _same(style: bytes) -> bytes:
    return style


def _take_back(draft: SheetDraft, kept: set[tuple[int, int]], outcome: _Outcome) -> None:
    """Turn edits into refusals where the sheet holds what was not read. Raises Unreadable for a header."""
    for row, column in kept:
        if draft.writes[row].pop(column).header:
            raise damaged("a cell that was read as blank is filled")
    columns = {**draft.tab.marks, **draft.fresh}
    for edit in list(outcome.edits):
        if (edit.ref.row, columns.get(edit.ref.role, 0)) in kept and edit.after != edit.before:
            outcome.edits.remove(edit)
            outcome.refused.append(Refused(edit, "the cell holds a formula or a value that was not read"))
