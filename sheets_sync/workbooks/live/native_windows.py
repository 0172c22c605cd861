"""Excel on Windows, through COM. Source: Microsoft's Excel VBA reference; `.api` is xlwings' COM object.

Nothing here could run where it was written: each call is one a person with Excel can try (README, "verified how").
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from sheets_sync.core.cells import CellTrouble
from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.live.blocks import area_of, as_rows, block_of
from sheets_sync.workbooks.live.native import App, Book, Look, NativeList, NativeRule, Range, Raw, Sheet, excel_is_busy
from sheets_sync.workbooks.live.windows_looks import copy_look
from sheets_sync.workbooks.live.windows_words import in_english, in_local_words, list_separator
from sheets_sync.workbooks.ooxml.grid import area_text
from sheets_sync.workbooks.ooxml.traces import DROP_DOWN_TITLE

_BUSY = frozenset({-2147418111, -2147417846, -2146777998})
"""RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER, VBA_E_IGNORE (0x800AC472: a cell is being edited)."""
_ERRORS = {
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: "#VALUE!",
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: "#N/A",
    -2146826245: "#GETTING_DATA",
    -2146826243: "#SPILL!",
    -2146826242: "#CONNECT!",
    -2146826241: "#BLOCKED!",
    -2146826240: "#UNKNOWN!",
    -2146826239: "#FIELD!",
    -2146826238: "#CALC!",
}
_UNKNOWN_NAME = -2147352570
_ATTEMPTS = 200
_PATIENCE_SECONDS = 3.0
_EXPRESSION, _LIST, _WARNING, _BETWEEN = 2, 3, 2, 1
_SAME_VALIDATION = -4175
_NO_PATTERN = -4142
_QUERY_SOURCES = (2, 3, 4)
"""xlSrcXml, xlSrcQuery, xlSrcModel."""


class WindowsNative:
    """Fulfils native.Native."""

    def is_busy(self, error: Exception) -> bool:
        """Whether Excel takes no orders just now."""
        return type(error).__name__ == "ExcelBusyError" or not _BUSY.isdisjoint(_codes(error))

    def is_refusal(self, error: Exception) -> bool:
        """Whether Excel would not do what was asked."""
        return type(error).__name__ == "com_error" and not self.is_busy(error)

    def make_ready(self, app: App) -> None:
        """Wait until Excel takes orders. xlwings itself would try for ever while a cell is being edited."""
        from xlwings import _xlwindows

        _xlwindows.N_COM_ATTEMPTS = _ATTEMPTS
        until = time.monotonic() + _PATIENCE_SECONDS
        while not self._takes_orders(app):
            if time.monotonic() > until:
                raise excel_is_busy()
            time.sleep(0.1)

    def _takes_orders(self, app: App) -> bool:
        try:
            app.api.Interactive = app.api.Interactive
            return bool(app.api.Ready)
        except Exception as error:
            if self.is_busy(error):
                return False
            raise

    def date1904(self, book: Book) -> bool:
        """Workbook.Date1904."""
        return bool(book.api.Date1904)

    def is_blank(self, block: Range) -> bool:
        """Counts what is not blank."""
        return not block.api.Application.WorksheetFunction.CountA(block.api)

    def values(self, block: Range) -> Sequence[Sequence[Raw]]:
        """Range.Value2: dates as day numbers, all numbers as floats, errors as whole numbers."""
        return [tuple(_raw(value) for value in row) for row in as_rows(block.api.Value2, area_of(block))]

    def write(self, block: Range, values: Sequence[Sequence[str | float | bool]]) -> None:
        """Range.Value2."""
        single = len(values) == 1 and len(values[0]) == 1
        block.api.Value2 = values[0][0] if single else tuple(tuple(row) for row in values)

    def number_format(self, block: Range) -> str | None:
        """Range.NumberFormat, which is in English everywhere."""
        found: str | None = block.api.NumberFormat
        return found

    def bold(self, block: Range) -> bool | None:
        """Font.Bold."""
        return _whether(block.api.Font.Bold)

    def struck(self, block: Range) -> bool | None:
        """Font.Strikethrough."""
        return _whether(block.api.Font.Strikethrough)

    def filled(self, block: Range) -> bool | None:
        """Interior.Pattern."""
        pattern = block.api.Interior.Pattern
        return None if pattern is None else pattern != _NO_PATTERN

    def hidden_rows(self, sheet: Sheet, first: int, last: int) -> Sequence[bool]:
        """EntireRow.Hidden, of halves where rows differ."""
        hidden = _whether(block_of(sheet, Area(first, 1, last, 1)).api.EntireRow.Hidden)
        if hidden is None and first < last:
            middle = (first + last) // 2
            return [*self.hidden_rows(sheet, first, middle), *self.hidden_rows(sheet, middle + 1, last)]
        return [bool(hidden)] * (last - first + 1)

    def merged(self, block: Range) -> bool | None:
        """Range.MergeCells."""
        return _whether(block.api.MergeCells)

    def merge_area(self, cell: Range) -> Area:
        """Range.MergeArea."""
        return _area(cell.api.MergeArea)

    def computed(self, block: Range) -> bool | None:
        """Range.HasArray, and HasSpill where Excel knows spilled formulas."""
        array, spill = _whether(block.api.HasArray), _spills(block)
        if array is True or spill is True:
            return True
        return None if array is None or spill is None else False

    def computed_area(self, cell: Range) -> Area:
        """Range.CurrentArray, or where the formula spills to."""
        return _area(cell.api.SpillParent.SpillingToRange if _spills(cell) else cell.api.CurrentArray)

    def query_areas(self, sheet: Sheet) -> Sequence[Area]:
        """Worksheet.QueryTables holds the queries that are no tables."""
        queries = sheet.api.QueryTables
        return tuple(_area(queries(place).ResultRange) for place in range(1, queries.Count + 1))

    def is_query(self, table: Any) -> bool:  # noqa: ANN401
        """ListObject.SourceType."""
        return table.api.SourceType in _QUERY_SOURCES

    def has_filter(self, table: Any, column: int) -> bool:  # noqa: ANN401
        """ListObject.AutoFilter."""
        own = table.api.AutoFilter
        return own is not None and bool(own.Filters(column).On)

    def filter_area(self, sheet: Sheet) -> Area | None:
        """Worksheet.AutoFilter; AutoFilterMode tells it from a table's."""
        return _area(sheet.api.AutoFilter.Range) if sheet.api.AutoFilterMode else None

    def filters_by(self, sheet: Sheet, column: int) -> bool:
        """Filter.On."""
        area = self.filter_area(sheet)
        if area is None or not area.left <= column <= area.right:
            return False
        return bool(sheet.api.AutoFilter.Filters(column - area.left + 1).On)

    def any_filter_on(self, sheet: Sheet) -> bool:
        """AutoFilter.FilterMode."""
        return bool(sheet.api.AutoFilterMode and sheet.api.AutoFilter.FilterMode)

    def set_filter(self, sheet: Sheet, area: Area) -> None:
        """Taken away and put on the new area."""
        sheet.api.AutoFilterMode = False
        block_of(sheet, area).api.AutoFilter()

    def is_protected(self, sheet: Sheet) -> bool:
        """ProtectContents, unless programs may write all the same."""
        return bool(sheet.api.ProtectContents) and not sheet.api.ProtectionMode

    def put_name(self, book: Book, name: str, refers_to: str) -> None:
        """Names.Add replaces a name of the same text."""
        book.api.Names.Add(Name=name, RefersTo=refers_to, Visible=False)

    def rules(self, sheet: Sheet) -> Sequence[NativeRule]:
        """Worksheet.Cells.FormatConditions, in order of priority."""
        return tuple(self._rules(sheet))

    def _rules(self, sheet: Sheet) -> Iterator[NativeRule]:
        conditions = sheet.api.Cells.FormatConditions
        for place in range(1, conditions.Count + 1):
            condition = conditions(place)
            if condition.Type == _EXPRESSION:
                formula = str(condition.Formula1).removeprefix("=")
                if DROP_DOWN_TITLE in formula:
                    formula = in_english(sheet, formula)
                yield NativeRule(condition, formula, _areas(condition.AppliesTo))

    def add_rule(self, sheet: Sheet, areas: Sequence[Area], formula: str, look: Look) -> None:
        """FormatConditions.Add wants the formula in the program's own language."""
        cells = sheet.api.Range(",".join(map(area_text, areas)))
        condition = cells.FormatConditions.Add(Type=_EXPRESSION, Formula1="=" + in_local_words(sheet, formula))
        condition.StopIfTrue = False
        condition.Interior.Color = _colour(look.fill)
        condition.Font.Color = _colour(look.font)
        condition.SetLastPriority()

    def delete_rule(self, sheet: Sheet, rule: NativeRule) -> None:
        """FormatCondition.Delete."""
        rule.handle.Delete()

    def list_at(self, sheet: Sheet, row: int, column: int) -> NativeList | None:
        """Range.Validation; asking for the type of none is an error."""
        cell = sheet.range((row, column))
        validation = cell.api.Validation
        try:
            kind = validation.Type
        except Exception as error:
            if self.is_refusal(error):
                return None
            raise
        if kind != _LIST:
            return None
        title = str(validation.ErrorTitle or "")
        if title != DROP_DOWN_TITLE:
            return NativeList(title, (), ())
        values = str(validation.Formula1).split(list_separator(sheet))
        return NativeList(title, tuple(value.strip() for value in values), self._alike(cell))

    def _alike(self, cell: Range) -> tuple[Area, ...]:
        return _areas(cell.api.SpecialCells(_SAME_VALIDATION))

    def is_validated(self, block: Range) -> bool:
        """xlwings asks for a rule of these cells, and for cells with one where they differ."""
        return bool(block.data_validation.type != "none")

    def add_list(self, block: Range, values: Sequence[str], title: str) -> None:
        """Validation.Add wants the list in the program's own separator."""
        validation = block.api.Validation
        listed = list_separator(block.sheet).join(values)
        validation.Add(Type=_LIST, AlertStyle=_WARNING, Operator=_BETWEEN, Formula1=listed)
        validation.IgnoreBlank = True
        validation.InCellDropdown = True
        validation.ErrorTitle = title
        validation.ShowInput = False
        validation.ShowError = True

    def delete_list(self, block: Range) -> None:
        """Validation.Delete."""
        block.api.Validation.Delete()

    def copy_look(self, source: Range, target: Range) -> None:
        """Trait by trait: pasting formats would take the person's clipboard."""
        copy_look(source.api, target.api)

    def standard_width(self, sheet: Sheet) -> float:
        """Worksheet.StandardWidth."""
        return float(sheet.api.StandardWidth)


