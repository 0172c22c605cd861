"""Our columns added, renamed and removed: marks, tables, filters, widths and looks follow, or the step is refused."""

import pytest
from writing_samples import (
    KEY,
    PLAN_ROWS,
    PLAN_STYLES,
    PLAN_TABLE,
    SHEET,
    TABLE,
    WORKBOOK,
    Sample,
    adding,
    cells,
    changes,
    column,
    edit,
    highlights,
    opened,
    removing,
    row_of,
    rule,
    written,
)

from sheets_sync.core.cells import BLANK, text_value
from sheets_sync.core.decision import ColumnState, Structure, StructureKind
from sheets_sync.core.snapshot import Area, Role
from sheets_sync.workbooks.ooxml.checker import check_package
from sheets_sync.workbooks.ooxml.columns_patch import column_styles, with_widths, without_widths

FLAG, FIX = column(Role.FLAG, 4), column(Role.NEXT_FIX, 5)
FILTER = '<autoFilter ref="A1:C3"/>'
FILTER_NAME = (
    '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">{}!$A$1:$C$3</definedName>'
    "</definedNames>"
)


def test_columns_with_values_in_one_go() -> None:
    """New columns, their headers and their values are written together, and read back as ours."""
    before = opened(Sample().data())
    edits = [edit(before.tab(), row, Role.FLAG, f"LATE {row}") for row in (2, 3)]
    after, done = written(before, changes(*adding(FLAG, FIX), *edits))
    assert (len(done.applied), len(done.structures), done.refused) == (2, 2, ())
    assert after.tab().marks == {Role.FLAG: 4, Role.NEXT_FIX: 5}
    assert {k: v for k, v in cells(after).items() if k[0] in "DE"} == {
        "D1": "Flag", "E1": "Next fix", "D2": "LATE 2", "D3": "LATE 3",
    }  # fmt: skip
    assert {k: v for k, v in cells(after).items() if k[0] in "ABC"} == cells(before)
    assert '<dimension ref="A1:E3"/>' in after.part(SHEET)


def test_looks_of_new_cells() -> None:
    """A header is a clone of its neighbour; a value has its neighbour's border but no date format and no strike."""
    before = opened(Sample().data())
    edits = [edit(before.tab(), row, Role.FLAG, "LATE") for row in (2, 3)]
    after, _ = written(before, changes(*adding(FLAG), *edits))
    sheet = after.part(SHEET)
    assert '<c r="D1" s="1" ' in row_of(sheet, 1)
    assert '<c r="D2" s="2" ' in row_of(sheet, 2)
    assert '<c r="D3" s="2" ' in row_of(sheet, 3)


def test_looks_are_added_once() -> None:
    """A look that no cell has yet is appended to the styles once, and found again in the next run."""
    styles = PLAN_STYLES.replace('<xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0" applyBorder="1"/>', "")
    rows = PLAN_ROWS.replace(' s="2"', "").replace('s="3"', 's="2"').replace('s="4"', 's="3"')
    before = opened(Sample(rows=rows, styles=styles.replace('cellXfs count="6"', 'cellXfs count="5"')).data())
    edits = [edit(before.tab(), row, Role.FLAG, "LATE") for row in (2, 3)]
    after, _ = written(before, changes(*adding(FLAG), *edits))
    again, done = written(after, changes(*adding(FIX), *(edit(after.tab(), r, Role.NEXT_FIX, "x") for r in (2, 3))))
    assert not done.refused
    styled = after.part("/xl/styles.xml")
    assert '<cellXfs count="6">' in styled
    assert (
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1"/></cellXfs>'
        in styled
    )
    assert again.part("/xl/styles.xml") == styled
    assert ['s="5"' in row_of(again.part(SHEET), row) for row in (2, 3)] == [True, True]


def test_a_link_beside_us_is_no_link_of_ours() -> None:
    """Beside a cell that looks like a link our text has neither underline nor link colour."""
    rows = PLAN_ROWS.replace('<c r="C2" s="3">', '<c r="C2" s="5">')
    before = opened(Sample(rows=rows).data())
    after, _ = written(before, changes(*adding(FLAG), edit(before.tab(), 2, Role.FLAG, "LATE")))
    assert '<font><sz val="11"/><name val="Calibri"/></font>' in after.part("/xl/styles.xml")
    assert '<c r="D2" t="inlineStr"' in row_of(after.part(SHEET), 2)


