"""The persons of a People tab: what is read, what cannot be used and why."""

import datetime as dt

import pytest
from core.typed import formula, snapshot_of

from sheets_sync.core.people import PersonProblem, people, person_problems, persons_in_sheet
from sheets_sync.core.persons import MailChoice, Person

ANA = Person(
    "Ana Silva",
    "ana@company.com",
    aliases=("Ana", "A. Silva"),
    leader="Rui Costa",
    language="pt",
    away=((dt.date(2026, 12, 20), dt.date(2027, 1, 5)), (dt.date(2026, 11, 2), dt.date(2026, 11, 2))),
    mail=MailChoice.WEEKLY,
    source="sheet",
    held=True,
)
RUI = Person("Rui Costa", "Rui@Company.com", active=False, source="sheet", held=True)
AWAY = "2026-12-20..2027-01-05; 2026-11-02"

ENGLISH = [
    ["Name", "Team", "Email", "Aliases", "Leader", "Language", "Mail", "Away", "Active?", "Role"],
    ["Ana Silva", "North", "ana@company.com", "Ana; A. Silva", "Rui Costa", "Portuguese", "weekly", AWAY, "yes", "x"],
    ["Rui Costa", "North", "Rui@Company.com", None, None, None, None, None, "no", None],
]
PORTUGUESE = [
    ["Contatos da fábrica"],
    [],
    ["NOME COMPLETO", "E-mail*", "Apelidos", "Gestor", "Idioma", "Receber e-mails", "Férias", "Ativo", "Equipe"],
    ["Ana Silva", "ana@company.com", "Ana\nA. Silva", "Rui Costa", "Português", "Semanal", AWAY, "Sim", "Norte"],
    ["Rui  Costa", " Rui@Company.com ", None, None, None, "todos", None, "Não", None],
]
SPANISH = [
    ["Nombre", "Correo electrónico", "Apodo", "Jefe", "Idioma", "Avisos", "Vacaciones", "Activo"],
    ["Ana Silva", "ana@company.com", "Ana, A. Silva", "Rui Costa", "portugués", "semanales", AWAY, True],
    ["Rui Costa", "Rui@Company.com", None, None, None, None, None, False],
]


def read(rows, name: str = "People"):
    """The persons and the reasons of one tab."""
    snapshot = snapshot_of({name: rows})
    return persons_in_sheet(snapshot), person_problems(snapshot)


@pytest.mark.parametrize(
    ("name", "rows"), [("People", ENGLISH), ("Pessoas", PORTUGUESE), ("Contactos", SPANISH)], ids=["en", "pt", "es"]
)
def test_a_people_tab_in_three_languages(name: str, rows) -> None:
    """Every column is understood by its header; team and role are left alone; the keeper has released nobody yet."""
    assert read(rows, name) == ((ANA, RUI), ())


def person(problems=(), **cells):
    """What becomes of one row with a name, an address and these further cells, and the reasons told."""
    columns = {"Name": "Eva Reis", "Email": "eva@company.com"} | {key.capitalize(): text for key, text in cells.items()}
    persons, problems = read([list(columns), list(columns.values())])
    assert all(problem[:2] == ("People", 2) for problem in problems)
    return persons, [problem.reason for problem in problems]


EVA = Person("Eva Reis", "eva@company.com", source="sheet", held=True)


@pytest.mark.parametrize(
    "address",
    [
        "eva",
        "Eva <eva@company.com>",
        "eva@company.com, x@evil.test",
        "eva@company.com\nBcc: x@evil.test",
        "eva@company.com\rBcc: x@evil.test",
        "a@company.com>\r\nRCPT TO:<c@evil.test",
        "éva@company.com",
        "eva@cömpany.com",
        "eva%evil.test@company.com",
        "=?utf-8?q?eva=0ABcc=3A?=@company.com",
        "=HYPERLINK()",
        12,
        "eva@" + "x" * 300 + ".com",
    ],
)
def test_an_address_that_is_none_leaves_the_row_out(address) -> None:
    """Only one plain address counts, and the reason does not repeat it."""
    persons, [reason] = person(email=address)
    assert persons == ()
    assert reason.startswith("the address ")
    assert "evil" not in reason


@pytest.mark.parametrize(
    ("cells", "found", "reason"),
    [
        ({"name": None}, None, "there is no name"),
        ({"name": "-"}, None, "the name is not one"),
        ({"name": "Eva\u202eReis"}, None, "the name is not one"),
        ({"name": "x" * 101}, None, "the name is not one"),
        ({"name": "Equipe Norte"}, None, "this looks like a group"),
        ({"name": "Compras"}, None, "this looks like a group"),
        ({"name": "HR"}, None, "this looks like a group"),
        ({"email": "qualidade@company.com"}, None, "this looks like a group"),
        ({"email": "team.north@company.com"}, None, "this looks like a group"),
        ({"email": "ALL@company.com"}, None, "this looks like a group"),
        ({"active": "maybe"}, None, "it is not clear whether this person is active"),
        ({"mail": "sometimes"}, None, "it is not clear which mails this person wants"),
        ({"leader": "x" * 101}, None, "the leader's name cannot be read"),
        ({"leader": "Rui\u200bCosta"}, None, "the leader's name cannot be read"),
        ({"leader": "Eva Reis"}, EVA, "the leader leads back to them"),
        ({"leader": "eva", "aliases": "Eva"}, EVA._replace(aliases=("Eva",)), "the leader leads back to them"),
        ({"language": "klingon"}, EVA, "the language is not known: write en, pt or es"),
        ({"away": "20/12/2026 a 05/01/2027"}, EVA, 'such as "2026-12-20..2027-01-05"'),
        ({"away": "2027-01-05..2026-12-20"}, EVA, "the range ends before it starts"),
        (
            {"away": "2026-12-24..2026-12-26; soon"},
            EVA._replace(away=((dt.date(2026, 12, 24), dt.date(2026, 12, 26)),)),
            "an absence cannot be read",
        ),
        ({"away": dt.date(2026, 12, 24)}, EVA._replace(away=((dt.date(2026, 12, 24),) * 2,)), ""),
        ({"aliases": "Eva / E. Reis, \u202e; ;" + "x" * 101}, EVA._replace(aliases=("Eva", "E. Reis")), ""),
        ({"mail": "Nunca"}, EVA._replace(mail=MailChoice.NONE), ""),
        ({"active": "inativa"}, EVA._replace(active=False), ""),
        ({"leader": "Rui"}, EVA._replace(leader="Rui"), ""),
        ({"name": "Ana Campos"}, EVA._replace(name="Ana Campos"), ""),
        ({"name": "Eva\u00a0Reis"}, EVA, ""),
    ],
)
def test_one_row(cells, found: Person | None, reason: str) -> None:
    """A row whose person, address, wish or standing is not clear is left out; what is merely unreadable is left out of
    it; the reason is told either way."""
    persons, reasons = person(**cells)
    assert persons == ((found,) if found else ())
    assert len(reasons) == bool(reason)
    assert all(reason in told for told in reasons)


