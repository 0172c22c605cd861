"""The Sync log in a Google Sheet beside people and faults: what is asked of Google, what a moment of theirs may do."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from run.book_at_google import BookAtGoogle
from run.stage import HEADER, YES, SetClock, ten_rows
from sheets_server.faults import Fault, Reset
from sheets_server.server import SheetsServer

from sheets_sync.core.cells import BLANK
from sheets_sync.core.log_layout import ACCEPT_CHANGES, CHECK_NOW, FIRST_LINE, LAST_CHECKED, RED_AFTER, TITLE, Place
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Snapshot
from sheets_sync.run.asked import asked
from sheets_sync.run.leave import leave
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.site import LogKeeping, Site
from sheets_sync.run.sync import sync
from sheets_sync.store.store import Store
from sheets_sync.workbooks.google.traces import LOG_TAB

LOG = "Sync log"
ANSWER: Place = (CHECK_NOW[0], 3)


class Plan:
    """A plan in a Google Sheet with a Sync log; the server's clock and ours go together."""

    def __init__(
        self, place: Path, server: SheetsServer, *, drive: bool = False, book: BookAtGoogle | None = None
    ) -> None:
        self.server = server
        self.book = book or BookAtGoogle(server, {"Actions": [HEADER, *ten_rows()]}, drive=drive)
        self.clock = SetClock(server.clock.now().replace(hour=9, minute=0, second=0, microsecond=0))
        self.store = Store.open(place / "state")

    @property
    def site(self) -> Site:
        settings = PlanSettings("plan-uid", name="Plan", tabs=("Actions",))
        log = LogKeeping(lambda: True, lambda now: now + dt.timedelta(hours=3))
        return replace(Site(settings, self.book, self.store, self.clock, "config-hash"), log=log)

    def run(self, **more: object) -> Outcome:
        return sync(self.site, replace(YES, **more))

    def seen(self) -> Snapshot:
        return self.book.read([title.key for title in self.book.titles()])

    def text(self, place: Place) -> str:
        log = self.seen().log
        assert log is not None
        return log.cells.get(place, BLANK).text

    def lines(self) -> list[tuple[str, str]]:
        """The lines, as run and result."""
        log = self.seen().log
        assert log is not None
        rows = sorted({row for row, _ in log.cells if row >= FIRST_LINE})
        return [(log.cells.get((row, 2), BLANK).text, log.cells.get((row, 3), BLANK).text) for row in rows]

    def calls(self) -> list[str]:
        """What was asked of the server since this was last asked."""
        made = list(self.server.calls)
        self.server.forget_requests()
        return made


@pytest.fixture(scope="module")
def server() -> Iterator[SheetsServer]:
    """One server; each test has a spreadsheet of its own."""
    with SheetsServer() as server:
        yield server


@pytest.fixture
def plan(tmp_path: Path, server: SheetsServer) -> Plan:
    """A plan that was written once."""
    plan = Plan(tmp_path, server)
    assert plan.run().ended is Ended.WRITTEN
    return plan


def moment(plan: Plan, method: str, act: Callable[[], None]) -> None:
    """Let people act once, right before the next call of this method is answered."""

    def once(name: str) -> None:
        if name == f"spreadsheets.{method}":
            plan.server.between(None)
            act()

    plan.server.between(once)


def test_its_ticks_are_check_boxes_that_people_see(plan: Plan) -> None:
    """Both ticks are check boxes, times are shown as dates, and the words speak of boxes, not of saving and closing."""
    human = plan.book.human
    for place in (CHECK_NOW, (CHECK_NOW[0] + 1, 2)):
        assert human.cells(LOG)[place].validation["condition"]["type"] == "BOOLEAN"
    shown = human.shown(LOG)
    assert str(plan.clock.instant.year) in shown[LAST_CHECKED[0] - 1][1]
    assert "Tick the box" in shown[CHECK_NOW[0] - 1][2]
    assert not any("save and close" in text for line in shown for text in line)


