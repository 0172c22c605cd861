"""Closed lists, languages by their stop-words, and what names of tabs say."""

import pytest

from sheets_sync.words.dates import date_words
from sheets_sync.words.enums import action_type, is_footnote, is_high_priority, is_total, verdict
from sheets_sync.words.languages import language_of
from sheets_sync.words.packaged import word_list
from sheets_sync.words.tab_names import (
    is_set_aside,
    mails_wanted,
    other_tab,
    people_column,
    person_language,
    still_here,
)

PEOPLE_HEADERS = [
    "Name|Aliases|Email:|Reports to|Language|Mail|Out of office|Active?",
    "NOME|Apelido|E-MAIL*|Líder|Idioma (pt, en, es)|Receber e-mails|Ausências|Ativo?",
    "Nombre|Apodo|Correo|Jefe|Idioma|Avisos|Ausencias|¿Activo?",
]


def test_a_missing_list_is_an_error() -> None:
    """A list that is not installed is told, never taken as empty."""
    with pytest.raises(OSError, match="no_such_list"):
        word_list("no_such_list")


@pytest.mark.parametrize(("text", "expected"), [("Sim", "yes"), ("Parcialmente", "partly"), ("NO", "no"), ("?", "")])
def test_verdict(text: str, expected: str) -> None:
    """Verdicts are yes, partly or no; anything else is none."""
    assert verdict(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Corretiva", "corrective"), ("Acción preventiva", "preventive"), ("Melhoria", "improvement"), ("Other", "Other")],
)
def test_action_type(text: str, expected: str) -> None:
    """Known types are told by their canonical name, others as typed."""
    assert action_type(text) == expected


@pytest.mark.parametrize("text", ["High", "ALTA", "Crítica", "Muito alta", "1", "P1", "Urgente", "(alta)"])
def test_high_priority(text: str) -> None:
    """The top of each usual scale is high."""
    assert is_high_priority(text)


@pytest.mark.parametrize("text", ["", "Low", "Média", "2", "P2", "10", "Higher education"])
def test_other_priorities(text: str) -> None:
    """Anything else is not."""
    assert not is_high_priority(text)


@pytest.mark.parametrize(("text", "expected"), [("TOTAL:", True), ("Subtotal", True), ("Total quality", False)])
def test_totals(text: str, expected: bool) -> None:
    """Only the label of a totals row is one."""
    assert is_total(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("Fonte: SEI", True), ("* revised", True), ("Note the water level", False)]
)
def test_footnotes(text: str, expected: bool) -> None:
    """A label with a colon or an asterisk starts a remark, an ordinary sentence does not."""
    assert is_footnote(text) is expected


@pytest.mark.parametrize(
    ("text", "usual", "expected"),
    [
        ("Publish the list of suppliers on the intranet", "pt", "en"),
        ("Elaborar el plan de la obra y los permisos", "pt", "es"),
        ("Publicar a lista de fornecedores no portal até o fim do mês", "es", "pt"),
        ("Ajouter du contenu et des fonctionnalités à la plateforme", "en", None),
        ("Die Daten für das Jahr veröffentlichen", "en", None),
        ("Publicar datos", "pt", "pt"),
        ("", "es", "es"),
        ("Install die casting line", "en", "en"),
        ("백업 데이터를 보호하세요", "en", None),
        ("Seção São João", "pt", "pt"),
    ],
)
def test_language_of(text: str, usual: str, expected: str | None) -> None:
    """The majority of stop-words tells; short texts follow their tab; French, German and Korean have no lexicon."""
    assert language_of(text, usual) == expected


@pytest.mark.parametrize("name", ["Copy of Plan", "Cópia de Ações", "Plan (2)", "Archive 2024", "Modelo", "Plan OLD"])
def test_names_put_aside(name: str) -> None:
    """Copies, archives, templates and old tabs are known by name."""
    assert is_set_aside(name)


@pytest.mark.parametrize("name", ["Actions", "Plano de Ação", "Golden rules", "Plan 2026", "Folder"])
def test_names_of_plans(name: str) -> None:
    """A word inside another word says nothing."""
    assert not is_set_aside(name)


def test_other_tabs_and_people() -> None:
    """Optional tabs and the columns of the People tab are known in three languages."""
    assert (other_tab("Pessoas"), other_tab("Check-ins"), other_tab("Actions")) == ("people", "check_ins", "")
    assert (people_column("Nome"), people_column("Alias"), people_column("Função")) == ("name", "aliases", "")


@pytest.mark.parametrize("headers", PEOPLE_HEADERS)
def test_columns_of_the_people_tab(headers: str) -> None:
    """Every column of the People tab is known by its header, marks and capitals aside."""
    meanings = [people_column(header) for header in headers.split("|")]
    assert meanings == ["name", "aliases", "email", "leader", "language", "mail", "away", "active"]


@pytest.mark.parametrize(
    ("text", "language", "mails", "here"),
    [
        ("PT-BR", "pt", "", ""),
        ("inglês", "en", "", ""),
        ("Español", "es", "", ""),
        ("fr", "", "", ""),
        ("Semanal", "", "weekly", ""),
        ("NÃO", "", "none", "no"),
        ("sí", "", "all", "yes"),
        ("TRUE", "", "", "yes"),
        ("", "", "", ""),
    ],
)
def test_what_people_write_of_themselves(text: str, language: str, mails: str, here: str) -> None:
    """Languages, wishes and standing are told in three languages; anything else is not known."""
    assert (person_language(text), mails_wanted(text), still_here(text)) == (language, mails, here)


def test_months_are_twelve_in_each_language() -> None:
    """Each month has a name in each language, and no name means two months."""
    months = word_list("dates")["months"]
    assert {language: len(year) for language, year in months.items()} == {"en": 12, "pt": 12, "es": 12}
    assert set(date_words().months.values()) == set(range(1, 13))
    spoken = [(name, place) for year in months.values() for place, names in enumerate(year, 1) for name in names]
    assert len(dict(spoken)) == len(set(spoken))
