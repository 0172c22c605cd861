"""What `mail test` does: one real mail to the keeper, and what became of it in words."""

from collections.abc import Sequence
from pathlib import Path

from sheets_sync.cli.console import Console, clean, console
from sheets_sync.cli.mail_desk import no_keeper
from sheets_sync.config.load import find_config, load_config
from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.core.mails import Attempt, Envelope, Rendered, Sending
from sheets_sync.core.persons import Person
from sheets_sync.errors import UsageError
from sheets_sync.notify.message import build, message_id, recipient
from sheets_sync.run.clock import SystemClock
from sheets_sync.run.mail_wiring import mail_folder, open_transport
from sheets_sync.run.wiring import chosen_plans, open_store

KIND = "test"
SUBJECT = "A test mail of sheets-sync"
TEXT = """\
This is a test mail of sheets-sync.

You get it because you are the keeper of {plans}. It was sent by hand, with: sheets-sync mail test

If you can read it, mails can reach you. Look at where it came to (the inbox, or the spam folder?) and whether its \
sender is the address you expect.

Nobody else was mailed.
"""
HTML = """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{subject}</title></head>\
<body style="font-family:Arial,sans-serif;font-size:16px;line-height:1.5">{paragraphs}</body></html>
"""
NEXT = {
    Sending.RETRY: "A test mail is not tried again by itself: send another one in a few minutes.",
    Sending.UNCERTAIN: "If it arrived all is well; if not, send another one.",
    Sending.REFUSED: "The keeper's address and sender below [mail] in config.toml must be right.",
    Sending.STOP: "These keys stand below [mail] in config.toml; sheets-sync doctor --mail tries them without sending.",
}


def send_test(config: Path | None, plan: str | None) -> int:
    """Send the mail. Returns 0 when it left or is written, 3 when it failed."""
    out = console()
    loaded = load_config(find_config(config))
    chosen = chosen_plans(loaded, (plan,) if plan else ())
    keeper = the_keeper(chosen)
    names = tuple(p.settings.name for p in chosen if p.mail.keeper is not None)
    attempt = _sent(loaded, keeper, chosen, names)
    if attempt.result is Sending.SENT:
        _note_that_mails_leave(loaded)
    return _told(out, attempt, loaded)


def _note_that_mails_leave(config: Config) -> None:
    """What kept mails from leaving is over."""
    store = open_store(config)
    try:
        if store.outbox.trouble() is not None:
            store.outbox.clear_trouble()
    finally:
        store.close()


def the_keeper(plans: Sequence[PlanConfig]) -> Person:
    """The one keeper of these plans. Raises UsageError when there is none, or several."""
    found = {plan.mail.keeper.identity: plan.mail.keeper for plan in plans if plan.mail.keeper is not None}
    if not found:
        raise no_keeper()
    if len(found) > 1:
        named = ", ".join(plan.settings.name for plan in plans)
        raise UsageError("these plans have different keepers", f"name one plan with --plan: {named}")
    return next(iter(found.values()))


def wording(names: Sequence[str]) -> Rendered:
    """The mail's own words; `names` are the plans'."""
    from html import escape

    text = TEXT.format(plans=clean(", ".join(names)))
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.strip().split("\n\n"))
    return Rendered(SUBJECT, text, HTML.format(subject=escape(SUBJECT), paragraphs=paragraphs))


def _sent(config: Config, keeper: Person, plans: Sequence[PlanConfig], names: Sequence[str]) -> Attempt:
    now = SystemClock().now()
    settings = config.mail
    uids = tuple(plan.settings.uid for plan in plans)
    letter = Envelope(
        to=keeper,
        reply_to=keeper.address,
        reply_to_name=keeper.name,
        kinds=(KIND,),
        plans=uids,
        period=now.isoformat(),
        message_id=message_id(
            settings.sender, keeper.identity, kinds=(KIND,), plans=uids, period=now.isoformat(), day=now.date()
        ),
        queued_at=now,
    )
    transport = open_transport(config)
    try:
        raw = build(wording(names), letter, settings)
        return transport.send(recipient(keeper, settings), raw, message_id=letter.message_id)
    finally:
        transport.close()


def _told(out: Console, attempt: Attempt, config: Config) -> int:
    """Say what became of it."""
    if attempt.result is Sending.SENT:
        where = "where all mails are redirected to" if config.mail.redirect_all_to else "the keeper's inbox"
        out.say(f"The mail server took it. Look into {where}, and into the spam folder.")
        return 0
    if attempt.result is Sending.WRITTEN:
        out.say(f"Written as a file into {mail_folder(config)}")
        out.say("No mail server is configured below [mail], so nothing was sent.")
        return 0
    out.warn(attempt.reason)
    out.warn(f"  {NEXT[attempt.result]}")
    return 3
