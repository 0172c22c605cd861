"""Texts made comparable, and words in the singular."""

import pytest

from sheets_sync.words.normalise import header_words, plain, singular, status_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AÇÃO", "acao"),
        ("Data_de-Início.real\nprevista", "data de inicio real prevista"),
        ("  two   blanks ", "two blanks"),
        ("", ""),
    ],
)
def test_plain(text: str, expected: str) -> None:
    """Accents, case, `_` `-` `.` and line breaks do not matter."""
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("*Ação:", "acao"),
        ("¿Quién?", "quien"),
        ("dueDate", "due date"),
        ("requiredAction", "required action"),
        ("Due (dd/mm/yyyy)", "due"),
        ("(Owner)", "owner"),
        ("5. O QUÊ?", "o que"),
        ("1 - What", "what"),
        ("Nº", "no"),
        ("N.º", "no"),
        ("No.", "no"),
        ("Task #", "task #"),
        ("% Concluído", "% concluido"),
        ("Avance (%)", "avance %"),
        ("Descrição do Projeto\nConstrução de equipamento", "descricao do projeto construcao de equipamento"),
        ("KPIs", "kpis"),
        (" due   date ", "due date"),
        ("ação\tcorretiva", "acao corretiva"),
    ],
)
def test_header_words(header: str, expected: str) -> None:
    """A header is its words: camel case parted, marks, brackets and leading numbers gone, percent kept."""
    assert header_words(header) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("acoes", "acao"),
        ("acciones", "accion"),
        ("activities", "activity"),
        ("responsaveis", "responsavel"),
        ("responsables", "responsable"),
        ("owners", "owner"),
        ("atividades", "atividad"),
        ("atividade", "atividad"),
        ("actividades", "actividad"),
        ("actividad", "actividad"),
        ("status", "status"),
        ("progress", "progress"),
        ("mes", "mes"),
    ],
)
def test_singular(word: str, expected: str) -> None:
    """Plurals of three languages meet their singular; words that only end in s stay."""
    assert singular(word) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("✔", "✔"),
        ("✔️ Done", "done"),
        ("🟢 On track", "on track"),
        ("1 - Não iniciada", "nao iniciada"),
        ("Done (12/03)", "done"),
        ("100%", "100 %"),
        ("partial-complete", "partial complete"),
    ],
)
def test_status_words(text: str, expected: str) -> None:
    """A status loses its marks, numbers and remarks, unless a mark is all it is."""
    assert status_words(text) == expected
