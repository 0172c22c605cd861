"""The Sync log through the runs of a plan: written with the columns, once a day, answered, followed, left alone; in a
workbook in memory and in a Google Sheet."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from run.book_at_google import BookAtGoogle
from run.stage import HEADER, Stage
from sheets_server.server import SheetsServer

from sheets_sync.core.cells import BLANK, text_value
from sheets_sync.core.log_layout import (
    ABOUT,
    ACCEPT_CHANGES,
    CHECK_NOW,
    FIRST_LINE,
    LAST_CHECKED,
    NEXT_CHECK,
    RED_AFTER,
    Place,
)
from sheets_sync.core.snapshot import Area, LogTab
from sheets_sync.run.asked import asked
from sheets_sync.run.leave import leave
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.pausing import pause, resume
from sheets_sync.run.press import press
from sheets_sync.run.site import LogKeeping, Options, Site
from sheets_sync.run.sync import sync
from sheets_sync.run.undo import undo

LOG = "Sync log"
SAID: Place = (LAST_CHECKED[0], 3)
KEPT = LogKeeping(lambda: True, lambda now: now + dt.timedelta(hours=3))


class LogStage(Stage):
    """A plan whose workbook carries a Sync log, as long as `keeping` says so."""

    keeping = KEPT
    tick_as: str | bool = "x"

    @property
    def site(self) -> Site:
        return replace(super().site, log=self.keeping)

    @property
    def log(self) -> LogTab:
        """The log as it stands."""
        log = self.book.read(()).log
        assert log is not None
        return log

    def text(self, place: Place) -> str:
        """What stands in a cell of it."""
        return self.log.cells.get(place, BLANK).text

    def lines(self) -> list[tuple[str, str]]:
        """The lines, as run and result."""
        rows = range(FIRST_LINE, FIRST_LINE + 60)
        return [(self.text((row, 2)), self.text((row, 3))) for row in rows if self.text((row, 1))]

    def tick(self, place: Place) -> None:
        """A person ticks a cell, some minutes after all that was written."""
        self.clock.move(minutes=2)
        self.book.type_in(LOG, *place, self.tick_as)


class LogStageAtGoogle(LogStage):
    """The same with a Google Sheet, whose ticks are check boxes."""

    tick_as = True

    def at(self, server: SheetsServer) -> "LogStageAtGoogle":
        """Give it its spreadsheet."""
        self.book = BookAtGoogle(server, {"Actions": [HEADER, *self.rows]})
        return self


@pytest.fixture(scope="module")
def server() -> Iterator[SheetsServer]:
    """One server; each test has a spreadsheet of its own. Its replies fit Google's description of them."""
    with SheetsServer() as server:
        yield server


@pytest.fixture(params=["memory", "google"])
def stage(request: pytest.FixtureRequest, tmp_path: Path, server: SheetsServer) -> LogStage:
    """A plan that was never written."""
    return LogStageAtGoogle(tmp_path).at(server) if request.param == "google" else LogStage(tmp_path)


def serial(instant: dt.datetime) -> float:
    """An instant as a sheet counts it."""
    return (instant - dt.datetime(1899, 12, 30, tzinfo=dt.UTC)) / dt.timedelta(days=1)


def header_is_watched(stage: LogStage) -> bool:
    """Whether the flag's header turns red when the plan is not checked any more."""
    rules = stage.book.read([title.key for title in stage.book.titles()]).tabs[0].highlights
    return any(rule.colour == "stale" for rule in rules)


def test_first_write_adds_it_last(stage: LogStage) -> None:
    """The first write adds the tab behind all others, with the columns, and it is listed as none of the plan's tabs."""
    outcome = stage.run()
    assert outcome.ended is Ended.WRITTEN
    assert outcome.receipt is not None
    assert outcome.receipt.refused == ()
    assert stage.log.name == LOG
    assert [title.name for title in stage.book.titles()] == ["Actions"]
    assert [run for run, _ in stage.lines()] == ["Checked and written"]
    assert "actions: 10" in stage.lines()[0][1]
    assert float(stage.text(LAST_CHECKED)) == pytest.approx(serial(stage.clock.instant))
    assert float(stage.text(NEXT_CHECK)) == pytest.approx(serial(stage.clock.instant) + 3 / 24)
    assert float(stage.text(RED_AFTER)) == serial(dt.datetime(2026, 11, 18, tzinfo=dt.UTC))
    assert header_is_watched(stage)


