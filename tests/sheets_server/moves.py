"""Inserting, deleting and moving rows or columns of a book, with everything that follows them."""

from .a1 import quoted
from .book import Book
from .errors import Json
from .formulas import NO_REFERENCE, Corner, Reference, copied, rewritten
from .grid import Cell, Formula, Sheet
from .spans import ROWS, Shift, index_after, range_after, ranges_after, spans_after


def shift_lines(book: Book, sheet: Sheet, dimension: str, shift: Shift, *, like: int | None = None) -> None:
    """Insert, delete or move lines of a tab; ranges, rules, formulas and metadata follow."""
    sheet.shift(dimension, shift, like=like)
    sheet.merges = [
        area
        for area in (range_after(shift, dimension, one) for one in sheet.merges)
        if area and _is_several_cells(area)
    ]
    sheet.rules = [rule for rule in (_rule_after(sheet, shift, dimension, one) for one in sheet.rules) if rule]
    sheet.bands = [one for one in (_with_range_after(shift, dimension, one) for one in sheet.bands) if one]
    sheet.filter_views = [
        one for one in (_with_range_after(shift, dimension, one) for one in sheet.filter_views) if one
    ]
    sheet.tables = [one for one in (_with_range_after(shift, dimension, one) for one in sheet.tables) if one]
    if sheet.filter:
        sheet.filter = _with_range_after(shift, dimension, sheet.filter)
    book.named_ranges = _followed(book.named_ranges, sheet.id, dimension, shift)
    book.protections = _followed(book.protections, sheet.id, dimension, shift)
    _shift_groups(sheet, dimension, shift)
    _shift_formulas(book, sheet, dimension, shift)
    book.drop_orphans()


def _is_several_cells(area: Json) -> bool:
    height = area["endRowIndex"] - area["startRowIndex"]
    return height > 1 or area["endColumnIndex"] - area["startColumnIndex"] > 1


def _rule_after(sheet: Sheet, shift: Shift, dimension: str, rule: Json) -> Json | None:
    areas = [after for area in rule["ranges"] for after in ranges_after(shift, dimension, area)]
    if not areas:
        return None
    boolean = rule.get("booleanRule", {})
    if boolean.get("condition", {}).get("type") != "CUSTOM_FORMULA":
        return rule | {"ranges": areas}
    condition = boolean["condition"]
    values = [
        value
        | {"userEnteredValue": _formula_after(Formula(value["userEnteredValue"]), sheet, sheet, dimension, shift).text}
        for value in condition["values"]
    ]
    return rule | {"ranges": areas, "booleanRule": boolean | {"condition": condition | {"values": values}}}


def _with_range_after(shift: Shift, dimension: str, one: Json) -> Json | None:
    area = range_after(shift, dimension, one["range"])
    return one | {"range": area} if area else None


def _followed(known: list[Json], sheet_id: int, dimension: str, shift: Shift) -> list[Json]:
    kept: list[Json | None] = []
    for one in known:
        here = one.get("range", {}).get("sheetId", 0) == sheet_id
        kept.append(_with_range_after(shift, dimension, one) if here and "range" in one else one)
    return [one for one in kept if one]


def _shift_groups(sheet: Sheet, dimension: str, shift: Shift) -> None:
    name = "row_groups" if dimension == ROWS else "column_groups"
    groups: list[Json] = []
    for group in getattr(sheet, name):
        span = group["range"]
        for start, end in spans_after(shift, span.get("startIndex", 0), span["endIndex"])[:1]:
            groups.append(group | {"range": span | {"startIndex": start, "endIndex": end}})
    setattr(sheet, name, groups)


def _shift_formulas(book: Book, moved: Sheet, dimension: str, shift: Shift) -> None:
    for sheet in book.sheets:
        for row in sheet.rows:
            for key, cell in row.cells.items():
                if isinstance(cell.value, Formula):
                    row.cells[key] = cell._replace(value=_formula_after(cell.value, sheet, moved, dimension, shift))


def _formula_after(formula: Formula, home: Sheet, moved: Sheet, dimension: str, shift: Shift) -> Formula:
    def change(reference: Reference) -> str:
        title = reference.tab[:-1].strip("'").replace("''", "'") if reference.tab else home.title
        if title.casefold() != moved.title.casefold():
            return str(reference)
        return _reference_after(reference, dimension, shift)

    return Formula(rewritten(formula.text, change))


def _reference_after(reference: Reference, dimension: str, shift: Shift) -> str:
    by_row = dimension == ROWS

    def placed(end: Corner, index: int) -> Corner:
        return end._replace(row=index) if by_row else end._replace(column=index)

    first = reference.first.row if by_row else reference.first.column
    if reference.last is None:
        after = index_after(shift, first)
        return NO_REFERENCE if after is None else str(reference._replace(first=placed(reference.first, after)))
    last = reference.last.row if by_row else reference.last.column
    spans = spans_after(shift, min(first, last), max(first, last) + 1)
    if not spans:
        return NO_REFERENCE
    low, high = min(start for start, _ in spans), max(end for _, end in spans) - 1
    return str(reference._replace(first=placed(reference.first, low), last=placed(reference.last, high)))


def retitle(book: Book, sheet: Sheet, title: str) -> None:
    """Rename a tab; formulas that name it follow."""
    before = sheet.title.casefold()

    def change(reference: Reference) -> str:
        if reference.tab and reference.tab[:-1].strip("'").replace("''", "'").casefold() == before:
            return str(reference._replace(tab=quoted(title) + "!"))
        return str(reference)

    for one in book.sheets:
        for row in one.rows:
            for key, cell in row.cells.items():
                if isinstance(cell.value, Formula):
                    row.cells[key] = cell._replace(value=Formula(rewritten(cell.value.text, change)))
    sheet.title = title


def moved_copy(cell: Cell, rows: int, columns: int) -> Cell:
    """A cell as a copy of it so many rows down and columns right."""
    if isinstance(cell.value, Formula):
        return cell._replace(value=Formula(copied(cell.value.text, rows, columns)))
    return cell
