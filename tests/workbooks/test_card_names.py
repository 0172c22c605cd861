"""The plan's card among the hidden names of a workbook."""

import pytest

from sheets_sync.workbooks.ooxml.traces import CARD_NAMES, card_formulas, parse_card

LONG = '{"a":"' + '"' * 9_000 + '"}'


@pytest.mark.parametrize("card", ["{}", '{"a":"b & ""c"""}', LONG])
def test_a_card_comes_back_from_its_names(card):
    """Quotation marks and length do not matter."""
    assert parse_card(card_formulas(card)) == card


def test_no_formula_is_longer_than_a_workbook_may_hold():
    """255 characters in one text constant, 8,192 in a formula."""
    formulas = card_formulas(LONG)
    assert len(formulas) > 1
    assert max(map(len, formulas.values())) <= 8192
    assert max(len(piece) for formula in formulas.values() for piece in formula.split('"&"')) <= 257


def test_a_card_of_25_000_characters_fits():
    """The longest card that is written has enough names."""
    assert parse_card(card_formulas('"' * 25_000)) == '"' * 25_000


@pytest.mark.parametrize("damage", ["#REF!", '"a"&B1', "Sheet1!$A$1", '"a'])
def test_a_damaged_card_is_none(damage):
    """Names that hold anything but joined texts give no card at all."""
    names = card_formulas(LONG)
    assert parse_card(names | {CARD_NAMES[1]: damage}) == ""


def test_letter_case_and_spaces_of_another_program_do_not_matter():
    """Programs write names and formulas in their own manner."""
    assert parse_card({"_SHEETS_SYNC.Card": '"a" & "b"'}) == "ab"
