"""One action in the reader's words, as a card or as a row of a list. Which rows a mail shows is decided elsewhere."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from sheets_sync.core.google import row_address
from sheets_sync.core.model import AMBER, RED, Flag, Status
from sheets_sync.core.notices import PlanFacts, Row
from sheets_sync.notify.format_dates import Dates
from sheets_sync.notify.mail_view import RowView
from sheets_sync.notify.plain_text import LONGEST_FIX, LONGEST_NAME, LONGEST_NOTE, cell_text, host_of
from sheets_sync.rules.messages import render_fix, render_what
from sheets_sync.words.flags import flag_words
from sheets_sync.words.mail_words import MailWords

BETWEEN = " · "
MOST_GOALS = 2
LONGEST_KEY = 40
_SHOWN_STATUSES = (
    Status.PROPOSED,
    Status.PLANNED,
    Status.IN_PROGRESS,
    Status.BLOCKED,
    Status.ON_HOLD,
    Status.DONE,
    Status.VERIFIED,
    Status.CANCELLED,
)


class Voice(NamedTuple):
    """In whose language, about which plan. `several` tells that the mail is about more than one plan."""

    words: MailWords
    dates: Dates
    plan: PlanFacts
    several: bool = False

    def text(self, cell: str, longest: int = LONGEST_NAME) -> str:
        """A cell's text, cleaned for this mail."""
        return cell_text(cell, longest, host_of(self.plan.link))

    def headers(self, tab: str) -> Mapping[str, str]:
        """What the columns of a tab are called in the sheet, by field."""
        return dict(dict(self.plan.headers).get(tab, ()))

    @property
    def link(self) -> str:
        """Where the plan opens, "" when people have no https address of it."""
        return self.plan.link if host_of(self.plan.link) else ""

    @property
    def plan_name(self) -> str:
        """The plan's name as shown."""
        return self.text(self.plan.name)

    @property
    def plan_named(self) -> str:
        """ "Plan Product launch"; a name that says itself that it is a plan stands alone."""
        name = self.plan_name
        return name if "plan" in name.casefold() else self.words.say("plan_named", plan=name)