def test_red_by_a_name_that_follows(plan: Plan) -> None:
    """The rules of the header and of the log name the day, and still do when people move it about."""
    (rule,) = [one for one in plan.seen().tabs[0].highlights if one.colour == "stale"]
    assert 'TODAY()>INDIRECT("sheets_sync_red_after")' in rule.formula
    plan.book.insert_rows(LOG, 2, 3)
    plan.book.insert_columns(LOG, 1)
    (named,) = plan.book.book.inside.named_ranges
    assert named["range"]["startRowIndex"] == RED_AFTER[0] - 1 + 3
    assert named["range"]["startColumnIndex"] == RED_AFTER[1]
    assert named["range"]["sheetId"] == LOG_TAB
    (own,) = plan.book.human.rules(LOG)
    assert "$C$9" in own["booleanRule"]["condition"]["values"][0]["userEnteredValue"]


def test_it_turns_red_when_nobody_checks(tmp_path: Path, server: SheetsServer) -> None:
    """The header's rule and the log's own, worked out by the sheet: not red while checked, red days later, out again
    after the next check, and blind to a log that people deleted."""
    plan = Plan(tmp_path, server)
    plan.run()
    human = plan.book.human
    (rule,) = [one for one in plan.seen().tabs[0].highlights if one.colour == "stale"]
    (own,) = human.rules(LOG)
    formulas = {"Actions": f"={rule.formula}", LOG: own["booleanRule"]["condition"]["values"][0]["userEnteredValue"]}
    for tab, formula in formulas.items():
        human.type(tab, 30, 9, formula)

    def red() -> list[object]:
        return [human.read(tab, 30, 9) for tab in formulas]

    assert red() == [0, 0]
    server.clock.advance(6 * 86_400)
    assert red() == [1, 1]
    plan.clock.instant = server.clock.now().replace(hour=9, minute=0, second=0, microsecond=0)
    assert plan.run(accept_clock=True).ended is Ended.WRITTEN
    assert red() == [0, 0]
    server.clock.advance(6 * 86_400)
    plan.book.delete_tab(LOG)
    assert "REF" in str(human.read("Actions", 30, 9))


def test_calls_of_a_quiet_day(tmp_path: Path, server: SheetsServer) -> None:
    """A day on which only the log is written costs one reading, a small look at the log and one writing; later the same
    day, one reading; and to see that nothing is ticked, one small call."""
    due = dt.date(server.clock.now().year + 1, 6, 1)
    rows = [("Publish the price list on the intranet", "Ana Lima", due, "In progress", None)]
    plan = Plan(tmp_path, server, book=BookAtGoogle(server, {"Actions": [HEADER, *rows]}, fresh_seconds=60))
    plan.run()
    plan.clock.move(days=1)
    plan.calls()
    assert plan.run().ended is Ended.WRITTEN
    assert plan.calls() == [*["spreadsheets.getByDataFilter"] * 2, "spreadsheets.batchUpdate"]
    plan.clock.move(minutes=5)
    assert not asked(plan.site)
    assert plan.calls() == ["spreadsheets.getByDataFilter"]
    plan.run()
    assert plan.calls() == ["spreadsheets.getByDataFilter"]


def test_asked_and_answered_with_their_times(tmp_path: Path, server: SheetsServer) -> None:
    """With Drive the answer says when the box was ticked and when it was answered."""
    plan = Plan(tmp_path, server, drive=True)
    plan.run()
    plan.clock.instant = server.clock.now() + dt.timedelta(minutes=1)
    plan.run(read_always=True)
    server.clock.advance(7200)
    plan.book.type_in(LOG, *CHECK_NOW, True)
    ticked = server.clock.now()
    plan.clock.instant = ticked + dt.timedelta(minutes=3)
    assert asked(plan.site).check_now
    assert plan.run(read_always=True).ended is Ended.WRITTEN
    answer = plan.text(ANSWER)
    assert answer.startswith("asked ")
    assert f"{ticked:%H:%M}" in answer
    assert f"{plan.clock.instant:%H:%M}" in answer
    assert plan.text(CHECK_NOW) == ""


