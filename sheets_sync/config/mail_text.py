"""`[mail]` and `[people]` as commented TOML, for the example and for what `init` writes. Nothing in it is switched on:
who may be mailed is for a person to say."""

from collections.abc import Iterable

from sheets_sync.config.commented import description, fixed_table_text
from sheets_sync.config.mail_models import MailTable, PersonTable, SmtpTable
from sheets_sync.config.models import ConfigFile
from sheets_sync.config.toml_text import toml_comment, toml_key, toml_line
from sheets_sync.core.persons import LONGEST_NAME

_EXAMPLE_PERSON = "Ana Silva"
_EXAMPLE_LEADER = "Rui Costa"

_OWNERS = """\
Below are the owners found in the plan, each with the address to fill in. Further keys of a person (aliases, leader,
language, away, mail ...): see `sheets-sync config example`."""


def mail_text() -> str:
    """The tables [mail] and [mail.smtp], every key explained."""
    mail = fixed_table_text("mail", MailTable, description(ConfigFile, "mail"), {})
    smtp = fixed_table_text("mail.smtp", SmtpTable, description(MailTable, "smtp"), {})
    return f"{mail}\n\n{smtp}\n"


def example_people_text() -> str:
    """One person with every key explained, and the leader named there."""
    about = description(ConfigFile, "people")
    person = fixed_table_text(_header(_EXAMPLE_PERSON), PersonTable, about, {})
    leader = _to_fill_in(_EXAMPLE_LEADER, "rui@example.com")
    return f"{person}\n\n{leader}\n"


def people_text(owners: Iterable[str], known: str = "") -> str:
    """A table to fill in for each owner that the text `known` has none for; "" when there is none."""
    tables = [_to_fill_in(name, "") for name in owners if _can_be_listed(name) and f"[{_header(name)}]" not in known]
    about = toml_comment(f"{description(ConfigFile, 'people')}\n{_OWNERS}")
    return "\n\n".join([about, *tables]) + "\n" if tables else ""


def _header(name: str) -> str:
    return f"people.{toml_key(name)}"


def _to_fill_in(name: str, address: str) -> str:
    return f"#[{_header(name)}]\n#{toml_line('address', address)}"


def _can_be_listed(name: str) -> bool:
    """Whether the name can be a key that a person reads as it stands: no line breaks, no invisible letters."""
    return 0 < len(name.strip()) <= LONGEST_NAME and name.isprintable()
