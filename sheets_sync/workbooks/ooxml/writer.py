"""Write changes into a workbook package: the facade. Pure: bytes in, bytes out; files are the adapter's.

Only the parts that must change do: the tabs' sheets, their tables, the styles, the workbook part. What was asked for
and cannot be done safely comes back as refused, with the reason; it never raises for what stands in the sheet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from sheets_sync.core.decision import Changes, Edit, Refused, Structure, StructureKind
from sheets_sync.core.snapshot import Area, Snapshot, Tab
from sheets_sync.workbooks.ooxml.log_writing import patch_log
from sheets_sync.workbooks.ooxml.names_patch import NameChanges, with_names
from sheets_sync.workbooks.ooxml.package import Package, SheetEntry
from sheets_sync.workbooks.ooxml.recalculation import is_named, needs_calculation, owned_cells
from sheets_sync.workbooks.ooxml.refusals import Unreadable
from sheets_sync.workbooks.ooxml.sheet_body import OPEN_AND_SAVE, split, unspliceable
from sheets_sync.workbooks.ooxml.sheet_draft import SheetDraft
from sheets_sync.workbooks.ooxml.splice import as_utf8
from sheets_sync.workbooks.ooxml.styles_patch import StyleBook
from sheets_sync.workbooks.ooxml.tab_patch import TabChanges, TabPatch, patch_tab
from sheets_sync.workbooks.ooxml.traces import CARD_NAMES, STAMP_NAME, card_formulas, stamp_formula
from sheets_sync.workbooks.ooxml.workbook_patch import calculated_on_load
from sheets_sync.workbooks.ooxml.zip_assemble import Content


@dataclass(frozen=True, slots=True)
class Patched:
    """The workbook after the write, and what became of the changes. With nothing changed, `data` is what was opened.

    `parts_changed` and `parts_untouched` count parts of the package.
    """

    data: bytes
    applied: tuple[Edit, ...]
    structures: tuple[Structure, ...]
    refused: tuple[Refused, ...]
    parts_changed: int
    parts_untouched: int


class _Styles(NamedTuple):
    part: str
    book: StyleBook


def patch(package: Package, changes: Changes, seen: Snapshot) -> Patched:
    """Make all changes that may be made. `seen` was read from exactly this package.

    New columns come before edits, removed ones after them. An edit is made only if its cell holds `before` and its row
    is still the same row. The stamp is written along with any other change, or alone when that is asked for. Raises
    WorkbookRefused only for a package whose parts cannot be read at all.
    """
    log = patch_log(package, tuple(one for one in changes.structures if one.kind is StructureKind.LOG), seen)
    others = tuple(one for one in changes.structures if one.kind is not StructureKind.LOG)
    rest = replace(changes, structures=others, stamp_alone=changes.stamp_alone or bool(log.structures))
    done, parts = _patch_tabs(log.package, rest, seen)
    refused = (*done.refused, *log.refused)
    left = {refusal.what for refusal in refused if isinstance(refusal.what, Structure)}
    parts |= log.parts
    return replace(
        done,
        structures=tuple(one for one in changes.structures if one not in left),
        refused=refused,
        parts_changed=len(parts),
        parts_untouched=len(package.parts) - sum(map(package.has, parts)),
    )


def _patch_tabs(package: Package, changes: Changes, seen: Snapshot) -> tuple[Patched, frozenset[str]]:
    """All changes but the log's, and the parts that differ by them."""
    if package.write_refusal:
        return _all_refused(package, changes, package.write_refusal), frozenset()
    styles = _styles(package)
    patches: list[TabPatch] = []
    refused: list[Refused] = []
    for key, wanted in _by_tab(changes).items():
        made = _patch_one(package, seen, key, wanted, styles)
        if isinstance(made, str):
            refused += _refusals(wanted, made)
        else:
            patches.append(made)
    parts = _changed_parts(package, changes, patches, styles)
    patched = Patched(
        data=package.assemble(parts) if parts else package.data,
        applied=tuple(edit for done in patches for edit in done.applied),
        structures=tuple(structure for done in patches for structure in done.structures),
        refused=(*refused, *(one for done in patches for one in done.refused)),
        parts_changed=len(parts),
        parts_untouched=len(package.parts) - len(parts),
    )
    return patched, frozenset(parts)


def _all_refused(package: Package, changes: Changes, reason: str) -> Patched:
    return Patched(package.data, (), (), _refusals(changes, reason), 0, len(package.parts))


def _refusals(wanted: Changes | TabChanges, reason: str) -> tuple[Refused, ...]:
    edits = (Refused(edit, reason) for edit in wanted.edits)
    return *edits, *(Refused(structure, reason) for structure in wanted.structures)


