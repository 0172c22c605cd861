"""DAT: can the cells be read, and do they agree? What is found while reading and by identity has its words here too."""

import datetime as dt
import re
from collections.abc import Iterable

from sheets_sync.core.model import (
    CLOSED,
    Action,
    CellProblem,
    DateProblem,
    DateReading,
    Field,
    Severity,
    Status,
    StatusReading,
)
from sheets_sync.core.plan import UnknownStatus
from sheets_sync.rules.context import Sight
from sheets_sync.rules.example import SAMPLE, Example, on, rows
from sheets_sync.rules.rule import Hit, Rule, wordings

_NUMBERS = re.compile(r"\s*(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{2}|\d{4})\b")
_CENTURY = 2000
_FULL = 100.0

HEADERS = Rule(
    code="DAT001",
    name="unclear-column",
    severity=Severity.E,
    title="A column is missing or not clear",
    summary="A column that must be known is missing, two columns could be it, or a column has the name of one of ours: "
    "the tab is not processed and nothing is written to it.",
    why="The tool never guesses which of two columns is meant.",
    made_by="reading the plan",
    facts=("cell", "name", "columns", "wanted", "nearest"),
    kinds=("ambiguous", "missing", "taken", "tabs", "no_tab"),
    bad=Example((), text='two columns named "Data"'),
    good=Example((), text='"Data de início" and "Prazo", or --map due="Data (2)"'),
    wordings=wordings("DAT001"),
)


def _status_words(actions: tuple[Action, ...], sight: Sight) -> Iterable[tuple[Action | None, Hit]]:
    for unknown in sight.plan.unknown_statuses:
        yield None, Hit((("text", unknown.text), ("count", str(unknown.count))), "unknown")
    for action in actions:
        if action.status.typed_late:
            yield action, Hit((("text", action.status.text),), "late")


STATUS_WORDS = Rule(
    code="DAT002",
    name="unknown-status",
    severity=Severity.W,
    title="A status word without a meaning",
    summary="A status nobody has mapped (once per word), or overdue, atrasado, retrasado typed as a status.",
    why="The flag is computed from status and date; a word that is not understood never makes a row late.",
    field=Field.STATUS,
    plan=_status_words,
    facts=("text", "count"),
    kinds=("unknown", "late"),
    bad=Example(
        rows(SAMPLE._replace(status=StatusReading(Status.UNKNOWN, "Doing it"))).rows,
        unknown=(UnknownStatus("Doing it", 1),),
    ),
    good=rows(SAMPLE._replace(status=StatusReading(Status.IN_PROGRESS, "In progress"))),
    wordings=wordings("DAT002"),
)


def _contradictions(action: Action, sight: Sight) -> tuple[Hit, ...]:
    progress, done_on = action.progress, action.done_on.date
    if progress is None and done_on is None and not action.effective:
        return ()
    status = action.status.status
    if status in (Status.CANCELLED, Status.UNKNOWN):
        return ()
    hits: list[Hit] = []
    closed = status in CLOSED
    if progress is not None and not closed and progress >= _FULL:
        hits.append(Hit(kind="full_but_open", field=Field.PROGRESS))
    if progress is not None and closed and progress < _FULL:
        hits.append(Hit((("progress", f"{progress:g}"),), "done_but_not_full", field=Field.PROGRESS))
    if done_on is not None and not closed:
        hits.append(Hit((("done", done_on.isoformat()),), "dated_but_open", field=Field.DONE_ON))
    if action.effective and not closed:
        hits.append(Hit(kind="judged_but_open", field=Field.EFFECTIVE))
    return tuple(hits)


CONTRADICTION = Rule(
    code="DAT003",
    name="cells-contradict",
    severity=Severity.W,
    title="Status and another cell contradict each other",
    summary="Progress is 100 and the action is not done; it is done and progress is below 100; it has a completion "
    "date and is open; its effectiveness is judged and it is not done.",
    why="People trust a plan only as long as its cells agree.",
    field=Field.STATUS,
    row=_contradictions,
    reads=("progress", "done_on", "status", "effective"),
    also_closed=True,
    facts=("progress", "done"),
    kinds=("full_but_open", "done_but_not_full", "dated_but_open", "judged_but_open"),
    bad=rows(SAMPLE._replace(progress=100.0, status=StatusReading(Status.IN_PROGRESS, "In progress"))),
    good=rows(
        SAMPLE._replace(progress=100.0, status=StatusReading(Status.DONE, "Done"), done_on=on("2026-10-02")),
    ),
    wordings=wordings("DAT003"),
)

DUPLICATE_ID = Rule(
    code="DAT004",
    name="duplicate-id",
    severity=Severity.E,
    title="One id on several rows",
    summary="The team's own id column holds an id twice. In the tool's own id column the row nearer to what was stored "
    "keeps it and the other gets a new one.",
    why="The id is how a row is known again after a sort; with two of them history and mails go to the wrong row.",
    field=Field.ID,
    made_by="telling the rows apart",
    facts=("id",),
    guard=True,
    bad=Example((), text="a row copied with its id"),
    good=Example((), text="the copy has an id of its own"),
    wordings=wordings("DAT004"),
)


