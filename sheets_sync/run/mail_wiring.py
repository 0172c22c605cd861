"""Puts together what mailing needs: the plans that were run, the way out, the folders."""

from collections.abc import Mapping
from pathlib import Path

from sheets_sync.config.secrets import read_secret
from sheets_sync.config.values import Config
from sheets_sync.notify.files import FileTransport
from sheets_sync.notify.smtp import SmtpTransport
from sheets_sync.notify.transport import Transport
from sheets_sync.run.clock import Clock
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.post import MailedPlan, Post
from sheets_sync.store.store import Store


def mail_folder(config: Config) -> Path:
    """Where mails are written as files while no mail server is configured; made by the first one."""
    return config.state / "mails"


def template_folder(config: Config) -> Path:
    """Where a team's own templates lie, if it has any."""
    return config.folder / "templates"


def open_transport(config: Config) -> Transport:
    """The way out for mails, with its password read now. Raises UsageError when that cannot be had."""
    smtp = config.mail.smtp
    if smtp is None:
        return FileTransport(mail_folder(config))
    password = read_secret(smtp.password, config.folder).value if smtp.password else ""
    return SmtpTransport(smtp, password, sender=config.mail.sender)


def post(config: Config, store: Store, outcomes: Mapping[str, Outcome], *, clock: Clock) -> Post:
    """All that mailing needs after the plans were run; `outcomes` by uid tell which of them were read well."""
    nothing = Outcome("", Ended.FAILED)
    return Post(
        plans={
            uid: MailedPlan(
                settings=plan.settings,
                mail=plan.mail,
                may_mail=outcomes.get(uid, nothing).may_mail,
                was_run=uid in outcomes,
                unreached=outcomes.get(uid, nothing).unreached,
            )
            for plan in config.plans
            for uid in (plan.settings.uid,)
        },
        settings=config.mail,
        store=store,
        clock=clock,
        open_transport=lambda: open_transport(config),
        templates=template_folder(config),
        max_defer=config.watching.max_defer,
    )
