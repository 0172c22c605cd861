"""What a monitor may know of an installation, as metrics: instants, counts and codes, plans by their uids alone."""

import datetime as dt
from collections.abc import Mapping

from sheets_sync.config.values import Config
from sheets_sync.core.health import PlanHealth, is_failing
from sheets_sync.core.mails import FILES, MailState
from sheets_sync.schedule.textfile import Metric
from sheets_sync.store.store import Store

NEWEST = 2000
"""Mails that are looked at for what is unsent."""


def metrics(
    config: Config, store: Store, fares: Mapping[str, PlanHealth], *, now: dt.datetime, seconds: float, code: int
) -> tuple[Metric, ...]:
    """The state after a command that took so many seconds and ends with this code. `fares` is by uid."""
    max_defer = config.watching.max_defer
    checked = [(uid, health.checked.timestamp()) for uid, health in fares.items() if health.checked is not None]
    failures = [(uid, float(health.failures)) for uid, health in fares.items()]
    failing = [(uid, float(is_failing(health, max_defer))) for uid, health in fares.items()]
    trouble = store.outbox.trouble() is not None
    return (
        Metric("last_checked_timestamp_seconds", "When the plan was last read and judged.", checked),
        Metric("failures", "Runs in a row that could not do all they should.", failures),
        Metric("failing", "1 when the plan has not got its runs for too long.", failing),
        Metric("mails_waiting", "Mails that are made and have not left.", [("", float(unsent(config, store)))]),
        Metric("mail_failing", "1 when no mail can be sent.", [("", float(trouble and config.mail.route != FILES))]),
        Metric("run_timestamp_seconds", "When the last run ended.", [("", now.timestamp())]),
        Metric("run_duration_seconds", "How long the last run took.", [("", seconds)]),
        Metric("run_exit_code", "The exit code of the last run.", [("", float(code))]),
    )


def unsent(config: Config, store: Store) -> int:
    """How many mails are made and have not left."""
    states = (MailState.PENDING, MailState.SENDING)
    mails = store.outbox.mails(limit=NEWEST)
    return sum(mail.route == config.mail.route and mail.state in states for mail in mails)
