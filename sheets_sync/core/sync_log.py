"""The Sync log: when it is to be written, and what should stand in its cells. Pure, and without any word of the plan.

The lines of earlier runs are taken over from the tab as it is, so that a lost store loses none. Where what stands is in
log_layout.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sheets_sync.core.cells import BLANK, CellValue, Kind, number_text, text_value
from sheets_sync.core.decision import LogCell, LogState, Structure, StructureKind
from sheets_sync.core.log_layout import (
    ABOUT,
    ACCEPT_CHANGES,
    CHECK_NOW,
    COLUMNS,
    FIRST_LINE,
    HEADINGS,
    LAST_CHECKED,
    LINES,
    NEXT_CHECK,
    RED_AFTER,
    ROWS,
    TICKS,
    TITLE,
    Place,
)
from sheets_sync.core.snapshot import LogTab, Snapshot
from sheets_sync.core.workdays import Calendar
from sheets_sync.words.flags import LANGUAGES
from sheets_sync.words.log_words import LogWords, log_words

WORKING_DAYS = 2
"""Without a check for so many working days, the last one turns red."""
_DIGITS = 9
"""Behind the point: all programs give so many back as they were, and they tell a minute."""
_FIRST_DAY = dt.datetime(1899, 12, 30, tzinfo=dt.UTC)
_TICK_COLUMN = CHECK_NOW[1]
_SAID: Place = (LAST_CHECKED[0], COLUMNS)
"""Where it stands what the last check means, or that there is none."""
_ROWS_OF: Mapping[str, int] = {
    "last_checked": LAST_CHECKED[0],
    "next_check": NEXT_CHECK[0],
    "red_after": RED_AFTER[0],
    "check_now": CHECK_NOW[0],
    "accept_changes": ACCEPT_CHANGES[0],
}


class LogLine(NamedTuple):
    """One run worth a line. `at` is in the plan's zone; `kind` as in the store's plan_event; `counts`
    are numbers by what they count; `code` says why."""

    at: dt.datetime
    kind: str
    counts: tuple[tuple[str, int], ...] = ()
    code: str = ""


class Ticks(NamedTuple):
    """What people asked for in the Sync log."""

    check_now: bool = False
    accept_changes: bool = False

    def __bool__(self) -> bool:
        return self.check_now or self.accept_changes


class LogFacts(NamedTuple):
    """What a run knows when it writes; instants are in the plan's zone. `asked` is when the workbook with the ticks was
    saved, `red_after` the last day that is well without another check (None: every day is). `lines` are new, in any
    order; `boxes` tells that the ticks are check boxes."""

    now: dt.datetime
    red_after: dt.date | None
    next_check: dt.datetime | None = None
    asked: dt.datetime | None = None
    lines: tuple[LogLine, ...] = ()
    boxes: bool = False


def own_log(snapshot: Snapshot) -> LogTab | None:
    """The Sync log of a workbook, if it reads like one: a workbook is data, and a mark that people's own cells carry by
    mistake or on purpose must not make them ours."""
    seen = snapshot.log
    if seen is None:
        return None
    labels = {label for language in LANGUAGES for label in log_words(language).labels.values()}
    texts = (value.text for (row, column), value in seen.cells.items() if column == 1 and row < FIRST_LINE)
    return seen if any(text in labels for text in texts) else None


def ticks_of(seen: LogTab | None) -> Ticks:
    """What is ticked: anything at all in a tick's cell counts, but for what means no. The cell is that beside the
    tick's label, wherever people moved it to: one tick must never be taken for the other."""
    if seen is None:
        return Ticks()
    rows = {value.text: row for (row, column), value in seen.cells.items() if column == 1 and row < FIRST_LINE}
    return Ticks(*(_is_ticked(seen.cells.get((_row_of(name, rows), _TICK_COLUMN), BLANK)) for name in Ticks._fields))


def _row_of(name: str, rows: Mapping[str, int]) -> int:
    """The row of a label in any language; 0 where there is none."""
    labels = (log_words(language).labels[name] for language in LANGUAGES)
    return next((rows[label] for label in labels if label in rows), 0)


