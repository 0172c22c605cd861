"""A month on a fast clock: people edit, two schedulers tick, processes die, and what can break breaks for a while.

SHEETS_SYNC_SEARCH=30 plays thirty whole months; SHEETS_SYNC_MONTH=7 plays the seventh of them.
"""

import datetime as dt
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from month.world import DOWN, FILES, JOBS, LISBON, PEOPLE, SHEETS, UIDS, World, most_mails, people_cells, world
from sheets_server.faults import bad_gateway, internal_error, quota_exceeded

from sheets_sync.core.mails import MailState
from sheets_sync.schedule import tick as tick_module
from sheets_sync.schedule.tick import nothing_due
from sheets_sync.store.store import Store

LONG = "SHEETS_SYNC_SEARCH" in os.environ or "SHEETS_SYNC_MONTH" in os.environ
"""A whole month with a tick every five minutes; else the weeks in which something breaks, with one every hour."""
BEGIN = dt.datetime(2026, 10, 12 if LONG else 19, 5, tzinfo=dt.UTC)
RELEASED = BEGIN + dt.timedelta(hours=6)
SET_BACK = dt.datetime(2026, 10, 29, 12, tzinfo=dt.UTC)
ASLEEP = dt.datetime(2026, 11, 6, 17, tzinfo=dt.UTC)
AWAKE = ASLEEP + dt.timedelta(days=3)
QUIET = dt.datetime(2026, 11, 14 if LONG else 10, tzinfo=dt.UTC)
END = dt.datetime(2026, 11, 19 if LONG else 12, 18, tzinfo=dt.UTC)
NO_MAIL = (dt.date(2026, 10, 20), dt.date(2026, 10, 21))[: 2 if LONG else 1]
LOCKED = dt.date(2026, 10, 22)
NO_GOOGLE = (dt.date(2026, 10, 27), dt.date(2026, 10, 28))
FULL = dt.date(2026, 10, 30)
BROKEN = dt.date(2026, 11, 3)
TICK = dt.timedelta(minutes=5 if LONG else 60)
SEEDS = range(1, 1 + int(os.environ.get("SHEETS_SYNC_SEARCH") or 1))
CHOSEN = (int(os.environ["SHEETS_SYNC_MONTH"]),) if "SHEETS_SYNC_MONTH" in os.environ else tuple(SEEDS)
ROWS_OF_A_RUN, BYTES_OF_A_RUN, BYTES_OF_A_STORE = 4, 3_000, 500_000
STORE_FILE = "store.db"


