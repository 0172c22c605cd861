"""What a single value of the configuration must be, beyond its type. Each check returns the value or raises.

A check raises ValueError with the reason alone, or ValidationError with one reason for each wrong key of a table; the
place in the file is added by whoever reports it (mistakes.py).
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError, ValidationInfo
from pydantic_core import InitErrorDetails, PydanticCustomError

from sheets_sync.config.calendar import public_holidays, shutdown_days
from sheets_sync.config.rule_choices import read_choices
from sheets_sync.config.secrets import reference_problem
from sheets_sync.config.suggest import instead
from sheets_sync.core.addresses import address_problem, domain_problem
from sheets_sync.core.google import looks_like_address, read_address
from sheets_sync.core.model import Field, Status
from sheets_sync.core.persons import day_range

Plan = TypeVar("Plan")

_LINK = re.compile(r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:[/?#][!#-;=?-\[\]_a-z~]*)?")
"""One host without login, then only what a link may hold unescaped."""
_LONGEST_LINK = 2000
_PING = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:/[!#-;=@-\[\]_a-z~]*)?")
"""One host without login; a question mark ends what a ping may add to."""


def known_zone(name: str) -> str:
    """An IANA time zone this machine has data for."""
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        hint = instead(name, available_timezones()) or 'write it as "Continent/City"'
        raise ValueError(f"no time zone has this name; {hint}") from None
    return name


def known_country(code: str, info: ValidationInfo) -> str:
    """A country or region with a calendar of public holidays."""
    public_holidays(code, holiday_cache(info))
    return code


def real_range(text: str) -> str:
    """A first and a last day with two dots between them."""
    shutdown_days(text)
    return text


def range_of_days(text: str) -> str:
    """A first and a last day with two dots between them, or one day."""
    day_range(text)
    return text


def mail_address(text: str) -> str:
    """One plain mail address."""
    return _without_problem(text, address_problem(text))


def mail_domain(text: str) -> str:
    """A domain of mail addresses, in full."""
    return _without_problem(text, domain_problem(text))


def secret_reference(text: str) -> str:
    """Where a secret is kept; the reason never repeats the text, which may be the secret."""
    return _without_problem(text, reference_problem(text))


def file_or_sheet(text: str) -> str:
    """A file, or the address of a Google Sheet."""
    if looks_like_address(text):
        read_address(text)
    return text


def a_file(text: str) -> str:
    """A file, not an address."""
    return _without_problem(text, "write the name of a file" if looks_like_address(text) else "")


def safe_link(text: str) -> str:
    """An https address."""
    fits = len(text) <= _LONGEST_LINK and _LINK.fullmatch(text)
    return _without_problem(text, "" if fits else "write a link as the browser shows it: https://host/path")


def ping_address(text: str) -> str:
    """An address to ping, or a reference to where it is kept; the reason never repeats the text: it is a secret."""
    fits = len(text) <= _LONGEST_LINK and _PING.fullmatch(text) is not None
    problem = 'write an address "https://..." without login and "?", or "env:NAME", "file:PATH", "credential:NAME"'
    return _without_problem(text, problem if not fits and reference_problem(text) else "")


def metrics_file(text: str) -> str:
    """A file that the node exporter looks at."""
    return _without_problem(text, "" if text.endswith(".prom") else "its name must end in .prom")


def _without_problem(text: str, problem: str) -> str:
    if problem:
        raise ValueError(problem)
    return text


def can_be_meant(status: Status) -> Status:
    """A status a word can be given; UNKNOWN is what a word has that was given none."""
    if status is Status.UNKNOWN:
        raise ValueError("leave a word out that has no meaning yet")
    return status


def each_once(words: tuple[str, ...]) -> tuple[str, ...]:
    """Names that differ by more than capitals."""
    seen: set[str] = set()
    for word in words:
        if word.casefold() in seen:
            raise ValueError("a name stands here twice")
        seen.add(word.casefold())
    return words


def at_least_one(plans: tuple[Plan, ...]) -> tuple[Plan, ...]:
    """At least one plan: a file without any configures nothing."""
    if not plans:
        raise ValueError("no [[plan]] table; `sheets-sync init PLAN.xlsx` writes one")
    return plans


def one_column_each(columns: dict[Field, str]) -> dict[Field, str]:
    """A different header for every field."""
    by_header: dict[str, Field] = {}
    errors: list[InitErrorDetails] = []
    for field, header in columns.items():
        other = by_header.setdefault(header.casefold().strip(), field)
        if other is not field:
            errors.append(mistake_at((field.value,), f'the same header is already chosen for "{other.value}"'))
    if errors:
        raise ValidationError.from_exception_data("columns", errors)
    return columns


def one_meaning_each(words: dict[str, Status]) -> dict[str, Status]:
    """One status for every word, however it is capitalised."""
    meanings: dict[str, Status] = {}
    errors: list[InitErrorDetails] = []
    for word, status in words.items():
        other = meanings.setdefault(word.casefold().strip(), status)
        if other is not status:
            errors.append(mistake_at((word,), f'the same word already means "{other.value}"'))
    if errors:
        raise ValidationError.from_exception_data("status", errors)
    return words


def known_rules(rules: Mapping[str, object]) -> Mapping[str, object]:
    """Codes and parameters that the catalogue has."""
    _, problems = read_choices(rules)
    if problems:
        raise ValidationError.from_exception_data("rules", [mistake_at(path, why) for path, why in problems])
    return rules


def mistake_at(path: tuple[str, ...], reason: str) -> InitErrorDetails:
    """One mistake below the value being validated, for `ValidationError.from_exception_data`."""
    return InitErrorDetails(type=PydanticCustomError("own", "{reason}", {"reason": reason}), loc=path, input=None)


def holiday_cache(info: ValidationInfo) -> Path | None:
    """The folder that keeps public holidays between runs, handed in as the validation context."""
    return info.context if isinstance(info.context, Path) else None
