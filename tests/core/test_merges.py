"""Rows in rectangles, against walking through every cell."""

from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.core.merges import covered, holding, wide
from sheets_sync.core.snapshot import Area

small = st.integers(1, 12)
areas = st.lists(
    st.builds(
        lambda top, left, high, broad: Area(top, left, top + high, left + broad),
        small,
        small,
        st.integers(0, 5),
        st.integers(0, 4),
    ),
    max_size=8,
)
rows = st.lists(st.integers(1, 20), unique=True, max_size=12).map(sorted)


@given(areas, small, rows)
def test_covered_cells(merged: list[Area], column: int, numbers: list[int]) -> None:
    """A cell is covered when it lies in a merged area and is not its top left."""
    expected = [
        place
        for place, row in enumerate(numbers)
        if any(area.holds(row, column) and (row, column) != (area.top, area.left) for area in merged)
    ]
    assert covered(merged, column, numbers) == expected


@given(areas, small, rows)
def test_held_cells(computed: list[Area], column: int, numbers: list[int]) -> None:
    """A cell is held when any area has it."""
    expected = [place for place, row in enumerate(numbers) if any(area.holds(row, column) for area in computed)]
    assert holding(computed, column, numbers) == expected


@given(areas, rows)
def test_wide_rows(merged: list[Area], numbers: list[int]) -> None:
    """A row is wide when an area of three columns or more crosses it."""
    broad = [area for area in merged if area.right - area.left + 1 >= 3]
    expected = [place for place, row in enumerate(numbers) if any(area.top <= row <= area.bottom for area in broad)]
    assert wide(merged, 3, numbers) == expected


def test_huge_areas_are_not_walked_through() -> None:
    """A thousand areas over the whole grid cost no more than the rows there are."""
    grid = [Area(1, 1, 1_048_576, 16_384)] * 1000
    assert covered(grid, 2, [1, 5, 1_048_576]) == [0, 1, 2]
