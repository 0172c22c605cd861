"""What stands at the end of a mail: why it came, how to stop it, how fresh it is. It offers only what works."""

from collections.abc import Sequence

from sheets_sync.core.notices import OwnerSection, PlanFacts, Section
from sheets_sync.core.persons import Person
from sheets_sync.notify.plain_text import shown_line
from sheets_sync.notify.row_words import Voice


def footer_lines(person: Person, sections: Sequence[Section], voice: Voice, *, mailbox: bool) -> tuple[str, ...]:
    """The sentences under a mail. Where it has several parts, each part's own end names its keeper."""
    words = voice.words
    if len(sections) > 1:
        stop = words.say("stop_mailbox_several" if mailbox else "stop_several")
        return (words.say("why_several"), stop, words.say("rows_move"))
    stop = _stop(person, voice, mailbox=mailbox)
    return (words.say(_why(sections[0]), plan=voice.plan_name), stop, words.say("rows_move"), read_line(voice))


def _why(section: Section) -> str:
    if not isinstance(section, OwnerSection):
        return "why_leader"
    own = (section.finished, section.late, section.blocked, section.due_soon, section.waiting, section.fixes)
    return "why_owner" if any(own) or section.later else "why_stand_in"


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
    words, plan = voice.words, voice.plan
    if person.identity == plan.keeper_address.lower():
        return words.say("stop_self")
    return words.say("stop_mailbox" if mailbox else "stop", keeper=keeper_text(plan))
