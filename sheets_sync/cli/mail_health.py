"""Whether mails can leave and whom they reach, for the doctor. Nothing is sent, nothing is written."""

from sheets_sync.cli.console import clean, console
from sheets_sync.cli.health import Health
from sheets_sync.cli.mail_look import reach, unreached_line
from sheets_sync.config.secrets import read_secret
from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.core.history import History
from sheets_sync.notify.smtp import SmtpTransport
from sheets_sync.notify.template_files import check_templates
from sheets_sync.run.clock import SystemClock
from sheets_sync.run.mail_wiring import template_folder

PATIENCE = 8.0
"""Seconds a mail server may take to answer the doctor."""


def server_health(config: Config) -> Health:
    """Connect to the mail server, encrypt and log in. Raises UsageError when the password cannot be read."""
    settings = config.mail.smtp
    if settings is None:
        return Health(True, "none is configured: mails are written as files, nobody is mailed")
    password = read_secret(settings.password, config.folder).value if settings.password else ""
    transport = SmtpTransport(settings, password, sender=config.mail.sender, seconds=PATIENCE)
    try:
        stopped = transport.connect()
    finally:
        transport.close()
    if stopped is not None:
        return Health(False, stopped.reason, "the keys stand below [mail.smtp]; then again: sheets-sync doctor --mail")
    login = "logged in" if settings.user else "without login"
    return Health(True, f"reached and willing ({settings.security}, {login}); sheets-sync mail test sends one mail")


def template_health(config: Config) -> Health:
    """Look at the team's own templates. Raises UsageError when they cannot be trusted or read."""
    own = check_templates(template_folder(config))
    return Health(True, f"{len(own)} of your own" if own else "those of the program")


def reach_health(config: Config, plan: PlanConfig) -> Health:
    """Whom the mails of a plan reach. Raises WorkbookError when it cannot be read.

    Rows that reach nobody are no illness: their leader or keeper is told instead.
    """
    mail = plan.mail
    if mail.keeper is None:
        return Health(True, f"no keeper is configured, so nobody is mailed (keeper in {config.file.name})")
    seen = reach(config, plan, History(), now=SystemClock().now())
    leaders, people, domains = len(mail.leaders), len(seen.matter.directory.persons), len(mail.allowed_domains)
    known = f"a keeper; leaders: {leaders or 'the keeper'}, people: {people}, allowed domains: {domains}"
    line = clean(f"{known}; {unreached_line(seen, counts_only=console().counts_only)}")
    if seen.problems:
        first = seen.problems[0]
        line = f"{line}; rows of the People tab not used: {len(seen.problems)}, such as row {first.row}: {first.reason}"
    return Health(True, line)
