"""What headers mean, before any cell is looked at."""

import pytest

from sheets_sync.core.model import Field
from sheets_sync.words.columns import LANGUAGES, column_words, header_key, meaning_of, near_meaning, prefix_meaning
from sheets_sync.words.packaged import word_list


def fields_of(meaning) -> str:
    return " ".join(meaning.fields) if meaning else ""


def test_every_field_has_words_in_every_language() -> None:
    """Each column of the model can be named in English, Portuguese and Spanish."""
    fields = word_list("columns")["fields"]
    assert set(fields) == {str(field) for field in Field}
    assert [name for name, words in fields.items() for language in LANGUAGES if not words[language]] == []


def test_every_listed_word_is_known() -> None:
    """Lists that refine synonyms name only words that are synonyms."""
    lists = word_list("columns")
    for name in ("by_content", "only_if_fitting", "yields_to_dates", "revised"):
        unknown = [word for word in lists[name] if header_key(word) not in column_words().exact]
        assert unknown == [], name


def test_a_word_of_two_fields_is_settled_by_content() -> None:
    """No synonym is silently given to one of two columns."""
    shared = {key: m.fields for key, m in column_words().exact.items() if len(m.fields) > 1 and not m.by_content}
    assert shared == {}


@pytest.mark.parametrize("field", Field)
def test_each_synonym_means_its_field(field: Field) -> None:
    """Every shipped synonym is understood, also in capitals and with the usual trimmings."""
    for language in LANGUAGES:
        for word in word_list("columns")["fields"][field][language]:
            numbered = (f"2. {word}",) if word[0].isalpha() else ()
            for written in (word, word.upper(), f"{word} *", f"¿{word}?", *numbered):
                assert str(field) in fields_of(meaning_of(written)).split(), written


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Ações", "action"),
        ("Actividades", "action"),
        ("O que (What)", "action"),
        ("Responsáveis", "owner"),
        ("Owner / Responsible", "owner"),
        ("# Ação", "id"),
        ("Task #", "id"),
        ("#", "id"),
        ("Owner #", "owner"),
        ("Data de Início:", "start"),
        ("Término real", "done_on"),
        ("Avance (%)", "progress"),
        ("target_date", "due"),
        ("responsible_party", "owner"),
        ("progress_status", "status"),
        ("dueDate", "due"),
        ("dateAdded", "start"),
        ("previous_target_date", ""),
        ("v1_target", ""),
        ("Owner / Team", ""),
    ],
)
def test_whole_headers(header: str, field: str) -> None:
    """Plurals, question marks, alternatives and camel case do not hide a synonym; near ones are none."""
    assert fields_of(meaning_of(header)) == field


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("O que será feito?", "action"),
        ("action_en", "action"),
        ("Quem fará?", "owner"),
        ("Responsável pela entrega", "owner"),
        ("Owner / Team", "owner"),
        ("Fecha de inicio real", "start"),
        ("Task priority", "priority"),
        ("lead_department", "owner"),
        ("Owner email", ""),
        ("Action type", ""),
        ("Codes of conduct", ""),
    ],
)
def test_beginnings_of_headers(header: str, field: str) -> None:
    """The longest known beginning counts, whole words only; an e-mail column is no owner."""
    assert fields_of(prefix_meaning(header)) == field


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Repsonsible", "owner"),
        ("Responsable", "owner"),
        ("Statuss", "status"),
        ("Prioirty", "priority"),
        ("rpiority", "priority"),
        ("riority", "priority"),
        ("Priorit", "priority"),
        ("Prioritx", "priority"),
        ("Xriority", "priority"),
        ("Ownr", ""),
        ("product", ""),
        ("Resultado", ""),
    ],
)
def test_slips_of_the_keyboard(header: str, field: str) -> None:
    """One wrong letter in a word of six or more is forgiven, unless it makes another word."""
    assert fields_of(near_meaning(header)) == field
