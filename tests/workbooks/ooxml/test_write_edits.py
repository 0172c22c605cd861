"""Edits are made only in cells that hold what was read, in rows that are the same rows, where a value may stand."""

from collections.abc import Callable

import pytest
from writing_samples import (
    KEY,
    MAIN,
    PLAN_ROWS,
    PLAN_TABLE,
    SHEET,
    STAMP,
    Opened,
    Sample,
    adding,
    cells,
    changes,
    column,
    edit,
    opened,
    relations,
    written,
)

from sheets_sync.core.cells import BLANK, CellValue, Kind, text_value
from sheets_sync.core.decision import CellRef, Changes, Edit, KeyColumn
from sheets_sync.core.snapshot import Role

MARKS = (
    '<definedNames><definedName name="_sheets_sync.7.flag" hidden="1">\'Plan\'!$D$1:$D$1048576</definedName>'
    '<definedName name="_sheets_sync.7.id" hidden="1">\'Plan\'!$E$1:$E$1048576</definedName></definedNames>'
)
ROWS = PLAN_ROWS.replace(
    "<v>46082</v></c>",
    '<v>46082</v></c><c r="D2" s="5" t="str"><v>LATE</v></c><c r="E2" t="str"><v>A-0001</v></c>',
)
MARKED = Sample(rows=ROWS, names=MARKS)
LATE = text_value("LATE")
UNSEEN = "the cell holds a formula or a value that was not read"


def known(sample: Sample = MARKED) -> Opened:
    """A workbook in which Flag stands in D and ID in E; row 2 holds both, row 3 neither."""
    return opened(sample.data())


def row_2(after: str | CellValue = "DONE", **different: object) -> Edit:
    """A good edit of D2."""
    one = Edit("A-0001", CellRef(KEY, 2, Role.FLAG), LATE, text_value(after) if isinstance(after, str) else after)
    return one._replace(**different)


def test_an_edit_with_key() -> None:
    """A cell that holds what was read, in the row with the id, is changed; its look stays."""
    after, done = written(known(), changes(row_2(), key_column=5))
    assert (done.applied, done.refused) == ((row_2(),), ())
    assert cells(after) == cells(known()) | {"D2": "DONE"}
    assert '<c r="D2" s="5" t="inlineStr">' in after.part(SHEET)


def test_an_edit_without_key() -> None:
    """A row without id is known by its witness."""
    before = known()
    after, done = written(before, changes(edit(before.tab(), 3, Role.FLAG, "LATE"), key_column=5))
    assert len(done.applied) == 1
    assert cells(after)["D3"] == "LATE"


def test_clearing() -> None:
    """Clearing a cell leaves the formatted cell without a value."""
    after, _ = written(known(), changes(row_2(BLANK), key_column=5))
    assert "D2" not in cells(after)
    assert '<c r="D2" s="5"/>' in after.part(SHEET)


