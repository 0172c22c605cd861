"""The Spreadsheet message: properties, tabs, rules, protections, and cells where asked for."""

from collections.abc import Sequence

from . import metadata
from .book import Anchor, Block, Book
from .cell_reply import grid_data
from .defaults import DEFAULT_FORMAT, THEME
from .errors import Json
from .grid import Line, Sheet
from .masks import Mask, cut, wants
from .results import Results


def sheet_properties(book: Book, sheet: Sheet) -> Json:
    """A SheetProperties."""
    grid = {"rowCount": len(sheet.rows), "columnCount": len(sheet.columns)} | sheet.grid_properties
    index = next(at for at, one in enumerate(book.sheets) if one is sheet)
    told = {"sheetId": sheet.id, "title": sheet.title, "index": index, "sheetType": "GRID", "gridProperties": grid}
    return told | sheet.properties


def spreadsheet(
    results: Results,
    *,
    blocks: Sequence[Block] | None,
    mask: Mask | None,
    with_cells: bool,
    project: str,
    account: str,
) -> Json:
    """The whole message. `blocks` None = everything; else only the tabs they are on. A mask overrules `with_cells`."""
    book = results.book
    shared = _by_anchor(book, project)
    told: Json = {
        "spreadsheetId": book.id,
        "properties": {
            "title": book.title,
            "locale": book.locale,
            "autoRecalc": book.auto_recalc,
            "timeZone": book.time_zone,
            "defaultFormat": DEFAULT_FORMAT,
            "spreadsheetTheme": THEME,
        },
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{book.id}/edit",
    }
    if book.named_ranges:
        told["namedRanges"] = book.named_ranges
    if shared.get(Anchor()):
        told["developerMetadata"] = shared[Anchor()]
    told = cut(told, mask) if mask else told
    if wants(mask, "sheets"):
        inner = None if mask is None or "*" in mask else mask.get("sheets") or None
        with_cells = with_cells if mask is None else wants(inner, "data")
        told["sheets"] = _sheets(results, blocks, inner, shared, account, with_cells=with_cells)
    return told


def _sheets(
    results: Results,
    blocks: Sequence[Block] | None,
    mask: Mask | None,
    shared: dict[Anchor, list[Json]],
    account: str,
    *,
    with_cells: bool,
) -> list[Json]:
    told = []
    for sheet in results.book.sheets:
        wanted = None if blocks is None else [block for block in blocks if block.sheet is sheet]
        if wanted is not None and not wanted:
            continue
        facts = _sheet(results.book, sheet, shared, account)
        one = cut(facts, mask) if mask else facts
        if with_cells:
            whole = [Block(sheet, 0, 0, len(sheet.rows), len(sheet.columns))]
            inner = None if mask is None or "*" in mask else mask.get("data") or None

            def lines(dimension: str, line: Line, tab: int = sheet.id) -> list[Json]:
                return shared.get(Anchor(tab, dimension, line.key), []) if shared else []

            one["data"] = [grid_data(results, block, inner, lines) for block in wanted or whole]
        told.append(one)
    return told


def _sheet(book: Book, sheet: Sheet, shared: dict[Anchor, list[Json]], account: str) -> Json:
    protections = [
        protection_told(book, one, account) for one in book.protections if one["range"].get("sheetId", 0) == sheet.id
    ]
    facts = {
        "merges": sheet.merges,
        "conditionalFormats": sheet.rules,
        "filterViews": sheet.filter_views,
        "protectedRanges": protections,
        "basicFilter": sheet.filter,
        "bandedRanges": sheet.bands,
        "developerMetadata": shared.get(Anchor(sheet.id)),
        "rowGroups": sheet.row_groups,
        "columnGroups": sheet.column_groups,
        "tables": sheet.tables,
    }
    return {"properties": sheet_properties(book, sheet)} | {name: fact for name, fact in facts.items() if fact}


def protection_told(book: Book, protection: Json, account: str) -> Json:
    """A ProtectedRange as the caller sees it."""
    told = {name: value for name, value in protection.items() if name != "editors"}
    may_edit = protection.get("warningOnly", False) or may_edit_protected(protection, account)
    if may_edit:
        told["requestingUserCanEdit"] = True
        told["editors"] = protection.get("editors") or {"users": [account]}
    return told


def may_edit_protected(protection: Json, account: str) -> bool:
    """Whether an account is among the editors of a protection."""
    editors = protection.get("editors", {})
    return account in editors.get("users", ()) or bool(editors.get("domainUsersCanEdit"))


def _by_anchor(book: Book, project: str) -> dict[Anchor, list[Json]]:
    found: dict[Anchor, list[Json]] = {}
    for one in metadata.visible(book, project):
        found.setdefault(one.anchor, []).append(metadata.told(book, one))
    return found
