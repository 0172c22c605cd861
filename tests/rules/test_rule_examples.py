"""Every rule's own examples, as its page shows them."""

import pytest
from rules.ruling import check, of_example, plan_of

from sheets_sync.core.model import Severity
from sheets_sync.rules.catalogue import CATALOGUE
from sheets_sync.rules.example import SAMPLE
from sheets_sync.words.lexicon import LANGUAGES

JUDGING = [rule for rule in CATALOGUE if not rule.made_by]
SPOKEN = [(rule, language) for rule in CATALOGUE if rule.text is not None for language in LANGUAGES if language != "en"]


def codes(checked) -> set[str]:
    """All codes found, about rows and about the plan."""
    return {finding.code for finding in (*checked.findings, *checked.plan_findings)}


@pytest.mark.parametrize("rule", JUDGING, ids=lambda rule: rule.code)
def test_bad_example_is_found(rule) -> None:
    """The row that fails on a rule's page is found by that rule."""
    assert rule.code in codes(of_example(rule.bad))


@pytest.mark.parametrize("rule", JUDGING, ids=lambda rule: rule.code)
def test_good_example_passes(rule) -> None:
    """The row that passes has no finding of this rule, and nothing grave by any other."""
    checked = of_example(rule.good)
    grave = [f.code for f in checked.findings if f.severity in (Severity.E, Severity.W)]
    assert (rule.code in codes(checked), grave) == (False, [])


@pytest.mark.parametrize(("rule", "language"), SPOKEN, ids=lambda value: getattr(value, "code", value))
def test_examples_in_other_languages(rule, language: str) -> None:
    """A rule about words finds its Portuguese and Spanish bad example; the good one is grave for no rule."""
    words = rule.wordings[language]
    bad = SAMPLE._replace(action=words.bad, language=language, witness="b")
    good = SAMPLE._replace(action=words.good, language=language, witness="g")
    assert rule.code in codes(check(plan=plan_of([bad], language=language), language=language))
    checked = check(plan=plan_of([good], language=language), language=language)
    grave = [f.code for f in checked.findings if f.severity in (Severity.E, Severity.W)]
    assert (rule.code in codes(checked), grave) == (False, [])


def test_sample_row_is_clean() -> None:
    """The row all examples start from has no finding at all."""
    assert codes(check(SAMPLE)) == set()