def _raw(value: Any) -> Raw:  # noqa: ANN401 (what COM hands over)
    return CellTrouble(_ERRORS.get(value, "#VALUE!")) if value.__class__ is int else value


def _whether(answer: Any) -> bool | None:  # noqa: ANN401
    return None if answer is None else bool(answer)


def _spills(block: Range) -> bool | None:
    """Older programs do not know the question."""
    try:
        return _whether(block.api.HasSpill)
    except Exception as error:
        if isinstance(error, AttributeError) or _UNKNOWN_NAME in _codes(error):
            return False
        raise


def _area(cells: Any) -> Area:  # noqa: ANN401
    row, column = cells.Row, cells.Column
    return Area(row, column, row + cells.Rows.Count - 1, column + cells.Columns.Count - 1)


def _areas(cells: Any) -> tuple[Area, ...]:  # noqa: ANN401
    return tuple(_area(cells.Areas(place)) for place in range(1, cells.Areas.Count + 1))


def _colour(rgb: tuple[int, int, int]) -> int:
    red, green, blue = rgb
    return red | green << 8 | blue << 16


def _codes(error: Exception) -> set[object]:
    """The codes of a COM error: its own, and the one Excel added."""
    added = getattr(error, "excepinfo", None)
    return {getattr(error, "hresult", None), added[5] if added and len(added) > 5 else None}
