"""Whole plans as teams keep them, and what any plan must survive."""

import datetime as dt
from dataclasses import replace

import pytest
from core.typed import (
    BOLD,
    columns,
    day,
    formula,
    merged,
    plan,
    settings,
    snapshot,
    snapshot_of,
    styled,
    texts,
    unclear,
)
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from sheets_sync.core.cells import CellTrouble
from sheets_sync.core.model import DateProblem, Precision, Status
from sheets_sync.core.parse import parse_plan
from sheets_sync.core.snapshot import Role
from sheets_sync.core.witness import row_witness

PORTUGUESE = [
    ["PLANO DE AÇÃO 5W2H – SECRETARIA DE OBRAS"],
    ["Atualizado em 10/11/2026"],
    [],
    [None, None, None, None, None, "JAN", "FEV", "MAR"],
    [
        *("Nº", "O que?\nDescrição do Projeto", "Por quê?", "Quem?", "Quando?", "Situação"),
        *("Onde?", "Como?", "Quanto custa? (R$)"),
    ],
    ["EIXO 1 – INFRAESTRUTURA"],
    [1, "Construir a creche do Jardim Ana Rosa", "Fila de 300 crianças", "Marta", day("2026-06-30"), "Em andamento"],
    [2, "Reformar a escola do bairro", None, "Obras / Educação", "dez/2026", "Não iniciado", None, None, 250000],
    [styled("1.1", BOLD), styled("Etapa de projetos", BOLD)],
    [3, "Contratar o projeto executivo", None, "João", "1º semestre de 2027", "A iniciar"],
    ["EIXO 2 – GESTÃO"],
    [4, "Publicar o relatório mensal no portal", None, "Equipe", "Contínuo", "Concluída"],
    [5, None, None, "Rui", day("2026-03-31"), "ATRASADO"],
    [6, "Treinar os fiscais", None, "Rui", "03/04/2026", "Licitação"],
    ["Total", None, None, None, None, None, None, None, 250000],
    [],
    ["Fonte: SEI 1234/2026"],
]

SPANISH = [
    ["Plan de mejora"],
    ["Código", "Acción de mejora", "Responsable", "Fecha de inicio", "Plazo", "% de avance", "Estado", "Observaciones"],
    ["AM-1", "Elaborar el manual de funciones", "Luz Díaz", day("2026-02-02"), "30 días", 1, "Cumplida", None],
    ["AM-2", "Capacitar a los 12 líderes", "Luz Díaz", day("2026-02-02"), day("2026-05-29"), 0.4, "En ejecución", "x"],
    ["AM-3", "Publicar los datos abiertos", "TI", None, "90 días", 0, "Sin iniciar", None],
    ["AM-4", "Revisar el contrato", None, None, "a más tardar el 30 de junio de 2026", None, "Suspendidas", None],
]


def test_a_portuguese_plan() -> None:
    """A 5W2H with titles, a month row, section bands, a total and a source line is read as its people mean it."""
    bands = tuple(map(merged, ("A1:I1", "A2:I2", "A6:I6", "A11:I11")))
    found = plan(PORTUGUESE, frame={"merged": bands})
    layout = found.layouts[0]
    assert (layout.header_row, layout.language, layout.id_is_ours) == (5, "pt", True)
    assert columns(found) == {
        "action": 2, "why": 3, "owner": 4, "due": 5, "status": 6, "where": 7, "next_step": 8, "cost": 9,
    }  # fmt: skip
    assert [action.row for action in found.actions] == [7, 8, 10, 12, 13, 14]
    assert [row for _, row in found.headings] == [6, 9, 11]
    statuses = [action.status.status for action in found.actions]
    assert statuses[:4] == [Status.IN_PROGRESS, Status.PLANNED, Status.PLANNED, Status.DONE]
    assert (found.actions[4].status.typed_late, statuses[5]) == (True, Status.UNKNOWN)
    dues = [(action.due.date, action.due.precision, action.due.problem) for action in found.actions]
    assert dues == [
        (day("2026-06-30"), Precision.DAY, None),
        (day("2026-12-31"), Precision.MONTH, None),
        (day("2027-06-30"), Precision.HALF, None),
        (None, Precision.DAY, DateProblem.NOT_A_DATE),
        (day("2026-03-31"), Precision.DAY, None),
        (None, Precision.DAY, DateProblem.AMBIGUOUS),
    ]
    assert {action.language for action in found.actions} == {"pt"}
    assert found.actions[4].action == ""


