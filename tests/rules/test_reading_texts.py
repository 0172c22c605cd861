"""Cleaning a text, its tokens, the verb it starts with, and what several actions are split into."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.rules.lead_form import hidden_verb
from sheets_sync.rules.outcome import has_outcome
from sheets_sync.rules.reading import clean, is_placeholder, read, spoken
from sheets_sync.rules.several_actions import further_verbs, split_text
from sheets_sync.rules.tables import plurals
from sheets_sync.words.lexicon import LANGUAGES


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("12 nuevas plazas", "12 nuevas plazas"),
        ("1.000 policías", "1.000 policías"),
        ("1,5 km de ciclovia", "1,5 km de ciclovia"),
        ("1. Publish the list", "Publish the list"),
        ("1) Publish the list", "Publish the list"),
        ("(a) Publish the list", "Publish the list"),
        ("iv. Publish the list", "Publish the list"),
        ("12.1. Publish the list", "Publish the list"),
        ("12.1 Publish the list", "Publish the list"),
        ("2.5 km of fence", "2.5 km of fence"),
        ("Milestone 12.1. Publish the list", "Publish the list"),
        ("Fase 2 - Publicar a lista", "Publicar a lista"),
        ("Action plan for 2026", "Action plan for 2026"),
        ("• Publish  the\tlist ", "Publish the list"),
        ("- [x] Publish the list", "Publish the list"),
        ("**Publish** `the` ~~list~~", "Publish the list"),
        ("Publish [the list](https://example.org/a_b)", "Publish the list"),
        ("![Team][] [types]", "Team types"),
        ("Publish <b>the</b> list", "Publish the list"),
        ("Keep pressure < 5 bar and > 3 bar", "Keep pressure < 5 bar and > 3 bar"),
        ("Read https://example.org/list now", "Read now"),
        ("A", "A"),
        ("1.", "1."),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    """Markup, bullets, numbering and labels go; numbers that mean something stay."""
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "language", "verb"),
    [
        ("Publish the list", "en", "publish"),
        ("Please kindly publish the list", "en", "publish"),
        ("The team will then publish the list", "en", "publish"),
        ("Quickly publish the list", "en", "publish"),
        ("Apply the patch", "en", "apply"),
        ("Using the form, first publish the list", "en", "publish"),
        ("To improve safety, install guard rails", "en", "install"),
        ("To improve safety in hall 3", "en", "improve"),
        ("Canada, as a chair of the coalition, will publish the list", "en", "publish"),
        ("The very long name of an agency that nobody knows in this country at all will publish", "en", ""),
        ("Review of the list", "en", ""),
        ("Review the list", "en", "review"),
        ("Supplier list", "en", ""),
        ("Digitise the archive", "en", "digitise"),
        ("Exercise the dogs", "en", ""),
        ("re-paint the wall", "en", "re-paint"),
        ("Publicar a lista", "pt", "publicar"),
        ("Setor de compras", "pt", ""),
        ("realizá-lo logo", "pt", "realiza-lo"),
        ("A empresa, no prazo legal, deverá publicar a lista", "pt", "publicar"),
        ("publicarlos pronto", "es", "publicarlos"),
        ("Añadir una columna", "es", "anadir"),
        ("Taller de pintura", "es", ""),
        ("", "en", ""),
    ],
)
def test_leading_verb(text: str, language: str, verb: str) -> None:
    """The verb an action starts with, after politeness, subject, adverb, intro clause or modal verb."""
    assert read(text, "", language).verb == verb


@pytest.mark.parametrize(
    ("text", "language", "verb"),
    [
        ("Reviewing the list", "en", "review"),
        ("Planning of the visit", "en", "plan"),
        ("Implementation of the tool", "en", "implement"),
        ("Publication of the list", "en", "publish"),
        ("Approval of the list", "en", "approve"),
        ("Review of the list", "en", "review"),
        ("Reviews the list", "en", "review"),
        ("Supplier list", "en", ""),
        ("Named arguments", "en", ""),
        ("Revisão do manual", "pt", "revisar"),
        ("Elaborando o manual", "pt", "elaborar"),
        ("Treinamento de equipe", "pt", "treinar"),
        ("Compra de luvas", "pt", "comprar"),
        ("Escola municipal", "pt", ""),
        ("Actualización del manual", "es", "actualizar"),
        ("Diseño del logo", "es", "diseñar"),
        ("Adquisición de guantes", "es", "adquirir"),
        ("Mujer rural", "es", ""),
    ],
)
def test_verb_hidden_in_a_noun(text: str, language: str, verb: str) -> None:
    """The verb to start with is offered, spelled with its accents, where a gerund or noun is made of it."""
    assert hidden_verb(read(text, "", language)) == verb


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (
            "Buy, install and validate scanner and train staff",
            ("Buy scanner", "Install scanner", "Validate scanner", "Train staff"),
        ),
        ("Please book the room; send the minutes.", ("Book the room", "Send the minutes")),
        ("Print the form and then post it", ("Print the form", "Post it")),
        ("Buy and install", ()),
        ("Write the plan, e.g. build and ship it", ("Write the plan, e.g. build", "Ship it")),
        ("Publish the list", ()),
        ("New hall: the fence, and paint the wall", ()),
        ("New hall, paint the wall and install the lamp", ("New hall, paint the wall", "Install the lamp")),
        ("Launch the portal\nTrain staff", ("Launch the portal", "Train staff")),
    ],
)
def test_split_into_actions(text: str, pieces: tuple[str, ...]) -> None:
    """Each action becomes a sentence of its own; a bare verb borrows the thing of the next one."""
    reading = read(text, "", "en")
    assert split_text(reading, further_verbs(reading)) == pieces


def test_split_keeps_a_doublet_together() -> None:
    """A pair said as one action stays one, and its thing is lent to the verb before it."""
    reading = read("Comprar, instalar y probar la bomba y capacitar a los operarios", "", "es")
    assert split_text(reading, further_verbs(reading)) == (
        "Comprar la bomba",
        "Instalar y probar la bomba",
        "Capacitar a los operarios",
    )


@pytest.mark.parametrize(
    ("text", "done_when", "outcome"),
    [
        ("Improve safety", "", False),
        ("Improve safety", "signed checklist", True),
        ("Improve safety", "TBD", False),
        ("Improve safety by 10%", "", True),
        ("Improve safety in hall3", "", False),
        ("Improve safety in 3 halls", "", True),
        ("Improve safety twice", "", True),
        ("Improve safety in two halls", "", True),
        ("Improve the safety reports", "", True),
        ("Study safety", "", False),
        ("Study the safety study", "", True),
    ],
)
def test_outcome(text: str, done_when: str, outcome: bool) -> None:
    """An outcome is a number, an amount, a thing to hand over or a filled done-when cell; a leading verb is none."""
    assert has_outcome(read(text, done_when, "en")) is outcome


@pytest.mark.parametrize(
    ("word", "language", "plural"),
    [
        ("report", "en", "reports"),
        ("policy", "en", "policies"),
        ("analysis", "en", "analyses"),
        ("licitacao", "pt", "licitacoes"),
        ("edital", "pt", "editais"),
        ("relatorio", "pt", "relatorios"),
        ("licitacion", "es", "licitaciones"),
        ("informe", "es", "informes"),
    ],
)
def test_plurals(word: str, language: str, plural: str) -> None:
    """Things that can be handed over are known in the plural too."""
    assert plural in plurals(word, language)


def test_placeholder_needs_the_whole_cell() -> None:
    """A placeholder is a cell that says nothing else."""
    assert [is_placeholder(text) for text in ("", "  ", "(TBD)", "¿?", "TBD: ask Ana")] == [
        True,
        True,
        True,
        True,
        False,
    ]


def test_words_are_quoted_as_written() -> None:
    """What a message quotes keeps accents and case."""
    reading = read("Rápidamente corregir la fuga Ñandú", "", "es")
    assert [spoken(reading, place) for place in range(5)] == ["Rápidamente", "corregir", "la", "fuga", "Ñandú"]


@given(st.text(max_size=120), st.sampled_from(LANGUAGES))
def test_any_text_can_be_read(text: str, language: str) -> None:
    """No text, however odd, makes a reading fail or a split lose its first letter's case."""
    reading = read(text, "", language)
    assert reading.lead < max(1, len(reading.tokens))
    assert all(piece == piece[:1].upper() + piece[1:] for piece in split_text(reading, further_verbs(reading)))
    assert isinstance(hidden_verb(reading), str)
    assert all(spoken(reading, place) for place in range(len(reading.tokens)))
