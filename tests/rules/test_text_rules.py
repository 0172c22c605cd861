"""The rules that judge words, text by text. The cases are data: texts a rule flags, and near misses it accepts."""

import json
from pathlib import Path

import pytest
from rules.ruling import check, plan_of, row

CASES = Path(__file__).parent / "cases"
LANGUAGES = ("en", "pt", "es")


def texts(verdict: str) -> list[tuple[str, str, str]]:
    """(language, code, text) of all cases with this verdict."""
    loaded = [(language, json.loads((CASES / f"texts_{language}.json").read_text("utf-8"))) for language in LANGUAGES]
    return [(lang, code, text) for lang, rules in loaded for code, cases in rules.items() for text in cases[verdict]]


def codes(text: str, language: str) -> set[str]:
    """All codes found for a row with this action."""
    action = row(action=text, language=language)
    return {finding.code for finding in check(plan=plan_of([action], language=language), language=language).findings}


@pytest.mark.parametrize(("language", "code", "text"), texts("flagged"))
def test_flagged(language: str, code: str, text: str) -> None:
    """The rule finds something to say of this text."""
    assert code in codes(text, language)


@pytest.mark.parametrize(("language", "code", "text"), texts("accepted"))
def test_accepted(language: str, code: str, text: str) -> None:
    """The rule has nothing to say of this text, however near it is."""
    assert code not in codes(text, language)


def test_no_case_stands_on_both_sides() -> None:
    """Each text is either flagged or accepted by a rule."""
    assert set(texts("flagged")) & set(texts("accepted")) == set()
