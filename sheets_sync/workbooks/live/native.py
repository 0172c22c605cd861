"""What Excel's object model can do beyond xlwings' common front end: one protocol, an implementation per platform.

Everything here is a single question to the program, or a single order; what is asked when is decided elsewhere.
"""

import sys
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from sheets_sync.core.cells import CellTrouble
from sheets_sync.core.snapshot import Area
from sheets_sync.errors import WorkbookBusy, WorkbookError

Raw = str | float | bool | CellTrouble | None
"""What a cell holds or shows: dates are day numbers, errors CellTrouble, blank cells None."""
Range = Any
Sheet = Any
Book = Any
App = Any
Handle = Any
"""xlwings' objects; they have no types that would tell more. A handle is a rule in the program's own terms."""

EDITING = "Excel is busy: a cell is being edited, or a window waits for an answer"


def excel_is_busy() -> WorkbookBusy:
    """The error to raise while Excel takes no orders."""
    return WorkbookBusy(EDITING, "press Enter or Esc in Excel, close the window, and press the button again")


class NativeRule(NamedTuple):
    """One conditional format that is a formula. `formula` stands without "=", in English, its relative references as
    seen from the active cell."""

    handle: Handle
    formula: str
    areas: tuple[Area, ...]


class NativeList(NamedTuple):
    """The validation list that a cell has: its warning's title, its values, all cells that have the same one."""

    title: str
    values: tuple[str, ...]
    areas: tuple[Area, ...]


class Look(NamedTuple):
    """A highlight's colours, as red, green, blue."""

    fill: tuple[int, int, int]
    font: tuple[int, int, int]


class Native(Protocol):
    """One platform's ways. Methods raise what the platform raises; `is_busy` and `is_refusal` tell what it means."""

    def is_busy(self, error: Exception) -> bool:
        """Whether Excel raised this because it takes no orders just now."""

    def is_refusal(self, error: Exception) -> bool:
        """Whether Excel raised this because it would not do what was asked."""

    def make_ready(self, app: App) -> None:
        """Wait a moment for Excel to take orders. Raises WorkbookBusy when a cell is being edited."""

    def date1904(self, book: Book) -> bool:
        """Whether the workbook counts days from 1904."""

    def is_blank(self, block: Range) -> bool:
        """Whether no cell holds anything."""

    def values(self, block: Range) -> Sequence[Sequence[Raw]]:
        """The values of all cells in one call."""

    def write(self, block: Range, values: Sequence[Sequence[str | float | bool]]) -> None:
        """Put values into all cells in one call; what a text becomes depends on the number format."""

    def number_format(self, block: Range) -> str | None:
        """The number format in English, None when the cells differ."""

    def bold(self, block: Range) -> bool | None:
        """Whether the cells are bold, None when they differ."""

    def struck(self, block: Range) -> bool | None:
        """Whether the cells are struck through, None when they differ."""

    def filled(self, block: Range) -> bool | None:
        """Whether the cells have a fill, None when they differ."""

    def hidden_rows(self, sheet: Sheet, first: int, last: int) -> Sequence[bool]:
        """Whether each of these rows is hidden."""

    def merged(self, block: Range) -> bool | None:
        """Whether the cells are merged, None when they differ."""

    def merge_area(self, cell: Range) -> Area:
        """The merged cells around a merged cell."""

    def computed(self, block: Range) -> bool | None:
        """Whether the cells are filled by array or spilled formulas, None when they differ."""

    def computed_area(self, cell: Range) -> Area:
        """The cells that the array or spilled formula around a cell fills."""

    def query_areas(self, sheet: Sheet) -> Sequence[Area]:
        """Areas that queries fill without being tables."""

    def is_query(self, table: Any) -> bool:  # noqa: ANN401 (xlwings' table)
        """Whether a table is filled by a query or an XML map."""

    def has_filter(self, table: Any, column: int) -> bool:  # noqa: ANN401
        """Whether rows are filtered by a table's column, counted from 1."""

    def filter_area(self, sheet: Sheet) -> Area | None:
        """The area of the sheet's own filter."""

    def filters_by(self, sheet: Sheet, column: int) -> bool:
        """Whether rows are hidden by the sheet's own filter in this column of the sheet."""

    def any_filter_on(self, sheet: Sheet) -> bool:
        """Whether the sheet's own filter hides rows just now."""

    def set_filter(self, sheet: Sheet, area: Area) -> None:
        """Let the sheet's own filter, by which nothing is hidden, cover this area."""

    def is_protected(self, sheet: Sheet) -> bool:
        """Whether the sheet is protected."""

    def put_name(self, book: Book, name: str, refers_to: str) -> None:
        """Set a hidden defined name; `refers_to` starts with "="."""

    def rules(self, sheet: Sheet) -> Sequence[NativeRule]:
        """The sheet's conditional formats that are formulas, the first to apply first."""

    def add_rule(self, sheet: Sheet, areas: Sequence[Area], formula: str, look: Look) -> None:
        """Add a conditional format behind all others; relative references are seen from the active cell."""

    def delete_rule(self, sheet: Sheet, rule: NativeRule) -> None:
        """Take a conditional format away."""

    def list_at(self, sheet: Sheet, row: int, column: int) -> NativeList | None:
        """The validation list of one cell, None when it has none."""

    def is_validated(self, block: Range) -> bool:
        """Whether any of the cells has a validation."""

    def add_list(self, block: Range, values: Sequence[str], title: str) -> None:
        """Give cells without validation a list that warns, under this title."""

    def delete_list(self, block: Range) -> None:
        """Take the validation of cells away."""

    def copy_look(self, source: Range, target: Range) -> None:
        """Let a cell look like another one: number format, font, fill, borders, alignment."""

    def standard_width(self, sheet: Sheet) -> float:
        """The width of columns that nobody sized, in characters."""


def native_of(book: Book) -> Native:
    """The ways of the program that has the workbook open. An engine may bring its own, as `native`."""
    own: Native | None = getattr(book.app.engine.impl, "native", None)
    if own is not None:
        return own
    if sys.platform == "win32":
        from sheets_sync.workbooks.live.native_windows import WindowsNative

        return WindowsNative()
    if sys.platform == "darwin":
        from sheets_sync.workbooks.live.native_mac import MacNative

        return MacNative()
    raise WorkbookError("Excel runs on Windows and macOS only", "check the workbook's file with `sheets-sync check`")
