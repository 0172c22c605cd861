"""Excel on macOS, through Apple events. Source: Excel's own dictionary as xlwings carries it; `.api` is appscript's.

Nothing here could run where it was written: each call is one a person with Excel can try (README, "verified how").
"""

import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from sheets_sync.core.cells import CellTrouble
from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.live.blocks import area_of, as_rows
from sheets_sync.workbooks.live.native import App, Book, Look, NativeList, NativeRule, Range, Raw, Sheet, excel_is_busy
from sheets_sync.workbooks.ooxml.grid import area_text, parse_area
from sheets_sync.workbooks.ooxml.traces import DROP_DOWN_TITLE

_BUSY = frozenset({-1712, -609, -10006})
"""No answer in time, connection lost, not to be set now."""
_ERRORS = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!")
)
_PATIENCE_SECONDS = 3.0


class MacNative:
    """Fulfils native.Native."""

    def is_busy(self, error: Exception) -> bool:
        """Whether Excel takes no orders just now."""
        return type(error).__name__ == "CommandError" and getattr(error, "errornumber", None) in _BUSY

    def is_refusal(self, error: Exception) -> bool:
        """Whether Excel would not do what was asked."""
        return type(error).__name__ == "CommandError" and not self.is_busy(error)

    def make_ready(self, app: App) -> None:
        """Try to set what is set already, which Excel refuses while a cell is being edited."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                app.screen_updating = app.screen_updating
            except Exception as error:
                if not (self.is_busy(error) or self.is_refusal(error)):
                    raise
                if time.monotonic() > until:
                    raise excel_is_busy() from None
                time.sleep(0.1)
            else:
                return

    def date1904(self, book: Book) -> bool:
        """Workbook: date 1904."""
        return bool(book.api.date_1904.get())

    def is_blank(self, block: Range) -> bool:
        """There is no counting in one event: a few cells are looked at."""
        return all(value in (None, "") for row in self.values(block) for value in row)

    def values(self, block: Range) -> Sequence[Sequence[Raw]]:
        """Range: value2 has day numbers for dates, string value tells the errors."""
        area = area_of(block)
        values = as_rows(block.api.value2.get(), area)
        shown = as_rows(block.api.string_value.get(), area)
        return [tuple(map(_raw, row, texts)) for row, texts in zip(values, shown, strict=True)]

    def write(self, block: Range, values: Sequence[Sequence[str | float | bool]]) -> None:
        """Range: value."""
        single = len(values) == 1 and len(values[0]) == 1
        block.api.value.set(values[0][0] if single else [list(row) for row in values])

    def number_format(self, block: Range) -> str | None:
        """Range: number format."""
        found: str | None = block.number_format
        return found

    def bold(self, block: Range) -> bool | None:
        """Font: bold."""
        return _whether(block.api.font_object.bold.get())

    def struck(self, block: Range) -> bool | None:
        """Font: strikethrough."""
        return _whether(block.api.font_object.strikethrough.get())

    def filled(self, block: Range) -> bool | None:
        """Interior: pattern."""
        pattern = block.api.interior_object.pattern.get()
        return None if _is_missing(pattern) else not str(pattern).endswith("pattern_none")

    def hidden_rows(self, sheet: Sheet, first: int, last: int) -> Sequence[bool]:
        """All rows in one event."""
        hidden = sheet.range((first, 1), (last, 1)).api.entire_row.rows.hidden.get()
        return [bool(one) for one in hidden] if isinstance(hidden, list) else [hidden is True] * (last - first + 1)

    def merged(self, block: Range) -> bool | None:
        """Range: merge cells."""
        return _whether(block.api.merge_cells.get())

    def merge_area(self, cell: Range) -> Area:
        """Range: merge area."""
        return parse_area(cell.api.merge_area.get_address())

    def computed(self, block: Range) -> bool | None:
        """Range: has array. Spilled formulas are not in the dictionary."""
        return _whether(block.api.has_array.get())

    def computed_area(self, cell: Range) -> Area:
        """Range: current array."""
        return parse_area(cell.api.current_array.get_address())

    def query_areas(self, sheet: Sheet) -> Sequence[Area]:
        """Sheet: query tables."""
        found = sheet.api.query_tables.get()
        queries = found if isinstance(found, list) else []
        return tuple(parse_area(query.result_range.get_address()) for query in queries)

    def is_query(self, table: Any) -> bool:  # noqa: ANN401
        """List object: source type."""
        return str(table.api.source_type.get()).endswith(("src_query", "src_xml"))

    def has_filter(self, table: Any, column: int) -> bool:  # noqa: ANN401
        """List object: autofilter object."""
        return bool(table.show_autofilter) and bool(table.api.autofilter_object.filters[column].filter_on.get())

    def filter_area(self, sheet: Sheet) -> Area | None:
        """Sheet: autofilter object."""
        if not sheet.api.autofilter_mode.get():
            return None
        return parse_area(sheet.api.autofilter_object.range_object.get_address())

    def filters_by(self, sheet: Sheet, column: int) -> bool:
        """Filter: filter on."""
        area = self.filter_area(sheet)
        if area is None or not area.left <= column <= area.right:
            return False
        return bool(sheet.api.autofilter_object.filters[column - area.left + 1].filter_on.get())

    def any_filter_on(self, sheet: Sheet) -> bool:
        """Sheet: filter mode."""
        return bool(sheet.api.autofilter_mode.get() and sheet.api.filter_mode.get())

    def set_filter(self, sheet: Sheet, area: Area) -> None:
        """Taken away and put on the new area."""
        sheet.api.autofilter_mode.set(False)
        sheet.range((area.top, area.left), (area.bottom, area.right)).api.autofilter_range(field=1)

    def is_protected(self, sheet: Sheet) -> bool:
        """Sheet: protect contents."""
        return bool(sheet.api.protect_contents.get())

    def put_name(self, book: Book, name: str, refers_to: str) -> None:
        """Named item: visible."""
        if name in book.names:
            book.names[name].refers_to = refers_to
        else:
            book.names.add(name, refers_to)
        book.names[name].api.visible.set(False)

    def rules(self, sheet: Sheet) -> Sequence[NativeRule]:
        """The format conditions of the used cells."""
        return tuple(self._rules(sheet))

    def _rules(self, sheet: Sheet) -> Iterator[NativeRule]:
        for rule in sheet.used_range.conditional_formats:
            if rule.type == "custom":
                address = str(rule.api.applies_to.get_address())
                areas = tuple(parse_area(part.strip()) for part in address.split(","))
                yield NativeRule(rule, str(rule.formula).removeprefix("="), areas)

    def add_rule(self, sheet: Sheet, areas: Sequence[Area], formula: str, look: Look) -> None:
        """xlwings puts a new rule first; ours goes behind all others."""
        cells = sheet.range(",".join(map(area_text, areas)))
        rule = cells.conditional_formats.add_custom(
            "=" + formula, fill_color=look.fill, font_color=look.font, stop_if_true=False
        )
        rule.api.set_last_priority()

    def delete_rule(self, sheet: Sheet, rule: NativeRule) -> None:
        """Format condition: delete."""
        rule.handle.delete()

    def list_at(self, sheet: Sheet, row: int, column: int) -> NativeList | None:
        """Validation, through xlwings; the cells alike are taken to reach from the first to the last of the column."""
        cell = sheet.range((row, column))
        validation = cell.data_validation
        if validation.type != "list":
            return None
        title = str(validation.error_title or "")
        if title != DROP_DOWN_TITLE:
            return NativeList(title, (), ())
        values = tuple(value.strip() for value in str(validation.source or "").split(self._separator(sheet)))
        alike = str(cell.api.special_cells(type=_keywords().cell_type_same_validation).get_address())
        return NativeList(title, values, tuple(parse_area(part.strip()) for part in alike.split(",")))

    def is_validated(self, block: Range) -> bool:
        """Through xlwings."""
        return bool(block.data_validation.type != "none")

    def add_list(self, block: Range, values: Sequence[str], title: str) -> None:
        """Validation: add data validation."""
        check = block.api.validation
        listed = self._separator(block.sheet).join(values)
        check.add_data_validation(
            type=_keywords().validate_list, alert_style=_keywords().valid_alert_warning, formula1=listed
        )
        check.ignore_blank.set(True)
        check.in_cell_dropdown.set(True)
        check.error_title.set(title)
        check.show_input.set(False)
        check.show_error.set(True)

    def delete_list(self, block: Range) -> None:
        """Validation: delete."""
        block.data_validation.delete()

    def copy_look(self, source: Range, target: Range) -> None:
        """What xlwings offers: pasting formats would take the person's clipboard."""
        target.number_format = source.number_format
        for trait in ("name", "size", "bold", "italic", "color"):
            if (value := getattr(source.font, trait)) is not None:
                setattr(target.font, trait, value)
        if source.color is not None:
            target.color = source.color

    def standard_width(self, sheet: Sheet) -> float:
        """Sheet: standard width."""
        return float(sheet.api.standard_width.get())

    def _separator(self, sheet: Sheet) -> str:
        return str(sheet.book.app.api.get_international(data_type=_keywords().list_separator))


def _raw(value: Any, shown: str) -> Raw:  # noqa: ANN401 (what appscript hands over)
    if isinstance(value, bool):
        return value
    if shown in _ERRORS and shown != value:
        return CellTrouble(shown)
    if isinstance(value, int | float):
        return float(value)
    return value if isinstance(value, str) else None


def _keywords() -> Any:  # noqa: ANN401
    """Excel's words as appscript knows them; it comes with xlwings on macOS only."""
    return import_module("appscript").k


def _is_missing(answer: object) -> bool:
    return answer is None or str(answer).endswith("missing_value")


def _whether(answer: object) -> bool | None:
    return None if _is_missing(answer) else bool(answer)
