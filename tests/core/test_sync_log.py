"""What stands in the Sync log, when it is written, and when it turns red."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from sheets_sync.core.cells import BLANK, Cell, CellValue, Kind, text_value
from sheets_sync.core.decision import LogState
from sheets_sync.core.header import find_header
from sheets_sync.core.log_layout import CHECK_NOW, FIRST_LINE, LAST_CHECKED, RED_AFTER, ROWS, Place
from sheets_sync.core.settings import CalendarSettings, PlanSettings
from sheets_sync.core.snapshot import LogTab, Row, Tab
from sheets_sync.core.sync_log import (
    LogFacts,
    LogLine,
    ended_log,
    is_due,
    kept_log,
    newest_line,
    red_after,
    ticks_of,
)
from sheets_sync.core.workdays import Calendar
from sheets_sync.words.flags import LANGUAGES
from sheets_sync.words.log_words import log_words

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
FRIDAY = dt.datetime(2026, 11, 20, 10, 5, 40, tzinfo=SAO_PAULO)
FACTS = LogFacts(FRIDAY, dt.date(2026, 11, 24))
HOLIDAYS = CalendarSettings(holidays=frozenset({dt.date(2026, 11, 23)}))


def cells_of(state: object) -> dict[Place, CellValue]:
    """The cells of a state, by place."""
    assert isinstance(state, LogState)
    return {(row, column): value for row, column, value in state.cells}


def log(facts: LogFacts = FACTS, *, language: str = "en") -> LogTab:
    """A log as written with these facts."""
    added = kept_log(None, facts, log_words(language))
    assert added is not None
    return LogTab("9", "Sync log", cells_of(added.after))


def with_cell(held: LogTab, place: Place, value: CellValue) -> LogTab:
    """The log with one cell typed over."""
    return held._replace(cells={**held.cells, place: value})


@pytest.mark.parametrize(
    ("checked", "calendar", "next_check", "expected"),
    [
        (dt.date(2026, 11, 16), CalendarSettings(), None, dt.date(2026, 11, 18)),
        (dt.date(2026, 11, 20), CalendarSettings(), None, dt.date(2026, 11, 24)),
        (dt.date(2026, 11, 21), CalendarSettings(), None, dt.date(2026, 11, 24)),
        (dt.date(2026, 11, 20), HOLIDAYS, None, dt.date(2026, 11, 25)),
        (dt.date(2026, 11, 20), CalendarSettings(), dt.date(2026, 11, 23), dt.date(2026, 11, 24)),
        (dt.date(2026, 11, 20), CalendarSettings(), dt.date(2026, 11, 27), dt.date(2026, 11, 27)),
    ],
    ids=["monday", "friday", "saturday", "holiday", "next check soon", "checked once a week"],
)
def test_red_after(checked: dt.date, calendar: CalendarSettings, next_check: dt.date | None, expected: dt.date) -> None:
    """Two of the plan's working days may pass without a check, or as many as pass until the next one is due."""
    assert red_after(checked, Calendar(calendar), next_check=next_check) == expected


def test_due_once_a_day() -> None:
    """A log is due on another day than that of the last check, and whenever something is ticked."""
    today, words = FRIDAY.date(), log_words("en")
    assert not is_due(log(), today, words)
    assert is_due(log(), today + dt.timedelta(days=1), words)
    assert is_due(with_cell(log(), CHECK_NOW, text_value("x")), today, words)
    assert is_due(with_cell(log(), LAST_CHECKED, text_value("last week")), today, words)
    assert is_due(with_cell(log(), LAST_CHECKED, CellValue(Kind.NUMBER, "1e300")), today, words)
    assert not is_due(None, today, words)