@pytest.mark.parametrize(
    ("rows", "names", "told"),
    [
        ([("Ana", "a@x.com"), ("Rui", "A@x.com"), ("Eva", "e@x.com")], ["Eva"], [2, 3]),
        ([("Ana", "a@x.com"), ("ANA", "a@x.com")], ["Ana"], [3]),
        ([("Ana", "a@x.com"), ("Ana", "b@x.com")], ["Ana", "Ana"], [2, 3]),
        ([("Ana", "a@x.com"), ("", "a@x.com")], ["Ana"], [3]),
        ([("Ana", "a@x.com"), ("Rui", "")], ["Ana"], [3]),
        ([("Ana", ""), ("Rui", "")], [], []),
    ],
)
def test_rows_that_clash(rows, names: list[str], told: list[int]) -> None:
    """Two names with one address are both left out, whatever their order; a person listed twice counts once."""
    persons, problems = read([("Name", "Email"), *rows])
    assert [person.name for person in persons] == names
    assert [problem.row for problem in problems] == told
    reversed_persons, _ = read([("Name", "Email"), *reversed(rows)])
    assert {person.address.lower() for person in persons} == {person.address.lower() for person in reversed_persons}


def test_leaders_in_a_circle_lead_nobody() -> None:
    """Persons whose leaders lead back to them have none; who reports into the circle keeps theirs."""
    rows = [("Name", "Email", "Leader"), ("A1", "a@x.com", "B1"), ("B1", "b@x.com", "a1"), ("C1", "c@x.com", "A1")]
    persons, problems = read(rows)
    assert [person.leader for person in persons] == ["", "", "A1"]
    assert [problem.row for problem in problems] == [2, 3]


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        (("Email", "E-mail"), "a@x.com", "b@x.com"),
        (("Leader", "Manager"), "Rui", "Eva"),
        (("Active", "Ativo"), "yes", "no"),
        (("Mail", "Avisos"), "all", "none"),
    ],
)
def test_two_columns_for_one_thing(header, first: str, second: str) -> None:
    """Where two columns say the same they are one; where they differ nobody guesses."""
    rest = () if "Email" in header else ("Email",)
    address = () if "Email" in header else ("ana@x.com",)
    same = read([("Name", *header, *rest), ("Ana", first, first, *address)])
    assert (len(same[0]), same[1]) == (1, ())
    differs = read([("Name", *header, *rest), ("Ana", first, second, *address)])
    reason = "two columns for the same thing say different things"
    assert differs == ((), (PersonProblem("People", 2, reason),))


def test_a_mail_column_may_hold_addresses() -> None:
    """Where no other column can, a column headed Mail with addresses in it is the addresses."""
    assert [person.address for person in read([("Name", "Mail"), ("Ana", "ana@x.com"), ("Rui", None)])[0]] == [
        "ana@x.com"
    ]
    assert read([("Name", "Mail"), ("Ana", "weekly")]) == ((), ())


def test_a_second_name_is_an_alias() -> None:
    """A short name beside a full name is another name of the same person."""
    [found] = read([("Name", "Full name", "Email"), ("Ana", "Ana Silva", "a@x.com")])[0]
    assert (found.name, found.aliases) == ("Ana", ("Ana Silva",))


def test_a_formula_counts_by_its_result() -> None:
    """An address put together by a formula is the address a person sees."""
    [found] = read([("Name", "Email"), ("Ana", formula("B9&B10", "ana@x.com"))])[0]
    assert found.address == "ana@x.com"


@pytest.mark.parametrize("rows", [[], [("Who", "Email"), ("Ana", "a@x.com")], [("Name",), ("Ana",)]])
def test_a_tab_without_names_and_addresses_lists_nobody(rows) -> None:
    """Without a name column nothing is read, without addresses nobody is mailed, and nothing is told."""
    assert read(rows) == ((), ())


def test_other_tabs_list_nobody() -> None:
    """Only a tab named as one for people is read."""
    assert read(ENGLISH, "Actions") == ((), ())


def test_names_are_known_without_addresses() -> None:
    """Names and aliases of every row are known to the rules, whether or not the row can be mailed."""
    rows = [
        ("Name", "Alias", "Email"),
        ("Marie e Sousa", "Mimi/MS", "none"),
        ("Ana Lima", None, None),
        (None, "Zé", None),
    ]
    assert people(snapshot_of({"Equipe": rows})) == {"marie e sousa", "mimi", "ms", "ana lima", "ze"}