def _is_ticked(value: CellValue) -> bool:
    return bool(value.text.strip()) and value != CellValue(Kind.BOOL, "FALSE")


def red_after(today: dt.date, calendar: Calendar, *, next_check: dt.date | None = None) -> dt.date:
    """The last day that may pass without another check: two working days from today, or the day of the next check where
    that is later."""
    day = calendar.add(today, WORKING_DAYS)
    return max(day, next_check) if next_check is not None else day


def is_due(seen: LogTab | None, today: dt.date, words: LogWords) -> bool:
    """Whether the log is to be written although nothing else is: somebody asked, the last check it tells of was on
    another day, or it says that nothing is checked."""
    if seen is None:
        return False
    rests = seen.cells.get(_SAID, BLANK).text != words.meanings["last_checked"]
    return rests or bool(ticks_of(seen)) or _day(seen.cells.get(LAST_CHECKED, BLANK)) != today


def kept_log(seen: LogTab | None, facts: LogFacts, words: LogWords) -> Structure | None:
    """The change that brings the log up to date, or adds it; None when every cell stands as it should."""
    held = seen.cells if seen is not None else {}
    wanted = {
        **_frame(words, boxes=facts.boxes),
        **_instants(facts),
        **_ticks(seen, facts, words),
        **_lines(held, facts.lines, words),
    }
    return _change(seen, {place: value for place, value in wanted.items() if value != BLANK}, words)


def rested_log(seen: LogTab, facts: LogFacts, words: LogWords, *, until: dt.date | None) -> Structure | None:
    """The change by which a log says that its plan is paused, until a day or until somebody lets it go on; None when it
    says so already. Ticks are answered with that."""
    said = words.meanings["paused_until" if until else "paused"].format(until=until)
    wanted = {
        **_frame(words, boxes=facts.boxes),
        **_instants(facts),
        **_ticks(seen, facts, words, aside=words.runs["paused"]),
        **_lines(seen.cells, facts.lines, words),
        LAST_CHECKED: seen.cells.get(LAST_CHECKED, BLANK),
        _SAID: text_value(said),
    }
    return _change(seen, {place: value for place, value in wanted.items() if value != BLANK}, words)


def ended_log(seen: LogTab, words: LogWords) -> Structure | None:
    """The change by which a log that is no longer kept says so, and never turns red; None when it says so already."""
    off = text_value(words.meanings["off"])
    wanted = {**seen.cells, _SAID: off}
    for place in (NEXT_CHECK, RED_AFTER):
        wanted.pop(place, None)
    return _change(seen, wanted, words)


def removed_log(seen: LogTab | None) -> Structure:
    """The change that takes the log out; None stands for one whose mark alone is left."""
    cells = _cells(seen.cells) if seen is not None else ()
    return Structure(StructureKind.LOG, "", LogState(seen.name if seen is not None else "", cells), None)


def _change(seen: LogTab | None, wanted: Mapping[Place, CellValue], words: LogWords) -> Structure | None:
    if seen is None:
        return Structure(StructureKind.LOG, "", None, LogState(words.tab, _cells(wanted)))
    places = sorted(place for place in {*seen.cells, *wanted} if seen.cells.get(place) != wanted.get(place))
    if not places:
        return None
    before = _cells({place: seen.cells.get(place, BLANK) for place in places})
    after = _cells({place: wanted.get(place, BLANK) for place in places})
    return Structure(StructureKind.LOG, "", LogState(seen.name, before), LogState(seen.name, after))


def _cells(values: Mapping[Place, CellValue]) -> tuple[LogCell, ...]:
    return tuple(LogCell(*place, values[place]) for place in sorted(values))


def _frame(words: LogWords, *, boxes: bool) -> dict[Place, CellValue]:
    """The words that never change."""
    meanings = {**words.meanings, **words.boxes} if boxes else words.meanings
    texts = {TITLE: words.tab, ABOUT: words.about}
    texts |= {(row, 1): words.labels[name] for name, row in _ROWS_OF.items()}
    texts |= {(row, COLUMNS): meanings[name] for name, row in _ROWS_OF.items()}
    texts |= {(HEADINGS, column): text for column, text in enumerate(words.headings, 1)}
    return {place: text_value(text) for place, text in texts.items()}


