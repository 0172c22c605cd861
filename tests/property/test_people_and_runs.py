"""People work in the sheet, runs come and go, and some acts fall between a run's reading and its writing.

Whatever happens: no human cell is changed by a run, no id is given twice, and a second run writes nothing.
"""

import datetime as dt
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from run.stage import ACTION, DUE, HEADER, NOTES, OWNER, STATUS, SetClock, ten_rows

from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Role
from sheets_sync.run.outcome import Ended
from sheets_sync.run.site import Options, Site
from sheets_sync.run.sync import sync
from sheets_sync.run.undo import undo
from sheets_sync.store.store import Store
from sheets_sync.workbooks.memory import MemoryWorkbook

TAB = "Actions"
TEXTS = ("Paint the wall of hall 2", "Order the camera", "TBD", "", "=danger", "Improve communication")
OWNERS = ("Ana Lima", "Rui Costa", "", "Team", "Ana / Rui")
DUES = (dt.date(2026, 11, 12), dt.date(2026, 12, 1), "ongoing", None)
STATUSES = ("In progress", "Done", "Not started", "Blocked", "Zwischenstand", "")
ROWS = st.integers(2, 14)


class InterruptedWorkbook:
    """The workbook as an adapter sees it, with a person who may act just before a write."""

    def __init__(self, book: MemoryWorkbook) -> None:
        self.book = book
        self.before_write = None

    def __getattr__(self, name):
        return getattr(self.book, name)

    def apply(self, changes, seen):
        act, self.before_write = self.before_write, None
        if act is not None:
            act(self.book)
        return self.book.apply(changes, seen)


def acts():
    """What a person does to the sheet, as functions of the workbook."""
    typed = st.one_of(
        st.tuples(ROWS, st.just(ACTION), st.sampled_from(TEXTS)),
        st.tuples(ROWS, st.just(OWNER), st.sampled_from(OWNERS)),
        st.tuples(ROWS, st.just(DUE), st.sampled_from(DUES)),
        st.tuples(ROWS, st.just(STATUS), st.sampled_from(STATUSES)),
        st.tuples(ROWS, st.just(NOTES), st.text("abc ", max_size=5)),
        st.tuples(ROWS, st.integers(6, 8), st.sampled_from(("mine", "A-0001", ""))),
    )
    return st.one_of(
        typed.map(lambda cell: lambda book: book.type_in(TAB, cell[0], cell[1], cell[2] or None)),
        ROWS.map(lambda row: lambda book: book.insert_rows(TAB, row)),
        ROWS.map(lambda row: lambda book: book.delete_rows(TAB, row)),
        st.tuples(ROWS, ROWS).map(lambda rows: lambda book: book.copy_row(TAB, rows[0], rows[1])),
        st.sampled_from((ACTION, OWNER, DUE)).map(
            lambda by: lambda book: book.sort_rows(TAB, by, first=2, last=11, descending=False)
        ),
        st.sampled_from((ACTION, OWNER)).map(
            lambda by: lambda book: book.sort_rows(TAB, by, first=2, last=11, columns=range(1, 6), descending=True)
        ),
        st.integers(2, 9).map(lambda column: lambda book: book.insert_columns(TAB, column)),
    )


class PeopleAndRuns(RuleBasedStateMachine):
    """One plan, its people, its runs."""

    @initialize()
    def begin(self):
        self.place = Path(tempfile.mkdtemp())
        self.book = InterruptedWorkbook(MemoryWorkbook.of({TAB: [HEADER, *ten_rows()]}))
        self.clock = SetClock()
        self.store = Store.open(self.place / "state")
        self.highest = 0

    def teardown(self):
        if hasattr(self, "store"):
            self.store.close()
            shutil.rmtree(self.place)

    @property
    def site(self) -> Site:
        return Site(PlanSettings("plan-uid", tabs=(TAB,)), self.book, self.store, self.clock, "config")

    def marks(self):
        [tab] = self.book.read([title.key for title in self.book.titles()]).tabs
        return tab.marks

    def human_cells(self):
        """Every cell outside our columns, by place."""
        [tab] = self.book.read([title.key for title in self.book.titles()]).tabs
        own = set(tab.marks.values())
        return {
            (row.number, column): cell for row in tab.rows for column, cell in row.cells.items() if column not in own
        }

    def ids(self):
        [tab] = self.book.read([title.key for title in self.book.titles()]).tabs
        column = tab.marks.get(Role.ID)
        held = [row.cells[column].literal.text for row in tab.rows[1:] if column and column in row.cells]
        return [key for key in held if key.startswith("A-")]

    @rule(act=acts())
    def a_person_acts(self, act):
        act(self.book.book)

    @rule(minutes=st.sampled_from((5, 61, 1440)))
    def time_passes(self, minutes):
        self.clock.move(minutes=minutes)

    @rule(act=acts())
    def a_run_is_interrupted_by_a_person(self, act):
        after_act = {}

        def acted(book):
            act(book)
            after_act.update(self.human_cells())

        before = self.human_cells()
        self.book.before_write = acted
        sync(self.site, Options(confirm=lambda _: True, accept_changes=True))
        written = self.book.before_write is None
        self.book.before_write = None
        self.check_humans(after_act if written else before)

    @rule(accept=st.booleans())
    def a_run(self, accept):
        before = self.human_cells()
        outcome = sync(self.site, Options(confirm=lambda _: True, accept_changes=accept))
        self.check_humans(before)
        if outcome.receipt is None or outcome.receipt.refused:
            return
        counts = Counter(self.ids())
        assert all(count == 1 for count in counts.values()), f"an id stands twice: {counts}"
        if outcome.looked is not None and not outcome.looked.judgement.adopting:
            minted = [place for place, why in outcome.looked.judgement.identified.changed.items() if why == "minted"]
            keys = {(a.tab, a.row): a.key for a in outcome.looked.judgement.identified.actions}
            assert all(int(keys[place][2:]) > self.highest for place in minted), "a number came back"
        self.highest = max([self.highest, *(int(key[2:]) for key in self.ids())])
        again = sync(self.site, Options(confirm=lambda _: True, read_always=True))
        assert again.ended in (Ended.NOTHING, Ended.READ_ONLY), again.reason

    @precondition(lambda self: hasattr(self, "store") and self.store.state("plan-uid").write > 0)
    @rule()
    def an_undo(self):
        before = self.human_cells()
        written = self.store.written.last("plan-uid")
        if written is not None and written.kind != "undo":
            undo(self.site, restore=None)
            self.store.pauses.end("plan-uid")
            after = self.human_cells()
            assert all(after.get(place) == cell for place, cell in before.items())

    def check_humans(self, before):
        after = self.human_cells()
        own = set(self.marks().values())
        kept = {place: cell for place, cell in before.items() if place[1] not in own}
        assert {place: after.get(place) for place in kept} == kept, "a human cell changed"


PeopleAndRuns.TestCase.settings = settings(
    max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestPeopleAndRuns = PeopleAndRuns.TestCase
