"""The keeper's preview in words: the first live mails wait until somebody has looked, and so do far more than last time
(DOMAIN 5.1, 5.6). It names the people they are for, in alphabetical order and without any figure beside a name."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sheets_sync.core.notices import PlanFacts
from sheets_sync.core.persons import Person
from sheets_sync.notify.format_dates import Dates
from sheets_sync.notify.mail_view import KeeperView, PreviewView
from sheets_sync.notify.plain_text import one_line
from sheets_sync.notify.row_words import Voice
from sheets_sync.words.mail_words import mail_language, mail_words

LOOK, RELEASE = "sheets-sync mail preview", "sheets-sync mail release"


class Waiting(NamedTuple):
    """The mails of one plan that wait for its keeper: the first ones, or (`again`) far more than people got before.
    `names` are the people they are for, `unreached` counts the rows that reach nobody."""

    plan: PlanFacts
    names: tuple[str, ...]
    mails: int
    unreached: int = 0
    again: bool = False


def keeper_view(waiting: Sequence[Waiting], keeper: Person, now: dt.datetime) -> KeeperView:
    """All that waits for this keeper, by plan."""
    ordered = sorted(waiting, key=lambda one: one.plan.name)
    words = mail_words(mail_language(keeper.language, ordered[0].plan.language))
    voices = [Voice(words, Dates(words.locale, one.plan.day), one.plan) for one in ordered]
    names = words.joined([voice.plan_name for voice in voices])
    jumped = "_jump" if any(one.again for one in ordered) else ""
    lead = _lead(ordered, voices)
    return KeeperView(
        language=words.language,
        subject=one_line(words.say(f"preview_subject{jumped}", plans=names)),
        preheader=lead,
        day=voices[0].dates.full(now.astimezone(ZoneInfo(ordered[0].plan.timezone)).date()),
        headline=words.say(f"preview_headline{jumped}"),
        lead=lead,
        plans=tuple(_plan(one, voice) for one, voice in zip(ordered, voices, strict=True)),
        look_lead=words.say("preview_look"),
        look=f"{LOOK} {words.say('preview_name')}",
        release_lead=words.say("preview_release"),
        release=RELEASE,
        footer=(words.say("preview_why", plan=names),),
    )


def _lead(waiting: Sequence[Waiting], voices: Sequence[Voice]) -> str:
    """Why the mails wait, for those plans whose first they are and for the others."""
    words, said = voices[0].words, []
    for again, key in ((False, "preview_lead"), (True, "preview_lead_jump")):
        plans = [voice.plan_name for one, voice in zip(waiting, voices, strict=True) if one.again is again]
        if plans:
            said.append(words.say(key, plan=words.joined(plans)))
    return " ".join(said)


def _plan(waiting: Waiting, voice: Voice) -> PreviewView:
    words = voice.words
    return PreviewView(
        plan=voice.plan_name,
        link=voice.link,
        mails=words.count("preview_mails", waiting.mails),
        names_lead=words.say("preview_names"),
        names=tuple(sorted({voice.text(name) for name in waiting.names}, key=str.casefold)),
        unreached=words.count("unreached", waiting.unreached) if waiting.unreached else "",
    )