def _instants(facts: LogFacts) -> dict[Place, CellValue]:
    return {
        LAST_CHECKED: _serial(facts.now),
        NEXT_CHECK: _serial(facts.next_check) if facts.next_check is not None else BLANK,
        RED_AFTER: _serial(dt.datetime.combine(facts.red_after, dt.time(), dt.UTC)) if facts.red_after else BLANK,
    }


def _ticks(seen: LogTab | None, facts: LogFacts, words: LogWords, *, aside: str = "") -> dict[Place, CellValue]:
    """The ticks are cleared and answered, with `aside` behind the answer; an earlier answer stays until the next."""
    cells: dict[Place, CellValue] = {}
    for (row, column), ticked in zip(TICKS, ticks_of(seen), strict=True):
        cells[row, column] = BLANK
        if ticked:
            cells[row, COLUMNS] = text_value(": ".join(filter(None, (_answer(facts, words), aside))))
        elif seen is not None and seen.cells.get((row, COLUMNS), BLANK) != BLANK:
            cells[row, COLUMNS] = seen.cells[row, COLUMNS]
    return cells


def _answer(facts: LogFacts, words: LogWords) -> str:
    answered = _clock(facts.now, facts.now)
    if facts.asked is None or facts.asked > facts.now:
        return words.answered.format(answered=answered)
    return words.asked.format(asked=_clock(facts.asked, facts.now), answered=answered)


def _clock(instant: dt.datetime, now: dt.datetime) -> str:
    """The time of day, with the day where that is not today's or the answer itself."""
    alone = instant.date() == now.date() and instant != now
    return f"{instant:%H:%M}" if alone else f"{instant:%Y-%m-%d %H:%M}"


def _lines(held: Mapping[Place, CellValue], new: Iterable[LogLine], words: LogWords) -> dict[Place, CellValue]:
    """The lines, newest first: new ones above those that stand there, the oldest left out."""
    known = [tuple(held.get((row, column), BLANK) for column in range(1, COLUMNS + 1)) for row in _line_rows()]
    told = [_line(line, words) for line in sorted(new, key=lambda line: line.at, reverse=True)]
    fresh = [line for line in told if line not in known]
    rows = [*fresh, *(line for line in known if any(cell != BLANK for cell in line))][:LINES]
    return {
        (row, column): value
        for row, line in zip(_line_rows(), rows, strict=False)
        for column, value in enumerate(line, 1)
    }


def _line_rows() -> range:
    return range(FIRST_LINE, ROWS + 1)


def _line(line: LogLine, words: LogWords) -> tuple[CellValue, ...]:
    counted = [words.counts[name].format(number) for name, number in line.counts if name in words.counts]
    why = [words.reasons.get(line.code, line.code)] if line.code else []
    result = "; ".join([*why, *counted])
    return _serial(line.at), text_value(words.runs.get(line.kind, line.kind)), text_value(result)


def newest_line(seen: LogTab | None, zone: dt.tzinfo) -> dt.datetime | None:
    """When the run of the topmost line was, to the minute, in the plan's `zone`; None when there is no line."""
    shown = _instant(seen.cells.get((FIRST_LINE, 1), BLANK)) if seen is not None else None
    return shown.replace(tzinfo=zone) if shown is not None else None


def _serial(instant: dt.datetime) -> CellValue:
    """An instant as spreadsheets count it: what clocks show, as days since 30 December 1899, to the minute."""
    minutes = int((instant.replace(tzinfo=dt.UTC) - _FIRST_DAY).total_seconds() // 60)
    return CellValue(Kind.NUMBER, number_text(round(minutes / 1440, _DIGITS)))


def _instant(value: CellValue) -> dt.datetime | None:
    """What clocks showed, as if in UTC; None for what is no instant."""
    if value.kind is not Kind.NUMBER:
        return None
    try:
        return _FIRST_DAY + dt.timedelta(minutes=round(float(value.text) * 1440))
    except (OverflowError, ValueError):
        return None


def _day(value: CellValue) -> dt.date | None:
    instant = _instant(value)
    return instant.date() if instant is not None else None
