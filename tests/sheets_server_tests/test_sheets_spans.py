"""Ranges follow rows and columns exactly as the rows and columns themselves go."""

from hypothesis import given
from hypothesis import strategies as st
from sheets_server.grid import Sheet
from sheets_server.spans import COLUMNS, ROWS, Delete, Insert, Move, index_after, spans_after

SIZE = 9
PLACES = st.integers(0, SIZE)


@st.composite
def shifts(draw):
    """Something that happens to nine lines."""
    start, end = sorted((draw(PLACES), draw(PLACES)))
    kinds = [st.builds(Insert, PLACES, st.integers(1, 3))]
    if start < end:
        kinds.append(st.just(Delete(start, end)))
        kinds.append(st.builds(Move, st.just(start), st.just(end), PLACES.filter(lambda to: not start <= to <= end)))
    return draw(st.one_of(kinds))


@st.composite
def stretches(draw):
    """Some of the nine lines, in a row."""
    start = draw(st.integers(0, SIZE - 1))
    return start, draw(st.integers(start + 1, SIZE))


@given(shifts(), stretches(), st.sampled_from([ROWS, COLUMNS]))
def test_a_stretch_holds_the_same_lines_afterwards(shift, stretch, dimension):
    """What was inside and is still there is inside, nothing else but lines inserted between."""
    sheet = Sheet.blank(0, "A", SIZE, SIZE)
    before = [line.key for line in sheet.lines(dimension)]
    sheet.shift(dimension, shift)
    after = [line.key for line in sheet.lines(dimension)]
    inside = {key for key in before[slice(*stretch)] if key in after}
    found = {key for start, end in spans_after(shift, *stretch) for key in after[start:end]}
    assert found & set(before) == inside
    assert all(index_after(shift, at) == (after.index(key) if key in after else None) for at, key in enumerate(before))


@given(shifts(), st.integers(0, SIZE - 1), st.integers(0, SIZE - 1), st.sampled_from([ROWS, COLUMNS]))
def test_a_cell_stays_on_its_row_and_column(shift, row, column, dimension):
    """A cell is found where its row and its column are now, or is gone with one of them."""
    sheet = Sheet.blank(0, "A", SIZE, SIZE)
    sheet.put(row, column, sheet.cell(row, column)._replace(value="here"))
    sheet.shift(dimension, shift)
    moved = index_after(shift, row if dimension == ROWS else column)
    wanted = [] if moved is None else [(moved, column) if dimension == ROWS else (row, moved)]
    assert [(at, beside) for at, beside, cell in sheet.filled() if cell.value == "here"] == wanted
