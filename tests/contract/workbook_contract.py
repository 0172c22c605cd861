"""What every kind of workbook must do with `base.Workbook`, as one class of tests; each adapter subclasses it.

An adapter's test class gives the fixture `bench`: a function from tabs (rows of plain values by name) to the adapter's
workbook and a person who can act on the same content.
"""

import random
from dataclasses import replace

import pytest
from contract.people import ACTS, Act, Bench, Shared
from contract.plan_tab import (
    COST,
    DUE,
    FIRST_FREE,
    LAST_ROW,
    NOTES,
    PLAN,
    ROWS,
    SHEETS,
    STAMP,
    changes_of,
    flagged,
    flags_by_ref,
    human_cells,
    key_of,
    keyed_edit,
    new_column,
    own_texts,
    plan_of,
    reversed_edit,
    reversed_structure,
    unkeyed_edit,
    without_ids,
)

from sheets_sync.core.cells import BLANK, CellTrouble, CellValue, Kind, text_value
from sheets_sync.core.decision import (
    CellRef,
    Changes,
    DropDownState,
    Edit,
    HighlightState,
    LogCell,
    LogState,
    Receipt,
    State,
    Structure,
    StructureKind,
)
from sheets_sync.core.snapshot import Area, DropDown, HighlightRule, Role, Snapshot
from sheets_sync.errors import WorkbookChanged
from sheets_sync.workbooks.base import Workbook

GRID_END = 1_048_576
RED = HighlightRule("red", (Area(2, DUE, GRID_END, DUE),), '(N("sheets-sync:red")=0)*($G2="OVERDUE")')
AMBER = HighlightRule("amber", (Area(2, FIRST_FREE, GRID_END, FIRST_FREE),), '(N("sheets-sync:amber")=0)*($G2="LATE")')
YES_NO = DropDown(Area(2, 5, GRID_END, 5), ("yes", "no"))


def read_all(workbook: Workbook) -> Snapshot:
    """Everything in the workbook."""
    return workbook.read([title.key for title in workbook.titles()])


def apply_if_unchanged(workbook: Workbook, changes: Changes, seen: Snapshot) -> Receipt | None:
    """The receipt, or None where the adapter noticed that somebody saved, and then wrote nothing."""
    try:
        return workbook.apply(changes, seen)
    except WorkbookChanged:
        return None


def assert_only_ours_changed(left: Snapshot, after: Snapshot) -> None:
    """No cell that people left is different, and none of them stands in a column that has become ours."""
    assert human_cells(after) == human_cells(left)