def test_a_box_ticked_while_the_log_is_written_stays_ticked(plan: Plan) -> None:
    """A box ticked at the very moment of writing is still ticked afterwards, and the next look finds it."""
    plan.clock.move(days=1)
    moment(plan, "batchUpdate", lambda: plan.book.type_in(LOG, *CHECK_NOW, True))
    assert plan.run().ended is Ended.WRITTEN
    assert plan.text(CHECK_NOW) == "TRUE"
    assert asked(plan.site).check_now
    plan.run(read_always=True)
    assert plan.text(CHECK_NOW) == ""
    assert "answered" in plan.text(ANSWER)


@pytest.mark.parametrize("fault", [Reset("now"), Reset("none"), Reset("later")], ids=lambda fault: fault.effect)
@pytest.mark.parametrize("day", ["first", "second"])
def test_an_answer_that_is_lost(tmp_path: Path, server: SheetsServer, fault: Fault, day: str) -> None:
    """When Google's answer to the batch with the log is lost, the next run leaves one log that says what is so."""
    plan = Plan(tmp_path, server)
    if day == "second":
        plan.run()
        plan.clock.move(days=1)
    server.faults.add("spreadsheets.batchUpdate", fault)
    plan.run()
    plan.clock.move(days=1)
    outcome = plan.run(read_always=True)
    assert outcome.ended in (Ended.WRITTEN, Ended.NOTHING)
    assert [sheet.title for sheet in plan.book.book.inside.sheets].count(LOG) == 1
    assert plan.text(TITLE) == LOG
    assert len(plan.book.book.inside.named_ranges) == 1


def test_deleted_at_that_moment(plan: Plan) -> None:
    """A log that people delete while it is written costs nothing but the log."""
    plan.clock.move(days=1)
    plan.book.type_in("Actions", 2, 4, "Done")
    moment(plan, "values.batchUpdateByDataFilter", lambda: plan.book.delete_tab(LOG))
    outcome = plan.run()
    assert outcome.receipt is not None
    assert outcome.receipt.refused == ()
    assert outcome.receipt.applied
    assert outcome.notes == ("log_refused:the Sync log is gone",)
    assert outcome.code == 0
    assert plan.seen().log_lost


def test_a_copy_of_the_log_is_theirs(plan: Plan) -> None:
    """A copy that people make of the tab is neither read nor written, and stays when the plan is left."""
    plan.book.human.duplicate_tab(LOG, "Copy of Sync log")
    before = plan.book.shown("Copy of Sync log")
    plan.clock.move(days=1)
    plan.run()
    assert [title.name for title in plan.book.titles()] == ["Actions"]
    leave(plan.site, dry_run=False)
    assert plan.book.shown("Copy of Sync log") == before
    assert {sheet.title for sheet in plan.book.book.inside.sheets} == {"Actions", "Copy of Sync log"}


def test_the_name_is_taken_from_a_tab_that_no_run_reads(tmp_path: Path, server: SheetsServer) -> None:
    """A person's tab with the log's name, in other letters, keeps it; the log is called otherwise."""
    plan = Plan(tmp_path, server)
    plan.book.add_tab("SYNC log", [("mine",)])
    plan.run()
    assert plan.book.human.sheet("Sync log 2").id == LOG_TAB
    assert plan.book.shown("SYNC log") == (("mine",),)


def test_leave_takes_every_trace(plan: Plan) -> None:
    """Leaving takes the tab, its name and its memory; nothing of ours is left in the spreadsheet."""
    leave(plan.site, dry_run=False)
    inside = plan.book.book.inside
    assert [sheet.title for sheet in inside.sheets] == ["Actions"]
    assert inside.named_ranges == []
    assert plan.book.book.metadata() == []