def test_a_look_that_does_not_exist_is_not_spread() -> None:
    """Beside a cell whose style index leads nowhere ours take the standard look."""
    rows = PLAN_ROWS.replace('<c r="C1" s="1"', '<c r="C1" s="99"').replace('<c r="C2" s="3"', '<c r="C2" s="99"')
    before = opened(Sample(rows=rows).data())
    after, _ = written(before, changes(*adding(FLAG), edit(before.tab(), 2, Role.FLAG, "LATE")))
    assert '<c r="D1" t="inlineStr">' in row_of(after.part(SHEET), 1)
    assert '<c r="D2" t="inlineStr">' in row_of(after.part(SHEET), 2)


def test_existing_cells_keep_their_look() -> None:
    """A blank cell that somebody formatted keeps that format when we write into it."""
    rows = PLAN_ROWS.replace("</row>", '<c r="D1" s="5"/></row>', 1)
    before = opened(Sample(rows=rows).data())
    after, _ = written(before, changes(*adding(FLAG)))
    assert '<c r="D1" s="5" t="inlineStr">' in row_of(after.part(SHEET), 1)


def test_widths() -> None:
    """Each new column gets a width that fits what stands in it."""
    before = opened(Sample().data())
    after, _ = written(before, changes(*adding(FLAG, FIX, column(Role.ID, 6))))
    assert (
        '<cols><col min="4" max="4" width="24.7109375" customWidth="1"/>'
        '<col min="5" max="5" width="60.7109375" customWidth="1"/>'
        '<col min="6" max="6" width="9.7109375" customWidth="1"/>'
        "</cols><sheetData>" in after.part(SHEET)
    )


FRAME = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%b<sheetData/></worksheet>'
WIDTHS = {4: 24.7109375, 5: 60.7109375}


FIX_WIDTH = b'<col min="5" max="5" width="60.7109375" customWidth="1"/>'
OURS = b'<col min="4" max="4" width="24.7109375" customWidth="1"/>' + FIX_WIDTH
TAKEN = OURS.replace(b".7109375", b".71484375")
STYLED = TAKEN.replace(b" customWidth", b' style="7" customWidth')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", OURS),
        (b'<col min="1" max="3" width="9"/>', b'<col min="1" max="3" width="9"/>' + OURS),
        (
            b'<col min="2" max="16384" width="9" style="7" hidden="1"/>',
            b'<col min="2" max="3" width="9" style="7" hidden="1"/>'
            + STYLED
            + b'<col min="6" max="16384" width="9" style="7" hidden="1"/>',
        ),
        (b'<col min="4" max="9" width="12"/>', TAKEN + b'<col min="6" max="9" width="12"/>'),
        (b'<col min="2" max="5" width="12"/>', b'<col min="2" max="3" width="12"/>' + TAKEN),
        (
            b'<col min="4" max="4" width="30" customWidth="1"/>',
            b'<col min="4" max="4" width="30" customWidth="1"/>' + FIX_WIDTH,
        ),
    ],
)
def test_widths_come_and_go(before: bytes, after: bytes) -> None:
    """Widths fit between what is there, a stretch is split around them, and leaving closes it again."""
    cols = FRAME % (b"<cols>%b</cols>" % before if before else b"")
    sized = with_widths(cols, WIDTHS)
    assert sized == FRAME % (b"<cols>%b</cols>" % after)
    assert without_widths(sized, WIDTHS) == cols


def test_column_styles() -> None:
    """The default style of a column is that of the stretch it lies in."""
    styles = column_styles(FRAME % b'<cols><col min="2" max="4" style="7"/><col min="6" max="6" style="0"/></cols>')
    assert [styles.style(number) for number in (1, 2, 4, 5, 6)] == [b"", b"7", b"7", b"", b""]


def test_table_grows() -> None:
    """A table that ends left of us takes our columns in: range, filter, columns with new ids and the exact headers."""
    before = opened(Sample(table=PLAN_TABLE).data())
    flag = FLAG._replace(header='Flag & "fix"\n2')
    after, done = written(before, changes(*adding(flag, FIX)))
    table = after.part(TABLE)
    assert not done.refused
    assert 'ref="A1:E3" totalsRowShown="0"><autoFilter ref="A1:E3"/><tableColumns count="5">' in table
    assert (
        '<tableColumn id="6" name="Flag &amp; &quot;fix&quot;_x000a_2"/>'
        '<tableColumn id="7" name="Next fix"/></tableColumns>' in table
    )
    assert after.tab().tables[0].area == Area(1, 1, 3, 5)
    assert check_package(before.package, after.package) == ()