def capitalised(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def card(row: Row, voice: Voice) -> RowView:
    """A row in full, as something to act on."""
    view = _common(row, voice)
    words = voice.words
    lines = [words.say("blocker", text=voice.text(row.blocker, LONGEST_NOTE))] if row.blocker else []
    if row.need:
        lines.append(words.say("need", text=voice.text(row.need, LONGEST_NOTE)))
    goals = _goals(row, voice)
    seen = words.say("note_seen", date=voice.dates.full(row.note_seen)) if row.note and row.note_seen else ""
    return view._replace(
        state=_state(row, voice),
        tone=tone(row),
        meta=BETWEEN.join(filter(None, (_when(row, voice), _progress(row, voice)))),
        lines=(*lines, *goals),
        note=words.say("note", text=voice.text(row.note, LONGEST_NOTE)) if row.note else "",
        note_seen=seen,
        next_step=_next_step(row, voice),
    )


def decision(row: Row, voice: Voice) -> RowView:
    """A row a leader is asked to decide: the need cell word for word, else the five choices."""
    asked = voice.text(row.need, LONGEST_NOTE)
    ask = voice.words.say("ask_quoted", text=asked) if asked else voice.words.say("choices")
    view = card(row._replace(need=""), voice)
    return view._replace(ask=ask, name=voice.text(row.owner), next_step="")


def listed(row: Row, voice: Voice) -> RowView:
    """A row in short, with its day in front."""
    meta = (_status_word(row, voice), _progress(row, voice))
    return _common(row, voice)._replace(
        tone=tone(row),
        state=_late(row, voice),
        day=_day(row.due, voice),
        meta=BETWEEN.join(filter(None, meta)),
        name=voice.text(row.owner),
        lines=_goals(row, voice),
        next_step=_next_step(row, voice),
    )


def correction(row: Row, voice: Voice) -> RowView:
    """A row with the worst thing to correct in it and what to type."""
    finding = row.fixes[0]
    language, headers = voice.words.language, voice.headers(finding.tab)
    return _common(row, voice)._replace(
        problem=voice.text(render_what(finding, language, headers=headers), LONGEST_FIX),
        fix=voice.text(render_fix(finding, language, headers=headers), LONGEST_FIX),
    )


def finished(row: Row, voice: Voice) -> RowView:
    """A closed row; who closed it stands in a line of its own."""
    return _common(row, voice)._replace(tone="green", name=voice.text(row.owner))


def tone(row: Row) -> str:
    """Red and amber as in the plan's own health of a row (DOMAIN 2.4)."""
    if row.days_late > 0 or row.flag in RED:
        return "red"
    return "amber" if row.flag in AMBER or row.status is Status.BLOCKED else "plain"


def _common(row: Row, voice: Voice) -> RowView:
    words, key = voice.words, voice.text(row.key, LONGEST_KEY)
    number = str(row.row)
    named = key or words.say("row_named", row=number)
    link = row_address(voice.link, row.tab_key, row.row)
    return RowView(
        title=voice.text(row.title, 140),
        label=f"{voice.plan_name} {named}" if voice.several else named,
        button=words.say("open", key=named) if voice.link else "",
        link=link,
        row_link=link if link != voice.link else "",
        place=_place(key, number, row.tab, voice),
        where="" if not key and voice.link else _where(number, row.tab, voice),
        new=row.new,
    )


def _place(key: str, number: str, tab: str, voice: Voice) -> str:
    words = voice.words
    if voice.link:
        kind = "place_link" if key else "place_link_no_key"
        return words.say(kind, row=number, **({"key": key} if key else {}))
    facts = {"plan": voice.plan_named, "tab": voice.text(tab), "row": number}
    return words.say("place", key=key, **facts) if key else words.say("place_no_key", **facts)


def _where(number: str, tab: str, voice: Voice) -> str:
    if voice.link:
        return voice.words.say("row_named", row=number)
    return voice.words.say("short_place", tab=voice.text(tab), row=number)


def _state(row: Row, voice: Voice) -> str:
    return BETWEEN.join(filter(None, (_lateness(row, voice), voice.words.say("state_high") * row.high_priority)))


def _lateness(row: Row, voice: Voice) -> str:
    late = _late(row, voice)
    blocked = voice.words.say("state_blocked") if row.status is Status.BLOCKED or row.flag is Flag.BLOCKED else ""
    if late or blocked:
        return BETWEEN.join(filter(None, (late, blocked)))
    return flag_words(voice.words.language).flags[row.flag].capitalize() if row.flag else _status_word(row, voice)


def _late(row: Row, voice: Voice) -> str:
    return voice.words.count("state_late", row.days_late) if row.days_late > 0 else ""


def _when(row: Row, voice: Voice) -> str:
    if row.due is None:
        return ""
    if row.days_late <= 0 and row.due == voice.plan.day:
        return voice.words.say("due_today")
    return voice.words.say("since" if row.days_late > 0 else "due", date=voice.dates.full(row.due))


def _day(due: dt.date | None, voice: Voice) -> str:
    if due is None:
        return voice.words.say("no_due")
    return voice.words.say("today") if due == voice.plan.day else voice.dates.narrow(due)


def _progress(row: Row, voice: Voice) -> str:
    if row.progress is None:
        return ""
    return voice.words.say("done_share", percent=voice.words.percent(row.progress))


def _status_word(row: Row, voice: Voice) -> str:
    if row.status not in _SHOWN_STATUSES:
        return ""
    return flag_words(voice.words.language).statuses[_SHOWN_STATUSES.index(row.status)]


def _goals(row: Row, voice: Voice) -> tuple[str, ...]:
    goals = [voice.text(goal) for goal in row.serves[:MOST_GOALS]]
    return (voice.words.say("serves", goals=", ".join(goals)),) if goals else ()


def _next_step(row: Row, voice: Voice) -> str:
    if row.next_step_on is None:
        return ""
    date, name = voice.dates.full(row.next_step_on), voice.text(row.next_step_to)
    if not name:
        return voice.words.say("next_step_unnamed", date=date)
    if row.next_step_on <= voice.plan.day:
        return voice.words.say("next_step_now", name=name)
    return voice.words.say("next_step", date=date, name=name)
