"""What became of the mails of a run, as the last lines of its output: counts, times and names of plans, no people."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

from sheets_sync.core.mails import FILES, REDIRECT, SMTP
from sheets_sync.run.outcome import Outcome
from sheets_sync.run.post import MailOutcome

RELEASE = "sheets-sync mail release"
SENT_ON = {SMTP: "sent", REDIRECT: "redirected to one address, nobody else was mailed"}


def mail_lines(mailed: MailOutcome, folder: Path) -> Iterator[str]:
    """The lines every run ends with. `folder` is where mails are written while no mail server is configured."""
    if mailed.busy:
        yield "another run is sending the mails"
        return
    if mailed.off_since is not None:
        yield f"mail is switched off since {when(mailed.off_since)}: sheets-sync mail on"
        return
    yield _headline(mailed, folder)
    yield from (f"  not mailed, {told.why}: {_people(told.people)}" for told in mailed.waiting if told.until is None)
    if mailed.previews:
        yield f"the mails of a plan wait for its keeper, who got a preview; people are mailed after: {RELEASE}"
    if mailed.dropped:
        yield f"{_count(mailed.dropped, 'message')} dropped: sheets-sync mail why PERSON tells the reason"
    if mailed.suppressed:
        yield f"{_people(mailed.suppressed)} not mailed for two months: the address was refused three times"


def trouble_lines(mailed: MailOutcome) -> Iterator[str]:
    """What went wrong, even for a run that is told to be quiet."""
    if mailed.trouble is not None:
        yield f"mail cannot be sent since {when(mailed.trouble.since)}: {mailed.trouble.reason}"
        yield "  when it is mended: sheets-sync mail test"
    for name in mailed.held:
        yield f"{name}: far more people than last time would be mailed; it waits for: {RELEASE}"
    if mailed.refused:
        yield f"{_count(mailed.refused, 'mail')} refused for good: sheets-sync mail list"
    if mailed.failed:
        because = f": {mailed.failed_because}" if mailed.failed_because else "; the log says where"
        yield f"{_count(mailed.failed, 'mail')} could not be made{because}"


def unreached_lines(outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    """The rows that reach nobody, by plan."""
    for outcome in outcomes.values():
        if outcome.unreached:
            yield f"{outcome.plan}: rows that reach nobody, for want of an owner who can be mailed: {outcome.unreached}"


def people_lines(outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    """How many rows of the People tab cannot be used as they are, by plan."""
    for outcome in outcomes.values():
        if outcome.people_to_mend:
            count = outcome.people_to_mend
            yield f"{outcome.plan}: rows of the People tab to mend: {count}; sheets-sync mail preview lists them"


def when(instant: dt.datetime) -> str:
    """An instant to the minute, in the zone of this computer."""
    return f"{instant.astimezone():%a %d %b %H:%M}"


def _headline(mailed: MailOutcome, folder: Path) -> str:
    later = min((told.until for told in mailed.waiting if told.until is not None), default=mailed.next_at)
    waiting = sum(told.people for told in mailed.waiting if told.until is not None) + mailed.next
    if mailed.route == FILES:
        done = f"{_count(mailed.left, 'mail')} written to {folder}" if mailed.left else "nothing new to write"
        done = f"mail is off: {done}, nobody was mailed"
    elif mailed.left:
        done = f"{_count(mailed.left, 'mail')} {SENT_ON[mailed.route]}"
    else:
        done = "no mail could be sent" if mailed.trouble is not None else "no mail was due"
    until = f" until {when(later)}" if later is not None else ""
    return f"{done}, {waiting} wait{until}" if waiting else done


def _people(number: int) -> str:
    return f"{number} person" if number == 1 else f"{number} people"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