def test_table_with_totals_grows() -> None:
    """The filter of a table with a totals row still ends above the totals."""
    table = PLAN_TABLE.replace('totalsRowShown="0"', 'totalsRowCount="1"').replace(FILTER, '<autoFilter ref="A1:C2"/>')
    before = opened(Sample(table=table).data())
    after, done = written(before, changes(*adding(FLAG), edit(before.tab(), 3, Role.FLAG, "LATE")))
    assert '<autoFilter ref="A1:D2"/>' in after.part(TABLE)
    assert [refused.reason for refused in done.refused] == ["D3 is in the totals row of the table Actions"]


def test_filter_grows() -> None:
    """A filter that ends left of us takes our columns in, and its hidden name tells so; other names stay."""
    names = FILTER_NAME.format("Plan").replace(
        "</definedNames>", "<definedName name='x'>Plan!$A$1:$C$3</definedName></definedNames>"
    )
    before = opened(Sample(tail=FILTER, names=names).data())
    after, _ = written(before, changes(*adding(FLAG, FIX)))
    assert after.tab().filter == Area(1, 1, 3, 5)
    assert 'hidden="1">Plan!$A$1:$E$3</definedName>' in after.part(WORKBOOK)
    assert "<definedName name='x'>Plan!$A$1:$C$3</definedName>" in after.part(WORKBOOK)
    assert check_package(before.package, after.package) == ()


@pytest.mark.parametrize(
    "filtered", ['<autoFilter ref="A2:C3"/>', '<autoFilter ref="A1:B3"/>', '<autoFilter ref="A1:Z3"/>']
)
def test_other_filters_stay(filtered: str) -> None:
    """A filter with another header row, or one that does not end left of us, is not touched."""
    before = opened(Sample(tail=filtered).data())
    after, _ = written(before, changes(*adding(FLAG)))
    assert filtered in after.part(SHEET)


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        (Sample(rows=PLAN_ROWS.replace("<v>46090</v></c>", "<v>46090</v></c><c r=\"E3\"><v>1</v></c>")),
         "column E is not free because E3 is filled; free 2 columns right of C"),
        (Sample(rows=PLAN_ROWS.replace("</row>", '<c r="D1"><v>1</v></c></row>', 1)),
         "column D is not free because D1 is filled; free 2 columns right of C"),
        (Sample(rows=PLAN_ROWS.replace("</row>", '<c r="E1"><v>1</v></c></row>', 1), table=PLAN_TABLE),
         "column E is not free because E1 is filled; free 2 columns right of C"),
        (Sample(tail='<mergeCells count="1"><mergeCell ref="D3:D9"/></mergeCells>'),
         "column D is not free because of the merged cells D3:D9; free 2 columns right of C"),
        (Sample(table=PLAN_TABLE.replace('ref="A1:C3" totals', 'ref="D2:F3" totals')),
         "column D is not free because of the table Actions in D2:F3; free 2 columns right of C"),
        (Sample(table='tableType="queryTable" ' + PLAN_TABLE),
         "the table Actions is filled by a query or an XML map and cannot take a column of ours"),
        (Sample(table=PLAN_TABLE.replace('name="Owner"', 'name="FLAG"')),
         "the table Actions already has a column named Flag"),
    ],
)  # fmt: skip
def test_columns_refused(sample: Sample, reason: str) -> None:
    """Where a column cannot stand, none is added, nothing is written for it, and the bytes stay."""
    before = opened(sample.data())
    red = highlights(rule("red", Area(2, 4, 9, 4)))
    after, done = written(before, changes(*adding(FLAG, FIX), red, edit(before.tab(), 2, Role.FLAG, "LATE")))
    without = f"the columns could not be added: {reason}"
    assert [refused.reason for refused in done.refused] == [reason, reason, without, without]
    assert after.package._archive.data == before.package._archive.data


