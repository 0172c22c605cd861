"""A rule is complete or it does not load; codes are stable."""

import re
from dataclasses import replace

import pytest

from sheets_sync.core.model import Severity
from sheets_sync.rules.catalogue import CATALOGUE, RETIRED, collect, rule_for
from sheets_sync.rules.clarity import NO_ACTION, OPEN_ENDED, TOO_SHORT
from sheets_sync.rules.example import Example
from sheets_sync.rules.integrity import MASS_CHANGE
from sheets_sync.rules.rule import IncompleteRule
from sheets_sync.words.rule_words import Message, Wording

FIRST = [f"ACT00{n}" for n in range(1, 10)]
FIRST += ["OWN001", "OWN002", "OWN003", "DUE001", "DUE002", "DUE003", "DUE004", "DUE006", "DUE008"]
FIRST += [f"DAT00{n}" for n in range(1, 9)]


def without(language: str):
    """The words of ACT004, one language missing."""
    return {spoken: words for spoken, words in OPEN_ENDED.wordings.items() if spoken != language}


def saying(what: str, fix: str = "Type it."):
    """The words of ACT004 with another Spanish message."""
    spanish = OPEN_ENDED.wordings["es"]
    messages = dict(spanish.messages) | {"": Message(what, fix)}
    return {**OPEN_ENDED.wordings, "es": spanish._replace(messages=messages)}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"why": " "}, "no why"),
        ({"title": ""}, "no title"),
        ({"summary": ""}, "no summary"),
        ({"name": ""}, "no name"),
        ({"since": ""}, "no since"),
        ({"bad": Example(())}, "no example"),
        ({"good": Example(())}, "no example"),
        ({"text": None}, "exactly one function"),
        ({"row": lambda action, sight: ()}, "exactly one function"),
        ({"made_by": "reading"}, "exactly one function"),
        ({"reads": ("action",)}, "judges no row"),
        ({"text": None, "row": lambda action, sight: (), "reads": ("colour",)}, "reads what no action holds"),
        ({"wordings": without("en")}, "no words in en"),
        ({"wordings": without("pt")}, "no words in pt"),
        ({"wordings": without("es")}, "no words in es"),
        ({"wordings": saying("")}, "es: an empty message"),
        ({"wordings": saying("Bad", " ")}, "es: an empty message"),
        ({"wordings": saying("About {nothing}.")}, "'nothing' is no fact"),
        ({"wordings": {**OPEN_ENDED.wordings, "pt": Wording({}, "a", "b")}}, "pt has messages for"),
        ({"wordings": {**OPEN_ENDED.wordings, "pt": OPEN_ENDED.wordings["pt"]._replace(bad="")}}, "no example in pt"),
        ({"kinds": ("", "other")}, "has messages for"),
        ({"collapses": False}, "has messages for"),
        ({"facts": ()}, "'verb' is no fact"),
    ],
)
def test_incomplete_rule_does_not_load(changes, reason: str) -> None:
    """A rule that lacks metadata, a language, an example or a message, or says what it cannot know, is refused."""
    with pytest.raises(IncompleteRule, match=re.escape(reason)) as refused:
        replace(OPEN_ENDED, **changes)
    assert str(refused.value).startswith("ACT004: ")


def test_the_rules_of_the_first_part_are_there() -> None:
    """The first 24 rules and the two guards, in the order of their pages."""
    assert [rule.code for rule in CATALOGUE] == FIRST


def test_codes_and_names_are_unique() -> None:
    """A code or name stands once; a retired code never comes back."""
    assert collect((OPEN_ENDED, TOO_SHORT)) == (OPEN_ENDED, TOO_SHORT)
    with pytest.raises(IncompleteRule, match="ACT004"):
        collect((OPEN_ENDED,), (OPEN_ENDED,))
    with pytest.raises(IncompleteRule, match="too-short"):
        collect((replace(OPEN_ENDED, name="too-short"), TOO_SHORT))
    assert not RETIRED & set(FIRST)


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.code)
def test_names_are_slugs(rule) -> None:
    """A rule's name names the offence in a few small words."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)


def test_text_rules_never_reach_the_gravest_severity_but_for_missing_text() -> None:
    """Words are hints for a reader: E is for what is not there at all (DOMAIN 3, manner f)."""
    grave = [
        rule.code for rule in CATALOGUE if rule.code.startswith("ACT") and Severity.E in (rule.severity, *rule.also)
    ]
    assert grave == ["ACT001"]


def test_rule_for() -> None:
    """A rule is found by its code, an unknown code is an error."""
    assert rule_for("ACT001") is NO_ACTION
    assert (rule_for("DAT007"), MASS_CHANGE.guard) == (MASS_CHANGE, True)
    with pytest.raises(KeyError):
        rule_for("ACT999")


def test_which_rules_collapse() -> None:
    """Only the text rules collapse, and each has words for it."""
    collapsing = {rule.code for rule in CATALOGUE if rule.collapses}
    assert collapsing == {code for code in FIRST if code.startswith("ACT")} | {"DUE002", "DUE003", "DUE008"}
