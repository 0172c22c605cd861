"""Mails what the plans of a command have to say, after all of them ran, and tells what became of it."""

import logging
from collections.abc import Mapping

from sheets_sync.cli.console import Console, clean
from sheets_sync.cli.mail_summary import mail_lines, people_lines, trouble_lines, unreached_lines
from sheets_sync.config.values import Config
from sheets_sync.errors import SheetsSyncError
from sheets_sync.run.clock import SystemClock
from sheets_sync.run.log import error_facts
from sheets_sync.run.mail_wiring import mail_folder, post
from sheets_sync.run.mailing import drain
from sheets_sync.run.outcome import Outcome
from sheets_sync.run.post import MailOutcome
from sheets_sync.store.store import Store

log = logging.getLogger("sheets_sync.run")


def mail_plans(
    config: Config, store: Store, outcomes: Mapping[str, Outcome], out: Console
) -> MailOutcome | SheetsSyncError:
    """Mail what the plans that were read well have to say, and tell what became of it."""
    try:
        mailed = drain(post(config, store, outcomes, clock=SystemClock()))
    except SheetsSyncError as error:
        out.warn(f"mails: {error.message}")
        log.error("mailing failed", extra={"facts": dict(error_facts(error))})
        return error
    tell_mails(config, mailed, outcomes, out)
    return mailed


def tell_mails(config: Config, mailed: MailOutcome, outcomes: Mapping[str, Outcome], out: Console) -> None:
    """Tell what became of the mails."""
    about_people = (*unreached_lines(outcomes), *people_lines(outcomes))
    for line in (*about_people, *mail_lines(mailed, mail_folder(config))):
        out.say(clean(line))
    for line in trouble_lines(mailed):
        out.warn(clean(line))
    if mailed.trouble is not None:
        log.error("mail cannot be sent", extra={"facts": {"since": mailed.trouble.since.isoformat()}})
    log.info("mails done", extra={"facts": mail_facts(mailed)})


def mail_facts(mailed: MailOutcome) -> dict[str, str | int | float | bool]:
    """The counts of a run's mails for its log line."""
    waiting = sum(told.people for told in mailed.waiting)
    return {
        "route": mailed.route,
        "left": mailed.left,
        "unsent": mailed.next,
        "waiting": waiting,
        "dropped": mailed.dropped,
        "refused": mailed.refused,
        "failed": mailed.failed,
        "code": mailed.code,
    }
