"""The phrases of the mails: complete in each language, filled alike, in the right form for a number."""

from string import Formatter

import pytest

from sheets_sync.core.model import Severity
from sheets_sync.rules.catalogue import CATALOGUE
from sheets_sync.words.mail_words import LANGUAGES, mail_language, mail_words


def places(text):
    """The names of the places in a phrase."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_says_the_same_with_the_same_facts(language):
    """No phrase is missing, none asks for other facts."""
    english, other = mail_words("en"), mail_words(language)
    assert english.phrases.keys() == other.phrases.keys()
    assert english.counted.keys() == other.counted.keys()
    for key, phrase in english.phrases.items():
        assert places(phrase) == places(other.phrases[key]), key
    for key, forms in english.counted.items():
        assert {"one", "other"} == forms.keys() == other.counted[key].keys()
        for form, phrase in forms.items():
            assert places(phrase) == places(other.counted[key][form]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_grave_rule_has_a_short_correction(language):
    """What leaders read about the commonest corrections; findings about columns and whole plans are not rows."""
    of_plans = {"DAT001", "DAT007", "DAT008"}
    grave = {rule.code for rule in CATALOGUE if {rule.severity, *rule.also} & {Severity.E, Severity.W}}
    assert grave - of_plans <= mail_words(language).fixes.keys()


@pytest.mark.parametrize(
    ("language", "number", "text"),
    [
        ("en", 1, "1 action is late"),
        ("en", 1234, "1,234 actions are late"),
        ("pt", 1, "1 ação está atrasada"),
        ("pt", 2, "2 ações estão atrasadas"),
        ("es", 1_000_000, "1.000.000 acciones están atrasadas"),
    ],
)
def test_a_phrase_fits_its_number(language, number, text):
    """Plural forms and grouping of digits by language."""
    assert mail_words(language).count("headline_late", number) == text


@pytest.mark.parametrize(
    ("wanted", "language"), [(("pt-BR",), "pt"), (("fr", "es"), "es"), (("", "en"), "en"), (("fr",), "en"), ((), "en")]
)
def test_the_first_shipped_language_is_taken(wanted, language):
    """A language nobody wrote phrases for gives way to the next."""
    assert mail_language(*wanted) == language


def test_a_fact_is_never_read_as_a_phrase():
    """Braces in a fact stay as they are."""
    assert mail_words("en").say("blocker", text="{n} {x!r}") == "What blocks it: {n} {x!r}"