@pytest.mark.parametrize(
    "options",
    [Options(dry_run=True), Options(), Options(as_of=dt.date(2026, 11, 30))],
    ids=["dry run", "no yes", "another day"],
)
def test_looking_adds_nothing(stage: LogStage, options: Options) -> None:
    """What only looks, or has no yes yet, leaves the workbook without the tab."""
    sync(stage.site, options)
    assert stage.book.read(()).log is None


def test_without_a_schedule_there_is_none(stage: LogStage) -> None:
    """A plan no schedule runs gets no tab, and no rule that could turn red."""
    stage.keeping = LogKeeping()
    stage.run()
    assert stage.book.read(()).log is None
    assert not header_is_watched(stage)


def test_second_run_of_the_day_writes_nothing(stage: LogStage) -> None:
    """Another run on the same day writes nothing at all, whether or not it reads the workbook."""
    stage.run()
    before = stage.book.fingerprint()
    for more in ({}, {"read_always": True}):
        stage.clock.move(hours=2)
        assert not stage.run(**more).changes
    assert stage.book.fingerprint() == before


def test_last_checked_once_a_day(stage: LogStage) -> None:
    """On a day on which nothing else changes the first run writes when it checked, without a line, and only it."""
    stage.rows = []
    stage.run()
    stage.clock.move(hours=2)
    stage.run(read_always=True)
    lines = stage.lines()
    flags = stage.column("Flag")
    stage.book.type_in("Actions", 3, 5, None)
    for _ in range(40):
        stage.clock.move(days=1)
        outcome = stage.run()
        assert outcome.ended in (Ended.WRITTEN, Ended.NOTHING)
        assert float(stage.text(LAST_CHECKED)) == pytest.approx(serial(stage.clock.instant))
        before = stage.book.fingerprint()
        stage.clock.move(minutes=30)
        stage.run(read_always=True)
        assert stage.book.fingerprint() == before
        if stage.column("Flag") == flags and stage.lines() == lines:
            return
        flags, lines = stage.column("Flag"), stage.lines()
    pytest.fail("no day without another change")


def test_check_now_is_answered(stage: LogStage) -> None:
    """A tick is found, and the run it brings clears it and answers beside it; then nothing is asked any more."""
    stage.run()
    assert not asked(stage.site)
    stage.tick(CHECK_NOW)
    assert asked(stage.site) == (True, False)
    outcome = stage.run(read_always=True)
    assert outcome.ended is Ended.WRITTEN
    assert stage.text(CHECK_NOW) == ""
    assert stage.text((CHECK_NOW[0], 3)) == "answered 2026-11-16 09:02"
    assert not asked(stage.site)
    before = stage.book.fingerprint()
    stage.run(read_always=True)
    assert stage.book.fingerprint() == before


def test_accept_changes_is_a_yes(stage: LogStage) -> None:
    """Changed owners in most rows stop the run until "Accept changes" is ticked, which lets it go on."""
    stage.run()
    stage.clock.move(days=1)
    for row in range(2, 11):
        stage.book.type_in("Actions", row, 2, "Somebody Else")
    assert stage.run().ended is Ended.READ_ONLY
    stage.tick(CHECK_NOW)
    assert stage.run(read_always=True).ended is Ended.READ_ONLY
    stage.tick(ACCEPT_CHANGES)
    assert asked(stage.site) == (True, True)
    assert stage.run(read_always=True).ended is Ended.WRITTEN
    assert (stage.text(CHECK_NOW), stage.text(ACCEPT_CHANGES)) == ("", "")
    assert "answered" in stage.text((ACCEPT_CHANGES[0], 3))


def test_nothing_is_asked_of_a_plan_without_a_log(stage: LogStage) -> None:
    """A workbook never written, and one whose log is kept no more, is asked nothing."""
    assert not asked(stage.site)
    stage.run()
    stage.tick(CHECK_NOW)
    stage.keeping = LogKeeping()
    assert not asked(stage.site)


def test_deleted_stays_deleted(stage: LogStage) -> None:
    """A log that a person deleted stays away, its rule goes, and the keeper is told once; --restore-columns brings it
    back."""
    stage.run()
    stage.book.delete_tab(LOG)
    told = []
    for _ in range(3):
        stage.clock.move(days=1)
        told += [note for note in stage.run().notes if note.startswith("log_deleted")]
        assert stage.book.read(()).log is None
    assert told == [f"log_deleted:{LOG}"]
    assert not header_is_watched(stage)
    stage.run(restore_columns=True)
    assert stage.log.name == LOG
    assert header_is_watched(stage)


