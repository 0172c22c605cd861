"""What a keeper is told when a plan could not be checked or written again and again (HAZARDS 33): since when, how
often, why and what to do. Nothing of it comes from a workbook. Whom it goes to and when is not here."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sheets_sync.core.health import PlanHealth
from sheets_sync.core.notices import PlanFacts
from sheets_sync.core.persons import Person
from sheets_sync.notify.format_dates import Dates
from sheets_sync.notify.mail_view import FailingPlanView, FailingView
from sheets_sync.notify.plain_text import one_line
from sheets_sync.notify.row_words import Voice
from sheets_sync.words.causes import cause_words
from sheets_sync.words.mail_words import MailWords, mail_language, mail_words

LOOK = "sheets-sync status"


class Failing(NamedTuple):
    """A plan that did not get its runs."""

    plan: PlanFacts
    health: PlanHealth


def failing_view(failing: Sequence[Failing], keeper: Person, now: dt.datetime) -> FailingView:
    """All plans this keeper is told of, by name."""
    ordered = sorted(failing, key=lambda one: one.plan.name)
    words = mail_words(mail_language(keeper.language, ordered[0].plan.language))
    voices = [Voice(words, Dates(words.locale, one.plan.day), one.plan) for one in ordered]
    names = words.joined([voice.plan_name for voice in voices])
    lead = words.say("failing_lead")
    return FailingView(
        language=words.language,
        subject=one_line(words.say("failing_subject", plans=names)),
        preheader=lead,
        day=voices[0].dates.full(now.astimezone(ZoneInfo(ordered[0].plan.timezone)).date()),
        headline=words.say("failing_headline"),
        lead=lead,
        plans=tuple(_plan(one, voice) for one, voice in zip(ordered, voices, strict=True)),
        look_lead=words.say("failing_look"),
        look=LOOK,
        footer=tuple(_why_you(voices, keeper, words)),
    )


def _why_you(voices: Sequence[Voice], reader: Person, words: MailWords) -> Iterator[str]:
    """Why this person is told: as the keeper of plans, and in place of others' keepers."""
    own = [one.plan_name for one in voices if one.plan.keeper_address.lower() == reader.identity]
    others = [one.plan_name for one in voices if one.plan.keeper_address.lower() != reader.identity]
    if own:
        yield words.say("failing_why", plan=words.joined(own))
    if others:
        yield words.say("failing_stand_in", plan=words.joined(others))


def _plan(one: Failing, voice: Voice) -> FailingPlanView:
    words, health = voice.words, one.health
    said = cause_words(words.language)[health.reason]
    since = [words.say("failing_since", since=_moment(voice, health.failing_since))] if health.failing_since else []
    checked = words.say("failing_checked", when=_moment(voice, health.checked)) if health.checked else ""
    return FailingPlanView(
        plan=voice.plan_name,
        link=voice.link,
        since=" ".join([*since, words.count("failing_runs", health.failures)]),
        why=said.why,
        what_to_do=said.do,
        checked=checked or words.say("failing_unchecked"),
    )


def _moment(voice: Voice, instant: dt.datetime) -> str:
    return voice.dates.moment(instant, voice.plan.timezone)
