"""What `mail list` does: show the outbox, and what holds it."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from sheets_sync.cli.console import Console, clean, console
from sheets_sync.cli.mail_desk import Desk, desk
from sheets_sync.cli.mail_summary import when
from sheets_sync.core.mails import FILES, REDIRECT, MailState
from sheets_sync.run.export import safe_json
from sheets_sync.store.outbox import Queued, Trouble

ALL = 100_000
REDIRECTED = "redirected"


def list_mails(config: Path | None, *, form: str, limit: int) -> int:
    """Print the newest mails on a terminal; counts by state anywhere else."""
    out = console()
    with desk(config) as at:
        if form == "json":
            click.echo(safe_json([_counts(at)]), nl=False)
            return 0
        for line in standing(at):
            out.say(clean(line))
        mails = at.outbox.mails(limit=ALL if out.counts_only else limit + 1)
        if out.counts_only:
            say_counts(out, "mails", Counter(map(became, mails)))
            return 0
        if not mails:
            out.say("no mail yet")
            return 0
        out.table(("State", "Day", "Kind", "Person", "Reason"), [mail_line(mail) for mail in mails[:limit]])
        if len(mails) > limit:
            out.say("… and older ones: --limit")
    return 0


def mail_line(mail: Queued) -> tuple[str, ...]:
    """State, day, kinds, person, reason. The subject counts what its reader has, and is theirs alone (HAZARDS 24)."""
    state = f"{mail.state.value}, once more" if mail.again else became(mail)
    return state, mail.day.isoformat(), " + ".join(mail.kinds), mail.name, mail.reason


def became(mail: Queued) -> str:
    """The state of a mail; one that was redirected did not reach its person."""
    return REDIRECTED if mail.route == REDIRECT and mail.state is MailState.SENT else mail.state.value


def _counts(at: Desk) -> dict[str, str | int | bool | None]:
    """The outbox for a monitor: no name, no address, no text."""
    off, trouble = at.outbox.off_since(), trouble_of(at)
    states = Counter(map(became, at.outbox.mails(limit=ALL)))
    return {
        "off_since": off.isoformat() if off else None,
        "trouble_since": trouble.since.isoformat() if trouble else None,
        "held_persons": len(at.outbox.held_persons()),
        **{f"mails_{state}": states[state] for state in (*MailState, REDIRECTED)},
    }


def standing(at: Desk) -> Iterator[str]:
    """What holds all mails, or those of a plan."""
    off, trouble = at.outbox.off_since(), trouble_of(at)
    if off is not None:
        yield f"mail is switched off since {when(off)}: sheets-sync mail on"
    if trouble is not None:
        yield f"no mail can leave since {when(trouble.since)}: {trouble.reason}"
    if at.config.mail.smtp is None:
        yield "no mail server is configured: mails are written as files, nobody is mailed"
        return
    if at.config.mail.route == REDIRECT:
        yield "redirect_all_to is set: mails go to that one address, nobody else is mailed"
    for plan in at.config.plans:
        if not at.outbox.released(plan.settings.uid):
            yield f"{plan.settings.name}: mails go to the keeper alone until sheets-sync mail release"


def trouble_of(at: Desk) -> Trouble | None:
    """What keeps mails from leaving; None also where they are only written as files."""
    return at.outbox.trouble() if at.config.mail.route != FILES else None


def say_counts(out: Console, what: str, counts: Counter[str]) -> None:
    out.say(f"{what}: {counts.total()}")
    for state, count in sorted(counts.items()):
        out.say(f"  {count:>5}  {state}")