def test_followed_and_left_to_people(stage: LogStage) -> None:
    """Renamed, moved and widened, the log is still written, and what people wrote beside it stays."""
    stage.run()
    stage.book.type_in(LOG, 1, 5, "our own note")
    stage.book.insert_columns(LOG, 1)
    stage.book.insert_rows(LOG, 1, 2)
    stage.book.rename_tab(LOG, "Protocol")
    stage.book.move_tab("Protocol", 0)
    stage.clock.move(days=1)
    stage.run()
    assert stage.log.name == "Protocol"
    assert float(stage.text(LAST_CHECKED)) == pytest.approx(serial(stage.clock.instant))
    assert stage.book.shown("Protocol")[2][5] == "our own note"


def test_a_tab_of_that_name_is_theirs(stage: LogStage) -> None:
    """A person's tab with the name of the log is never ours: the log takes another name."""
    stage.book.add_tab("sync LOG", [("mine",)])
    stage.run()
    assert stage.log.name == "Sync log 2"
    assert stage.book.shown("sync LOG") == (("mine",),)


def test_what_is_refused_again_brings_no_line(tmp_path: Path) -> None:
    """A cell that cannot be written, at this run as at the last, makes no run write the log alone; it is told once a
    day like everything else."""
    stage = LogStage(tmp_path)
    stage.run()
    flag = stage.book.shown("Actions")[0].index("Flag") + 1
    stage.book._change("Actions", lambda tab: replace(tab, merged=(Area(2, flag - 1, 2, flag),)))
    stage.book.type_in("Actions", 2, 4, "Done")
    stage.clock.move(hours=2)
    refused = stage.run().receipt.refused
    assert [refusal.reason for refusal in refused] == ["the cell lies within merged cells"]
    before = stage.book.fingerprint()
    for _ in range(3):
        stage.clock.move(minutes=5)
        assert stage.run(read_always=True).receipt.refused == refused
        assert stage.book.fingerprint() == before


def test_failures_and_mails_get_a_line(stage: LogStage) -> None:
    """What happened since the last write stands there after the next, once, newest first."""
    stage.run()
    for hours, kind, facts in ((1, "failed", {"reason": "open", "failures": 2}), (2, "mailed", {"mails": 3})):
        stage.store.health.add_event("plan-uid", kind, facts, now=stage.clock.now() + dt.timedelta(hours=hours))
    stage.clock.move(days=1)
    for _ in range(2):
        stage.run()
        told = stage.lines()
        assert [one for one in told if one[0] == "Mails"] == [("Mails", "mails sent: 3")]
        failed = ("Not checked", "the workbook was open; times in a row: 2")
        assert told.index(failed) == told.index(("Mails", "mails sent: 3")) + 1
        stage.clock.move(days=1)


def test_switched_off_it_never_turns_red(stage: LogStage) -> None:
    """Kept no more, the log says so once, and the day that would turn it red is gone."""
    stage.run()
    stage.keeping = LogKeeping()
    stage.clock.move(days=1)
    stage.run()
    assert stage.text(RED_AFTER) == ""
    assert stage.text((LAST_CHECKED[0], 3)).startswith("Switched off")
    before = stage.log
    stage.clock.move(days=1)
    stage.run()
    assert stage.log == before


def _undone(stage: LogStage) -> Outcome:
    return undo(stage.site, restore=None)


def test_undo_takes_it_back(stage: LogStage) -> None:
    """Undoing the first write takes the tab out with the columns."""
    stage.run()
    outcome = _undone(stage)
    assert outcome.receipt is not None
    assert outcome.receipt.refused == ()
    seen = stage.book.read([title.key for title in stage.book.titles()])
    assert (seen.log, seen.log_lost) == (None, False)
    assert stage.book.shown("Actions")[0] == ("Action", "Owner", "Due", "Status", "Notes")


def test_undo_leaves_what_people_typed(stage: LogStage) -> None:
    """Undoing the first write leaves a log somebody wrote into, and says so."""
    stage.run()
    stage.book.type_in(LOG, 3, 6, "my note")
    outcome = _undone(stage)
    assert outcome.receipt is not None
    assert [refusal.reason.partition(";")[0] for refusal in outcome.receipt.refused] == [
        "somebody wrote into the Sync log"
    ]
    assert stage.book.shown(LOG)[2][5] == "my note"


