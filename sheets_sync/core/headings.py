"""Which rows below the header are actions, which are headings, and where the plan ends (DOMAIN 1.1)."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sheets_sync.core.cells import Cell, CellStyle, CellValue, Kind
from sheets_sync.core.column_cells import column_cells
from sheets_sync.core.dates import shown
from sheets_sync.core.header import Header
from sheets_sync.core.merges import covered, wide
from sheets_sync.core.model import Field
from sheets_sync.core.snapshot import Row, Tab
from sheets_sync.words.enums import is_footnote, is_total

BAND = 3
"""Columns a heading is merged across."""
NEEDED_BESIDE = (Field.OWNER, Field.DUE, Field.STATUS)
"""A row without action is one that lost it when one of these is filled (FIX ROW)."""
UNTICKED = CellValue(Kind.BOOL, "FALSE")
"""What a check box holds that nobody ticked; people draw them far below the last action."""
LONGEST_TOTAL = 24
"""Letters of the longest label of a totals row."""

_FORMULA = Kind.FORMULA
"""Bound once, for it is asked for in every row: Python 3.11 finds a member on its enumeration slowly."""
_NUMBERING = re.compile(r"(\d+(?:\.\d+)*)[.)]?(?=\s|$)")


class SortedRows(NamedTuple):
    """Rows of a tab by what they are, ascending; blank rows and whatever stands below the plan are neither."""

    actions: tuple[Row, ...]
    headings: tuple[Row, ...]


class _Below(NamedTuple):
    """The rows below a header. A place is an index into `rows`; `beside` tells whether a place has another mapped
    cell typed beside the action, `banded` are places whose action is merged across, `totals` row numbers of totals,
    `formulas_count` that formulas count as typed."""

    rows: tuple[Row, ...]
    numbers: list[int]
    texts: list[str]
    beside: list[bool]
    banded: frozenset[int]
    totals: frozenset[int]
    table_end: int
    own: frozenset[int]
    header: Header
    styles: Sequence[CellStyle]
    formulas_count: bool


def sort_rows(tab: Tab, header: Header, styles: Sequence[CellStyle]) -> SortedRows:
    """Tell actions from headings, repeated headers, totals, labels and what stands below the plan. Never raises."""
    below = _below(tab, header, styles)
    actions: list[Row] = []
    headings: list[Row] = []
    told_apart = _told_apart(below)
    for place, row, text, beside in zip(range(_end(below)), below.rows, below.texts, below.beside, strict=False):
        if beside and text and place not in told_apart:
            actions.append(row)
            continue
        special = row.number in below.totals or is_total(text) or (place in below.banded and not beside)
        if special and (text or _typed(below, row)):
            headings.append(row)
        elif text:
            is_heading = _repeats_header(below, row) or (not beside and _stands_out(below, place))
            (headings if is_heading else actions).append(row)
        elif _is_totals_row(below, row):
            headings.append(row)
        elif typed := [column for column in _typed(below, row) if column not in header.ids]:
            (actions if _lost_its_action(below, typed) else headings).append(row)
    return SortedRows(tuple(actions), tuple(headings))


def _told_apart(below: _Below) -> set[int]:
    """Places that ask for a closer look although the row is full: a header said again, a total."""
    header = dict(below.header.headers).get(_action_column(below.header), "").casefold()
    short = max(len(header), LONGEST_TOTAL)
    brief = [(place, text) for place, text in enumerate(below.texts) if len(text) <= short]
    closer = {place for place, text in brief if text.casefold() == header or is_total(text)}
    if below.totals:
        closer |= {place for place, number in enumerate(below.numbers) if number in below.totals}
    return closer


def _action_column(header: Header) -> int:
    return header.column(Field.ACTION) or 0


def _below(tab: Tab, header: Header, styles: Sequence[CellStyle]) -> _Below:
    rows = tuple(row for row in tab.rows if row.number > header.row)
    numbers = [row.number for row in rows]
    action = _action_column(header)
    cells = column_cells(rows, action, covered=covered(tab.merged, action, numbers))
    texts = list(map(shown, cells.seen)) if cells.has_trouble() else cells.texts()
    formulas = [cell for cell in cells.cells if cell is not None and cell[0][0] is _FORMULA]
    mostly_formulas = len(formulas) * 2 > len(rows)
    tables = [t for t in tab.tables if t.area.top == header.row and t.area.left <= action <= t.area.right]
    return _Below(
        rows=rows,
        numbers=numbers,
        texts=texts,
        beside=_beside(rows, header, formulas_count=mostly_formulas),
        banded=frozenset(wide((area for area in tab.merged if area.left <= action <= area.right), BAND, numbers)),
        totals=frozenset(table.area.bottom for table in tab.tables if table.has_totals),
        table_end=max((table.area.bottom - table.has_totals for table in tables), default=0),
        own=frozenset(tab.marks.values()),
        header=header,
        styles=styles,
        formulas_count=mostly_formulas,
    )


def _beside(rows: Sequence[Row], header: Header, *, formulas_count: bool) -> list[bool]:
    """For each row, whether a mapped cell other than action and id is typed."""
    beside = [False] * len(rows)
    pending: Iterable[int] = range(len(rows))
    for field, column in header.columns:
        if field is Field.ACTION:
            continue
        left: list[int] = []
        for place in pending:
            cell = rows[place].cells.get(column)
            if cell is not None and (formulas_count or cell[0][0] is not _FORMULA):
                beside[place] = True
            else:
                left.append(place)
        pending = left
    return beside


def _end(below: _Below) -> int:
    """The place after the plan's last row: the last action with another mapped cell, the actions typed right below it,
    and in a table all of it."""
    texts, numbers = below.texts, below.numbers
    full = [place for place, text in enumerate(texts) if text and below.beside[place]]
    end = full[-1] + 1 if full else 0
    while end < len(texts) and _follows(below, end):
        end += 1
    while end < len(texts) and numbers[end] <= below.table_end:
        end += 1
    return end


def _follows(below: _Below, place: int) -> bool:
    text = below.texts[place]
    directly = place == 0 or below.numbers[place] == below.numbers[place - 1] + 1
    return bool(text) and directly and not (place in below.banded or is_total(text) or is_footnote(text))


def _typed(below: _Below, row: Row) -> list[int]:
    """The columns of a row in which a person typed something, numbering and check boxes nobody ticked aside."""
    return [
        column
        for column, cell in row.cells.items()
        if column not in below.own
        and cell.literal != UNTICKED
        and (below.formulas_count or cell.literal.kind is not _FORMULA)
        and (text := shown(cell.seen))
        and not _NUMBERING.fullmatch(text)
    ]


def _is_totals_row(below: _Below, row: Row) -> bool:
    return any(is_total(shown(row.cells[column].seen)) for column in _typed(below, row))


def _repeats_header(below: _Below, row: Row) -> bool:
    """Whether the row says the header again, in at least two columns and in all that it fills."""
    headers = dict(below.header.headers)
    same = [
        text.casefold() == headers.get(column, "").casefold()
        for column, cell in row.cells.items()
        if column not in below.own and (text := shown(cell.seen))
    ]
    return len(same) > 1 and all(same)


def _stands_out(below: _Below, place: int) -> bool:
    """Whether a row with only an action is formatted unlike its neighbours, or numbered above sub-items."""
    typed = set(_typed(below, below.rows[place])).difference(below.header.ids)
    if typed != {_action_column(below.header)}:
        return False
    number = _number(below, place)
    following = _number(below, place + 1) if place + 1 < len(below.rows) else ""
    if number and following.startswith(f"{number}."):
        return True
    look = _look(below, place)
    neighbours = [near for near in (_nearest(below, place, -1), _nearest(below, place, 1)) if near is not None]
    return bool(neighbours) and all(_look(below, near) != look for near in neighbours)


def _number(below: _Below, place: int) -> str:
    """The numbering of a row ("1", "1.2"), in the action's text or in a cell before it; "" when it has none."""
    action = _action_column(below.header)
    before = [cell for column, cell in sorted(below.rows[place].cells.items()) if column < action]
    for text in (below.texts[place], *(shown(cell.seen) for cell in reversed(before))):
        if found := _NUMBERING.match(text):
            return found[1]
    return ""


def _nearest(below: _Below, place: int, step: int) -> int | None:
    place += step
    while 0 <= place < len(below.rows):
        if below.texts[place] and below.beside[place] and place not in below.banded:
            return place
        place += step
    return None


def _look(below: _Below, place: int) -> tuple[bool, bool]:
    cell: Cell = below.rows[place].cells[_action_column(below.header)]
    style = below.styles[cell.style]
    return style.bold, style.filled


def _lost_its_action(below: _Below, typed: Sequence[int]) -> bool:
    """Whether a row without action is still one: an owner, due date or status is typed, or several mapped cells are.
    One lone text elsewhere is a label."""
    fields = [field for field, column in below.header.columns if column in typed]
    return len(fields) > 1 or any(field in NEEDED_BESIDE for field in fields)
