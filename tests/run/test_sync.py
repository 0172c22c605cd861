"""One plan's run from end to end, on a workbook in memory with a real store."""

import datetime as dt
from dataclasses import replace

import pytest
from run.stage import ACTION, DUE, NOTES, OWNER, STATUS, Stage

from sheets_sync.cli.summary import note_line
from sheets_sync.core.settings import PlanSettings
from sheets_sync.errors import GuardError, HeldElsewhere
from sheets_sync.run.leave import leave
from sheets_sync.run.outcome import Ended
from sheets_sync.run.site import holding
from sheets_sync.run.undo import undo
from sheets_sync.store.store import Store


@pytest.fixture
def stage(tmp_path):
    made = Stage(tmp_path)
    yield made
    made.store.close()


def test_the_first_write_asks_and_without_a_yes_nothing_is_written(stage):
    """A plan never written before is previewed; the exit code says that a choice is missing."""
    before = stage.book.fingerprint()
    outcome = stage.run(confirm=None)
    assert (outcome.ended, outcome.code) == (Ended.UNCONFIRMED, 2)
    assert stage.book.fingerprint() == before


def test_a_run_flags_every_row_and_touches_no_human_cell(stage):
    """Ids, flags and fixes appear right of the last header; what people typed stays."""
    before = stage.human()
    outcome = stage.run()
    assert (outcome.ended, outcome.code) == (Ended.WRITTEN, 0)
    assert stage.human() == before
    assert stage.column("Flag") == [
        "OVERDUE since 13 Nov", "DUE TODAY", "NO OWNER", "DUE SOON", "NO OWNER", "ON TRACK", "NO DATE", "ON TRACK",
        "ON TRACK", "ON TRACK",
    ]  # fmt: skip
    assert stage.column("ID") == [f"A-{n:04d}" for n in range(1, 11)]
    assert stage.column("Next fix")[2].endswith("[OWN001]")


def test_next_fix_names_a_column_as_its_header_does(stage):
    """A renamed header changes the fixes that name it, once."""
    stage.run()
    assert stage.column("Next fix")[2].startswith("Type one name in Owner:")
    stage.book.type_in("Actions", 1, OWNER, "Who does\nit:")
    assert stage.run().ended is Ended.WRITTEN
    assert stage.column("Next fix")[2].startswith('Type one name in "Who does it":')
    assert stage.run(read_always=True).ended is Ended.NOTHING


def test_a_second_run_writes_nothing_and_does_not_even_read(stage):
    """Same sheet, day, configuration and program: nothing to do."""
    stage.run()
    before = stage.book.fingerprint()
    assert stage.run().ended is Ended.UNCHANGED
    assert stage.run(read_always=True).ended is Ended.NOTHING
    assert stage.book.fingerprint() == before


def test_an_untouched_sheet_changes_its_flags_on_the_next_working_day(stage):
    """The skip must not lose days."""
    stage.run()
    stage.clock.move(days=1)
    assert stage.run().ended is Ended.WRITTEN
    assert stage.column("Flag")[1] == "OVERDUE since 16 Nov"


def test_a_due_date_without_a_year_does_not_move_at_new_year(stage):
    """ "Q4" stays the fourth quarter of the year it was typed in, also when the row is edited after New Year; all of
    them moving at once would look like a mass change."""
    for row in range(2, 12):
        stage.book.type_in("Actions", row, DUE, "Q4")
    stage.run()
    stage.clock.move(days=49)
    assert stage.run(accept_clock=True).ended is Ended.WRITTEN
    assert stage.column("Flag")[0] == "OVERDUE since 31 Dec"
    stage.book.type_in("Actions", 2, NOTES, "still waiting for the printer")
    stage.clock.move(days=1)
    stage.run()
    stage.clock.move(days=1)
    stage.run()
    assert stage.column("Flag")[0] == "OVERDUE since 31 Dec"
    stage.book.type_in("Actions", 2, DUE, "Q4 2027")
    stage.clock.move(days=1)
    stage.run()
    assert stage.column("Flag")[0] == "ON TRACK"


def test_a_mended_row_is_flagged_anew(stage):
    """A person types an owner; the next run takes flag and fix away."""
    stage.run()
    stage.book.type_in("Actions", 4, OWNER, "Ana Lima")
    stage.clock.move(hours=1)
    stage.run()
    assert stage.column("Flag")[2] == "DUE SOON"
    assert stage.column("Next fix")[2] is None