REFUSALS: dict[str, tuple[Callable[[Opened], Edit], str]] = {
    "the cell holds something else": (lambda _: row_2(before=text_value("x")), "D2 no longer holds what was read"),
    "the cell is not blank any more": (lambda _: row_2(before=BLANK), "D2 no longer holds what was read"),
    "the cell was cleared": (
        lambda _: row_2(ref=CellRef(KEY, 3, Role.FLAG), key=""), "D3 no longer holds what was read",
    ),
    "a number is no text": (lambda _: row_2(before=CellValue(Kind.NUMBER, "1")), "D2 no longer holds what was read"),
    "the row has another id": (lambda _: row_2(key="A-0002"), "row 2 no longer holds the id A-0002"),
    "the row has an id now": (lambda _: row_2(key=""), "row 2 has an id now"),
    "the row's human cells changed": (
        lambda book: edit(book.tab(), 3, Role.FLAG, "LATE")._replace(witness="0" * 32),
        "row 3 was changed since it was read",
    ),
    "the row is gone": (
        lambda book: edit(book.tab(), 2, Role.FLAG, "x")._replace(ref=CellRef(KEY, 40, Role.FLAG)),
        "row 40 was changed since it was read",
    ),
    "the row is outside the grid": (
        lambda book: edit(book.tab(), 9_999_999, Role.FLAG, "x"), "the sheet has no such row",
    ),
    "the column has no mark": (
        lambda _: row_2(ref=CellRef(KEY, 2, Role.NEXT_FIX), before=BLANK), "the tab Plan has no column of ours for it",
    ),
    "the tab was not read": (lambda _: row_2(ref=CellRef("99", 2, Role.FLAG)), "the tab was not read"),
    "a formula is wanted": (lambda _: row_2(CellValue(Kind.FORMULA, "A1")), "formulas are never written"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_refused(case: str) -> None:
    """An edit that does not fit what was read is refused with the reason, and the bytes stay."""
    make, reason = REFUSALS[case]
    before = known()
    one = make(before)
    after, done = written(before, changes(one, key_column=5, stamp=STAMP))
    assert [(refused.what, refused.reason) for refused in done.refused] == [(one, reason)]
    assert after.package._archive.data == before.package._archive.data
    assert (done.parts_changed, done.parts_untouched) == (0, len(before.package.parts))


def test_the_others_go_on() -> None:
    """One refused edit keeps no other edit of the same row or tab from being made."""
    before = known()
    wanted = changes(
        row_2(before=BLANK), row_2(), row_2(key="A-7"), edit(before.tab(), 3, Role.FLAG, "LATE"), key_column=5
    )
    after, done = written(before, wanted)
    assert (len(done.applied), len(done.refused)) == (2, 2)
    assert (cells(after)["D2"], cells(after)["D3"]) == ("DONE", "LATE")


def test_no_key_column_is_told() -> None:
    """Edits of a tab for which nobody said where the ids stand are refused."""
    _, done = written(known(), Changes((row_2(),), (), (KeyColumn("8", 5, ()),)))
    assert [refused.reason for refused in done.refused] == ["it is not said which column holds the ids"]


PLACES = {
    "a formula": (ROWS.replace('t="str"><v>LATE', 't="str"><f>A2</f><v>LATE'), "", "D2 holds a formula"),
    "an array formula reaching into it": (
        ROWS.replace("<v>46082</v>", '<f t="array" ref="C2:D2">A2</f><v>1</v>'), "", "D2 is filled by a formula",
    ),
    "inside merged cells": (
        ROWS, '<mergeCells count="1"><mergeCell ref="C2:D2"/></mergeCells>', "D2 lies within merged cells",
    ),
    "below the top of merged cells": (
        ROWS, '<mergeCells count="1"><mergeCell ref="D1:D2"/></mergeCells>', "D2 lies within merged cells",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PLACES)
def test_places_refused(case: str) -> None:
    """Where a formula gives the value, or merged cells hide it, nothing is written."""
    rows, tail, reason = PLACES[case]
    before = known(Sample(rows=rows, tail=tail, names=MARKS))
    cell = next(row for row in before.tab().rows if row.number == 2).cells[4]
    _, done = written(before, changes(row_2(before=cell.literal), key_column=5))
    assert [refused.reason for refused in done.refused] == [reason]


def test_a_formula_that_was_not_seen() -> None:
    """A formula in the sheet is kept even where the reader showed a plain value."""
    formula = known(Sample(rows=ROWS.replace("<v>LATE</v>", "<f>A2</f><v>LATE</v>"), names=MARKS))
    after, done = written(Opened(formula.package, known().seen), changes(row_2(), key_column=5))
    assert [refused.reason for refused in done.refused] == [UNSEEN]
    assert (done.applied, after.package._archive.data) == ((), formula.package._archive.data)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="D3"><v>1</v></c>',
        "<c s='2' r='D3' t='inlineStr'><is><r><t>typed</t></r></is></c>",
        '<c r="D3" t="str"><v xml:space="preserve"> </v></c>',
    ],
)
def test_a_value_that_was_not_seen(cell: str) -> None:
    """A cell that was read as blank and holds a value after all is not overwritten."""
    filled = known(Sample(rows=ROWS.replace("<v>46090</v></c>", f"<v>46090</v></c>{cell}"), names=MARKS))
    one = edit(known().tab(), 3, Role.FLAG, "LATE")
    after, done = written(Opened(filled.package, known().seen), changes(one, row_2(), key_column=5))
    assert [refused.reason for refused in done.refused] == [UNSEEN]
    assert done.applied == (row_2(),)
    assert cell in after.part(SHEET)


def test_a_header_that_was_not_seen() -> None:
    """Where the place of a new header holds a value after all, nothing is written in the tab."""
    plain = opened(Sample().data())
    filled = opened(Sample(rows=PLAN_ROWS.replace("</row>", "<c r='D1'><v>1</v></c></row>", 1)).data())
    _, done = written(Opened(filled.package, plain.seen), changes(*adding(column(Role.FLAG, 4))))
    assert ["was read as blank is filled" in refused.reason for refused in done.refused] == [True]


@pytest.mark.parametrize(
    "cell", ['<c r="D3" t="s"><v>0</v></c>', '<c r="D3" t="inlineStr"><is><t/></is></c>', '<c r="D3"><v></v></c>']
)
def test_cells_without_text_are_blank(cell: str) -> None:
    """An empty text, shared or not, is no value: such a cell is written."""
    strings = {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t/></si></sst>'}
    links = (("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId3", "sharedStrings", "sharedStrings.xml"))
    more = strings | {"xl/_rels/workbook.xml.rels": relations(*links)}
    rows = ROWS.replace("<v>46090</v></c>", f"<v>46090</v></c>{cell}")
    before = known(Sample(rows=rows, names=MARKS, more=more))
    _, done = written(before, changes(edit(before.tab(), 3, Role.FLAG, "LATE"), key_column=5))
    assert not done.refused


def test_the_first_of_merged_cells_is_written() -> None:
    """The top left cell of merged cells holds their value and may be written."""
    before = known(Sample(rows=ROWS, tail='<mergeCells count="1"><mergeCell ref="D2:D3"/></mergeCells>', names=MARKS))
    after, done = written(before, changes(row_2(), key_column=5))
    assert not done.refused
    assert cells(after)["D2"] == "DONE"


def test_a_header_of_a_table_is_not_written() -> None:
    """An edit never changes the header of a table, which names its column."""
    table = PLAN_TABLE.replace("A1:C3", "D2:F3")
    before = known(Sample(rows=ROWS, table=table, names=MARKS))
    _, done = written(before, changes(row_2(), key_column=5))
    assert [refused.reason for refused in done.refused] == ["D2 is a header of the table Actions"]


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ('<c r="E2"><v>12</v></c>', "12"),
        ('<c r="E2" t="str"><f>"A-"&amp;1</f><v>A-1</v></c>', "A-1"),
        ('<c r="E2" t="inlineStr"><is><t xml:space="preserve"> A-1 </t></is></c>', "A-1"),
        ('<c r="E2" t="inlineStr"><is><r><t>A-</t></r><r><rPr><b/></rPr><t>1</t></r></is></c>', "A-1"),
    ],
)
def test_keys_as_people_see_them(cell: str, key: str) -> None:
    """A row's id is what a person sees in its cell: a number, a result, a text with blanks or in two fonts."""
    rows = ROWS.replace('<c r="E2" t="str"><v>A-0001</v></c>', cell)
    _, done = written(known(Sample(rows=rows, names=MARKS)), changes(row_2(key=key), key_column=5))
    assert not done.refused