def test_leave_takes_it_out(stage: LogStage) -> None:
    """Leaving previews and removes the log, and the mark of one that was deleted."""
    stage.run()
    preview = leave(stage.site, dry_run=True)
    assert preview.changes is not None
    assert any(structure.kind == "log" for structure in preview.changes.structures)
    assert stage.log
    leave(stage.site, dry_run=False)
    seen = stage.book.read([title.key for title in stage.book.titles()])
    assert (seen.log, seen.log_lost, seen.tabs[0].highlights) == (None, False, ())


def test_a_tick_between_read_and_write_is_kept(tmp_path: Path) -> None:
    """A tick made while a run is at work is left for the next one, and what somebody typed elsewhere in a cell that
    was to change stays."""
    stage = LogStage(tmp_path)
    stage.run()
    stage.clock.move(days=1)
    seen = stage.book.read([title.key for title in stage.book.titles()])
    assert seen.log is not None
    apply = stage.book.apply

    def meanwhile(changes, snapshot):
        stage.book.type_in(LOG, *CHECK_NOW, "x")
        stage.book.type_in(LOG, *LAST_CHECKED, "typed")
        return apply(changes, snapshot)

    stage.book.apply = meanwhile
    stage.run()
    assert stage.text(CHECK_NOW) == "x"
    assert stage.text(LAST_CHECKED) == "typed"


def test_what_is_typed_over_comes_back(stage: LogStage) -> None:
    """A word of ours that somebody typed over stands there again after the next write."""
    stage.run()
    about = stage.text(ABOUT)
    stage.book.type_in(LOG, *ABOUT, "nonsense")
    stage.clock.move(days=1)
    stage.run()
    assert stage.log.cells[ABOUT] == text_value(about)


def test_a_mark_on_peoples_cells_makes_nothing_ours(tmp_path: Path) -> None:
    """A tab that carries the log's mark without reading like one is neither written nor taken out."""
    stage = LogStage(tmp_path)
    stage.run()
    for row in range(1, 12):
        stage.book.type_in(LOG, row, 1, f"cell {row} of somebody")
    before = stage.book.shown(LOG)
    stage.clock.move(days=1)
    stage.run()
    leave(stage.site, dry_run=False)
    assert stage.book.shown(LOG) == before


def test_the_button_neither_writes_nor_adds_it(stage: LogStage) -> None:
    """A press writes flags and leaves log and rule as they are; where there is no log it adds none."""
    press(stage.site, Options(confirm=lambda _: True))
    assert stage.book.read(()).log is None
    stage.clock.move(minutes=5)
    stage.run()
    log = stage.log
    stage.clock.move(days=1)
    stage.book.type_in("Actions", 2, 4, "Done")
    pressed = press(stage.site, Options(confirm=lambda _: True))
    assert pressed.changes is not None
    assert pressed.changes.edits
    assert stage.log == log
    assert header_is_watched(stage)


@pytest.mark.parametrize("writes", ["first", "second"])
def test_undo_passes_over_what_only_kept_the_log(stage: LogStage, writes: str) -> None:
    """Undoing takes back the last write of flags, also after days on which only the log was written; the log goes with
    the first write, and stays with a later one."""
    stage.rows = []
    stage.run()
    if writes == "second":
        stage.clock.move(minutes=5)
        stage.book.type_in("Actions", 5, 4, "Done")
        stage.run()
    flags = stage.column("Flag")
    stage.tick(CHECK_NOW)
    stage.run(read_always=True)
    assert stage.column("Flag") == flags
    outcome = undo(stage.site, restore=None)
    assert outcome.receipt is not None
    assert outcome.receipt.refused == ()
    if writes == "first":
        assert stage.book.shown("Actions")[0] == ("Action", "Owner", "Due", "Status", "Notes")
        assert stage.book.read(()).log is None
    else:
        assert stage.column("Flag") != flags
        assert "answered" in stage.text((CHECK_NOW[0], 3))