def test_a_new_row_gets_its_id_at_once_and_its_findings_after_the_typing_grace(stage):
    """Somebody may still be typing; after an hour the missing owner counts."""
    stage.run()
    stage.book.type_in("Actions", 12, ACTION, "Replace the eight worn rollers")
    stage.book.type_in("Actions", 12, DUE, dt.date(2026, 12, 18))
    stage.clock.move(minutes=10)
    outcome = stage.run()
    assert stage.column("ID")[10] == "A-0011"
    assert stage.column("Flag")[10] == "PLANNED"
    assert outcome.notes == ("in_grace:1",)
    stage.clock.move(minutes=61)
    stage.run()
    assert stage.column("Flag")[10] == "NO OWNER"


def test_rows_closed_at_adoption_stay_silent_until_somebody_edits_them(tmp_path):
    """No flag, id or finding for old done rows; an edit makes them rows like others."""
    rows = [("Close the old mailbox", "Ana Lima", dt.date(2026, 10, 1), "Done", None)]
    stage = Stage(
        tmp_path, rows=[*rows, ("Publish the new price list", "Ana Lima", dt.date(2026, 12, 1), "Open", None)]
    )
    stage.run()
    assert (stage.column("ID"), stage.column("Flag")) == ([None, "A-0001"], [None, "PLANNED"])
    stage.book.type_in("Actions", 2, NOTES, "reopened in part")
    stage.clock.move(hours=2)
    stage.run()
    assert (stage.column("ID"), stage.column("Flag")) == (["A-0002", "A-0001"], ["DONE", "PLANNED"])


def test_a_mass_change_makes_the_run_read_only_until_it_is_accepted(stage):
    """Half the rows deleted at once: nothing is written, the counts are told, and accepting goes on."""
    stage.run()
    stage.book.delete_rows("Actions", 2, 5)
    stage.clock.move(hours=1)
    before = stage.book.fingerprint()
    outcome = stage.run()
    assert (outcome.ended, outcome.code) == (Ended.READ_ONLY, 3)
    assert "5 of 10" in outcome.reason
    assert "A-0001" in outcome.aside
    assert "A-0001" not in outcome.reason
    assert stage.book.fingerprint() == before
    assert stage.run(accept_changes=True).code == 0
    assert stage.run().code == 0


def test_ids_sorted_away_from_their_rows_are_swapped_back(stage):
    """Somebody sorted only their own columns; the ids follow their rows again."""
    stage.run()
    by_action = dict(zip(stage.column("Action"), stage.column("ID"), strict=True))
    stage.book.sort_rows("Actions", ACTION, first=2, last=11, columns=range(1, 6), descending=True)
    stage.clock.move(hours=1)
    stage.run()
    assert dict(zip(stage.column("Action"), stage.column("ID"), strict=True)) == by_action


def test_a_whole_sort_moves_everything_and_changes_nothing_else(stage):
    """Ids and flags moved with their rows: nothing to write but nothing wrong."""
    stage.run()
    stage.book.sort_rows("Actions", DUE, first=2, last=11, descending=False)
    stage.clock.move(hours=1)
    assert stage.run().ended is Ended.NOTHING


def test_a_lost_header_makes_the_run_read_only(stage):
    """Without the action header nothing can be understood and nothing is written."""
    stage.run()
    stage.book.type_in("Actions", 1, ACTION, "Zzz")
    stage.clock.move(hours=1)
    outcome = stage.run()
    assert (outcome.ended, outcome.code) == (Ended.READ_ONLY, 3)
    assert "DAT001" in outcome.reason


def test_a_column_of_ours_that_was_deleted_stays_deleted(stage):
    """Told once, brought back only when asked."""
    stage.run()
    shown = stage.book.shown("Actions")[0]
    stage.book.delete_columns("Actions", shown.index("Next fix") + 1)
    stage.clock.move(hours=1)
    assert any(note.startswith("column_deleted") for note in stage.run().notes)
    assert "Next fix" not in stage.book.shown("Actions")[0]
    stage.clock.move(hours=1)
    assert not any(note.startswith("column_deleted") for note in stage.run(read_always=True).notes)
    stage.run(restore_columns=True, read_always=True)
    assert stage.column("Next fix")[2].endswith("[OWN001]")


def test_a_stranger_column_called_flag_is_never_written(tmp_path):
    """A person's own Flag column has no mark of ours: the tab is left alone."""
    stage = Stage(tmp_path)
    stage.book.type_in("Actions", 1, 6, "Flag")
    stage.book.type_in("Actions", 2, 6, "red one")
    before = stage.book.fingerprint()
    assert stage.run().code == 3
    assert stage.book.fingerprint() == before


