"""All rules, as a plain tuple in the order of their pages."""

from sheets_sync.rules import clarity, deadlines, integrity, ownership
from sheets_sync.rules.rule import IncompleteRule, Rule

RETIRED: frozenset[str] = frozenset()
"""Codes of rules that are no more; a code is never given twice."""


def collect(*families: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Put families together. Raises IncompleteRule when a code or name stands twice or a code is retired."""
    found = tuple(rule for family in families for rule in family)
    for values in ([rule.code for rule in found] + sorted(RETIRED), [rule.name for rule in found]):
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise IncompleteRule(f"used twice: {', '.join(twice)}")
    return found


CATALOGUE = collect(clarity.RULES, ownership.RULES, deadlines.RULES, integrity.RULES)

_BY_CODE = {rule.code: rule for rule in CATALOGUE}


def rule_for(code: str) -> Rule:
    """The rule with this code. Raises KeyError."""
    return _BY_CODE[code]