def _by_tab(changes: Changes) -> dict[str, TabChanges]:
    edits: dict[str, list[Edit]] = {}
    structures: dict[str, list[Structure]] = {}
    for edit in changes.edits:
        edits.setdefault(edit.ref.tab, []).append(edit)
    for structure in changes.structures:
        structures.setdefault(structure.tab, []).append(structure)
    keys = {key.tab: key for key in changes.keys}
    return {
        tab: TabChanges(tuple(edits.get(tab, ())), tuple(structures.get(tab, ())), keys.get(tab))
        for tab in {**structures, **edits}
    }


def _patch_one(
    package: Package, seen: Snapshot, key: str, wanted: TabChanges, styles: _Styles | None
) -> TabPatch | str:
    """One tab patched, or the reason why nothing in it can be."""
    entry = next((entry for entry in package.sheets if entry.sheet_id == key and entry.kind == "worksheet"), None)
    tab = next((tab for tab in seen.tabs if tab.key == key), None)
    if entry is None or tab is None:
        return "the tab was not read"
    try:
        xml = as_utf8(package.read(entry.part))
        reason = unspliceable(xml)
        if reason:
            return reason
        body = split(xml)
        draft = _draft(package, entry, tab, body.frame)
        return patch_tab(draft, body, wanted, styles.book if styles else None)
    except Unreadable as why:
        return f"{why.message}; {OPEN_AND_SAVE}"


def _draft(package: Package, entry: SheetEntry, tab: Tab, frame: bytes) -> SheetDraft:
    tables = [relation.target for relation in package.related(entry.part) if relation.kind == "table"]
    return SheetDraft(
        tab=tab,
        frame=frame,
        tables={part: as_utf8(package.read(part)) for part in tables if package.has(part)},
        columns=dict(tab.marks),
        is_named_in_formula=partial(_is_named, package),
    )


def _is_named(package: Package, column: str) -> bool:
    sheets = (sheet for _, sheet in _sheets(package, {}))
    return is_named(column, sheets, as_utf8(package.read(package.workbook_part)))


def _sheets(package: Package, read: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """All worksheets as (tab name, part), as they were: none of our cells holds a formula. `read` are known ones."""
    for entry in package.sheets:
        if entry.kind == "worksheet":
            yield entry.name, read.get(entry.part) or as_utf8(package.read(entry.part))


def _styles(package: Package) -> _Styles | None:
    for relation in package.related(package.workbook_part):
        if relation.kind == "styles" and not relation.external and package.has(relation.target):
            return _Styles(relation.target, StyleBook(as_utf8(package.read(relation.target))))
    return None


def _changed_parts(
    package: Package, changes: Changes, patches: list[TabPatch], styles: _Styles | None
) -> dict[str, Content]:
    """The parts that differ, by name; none when nothing is left to change."""
    parts: dict[str, Content] = {}
    read: dict[str, bytes] = {}
    entries = {entry.sheet_id: entry for entry in package.sheets}
    for done in patches:
        if done.sheet is not None:
            part = entries[done.draft.tab.key].part
            parts[part], read[part] = done.sheet, done.original
        parts |= {part: xml for part, xml in done.draft.tables.items() if xml != as_utf8(package.read(part))}
    if parts and styles and styles.book.is_changed:
        parts[styles.part] = styles.book.patched()
    original = as_utf8(package.read(package.workbook_part))
    workbook = with_names(original, _names(package, patches))
    if parts or workbook != original or changes.remove_stamp or changes.stamp_alone:
        workbook = with_names(workbook, _about_the_plan(changes))
    owned = [cells for done in patches if done.sheet is not None and (cells := owned_cells(done.draft))]
    if needs_calculation(_sheets(package, read), original, owned):
        workbook = calculated_on_load(workbook)
    return parts if workbook == original else parts | {package.workbook_part: workbook}


def _names(package: Package, patches: list[TabPatch]) -> NameChanges:
    places = {entry.sheet_id: place for place, entry in enumerate(package.sheets)}
    put: dict[str, str] = {}
    drop: set[str] = set()
    filters: dict[int, Mapping[Area, Area]] = {}
    for done in patches:
        put |= done.draft.names
        drop |= done.draft.dropped_names
        if done.filters:
            filters[places[done.draft.tab.key]] = done.filters
    return NameChanges(put, drop - put.keys(), filters)


def _about_the_plan(changes: Changes) -> NameChanges:
    """The stamp and the card, which no tab holds."""
    if changes.remove_stamp:
        return NameChanges({}, (STAMP_NAME, *CARD_NAMES), {})
    card = card_formulas(changes.card)
    stamp = {STAMP_NAME: stamp_formula(changes.stamp)} if changes.stamp else {}
    return NameChanges(stamp | card, CARD_NAMES[len(card) :] if card else (), {})