def test_another_store_only_checks_until_it_adopts(stage, tmp_path):
    """A lost store comes back as another one: nothing is written until the keeper says so; ids then go on far away."""
    stage.run()
    stage.store.close()
    stage.store = Store.open(tmp_path / "another")
    before = stage.book.fingerprint()
    outcome = stage.run()
    assert (outcome.ended, outcome.code) == (Ended.READ_ONLY, 3)
    assert stage.book.fingerprint() == before
    assert stage.run(adopt=True).code == 0
    stage.book.type_in("Actions", 12, ACTION, "Replace the eight worn rollers")
    stage.clock.move(hours=1)
    assert stage.run().code == 0
    assert stage.column("ID")[10] == "A-1001"


def test_only_a_plan_with_something_to_do_is_held(stage):
    """While another run holds the plan an unchanged one is told as that; one that somebody typed into has to wait."""
    stage.run()
    with holding(stage.site):
        assert stage.run().ended is Ended.UNCHANGED
        stage.book.type_in("Actions", 2, OWNER, "Eva Brandt")
        with pytest.raises(HeldElsewhere):
            stage.run()
    assert stage.run().ended is not Ended.UNCHANGED


@pytest.mark.parametrize(("moved", "stops"), [({"hours": -1}, True), ({"hours": 37}, True), ({"hours": 35}, False)])
def test_a_clock_that_cannot_be_right_stops_the_writing(stage, moved, stops):
    """Behind the last run, or more than 36 hours after it without agreement: checked only."""
    stage.run()
    stage.clock.move(**moved)
    outcome = stage.run()
    assert (outcome.ended is Ended.READ_ONLY) is stops
    assert stage.run(accept_clock=True).code == 0


def test_a_dry_run_and_another_day_write_nothing(stage):
    """--dry-run and --as-of are for looking: neither the sheet nor the history knows of them."""
    before = stage.book.fingerprint()
    assert stage.run(dry_run=True).changes
    assert stage.run(as_of=dt.date(2026, 12, 1)).ended is Ended.PREVIEW
    assert stage.book.fingerprint() == before
    assert stage.store.history("plan-uid").known == {}


def test_undo_takes_back_the_last_write_and_pauses(stage):
    """The next tick does not write it again; resume does, with the same ids."""
    before = stage.book.fingerprint()
    stage.run()
    ids = stage.column("ID")
    outcome = undo(stage.site, restore=None)
    assert outcome.code == 0
    assert stage.book.fingerprint() == before
    assert stage.run().ended is Ended.PAUSED
    stage.store.pauses.end("plan-uid")
    assert stage.run().code == 0
    assert stage.column("ID") == ids


def test_undo_leaves_what_somebody_changed_since(stage):
    """Only cells that still hold what was written are taken back."""
    stage.run()
    stage.book.type_in("Actions", 2, 7, "my own word")
    outcome = undo(stage.site, restore=None)
    assert outcome.receipt is not None
    assert [refused.what.ref.row for refused in outcome.receipt.refused if hasattr(refused.what, "ref")] == [2]
    assert "my own word" in stage.book.shown("Actions")[1]


def test_an_unknown_status_word_is_never_late_and_told_once(stage):
    """No time flag for the row, one finding for the plan."""
    stage.book.type_in("Actions", 2, STATUS, "Zwischenstand")
    outcome = stage.run()
    assert stage.column("Flag")[0] is None
    assert outcome.looked is not None
    assert [f.code for f in outcome.looked.judgement.plan_findings] == ["DAT002"]


def test_a_renamed_tab_is_followed_and_told_once(stage):
    """The tab is known by our marks; the configuration's name is the old one."""
    stage.run()
    stage.book.rename_tab("Actions", "Plan 2027")
    stage.clock.move(days=1)
    first = stage.run()
    assert (first.ended, first.notes) == (Ended.WRITTEN, ("tab_renamed:Plan 2027",))
    stage.clock.move(days=1)
    assert stage.run().notes == ()


def test_cells_of_ours_that_somebody_typed_over_are_put_back_and_counted(stage):
    """Our cells show what the tool says; the run tells how many it restored in which column."""
    stage.run()
    before = [stage.column(header) for header in ("ID", "Flag", "Next fix")]
    for row, column in ((2, 6), (3, 7), (5, 7), (4, 8)):
        stage.book.type_in("Actions", row, column, "all fine")
    stage.clock.move(hours=1)
    outcome = stage.run()
    assert outcome.notes == ("restored:flag=2,next_fix=1,id=1",)
    assert "(DAT004): Flag cells: 2, Next fix cells: 1, ID cells: 1" in note_line(outcome.notes[0])
    assert [stage.column(header) for header in ("ID", "Flag", "Next fix")] == before
    assert stage.run().notes == ()


def without_marks(stage) -> None:
    """What is left when another program dropped our hidden names."""
    stage.book._change("Actions", lambda tab: replace(tab, marks={}, lost_marks=frozenset()))


