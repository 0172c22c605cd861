"""What the highlight formulas hold: as much as a spreadsheet program takes, and no more."""

import re

import pytest
from core.making import a_layout, a_plan

from sheets_sync.core.highlights import highlight_rules
from sheets_sync.core.model import Field, Status
from sheets_sync.core.settings import PlanSettings
from sheets_sync.words.flags import flag_words

COLUMNS = ((Field.ACTION, 1), (Field.OWNER, 2), (Field.DUE, 3), (Field.STATUS, 4))


def formulas(*owners: str, closed: tuple[str, ...] = ()) -> tuple[str, str]:
    """The red and the amber formula of a tab in which these owner texts name no single owner."""
    layout = a_layout(columns=COLUMNS)
    plan = a_plan(layout=layout, status_values=tuple((text, Status.DONE, 1) for text in closed))
    red, amber = highlight_rules(
        plan, layout, 5, settings=PlanSettings("u"), words=flag_words("en"), group_owners=owners
    )
    return red.formula, amber.formula


def texts_in(formula: str) -> list[str]:
    """The texts a formula holds, as they are."""
    return [text.replace('""', '"') for text in re.findall(r'"((?:[^"]|"")*)"', formula)]


def test_owner_texts_are_told_in_the_formula() -> None:
    """While the cell holds one of them the row stays red."""
    assert {"Team", 'The "A" team'} <= set(texts_in(formulas("Team", 'The "A" team')[0]))


def test_blanks_around_an_owner_text_do_not_matter() -> None:
    """The cell is compared without outer and double blanks, as the text was read."""
    red, _ = formulas("Sales  team", "Sales team")
    assert red.count('(TRIM($B2)="Sales team")') == 1


def test_the_most_frequent_owner_texts_come_first() -> None:
    """Of very many the first forty are told."""
    told = [text for text in texts_in(formulas(*(f"Team {n:03}" for n in range(100)))[0]) if text.startswith("Team")]
    assert told == [f"Team {n:03}" for n in range(40)]


def test_a_page_in_an_owner_cell_is_left_out() -> None:
    """A text of more than 255 characters in a formula damages a workbook; the others are told."""
    told = texts_in(formulas("x" * 256, "y" * 255, "Team")[0])
    assert [text for text in told if len(text) > 50] == ["y" * 255]
    assert "Team" in told


@pytest.mark.parametrize("character", ["\x07", "\r", "\ud800", "\uffff", "\x00"])
def test_characters_a_workbook_forbids_are_left_out(character: str) -> None:
    """One odd cell must not keep a whole plan from being written."""
    odd = f"Team{character}"
    for formula in formulas(odd, "Ana\nRui", closed=(f"Done{character}",)):
        assert character not in formula
    assert "Ana\nRui" in texts_in(formulas(odd, "Ana\nRui")[0])


@pytest.mark.parametrize("character", ["x", '"', "é"])
def test_formulas_stay_short_whatever_stands_in_the_cells(character: str) -> None:
    """Many long texts do not make a formula longer than a cell can hold."""
    owners = tuple(f"{n:03}" + character * 252 for n in range(60))
    closed = tuple(f"{n:03}" + character * n for n in range(60))
    for formula in formulas(*owners, closed=closed):
        assert len(formula) < 8192
        assert max(map(len, texts_in(formula))) <= 255