def test_values_of_every_kind() -> None:
    """Numbers, truth values and errors are written as such and read back the same (undo may need them)."""
    for value in (CellValue(Kind.NUMBER, "46082.5"), CellValue(Kind.BOOL, "FALSE"), CellValue(Kind.ERROR, "#N/A")):
        after, done = written(known(), changes(row_2(value), key_column=5))
        assert not done.refused
        assert next(row for row in after.tab().rows if row.number == 2).cells[4].literal == value


def test_nothing_to_change_is_the_same_bytes() -> None:
    """Edits that want what stands there already are applied without a byte changing, the stamp included."""
    before = known()
    after, done = written(before, changes(row_2("LATE"), key_column=5, stamp=STAMP))
    assert len(done.applied) == 1
    assert after.package._archive.data == before.package._archive.data


@pytest.mark.parametrize("comment", ["<!-- kept by a tool -->", "<![CDATA[ ]]>"])
def test_a_sheet_with_comments_is_refused_with_a_way_out(comment: str) -> None:
    """A sheet with XML comments cannot be spliced safely: all its changes are refused, with the way out."""
    before = known(Sample(rows=ROWS, tail=comment, names=MARKS))
    after, done = written(before, changes(row_2(), *adding(column(Role.NEXT_FIX, 6)), key_column=5))
    reason = "the sheet holds XML comments; open the workbook in Excel and save it once"
    assert [refused.reason for refused in done.refused] == [reason, reason]
    assert after.package._archive.data == before.package._archive.data


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-16", b""), ("UTF-8", b"\xef\xbb\xbf"), ("ISO-8859-1", b""), ("windows-1252", b"")]
)
def test_encodings(encoding: str, mark: bytes) -> None:
    """A sheet in another encoding, or with a byte order mark, is written with all its characters kept."""
    text = MARKED.parts()["xl/worksheets/sheet1.xml"]
    assert isinstance(text, str)
    sheet = text.replace('encoding="UTF-8"', f'encoding="{encoding}"').replace("Fix the pump", "Ação à noite")
    before = known(Sample(rows=ROWS, names=MARKS, more={"xl/worksheets/sheet1.xml": mark + sheet.encode(encoding)}))
    after, done = written(before, changes(row_2(), key_column=5))
    assert not done.refused
    assert cells(after) == cells(before) | {"D2": "DONE"}
    assert cells(after)["A2"] == "Ação à noite"


