"""The `[plan.rules]` table: which codes and parameters exist, and what was chosen for them.

Not here: the rules themselves. The catalogue is imported only when a plan chooses something.
"""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sheets_sync.config.suggest import instead
from sheets_sync.core.model import Severity
from sheets_sync.core.settings import RuleChoice

Problem = tuple[tuple[str, ...], str]
"""Where in the table a mistake stands (code, or code and parameter), and what is wrong."""

_WORDS = ("off", *(severity.value for severity in Severity))


def read_choices(table: Mapping[str, object]) -> tuple[tuple[RuleChoice, ...], tuple[Problem, ...]]:
    """Read the choices of one plan as (choices, mistakes); a choice with a mistake is left out."""
    if not table:
        return (), ()
    known = known_rules()
    choices: list[RuleChoice] = []
    problems: list[Problem] = []
    for code, chosen in table.items():
        if code not in known:
            problems.append(((code,), "no rule has this code; " + (instead(code, known) or "see `sheets-sync rules`")))
            continue
        found = tuple(_problems(code, chosen, known[code]))
        problems.extend(found)
        if not found:
            choices.append(_choice(code, chosen))
    return tuple(choices), tuple(problems)


class KnownRule(NamedTuple):
    """What a plan may choose for a rule: the names of its parameters, and whether it can be switched off."""

    parameters: tuple[str, ...]
    guards: bool


def known_rules() -> Mapping[str, KnownRule]:
    """Every rule of the catalogue by its code, in the catalogue's order."""
    from sheets_sync.rules.catalogue import CATALOGUE

    return {rule.code: KnownRule(tuple(name for name, _ in rule.parameters), rule.guard) for rule in CATALOGUE}


def _problems(code: str, chosen: object, rule: KnownRule) -> Iterator[Problem]:
    table = chosen if isinstance(chosen, Mapping) else {"severity": chosen}
    for name, value in table.items():
        where = (code, name) if chosen is table else (code,)
        if name == "severity":
            if value not in _WORDS:
                yield where, _severity_hint(value)
            elif value == "off" and rule.guards:
                yield where, "this rule guards the plan against damage and cannot be switched off"
        elif name not in rule.parameters:
            hint = instead(name, rule.parameters) if rule.parameters else "this rule has none"
            yield where, f"this rule has no such parameter; {hint}"
        elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
            yield where, "write a number that is not negative"


def _severity_hint(value: object) -> str:
    return 'write "off", "E", "W", "I" or "H"' + ("" if isinstance(value, str) else ", as text")


def _choice(code: str, chosen: object) -> RuleChoice:
    """The choice written as a word or a table, once it is known to be right."""
    table: Mapping[str, object] = chosen if isinstance(chosen, Mapping) else {"severity": chosen}
    word = table.get("severity")
    parameters = {name: float(value) for name, value in table.items() if isinstance(value, int | float)}
    severity = Severity(str(word)) if word is not None and word != "off" else None
    return RuleChoice(code, severity=severity, off=word == "off", parameters=tuple(sorted(parameters.items())))
