"""The action rows of one understood tab, read column by column: one pass per column, equal cells understood once."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple, TypeVar

from sheets_sync.core.cells import CellStyle, Kind
from sheets_sync.core.column_cells import ColumnCells, column_cells
from sheets_sync.core.date_columns import DateColumns, read_dates
from sheets_sync.core.header import Header
from sheets_sync.core.headings import SortedRows
from sheets_sync.core.highlights import letters
from sheets_sync.core.keys import KeyChoice
from sheets_sync.core.merges import covered
from sheets_sync.core.model import CLOSED, Action, CellProblem, Field, Status, StatusReading
from sheets_sync.core.plan import TabLayout
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Row, Tab
from sheets_sync.core.status_column import done_where_dated, read_statuses
from sheets_sync.core.values import id_list, ignores, percentages, trouble
from sheets_sync.core.views import computed_rows, view_source
from sheets_sync.core.witness import row_witness
from sheets_sync.core.workdays import Calendar
from sheets_sync.words.enums import action_type, is_high_priority, verdict
from sheets_sync.words.languages import language_of
from sheets_sync.words.normalise import plain

T = TypeVar("T")
Columns = Mapping[Field, ColumnCells]
Problems = dict[int, list[CellProblem]]

TEXTS = (
    *(Field.OWNER, Field.DONE_WHEN, Field.NEXT_STEP, Field.PRIORITY, Field.BLOCKER, Field.NEED, Field.NOTE),
    Field.SLIP_REASON,
)
LISTS = (Field.GOAL, Field.KPI, Field.PROBLEM, Field.DEPENDS_ON)


class Means(NamedTuple):
    """What reading needs besides the tab: the snapshot's styles, the plan's settings and calendar, and the year of
    periods typed without one."""

    styles: Sequence[CellStyle]
    settings: PlanSettings
    calendar: Calendar
    year: int | None


class ReadTab(NamedTuple):
    """One tab of the plan. `headings` are row numbers. `statuses` are the distinct readings of the status column with
    their counts, errors aside. `orders` are the date orders its columns proved, by field; `struck` counts actions
    that are struck through."""

    layout: TabLayout
    actions: tuple[Action, ...]
    headings: tuple[int, ...]
    statuses: tuple[tuple[StatusReading, int], ...]
    orders: tuple[tuple[Field, str], ...]
    struck: int


def read_tab(tab: Tab, header: Header, rows: SortedRows, *, key: KeyChoice, means: Means) -> ReadTab:
    """Read the actions of a tab whose header, rows and id column are settled. Never raises."""
    actions = rows.actions
    struck = _struck(actions, header, means.styles)
    if means.settings.struck == "ignore":
        actions = tuple(row for place, row in enumerate(actions) if place not in struck)
    numbers = [row.number for row in actions]
    columns, problems = _columns(tab, header, actions, numbers)
    sources = computed_rows(tab, header.column(Field.ACTION) or 0, numbers, columns[Field.ACTION].cells)
    dates = read_dates(
        tab,
        header,
        columns,
        numbers=numbers,
        order=means.settings.date_order,
        calendar=means.calendar,
        year=means.year,
    )
    layout = _layout(tab, header, rows, actions, key=key, view_of=view_source(sources, len(actions)))
    statuses = _statuses(columns, dates, means=means, struck=struck if means.settings.struck == "done" else ())
    values = _values(columns, dates, problems, header=header, means=means)
    values |= {
        "tab": repeat(tab.key),
        "row": numbers,
        "key": column_cells(actions, key.column).texts() if key.column else repeat(""),
        "witness": [row_witness(row, layout.witness_columns) for row in actions],
        "status": statuses,
        "computed": [place in sources for place in range(len(actions))] if sources else repeat(False),
        "problems": [tuple(problems.get(place, ())) for place in range(len(actions))] if problems else repeat(()),
    }
    listed = [values.get(name, repeat(Action._field_defaults.get(name))) for name in Action._fields]
    return ReadTab(
        layout=layout,
        actions=tuple(map(Action._make, zip(*listed, strict=False))),
        headings=tuple(row.number for row in rows.headings),
        statuses=_counted(statuses, problems),
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


def _columns(tab: Tab, header: Header, rows: Sequence[Row], numbers: Sequence[int]) -> tuple[Columns, Problems]:
    """The cells of each mapped column, merged ones as blank, and what is wrong with any of them (DAT005)."""
    columns: dict[Field, ColumnCells] = {}
    problems: Problems = {}
    for field, number in header.columns:
        merged = covered(tab.merged, number, numbers)
        column = columns[field] = column_cells(rows, number, covered=merged)
        for place in merged:
            problems.setdefault(place, []).append(CellProblem(field, "merged", ""))
        if column.has_trouble():
            for place, cell in enumerate(column.cells):
                if problem := trouble(field, cell):
                    problems.setdefault(place, []).append(problem)
    return columns, problems


def _values(
    columns: Columns, dates: DateColumns, problems: Problems, *, header: Header, means: Means
) -> dict[str, Iterable[object]]:
    """The columns of `Action` that are there, by attribute name."""
    values: dict[str, Iterable[object]] = {str(field): readings for field, readings in dates.readings.items()}
    actions = columns[Field.ACTION].texts()
    values["action"] = actions
    values["language"] = [language_of(text, header.language) for text in actions]
    values |= {str(field): columns[field].texts() for field in TEXTS if field in columns}
    values |= {str(field): _each(columns[field], id_list) for field in LISTS if field in columns}
    if Field.STATUS in columns and columns[Field.STATUS].has_formula():
        cells = columns[Field.STATUS].cells
        values["status_computed"] = [cell is not None and cell.literal.kind is Kind.FORMULA for cell in cells]
    if Field.PROGRESS in columns:
        values["progress"], wrong = percentages(columns[Field.PROGRESS], means.styles)
        for place, problem in wrong.items():
            problems.setdefault(place, []).append(problem)
    if Field.PRIORITY in columns:
        values["high_priority"] = _each(columns[Field.PRIORITY], is_high_priority)
    if Field.TYPE in columns:
        values["type"] = _each(columns[Field.TYPE], action_type)
    if Field.EFFECTIVE in columns:
        values["effective"] = _each(columns[Field.EFFECTIVE], verdict)
    if Field.IGNORE in columns:
        values["ignore"] = _each(columns[Field.IGNORE], lambda text: ignores(text, dates.date_in))
    return values


def _each(column: ColumnCells, understand: Callable[[str], T]) -> list[T]:
    """What each text means, every distinct text understood once."""
    texts = column.texts()
    known = {text: understand(text) for text in set(texts)}
    return [known[text] for text in texts]


def _statuses(columns: Columns, dates: DateColumns, *, means: Means, struck: Iterable[int]) -> list[StatusReading]:
    """Each row's status; `struck` are rows that count as done."""
    if Field.STATUS in columns:
        readings = read_statuses(columns[Field.STATUS], means.styles, means.settings.status_map)
    else:
        readings = [StatusReading(Status.PLANNED)] * len(columns[Field.ACTION].cells)
    if Field.DONE_ON in dates.readings:
        readings = done_where_dated(readings, dates.readings[Field.DONE_ON])
    for place in struck:
        if readings[place].status not in CLOSED:
            readings[place] = StatusReading(Status.DONE, readings[place].text)
    return readings


