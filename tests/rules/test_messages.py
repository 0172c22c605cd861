"""Findings in words: three languages, facts in the reader's way, hostile cells made harmless."""

import string

import pytest

from sheets_sync.core.model import Field, Finding, Severity
from sheets_sync.rules.catalogue import CATALOGUE
from sheets_sync.rules.messages import date_text, list_text, number_text, render_fix, render_what, shortened
from sheets_sync.words.lexicon import LANGUAGES
from sheets_sync.words.rule_words import COLLAPSED, rule_words

KINDS = [
    (rule, kind, language)
    for rule in CATALOGUE
    for kind in (*rule.kinds, *([COLLAPSED] if rule.collapses else []))
    for language in LANGUAGES
]
VALUES = {
    "date": "2026-11-13",
    "number": "1234",
    "percent": "63",
    "list": "Buy scanner\nInstall scanner",
    "field": "due",
    "long": '"Data" (B1), "Data" (C1)',
}


def a_finding(rule, kind: str, value: str = "") -> Finding:
    """A finding with all facts its messages in any language ask for, in their kind or as this value."""
    facts: dict[str, str] = {}
    for words in rule.wordings.values():
        for text in words.messages[kind]:
            for _, name, spec, _ in string.Formatter().parse(text):
                if name and spec != "column":
                    facts[name] = value or VALUES.get(spec or "", "Ana Lima")
    facts[rule.kind_fact] = kind
    return Finding(rule.code, rule.severity, "plan", 2, rule.field, tuple(facts.items()))


@pytest.mark.parametrize(("rule", "kind", "language"), KINDS, ids=lambda value: getattr(value, "code", value) or "only")
def test_every_message(rule, kind: str, language: str) -> None:
    """Each message is a sentence with all its facts, that no spreadsheet takes for a formula."""
    found = a_finding(rule, kind)
    for text in (render_what(found, language), render_fix(found, language)):
        assert text[0] not in "=+-@ "
        assert text.endswith((".", "?", "HEADER.", "ENCABEZADO."))
        assert "{" not in text
        assert "?" not in text.replace("TBD, ?", "")
        assert len(text) < 400
        assert "\n" not in text


HOSTILE = '=HYPERLINK("http://x","y")\n\u202e{0.__class__}{due} ' + "a" * 40000


@pytest.mark.parametrize(("rule", "kind", "language"), KINDS, ids=lambda value: getattr(value, "code", value) or "only")
def test_hostile_facts(rule, kind: str, language: str) -> None:
    """Whatever a cell holds, messages stay one short line that is no formula and no template."""
    found = a_finding(rule, kind, HOSTILE)
    for text in (render_what(found, language), render_fix(found, language)):
        assert text[0] not in "=+-@"
        assert "\n" not in text
        assert "\u202e" not in text
        assert len(text) < 900
        assert "__class__" not in text or "{0.__class__}" in text


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.code)
def test_missing_facts(rule) -> None:
    """A finding of an older version, without facts or of a forgotten kind, is still told."""
    for facts in ((), ((rule.kind_fact, "forgotten"),)):
        bare = Finding(rule.code, Severity.E, facts=facts)
        assert render_what(bare, "pt")
        assert render_fix(bare, "es")


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.code)
def test_languages_ask_for_the_same_facts(rule) -> None:
    """A translation neither loses nor invents a fact."""

    def facts(language: str) -> dict[str, list[str]]:
        return {
            kind: sorted(
                name
                for text in message
                for _, name, spec, _ in string.Formatter().parse(text)
                if name and spec != "column"
            )
            for kind, message in rule.wordings[language].messages.items()
        }

    assert facts("pt") == facts("en") == facts("es")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ongoing", "Ongoing"),
        ("  two\n\tlines  ", "two lines"),
        ("=1+1", "1+1"),
        ("-- @SUM(A1)", "SUM(A1)"),
        ("", "?"),
        ("=", "?"),
        ("a\u202eb\u200bc", "a b c"),
        ("x" * 61, "x" * 59 + "…"),
        ("word " * 20, "word word word word word word word word word word word…"),
        ("x" * 60, "x" * 60),
    ],
)
def test_shortened(text: str, shown: str) -> None:
    """A cell's content becomes one line of at most 60 characters without a formula's first sign."""
    assert shortened(text) == shown