def _unreadable(action: Action, sight: Sight) -> tuple[Hit, ...]:
    if not action.problems:
        return ()
    return tuple(
        Hit((("cell", found.field), ("text", found.text)), found.problem, field=found.field)
        for found in action.problems
    )


UNREADABLE = Rule(
    code="DAT005",
    name="unreadable-cell",
    severity=Severity.W,
    title="A cell cannot be read",
    summary="A formula error or a formula never calculated, a merged cell, a number no calendar knows, or text in a "
    "number column.",
    why="Data that is easy to collect is data that is there; a broken cell is silently left out of every count.",
    row=_unreadable,
    reads=("problems",),
    facts=("cell", "text"),
    kinds=("error", "not calculated", "out of range", "merged", "not a number"),
    bad=Example(rows(SAMPLE._replace(problems=(CellProblem(Field.DUE, "error", "#REF!"),))).rows, text="due #REF!"),
    good=rows(SAMPLE._replace(due=on("2026-10-30"))),
    wordings=wordings("DAT005"),
)


def _ambiguous_dates(action: Action, sight: Sight) -> tuple[Hit, ...]:
    readings = (action.due, action.start, action.original_due, action.done_on)
    if not any(reading.problem for reading in readings):
        return ()
    fields = (Field.DUE, Field.START, Field.ORIGINAL_DUE, Field.DONE_ON)
    return tuple(
        _ambiguous(field, reading.text)
        for field, reading in zip(fields, readings, strict=True)
        if reading.problem is DateProblem.AMBIGUOUS
    )


def _ambiguous(field: Field, text: str) -> Hit:
    facts = (("cell", field.value), ("text", text))
    match = _NUMBERS.match(text)
    if match is None:
        return Hit(facts, "plain", field=field)
    one, other, year = (int(group) for group in match.groups())
    year += _CENTURY if len(match[3]) == 2 else 0
    try:
        first, second = dt.date(year, other, one), dt.date(year, one, other)
    except ValueError:
        return Hit(facts, "plain", field=field)
    return Hit((*facts, ("first", first.isoformat()), ("second", second.isoformat())), "both", field=field)


AMBIGUOUS_DATE = Rule(
    code="DAT006",
    name="ambiguous-date",
    severity=Severity.E,
    title="A date that can be read in two ways",
    summary="A text such as 03/04/2026 stands where no date order is set (date_order) or proved by the column.",
    why="The tool never guesses the order of day and month: a wrong guess is three weeks or ten months wrong.",
    row=_ambiguous_dates,
    reads=("due", "start", "original_due", "done_on"),
    facts=("cell", "text", "first", "second"),
    kinds=("both", "plain"),
    bad=rows(SAMPLE._replace(due=DateReading(problem=DateProblem.AMBIGUOUS, text="03/04/2026"))),
    good=rows(SAMPLE._replace(due=on("2026-04-03"))),
    wordings=wordings("DAT006"),
)

MASS_CHANGE = Rule(
    code="DAT007",
    name="mass-change",
    severity=Severity.E,
    title="Too much changed at once",
    summary="More than 30 % (and at least 5) of the known open rows vanished or changed owner or due date since the "
    "last run: the run only reads.",
    why="A sort of the wrong range or a pasted old copy would otherwise become the plan of twenty people.",
    field=Field.ID,
    made_by="comparing with the last run",
    facts=("rows", "live", "vanished", "owner", "due", "examples"),
    guard=True,
    bad=Example((), text="owners sorted apart from their rows: 40 of 60 open actions have another owner"),
    good=Example((), text="the sort undone, or confirmed with --accept-changes"),
    wordings=wordings("DAT007"),
)

SWAPPED_IDS = Rule(
    code="DAT008",
    name="swapped-ids",
    severity=Severity.E,
    title="Ids beside the wrong rows",
    summary="Two or more ids stand beside each other's stored cells, word for word: put back when it is clear which "
    "belongs where, else the run only reads.",
    why="Somebody sorted only part of the columns; history must follow the action, not the place.",
    field=Field.ID,
    made_by="telling the rows apart",
    facts=("count", "solved"),
    kinds=("yes", "no"),
    kind_fact="solved",
    guard=True,
    bad=Example((), text="columns A to H sorted, the id column not"),
    good=Example((), text="ids follow their rows"),
    wordings=wordings("DAT008"),
)

RULES = (
    HEADERS,
    STATUS_WORDS,
    CONTRADICTION,
    DUPLICATE_ID,
    UNREADABLE,
    AMBIGUOUS_DATE,
    MASS_CHANGE,
    SWAPPED_IDS,
)
