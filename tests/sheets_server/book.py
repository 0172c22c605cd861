"""One spreadsheet: its tabs, named ranges, protections and developer metadata, and finding things in it by name or id.

Not here: what requests do to it (`changes_*`, `values`), or how replies tell of it.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from .a1 import Span, letters, quoted, span_of, split
from .errors import ApiError, Json, invalid
from .grid import Sheet, check_cells
from .spans import COLUMNS, ROWS


class Block(NamedTuple):
    """A rectangle of cells of a tab: 0-based, ends exclusive, inside the grid."""

    sheet: Sheet
    top: int
    left: int
    bottom: int
    right: int

    @property
    def a1(self) -> str:
        """The range as replies write it."""
        first, last = f"{letters(self.left)}{self.top + 1}", f"{letters(self.right - 1)}{self.bottom}"
        return f"{quoted(self.sheet.title)}!{first}" + ("" if first == last else f":{last}")

    @property
    def one_cell(self) -> bool:
        """Whether it is a single cell."""
        return (self.bottom - self.top, self.right - self.left) == (1, 1)


class Anchor(NamedTuple):
    """Where developer metadata hangs: the spreadsheet (no tab), a tab (no line), or a row or column by its key."""

    sheet: int | None = None
    dimension: str = ""
    line: int = 0


class Metadata(NamedTuple):
    """One piece of developer metadata. `project` is the cloud project that may see it when it is not for all."""

    id: int
    key: str
    value: str
    visibility: str
    anchor: Anchor
    project: str


@dataclass(slots=True)
class Book:
    """A spreadsheet. `version` counts changes of any kind; JSON values are replaced, never changed in place."""

    id: str
    title: str
    created: dt.datetime
    modified: dt.datetime
    sheets: list[Sheet]
    locale: str = "en_US"
    time_zone: str = "Etc/GMT"
    version: int = 1
    named_ranges: list[Json] = field(default_factory=list)
    protections: list[Json] = field(default_factory=list)
    metadata: dict[int, Metadata] = field(default_factory=dict)
    editors: tuple[str, ...] = ()
    roles: dict[str, str] = field(default_factory=dict)
    """By e-mail address: "writer", "reader" or "none"; "*" is everybody else (default writer)."""
    mime_type: str = "application/vnd.google-apps.spreadsheet"
    auto_recalc: str = "ON_CHANGE"

    def draft(self) -> "Book":
        """A copy that changes on its own: a batch works on one and becomes the book when all went well."""
        return Book(
            self.id,
            self.title,
            self.created,
            self.modified,
            [sheet.twin() for sheet in self.sheets],
            self.locale,
            self.time_zone,
            self.version,
            list(self.named_ranges),
            list(self.protections),
            dict(self.metadata),
            self.editors,
            dict(self.roles),
            self.mime_type,
            self.auto_recalc,
        )

    def become(self, other: "Book") -> None:
        """Take over everything of a draft."""
        for name in Book.__slots__:
            setattr(self, name, getattr(other, name))

    def changed(self, now: dt.datetime) -> None:
        """Note that something changed."""
        self.version += 1
        self.modified = max(now, self.modified + dt.timedelta(milliseconds=1))

    def sheet(self, sheet_id: int) -> Sheet:
        """The tab with this id."""
        for sheet in self.sheets:
            if sheet.id == sheet_id:
                return sheet
        raise invalid(f"No grid with id: {sheet_id}")

    def sheet_titled(self, title: str) -> Sheet | None:
        """The tab with this name, whatever its case."""
        folded = title.casefold()
        return next((sheet for sheet in self.sheets if sheet.title.casefold() == folded), None)

    def role_of(self, account: str) -> str:
        """What an account may do here."""
        return self.roles.get(account, self.roles.get("*", "writer"))

    def block_of(self, area: Json) -> Block:
        """The cells of a GridRange, cut off at the grid's end."""
        sheet = self.sheet(area.get("sheetId", 0))
        top, left = area.get("startRowIndex", 0), area.get("startColumnIndex", 0)
        bottom = min(area.get("endRowIndex", len(sheet.rows)), len(sheet.rows))
        right = min(area.get("endColumnIndex", len(sheet.columns)), len(sheet.columns))
        return Block(sheet, top, left, bottom, right)

    def strict_block_of(self, area: Json) -> Block:
        """The cells of a GridRange that must start inside the grid and not be turned around."""
        for low, high in (("startRowIndex", "endRowIndex"), ("startColumnIndex", "endColumnIndex")):
            if area.get(low, 0) < 0 or area.get(high, 1) < 0:
                raise invalid(f"{low if area.get(low, 0) < 0 else high} cannot be negative.")
            if high in area and area[high] < area.get(low, 0):
                raise invalid(f"{high} ({area[high]}) must not be before {low} ({area.get(low, 0)}).")
        sheet = self.sheet(area.get("sheetId", 0))
        if area.get("startRowIndex", 0) >= len(sheet.rows) or area.get("startColumnIndex", 0) >= len(sheet.columns):
            bottom = area.get("endRowIndex", len(sheet.rows))
            right = area.get("endColumnIndex", len(sheet.columns))
            block = Block(sheet, area.get("startRowIndex", 0), area.get("startColumnIndex", 0), bottom, right)
            raise beyond_grid(block)
        return self.block_of(area)

    def range(self, text: str) -> Block:
        """The cells a range text names: a tab, a named range, or cells of a tab. 400 where it names none."""
        title, rest = split(text)
        if title is None:
            assert rest is not None
            named = self.named(rest) or self._whole_tab(rest)
            if named:
                return named
            return self._cells(self.sheets[0], rest, text)
        sheet = self.sheet_titled(title)
        if sheet is None:
            raise cannot_parse(text)
        if rest is None:
            return Block(sheet, 0, 0, len(sheet.rows), len(sheet.columns))
        return self.named(rest) or self._cells(sheet, rest, text)

    def named(self, name: str) -> Block | None:
        """The block of a named range."""
        for known in self.named_ranges:
            if known["name"].casefold() == name.casefold():
                return self.block_of(known.get("range", {}))
        return None

    def _whole_tab(self, title: str) -> Block | None:
        sheet = self.sheet_titled(title)
        return sheet and Block(sheet, 0, 0, len(sheet.rows), len(sheet.columns))

    def _cells(self, sheet: Sheet, rest: str, text: str) -> Block:
        span = span_of(rest)
        if span is None:
            raise cannot_parse(text)
        return _inside(sheet, span)

    def anchored_at(self, anchor: Anchor) -> int | None:
        """The index of the row or column metadata hangs on; None when it hangs on no line, or the line is gone."""
        if not anchor.dimension or anchor.sheet is None:
            return None
        sheet = next((sheet for sheet in self.sheets if sheet.id == anchor.sheet), None)
        for index, line in enumerate(sheet.lines(anchor.dimension) if sheet else ()):
            if line.key == anchor.line:
                return index
        return None

    def drop_orphans(self) -> None:
        """Forget metadata whose row, column or tab is gone."""
        ids = {sheet.id for sheet in self.sheets}
        keys = {line.key for sheet in self.sheets for kind in (ROWS, COLUMNS) for line in sheet.lines(kind)}
        self.metadata = {
            number: one
            for number, one in self.metadata.items()
            if one.anchor.sheet is None
            or (one.anchor.sheet in ids and (not one.anchor.dimension or one.anchor.line in keys))
        }

    def check_size(self) -> None:
        """Refuse more cells than a spreadsheet can have."""
        check_cells(sum(len(sheet.rows) * len(sheet.columns) for sheet in self.sheets))


def _inside(sheet: Sheet, span: Span) -> Block:
    rows, columns = len(sheet.rows), len(sheet.columns)
    top, left = span.top or 0, span.left or 0
    bottom = rows if span.bottom is None else span.bottom
    right = columns if span.right is None else span.right
    if top >= rows or left >= columns:
        raise beyond_grid(Block(sheet, top, left, bottom, right))
    return Block(sheet, top, left, min(bottom, rows), min(right, columns))


def beyond_grid(block: Block) -> ApiError:
    """The refusal of a range that is not on the tab."""
    rows, columns = len(block.sheet.rows), len(block.sheet.columns)
    return invalid(f"Range ({block.a1}) exceeds grid limits. Max rows: {rows}, max columns: {columns}")


def cannot_parse(text: str) -> ApiError:
    """The refusal of a text that is no range."""
    return invalid(f"Unable to parse range: {text}")