class Month:
    """One month of the world, and what is asserted of every tick."""

    def __init__(self, of: World) -> None:
        self.world, self.random = of, of.random
        self.words = ["run", "--due", "--config", str(of.folder / "config.toml")]
        self.was_set_back = self.released = False
        self.runs = self.ticks = 0
        self.highest: Counter[str] = Counter()
        self.day = BEGIN.date()
        self.read_only: set[str] = set()
        self.checked: dict[str, set[dt.date]] = {uid: set() for uid in UIDS.values()}

    def play(self) -> None:
        """Tick after tick until the end."""
        while self.world.now < END:
            self.weather()
            at_work = self.world.now < QUIET and 8 <= self.world.now.hour < 18
            if at_work and self.random.random() < TICK / dt.timedelta(hours=4):
                self.world.act()
            if not nothing_due(self.words):
                self.tick()
            self.pass_time()

    def pass_time(self) -> None:
        now = self.world.now
        if now == SET_BACK and not self.was_set_back:
            self.was_set_back = True
            self.world.now -= dt.timedelta(hours=1)
        self.world.now = AWAKE if now == ASLEEP else self.world.now + TICK
        self.world.google.clock.advance(TICK.total_seconds())

    def weather(self) -> None:
        """What is broken at this time."""
        now, world = self.world.now, self.world
        day = now.astimezone(LISBON).date()
        whole_day = LONG or now.hour < 12
        world.script.sender_answer = DOWN if day in NO_MAIL and whole_day else "250 OK"
        lock, file = world.folder / "~$P3.xlsx", world.folder / "P2.xlsx"
        if day == LOCKED and whole_day and not lock.exists():
            lock.write_bytes(b"\x03Ana".ljust(165, b"\0"))
            os.utime(lock, (now.timestamp(), now.timestamp()))
        elif day != LOCKED or not whole_day:
            lock.unlink(missing_ok=True)
        world.disk_full = day == FULL and now.hour < 13
        if day == BROKEN and "P2" in world.plans:
            self.whole = file.read_bytes(), world.plans.pop("P2")
            file.write_bytes(self.whole[0][:-200])
        elif day > BROKEN and "P2" not in world.plans:
            file.write_bytes(self.whole[0])
            world.plans["P2"] = self.whole[1]
        if not self.released and now >= RELEASED:
            self.released = True
            with closing(Store.open(world.folder / "state")) as store:
                for uid in UIDS.values():
                    store.outbox.release(uid, now)

    def tick(self) -> None:
        """Both schedulers tick, one after the other or at once; one of them may die at some effect."""
        self.ticks += 1
        world, calm = self.world, self.world.now >= QUIET
        if world.now.date() in NO_GOOGLE:
            faults = [self.random.choice((quota_exceeded("Read"), internal_error(), bad_gateway(effect=True)))]
            world.google.faults.add("*", *faults * self.random.choice((0, 1, 6)))
        deaths = [0 if calm or self.random.random() < 0.8 else self.random.randrange(1, 150) for _ in range(2)]
        accept = bool(self.read_only) and world.now.hour >= 16
        if self.random.random() < 0.4:
            for at in (0, 1):
                world.order(at, die_at=deaths[at], accept=accept)
            answers = [world.answer(at) for at in (0, 1)]
        else:
            answers = []
            for at in (0, 1)[: self.random.choice((1, 2))]:
                world.order(at, die_at=deaths[at], accept=accept)
                answers.append(world.answer(at))
        world.google.faults.clear()
        for answer in answers:
            self.check(answer)
        self.check_people()
        if self.random.random() < (0.5 if calm else 0.06):
            self.check_again()

    def check(self, answer: dict) -> None:
        """Nothing escapes, nothing is a mistake of ours."""
        assert "escaped" not in answer
        assert not answer.get("mail_failed")
        for run in answer["runs"]:
            self.runs += 1
            assert "mistake" not in run["reason"], run
            self.read_only.discard(run["plan"])
            if run["ended"] == "read_only":
                self.read_only.add(run["plan"])
            if run["ended"] in ("written", "nothing", "unchanged"):
                self.checked[run["plan"]].add(self.world.now.astimezone(LISBON).date())

    def check_people(self) -> None:
        """People's cells are as they left them; no number of an id that is gone comes back."""
        for name in self.world.plans:
            assert people_cells(self.world.rows(name)) == self.world.people_left[name], name

    def check_again(self) -> None:
        """A second run of the same writes nothing and mails nothing, and each id stands in one row."""
        for _ in range(2):
            before = self.state_of_plans(), len(self.world.letters)
            self.world.order(0, "again")
            answer = self.world.answer(0)
            self.check(answer)
        assert (self.state_of_plans(), len(self.world.letters)) == before, answer
        for run in answer["runs"]:
            if run["ended"] == "nothing":
                name = next(name for name, uid in UIDS.items() if uid == run["plan"])
                ids = self.world.ids(name)
                assert len(ids) == len(set(ids)), (name, ids)

    def state_of_plans(self) -> list[object]:
        """What changes when anything is written."""
        files = [(self.world.folder / f"{name}.xlsx").read_bytes() for name in FILES]
        return [*files, *(self.world.plans[name].book.version for name in SHEETS)]


@pytest.fixture(params=CHOSEN)
def month(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Month]:
    """A month that is over."""
    with world(tmp_path, request.param, BEGIN) as made:
        monkeypatch.setattr(tick_module, "time", SimpleNamespace(time=made.seconds))
        played = Month(made)
        played.play()
        yield played


def test_a_month(month: Month) -> None:
    """Everybody's cells stay theirs, nobody gets two mails a day, no period is done twice or missed, nothing grows."""
    home = month.world.folder
    finished = Counter((home / "finished").read_text().splitlines())
    assert max(finished.values()) == 1
    check_letters(month)
    check_periods(home)
    check_days(month)
    check_store(month)


