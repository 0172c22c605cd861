"""Where the header stands, and which column is which."""

import datetime as dt

import pytest
from core.typed import columns, day, merged, plan, settings, snapshot, texts, unclear

from sheets_sync.core.header import find_header
from sheets_sync.core.model import Field
from sheets_sync.core.snapshot import Role

DATES = [dt.date(2026, 3, month) for month in range(1, 6)]
TEXTS = ["Paint the wall", "Sand the floor", "Fix the roof", "Clean the yard", "Call the mason"]


def bound(header, *rows, **chosen) -> dict[str, int]:
    """Which column each field is in, for a header with rows below it."""
    return columns(plan([header, *(rows or [TEXTS[:1]])], **chosen))


def column_of(values, header: str, **more):
    """A plan with these five values under one header, beside actions and whatever is in `more`."""
    names = ["Action", header, *more]
    return plan([names, *(list(row) for row in zip(TEXTS, values, *more.values(), strict=True))])


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (["Action", "Owner", "Due", "Status"], {"action": 1, "owner": 2, "due": 3, "status": 4}),
        (["AÇÕES", "Responsáveis", "Prazo", "Situação"], {"action": 1, "owner": 2, "due": 3, "status": 4}),
        (["Acción", "¿Quién?", "Fecha límite", "Estado"], {"action": 1, "owner": 2, "due": 3, "status": 4}),
        (
            ["What", "Why", "Where", "When", "Who", "How", "How much"],
            {"action": 1, "why": 2, "where": 3, "due": 4, "owner": 5, "next_step": 6, "cost": 7},
        ),
        (
            ["O que", "Por quê", "Onde", "Quando", "Quem", "Como", "Quanto"],
            {"action": 1, "why": 2, "where": 3, "due": 4, "owner": 5, "next_step": 6, "cost": 7},
        ),
        (
            ["Qué", "Por qué", "Dónde", "Cuándo", "Quién", "Cómo", "Cuánto"],
            {"action": 1, "why": 2, "where": 3, "due": 4, "owner": 5, "next_step": 6, "cost": 7},
        ),
        (["Countermeasure", "Who", "By when", "Effective?"], {"action": 1, "owner": 2, "due": 3, "effective": 4}),
        (["Initiative", "Lead", "ETA", "% complete"], {"action": 1, "owner": 2, "due": 3, "progress": 4}),
        (["Task", "R", "A", "C", "I"], {"action": 1, "support": 2, "owner": 3}),
        (["Task", "Responsible", "Accountable", "Consulted", "Informed"], {"action": 1, "support": 2, "owner": 3}),
        (["requiredAction", "dueDate", "dateAdded"], {"action": 1, "due": 2, "start": 3}),
        (["Action", "Repsonsible", "Prioirty"], {"action": 1, "owner": 2, "priority": 3}),
        (["Description", "Owner", "Due"], {"action": 1, "owner": 2, "due": 3}),
    ],
)
def test_known_templates(header, expected) -> None:
    """Usual plans of three languages are understood without configuration."""
    assert bound(header) == expected


def test_header_below_a_title_and_a_row_of_months() -> None:
    """The row with the most matches is the header, wherever it stands among the first fifteen."""
    rows = [["Plano de Ação 2026"], [None, "Status"], ["", "", "", "Jan", "Fev"], ["Ação", "Responsável", "Prazo"]]
    found = plan([*rows, ["Pintar o muro", "Ana", DATES[0]]])
    assert (found.layouts[0].header_row, texts(found)) == (4, ["Pintar o muro"])


def test_a_tie_goes_to_the_fuller_row_then_to_the_lower() -> None:
    """Of two rows with as many matches the fuller is the header, of two as full the lower."""
    assert plan([["Action", "Owner"], ["Task", "Who", "Extra"], ["Paint", "Ana"]]).layouts[0].header_row == 2
    assert plan([["Action", "Owner", "Extra"], ["Task", "Who"], ["Paint", "Ana"]]).layouts[0].header_row == 1
    assert plan([["Action", "Owner"], ["Task", "Who"], ["Paint", "Ana"]]).layouts[0].header_row == 2


def test_a_header_printed_again_is_not_the_header() -> None:
    """The first of two equal headers counts, so that no action is lost between them."""
    found = plan([["Action", "Owner"], ["Paint", "Ana"], ["Action", "Owner"], ["Sand", "Rui"]])
    assert texts(found) == ["Paint", "Sand"]


def test_a_header_needs_an_action_and_one_more() -> None:
    """An action column alone, or columns without an action, are no plan."""
    assert find_header(snapshot([["Action"], ["Paint"]]).tabs[0], settings()) is None
    assert find_header(snapshot([["Owner", "Due"], ["Ana", DATES[0]]]).tabs[0], settings()) is None


