"""Finding the person an owner cell names, and which persons a plan has."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.core.persons import Directory, Person, PlanMail, day_range, in_leader_loop, plan_directory

ANA = Person("Ana Silva", "Ana.Silva@company.com", aliases=("Ana", "A. Silva"))
RUI = Person("Rui Costa", "rui@company.com", aliases=("RC", "Qualidade"))
ANA_LIMA = Person("Ana Lima", "lima@company.com")
MARIE = Person("Marie e Sousa", "marie@company.com", aliases=("Marie (Porto)",))
JOAO = Person("João", "joao@company.com")
ONE, OTHER = Person("Kim Lee", "kim1@company.com"), Person("Kim Lee", "kim2@company.com")
TWIN, TWIN_TOO = Person("Eva", "shared@company.com"), Person("Ivo", "shared@company.com")
PERSONS = (ANA, RUI, ANA_LIMA, MARIE, JOAO, ONE, OTHER, TWIN, TWIN_TOO)
DIRECTORY = Directory(PERSONS)


@pytest.mark.parametrize(
    ("owner", "person"),
    [
        ("Ana Silva", ANA),
        ("  ANA   silva ", ANA),
        ("ana.silva", ANA),
        ("Ana\nSilva", ANA),
        ("Ana", ANA),
        ("rc", RUI),
        ("Qualidade", RUI),
        ("Joao", JOAO),
        ("Joa\u0303o", JOAO),
        ("Marie e Sousa", MARIE),
        ("Marie (Porto)", MARIE),
        ("Rui Costa (Qualidade)", RUI),
        ("Rui Costa (plant 2, shift B)", RUI),
        ("(Rui Costa)", RUI),
        ("[RC]", RUI),
        ("rui@company.com", RUI),
        ("RUI@COMPANY.COM", RUI),
        ("<rui@company.com>", RUI),
        ("Rui Costa <rui@company.com>", RUI),
        ("Rui Costa (rui@company.com)", RUI),
        ("kim1@company.com", ONE),
    ],
)
def test_one_person_is_found(owner: str, person: Person) -> None:
    """Names, aliases and listed addresses find their person, however they are capitalised, accented or spaced."""
    assert DIRECTORY.find(owner) is person


@pytest.mark.parametrize(
    "owner",
    [
        "",
        " ",
        "-",
        "()",
        "Silva",
        "Rui",
        "Marie",
        "Ana S",
        "Ana Silva Souza",
        "Ana Silvaa",
        "Silva Ana",
        "An\u0430 Silva",
        "Ana\u200bSilva",
        "Kim Lee",
        "shared@company.com",
        "Ana Silva / Rui Costa",
        "Ana Silva, Rui Costa",
        "Ana Silva e Rui Costa",
        "Ana Silva; Rui Costa",
        "Ana Silva\nRui Costa",
        "Ana Silva + team",
        "Equipe",
        "todos",
        "somebody@company.com",
        "ana-silva@company.com",
        "rui@company.com.evil.test",
        "rui@company.com, evil@evil.test",
        "rui@company.com evil@evil.test",
        "mailto:rui@company.com",
        "Rui Costa <evil@evil.test>",
        "Rui Costa <Ana.Silva@company.com>",
        "Somebody <rui@company.com>",
        "Ana Silva (Rui Costa)",
        "Ana Silva (in place of Rui Costa)",
        "Ana Silva (Kim Lee)",
        "Ana Silva (com RUI COSTA, turno B)",
        "Ana Silva (RC/turno B)",
        "Ana Silva [RC]",
        "(Ana Silva) (Rui Costa)",
        "((Ana Silva))" + "(" * 280,
        "Ana Silva" + " " * 300,
        "r\u212ai@company.com",
    ],
)
def test_nobody_is_guessed(owner: str) -> None:
    """A part of a name, several names, a group, a shared name or an address nobody has finds nobody."""
    assert DIRECTORY.find(owner) is None


PIECES = ["Ana", "Silva", "Rui Costa", "rui@company.com", "RC", "e", *" ,;/()[]<>\n.-\u200b"]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join))
def test_a_cell_that_names_two_finds_neither(owner: str) -> None:
    """However names, addresses and marks are put together, Ana is not found where Rui is named."""
    if DIRECTORY.find(owner) is ANA:
        assert not any(other in owner for other in ("Rui Costa", "rui@company.com"))


def test_the_persons_stand_as_given() -> None:
    """The order is kept."""
    assert DIRECTORY.persons == PERSONS


def test_the_same_person_twice_is_one() -> None:
    """A person listed twice alike is still found."""
    assert Directory((ANA, ANA._replace())).find("Ana") == ANA


def test_an_alias_cannot_take_another_s_address() -> None:
    """Somebody who calls themselves by another's address does not get their rows."""
    eve = Person("Eve", "eve@company.com", aliases=("rui@company.com",))
    assert Directory((RUI, eve)).find("rui@company.com") is None


