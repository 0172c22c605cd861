"""The rules a plan chooses otherwise: codes and parameters exist, and what protects a plan stays on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sheets_sync.config.load import load_config
from sheets_sync.config.rule_choices import known_rules
from sheets_sync.core.model import Severity
from sheets_sync.core.settings import RuleChoice
from sheets_sync.errors import ConfigError

Write = Callable[[str], Path]


@pytest.mark.parametrize(
    ("line", "choice"),
    [
        ('ACT003 = "off"', RuleChoice("ACT003", off=True)),
        ('ACT003 = "E"', RuleChoice("ACT003", Severity.E)),
        ("ACT002 = { min_words = 4 }", RuleChoice("ACT002", parameters=(("min_words", 4.0),))),
        (
            'ACT002 = { severity = "I", min_words = 2.5 }',
            RuleChoice("ACT002", Severity.I, False, (("min_words", 2.5),)),
        ),
        ('ACT002 = { severity = "off" }', RuleChoice("ACT002", off=True)),
        ('DAT007 = "W"', RuleChoice("DAT007", Severity.W)),
    ],
)
def test_a_choice_arrives_as_a_value(written: Write, minimal: str, line: str, choice: RuleChoice) -> None:
    """A word or a table becomes what the rules understand."""
    assert load_config(written(f"{minimal}[plan.rules]\n{line}\n")).plans[0].settings.rules == (choice,)


@pytest.mark.parametrize(
    ("line", "key", "reason"),
    [
        ('ACT03 = "off"', "ACT03", 'no rule has this code; did you mean "ACT003"?'),
        ('act003 = "off"', "act003", 'no rule has this code; did you mean "ACT003"?'),
        ('ZZZ = "off"', "ZZZ", "no rule has this code; see `sheets-sync rules`"),
        ('ACT003 = "of"', "ACT003", 'write "off", "E", "W", "I" or "H"'),
        ("ACT003 = false", "ACT003", 'write "off", "E", "W", "I" or "H", as text'),
        ('ACT002 = { severity = "warn" }', "ACT002.severity", 'write "off", "E", "W", "I" or "H"'),
        ("ACT002 = { minwords = 4 }", "ACT002.minwords", 'this rule has no such parameter; did you mean "min_words"?'),
        ("ACT003 = { min_words = 4 }", "ACT003.min_words", "this rule has no such parameter; this rule has none"),
        ('ACT002 = { min_words = "4" }', "ACT002.min_words", "write a number that is not negative"),
        ("ACT002 = { min_words = -1 }", "ACT002.min_words", "write a number that is not negative"),
        ("ACT002 = { min_words = true }", "ACT002.min_words", "write a number that is not negative"),
        ("ACT002 = { min_words = nan }", "ACT002.min_words", "write a number that is not negative"),
        ("ACT002 = { min_words = inf }", "ACT002.min_words", "write a number that is not negative"),
        ('DAT007 = "off"', "DAT007", "this rule guards the plan against damage and cannot be switched off"),
        ('DAT008 = { severity = "off" }', "DAT008.severity", "this rule guards the plan against damage"),
    ],
)
def test_a_wrong_choice_is_told_at_its_line(written: Write, minimal: str, line: str, key: str, reason: str) -> None:
    """Code, severity and parameter are each told with what to type; the right choices around it do not hide it."""
    text = f'{minimal}[plan.rules]\nACT004 = "I"\n{line}\nACT005 = "off"\n'
    with pytest.raises(ConfigError) as caught:
        load_config(written(text))
    [mistake] = caught.value.mistakes
    assert (mistake.line, mistake.key) == (7, f"plan.rules.{key}")
    assert reason in mistake.reason


def test_every_rule_can_be_chosen(written: Write, minimal: str) -> None:
    """Each code and parameter of the catalogue is accepted."""
    lines = []
    for code, rule in known_rules().items():
        parameters = "".join(f", {name} = 1" for name in rule.parameters)
        lines.append(f'{code} = {{ severity = "I"{parameters} }}')
    loaded = load_config(written("\n".join([minimal + "[plan.rules]", *lines])))
    assert [choice.code for choice in loaded.plans[0].settings.rules] == list(known_rules())


def test_a_wrong_value_is_not_repeated(written: Write, minimal: str) -> None:
    """What was typed as a severity is not shown."""
    with pytest.raises(ConfigError) as caught:
        load_config(written(f'{minimal}[plan.rules]\nACT003 = "SENTINEL"\nACT002 = {{ min_words = "SENTINEL" }}\n'))
    assert "SENTINEL" not in caught.value.message