def test_a_header_too_far_down_is_found_only_when_named() -> None:
    """Below fifteen rows the header is not searched, but a configured row is taken."""
    rows = [*([f"Remark {n}"] for n in range(15)), ["Action", "Owner"], ["Paint", "Ana"]]
    assert plan(rows).layouts == ()
    assert plan(rows, header_row=16).layouts[0].header_row == 16


def test_a_header_of_two_lines() -> None:
    """Sub-headers below a group belong to the header, with or without merged cells."""
    top, below = ["Ação", "Responsável", "Prazo", None, "Status"], [None, None, "Início", "Fim"]
    found = plan([top, below, ["Pintar", "Ana", *DATES[:2], "Feito"]])
    assert found.layouts[0].header_row == 2
    assert columns(found) == {"action": 1, "owner": 2, "start": 3, "due": 4, "status": 5}
    areas = tuple(map(merged, ("A1:A2", "B1:B2", "C1:D1", "E1:E2")))
    assert columns(plan([top, below, ["Pintar", "Ana", *DATES[:2], "Feito"]], frame={"merged": areas})) == columns(
        found
    )


def test_planned_and_actual_groups() -> None:
    """Under "Realizado" an end is the day of completion and a start is no plan."""
    top = [None, None, "Planejado", None, "Realizado", None]
    header = ["Ação", "Responsável", "Início", "Fim", "Início", "Fim"]
    areas = (merged("C1:D1"), merged("E1:F1"))
    found = plan([top, header, ["Pintar", "Ana", *DATES[:4]]], frame={"merged": areas})
    assert columns(found) == {"action": 1, "owner": 2, "start": 3, "due": 4, "done_on": 6}


def test_a_text_sample_in_the_header_is_a_whole_word_prefix() -> None:
    """A header with an example below it in the same cell is known by its beginning."""
    header = ["Descrição do Projeto\nConstrução de equipamento", "Secretaria", "Situação"]
    assert bound(header, ["Construir a creche do bairro", "SME", "Em andamento"])["action"] == 1


def test_exact_goes_before_prefix() -> None:
    """A whole header wins over one that only begins like it."""
    rows = [["Paint the wall", "Ana", "done for now"]]
    assert bound(["Action", "Owner", "Owner of the wall"], *rows)["owner"] == 2


def test_a_prefix_binds_only_what_fits() -> None:
    """A header that begins like a known one binds only if its cells are of that kind."""
    found = column_of(["soon", "later", "never", "maybe", "yes"], "Due to whom")
    assert "due" not in columns(found)
    assert columns(column_of(DATES, "Due by all means"))["due"] == 2


@pytest.mark.parametrize(
    ("header", "clash"),
    [
        (["Action", "Task", "Owner"], '"Action" (A1), "Task" (B1)'),
        (["Action", "Owner", "Responsible"], '"Owner" (B1), "Responsible" (C1)'),
        (["Action", "Owner", "Due date", "Target date"], '"Due date" (C1), "Target date" (D1)'),
        (["Action", "Owner", "Status", "Stato", "Progress status"], '"Status" (C1), "Progress status" (E1)'),
    ],
)
def test_two_headers_for_one_decisive_column(header, clash: str) -> None:
    """Two equal headers for action, owner, due or status make the tab unclear, with both cells named."""
    found = plan([header, ["Paint the wall"]])
    assert [facts["columns"] for facts in unclear(found)] == [clash]
    assert (found.layouts, found.actions) == ((), ())
    assert unclear(found)[0]["kind"] == "ambiguous"


def test_an_action_with_a_prefix_rival_is_unclear() -> None:
    """ "milestone" beside "action_en" and "action_fr" could each be the action."""
    rows = [["milestone", "action_en", "action_fr", "due"], ["A wall", "Paint the wall", "Peindre le mur", DATES[0]]]
    (facts,) = unclear(plan(rows))
    assert (facts["name"], facts["columns"]) == ("action", '"milestone" (A1), "action_en" (B1), "action_fr" (C1)')
    chosen = plan(rows, column_map=((Field.ACTION, "action_fr"),))
    assert columns(chosen)["action"] == 3


def test_two_headers_for_another_column_are_not_checked() -> None:
    """For other columns a doubt costs only that column, and is told once."""
    found = plan([["Action", "Owner", "Goal", "Objective"], ["Paint the wall", "Ana", "G1", "G2"]])
    assert "goal" not in columns(found)
    assert (
        "not_checked_unclear",
        (("column", "goal"), ("columns", '"Goal" (C1), "Objective" (D1)'), ("tab", "Actions")),
    ) in (found.notes)