def test_a_package_that_must_not_be_written() -> None:
    """In a signed workbook everything is refused with that reason, and the bytes stay."""
    before = known(Sample(rows=ROWS, names=MARKS, more={"_xmlsignatures/sig1.xml": "<x/>"}))
    after, done = written(before, changes(row_2(), *adding(column(Role.NEXT_FIX, 6)), key_column=5))
    assert {refused.reason for refused in done.refused} == {before.package.write_refusal}
    assert "signed" in before.package.write_refusal
    assert (len(done.refused), after.package._archive.data) == (2, before.package._archive.data)


def test_a_table_that_contradicts_itself() -> None:
    """In a tab with a table that Excel would repair nothing is written."""
    before = known(Sample(rows=ROWS, names=MARKS, table=PLAN_TABLE.replace('ref="A1:C3" t', 'ref="A1:B3" t')))
    _, done = written(before, changes(row_2(), key_column=5))
    assert ["range and its columns differ" in refused.reason for refused in done.refused] == [True]


def test_a_damaged_frame_is_refused() -> None:
    """A sheet whose surroundings cannot be read is refused with the reason, not with an exception."""
    before = known()
    parts = dict(MARKED.parts())
    parts["xl/worksheets/sheet1.xml"] = str(parts["xl/worksheets/sheet1.xml"]).replace(
        "<sheetData>", '<cols><col min="x" style="1"/></cols><sheetData>'
    )
    broken = opened(Sample(more=parts).data())
    _, done = written(Opened(broken.package, before.seen), changes(row_2(), key_column=5))
    reason = "the workbook is damaged: a column's settings do not say which column"
    assert [refused.reason for refused in done.refused] == [f"{reason}; open the workbook in Excel and save it once"]
