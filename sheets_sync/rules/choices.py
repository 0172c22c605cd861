"""What the plan's settings make of the catalogue: which rules run, with which severity and parameters."""

from collections.abc import Iterable
from typing import NamedTuple

from sheets_sync.core.model import Severity
from sheets_sync.core.settings import RuleChoice
from sheets_sync.rules.context import Parameters
from sheets_sync.rules.rule import Hit, Rule


class Active(NamedTuple):
    """A rule that runs. `order` is its place in the catalogue; `chosen` the severity the plan chose, if any."""

    rule: Rule
    order: int
    parameters: Parameters
    chosen: Severity | None = None

    def severity(self, hit: Hit) -> Severity:
        """The plan's choice, else the hit's own severity, else the rule's."""
        return self.chosen or hit.severity or self.rule.severity


def active_rules(catalogue: Iterable[Rule], choices: Iterable[RuleChoice]) -> tuple[Active, ...]:
    """The rules that are not switched off. Unknown codes and parameters are left alone: config refuses them."""
    chosen = {choice.code: choice for choice in choices}
    none = RuleChoice("")
    active: list[Active] = []
    for order, rule in enumerate(catalogue):
        choice = chosen.get(rule.code, none)
        if not choice.off:
            parameters = {**dict(rule.parameters), **dict(choice.parameters)}
            active.append(Active(rule, order, parameters, choice.severity))
    return tuple(active)