def test_a_revised_date_beside_the_first() -> None:
    """Of a due date and a revised one, the revised is due and the first is the original."""
    assert bound(["Action", "Due date", "Revised due"]) == {"action": 1, "original_due": 2, "due": 3}
    assert bound(["Ação", "Nova data", "Prazo"]) == {"action": 1, "due": 2, "original_due": 3}


@pytest.mark.parametrize("header", ["Data", "Fecha", "Date"])
def test_a_lone_date_header(header: str) -> None:
    """A bare "Data" is the due date where it is the only date column."""
    assert columns(column_of(DATES, header, Owner=["Ana"] * 5))["due"] == 2


@pytest.mark.parametrize("header", ["Data", "Fecha"])
def test_a_lone_date_header_beside_another_date(header: str) -> None:
    """Beside another date column nobody knows what it means."""
    (facts,) = unclear(column_of(DATES, header, Prazo=DATES))
    assert (facts["kind"], facts["name"], facts["columns"]) == ("ambiguous", "due", f'"{header}" (B1), "Prazo" (C1)')


def test_a_lone_date_header_where_the_dates_are_known() -> None:
    """With start and due both told, a further "Data" is just another column."""
    assert columns(column_of(DATES, "Data", Início=DATES, Prazo=DATES)) == {"action": 1, "start": 3, "due": 4}


def test_an_english_date_beside_a_start_is_not_checked() -> None:
    """An English "Date" that could be due costs only the due dates."""
    found = column_of(DATES, "Date", Start=DATES)
    assert (columns(found), unclear(found)) == ({"action": 1, "start": 3}, [])
    assert [facts for name, facts in found.notes if name == "not_checked_unclear"] == [
        (("column", "due"), ("columns", '"Date" (B1), "Start" (C1)'), ("tab", "Actions"))
    ]


def test_two_lone_dates_are_settled_by_the_map() -> None:
    """Two columns named "Data" need a choice, and can be chosen by column letter."""
    rows = [["Ação", "Data", "Data"], ["Pintar o muro", *DATES[:2]]]
    assert [facts["columns"] for facts in unclear(plan(rows))] == ['"Data" (B1), "Data" (C1)']
    chosen = plan(rows, column_map=((Field.START, "B"), (Field.DUE, "C")))
    assert columns(chosen) == {"action": 1, "start": 2, "due": 3}


def test_english_data_and_dates_are_not_due_dates() -> None:
    """ "Data" over texts is English data; an English "Date" beside a due date is a log's date."""
    assert columns(column_of(["a", "b", "c", "d", "e"], "Data", Owner=["Ana"] * 5)) == {"action": 1, "owner": 3}
    assert columns(column_of(DATES, "Date", Due=DATES))["due"] == 3


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("Avance", [10, 50, 100, 0, 20], "progress"),
        ("Avance", ["En curso", "Hecho", "Pendiente", "Hecho", "Hecho"], "status"),
        ("Andamento", ["50%", "75%", "100%", "0%", "10%"], "status"),
        ("Andamento", ["Feito", "Iniciada", "Feito", "Feito", "A fazer"], "status"),
        ("Andamento", [f"A reunião {n} foi feita com o fornecedor" for n in range(5)], "note"),
        ("Situação", ["Em obra", "Em obra", "Licitada", "Em obra", "Licitada"], "status"),
        ("Completed", DATES, "done_on"),
        ("Completed", ["yes", "no", "yes", "x", "no"], "status"),
        ("Concluído", DATES, "done_on"),
        ("Progress", ["Done", "In progress", "Done", "Done", "Not started"], "status"),
        ("Progress", [0.1, 0.5, 1, 0, 0.2], "progress"),
        ("Etapas", ["Feito", "Feito", "A fazer", "Feito", "Feito"], "status"),
        ("Item", [f"Pedir o orçamento {n}" for n in range(5)], "action"),
        ("Item", ["1.1", "1.2", "1.3", "2.1", "2.2"], "id"),
        ("Prazo", ["30 dias", "10 dias", "60 dias", "1 mês", "2 semanas"], "due"),
        ("Prazo", ["Contínuo", "Permanente", "Imediato", "Contínuo", "01/01/2026"], "due"),
        ("%", [10, 20, 30, 40, 50], "progress"),
        ("Meta", ["G1", "G2", "G1", "G3", "G1"], "goal"),
    ],
)
def test_headers_settled_by_content(header: str, values, field: str) -> None:
    """A header of several meanings is what at least 80 % of its filled cells are."""
    beside = "Owner" if field == "action" else "Action"
    rows = [[beside, header, "Priority"], *([text, value, "high"] for text, value in zip(TEXTS, values, strict=True))]
    assert columns(plan(rows)).get(field) == 2


