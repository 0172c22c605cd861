"""Whatever a small workbook looks like, a write changes our cells and nothing else, and leaving gives back what was."""

import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from writing_samples import Opened, Sample, Wanted, cells, first_run, leaving, opened, written

from sheets_sync.core.decision import Changes
from sheets_sync.core.snapshot import Area, Role, Tab
from sheets_sync.workbooks.ooxml.checker import check_package
from sheets_sync.workbooks.ooxml.grid import column_letters

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
XML_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
)


@st.composite
def cell(draw: st.DrawFn, address: str) -> str:
    """One cell element in one of the ways programs write them."""
    inside = draw(
        st.sampled_from(
            [
                ("", "<v>1.5</v>"),
                ("", ""),
                (' t="b"', "<v>1</v>"),
                (' t="e"', "<v>#N/A</v>"),
                (' t="str"', "<f>1+1</f><v>x</v>"),
                (
                    ' t="inlineStr"',
                    "<is><r><rPr><b/><color rgb='FF0000'/></rPr><t>bold</t></r><r><t> text</t></r></is>",
                ),
                (' t="inlineStr"', f"<is><t xml:space='preserve'>{draw(XML_TEXTS)}</t></is>"),
                (' vm="1"', "<v>3</v>"),
            ]
        )
    )
    style = draw(st.sampled_from(["", ' s="0"', ' s="3"', ' s="4"', ' s="5"']))
    where = draw(st.sampled_from([f' r="{address}"', f" r='{address}'"]))
    order = draw(st.sampled_from([where + style, style + where])) + inside[0]
    return f"<c{order}>{inside[1]}</c>" if inside[1] or draw(st.booleans()) else f"<c{order}/>"


@st.composite
def rows(draw: st.DrawFn) -> str:
    """Some rows with gaps between them and between their cells."""
    numbers = sorted(draw(st.sets(st.integers(1, 12), max_size=6)))
    out = []
    for number in numbers:
        columns = sorted(draw(st.sets(st.integers(1, 6), max_size=4)))
        inside = "".join(draw(cell(f"{column_letters(column)}{number}")) for column in columns)
        extra = draw(
            st.sampled_from(["", ' spans="1:6"', ' spans="1:2 5:6"', ' hidden="1"', ' s="4" customFormat="1"'])
        )
        order = draw(st.sampled_from([f' r="{number}"{extra}', f"{extra} r='{number}'"]))
        out.append(f"<row{order}>{inside}</row>" if inside or draw(st.booleans()) else f"<row{order}/>")
    return draw(st.sampled_from(["", "\n", "  "])).join(out)


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """A workbook with some of what real ones hold around their rows."""
    head = draw(
        st.sampled_from(
            ["", '<dimension ref="A1"/>', '<cols><col min="2" max="9" width="12" style="3"/></cols>',
             '<sheetViews><sheetView workbookViewId="0"/></sheetViews>']
        )
    )  # fmt: skip
    filtered = draw(st.sampled_from(["", '<autoFilter ref="A1:F9"/>', '<autoFilter ref="A3:C9"/>']))
    rest = draw(
        st.sampled_from(
            ["", '<mergeCells count="1"><mergeCell ref="H20:I21"/></mergeCells>',
             '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="4"><formula>1</formula></cfRule>'
             "</conditionalFormatting>",
             '<dataValidations count="1"><dataValidation sqref="A1"/></dataValidations><pageMargins left="1" right="1" '
             'top="1" bottom="1" header="1" footer="1"/>']
        )
    )  # fmt: skip
    return Sample(rows=draw(rows()), head=head, tail=filtered + rest)


def others(tab: Tab, ours: set[int]) -> dict[tuple[int, int], object]:
    """Every cell outside our columns, and every hidden row."""
    found: dict[tuple[int, int], object] = {
        (row.number, column): (cell.literal, cell.seen, cell.style)
        for row in tab.rows
        for column, cell in row.cells.items()
        if column not in ours
    }
    return found | {(row.number, 0): row.hidden for row in tab.rows if row.hidden and set(row.cells) - ours}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(samples(), st.lists(TEXTS.filter(bool), min_size=3, max_size=3))
def test_only_our_cells_change(sample: Sample, texts: list[str]) -> None:
    """A first run, a second one with other texts, and leaving: other cells stay, ours hold what was written."""
    before = opened(sample.data())
    wanted = first_run(before.tab())
    filled, done = written(before, wanted.changes)
    assert not done.refused
    assert len(done.applied) == len(wanted.changes.edits)
    ours = set(filled.tab().marks.values())
    assert others(filled.tab(), ours) == others(before.tab(), set())
    assert check_package(before.package, filled.package) == ()
    held = cells(filled)
    for edit in done.applied:
        assert held[f"{column_letters(filled.tab().marks[edit.ref.role])}{edit.ref.row}"] == edit.after.text

    key = wanted.changes.keys[0]._replace(column=filled.tab().marks[Role.ID])
    second = tuple(
        edit._replace(key=_id(filled.tab(), edit.ref.row), before=edit.after, after=edit.after._replace(text=text))
        for edit, text in zip(done.applied, texts * len(done.applied), strict=False)
        if edit.ref.role is not Role.ID
    )
    changed, again = written(filled, Changes(second, (), (key,)))
    assert not again.refused
    assert others(changed.tab(), ours) == others(before.tab(), set())
    read = cells(changed)
    for edit in again.applied:
        assert read[f"{column_letters(changed.tab().marks[edit.ref.role])}{edit.ref.row}"] == edit.after.text

    left, leave = written(changed, leaving(changed.tab(), wanted.columns))
    assert not leave.refused
    assert others(left.tab(), set()) == others(before.tab(), set())
    assert (left.tab().filter, left.tab().merged, left.seen.stamp) == (
        kept_filter(before, wanted),
        before.tab().merged,
        None,
    )
    assert check_package(before.package, left.package) == ()


def kept_filter(before: Opened, wanted: Wanted) -> Area | None:
    """The filter as it was; one that reached over the blank columns that became ours ends left of them."""
    area = before.tab().filter
    first, last = wanted.columns[0], wanted.columns[-1]
    if area is None or area.top != first.header_row or not first.column <= area.right <= last.column:
        return area
    return area._replace(right=max(area.left, first.column - 1))


def _id(tab: Tab, number: int) -> str:
    row = next(row for row in tab.rows if row.number == number)
    return row.cells[tab.marks[Role.ID]].literal.text


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(st.none() | st.integers() | st.booleans() | XML_TEXTS, min_size=3, max_size=3), max_size=5))
def test_openpyxl_workbooks(grid: list[list[object]]) -> None:
    """In a workbook made by openpyxl, openpyxl reads every other value as before."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in [["Action", "Owner", "Due"], *grid]:
        sheet.append(line)
    stream = io.BytesIO()
    book.save(stream)
    before = opened(stream.getvalue())
    tab = before.seen.tabs[0]
    after, done = written(before, first_run(tab).changes)
    assert not done.refused
    read = openpyxl.load_workbook(io.BytesIO(after.package._archive.data)).active
    original = openpyxl.load_workbook(io.BytesIO(stream.getvalue())).active
    assert read is not None
    assert original is not None
    for row in original.iter_rows():
        for one in row:
            assert read.cell(one.row, one.column).value == one.value
    assert len(after.tab(tab.key).marks) == 3