def test_a_spanish_plan() -> None:
    """A Spanish improvement plan with its own codes, durations and percentages is read as its people mean it."""
    found = plan(SPANISH)
    layout = found.layouts[0]
    assert (layout.header_row, layout.language, layout.id_is_ours, layout.id_column) == (2, "es", False, 1)
    assert [action.key for action in found.actions] == ["AM-1", "AM-2", "AM-3", "AM-4"]
    assert [action.progress for action in found.actions] == [100, 40, 0, None]
    assert [action.status.status for action in found.actions] == [
        Status.DONE,
        Status.IN_PROGRESS,
        Status.PLANNED,
        Status.ON_HOLD,
    ]
    dues = [action.due.date for action in found.actions]
    assert dues == [day("2026-03-04"), day("2026-05-29"), None, day("2026-06-30")]


def test_a_plan_that_cannot_say_done() -> None:
    """Without status, day of completion or progress nothing can be late, and the plan says so once."""
    found = plan([["Action", "Owner", "Due"], ["Paint", "Ana", day("2026-01-01")]])
    assert not found.can_say_done
    assert ("cannot_say_done", (("tab", "Actions"),)) in found.notes
    assert ("not_checked", (("column", "status"), ("tab", "Actions"))) in found.notes
    assert plan([["Action", "% complete"], ["Paint", 5]]).can_say_done


def test_one_tab_that_cannot_say_done_silences_the_plan() -> None:
    """Where one tab has no way to say done, no tab's row is called late."""
    tabs = {"A": [["Action", "Status"], ["Paint", "Done"]], "B": [["Action", "Owner"], ["Sand", "Ana"]]}
    assert not parse_plan(snapshot_of(tabs), settings(tabs=("A", "B"))).can_say_done


def test_the_witness_covers_what_people_typed() -> None:
    """The witness is made of all human columns but id and ignore, by field or header; ours do not count."""
    header = ["Action", "Ignore", "Owner", None, "Flag", "ID"]
    marks = {Role.FLAG: 5, Role.ID: 6}
    found = plan([header, ["Paint", "as agreed", "Ana", "scribble", "OVERDUE", "A-0001"]], frame={"marks": marks})
    layout = found.layouts[0]
    assert layout.witness_columns == ((1, "=action"), (3, "=owner"), (4, "D"))
    tab = snapshot([header, ["Paint", None, "Ana", "scribble", "DONE", "A-0002"]]).tabs[0]
    assert found.actions[0].witness == row_witness(tab.rows[1], layout.witness_columns)
    assert found.actions[0].key == "A-0001"


def test_a_moved_column_keeps_the_witness() -> None:
    """Neither the order of columns nor the row's number changes the witness."""
    first = plan([["Action", "Owner", "Extra"], ["Paint", "Ana", "x"]])
    second = plan([[], ["Extra", "Owner", "Action"], [], ["x", "Ana", "Paint"]])
    assert first.actions[0].witness == second.actions[0].witness


def test_people_are_read_from_their_tab() -> None:
    """Names and aliases of a People tab are known in plain form; addresses are not."""
    tabs = {
        "Ações": [["Ação", "Responsável"], ["Pintar", "Ana"]],
        "Pessoas": [["Equipe da obra"], ["Nome", "E-mail", "Alias"], ["Ana Lima e Souza", "a@x.org", "Aninha; AL"]],
    }
    assert parse_plan(snapshot_of(tabs), settings()).people == {"ana lima e souza", "aninha", "al"}
    assert plan([["Action", "Owner"], ["Paint", "Ana"]]).people == frozenset()


def test_configured_people_are_known_too() -> None:
    """The names the configuration lists are known beside those of the People tab."""
    tabs = {"Actions": [["Action", "Owner"], ["Paint", "Ana"]], "People": [["Name"], ["Rui Costa"]]}
    found = parse_plan(snapshot_of(tabs), settings(people=("Marie e Sousa", "A. Silva")))
    assert found.people == {"rui costa", "marie e sousa", "a silva"}


def test_two_tabs_are_one_plan() -> None:
    """Several named tabs give one plan, its actions in workbook order, each tab by its own header."""
    tabs = {
        "North": [["Action", "Owner"], ["Paint", "Ana"]],
        "Sul": [["Responsável", "Ação"], ["Rui", "Pintar o muro da escola até o fim do mês"]],
    }
    found = parse_plan(snapshot_of(tabs), settings(tabs=("Sul", "North")))
    assert [(action.tab, action.owner, action.language) for action in found.actions] == [
        ("1", "Ana", "en"),
        ("2", "Rui", "pt"),
    ]
    assert found.layout("2").language == "pt"