@pytest.mark.parametrize("until", [dt.date(2026, 11, 20), None], ids=["until a day", "until resume"])
def test_a_pause_stands_in_it(stage: LogStage, until: dt.date | None) -> None:
    """A paused plan says so and until when, once, and turns red two working days after its day, or never; nothing else
    is written, ticks are answered with that, and when the plan goes on its words are as before."""
    stage.run()
    before, said = stage.book.shown("Actions"), stage.text(SAID)
    checked = stage.text(LAST_CHECKED)
    stage.clock.move(hours=1)
    pause(stage.site, until=until)
    assert stage.run(read_always=True).ended is Ended.PAUSED
    assert stage.text(SAID).startswith("Paused until 2026-11-20:" if until else "Paused: nothing is written")
    assert stage.text(LAST_CHECKED) == checked
    assert stage.text(RED_AFTER) == (
        str(serial(dt.datetime(2026, 11, 24, tzinfo=dt.UTC))).removesuffix(".0") if until else ""
    )
    assert stage.text(NEXT_CHECK) == (str(serial(dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC))) if until else "")
    assert stage.lines()[0][0] == "Paused"
    told = stage.book.fingerprint()
    stage.clock.move(days=1)
    assert stage.run(read_always=True).ended is Ended.PAUSED
    assert stage.book.fingerprint() == told
    stage.tick(CHECK_NOW)
    assert asked(stage.site)
    assert stage.run(read_always=True).ended is Ended.PAUSED
    assert stage.text((CHECK_NOW[0], 3)).endswith(": Paused")
    assert not asked(stage.site)
    assert stage.book.shown("Actions") == before
    resume(stage.site)
    stage.run()
    assert stage.text(SAID) == said
    assert stage.text(RED_AFTER)


def test_a_pause_of_an_hour_leaves_no_word(stage: LogStage) -> None:
    """Paused and gone on within a day, the log says the usual again with the next run, though nothing else changed."""
    stage.run()
    stage.clock.move(minutes=61)
    stage.run(read_always=True)
    said = stage.text(SAID)
    pause(stage.site)
    stage.run(read_always=True)
    assert stage.text(SAID) != said
    resume(stage.site)
    assert stage.run(read_always=True).ended is Ended.WRITTEN
    assert stage.text(SAID) == said


def test_the_pause_of_an_undo_writes_nothing(stage: LogStage) -> None:
    """After an undo nothing is written at all, not even that the plan is paused."""
    stage.run()
    stage.clock.move(minutes=5)
    stage.book.type_in("Actions", 5, 4, "Done")
    stage.run()
    undo(stage.site, restore=None)
    stage.tick(CHECK_NOW)
    before = stage.book.fingerprint()
    assert not asked(stage.site)
    stage.clock.move(days=1)
    assert stage.run().ended is Ended.PAUSED
    assert stage.book.fingerprint() == before


def test_a_paused_plan_without_a_log_gets_none(stage: LogStage) -> None:
    """A pause writes into no workbook that has no log."""
    stage.keeping = LogKeeping()
    stage.run()
    stage.keeping = KEPT
    before = stage.book.fingerprint()
    pause(stage.site)
    assert stage.run(read_always=True).ended is Ended.PAUSED
    assert stage.book.fingerprint() == before


def test_a_pause_adopts_nothing(tmp_path: Path) -> None:
    """A store that never wrote a plan writes nothing while it is paused, and still asks before its first write."""
    stage = LogStage(tmp_path / "one")
    stage.run()
    other = LogStage(tmp_path / "two")
    other.book = stage.book
    other.clock.move(days=1)
    pause(other.site)
    before = stage.book.fingerprint()
    other.run(adopt=True)
    assert stage.book.fingerprint() == before
    assert other.store.history("plan-uid").adopted_on is None


def test_paused_comes_before_unclear(stage: LogStage) -> None:
    """A paused plan says so, whatever people change in it meanwhile."""
    stage.run()
    pause(stage.site)
    stage.clock.move(days=1)
    for row in range(2, 11):
        stage.book.type_in("Actions", row, 2, "Somebody Else")
    assert stage.run().ended is Ended.PAUSED
    assert stage.text(SAID).startswith("Paused")


def test_leaving_goes_through_where_people_wrote_beside_it(tmp_path: Path) -> None:
    """The log stays with a last word and the plan is forgotten."""
    stage = LogStage(tmp_path)
    stage.run()
    stage.book.type_in(LOG, 3, 6, "my note")
    leave(stage.site, dry_run=False)
    assert stage.book.shown(LOG)[2][5] == "my note"
    assert stage.text(SAID).startswith("Switched off")
    assert stage.text(RED_AFTER) == ""
    assert "plan-uid" in stage.store.pauses.left()