def _counted(statuses: Sequence[StatusReading], problems: Problems) -> tuple[tuple[StatusReading, int], ...]:
    """Distinct readings with their counts. Equal readings are mostly one object, which is quicker to count."""
    broken = {place for place, found in problems.items() if any(problem.field is Field.STATUS for problem in found)}
    if broken:
        statuses = [reading for place, reading in enumerate(statuses) if place not in broken]
    objects = {id(reading): reading for reading in statuses}
    counts: Counter[StatusReading] = Counter()
    for identity, count in Counter(map(id, statuses)).items():
        counts[objects[identity]] += count
    return tuple(counts.items())


def _layout(
    tab: Tab, header: Header, rows: SortedRows, actions: Sequence[Row], *, key: KeyChoice, view_of: str
) -> TabLayout:
    own = frozenset(tab.marks.values())
    team_key = () if key.is_ours or key.column is None else ((Field.ID, key.column),)
    ends = [listed[-1].number for listed in (rows.actions, rows.headings) if listed]
    headers = dict(header.headers)
    skipped = own | {column for _, column in team_key} | {header.column(Field.IGNORE)}
    columns = (headers.keys() | set[int]().union(*(row.cells for row in actions))) - skipped
    fields = {column: f"={field}" for field, column in header.columns}
    texts = {column: plain(text) for column, text in headers.items()}
    named = ((column, fields.get(column) or texts.get(column) or letters(column)) for column in columns)
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
