"""Owner cells: one person, a group, several people, nobody."""

import pytest
from rules.ruling import check, finding, plan_of, row, shown

from sheets_sync.core.model import Field
from sheets_sync.rules.ownership import read_owner

ALL = ("en", "pt", "es")
NOBODY_KNOWN: frozenset[str] = frozenset()


def read(text: str, *people: str, languages=ALL):
    """An owner cell where these people are known, as plain text."""
    return read_owner(text, languages, frozenset(people))


@pytest.mark.parametrize(
    "text",
    [
        "Quality",
        "quality team",
        "Engineering Team",
        "All",
        "all managers",
        "Everyone",
        "Equipe de manutenção",
        "EQUIPE",
        "TI",
        "rh",
        "Secretaria de Cultura",
        "Gerência Industrial",
        "Fornecedor",
        "comité de ética",
        "Comité",
        "Gerencia de Calidad",
        "Proveedor externo",
        "Ana Lima, RH",
        "Required for all agencies",
        "![Team][] [types]",
        "R&D",
        "quality@example.org",
        "Board",
    ],
)
def test_group(text: str) -> None:
    """A group, department or function is no person, as the whole cell or as a word in it."""
    assert read(text).group


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Ana Lima", ()),
        ("Rui (Quality)", ()),
        ("Rui [TI]", ()),
        ("Ana", ()),
        ("José da Silva Ares", ()),
        ("ana.lima@example.org", ()),
        ("Marcos Sales", ("marcos sales",)),
        ("Sales", ("sales",)),
        ("Marcos Sales (HR)", ("marcos sales",)),
        ("Anna Teamer", ()),
        ("Allan Board-Smith", ()),
    ],
)
def test_person(text: str, people: tuple[str, ...]) -> None:
    """A person's name is no group, nor is what stands in brackets behind it, nor a name the People tab holds."""
    assert read(text, *people)[:2] == (False, "")


def test_group_beside_a_known_name() -> None:
    """Only the words of the known name are spared, not others beside them."""
    assert read("Marcos Sales Team", "marcos sales").group == "Team"


def test_groups_are_those_of_the_language() -> None:
    """A surname that means a department elsewhere is no group: "Sales" is one in English plans only."""
    assert read("Marcos Sales", languages=("pt",)).group == ""
    assert read("Marcos Sales", languages=("en",)).group == "Sales"


@pytest.mark.parametrize("text", ["TBD", "?", "a definir", "Por definir", "-", "N/A", "to be confirmed"])
def test_placeholder(text: str) -> None:
    """A cell that only says that nobody is known yet is neither a group nor several people."""
    assert read(text) == (True, "", ())


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Ana / Rui", ("Ana", "Rui")),
        ("Ana; Rui; Eva", ("Ana", "Rui", "Eva")),
        ("Ana + Rui", ("Ana", "Rui")),
        ("Ana & Rui", ("Ana", "Rui")),
        ("Ana&Rui", ("Ana", "Rui")),
        ("Ana\nRui", ("Ana", "Rui")),
        ("Ana Lima, Rui Costa", ("Ana Lima", "Rui Costa")),
        ("Ana Lima e Rui Costa", ("Ana Lima", "Rui Costa")),
        ("Ana Lima y Rui Costa", ("Ana Lima", "Rui Costa")),
        ("Ana Lima and Rui Costa", ("Ana Lima", "Rui Costa")),
        ("Ana, Rui e Eva", ("Ana", "Rui", "Eva")),
        ("@ana, @rui", ("@ana", "@rui")),
        ("ana@example.org, rui@example.org", ("ana@example.org", "rui@example.org")),
        ("Ana (RH) / Rui (TI)", ("Ana", "Rui")),
    ],
)
def test_several_people(text: str, people: tuple[str, ...]) -> None:
    """Clear separators part names anywhere; a comma, "and", "e", "y" where every part looks like a name."""
    assert read(text).people == people


@pytest.mark.parametrize(
    "text",
    [
        "Ana Lima",
        "Maria José Souza e Silva da Costa Pereira",
        "Secretaria de Planejamento e Gestão",
        "Dirección de Cultura y turismo",
        "Ministerio de Ciencia, Tecnología e innovación",
        "Required for agencies, when asked",
        "Ana Lima (with Rui, Eva and Ivo)",
        "R&D",
        "P+D",
        "Ana E Lima",
        "Ana-Maria",
    ],
)
def test_one_owner(text: str) -> None:
    """An "e" or "y" inside the name of an area, initials and brackets do not make several owners."""
    assert read(text).people == ()


def test_known_people_part_what_does_not_look_like_names() -> None:
    """Parts that the People tab knows are people however they are written; a known pair is one alias."""
    assert read("ana e rui", "ana", "rui").people == ("ana", "rui")
    assert read("ana e rui").people == ()
    assert read("Ana e Rui", "ana e rui").people == ()
    assert read("Ana e Rui; Eva", "ana e rui").people == ("Ana e Rui", "Eva")


def test_owner_rules_speak_of_the_owner_cell() -> None:
    """Blank is OWN001; a group OWN002; two people OWN003 with the first to keep and the rest to move."""
    checked = check(row(2, owner=""), row(3, owner="Quality"), row(4, owner="Ana / Rui / Eva"), row(5, owner=" "))
    assert [shown(checked, number) for number in (2, 3, 4, 5)] == [["OWN001"], ["OWN002"], ["OWN003"], ["OWN001"]]
    several = finding(checked, "OWN003")
    assert (several.field, several.facts) == (
        Field.OWNER,
        (("count", "3"), ("first", "Ana"), ("rest", "Rui, Eva")),
    )


def test_no_owner_column_is_no_finding() -> None:
    """Where a tab has no owner column, no row of it is told that the owner is missing."""
    plan = plan_of([row(owner="")], columns=("action", "due"))
    assert shown(check(plan=plan)) == []


@pytest.mark.parametrize("text", ["a" + " " * 30000 + "b", "[" * 30000, "a, " * 10000, "e " * 15000])
def test_hostile_owner_cells_cost_little(text: str) -> None:
    """A page pasted into an owner cell is read in a moment."""
    assert len(read(text).people) <= 300
