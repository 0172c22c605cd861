"""What status words mean."""

import pytest

from sheets_sync.core.model import Status
from sheets_sync.words.packaged import word_list
from sheets_sync.words.statuses import status_list, status_name


def test_the_list_names_statuses() -> None:
    """Every word of the list stands for a status of the model, and every status but unknown has words."""
    shipped = word_list("statuses")
    assert set(shipped["words"]) == {str(status) for status in Status} - {"unknown"}
    assert set(shipped["codes"].values()) <= {str(status) for status in Status}
    assert set(status_list().known.values()) == {*shipped["words"], "late"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Not started", "planned"),
        ("NÃO INICIADO", "planned"),
        ("A fazer", "planned"),
        ("Por hacer", "planned"),
        ("Pendentes", "planned"),
        ("WIP", "in_progress"),
        ("partial-complete", "in_progress"),
        ("Partially complete", "in_progress"),
        ("Em andamento", "in_progress"),
        ("En ejecución", "in_progress"),
        ("on track", "in_progress"),
        ("No prazo", "in_progress"),
        ("en plazo", "in_progress"),
        ("Amarelo", "in_progress"),
        ("rojo", "in_progress"),
        ("amber", "in_progress"),
        ("🔴", "in_progress"),
        ("50 %", "in_progress"),
        ("Waiting", "blocked"),
        ("En espera", "blocked"),
        ("Em espera", "on_hold"),
        ("Suspenso", "on_hold"),
        ("Done", "done"),
        ("Concluído", "done"),
        ("concluídas", "done"),
        ("Superada", "done"),
        ("Hecho", "done"),
        ("Cumplidos", "done"),
        ("TRUE", "done"),
        ("yes", "done"),
        ("Sim", "done"),
        ("sí", "done"),
        ("OK", "done"),
        ("x", "done"),
        ("✔", "done"),
        ("✓", "done"),
        ("100 %", "done"),
        ("100%", "done"),
        ("Validated", "verified"),
        ("Eficaz", "verified"),
        ("Não eficaz", "ineffective"),
        ("Not accepted", "cancelled"),
        ("Descartado", "cancelled"),
        ("Rascunho", "proposed"),
        ("Late", "late"),
        ("ATRASADO", "late"),
        ("Retrasada", "late"),
        ("overdue", "late"),
        ("Doing it", None),
        ("120 %", None),
        ("Reunião marcada", None),
    ],
)
def test_status_name(text: str, name: str | None) -> None:
    """Words of three languages, both genders, plurals, marks and colours mean what DOMAIN 2.1 says."""
    assert status_name(text) == name


@pytest.mark.parametrize(("code", "name"), [("C", "done"), ("EA", "in_progress"), ("NI", "planned"), ("ZZ", None)])
def test_codes_count_only_among_codes(code: str, name: str | None) -> None:
    """A short code means something only in a column of short codes."""
    assert status_name(code, codes=True) == name
    assert status_name(code) is None