MAIL = PlanMail(people=(ANA, RUI), people_from_sheet=True, allowed_domains=("company.com",))
EVE = Person("Eve", "eve@company.com", source="sheet", held=True)


@pytest.mark.parametrize(
    ("person", "asked", "found"),
    [
        (EVE, "Eve", EVE),
        (EVE._replace(address="eve@evil.test"), "Eve", None),
        (EVE._replace(address="eve@sub.company.com"), "Eve", None),
        (EVE._replace(name="Ana Silva"), "Ana Silva", ANA),
        (EVE._replace(name="ana"), "Ana", ANA),
        (EVE._replace(aliases=("Rui Costa", "Evie")), "Rui Costa", RUI),
        (EVE._replace(aliases=("Rui Costa", "Evie")), "Evie", EVE._replace(aliases=("Evie",))),
        (EVE._replace(aliases=("rui@company.com",)), "rui@company.com", RUI),
        (EVE._replace(address="RUI@company.com"), "Eve", None),
        (EVE._replace(address="RUI@company.com"), "rui@company.com", RUI),
    ],
)
def test_a_sheet_adds_persons_and_changes_none(person: Person, asked: str, found: Person | None) -> None:
    """A person of the sheet is known inside the allowed domains, and never takes a configured name or address."""
    assert plan_directory(MAIL, (person,)).find(asked) == found


def test_a_sheet_is_not_asked_unless_configured() -> None:
    """Without people_from_sheet the People tab names nobody who can be mailed."""
    mail = PlanMail(people=(ANA,), allowed_domains=("company.com",))
    assert plan_directory(mail, (EVE,)).persons == (ANA,)


@pytest.mark.parametrize(
    ("leaders", "loop"),
    [
        ({"a": "b", "b": "c"}, set()),
        ({"a": "a"}, {"a"}),
        ({"a": "b", "b": "a", "c": "a"}, {"a", "b"}),
        ({"a": "b", "b": "c", "c": "a"}, {"a", "b", "c"}),
        ({"a": "", "b": ""}, set()),
    ],
)
def test_leader_loops(leaders: dict[str, str], loop: set[str]) -> None:
    """Those whose leaders lead back to themselves are told; those who only report into a loop are not."""
    assert in_leader_loop(leaders) == loop


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-12-20..2027-01-05", dt.date(2026, 12, 20), dt.date(2027, 1, 5)),
        (" 2026-12-20 .. 2026-12-20 ", dt.date(2026, 12, 20), dt.date(2026, 12, 20)),
        ("2026-12-24", dt.date(2026, 12, 24), dt.date(2026, 12, 24)),
    ],
)
def test_ranges_of_days(text: str, first: dt.date, last: dt.date) -> None:
    """A range has both its ends; one day alone is a range of its own."""
    assert day_range(text) == (first, last)


@pytest.mark.parametrize("text", ["", "..", "2026-12-20..", "..2026-12-20", "20/12/2026", "2027-01-05..2026-12-20"])
def test_what_is_no_range(text: str) -> None:
    """What cannot be read is told with what to type."""
    with pytest.raises(ValueError, match=r"2026-12-20\.\.2027-01-05|ends before it starts"):
        day_range(text)
