"""When a finding is made but not shown: the row's ignore cell, and text rules that hit so many rows that it is the
house's style (DOMAIN 3, manners a and c)."""

import datetime as dt
from collections.abc import Iterable

from sheets_sync.core.model import Action, Finding
from sheets_sync.rules.choices import Active
from sheets_sync.rules.context import Context
from sheets_sync.rules.rule import SHARE_FACTS, Hit
from sheets_sync.words.rule_words import COLLAPSED

IGNORE_DAYS = 65
"""Working days for which an ignore cell without a date counts."""
COLLAPSE_SHARE = 0.40
COLLAPSE_ROWS = 10
RETURN_SHARE = 0.30
"""A collapsed rule speaks of single rows again below this share."""


def ignored_codes(action: Action, context: Context) -> frozenset[str] | None:
    """The codes that the row's ignore cell silences today; None = all of them."""
    codes: set[str] = set()
    for entry in action.ignore:
        until = entry.until or _default_end(action, context)
        if until is not None and context.as_of > until:
            continue
        if not entry.codes:
            return None
        codes.update(entry.codes)
    return frozenset(codes)


def _default_end(action: Action, context: Context) -> dt.date | None:
    """An ignore cell without a date counts from the row's first sight; without an end while that is unknown."""
    seen = context.first_seen.get(action.key)
    return context.calendar.add(seen, IGNORE_DAYS) if seen is not None else None


def is_collapsed(code: str, hit: int, total: int, *, before: frozenset[str]) -> bool:
    """Whether a text rule that hit this many of the live rows is said once. `before` are the codes collapsed so far."""
    if not total:
        return False
    if code in before:
        return hit >= RETURN_SHARE * total
    return hit >= COLLAPSE_ROWS and hit > COLLAPSE_SHARE * total


def collapsed_finding(one: Active, hit: int, total: int) -> Finding:
    """The one finding about the plan that stands for all those about rows."""
    values = (str(hit), str(total), str(round(100 * hit / total)))
    facts = (("kind", COLLAPSED), *zip(SHARE_FACTS, values, strict=True))
    return Finding(one.rule.code, one.severity(Hit()), field=one.rule.field, facts=facts)


def silence(findings: Iterable[Finding], codes: frozenset[str]) -> list[Finding]:
    """Mark the findings of these codes as collapsed, unless they are silenced already."""
    return [
        finding._replace(silenced=COLLAPSED) if finding.code in codes and not finding.silenced else finding
        for finding in findings
    ]