def check_letters(month: Month) -> None:
    """Nobody gets two mails on a day, and a mail comes twice only where a process died that had sent it; everybody was
    mailed, and nothing waits at the end."""
    letters = month.world.letters
    assert most_mails(letters) == 1
    assert max(Counter((one.address, one.message) for one in letters).values()) <= 2
    assert len({one.address for one in letters}) == len(PEOPLE)
    assert not (LONG and {one.day for one in letters} & set(NO_MAIL))
    with closing(Store.open(month.world.folder / "state")) as store:
        states = Counter(mail.state for mail in store.outbox.mails(limit=10_000))
        assert not states[MailState.PENDING] + states[MailState.SENDING]
        assert not [one for one in store.outbox.all_notices() if one[1] == "waiting" and one[0].notice.expires < END]


def check_periods(home: Path) -> None:
    """Each period, told by a calendar of this test's own, was done, or made up for by a later one within its grace.

    Those of the job that skips what is late may be missed; "all" misses none. What the computer slept through is none.
    """
    with closing(sqlite3.connect(home / "state" / STORE_FILE)) as store:
        rows = store.execute("SELECT job, period, state, started FROM job_period").fetchall()
    states = {(job.rpartition(":")[2], dt.datetime.fromisoformat(period)): (state, started)
              for job, period, state, started in rows}  # fmt: skip
    assert {state for state, _ in states.values()} <= {"done", "missed", "seen"}, "something is left or still runs"
    for job, (_, _, _, catch_up, grace) in JOBS.items():
        done = {at: dt.datetime.fromisoformat(said) for (name, at), (state, said) in states.items()
                if name == job and state == "done"}  # fmt: skip
        for period in expected(job):
            if catch_up == "skip":
                assert (job, period) in states
                continue
            if period >= ASLEEP and period + dt.timedelta(hours=grace) < AWAKE:
                continue
            if catch_up == "all":
                assert period in done, (job, period)
            latest = period + dt.timedelta(hours=grace)
            assert any(at >= period and said <= latest for at, said in done.items()), (job, period)


def expected(job: str) -> Iterator[dt.datetime]:
    """When a job is due, day by day; where the clock shows a time twice it is the first of the two."""
    minute, hours, _, _, days = JOBS[job][0].split()
    names = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
    first, last = (names.index(name) for name in (days[:3], days[-3:]))
    day = BEGIN.date()
    while day <= END.date():
        for hour in hours.split(",") if first <= day.weekday() <= last else ():
            at = dt.datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=LISBON).astimezone(dt.UTC)
            if BEGIN < at < END:
                yield at
        day += dt.timedelta(days=1)


def check_days(month: Month) -> None:
    """On each working day each plan was checked, but on the day it could not be."""
    excused = {UIDS["P2"]: {BROKEN}, UIDS["P3"]: {LOCKED}}
    day = BEGIN.date()
    while day < END.date():
        for uid, checked in month.checked.items():
            if day.weekday() < 5 and day not in excused.get(uid, ()):
                assert day in checked, (uid, day)
        day += dt.timedelta(days=1)


def check_store(month: Month) -> None:
    """The store grows with the runs that had something to do and no faster, is whole, and forgets what is old."""
    home = month.world.folder
    file = home / "state" / STORE_FILE
    later = END + dt.timedelta(days=32)
    with closing(Store.open(home / "state")) as store:
        store.prune(later)
        store.schedule.prune(later)
    with closing(sqlite3.connect(file)) as inside:
        assert inside.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = [name for (name,) in inside.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: inside.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
        assert sum(rows.values()) < ROWS_OF_A_RUN * month.runs, rows
        assert inside.execute("SELECT count(*) FROM run WHERE changes IS NOT NULL").fetchone() == (0,)
        assert inside.execute("SELECT count(*) FROM mail WHERE raw IS NOT NULL").fetchone() == (0,)
        assert inside.execute("SELECT count(*) FROM run WHERE state = 'open'").fetchone() == (0,)
    assert file.stat().st_size < BYTES_OF_A_STORE + BYTES_OF_A_RUN * month.runs
