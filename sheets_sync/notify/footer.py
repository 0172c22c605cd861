"""What stands at the end of a mail: why it came, how to stop it, how fresh it is. It offers only what works."""

from collections.abc import Sequence

from sheets_sync.core.model import Field
from sheets_sync.core.notices import OwnerSection, PlanFacts, Section
from sheets_sync.core.persons import Person
from sheets_sync.notify.owner_part import owns_in
from sheets_sync.notify.plain_text import shown_line
from sheets_sync.notify.row_words import Voice
from sheets_sync.words.rule_words import rule_words


def footer_lines(
    person: Person, sections: Sequence[Section], voices: Sequence[Voice], *, mailbox: bool
) -> tuple[str, ...]:
    """The sentences under a mail. Where it is about several plans, each part's own end names its keeper."""
    voice = voices[0]
    words = voice.words
    if voice.several:
        stop = _stop_several(person, voices, mailbox=mailbox)
        return (words.say("why_several"), stop, words.say("rows_move"))
    why = dict.fromkeys(_why(section, voice) for section in sections)
    return (*why, _stop(person, voice, mailbox=mailbox), words.say("rows_move"), read_line(voice))


def _why(section: Section, voice: Voice) -> str:
    plan = voice.plan_name
    if not isinstance(section, OwnerSection):
        return voice.words.say("why_leader", plan=plan)
    if not owns_in(section):
        return voice.words.say("why_stand_in", plan=plan)
    return voice.words.say("why_owner", plan=plan, column=_owner_column(voice))


def _owner_column(voice: Voice) -> str:
    """What the owner column is called in the sheet; the reader's word where that is not known."""
    headers = [voice.headers(tab).get(Field.OWNER, "") for tab, _ in voice.plan.headers]
    named = " / ".join(dict.fromkeys(filter(None, map(voice.text, headers))))
    return named or rule_words(voice.words.language).cells[Field.OWNER]


def closing_lines(voice: Voice) -> tuple[str, ...]:
    """What ends one plan's part among several."""
    return (voice.words.say("keeper", keeper=keeper_text(voice.plan)), read_line(voice))


def read_line(voice: Voice) -> str:
    """When the plan was read, in its own time zone."""
    return voice.words.say("read_at", when=voice.dates.moment(voice.plan.read_at, voice.plan.timezone))


def keeper_text(plan: PlanFacts) -> str:
    """ "Rui Costa (rui@example.org)"."""
    name, address = shown_line(plan.keeper_name), shown_line(plan.keeper_address)
    return f"{name} ({address})" if name and address else name or address


def _stop(person: Person, voice: Voice, *, mailbox: bool) -> str:
    words = voice.words
    if _keeps(person, voice):
        return words.say("stop_self")
    return words.say("stop_mailbox" if mailbox else "stop", keeper=keeper_text(voice.plan))


def _stop_several(person: Person, voices: Sequence[Voice], *, mailbox: bool) -> str:
    words = voices[0].words
    if all(_keeps(person, voice) for voice in voices):
        return words.say("stop_self_several")
    return words.say("stop_mailbox_several" if mailbox else "stop_several")


def _keeps(person: Person, voice: Voice) -> bool:
    return person.identity == voice.plan.keeper_address.lower()