def test_content_that_settles_nothing() -> None:
    """A decisive header whose cells fit none of its meanings is unclear, unless another column has that meaning."""
    values = ["obra um", 5, dt.date(2026, 1, 1), "ok então", "x y z"]
    assert [facts["columns"] for facts in unclear(column_of(values, "Avance"))] == ['"Avance" (B1)']
    beside = column_of(values, "Avance", Status=["Done"] * 5)
    assert columns(beside) == {"action": 1, "status": 3}
    assert next(name for name, _ in beside.notes) == "not_checked_unclear"


def test_a_phase_is_no_status() -> None:
    """ "Fase" is a status only when its cells are."""
    assert "status" not in columns(column_of(["Projeto", "Obra", "Obra", "Projeto", "Obra"], "Fase"))
    assert "status" not in columns(column_of(["Feito", "Feito", "A fazer", "Obra", "Projeto"], "Fase"))
    assert columns(column_of(["Feito", "Feito", "A fazer", "Feito", "Obra"], "Fase"))["status"] == 2


def test_a_duration_yields_to_a_date() -> None:
    """Of a "Prazo" in days and a date, the date is due."""
    assert columns(column_of(["30 dias"] * 5, "Prazo", **{"Data limite": DATES}))["due"] == 3


def test_a_table_beside_the_plan_is_no_rival() -> None:
    """A legend parted by a blank column does not make the status unclear."""
    rows = [
        ["Action", "Owner", "Status", None, "Status", "Meaning"],
        ["Paint", "Ana", "Done", None, "Done", "Finished"],
    ]
    assert columns(plan(rows))["status"] == 3


@pytest.mark.parametrize("header", ["Flag", "flag", "Next fix", "Alerta", "O que ajustar", "Qué ajustar"])
def test_a_persons_column_with_our_header(header: str) -> None:
    """A column named like one of ours, without our mark, stops the tab (HAZARDS 1)."""
    (facts,) = unclear(plan([["Action", "Owner", header], ["Paint", "Ana", "x"]]))
    assert (facts["kind"], facts["columns"]) == ("taken", f'"{header}" (C1)')


def test_our_own_columns_are_known_by_their_mark() -> None:
    """A marked column is ours under any name, and never a human column even when it is called Status."""
    marks = {Role.FLAG: 3, Role.NEXT_FIX: 4}
    found = plan([["Action", "Owner", "Status", "Flag"], ["Paint", "Ana", "OVERDUE", "x"]], frame={"marks": marks})
    assert columns(found) == {"action": 1, "owner": 2}
    assert (found.layouts[0].last_header, unclear(found)) == (4, [])
    assert found.layouts[0].headers == ((1, "Action"), (2, "Owner"), (3, "Status"), (4, "Flag"))


def test_a_mapped_header_that_is_not_there() -> None:
    """A map that names no header is told, with the nearest one and all there are."""
    (facts,) = unclear(plan([["Action", "Owner"], ["Paint", "Ana"]], column_map=((Field.ACTION, "Actions to take"),)))
    assert (facts["kind"], facts["wanted"], facts["nearest"]) == ("missing", "Actions to take", "Action")
    assert facts["columns"] == "Action, Owner"


def test_the_map_goes_before_everything() -> None:
    """A mapped header is taken whatever its name and cells say."""
    rows = [["Action", "Owner", "Wann"], ["Paint", "Ana", "bald"]]
    assert bound(*rows, column_map=((Field.DUE, "Wann"), (Field.OWNER, "ACTION"), (Field.ACTION, "Owner"))) == {
        "action": 2,
        "due": 3,
        "owner": 1,
    }


@pytest.mark.parametrize(
    ("header", "language", "expected"),
    [
        (["Ação", "Responsável", "Prazo", "Status"], "en", "pt"),
        (["Acción", "Responsable", "Plazo", "Status"], "en", "es"),
        (["Action", "Owner", "Due", "Status"], "pt", "en"),
        (["Status", "Projeto", "Aktion"], "es", "es"),
    ],
)
def test_the_language_of_a_tab(header, language: str, expected: str) -> None:
    """Most headers tell the language; without any the plan's own counts."""
    column_map = ((Field.ACTION, "Aktion"),) if "Aktion" in header else ()
    assert plan([header, ["x y"]], language=language, column_map=column_map).layouts[0].language == expected


def test_a_header_cell_far_too_long_is_none() -> None:
    """A paragraph in the header row is no header."""
    found = plan([["Action", "Owner", "Status " + "x" * 300], ["Paint", "Ana", "Done"]])
    assert columns(found) == {"action": 1, "owner": 2}


def test_nothing_is_found_in_nothing() -> None:
    """An empty tab has no header."""
    assert find_header(snapshot([]).tabs[0], settings()) is None


def test_a_date_header_is_no_text_header() -> None:
    """Month columns with real dates as headers are no known columns."""
    assert bound(["Action", "Owner", day("2026-01-01"), day("2026-02-01")]) == {"action": 1, "owner": 2}