@pytest.mark.parametrize(
    ("value", "ticked"),
    [
        (BLANK, False),
        (text_value("x"), True),
        (text_value(" "), False),
        (CellValue(Kind.BOOL, "TRUE"), True),
        (CellValue(Kind.BOOL, "FALSE"), False),
        (CellValue(Kind.NUMBER, "1"), True),
    ],
)
def test_ticks(value: CellValue, *, ticked: bool) -> None:
    """Anything that is no blank and no FALSE is a tick."""
    assert ticks_of(with_cell(log(), CHECK_NOW, value)).check_now is ticked


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tick_is_told_by_its_label(language: str) -> None:
    """Rows that people put in or take out never make one tick the other, in whatever language it was written; without
    its label nothing is ticked."""
    label, other = (text_value(log_words(language).labels[name]) for name in ("check_now", "accept_changes"))
    moved = LogTab("9", "Log", {(9, 1): label, (9, 2): text_value("x"), (10, 1): other})
    assert ticks_of(moved) == (True, False)
    assert ticks_of(moved._replace(cells={(8, 2): text_value("x"), (9, 2): text_value("x")})) == (False, False)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (dt.datetime(2026, 11, 20, 10, 2, tzinfo=SAO_PAULO), "asked 10:02, answered 2026-11-20 10:05"),
        (dt.datetime(2026, 11, 19, 18, 30, tzinfo=SAO_PAULO), "asked 2026-11-19 18:30, answered 2026-11-20 10:05"),
        (dt.datetime(2026, 11, 20, 11, 0, tzinfo=SAO_PAULO), "answered 2026-11-20 10:05"),
        (None, "answered 2026-11-20 10:05"),
    ],
    ids=["this morning", "yesterday", "a clock ahead", "not known"],
)
def test_answer(asked: dt.datetime | None, answer: str) -> None:
    """The answer says when the workbook with the tick was saved, where that makes sense; the tick is cleared."""
    ticked = with_cell(log(), CHECK_NOW, text_value("x"))
    change = kept_log(ticked, LogFacts(FRIDAY, FACTS.red_after, asked=asked), log_words("en"))
    assert change is not None
    assert cells_of(change.before)[CHECK_NOW] == text_value("x")
    assert cells_of(change.after) == {CHECK_NOW: BLANK, (CHECK_NOW[0], 3): text_value(answer)}
    answered = with_cell(log(), (CHECK_NOW[0], 3), text_value(answer))
    assert kept_log(answered, FACTS, log_words("en")) is None


def test_clock_time_is_the_plans() -> None:
    """Instants stand there as clocks of the plan's zone show them, to the minute."""
    assert float(log().cells[LAST_CHECKED].text) == pytest.approx(46346 + (10 * 60 + 5) / 1440, abs=1e-8)
    lines = (LogLine(FRIDAY, "wrote"),)
    assert newest_line(log(LogFacts(FRIDAY, FACTS.red_after, lines=lines)), SAO_PAULO) == FRIDAY.replace(second=0)


def test_lines_are_told_once() -> None:
    """A line that stands there already is not told again."""
    lines = (LogLine(FRIDAY, "mailed", (("mails", 3),)), LogLine(FRIDAY - dt.timedelta(hours=1), "paused"))
    facts = LogFacts(FRIDAY, FACTS.red_after, lines=lines)
    held = log(facts)
    assert held.cells[FIRST_LINE, 3] == text_value("mails sent: 3")
    assert held.cells[FIRST_LINE + 1, 2] == text_value("Paused")
    assert kept_log(held, facts, log_words("en")) is None


def test_ended_for_good() -> None:
    """A log that is kept no more loses the day that would turn it red, and is not written a second time."""
    change = ended_log(log(), log_words("en"))
    assert change is not None
    after = cells_of(change.after)
    assert after[RED_AFTER] == BLANK
    ended = log()._replace(cells={k: v for k, v in {**log().cells, **after}.items() if v != BLANK})
    assert ended_log(ended, log_words("en")) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_plan(language: str) -> None:
    """In no language can the log be taken for a plan, and its name fits a tab."""
    held = log(LogFacts(FRIDAY, FACTS.red_after, lines=(LogLine(FRIDAY, "wrote", (("cells", 3),)),)), language=language)
    rows = [
        Row(row, {c: Cell(v, v.text, 0) for (r, c), v in held.cells.items() if r == row}, hidden=False)
        for row in range(1, ROWS + 1)
    ]
    tab = Tab("9", held.name, tuple(row for row in rows if row.cells))
    assert find_header(tab, PlanSettings("uid", language=language)) is None
    assert len(log_words(language).tab) <= 31


@pytest.mark.parametrize("language", LANGUAGES)
def test_words(language: str) -> None:
    """Every language has every word."""
    words, english = log_words(language), log_words("en")
    for name in ("labels", "meanings", "runs", "counts", "reasons"):
        assert getattr(words, name).keys() == getattr(english, name).keys()
    assert len(words.headings) == 3
