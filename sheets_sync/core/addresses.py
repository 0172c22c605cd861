"""Mail addresses as text: whether one may be written into a mail's headers and envelope, and whether its domain is
allowed. Stricter than the standards and without repair: what looks odd is refused, never mended. Not here: whose
address it is."""

import re
from collections.abc import Iterable

_LOCAL = re.compile(r"[A-Za-z0-9_+'&~-]+(?:\.[A-Za-z0-9_+'&~-]+)*")
"""No quotes and comments; none of % ! | ? = / that servers read as a route, a command or an encoded word."""
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LONGEST = 254
_LONGEST_LOCAL = 64
_LONGEST_DOMAIN = 253


def address_problem(text: str) -> str:
    """Why `text` is no address a mail can be sent to, without repeating it; "" when it is one ("ana@example.com")."""
    local, at, domain = text.rpartition("@")
    if not at:
        return "is no mail address: write it as name@example.com"
    if not text.isascii():
        return "holds letters that mail servers do not take: use plain letters, digits and . _ + -"
    if len(text) > _LONGEST or len(local) > _LONGEST_LOCAL:
        return "is too long for a mail address"
    if not _LOCAL.fullmatch(local) or local.startswith("-"):
        return "is not one plain address: write name@example.com alone, without quotes, brackets or a second address"
    return domain_problem(domain)


def domain_problem(text: str) -> str:
    """Why `text` is no domain of mail addresses; "" when it is one ("example.com")."""
    labels = text.split(".")
    named = len(labels) > 1 and not labels[-1].isdigit() and all(_LABEL.fullmatch(label) for label in labels)
    if named and len(text) <= _LONGEST_DOMAIN:
        return ""
    return 'has no usable domain: write it in full, as "example.com"'


def is_allowed(address: str, domains: Iterable[str]) -> bool:
    """Whether the address is a usable one in exactly one of these domains; a sub-domain counts only when listed."""
    if address_problem(address):
        return False
    return address.rpartition("@")[2].lower() in {domain.lower() for domain in domains}