@pytest.mark.parametrize(("merged", "is_free"), [("D1:D1", True), ("D1:D2", False), ("D2:D3", False)])
def test_only_what_reaches_below_the_header_is_in_the_way(merged: str, is_free: bool) -> None:
    """Titles above the header row do not keep a column from being added, cells and merges from it down do."""
    rows = PLAN_ROWS.replace("</row>", '<c r="D1"><v>1</v></c></row>', 1)
    before = opened(Sample(rows=rows, tail=f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>').data())
    _, done = written(before, changes(*adding(column(Role.FLAG, 4, header_row=2))))
    assert (not done.refused) is is_free


def test_a_column_is_not_added_twice() -> None:
    """A role that has its column gets no second one."""
    once, _ = written(opened(Sample().data()), changes(*adding(FLAG)))
    _, done = written(once, changes(*adding(FLAG._replace(column=5))))
    assert [refused.reason for refused in done.refused] == ["the tab already has our Flag column"]


def test_a_lost_mark_is_renewed() -> None:
    """A column that somebody deleted and that is wanted back gets its mark anew."""
    names = '<definedNames><definedName name="_sheets_sync.7.flag" hidden="1">Plan!#REF!</definedName></definedNames>'
    before = opened(Sample(names=names).data())
    assert before.tab().lost_marks == {Role.FLAG}
    after, _ = written(before, changes(*adding(FLAG)))
    assert (after.tab().marks, after.tab().lost_marks) == ({Role.FLAG: 4}, frozenset())


def renaming(before: ColumnState, header: str) -> Structure:
    """The structure that changes a header."""
    return Structure(StructureKind.COLUMN, KEY, before, before._replace(header=header))


def test_header_renamed() -> None:
    """A header is changed in its cell and in the table it belongs to, and nowhere else."""
    once, _ = written(opened(Sample(table=PLAN_TABLE).data()), changes(*adding(FLAG)))
    after, done = written(once, changes(renaming(FLAG, "Sinal")))
    assert not done.refused
    assert cells(after) == cells(once) | {"D1": "Sinal"}
    assert '<tableColumn id="6" name="Sinal"/>' in after.part(TABLE)
    assert check_package(once.package, after.package) == ()


def test_header_renamed_in_letter_case_only() -> None:
    """A column's own name does not keep it from being written in other letter case."""
    once, _ = written(opened(Sample(table=PLAN_TABLE).data()), changes(*adding(FLAG)))
    after, done = written(once, changes(renaming(FLAG, "FLAG")))
    assert not done.refused
    assert '<tableColumn id="6" name="FLAG"/>' in after.part(TABLE)


def test_header_renamed_by_a_person() -> None:
    """A header that a person changed is not changed back behind their back."""
    once, _ = written(opened(Sample().data()), changes(*adding(FLAG)))
    _, done = written(once, changes(renaming(FLAG._replace(header="Flagge"), "Sinal")))
    assert [refused.reason for refused in done.refused] == ["the header in D1 was changed since the sheet was read"]


def test_header_given_its_mark_back() -> None:
    """A column adopted without a mark gets one, and its header stays."""
    before = opened(Sample(rows=PLAN_ROWS.replace("</row>", '<c r="D1" t="str"><v>Flag</v></c></row>', 1)).data())
    after, done = written(before, changes(renaming(FLAG, "Flag")))
    assert not done.refused
    assert after.tab().marks == {Role.FLAG: 4}
    assert cells(after) == cells(before)


@pytest.mark.parametrize(
    "sample", [Sample(), Sample(table=PLAN_TABLE), Sample(tail=FILTER, names=FILTER_NAME.format("Plan"))]
)
def test_removal_undoes_addition(sample: Sample) -> None:
    """After adding, filling and removing columns the tab holds what it held, and so do tables, filters and names."""
    before = opened(sample.data())
    filled, _ = written(before, changes(*adding(FLAG, FIX), edit(before.tab(), 2, Role.FLAG, "LATE")))
    after, done = written(filled, changes(*removing(FLAG, FIX)))
    assert not done.refused
    for part in before.package.parts:
        if part == SHEET:
            assert row_of(after.part(part), 2).replace("1:4", "1:3") == row_of(before.part(part), 2)
            assert "<cols>" not in after.part(part)
        elif "styles" not in part:
            assert after.part(part) == before.part(part)
    assert after.tab() == before.tab()
    assert check_package(before.package, after.package) == ()


def test_removal_leaves_what_people_formatted() -> None:
    """A cell that a person coloured in our column keeps its colour when its text goes."""
    filled, _ = written(opened(Sample().data()), changes(*adding(FLAG)))
    sheet = filled.part(SHEET).replace('<c r="D1" s="1"', '<c r="D1" s="5"')
    coloured = opened(Sample(more=_parts(filled.package) | {"xl/worksheets/sheet1.xml": sheet}).data())
    after, _ = written(coloured, changes(*removing(FLAG)))
    assert '<c r="D1" s="5"/></row>' in row_of(after.part(SHEET), 1)


def _parts(package: object) -> dict[str, str | bytes]:
    return {part.lstrip("/"): package.read(part) for part in package.parts}  # type: ignore[attr-defined]


def test_removal_takes_a_header_of_odd_look() -> None:
    """A header that is a clone of its neighbour goes with its look, whatever that is."""
    rows = PLAN_ROWS.replace('<c r="C1" s="1"', '<c r="C1" s="3"')
    before = opened(Sample(rows=rows).data())
    filled, _ = written(before, changes(*adding(FLAG)))
    after, _ = written(filled, changes(*removing(FLAG)))
    assert 'r="D1"' in filled.part(SHEET)
    assert 'r="D1"' not in after.part(SHEET)


def test_removal_leaves_what_stands_below_the_plan() -> None:
    """What stands in our column below the plan's last row is not ours to clear."""
    before = opened(Sample().data())
    filled, _ = written(before, changes(*adding(FLAG), edit(before.tab(), 3, Role.FLAG, "mine")))
    after, done = written(filled, changes(*removing(FLAG._replace(last_row=2))))
    assert not done.refused
    assert {k: v for k, v in cells(after).items() if k[0] == "D"} == {"D3": "mine"}


def test_removal_is_refused_where_nothing_else_is_left_of_a_table() -> None:
    """The only column of a table cannot go without the table."""
    once, _ = written(opened(Sample().data()), changes(*adding(FLAG)))
    table = Sample(table='ref="D1:D3"><tableColumns count="1"><tableColumn id="1" name="Flag"/></tableColumns>')
    parts = table.parts()
    sheet = once.part(SHEET).replace(
        "</worksheet>", '<tableParts count="1"><tablePart r:id="rId1"/></tableParts></worksheet>'
    )
    alone = opened(
        Sample(more=parts | {"xl/worksheets/sheet1.xml": sheet, "xl/workbook.xml": once.part(WORKBOOK)}).data()
    )
    _, done = written(alone, changes(*removing(FLAG)))
    assert [refused.reason for refused in done.refused] == [
        "column D stands inside the table Actions; delete column D in Excel"
    ]


def test_removal_takes_the_settings_of_its_filter_button() -> None:
    """A filter button that somebody hid on our column, without filtering by it, goes with the column."""
    once, _ = written(opened(Sample(tail=FILTER).data()), changes(*adding(FLAG)))
    hidden = '<autoFilter ref="A1:D3"><filterColumn colId="3" hiddenButton="1"/></autoFilter>'
    sheet = once.part(SHEET).replace('<autoFilter ref="A1:D3"/>', hidden)
    book = opened(Sample(more=_parts(once.package) | {"xl/worksheets/sheet1.xml": sheet}).data())
    after, done = written(book, changes(*removing(FLAG)))
    assert not done.refused
    assert "filterColumn" not in after.part(SHEET)
    assert check_package(None, after.package) == ()


def test_removal_is_refused_inside_a_table() -> None:
    """A column with somebody's column right of it in the table stays, and the reason says what to do in Excel."""
    once, _ = written(opened(Sample(table=PLAN_TABLE).data()), changes(*adding(FLAG, FIX)))
    after, done = written(once, changes(*removing(FLAG)))
    assert [refused.reason for refused in done.refused] == [
        "column D stands inside the table Actions; delete column D in Excel"
    ]
    assert after.tab() == once.tab()


@pytest.mark.parametrize("part", [SHEET, TABLE])
def test_removal_is_refused_while_filtered(part: str) -> None:
    """While rows are hidden by a filter on our column it stays: they would stay hidden without a way to show them."""
    sample = Sample(table=PLAN_TABLE) if part == TABLE else Sample(tail=FILTER)
    once, _ = written(opened(sample.data()), changes(*adding(FLAG)))
    active = '<filterColumn colId="3"><filters><filter val="LATE"/></filters></filterColumn>'
    changed = once.part(part).replace('<autoFilter ref="A1:D3"/>', f'<autoFilter ref="A1:D3">{active}</autoFilter>')
    filtered = opened(Sample(more=_parts(once.package) | {part.lstrip("/"): changed}).data())
    _, done = written(filtered, changes(*removing(FLAG)))
    assert [refused.reason for refused in done.refused] == ["rows are filtered by column D; clear that filter first"]


def test_removal_forgets_a_sort_by_our_column() -> None:
    """What a table remembers of being sorted by our column goes with the column."""
    once, _ = written(opened(Sample(table=PLAN_TABLE).data()), changes(*adding(FLAG)))
    sort = '<sortState ref="A2:D3"><sortCondition ref="D2:D3"/></sortState><tableColumns'
    changed = once.part(TABLE).replace("<tableColumns", sort)
    sorted_by_us = opened(Sample(more=_parts(once.package) | {TABLE.lstrip("/"): changed}).data())
    after, done = written(sorted_by_us, changes(*removing(FLAG)))
    assert not done.refused
    assert "sortState" not in after.part(TABLE)


@pytest.mark.parametrize(
    "formula",
    ["COUNTIF(Actions[Flag],1)", "Actions[[#This Row],[Flag]]", "Actions[@Flag]", "SUM(Actions[[Due]:[flag]])"],
)
def test_removal_is_refused_while_a_formula_names_the_column(formula: str) -> None:
    """A table column named in a formula stays: the formula would be broken, and Excel would repair the workbook."""
    rows = PLAN_ROWS + f'<row r="9"><c r="A9"><f>{formula}</f><v>1</v></c></row>'
    once, _ = written(opened(Sample(table=PLAN_TABLE, rows=rows).data()), changes(*adding(FLAG)))
    for structure in (*removing(FLAG), renaming(FLAG, "Sinal")):
        _, done = written(once, changes(structure))
        assert [refused.reason for refused in done.refused] == [
            "a formula uses the column Flag of the table Actions; change that formula first"
        ]


def test_removal_is_refused_where_a_cell_was_changed() -> None:
    """A column in which a cell could not be cleared stays, so that nothing a person typed is lost."""
    before = opened(Sample().data())
    once, _ = written(before, changes(*adding(FLAG), edit(before.tab(), 2, Role.FLAG, "LATE")))
    stale = edit(once.tab(), 2, Role.FLAG, BLANK, before=text_value("ON TRACK"))
    after, done = written(once, changes(stale, *removing(FLAG)))
    assert [refused.reason for refused in done.refused] == [
        "D2 no longer holds what was read",
        "D2 in our Flag column cannot be cleared, so the column stays",
    ]
    assert after.tab() == once.tab()


def test_removal_is_refused_where_a_formula_stands() -> None:
    """A column in which somebody typed a formula stays."""
    once, _ = written(opened(Sample().data()), changes(*adding(FLAG)))
    sheet = once.part(SHEET).replace("<v>46082</v></c>", '<v>46082</v></c><c r="D2"><f>A2</f><v>1</v></c>')
    formula = opened(Sample(more=_parts(once.package) | {"xl/worksheets/sheet1.xml": sheet}).data())
    _, done = written(formula, changes(*removing(FLAG)))
    assert [refused.reason for refused in done.refused] == ["D2 holds a formula; delete column D in Excel"]


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (FIX, "the tab has no Next fix column with our mark"),
        (FLAG._replace(column=5), "our Flag column was moved since the sheet was read"),
    ],
)
def test_removal_of_what_is_not_there(state: ColumnState, reason: str) -> None:
    """Only a column with our mark, where it was seen, is removed."""
    once, _ = written(opened(Sample().data()), changes(*adding(FLAG)))
    _, done = written(once, changes(*removing(state)))
    assert [refused.reason for refused in done.refused] == [reason]


def test_removal_of_a_deleted_column() -> None:
    """Of a column that somebody deleted only the mark is left to remove."""
    names = '<definedNames><definedName name="_sheets_sync.7.flag" hidden="1">Plan!#REF!</definedName></definedNames>'
    before = opened(Sample(names=names).data())
    after, done = written(before, changes(*removing(FLAG)))
    assert not done.refused
    assert "definedName" not in after.part(WORKBOOK)
    assert after.part(SHEET) == before.part(SHEET)
