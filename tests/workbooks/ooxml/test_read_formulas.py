"""Formula texts: the own row as "#", and shared formulas filled into their copies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_samples import read_tab, worksheet

from sheets_sync.workbooks.ooxml.formula_text import LONGEST_FORMULA, relative_text, template


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("C5-B5", "C#-B#"),
        ("$C5", "$C#"),
        ("C$5+$C$5", "C$5+$C$5"),
        ("C4+C55+C15", "C4+C55+C15"),
        ("SUM(A5:D5)", "SUM(A#:D#)"),
        ("SUM(5:5)+SUM($5:$5)", "SUM(#:#)+SUM($5:$5)"),
        ("Other!C5+'Q 5'!C5", "Other!C#+'Q 5'!C#"),
        ("'C5'!A1", "'C5'!A1"),
        ("Q5!A1", "Q5!A1"),
        ('IF(C5="C5","","x""C5")', 'IF(C#="C5","","x""C5")'),
        ("LOG5(C5)+LOG10(5)", "LOG5(C#)+LOG10(5)"),
        ("Table1[[#This Row],[C5]]+C5", "Table1[[#This Row],[C5]]+C#"),
        ("Table1[a'[C5']]+C5", "Table1[a'[C5']]+C#"),
        ("[1]Plan!C5", "[1]Plan!C#"),
        ("TAX5+my.C5+C5.x+C5_a", "TAX#+my.C5+C5.x+C5_a"),
        ("ZZZ5+XFE5+XFD5", "ZZZ5+XFE5+XFD#"),
        ("5+C5*1.5", "5+C#*1.5"),
        ("c5", "c5"),
        ("A:A", "A:A"),
    ],
)
def test_relative_references_to_the_own_row_are_written_as_hash(formula: str, text: str) -> None:
    """Only a relative reference to row 5 follows the row in a sort; texts, names and fixed rows do not."""
    assert relative_text(formula, 5) == text


@given(
    pieces=st.lists(st.sampled_from(["A", "$", "5", "15", "1", "+", ":", "(", ".", "!", "x", '"', "B$"]), max_size=12),
    rows=st.lists(st.integers(1, 160), min_size=1, max_size=6),
)
def test_remembered_formulas_give_the_same_text(pieces: list[str], rows: list[int]) -> None:
    """Filling a formula down row by row gives what each row's formula gives on its own."""
    known: dict[str, str] = {}
    for row in rows:
        text = "".join(pieces).replace("x", str(row)) + f"A{row}"
        assert relative_text(text, row, known) == relative_text(text, row)


def test_a_remembered_formula_is_not_taken_for_another() -> None:
    """Where the row's number is only part of a number, nothing is remembered: 9999977 is no row."""
    known: dict[str, str] = {}
    assert relative_text("SUM(5:999995)", 5, known) == "SUM(#:999995)"
    assert relative_text("SUM(77:9999977)", 77, known) == "SUM(77:9999977)"


@pytest.mark.parametrize(
    ("formula", "place", "text"),
    [
        ("A5+B$5+$C6+$D$7", (7, 3), "B#+C$5+$C8+$D$7"),
        ("A4", (9, 2), "A8"),
        ("A5", (5, 1), "#REF!#"),
        ("A1", (4, 2), "A#REF!"),
        ("SUM(A:B)+SUM($A:B)", (5, 4), "SUM(C:D)+SUM($A:D)"),
        ("SUM(4:5)", (6, 2), "SUM(5:#)"),
        ('"A5"&A5', (6, 2), '"A5"&A#'),
    ],
)
def test_a_formula_filled_elsewhere_moves_its_relative_references(
    formula: str, place: tuple[int, int], text: str
) -> None:
    """A shared formula written for B5 reads in another cell as if it had been filled there."""
    assert template(formula, 5, 2).text_at(*place) == text


def test_a_text_longer_than_any_formula_is_left_alone() -> None:
    """No time is spent on taking apart what no spreadsheet program would take."""
    text = "A5+" * LONGEST_FORMULA + "A5"
    assert relative_text(text, 5) == text


def test_a_filled_down_formula_has_one_text_in_all_its_rows() -> None:
    """Copies of a shared formula get their master's text for their own row, so a sort is no edit."""
    rows = '<row r="2"><c r="C2"><f t="shared" ref="C2:D4" si="0">A2*B$1</f><v>1</v></c></row>' + "".join(
        f'<row r="{r}">' + "".join(f'<c r="{c}{r}"><f t="shared" si="0"/><v>1</v></c>' for c in "CD") + "</row>"
        for r in (3, 4)
    )
    tab = read_tab(worksheet(rows))
    assert [row.cells[3].literal.text for row in tab.rows] == ["A#*B$1"] * 3
    assert [row.cells[4].literal.text for row in tab.rows[1:]] == ["B#*C$1"] * 2


def test_a_shared_formula_group_can_begin_again() -> None:
    """A second master of the same group number replaces the first for the copies below it."""
    rows = "".join(
        f'<row r="{r}"><c r="A{r}"><f t="shared" ref="A{r}" si="0">{text}</f><v>1</v></c></row>'
        f'<row r="{r + 1}"><c r="A{r + 1}"><f t="shared" si="0"/><v>1</v></c></row>'
        for r, text in ((1, "B1"), (3, "C3+D2"))
    )
    assert [row.cells[1].literal.text for row in read_tab(worksheet(rows)).rows] == ["B#", "B#", "C#+D2", "C#+D3"]
