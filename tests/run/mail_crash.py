"""Mails of one plan sent by processes that die at any step, one after the other, until nothing is left to send.

As a script: python mail_crash.py FOLDER PORT SEED   prints, one a line, the steps at which a process died.
"""

import datetime as dt
import os
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

from run.mail_stage import KIM
from run.stage import HEADER, YES, SetClock

from sheets_sync.core.mails import MailSettings, MailState, SmtpSettings
from sheets_sync.core.persons import Person, PlanMail
from sheets_sync.core.settings import PlanSettings
from sheets_sync.notify.smtp import SmtpTransport
from sheets_sync.run.mailing import drain
from sheets_sync.run.post import MailedPlan, Post
from sheets_sync.run.site import Site
from sheets_sync.run.sync import sync
from sheets_sync.store.store import Store
from sheets_sync.workbooks.memory import MemoryWorkbook

PEOPLE = 200
ODDS = 0.03
MOST_PROCESSES = 400
EIGHT = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
CLAIM_IS_LOST = dt.timedelta(minutes=16)
DIED, MORE = 9, 5
SETTINGS = PlanSettings("plan-uid", name="Plan", tabs=("Actions",))


def person(number: int) -> Person:
    return Person(f"Person {chr(97 + number // 26)}{chr(97 + number % 26)}", f"p{number}@example.org")


MAIL = PlanMail(keeper=KIM, people=(KIM, *map(person, range(PEOPLE))), allowed_domains=("example.org",))


def prepare(folder: Path) -> None:
    """A released plan, read on the day of sending: one late row for each person."""
    rows = [
        (f"Repair the machine number {n}", person(n).name, dt.date(2026, 11, 17), "Open", None) for n in range(PEOPLE)
    ]
    book = MemoryWorkbook.of({"Actions": [HEADER, *rows]})
    store = Store.open(folder / "state")
    for instant in (EIGHT - dt.timedelta(days=5), EIGHT):
        sync(Site(SETTINGS, book, store, SetClock(instant), "hash", mail=MAIL), replace(YES, accept_clock=True))
    store.outbox.release(SETTINGS.uid, EIGHT)
    store.close()


class Dying:
    """Anything whose process dies now and then around some of its methods."""

    def __init__(self, thing, fate: "Fate", steps: tuple[str, ...]) -> None:
        self._thing, self._fate, self._steps = thing, fate, steps

    def __getattr__(self, name):
        found = getattr(self._thing, name)
        if name == "outbox":
            return Dying(found, self._fate, ("queue", "claim", "settle"))
        if name not in self._steps:
            return found

        def watched(*arguments, **more):
            if name == "send":
                self._fate.strike("before send")
            result = found(*arguments, **more)
            self._fate.strike(f"after {name}")
            return result

        return watched


class Fate:
    """Decides where a process dies, and writes it down first."""

    def __init__(self, folder: Path, random: Random) -> None:
        self._folder, self._random = folder, random

    def strike(self, step: str) -> None:
        if self._random.random() < ODDS:
            with (self._folder / "deaths").open("a") as out:
                out.write(f"{step}\n")
            os._exit(DIED)


def mail_once(folder: Path, port: int, *, random: Random, instant: dt.datetime) -> int:
    """One process: mail until done or dead. Returns the exit code."""
    fate = Fate(folder, random)
    store = Store.open(folder / "state")
    smtp = SmtpSettings("127.0.0.1", port, "none", per_minute=1_000_000)
    settings = MailSettings(smtp, sender="robot@example.org", max_mails=1000)
    post = Post(
        {SETTINGS.uid: MailedPlan(SETTINGS, MAIL)},
        settings,
        Dying(store, fate, ()),
        SetClock(instant),
        lambda: Dying(SmtpTransport(smtp, "", sender=settings.sender), fate, ("send",)),
    )
    drain(post)
    states = {mail.state for mail in store.outbox.mails(limit=10_000)}
    store.close()
    return MORE if states & {MailState.PENDING, MailState.SENDING} else 0


def until_done(folder: Path, port: int, seed: str) -> None:
    """Start one process after the other. Everything is imported once, so that a new one is only a fork."""
    instant = EIGHT
    for number in range(MOST_PROCESSES):
        child = os.fork()
        if child == 0:
            code = DIED + 1
            try:
                code = mail_once(folder, port, random=Random(f"{seed} {number}"), instant=instant)
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code == 0:
            return
        assert code in (DIED, MORE), code
        instant += CLAIM_IS_LOST if code == MORE else dt.timedelta(seconds=1)
    raise SystemExit("the mails never got done")


if __name__ == "__main__":
    until_done(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
