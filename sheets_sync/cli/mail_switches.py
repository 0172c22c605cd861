"""What `mail off`, `mail on` and `mail release` do: stop mails, let them go, let them go live."""

from pathlib import Path

from sheets_sync.cli.console import clean, console
from sheets_sync.cli.mail_desk import Desk, desk, one_person
from sheets_sync.core.mails import MailState
from sheets_sync.core.persons import Person
from sheets_sync.errors import UsageError
from sheets_sync.run.clock import SystemClock
from sheets_sync.run.wiring import chosen_plans

ALL = 100_000


def switch_off(config: Path | None) -> int:
    """Stop every mail."""
    out = console()
    with desk(config) as at:
        at.outbox.switch_off(SystemClock().now())
        waiting, sending = _unsent(at)
    out.say(f"Mail is off. Stopped in the outbox: {waiting}")
    if sending:
        out.warn(f"being sent right now, and not to be stopped: {sending}")
    out.say("Runs go on checking and flagging. Mails again: sheets-sync mail on")
    return 0


def switch_on(config: Path | None) -> int:
    """Let mails leave again."""
    out = console()
    with desk(config) as at:
        was_off = at.outbox.off_since() is not None
        at.outbox.switch_on()
        waiting, _ = _unsent(at)
    out.say("Mail is on again." if was_off else "Mail was on already.")
    out.say(f"In the outbox: {waiting}; the next run sends what is still of this week")
    return 0


def _unsent(at: Desk) -> tuple[int, int]:
    """How many mails wait, and how many are being sent at this moment."""
    states = [mail.state for mail in at.outbox.mails(limit=ALL)]
    return states.count(MailState.PENDING), states.count(MailState.SENDING)


def release_plans(config: Path | None, names: tuple[str, ...]) -> int:
    """Let the mails of these plans (of all, when none is named) go to the people themselves."""
    out = console()
    now = SystemClock().now()
    with desk(config) as at:
        for plan in chosen_plans(at.config, names):
            before = at.outbox.released(plan.settings.uid)
            at.outbox.release(plan.settings.uid, now)
            told = "was released already" if before else "released: with the next run its people are mailed"
            out.say(clean(f"{plan.settings.name}: {told}"))
            if plan.mail.keeper is None:
                out.warn(clean(f"{plan.settings.name}: nobody is mailed before a keeper is configured"))
        if at.config.mail.smtp is None:
            out.say("No mail server is configured: mails are written as files, nobody is mailed")
        held = len(at.outbox.held_persons())
    if held:
        out.say(f"Addresses from a People tab that wait for release: {held}; sheets-sync mail release PERSON")
    return 0


def release_person(config: Path | None, names: tuple[str, ...], word: str, *, yes: bool) -> int:
    """Release a person whose address or leader a People tab gave. Raises UsageError when nobody of that name waits."""
    out = console()
    with desk(config) as at:
        plans = {plan.settings.uid for plan in chosen_plans(at.config, names)}
        held = [(plan, person) for plan, person in at.outbox.held_persons() if plan in plans]
        if not held:
            raise UsageError("nobody waits for release", "sheets-sync mail why PERSON tells what holds a mail")
        name = one_person(word, (person for _, person in held), out).name
        found = [(plan, person) for plan, person in held if person.name == name]
        if not out.counts_only:
            for plan, person in found:
                out.say(clean(f"{at.plan_name(plan)}: {_described(person)}"))
        if not yes and not out.confirm("Release this?"):
            return 0
        now = SystemClock().now()
        released = sum(at.outbox.release_person(plan, name, now) for plan in dict.fromkeys(plan for plan, _ in found))
    out.say(f"Released: {released}; with the next run mails may go there")
    return 0


def _described(person: Person) -> str:
    leader = f", leader {person.leader}" if person.leader else ""
    return f"{person.name} <{person.address}>{leader}"
