"""The action rows of one understood tab, read column by column: one pass per column, equal cells understood once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TypeVar

from sheets_sync.core.cells import Cell, CellStyle, CellTrouble, Kind
from sheets_sync.core.date_columns import DateColumns, read_dates
from sheets_sync.core.dates import DASHES
from sheets_sync.core.header import Header
from sheets_sync.core.headings import SortedRows
from sheets_sync.core.highlights import letters
from sheets_sync.core.keys import KeyChoice
from sheets_sync.core.merges import covered
from sheets_sync.core.model import (
    CLOSED,
    Action,
    CellProblem,
    DateProblem,
    Field,
    Status,
    StatusReading,
    TabLayout,
)
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Row, Tab
from sheets_sync.core.values import (
    StatusReader,
    has_formula,
    has_trouble,
    id_list,
    ignores,
    only_codes,
    percentages,
    status_texts,
    texts_of,
    trouble,
)
from sheets_sync.core.views import computed_rows, view_source
from sheets_sync.core.witness import row_witness
from sheets_sync.core.workdays import Calendar
from sheets_sync.words.enums import action_type, is_high_priority, verdict
from sheets_sync.words.languages import language_of
from sheets_sync.words.normalise import plain

T = TypeVar("T")
Cells = list[Cell | None]
Problems = dict[int, list[CellProblem]]

TEXTS = (
    *(Field.OWNER, Field.DONE_WHEN, Field.NEXT_STEP, Field.PRIORITY, Field.BLOCKER, Field.NEED, Field.NOTE),
    Field.SLIP_REASON,
)
LISTS = (Field.GOAL, Field.KPI, Field.PROBLEM)


@dataclass(frozen=True, slots=True)
class Means:
    """What reading needs besides the tab: the snapshot's styles, the plan's settings and calendar, and the year of
    periods typed without one."""

    styles: Sequence[CellStyle]
    settings: PlanSettings
    calendar: Calendar
    year: int | None


@dataclass(frozen=True, slots=True)
class ReadTab:
    """One tab of the plan. `headings` are row numbers. `orders` are the date orders its columns proved, by field;
    `struck` counts actions that are struck through."""

    layout: TabLayout
    actions: tuple[Action, ...]
    headings: tuple[int, ...]
    orders: tuple[tuple[Field, str], ...]
    struck: int


def read_tab(tab: Tab, header: Header, rows: SortedRows, *, key: KeyChoice, means: Means) -> ReadTab:
    """Read the actions of a tab whose header, rows and id column are settled. Never raises."""
    actions = rows.actions
    struck = _struck(actions, header, means.styles)
    if means.settings.struck == "ignore":
        actions = tuple(row for place, row in enumerate(actions) if place not in struck)
    done = struck if means.settings.struck == "done" else frozenset[int]()
    cells, problems = _cells(tab, header, actions)
    action_cells = cells.get(Field.ACTION, [])
    numbers = [row.number for row in actions]
    sources = computed_rows(tab, header.column(Field.ACTION) or 0, numbers, action_cells)
    dates = read_dates(
        tab,
        header,
        cells,
        numbers=numbers,
        order=means.settings.date_order,
        calendar=means.calendar,
        year=means.year,
    )
    layout = _layout(tab, header, rows, actions, key=key, view_of=view_source(sources, len(actions)))
    values = _values(cells, dates, problems, header=header, means=means, struck=done)
    key_column = key.column
    values |= {
        "tab": repeat(tab.key),
        "row": numbers,
        "key": texts_of(row.cells.get(key_column) for row in actions) if key_column else repeat(""),
        "witness": [row_witness(row, layout.witness_columns) for row in actions],
    }
    if sources:
        values["computed"] = [place in sources for place in range(len(actions))]
    if problems:
        values["problems"] = [tuple(problems.get(place, ())) for place in range(len(actions))]
    columns = [values.get(name, repeat(Action._field_defaults.get(name, ""))) for name in Action._fields]
    return ReadTab(
        layout=layout,
        actions=tuple(map(Action._make, zip(*columns, strict=False))) if actions else (),
        headings=tuple(row.number for row in rows.headings),
        orders=dates.orders,
        struck=len(struck),
    )


def _struck(rows: Sequence[Row], header: Header, styles: Sequence[CellStyle]) -> frozenset[int]:
    if not any(style.struck for style in styles):
        return frozenset()
    action = header.column(Field.ACTION) or 0
    return frozenset(
        place
        for place, row in enumerate(rows)
        if (cell := row.cells.get(action)) is not None and styles[cell.style].struck
    )


def _cells(tab: Tab, header: Header, rows: Sequence[Row]) -> tuple[dict[Field, Cells], Problems]:
    """The cells of each mapped column, merged ones as blank, and what is wrong with any of them (DAT005)."""
    cells: dict[Field, Cells] = {}
    problems: Problems = {}
    numbers = [row.number for row in rows]
    for field, column in header.columns:
        listed: Cells = [row.cells.get(column) for row in rows]
        for place in covered(tab.merged, column, numbers):
            listed[place] = None
            problems.setdefault(place, []).append(CellProblem(field, "merged", ""))
        if has_trouble(listed):
            for place, cell in enumerate(listed):
                if problem := trouble(field, cell):
                    problems.setdefault(place, []).append(problem)
        cells[field] = listed
    return cells, problems


def _values(
    cells: dict[Field, Cells],
    dates: DateColumns,
    problems: Problems,
    *,
    header: Header,
    means: Means,
    struck: frozenset[int],
) -> dict[str, Iterable[object]]:
    """The columns of `Action` that are there, by attribute name."""
    values: dict[str, Iterable[object]] = {str(field): readings for field, readings in dates.readings.items()}
    actions = texts_of(cells[Field.ACTION])
    values["action"] = actions
    values["language"] = _each(actions, lambda text: language_of(text, header.language))
    values |= {str(field): texts_of(cells[field]) for field in TEXTS if field in cells}
    values |= {str(field): _each(texts_of(cells[field]), id_list) for field in LISTS if field in cells}
    values["status"] = _statuses(cells.get(Field.STATUS), dates, len(actions), means=means, struck=struck)
    if has_formula(cells.get(Field.STATUS, ())):
        values["status_computed"] = [cell is not None and cell[0][0] is Kind.FORMULA for cell in cells[Field.STATUS]]
    if Field.PROGRESS in cells:
        values["progress"], wrong = percentages(cells[Field.PROGRESS], means.styles)
        for place, problem in wrong.items():
            problems.setdefault(place, []).append(problem)
    if Field.PRIORITY in cells:
        values["high_priority"] = _each(texts_of(cells[Field.PRIORITY]), is_high_priority)
    if Field.TYPE in cells:
        values["type"] = _each(texts_of(cells[Field.TYPE]), action_type)
    if Field.EFFECTIVE in cells:
        values["effective"] = _each(texts_of(cells[Field.EFFECTIVE]), verdict)
    if Field.IGNORE in cells:
        values["ignore"] = _each(texts_of(cells[Field.IGNORE]), lambda text: ignores(text, dates.date_in))
    return values


def _each(texts: list[str], understand: Callable[[str], T]) -> list[T]:
    """What each text means, every distinct text understood once."""
    known = {text: understand(text) for text in set(texts)}
    return [known[text] for text in texts]


def _statuses(
    cells: Cells | None, dates: DateColumns, rows: int, *, means: Means, struck: frozenset[int]
) -> list[StatusReading]:
    """Each row's status. A blank one is done where a date of completion is given, else planned."""
    done_on = dates.readings.get(Field.DONE_ON)
    texts = status_texts(cells, means.styles) if cells is not None else [""] * rows
    reader = StatusReader(means.settings.status_map, codes=only_codes(texts))
    readings = [reader.read(text) for text in texts]
    if done_on is not None:
        done = StatusReading(Status.DONE)
        readings = [
            done if text in DASHES and _is_given(done_on[place].date, done_on[place].problem) else readings[place]
            for place, text in enumerate(texts)
        ]
    if cells is not None and has_trouble(cells):
        for place, cell in enumerate(cells):
            if cell is not None and isinstance(cell.seen, CellTrouble):
                readings[place] = StatusReading(Status.UNKNOWN, cell.seen.code)
    for place in struck:
        if readings[place].status not in CLOSED:
            readings[place] = StatusReading(Status.DONE, readings[place].text)
    return readings


