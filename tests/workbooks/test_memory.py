"""The workbook in memory beyond the contract: what people do to it, and what follows their cells."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from contract.plan_tab import (
    FIRST_FREE,
    LAST_ROW,
    PLAN,
    SHEETS,
    changes_of,
    flagged,
    flags_by_ref,
    new_column,
    plan_of,
    reversed_structure,
    unkeyed_edit,
    without_ids,
)

from sheets_sync.core.cells import CellStyle, CellTrouble, Kind
from sheets_sync.core.decision import Changes, DropDownState, HighlightState, Structure, StructureKind
from sheets_sync.core.snapshot import Area, DropDown, HighlightRule, Role, Snapshot, Table
from sheets_sync.workbooks import hand_edits
from sheets_sync.workbooks.memory import MemoryWorkbook
from sheets_sync.workbooks.plain_values import Typed, Value

END = 1_048_576
NUMBERS = {"T": [["a", "b", "c"], [1, 2, 3], [4, 5, 6], [7, 8, 9]]}


def all_of(workbook: MemoryWorkbook) -> Snapshot:
    """Everything in the workbook."""
    return workbook.read([title.key for title in workbook.titles()])


@pytest.mark.parametrize(
    ("act", "shown"),
    [
        (lambda w: w.type_in("T", 2, 2, "x"), [["a", "b", "c"], [1, "x", 3], [4, 5, 6], [7, 8, 9]]),
        (lambda w: w.type_in("T", 2, 2, None), [["a", "b", "c"], [1, None, 3], [4, 5, 6], [7, 8, 9]]),
        (lambda w: w.type_in("T", 5, 4, "x"), None),
        (lambda w: w.insert_rows("T", 2), [["a", "b", "c"], [None] * 3, [1, 2, 3], [4, 5, 6], [7, 8, 9]]),
        (lambda w: w.delete_rows("T", 2, 2), [["a", "b", "c"], [7, 8, 9]]),
        (lambda w: w.copy_row("T", 3, 2), [["a", "b", "c"], [4, 5, 6], [4, 5, 6], [7, 8, 9]]),
        (
            lambda w: w.insert_columns("T", 2),
            [["a", None, "b", "c"], [1, None, 2, 3], [4, None, 5, 6], [7, None, 8, 9]],
        ),
        (lambda w: w.delete_columns("T", 1, 2), [["c"], [3], [6], [9]]),
        (lambda w: w.move_column("T", 1, 3), [["b", "c", "a"], [2, 3, 1], [5, 6, 4], [8, 9, 7]]),
        (lambda w: w.move_column("T", 3, 1), [["c", "a", "b"], [3, 1, 2], [6, 4, 5], [9, 7, 8]]),
        (
            lambda w: w.sort_rows("T", 1, first=2, last=4, descending=True),
            [["a", "b", "c"], [7, 8, 9], [4, 5, 6], [1, 2, 3]],
        ),
        (
            lambda w: w.sort_rows("T", 1, first=2, last=4, columns=[1, 3], descending=True),
            [["a", "b", "c"], [7, 2, 9], [4, 5, 6], [1, 8, 3]],
        ),
    ],
)
def test_what_people_do(act: Callable[[MemoryWorkbook], None], shown: list[list[object]] | None) -> None:
    """Each act of a person leaves what a spreadsheet program would show, and another fingerprint."""
    workbook = MemoryWorkbook.of(NUMBERS)
    before = workbook.fingerprint()
    act(workbook)
    assert workbook.fingerprint() != before
    if shown is None:
        assert workbook.shown("T")[4] == (None, None, None, "x")
    else:
        assert workbook.shown("T") == tuple(tuple(row) for row in shown)


def test_sorting_mixed_values() -> None:
    """Numbers and dates come before texts, texts before truth values, errors and blanks last; texts ignore case."""
    values = ["b", None, True, 2, CellTrouble("#N/A"), "A", dt.date(1900, 3, 1), 1.5]
    workbook = MemoryWorkbook.of({"T": [[value] for value in values]})
    workbook.sort_rows("T", 1, first=1, last=len(values))
    ordered = [1.5, 2, dt.date(1900, 3, 1), "A", "b", True, CellTrouble("#N/A")]
    assert [row[0] for row in workbook.shown("T")] == ordered


def test_marks_follow_their_columns() -> None:
    """Our columns are known wherever people move them; a deleted one is lost, and its loss is remembered."""
    workbook = MemoryWorkbook.of(SHEETS)
    seen = all_of(workbook)
    workbook.apply(flagged(seen), seen)
    workbook.insert_columns(PLAN, 3, 2)
    assert plan_of(all_of(workbook)).marks == {Role.FLAG: FIRST_FREE + 2, Role.NEXT_FIX: FIRST_FREE + 3}
    workbook.move_column(PLAN, FIRST_FREE + 3, 1)
    assert plan_of(all_of(workbook)).marks == {Role.FLAG: FIRST_FREE + 3, Role.NEXT_FIX: 1}
    workbook.delete_columns(PLAN, 1)
    tab = plan_of(all_of(workbook))
    assert (tab.marks, tab.lost_marks) == ({Role.FLAG: FIRST_FREE + 2}, {Role.NEXT_FIX})
    assert flags_by_ref(all_of(workbook))["X-3"] == "OVERDUE 4"


def test_our_id_column_is_followed_between_read_and_write() -> None:
    """A key is looked for in our id column wherever somebody has moved it since the read."""
    workbook = MemoryWorkbook.of(SHEETS)
    seen = all_of(workbook)
    columns = [new_column(seen, Role.ID, FIRST_FREE), new_column(seen, Role.FLAG, FIRST_FREE + 1)]
    ids = [unkeyed_edit(seen, row, Role.ID, f"A-{row}") for row in (2, 3)]
    workbook.apply(changes_of(seen, ids, columns, **without_ids(seen, None)), seen)
    seen = all_of(workbook)
    edits = [unkeyed_edit(seen, row, Role.FLAG, f"FLAG {row}", key=f"A-{row}") for row in (2, 3)]
    workbook.move_column(PLAN, FIRST_FREE, 1)
    workbook.copy_row(PLAN, 2, 3)
    receipt = workbook.apply(changes_of(seen, edits, **without_ids(seen, FIRST_FREE)), seen)
    assert receipt.applied == (edits[0],)


def test_new_column_only_beside_the_header_decided_on() -> None:
    """When the header row is no longer what was read, no column is added: its header would stand beside data."""
    workbook = MemoryWorkbook.of(SHEETS)
    seen = all_of(workbook)
    workbook.insert_rows(PLAN, 1, 2)
    receipt = workbook.apply(flagged(seen), seen)
    assert (receipt.applied, receipt.structures) == ((), ())


@pytest.mark.parametrize("value", ["my own remark", Typed(1, formula="A#"), None])
def test_column_somebody_typed_into_is_not_removed(value: Value) -> None:
    """A column of ours stays when a cell in it is no longer what was read, whoever asked for its removal."""
    workbook = MemoryWorkbook.of(SHEETS)
    seen = all_of(workbook)
    changes = flagged(seen)
    workbook.apply(changes, seen)
    seen = all_of(workbook)
    workbook.type_in(PLAN, 3, FIRST_FREE, value)
    left = workbook.fingerprint()
    removal = reversed_structure(changes.structures[0])
    assert workbook.apply(changes_of(seen, (), [removal]), seen).structures == ()
    assert workbook.fingerprint() == left
    seen = all_of(workbook)
    done = workbook.apply(changes_of(seen, (), [removal]), seen).structures
    assert done == (() if isinstance(value, Typed) else (removal,))


def test_areas_and_formulas_follow_their_cells() -> None:
    """Highlights, drop-downs and formulas move along with inserted columns and rows; own-row references stay."""
    workbook = MemoryWorkbook.of({"T": [["a", "b"], [1, Typed(2, formula='A#*$A$2+SUM(A2:A4)&"A2"')]]})
    seen = all_of(workbook)
    rule = HighlightRule("red", (Area(2, 2, END, 2),), '(N("sheets-sync:red")=0)*($B2="X")')
    drop_down = DropDown(Area(2, 1, END, 1), ("x", "y"))
    structures = (
        Structure(StructureKind.HIGHLIGHTS, "1", None, HighlightState((rule,))),
        Structure(StructureKind.DROP_DOWNS, "1", None, DropDownState((drop_down,))),
    )
    workbook.apply(Changes((), structures, ()), seen)
    workbook.insert_columns("T", 1)
    workbook.insert_rows("T", 2)
    (tab,) = all_of(workbook).tabs
    assert tab.highlights == (HighlightRule("red", (Area(3, 3, END, 3),), '(N("sheets-sync:red")=0)*($C3="X")'),)
    assert tab.drop_downs == (DropDown(Area(3, 2, END, 2), ("x", "y")),)
    assert tab.rows[1].cells[3].literal == (Kind.FORMULA, 'B#*$B$3+SUM(B3:B5)&"A2"')
    workbook.delete_columns("T", 2)
    (tab,) = all_of(workbook).tabs
    assert tab.drop_downs == ()
    assert tab.rows[1].cells[2].literal.text == '#REF!*#REF!+SUM(#REF!:#REF!)&"A2"'


@pytest.mark.parametrize(
    ("first", "count", "area"),
    [
        (1, 1, (1, 1, 3, 3)),
        (2, 1, (2, 1, 3, 3)),
        (3, 1, (2, 1, 3, 3)),
        (4, 3, (2, 1, 3, 3)),
        (2, 3, None),
        (1, 9, None),
    ],
)
def test_areas_shrink_with_deleted_rows(first: int, count: int, area: tuple[int, ...] | None) -> None:
    """An area loses the rows deleted from it, and goes with its last one; one that lies apart stays."""
    (tab,) = all_of(MemoryWorkbook.of({"T": [["x"]] * 9})).tabs
    table = Table("Plan", Area(2, 1, 4, 3), has_header=True, has_totals=False, is_query=False)
    after = hand_edits.with_rows_deleted(replace(tab, tables=(table,)), first, count)
    assert [tuple(kept.area) for kept in after.tables] == ([area] if area else [])


def test_table_and_filter_grow_and_shrink() -> None:
    """A table and a filter that end left of our new columns take them in, and give them back."""
    workbook = MemoryWorkbook.of(SHEETS)
    area = Area(1, 1, LAST_ROW, FIRST_FREE - 1)
    workbook.format_as_table(PLAN, "Plan", area)
    workbook.set_filter(PLAN, area)
    seen = all_of(workbook)
    changes = flagged(seen)
    assert workbook.apply(changes, seen).refused == ()
    grown = plan_of(all_of(workbook))
    assert grown.tables[0].area == grown.filter == area._replace(right=FIRST_FREE + 1)
    back = replace(
        changes,
        edits=tuple(edit._replace(before=edit.after, after=edit.before) for edit in changes.edits),
        structures=tuple(one._replace(before=one.after, after=one.before) for one in changes.structures),
    )
    assert workbook.apply(back, all_of(workbook)).refused == ()
    assert plan_of(all_of(workbook)).tables[0].area == plan_of(all_of(workbook)).filter == area


def test_snapshots_do_not_change() -> None:
    """What was read stays as it was read, whatever happens to the workbook."""
    workbook = MemoryWorkbook.of(SHEETS)
    seen = all_of(workbook)
    kept = repr(seen)
    workbook.apply(flagged(seen), seen)
    workbook.type_in(PLAN, 2, 2, Typed("new", style=CellStyle(bold=True)))
    workbook.delete_rows(PLAN, 3)
    assert repr(seen) == kept


def test_equal_content_has_equal_fingerprints() -> None:
    """The fingerprint speaks of content alone: undone by hand it is as before, in another workbook it is the same."""
    workbook = MemoryWorkbook.of(SHEETS)
    before = workbook.fingerprint()
    assert MemoryWorkbook.of(SHEETS).fingerprint() == before
    workbook.insert_rows(PLAN, 3)
    workbook.delete_rows(PLAN, 3)
    assert workbook.fingerprint() == before
    workbook.rename_tab(PLAN, "Plano")
    assert workbook.fingerprint() != before
    assert [title.name for title in workbook.titles()] == ["Plano", "Notes"]


def test_tabs_by_csv_and_name() -> None:
    """Tabs come from CSV texts too; names are unique, and an unknown name is an error of the caller."""
    workbook = MemoryWorkbook.of_csv({"Plan": "Action,Due\nPaint,2026-11-22\n"})
    assert workbook.shown("Plan") == (("Action", "Due"), ("Paint", dt.date(2026, 11, 22)))
    assert workbook.add_tab("Other") == "2"
    with pytest.raises(ValueError, match="already"):
        workbook.add_tab("Plan")
    with pytest.raises(KeyError):
        workbook.type_in("Nowhere", 1, 1, "x")
