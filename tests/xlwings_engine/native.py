"""What Excel's object model does beyond xlwings' front end, done in openpyxl."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl.formatting.formatting import ConditionalFormatting, ConditionalFormattingList
from openpyxl.formatting.rule import FormulaRule
from openpyxl.formula.translate import Translator
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from sheets_sync.core.cells import CellTrouble
from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.live.native import Look, NativeList, NativeRule, excel_is_busy
from xlwings_engine.cell_content import Error
from xlwings_engine.names import _as_excel_spells
from xlwings_engine.troubles import ExcelBusyError, ExcelRefusedError


class OpenpyxlNative:
    """Fulfils sheets_sync.workbooks.live.native.Native."""

    def is_busy(self, error: Exception) -> bool:
        return isinstance(error, ExcelBusyError)

    def is_refusal(self, error: Exception) -> bool:
        return isinstance(error, ExcelRefusedError)

    def make_ready(self, app: Any) -> None:
        if app.impl.editing:
            raise excel_is_busy()

    def date1904(self, book: Any) -> bool:
        return book.impl.workbook.epoch == CALENDAR_MAC_1904

    def is_blank(self, block: Any) -> bool:
        return all(cell.value is None for cell in block.impl.existing())

    def values(self, block: Any) -> Sequence[Sequence[Any]]:
        rows = block.impl.values()
        return [tuple(CellTrouble(str(value)) if isinstance(value, Error) else value for value in row) for row in rows]

    def write(self, block: Any, values: Sequence[Sequence[Any]]) -> None:
        block.impl.write(values)

    def number_format(self, block: Any) -> str | None:
        return block.impl.number_format

    def bold(self, block: Any) -> bool | None:
        return self._common(block, lambda cell: bool(cell.font.b))

    def struck(self, block: Any) -> bool | None:
        return self._common(block, lambda cell: bool(cell.font.strike))

    def filled(self, block: Any) -> bool | None:
        return self._common(block, lambda cell: cell.fill.tagname != "patternFill" or bool(cell.fill.fill_type))

    def _common(self, block: Any, one: Callable[[Any], bool]) -> bool | None:
        block.impl.count("looks")
        return block.impl.common(one, False)

    def hidden_rows(self, sheet: Any, first: int, last: int) -> Sequence[bool]:
        known = sheet.impl.worksheet.row_dimensions
        return [row in known and bool(known[row].hidden) for row in range(first, last + 1)]

    def merged(self, block: Any) -> bool | None:
        block.impl.count("looks")
        area = _area(block)
        inside = [_shared(area, Area(m.min_row, m.min_col, m.max_row, m.max_col)) for m in _merges(block)]
        return _all_some_none(area, [part for part in inside if part is not None])

    def merge_area(self, cell: Any) -> Area:
        place = cell.impl.first
        merge = next(m for m in _merges(cell) if Area(m.min_row, m.min_col, m.max_row, m.max_col).holds(*place))
        return Area(merge.min_row, merge.min_col, merge.max_row, merge.max_col)

    def computed(self, block: Any) -> bool | None:
        block.impl.count("looks")
        area = _area(block)
        inside = [_shared(area, known) for known in _arrays(block.impl.sheet)]
        return _all_some_none(area, [part for part in inside if part is not None])

    def computed_area(self, cell: Any) -> Area:
        return next(area for area in _arrays(cell.impl.sheet) if area.holds(*cell.impl.first))

    def query_areas(self, sheet: Any) -> Sequence[Area]:
        return ()

    def is_query(self, table: Any) -> bool:
        known = table.impl.table
        return known.tableType in ("queryTable", "xml") or bool(known.connectionId)

    def has_filter(self, table: Any, column: int) -> bool:
        own = table.impl.table.autoFilter
        return own is not None and any(one.colId == column - 1 and _is_on(one) for one in own.filterColumn)

    def filter_area(self, sheet: Any) -> Area | None:
        ref = sheet.impl.worksheet.auto_filter.ref
        return _area_of(ref) if ref else None

    def filters_by(self, sheet: Any, column: int) -> bool:
        area, own = self.filter_area(sheet), sheet.impl.worksheet.auto_filter
        return area is not None and any(one.colId == column - area.left and _is_on(one) for one in own.filterColumn)

    def any_filter_on(self, sheet: Any) -> bool:
        return any(_is_on(one) for one in sheet.impl.worksheet.auto_filter.filterColumn)

    def set_filter(self, sheet: Any, area: Area) -> None:
        sheet.impl.worksheet.auto_filter.ref = _text(area)

    def is_protected(self, sheet: Any) -> bool:
        return bool(sheet.impl.worksheet.protection.sheet)

    def put_name(self, book: Any, name: str, refers_to: str) -> None:
        names = book.impl.workbook.defined_names
        for known in [known for known in names if known.lower() == name.lower()]:
            del names[known]
        names[name] = DefinedName(name, attr_text=_as_excel_spells(refers_to), hidden=True)

    def rules(self, sheet: Any) -> Sequence[NativeRule]:
        found = []
        for block in sheet.impl.worksheet.conditional_formatting:
            areas = tuple(_area_of(part) for part in str(block.sqref).split())
            for rule in block.rules:
                if rule.type == "expression" and rule.formula:
                    formula = _seen_from(rule.formula[0], (areas[0].top, areas[0].left), _active(sheet))
                    found.append((rule.priority, NativeRule(rule, formula, areas)))
        return tuple(rule for _, rule in sorted(found, key=lambda pair: pair[0]))

    def add_rule(self, sheet: Any, areas: Sequence[Area], formula: str, look: Look) -> None:
        self._refuse_if_closed(sheet)
        listed = sheet.impl.worksheet.conditional_formatting
        formula = _seen_from(formula, _active(sheet), (areas[0].top, areas[0].left))
        fill = PatternFill(bgColor="FF{:02X}{:02X}{:02X}".format(*look.fill))
        rule = FormulaRule([formula], fill=fill, font=Font(color="FF{:02X}{:02X}{:02X}".format(*look.font)))
        last = max((one.priority for block in listed for one in block.rules), default=0)
        listed.add(" ".join(map(_text, areas)), rule)
        rule.priority = last + 1

    def delete_rule(self, sheet: Any, rule: NativeRule) -> None:
        self._refuse_if_closed(sheet)
        kept = ConditionalFormattingList()
        for block in sheet.impl.worksheet.conditional_formatting:
            rules = [one for one in block.rules if one is not rule.handle]
            if rules:
                kept._cf_rules[ConditionalFormatting(block.sqref)] = rules
        sheet.impl.worksheet.conditional_formatting = kept

    def list_at(self, sheet: Any, row: int, column: int) -> NativeList | None:
        for known in sheet.impl.worksheet.data_validations.dataValidation:
            areas = tuple(_area_of(str(part)) for part in known.sqref.ranges)
            if known.type == "list" and any(area.holds(row, column) for area in areas):
                return NativeList(known.errorTitle or "", _listed(known.formula1 or ""), areas)
        return None

    def is_validated(self, block: Any) -> bool:
        area = _area(block)
        return any(
            _shared(area, _area_of(str(part)))
            for known in block.impl.sheet.worksheet.data_validations.dataValidation
            for part in known.sqref.ranges
        )

    def add_list(self, block: Any, values: Sequence[str], title: str) -> None:
        self._refuse_if_closed(block.sheet)
        known = DataValidation(
            type="list", formula1='"' + ",".join(values).replace('"', '""') + '"', allow_blank=True,
            errorStyle="warning", showErrorMessage=True, errorTitle=title,
        )  # fmt: skip
        known.add(_text(_area(block)))
        block.impl.sheet.worksheet.add_data_validation(known)

    def delete_list(self, block: Any) -> None:
        self._refuse_if_closed(block.sheet)
        listed, area = block.impl.sheet.worksheet.data_validations, _area(block)
        for known in list(listed.dataValidation):
            left = [part for part in known.sqref.ranges if _area_of(str(part)) != area]
            known.sqref.ranges = set(left)
            if not left:
                listed.dataValidation.remove(known)

    def copy_look(self, source: Any, target: Any) -> None:
        target.impl.look_like(source.impl)

    def standard_width(self, sheet: Any) -> float:
        return sheet.impl.worksheet.sheet_format.baseColWidth

    def _refuse_if_closed(self, sheet: Any) -> None:
        sheet.impl.range((1, 1)).refuse_if_closed()


def _is_on(column: Any) -> bool:
    kinds = (column.filters, column.customFilters, column.dynamicFilter, column.top10, column.colorFilter)
    return any(kind is not None for kind in kinds)


def _merges(block: Any) -> Any:
    return block.impl.sheet.worksheet.merged_cells.ranges


def _arrays(sheet: Any) -> list[Area]:
    return [area for area, _ in sheet.arrays()]


def _area(block: Any) -> Area:
    return Area(*block.impl.first, *block.impl.last)


def _area_of(ref: str) -> Area:
    left, top, right, bottom = range_boundaries(ref)
    return Area(top or 1, left or 1, bottom or 1_048_576, right or 16_384)


def _text(area: Area) -> str:
    first = f"{get_column_letter(area.left)}{area.top}"
    last = f"{get_column_letter(area.right)}{area.bottom}"
    return first if first == last else f"{first}:{last}"


def _shared(one: Area, other: Area) -> Area | None:
    part = Area(max(one.top, other.top), max(one.left, other.left), min(one.bottom, other.bottom),
                min(one.right, other.right))  # fmt: skip
    return part if part.top <= part.bottom and part.left <= part.right else None


def _all_some_none(area: Area, inside: Sequence[Area]) -> bool | None:
    if not inside:
        return False
    cells = sum((part.bottom - part.top + 1) * (part.right - part.left + 1) for part in inside)
    return True if cells == (area.bottom - area.top + 1) * (area.right - area.left + 1) else None


def _active(sheet: Any) -> tuple[int, int]:
    """The active cell, which is the one on the active sheet."""
    return sheet.impl.book.sheets.active.selection[0]


def _seen_from(formula: str, origin: tuple[int, int], place: tuple[int, int]) -> str:
    """A formula written for one cell as it reads for another one."""

    def address(at: tuple[int, int]) -> str:
        return f"{get_column_letter(at[1])}{at[0]}"

    return Translator("=" + formula, address(origin)).translate_formula(address(place))[1:]


def _listed(formula: str) -> tuple[str, ...]:
    constant = re.fullmatch(r'"((?:[^"]|"")*)"', formula)
    return tuple(part.strip() for part in constant[1].replace('""', '"').split(",")) if constant else ()