@pytest.mark.parametrize(
    ("language", "date", "number", "percent"),
    [
        ("en", "13 Nov 2026", "12,345", "63%"),
        ("pt", "13 nov 2026", "12.345", "63%"),
        ("es", "13 nov 2026", "12.345", "63 %"),
    ],
)
def test_dates_and_numbers(language: str, date: str, number: str, percent: str) -> None:
    """Dates, numbers and shares are written as the reader writes them."""
    assert (date_text("2026-11-13", language), number_text("12345", language)) == (date, number)
    share = Finding("ACT004", Severity.W, facts=(("kind", "collapsed"), ("percent", "63")))
    assert percent in render_what(share, language)


@pytest.mark.parametrize("text", ["soon", "2026-13-45", ""])
def test_what_is_no_date_or_number_is_shown_as_it_is(text: str) -> None:
    """A fact that is not what its place expects does not break the message."""
    assert date_text(text, "en") == number_text(text, "pt") == shortened(text)


def test_list_is_cut() -> None:
    """Of many pieces the first six are offered."""
    assert list_text("a\nb") == '"a" / "b"'
    assert list_text("\n".join("abcdefgh")) == '"a" / "b" / "c" / "d" / "e" / "f" / …'


def test_a_language_that_is_not_shipped_reads_as_english() -> None:
    """Findings can be told in any language setting."""
    found = Finding("DUE001", Severity.E)
    assert render_what(found, "fr") == render_what(found, "en") == "The action has no due date."


def test_cells_have_names_in_every_language() -> None:
    """Every column a message can name has a name of its own in each language."""
    for language in LANGUAGES:
        cells = rule_words(language).cells
        assert set(cells) == set(Field)
        assert len(set(cells.values())) == len(cells)


@pytest.mark.parametrize(
    ("header", "fix"),
    [
        ("Owner", "Type one name in Owner: the person who will see it done."),
        ("OWNER:", "Type one name in Owner: the person who will see it done."),
        ("", "Type one name in Owner: the person who will see it done."),
        ("Quem", 'Type one name in "Quem": the person who will see it done.'),
        ("Owner or\nteam *", 'Type one name in "Owner or team": the person who will see it done.'),
        ("=SUM(A1)\u202e", 'Type one name in "SUM(A1)": the person who will see it done.'),
        ("{owner:column}", 'Type one name in "{owner:column}": the person who will see it done.'),
        ("who " * 30, 'Type one name in "who who who who who who who who who…": the person who will see it done.'),
    ],
)
def test_columns_go_by_the_sheets_own_headers(header: str, fix: str) -> None:
    """A fix names a column as its reader sees it, in quotes where that is not the usual name; never as a formula."""
    assert render_fix(Finding("OWN001", Severity.E), "en", headers={"owner": header}) == fix


def test_headers_stand_wherever_a_column_is_named() -> None:
    """What is wrong, and a column that is a fact, go by the sheet's headers too; a column without one does not."""
    headers = {"action": "O que", "due": "Até quando"}
    due = (("cell", "due"), ("text", "3/4"))
    assert render_what(Finding("DAT006", Severity.E, facts=due), "pt", headers=headers).startswith('"Até quando" diz')
    fix = render_fix(Finding("ACT004", Severity.W), "pt", headers=headers)
    assert fix.startswith('Diga em "O que" ou Entregável o que')


def test_unknown_field_in_a_fact() -> None:
    """A column of a later version is named as it is."""
    facts = (("kind", "merged"), ("cell", "mood"))
    assert "mood" in render_what(Finding("DAT005", Severity.W, facts=facts), "en")