def _is_given(date: object, problem: DateProblem | None) -> bool:
    """Whether a day of completion was typed, be it one that only the order keeps from being read."""
    return date is not None or problem is DateProblem.AMBIGUOUS


def _layout(
    tab: Tab, header: Header, rows: SortedRows, actions: Sequence[Row], *, key: KeyChoice, view_of: str
) -> TabLayout:
    own = frozenset(tab.marks.values())
    team_key = () if key.is_ours or key.column is None else ((Field.ID, key.column),)
    ends = [listed[-1].number for listed in (rows.actions, rows.headings) if listed]
    headers = dict(header.headers)
    skipped = own | {column for _, column in team_key} | {header.column(Field.IGNORE)}
    columns = (headers.keys() | set[int]().union(*(row.cells for row in actions))) - skipped
    named = ((column, plain(headers[column]) if column in headers else letters(column)) for column in columns)
    return TabLayout(
        tab=tab.key,
        name=tab.name,
        header_row=header.row,
        columns=(*header.columns, *team_key),
        headers=header.headers,
        last_header=max(headers, default=0),
        last_row=max(ends, default=header.row),
        witness_columns=tuple(sorted(named, key=lambda pair: (pair[1], pair[0]))),
        id_is_ours=key.is_ours,
        id_column=key.column,
        language=header.language,
        view_of=view_of,
    )
