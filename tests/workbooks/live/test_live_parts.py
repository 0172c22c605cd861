"""The pure parts of the live adapter: bulk answers, stretches of alike cells, spelling of formulas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.core.snapshot import Area, Table
from sheets_sync.workbooks.live.blocks import as_rows
from sheets_sync.workbooks.live.cells import STYLES
from sheets_sync.workbooks.live.formula_spelling import FormulaSpelling
from sheets_sync.workbooks.live.native_windows import WindowsNative
from sheets_sync.workbooks.live.stretches import Filled, alike, holding
from sheets_sync.workbooks.live.windows_words import without_tab

GRID = Area(1, 1, 12, 5)


@pytest.mark.parametrize(
    ("answer", "area", "rows"),
    [
        (5.0, Area(1, 1, 1, 1), [[5.0]]),
        (((5.0,),), Area(1, 1, 1, 1), [[5.0]]),
        ([1.0, 2.0], Area(1, 1, 1, 2), [[1.0, 2.0]]),
        ([1.0, 2.0], Area(1, 1, 2, 1), [[1.0], [2.0]]),
        (((1.0,), (2.0,)), Area(1, 1, 2, 1), [[1.0], [2.0]]),
        ([[1.0, 2.0], [3.0, 4.0]], Area(1, 1, 2, 2), [[1.0, 2.0], [3.0, 4.0]]),
    ],
)
def test_bulk_answers(answer, area, rows):
    """Whatever shape a program answers in, rows come out."""
    assert [list(row) for row in as_rows(answer, area)] == rows


@given(st.lists(st.lists(st.sampled_from("aab"), min_size=5, max_size=5), min_size=12, max_size=12))
def test_alike_parts_tell_every_cell(cells):
    """The parts cover each cell once, with what that cell has; alike columns cost few questions."""
    asked = []

    def ask(part):
        asked.append(part)
        held = {cells[r - 1][c - 1] for r in range(part.top, part.bottom + 1) for c in range(part.left, part.right + 1)}
        return held.pop() if len(held) == 1 else None

    found = list(alike(GRID, ask))
    for row in range(1, 13):
        for column in range(1, 6):
            assert [held for part, held in found if part.holds(row, column)] == [cells[row - 1][column - 1]]
    assert len(asked) < 2 * 60 + 2


def test_a_header_and_columns_cost_few_questions():
    """A bold header over ten thousand plain rows is three questions."""
    asked = []

    def ask(part):
        asked.append(part)
        return None if part.top == 1 < part.bottom else part.top == 1

    assert dict(alike(Area(1, 1, 10_001, 12), ask)) == {Area(1, 1, 1, 12): True, Area(2, 1, 10_001, 12): False}
    assert len(asked) == 3


def test_blank_parts_are_not_asked_for():
    """Where nothing stands, no question is asked."""
    filled = Filled(GRID, [("x", None, "", None, None), *[(None,) * 5] * 10, (None, None, None, None, 1.0)])
    found = dict(alike(GRID, lambda part: "cell" if part.top == part.bottom else None, matters=filled.within))
    assert any(part.holds(1, 1) for part in found)
    assert any(part.holds(12, 5) for part in found)
    assert not any(part.holds(1, 3) and part.left == part.right == 3 for part in found)
    assert not any(part.holds(5, 3) for part in found)


MERGES = [(), (Area(1, 1, 1, 5),), (Area(3, 2, 4, 3), Area(5, 2, 5, 3)), (Area(1, 1, 12, 5),), (Area(2, 1, 3, 1),) * 1]


@pytest.mark.parametrize("merges", MERGES)
def test_areas_are_found(merges):
    """Merged areas are found by halving, each once."""

    def ask(part):
        inside = sum(
            any(merge.holds(row, column) for merge in merges)
            for row in range(part.top, part.bottom + 1)
            for column in range(part.left, part.right + 1)
        )
        cells = (part.bottom - part.top + 1) * (part.right - part.left + 1)
        return {0: False, cells: True}.get(inside)

    found = list(holding(GRID, ask, lambda row, column: next(m for m in merges if m.holds(row, column))))
    assert sorted(found) == sorted(merges)


PLANS = Table("Plans", Area(1, 1, 9, 9), has_header=True, has_totals=False, is_query=False)


@pytest.mark.parametrize(
    ("shown", "canonical"),
    [
        ("XLOOKUP(A3,B:B,C:C)", "_xlfn.XLOOKUP(A#,B:B,C:C)"),
        ("_xlfn.XLOOKUP(A3,B:B,C:C)", "_xlfn.XLOOKUP(A#,B:B,C:C)"),
        ("FILTER(A1:A9,B1:B9)", "_xlfn._xlws.FILTER(A1:A9,B1:B9)"),
        ('"XLOOKUP("&A3', '"XLOOKUP("&A#'),
        ("SUM([@Cost])", "SUM(Plans[[#This Row],[Cost]])"),
        ("[@[Due date]]+1", "Plans[[#This Row],[Due date]]+1"),
        ("Other[@Cost]", "Other[[#This Row],[Cost]]"),
        ("COUNTA([@])", "COUNTA(Plans[#This Row])"),
        ("SUM(Plans[Cost])", "SUM(Plans[Cost])"),
        ("NETWORKDAYS.INTL(A3,B3)", "NETWORKDAYS.INTL(A#,B#)"),
    ],
)
def test_spelling(shown, canonical):
    """Formulas are spelled as files hold them; texts in them stay."""
    assert FormulaSpelling([PLANS]).canonical(shown, 3, 2) == canonical


@pytest.mark.parametrize(
    ("formula", "plain"),
    [
        ('(N("sheets-sync:red")=0)*(Plan!$G2="Plan!x")', '(N("sheets-sync:red")=0)*($G2="Plan!x")'),
        ("ISBLANK('Plan'!$C2)", "ISBLANK($C2)"),
    ],
)
def test_own_tab_is_left_out(formula, plain):
    """A formula that a name translated is free of the tab's name, but not its texts."""
    assert without_tab(formula, "Plan") == plain


class _ComError(Exception):
    """Shaped like pywin32's."""

    def __init__(self, hresult, scode=None):
        self.hresult, self.excepinfo = hresult, (0, "Excel", "", "", 0, scode) if scode else None


_ComError.__name__ = "com_error"


@pytest.mark.parametrize(
    ("error", "busy", "refusal"),
    [
        (_ComError(-2147418111), True, False),
        (_ComError(-2147352567, -2146777998), True, False),
        (_ComError(-2147352567, -2146827284), False, True),
        (ValueError(), False, False),
    ],
    ids=["call rejected", "a cell is edited", "not allowed", "a mistake of ours"],
)
def test_what_windows_means(error, busy, refusal):
    """Errors of COM are told apart by their codes."""
    assert (WindowsNative().is_busy(error), WindowsNative().is_refusal(error)) == (busy, refusal)


def test_styles_are_sums_of_traits():
    """A style's number tells its traits."""
    assert STYLES[1 + 4].is_date
    assert STYLES[1 + 4].bold
    assert not any((STYLES[1 + 4].is_percent, STYLES[1 + 4].struck, STYLES[1 + 4].filled))
    assert STYLES[16].filled