class WorkbookContract:
    """The contract. `bench` is the adapter's own fixture; `carries_log` False is for a kind without a Sync log."""

    carries_log = True

    @pytest.fixture
    def shared(self, bench: Bench) -> Shared:
        """The small plan, read and written by nobody yet."""
        return bench(SHEETS)

    @pytest.fixture
    def workbook(self, shared: Shared) -> Workbook:
        """The small plan, where nobody else is at work."""
        return shared.workbook

    def test_titles_and_reading(self, workbook: Workbook) -> None:
        """Tabs are listed in order, read by key in workbook order, and unknown keys are left out."""
        titles = workbook.titles()
        assert [(title.name, title.hidden) for title in titles] == [(PLAN, False), (NOTES, False)]
        snapshot = workbook.read([titles[1].key, "unknown", titles[0].key])
        assert snapshot.titles == titles
        assert [tab.key for tab in snapshot.tabs] == [title.key for title in titles]
        assert workbook.read(["unknown"]).tabs == ()
        assert [tab.name for tab in workbook.read([titles[1].key]).tabs] == [NOTES]
        assert snapshot.fingerprint == workbook.fingerprint()
        assert snapshot.stamp is None

    def test_cells(self, workbook: Workbook) -> None:
        """Every kind of value arrives as a person sees it; blank cells are no cells; nobody's column is ours."""
        snapshot = read_all(workbook)
        tab = plan_of(snapshot)
        assert (tab.marks, tab.lost_marks, tab.highlights, tab.drop_downs) == ({}, frozenset(), (), ())
        for number, values in enumerate(ROWS, 2):
            row = tab.rows[number - 1]
            assert row.number == number
            seen = tuple(row.cells[column].seen if column in row.cells else None for column in range(1, 7))
            assert seen == values
            assert snapshot.styles[row.cells[DUE].style].is_date if DUE in row.cells else number == 4
        assert tab.rows[4].cells[COST].literal == (Kind.ERROR, "#N/A")
        assert tab.rows[4].cells[COST].seen == CellTrouble("#N/A")
        assert tab.rows[1].cells[DUE].literal == (Kind.NUMBER, "46339")
        assert tab.rows[2].cells[5].literal == (Kind.BOOL, "TRUE")

    def test_nothing_to_do(self, workbook: Workbook) -> None:
        """Empty changes change nothing, not even with a stamp."""
        seen = read_all(workbook)
        receipt = workbook.apply(changes_of(seen), seen)
        assert (receipt.applied, receipt.structures, receipt.refused) == ((), (), ())
        assert receipt.fingerprint == workbook.fingerprint() == seen.fingerprint

    def test_first_write(self, workbook: Workbook) -> None:
        """Columns come back as marks, each edit stands in its row, and no other cell of any tab is different."""
        seen = read_all(workbook)
        changes = flagged(seen)
        receipt = workbook.apply(changes, seen)
        after = read_all(workbook)
        assert receipt.applied == changes.edits
        assert receipt.structures == changes.structures
        assert receipt.refused == ()
        assert receipt.fingerprint == workbook.fingerprint() == after.fingerprint != seen.fingerprint
        assert plan_of(after).marks == {Role.FLAG: FIRST_FREE, Role.NEXT_FIX: FIRST_FREE + 1}
        assert plan_of(after).rows[0].cells[FIRST_FREE].seen == "Flag"
        assert own_texts(after, Role.FLAG) == {row: f"OVERDUE {row}" for row in range(2, LAST_ROW + 1)}
        assert own_texts(after, Role.NEXT_FIX) == {3: "Say when, 3", 5: "Say when, 5"}
        assert human_cells(after) == human_cells(seen)
        assert after.stamp == STAMP

    def test_texts_stay_texts(self, workbook: Workbook) -> None:
        """What looks like a formula, a number or markup is written as the text it is, letter by letter."""
        texts = ["=1+1", "007", "<b>&amp;</b>", "  two  blanks ", "line\nbreak", "_x0041_", "Ação 🙂"]
        seen = read_all(workbook)
        workbook.apply(flagged(seen), seen)
        for text in texts:
            seen = read_all(workbook)
            edit = keyed_edit(seen, 2, Role.FLAG, text)
            assert workbook.apply(changes_of(seen, [edit]), seen).applied == (edit,)
            assert plan_of(read_all(workbook)).rows[1].cells[FIRST_FREE].literal == text_value(text)

    def test_second_time_changes_nothing(self, workbook: Workbook) -> None:
        """The same decision applied again to what it led to is refused piece by piece, and nothing is written."""
        seen = read_all(workbook)
        changes = flagged(seen)
        workbook.apply(changes, seen)
        after = read_all(workbook)
        receipt = workbook.apply(changes, after)
        assert (receipt.applied, receipt.structures) == ((), ())
        assert {refused.what for refused in receipt.refused} == {*changes.edits, *changes.structures}
        assert all(refused.reason for refused in receipt.refused)
        assert receipt.fingerprint == workbook.fingerprint() == after.fingerprint

    @pytest.mark.parametrize(
        "wrong",
        [
            {"before": text_value("was something else")},
            {"key": "X-3"},
            {"key": "x-2"},
            {"key": ""},
            {"ref": "another row"},
            {"ref": "beyond the plan"},
            {"ref": "role without column"},
            {"ref": "another tab"},
            {"ref": "no such tab"},
        ],
        ids=str,
    )
    def test_wrong_edit_is_refused_alone(self, workbook: Workbook, wrong: dict[str, object]) -> None:
        """An edit whose cell, key, row, column or tab is not as it says is refused; the others are made."""
        seen = read_all(workbook)
        workbook.apply(flagged(seen), seen)
        seen = read_all(workbook)
        right = keyed_edit(seen, 4, Role.FLAG, "DUE SOON")
        refs = {
            "another row": right.ref._replace(row=2),
            "beyond the plan": right.ref._replace(row=LAST_ROW + 5),
            "role without column": right.ref._replace(role=Role.ID),
            "another tab": right.ref._replace(tab=key_of(seen, NOTES)),
            "no such tab": right.ref._replace(tab="unknown"),
        }
        bad = keyed_edit(seen, 3, Role.FLAG, "SHOULD NOT BE")._replace(**wrong)
        if "ref" in wrong:
            before = {"another row": text_value("OVERDUE 2")}.get(str(bad.ref), BLANK)
            bad = bad._replace(ref=refs[str(bad.ref)], before=before)
        receipt = workbook.apply(changes_of(seen, [bad, right]), seen)
        assert receipt.applied == (right,)
        assert [refused.what for refused in receipt.refused] == [bad]
        after = read_all(workbook)
        assert own_texts(after, Role.FLAG) == own_texts(seen, Role.FLAG) | {4: "DUE SOON"}
        assert human_cells(after) == human_cells(seen)

    def test_rows_without_ids(self, workbook: Workbook) -> None:
        """Rows get ids and flags in one go, by their witness; afterwards the id is the key and the witness no more."""
        seen = read_all(workbook)
        columns = [new_column(seen, Role.ID, 7), new_column(seen, Role.FLAG, 8)]
        edits = [unkeyed_edit(seen, 2, Role.ID, "A-1"), unkeyed_edit(seen, 2, Role.FLAG, "OVERDUE")]
        stranger = unkeyed_edit(seen, 3, Role.ID, "A-2", witness="0" * 32)
        receipt = workbook.apply(changes_of(seen, [*edits, stranger], columns, **without_ids(seen, None)), seen)
        assert receipt.applied == tuple(edits)
        assert [refused.what for refused in receipt.refused] == [stranger]
        seen = read_all(workbook)
        assert own_texts(seen, Role.ID) == {2: "A-1"}
        good = unkeyed_edit(seen, 2, Role.FLAG, "DONE", key="A-1", witness="")
        bad = unkeyed_edit(seen, 2, Role.FLAG, "DONE")
        receipt = workbook.apply(changes_of(seen, [bad, good], **without_ids(seen, 7)), seen)
        assert receipt.applied == (good,)
        assert [refused.what for refused in receipt.refused] == [bad]

    def test_blank_header_is_named_again(self, shared: Shared) -> None:
        """A header of ours that is blank takes its word, and no other cell is different."""
        workbook = shared.workbook
        seen = read_all(workbook)
        added = new_column(seen, Role.FLAG, FIRST_FREE)
        workbook.apply(changes_of(seen, (), [added]), seen)
        shared.person.type_in(PLAN, 1, FIRST_FREE, None)
        seen = read_all(workbook)
        named = added._replace(before=added.after._replace(header=""))
        receipt = workbook.apply(changes_of(seen, (), [named]), seen)
        assert (receipt.structures, receipt.refused) == ((named,), ())
        after = read_all(workbook)
        assert plan_of(after).rows[0].cells[FIRST_FREE].seen == "Flag"
        assert plan_of(after).marks == {Role.FLAG: FIRST_FREE}
        assert human_cells(after) == human_cells(seen)

    def test_taking_all_back(self, workbook: Workbook) -> None:
        """Reversed edits and removed columns leave every cell as it was, no mark and no stamp."""
        untouched = read_all(workbook)
        changes = flagged(untouched)
        workbook.apply(changes, untouched)
        seen = read_all(workbook)
        back = Changes(
            tuple(reversed_edit(edit) for edit in changes.edits),
            tuple(reversed_structure(structure) for structure in changes.structures),
            changes.keys,
            remove_stamp=True,
        )
        receipt = workbook.apply(back, seen)
        assert receipt.refused == ()
        after = read_all(workbook)
        assert human_cells(after) == human_cells(untouched)
        assert [(tab.marks, tab.lost_marks) for tab in after.tabs] == [({}, frozenset())] * 2
        assert after.stamp is None

    def test_column_with_a_refused_edit_stays(self, workbook: Workbook) -> None:
        """A column in which a cell is no longer what we wrote is not removed."""
        seen = read_all(workbook)
        changes = flagged(seen)
        workbook.apply(changes, seen)
        seen = read_all(workbook)
        edits = [reversed_edit(edit) for edit in changes.edits if edit.ref.role is Role.FLAG]
        edits[1] = edits[1]._replace(before=text_value("what somebody typed over it"))
        removal = reversed_structure(changes.structures[0])
        receipt = workbook.apply(changes_of(seen, edits, [removal]), seen)
        assert {refused.what for refused in receipt.refused} == {edits[1], removal}
        assert own_texts(read_all(workbook), Role.FLAG) == {3: "OVERDUE 3"}

    @pytest.mark.parametrize("column", [DUE, 2, 1])
    def test_column_in_use_is_never_taken(self, workbook: Workbook, column: int) -> None:
        """A new column of ours is refused where anything stands, and with it the edits that were to go there."""
        seen = read_all(workbook)
        edit = keyed_edit(seen, 2, Role.FLAG, "OVERDUE")
        receipt = workbook.apply(changes_of(seen, [edit], [new_column(seen, Role.FLAG, column)]), seen)
        assert (receipt.applied, receipt.structures) == ((), ())
        assert len(receipt.refused) == 2
        assert workbook.fingerprint() == seen.fingerprint

    @pytest.mark.parametrize(
        ("kind", "states"),
        [
            (
                StructureKind.HIGHLIGHTS,
                (HighlightState((RED, AMBER)), HighlightState((RED._replace(areas=(Area(2, 2, GRID_END, 4),)),))),
            ),
            (
                StructureKind.DROP_DOWNS,
                (DropDownState((YES_NO,)), DropDownState((YES_NO._replace(values=("sim", "não", "à espera")),))),
            ),
        ],
    )
    def test_highlights_and_drop_downs(
        self, workbook: Workbook, kind: StructureKind, states: tuple[State, State]
    ) -> None:
        """They come back as set, are replaced whole, never doubled, refused when other ones stand, and go again."""
        first, second = states
        for before, after in ((None, first), (first, second), (second, None)):
            seen = read_all(workbook)
            wrong = Structure(kind, key_of(seen, PLAN), second if before is None else None, after or second)
            receipt = workbook.apply(changes_of(seen, (), [wrong]), seen)
            assert receipt.structures == ()
            assert [refused.what for refused in receipt.refused] == [wrong]
            assert workbook.fingerprint() == seen.fingerprint
            right = Structure(kind, key_of(seen, PLAN), before, after)
            assert workbook.apply(changes_of(seen, (), [right]), seen).structures == (right,)
            tab = plan_of(read_all(workbook))
            standing = tab.highlights if kind is StructureKind.HIGHLIGHTS else tab.drop_downs
            wanted = after.rules if isinstance(after, HighlightState) else getattr(after, "lists", ())
            assert standing == wanted
            assert human_cells(read_all(workbook)) == human_cells(seen)

    def test_stamp(self, workbook: Workbook) -> None:
        """The stamp comes back as written, changes with a write, alone where asked, not with refusals, and goes."""
        seen = read_all(workbook)
        workbook.apply(flagged(seen), seen)
        seen = read_all(workbook)
        next_stamp = STAMP._replace(store='an "other" <store> & more', write=8)
        refused = keyed_edit(seen, 2, Role.FLAG, "X", key="nobody")
        workbook.apply(changes_of(seen, [refused], stamp=next_stamp), seen)
        assert read_all(workbook).stamp == STAMP
        assert workbook.fingerprint() == seen.fingerprint
        workbook.apply(Changes((), (), (), next_stamp, stamp_alone=True), seen)
        seen = read_all(workbook)
        assert seen.stamp == next_stamp
        workbook.apply(changes_of(seen, [keyed_edit(seen, 2, Role.FLAG, "X")], stamp=None), seen)
        seen = read_all(workbook)
        assert seen.stamp == next_stamp
        workbook.apply(Changes((), (), (), remove_stamp=True), seen)
        assert read_all(workbook).stamp is None
        assert human_cells(read_all(workbook)) == human_cells(seen)

    @pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
    @pytest.mark.parametrize("first_write", [True, False], ids=["first write", "later write"])
    def test_person_between_read_and_write(self, shared: Shared, act: Act, first_write: bool) -> None:
        """Whatever a person does between read and write, no cell of theirs changes and no row gets another's flag."""
        workbook, person = shared
        if not first_write:
            seen = read_all(workbook)
            workbook.apply(flagged(seen, "EARLIER"), seen)
        seen = read_all(workbook)
        flags_seen = flags_by_ref(seen)
        act(person)
        left = read_all(workbook)
        receipt = apply_if_unchanged(workbook, flagged(seen, "LATER"), seen)
        after = read_all(workbook)
        assert_only_ours_changed(left, after)
        made = {edit.key: edit.after.text for edit in receipt.applied if edit.ref.role is Role.FLAG} if receipt else {}
        for ref, flag in flags_by_ref(after).items():
            assert flag in (made.get(ref), flags_by_ref(left).get(ref), flags_seen.get(ref))

    @pytest.mark.parametrize("seed", range(12))
    def test_people_and_runs_for_days(self, shared: Shared, seed: int) -> None:
        """Through any mixture of what people do and what runs write, people's cells change by people's hands only."""
        workbook, person = shared
        chance = random.Random(seed)
        for day in range(4):
            seen = read_all(workbook)
            for _ in range(chance.randrange(3)):
                chance.choice([act for act in ACTS.values() if act is not ACTS["inserts rows above"]])(person)
            left = read_all(workbook)
            receipt = apply_if_unchanged(workbook, flagged(seen, f"DAY {day}"), seen)
            after = read_all(workbook)
            assert_only_ours_changed(left, after)
            assert receipt is None or receipt.fingerprint == after.fingerprint

    def test_old_edit_of_another_day(self, workbook: Workbook) -> None:
        """An edit decided on content that is long gone is refused by what it says the cell held."""
        seen = read_all(workbook)
        workbook.apply(flagged(seen), seen)
        seen = read_all(workbook)
        old = Edit("X-1", CellRef(key_of(seen, PLAN), 2, Role.FLAG), BLANK, text_value("FIRST"))
        assert workbook.apply(changes_of(seen, [old]), seen).applied == ()
        assert workbook.fingerprint() == seen.fingerprint

    def test_sync_log(self, workbook: Workbook) -> None:
        """A Sync log is written with a stamp, listed among no tabs, read as written, changed cell by cell, and taken
        out with nothing left of it; a kind of workbook that carries none says so."""
        seen = read_all(workbook)
        assert bool(seen.log_day) is self.carries_log
        if not self.carries_log:
            return
        first = {(1, 1): text_value("Log"), (4, 2): CellValue(Kind.NUMBER, "46339.5"), (12, 3): text_value("a line")}
        later = {**first, (4, 2): CellValue(Kind.NUMBER, "46340.25"), (8, 3): text_value("answered")}
        held = {**first, (8, 3): BLANK}
        for before, after in ((None, first), (held, later), (later, held), (first, None)):
            structure = Structure(StructureKind.LOG, "", _log(before), _log(after))
            changes = replace(changes_of(seen), structures=(structure,), stamp=STAMP)
            receipt = workbook.apply(changes, seen)
            assert (receipt.structures, receipt.refused) == ((structure,), ())
            was, seen = seen, read_all(workbook)
            assert seen.titles == was.titles
            assert human_cells(seen) == human_cells(was)
            assert seen.stamp == STAMP
            filled = {place: value for place, value in after.items() if value != BLANK} if after is not None else None
            assert (dict(seen.log.cells) if seen.log is not None else None) == filled
            assert receipt.fingerprint == seen.fingerprint != was.fingerprint
        assert not seen.log_lost


def _log(cells: dict[tuple[int, int], CellValue] | None) -> LogState | None:
    if cells is None:
        return None
    return LogState("Sync log", tuple(LogCell(*place, value) for place, value in cells.items()))
