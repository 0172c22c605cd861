"""The `[plan.rules]` table: which codes and parameters exist, and what was chosen for them.

Not here: the rules themselves. The catalogue is imported only when a plan chooses something.
"""

from collections.abc import Iterator, Mapping

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
    known = known_parameters()
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


def known_parameters() -> Mapping[str, frozenset[str]]:
    """Every rule's code with the names of its parameters, from the catalogue."""
    from sheets_sync.rules.catalogue import CATALOGUE

    return {rule.code: frozenset(name for name, _ in rule.parameters) for rule in CATALOGUE}


def _problems(code: str, chosen: object, parameters: frozenset[str]) -> Iterator[Problem]:
    if isinstance(chosen, Mapping):
        for name, value in chosen.items():
            if name == "severity":
                if value not in _WORDS:
                    yield (code, name), _severity_hint(value)
            elif name not in parameters:
                hint = instead(name, sorted(parameters)) if parameters else "this rule has none"
                yield (code, name), f"this rule has no such parameter; {hint}"
            elif isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                yield (code, name), "a parameter is a number that is not negative"
    elif chosen not in _WORDS:
        yield (code,), _severity_hint(chosen)


def _severity_hint(value: object) -> str:
    return 'write "off", "E", "W", "I" or "H"' + ("" if isinstance(value, str) else ", as text")


def _choice(code: str, chosen: object) -> RuleChoice:
    """The choice written as a word or a table, once it is known to be right."""
    table: Mapping[str, object] = chosen if isinstance(chosen, Mapping) else {"severity": chosen}
    word = table.get("severity")
    parameters = {name: float(value) for name, value in table.items() if isinstance(value, int | float)}
    severity = Severity(str(word)) if word is not None and word != "off" else None
    return RuleChoice(code, severity=severity, off=word == "off", parameters=tuple(sorted(parameters.items())))