def test_people_put_a_column_in_while_it_is_written(plan: Plan) -> None:
    """What they type into a column that they put in at that moment stays: the log is looked at right before."""
    plan.clock.move(days=1)
    plan.book.type_in("Actions", 2, 4, "Done")

    def act() -> None:
        plan.book.insert_columns(LOG, 1)
        for row in range(1, 15):
            plan.book.type_in(LOG, row, 1, f"mine {row}")

    moment(plan, "values.batchUpdateByDataFilter", act)
    plan.run()
    assert [line[0] for line in plan.book.shown(LOG)[:14]] == [f"mine {row}" for row in range(1, 15)]
    assert plan.text(LAST_CHECKED)
    assert [title for title, *_ in plan.lines()].count("Checked and written") == 2


@pytest.mark.parametrize("edits", [True, False], ids=["with flags", "alone"])
def test_a_protected_log_stops_nothing_but_itself(plan: Plan, edits: bool) -> None:
    """A log tab that people protected is left alone and told once; flags are written and mails may go, also on days on
    which there is nothing else to write."""
    plan.book.human.protect(LOG)
    notes = []
    for day in range(3):
        plan.clock.move(days=1)
        if edits:
            plan.book.type_in("Actions", 2 + day, 4, "Done")
        outcome = plan.run()
        assert (outcome.code, outcome.may_mail) == (0, True)
        assert outcome.receipt.refused == ()
        notes += [note for note in outcome.notes if note.startswith("log_refused")]
    assert len(notes) == 1


def test_a_yes_counts_once(plan: Plan) -> None:
    """ "Accept changes" that cannot be cleared is a yes for one check: the next mass change stops again."""
    plan.book.type_in(LOG, *ACCEPT_CHANGES, True)
    plan.book.human.protect(LOG)
    for answer, name in ((Ended.WRITTEN, "Eva Brandt"), (Ended.READ_ONLY, "Rui Sousa")):
        plan.clock.move(days=1)
        for row in range(2, 12):
            plan.book.type_in("Actions", row, 2, name)
        assert plan.run(read_always=True).ended is answer


def test_leave_goes_through_where_people_wrote_beside_it(plan: Plan) -> None:
    """The log stays for what they wrote, says that it is switched off and never turns red; the plan is forgotten."""
    plan.book.type_in(LOG, 4, 4, "our note")
    outcome = leave(plan.site, dry_run=False)
    assert outcome.receipt is not None
    assert plan.book.shown(LOG)[3][3] == "our note"
    assert plan.book.shown(LOG)[3][2].startswith("Switched off")
    assert plan.text(RED_AFTER) == ""
    assert plan.site.settings.uid in plan.store.pauses.left()
    assert plan.book.shown("Actions")[0] == HEADER


def test_without_its_labels_it_is_told_and_given_up(plan: Plan) -> None:
    """When the labels are gone the header's rule goes too, and the keeper is told once what to do; then a new one
    comes."""
    plan.book.human.delete_columns(LOG, 1)
    notes = []
    for _ in range(2):
        plan.clock.move(days=1)
        notes += [note for note in plan.run().notes if note.startswith("log_")]
    assert notes == [f"log_unknown:{LOG}"]
    assert not [rule for rule in plan.seen().tabs[0].highlights if rule.colour == "stale"]
    plan.book.delete_tab(LOG)
    plan.clock.move(days=1)
    plan.run(restore_columns=True)
    assert plan.text(TITLE) == LOG
    assert [rule for rule in plan.seen().tabs[0].highlights if rule.colour == "stale"]


def test_boxes_that_people_took_away_come_back(plan: Plan) -> None:
    """A log whose rows people took apart is put right with the next write: words, looks and boxes."""
    plan.book.human.delete_rows(LOG, 7, 2)
    plan.clock.move(days=1)
    plan.run()
    human = plan.book.human
    for row in (CHECK_NOW[0], ACCEPT_CHANGES[0]):
        assert human.cells(LOG)[row, 2].validation["condition"]["type"] == "BOOLEAN"
    assert "Tick the box" in plan.text(ANSWER)
    assert str(plan.clock.instant.year) in human.shown(LOG)[LAST_CHECKED[0] - 1][1]