def test_a_map_that_one_tab_lacks_is_no_mistake() -> None:
    """A mapped header must be in some tab; a tab without it is understood by its own headers."""
    tabs = {
        "A": [["Action", "Todo", "Due"], ["x y", "Paint", None]],
        "B": [["Action", "Due"], ["Sand the floor", None]],
    }
    chosen = settings(tabs=("A", "B"), column_map=(("action", "Todo"),))
    found = parse_plan(snapshot_of(tabs), chosen)
    assert (texts(found), found.findings) == (["Paint", "Sand the floor"], ())
    turned = parse_plan(snapshot_of(dict(reversed(tabs.items()))), chosen)
    assert (texts(turned), turned.findings) == (["Sand the floor", "Paint"], ())


def test_an_unclear_tab_does_not_stop_the_others() -> None:
    """Only the tab with two owners is left out."""
    tabs = {"A": [["Action", "Owner", "Who"], ["Paint"]], "B": [["Action", "Due"], ["Sand", None]]}
    found = parse_plan(snapshot_of(tabs), settings(tabs=("A", "B")))
    assert (texts(found), [finding.tab for finding in found.findings]) == (["Sand"], ["1"])


def test_hidden_rows_count() -> None:
    """A filtered row is an action like others."""
    read = snapshot([["Action", "Owner"], ["Paint", "Ana"]])
    hidden = replace(read.tabs[0], rows=tuple(row._replace(hidden=True) for row in read.tabs[0].rows))
    assert texts(parse_plan(replace(read, tabs=(hidden,)), settings())) == ["Paint"]


def test_an_action_that_is_no_text() -> None:
    """Numbers, dates and errors in the action column are read without harm."""
    found = plan([["Action", "Owner"], [12.5, "Ana"], [day("2026-01-02"), "Rui"], [CellTrouble("#REF!"), "Eva"]])
    assert texts(found) == ["12.5", "2026-01-02", ""]
    assert [(str(p.field), p.problem) for p in found.actions[2].problems] == [("action", "error")]


ODD = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.sampled_from([CellTrouble("#REF!"), CellTrouble("not calculated")]),
    st.sampled_from(["Action", "Owner", "Due", "Status", "Ação", "Data", "Nº", "% complete", "Total", "1.1", "Flag"]),
    st.builds(formula, st.sampled_from(["TODAY()", "Plan!A#", "FILTER(A:A,1)"]), st.text(max_size=5)),
)
AREAS = st.lists(st.sampled_from(list(map(merged, ("A1:C1", "B2:B4", "A3:H3", "C2:D2")))), max_size=3, unique=True)


@given(st.lists(st.lists(ODD, max_size=7), max_size=9), AREAS)
@effort(max_examples=150)
def test_no_tab_raises(rows, areas) -> None:
    """Whatever stands in a tab, reading it gives a plan, and every action stands on a row of its own."""
    header = ["Action", "Owner", "Due", "Status", "% complete", "Nº"]
    found = plan([*rows[:3], header, *rows[3:]], frame={"merged": tuple(areas)}, as_of=dt.date(2026, 11, 16))
    places = [action.row for action in found.actions]
    assert places == sorted(set(places))
    assert not set(found.headings) & {(action.tab, action.row) for action in found.actions}
    for layout in found.layouts:
        assert all(layout.header_row < row <= layout.last_row for row in places)
        assert all(len(action.witness) == 32 for action in found.actions)


@given(st.lists(st.lists(ODD, max_size=7), max_size=6), st.randoms())
@effort(max_examples=60)
def test_reading_twice_is_reading_once(rows, chance) -> None:
    """The same tab gives the same plan, whatever was read before it."""
    table = [["Action", "Owner", "Due", "Status"], *rows]
    first = plan(table)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    plan([table[0], *shuffled])
    assert plan(table) == first


@pytest.mark.parametrize("rows", [[], [[]], [["Action", "Owner"]]])
def test_empty_plans(rows) -> None:
    """Nothing to read gives a plan without actions."""
    assert plan(rows).actions == ()
    assert len(unclear(plan(rows))) == (0 if rows and rows[0] else 1)
