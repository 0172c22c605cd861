"""Whether mails can leave and whom they reach, for the doctor. Nothing is sent, nothing is written."""

from sheets_sync.cli.console import clean, console
from sheets_sync.cli.health import Health
from sheets_sync.cli.mail_look import Reach, reach, template_folder, unreached_actions
from sheets_sync.config.secrets import read_secret
from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.core.history import History
from sheets_sync.notify.smtp import SmtpTransport
from sheets_sync.notify.template_files import own_templates
from sheets_sync.run.clock import SystemClock


def server_health(config: Config) -> Health:
    """Connect to the mail server, encrypt and log in. Raises UsageError when the password cannot be read."""
    settings = config.mail.smtp
    if settings is None:
        return Health(True, "none is configured: mails are written as files, nobody is mailed")
    password = read_secret(settings.password, config.folder).value if settings.password else ""
    transport = SmtpTransport(settings, password, sender=config.mail.sender)
    try:
        stopped = transport.connect()
    finally:
        transport.close()
    if stopped is not None:
        return Health(False, stopped.reason, "the keys stand below [mail.smtp]; then again: sheets-sync doctor --mail")
    login = "logged in" if settings.user else "without login"
    return Health(True, f"reached and willing ({settings.security}, {login}); sheets-sync mail test sends one mail")


def template_health(config: Config) -> Health:
    """Look at the team's own templates. Raises UsageError when they cannot be trusted."""
    own = own_templates(template_folder(config))
    return Health(True, f"{len(own)} of your own" if own else "those of the program")


def reach_health(config: Config, plan: PlanConfig) -> Health:
    """Whom the mails of a plan reach. Raises WorkbookError when it cannot be read.

    Rows that reach nobody are no illness: their leader or keeper is told instead.
    """
    mail = plan.mail
    if mail.keeper is None:
        return Health(True, f"no keeper is configured, so nobody is mailed (keeper in {config.file.name})")
    seen = reach(config, plan, History(), now=SystemClock().now())
    domains = f"{len(mail.allowed_domains)} allowed domain{'s' if len(mail.allowed_domains) > 1 else ''}"
    known = f"a keeper, {len(mail.leaders)} leaders, {len(seen.matter.directory.persons)} people in {domains}"
    return Health(True, f"{known}; {_unreached(seen)}")


def _unreached(seen: Reach) -> str:
    """How many rows reach nobody; on a terminal, which owners' they are."""
    if not seen.wanted.unreached:
        return "every open row reaches its owner"
    told = f"open rows that reach no owner: {seen.wanted.unreached}"
    if console().counts_only:
        return f"{told} (on a terminal their owners are named)"
    owners = {clean(action.owner) or "(blank)" for action in unreached_actions(seen.matter)}
    return f"{told} ({', '.join(sorted(owners))})"