def test_lost_marks_stop_the_writing_until_the_columns_are_taken_again(stage):
    """A column is ours only by its mark; --adopt-columns gives the marks back, ids included."""
    stage.run()
    ids = stage.column("ID")
    without_marks(stage)
    stage.clock.move(hours=1)
    assert stage.run().code == 3
    assert stage.run(adopt_columns=True).code == 0
    stage.clock.move(days=1)
    assert stage.run().ended is Ended.WRITTEN
    assert stage.column("ID") == ids


def test_a_teams_own_ids_never_become_ours(tmp_path):
    """Taking our columns again leaves an ID column that the team had before us alone."""
    stage = Stage(tmp_path)
    stage.book.insert_columns("Actions", 1)
    for row, text in enumerate(("ID", *(f"PRJ-{n}x" for n in range(10))), start=1):
        stage.book.type_in("Actions", row, 1, text)
    stage.run()
    without_marks(stage)
    stage.clock.move(hours=1)
    assert stage.run(adopt_columns=True).code == 0
    leave(stage.site, dry_run=False)
    assert stage.column("ID") == [f"PRJ-{n}x" for n in range(10)]


def test_taking_columns_again_passes_no_guard(stage, tmp_path):
    """Paused, or written by another store: no mark is written."""
    stage.run()
    without_marks(stage)
    stage.store.pause("plan-uid", "paused", stage.clock.now())
    before = stage.book.fingerprint()
    stage.run(adopt_columns=True)
    assert stage.book.fingerprint() == before
    stage.store.close()
    stage.store = Store.open(tmp_path / "another")
    assert stage.run(adopt_columns=True).code == 3
    assert stage.book.fingerprint() == before


def test_another_plan_cannot_leave_or_undo_this_workbook(stage, tmp_path):
    """A wrong path in a configuration must not take another plan's columns away."""
    stage.run()
    before = stage.book.fingerprint()
    stage.settings = PlanSettings("other-uid", name="Other", tabs=("Actions",))
    with pytest.raises(GuardError):
        leave(stage.site, dry_run=False)
    assert stage.book.fingerprint() == before


def test_leave_takes_out_all_that_was_added(stage):
    """The workbook is as it was before the first run."""
    before = stage.book.fingerprint()
    stage.run()
    assert leave(stage.site, dry_run=False).code == 0
    assert stage.book.fingerprint() == before


def test_after_a_takeover_new_ids_are_far_from_those_of_the_other_store(stage, tmp_path):
    """Which ids the other store gave cannot be known."""
    stage.run()
    stage.store.close()
    stage.store = Store.open(tmp_path / "another")
    stage.run(adopt=True)
    stage.store.close()
    stage.store = Store.open(tmp_path / "state")
    stage.book.type_in("Actions", 12, ACTION, "Replace the eight worn rollers")
    stage.clock.move(hours=1)
    assert stage.run().code == 3
    assert stage.run(adopt=True).code == 0
    assert stage.column("ID")[10] == "A-1001"


def test_undo_keeps_a_column_in_which_somebody_typed(stage):
    """Words in a cell we never wrote would be lost with the column."""
    stage.run()
    at = stage.book.shown("Actions")[0].index("Next fix") + 1
    stage.book.type_in("Actions", 3, at, "my own words")
    outcome = undo(stage.site, restore=None)
    assert "my own words" in stage.book.shown("Actions")[2]
    assert outcome.receipt is not None
    assert outcome.receipt.refused


def test_a_workbook_without_its_stamp_is_mended_by_adopt(stage):
    """Another program dropped the stamp after two writes: checked only, until adopt."""
    stage.run()
    stage.clock.move(days=1)
    stage.run()
    stage.book._stamp = None
    stage.clock.move(hours=1)
    assert stage.run().code == 3
    assert stage.run(adopt=True).code == 0
    stage.clock.move(hours=1)
    assert stage.run().code == 0


def test_a_renamed_header_is_no_edit(stage):
    """An understood column is known by its field: no row changes because its header did."""
    stage.run()
    stage.book.type_in("Actions", 1, NOTES, "Remarks")
    stage.clock.move(days=1)
    stage.run()
    assert {known.last_change for known in stage.store.history("plan-uid").known.values()} == {None}


def test_copied_cells_are_no_swap(stage):
    """The cells of two rows pasted over two others: the originals stand, so nothing has moved."""
    stage.run()
    shown = stage.book.shown("Actions")
    for source, target in ((1, 8), (2, 9)):
        for column in range(1, 6):
            stage.book.type_in("Actions", target + 1, column, shown[source][column - 1])
    stage.clock.move(hours=1)
    assert stage.run().code == 0
