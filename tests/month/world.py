"""The world of a simulated month: plans in files and in the local Google, their people, a mail server, two schedulers.

What people do and what breaks comes from one seeded source, so that a month can be played again.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import openpyxl
from contract.person_at_excel import PersonAtExcel, write_workbook
from contract.person_at_google import PersonAtGoogle, make_book
from notify.scripted_server import Delivered, Script, running
from sheets_server.server import SheetsServer

ROOT = Path(__file__).parents[2]
LISBON = ZoneInfo("Europe/Lisbon")
TAB = "Actions"
HEADER = ("Action", "Owner", "Due", "Status", "Notes")
OURS = ("ID", "Flag", "Next fix")
PEOPLE = ("Ana Lima", "Rui Costa", "Jo Chen", "Eva Sousa", "Kim Keeper")
THINGS = (
    "pump",
    "fence",
    "camera",
    "price list",
    "valve",
    "ladder",
    "gate",
    "label",
    "scale",
    "boiler",
    "door",
    "lamp",
)
STATUSES = ("Open", "In progress", "Done", "Blocked", "On hold")
FILES, SHEETS = ("P1", "P2", "P3"), ("G1",)
UIDS = {name: f"p-{number:06}" for number, name in enumerate((*FILES, *SHEETS), 1)}
DOWN = "421 4.3.2 going down"

JOBS = {
    "sync": ("0 8,16 * * MON-FRI", "sync", (), "once", 12),
    "owner-week": ("0 7 * * MON", "owner-week", (), "once", 48),
    "leader-week": ("0 7 * * MON", "leader-week", (), "once", 48),
    "nightly": ("0 1 * * SUN", "sync", ("P1", "G1"), "all", 36),
    "often": ("0 10 * * TUE", "sync", ("P2",), "skip", 1),
}
"""Cron expression, step, plans, catch-up, grace in hours."""


class Letter(NamedTuple):
    """A mail that reached somebody, and on which day of the world."""

    address: str
    message: str
    day: dt.date


@dataclass
class World:
    """All of it. `now` is the time as every clock of this computer shows it; `random` decides what happens."""

    folder: Path
    random: Random
    now: dt.datetime
    google: SheetsServer
    script: Script
    smtp_port: int
    time_url: str
    schedulers: tuple[subprocess.Popen[str], ...]
    plans: dict[str, Any] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    people_left: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)
    disk_full: bool = False
    deaths: int = 0

    def seconds(self) -> float:
        """The time as `time.time` tells it."""
        return self.now.timestamp()

    def set_up(self) -> None:
        """Two kinds of workbooks, five persons, five jobs."""
        self.folder.chmod(0o700)
        for name in FILES:
            write_workbook(self.folder / f"{name}.xlsx", {TAB: [HEADER, *self._rows(name)]})
            self.plans[name] = PersonAtExcel(self.folder / f"{name}.xlsx")
        for name in SHEETS:
            book = make_book(self.google, {TAB: [HEADER, *self._rows(name)]}, rows=60, columns=16)
            self.plans[name] = PersonAtGoogle(book)
        self._write("config.toml", self._config())
        (self.folder / "jobs").mkdir(mode=0o700)
        for name, (when, step, plans, catch_up, grace) in JOBS.items():
            chosen = f"plans = {json.dumps(plans)}\n" if plans else ""
            self._write(
                f"jobs/{name}.toml",
                f'when = "{when}"\ntimezone = "Europe/Lisbon"\nsteps = ["{step}"]\n{chosen}'
                f'catch_up = "{catch_up}"\ngrace_hours = {grace}\nenabled = true\n',
            )
        self.look()

    def _rows(self, name: str) -> list[tuple[object, ...]]:
        return [self.new_row(f"{name} {number}") for number in range(10)]

    def new_row(self, of: str) -> tuple[object, ...]:
        """An action as somebody writes it, now and then without owner or date."""
        due = self.now.date() + dt.timedelta(days=self.random.randrange(-4, 30))
        owner = self.random.choice((*PEOPLE, None))
        text = f"Repair the {self.random.choice(THINGS)} of area {of} and check it"
        return text, owner, self.random.choice((due, due, due, None)), self.random.choice(STATUSES), None

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)
        (self.folder / name).chmod(0o600)

    def _config(self) -> str:
        plans = []
        for name in (*FILES, *SHEETS):
            place = f"{name}.xlsx"
            if name in SHEETS:
                place = f"https://docs.google.com/spreadsheets/d/{self.plans[name].book.id}/edit#gid=0"
            plans.append(
                f'[[plan]]\nuid = "{UIDS[name]}"\nname = "{name}"\nworkbook = "{place}"\ntabs = ["{TAB}"]\n'
                'timezone = "Europe/Lisbon"\n'
            )
        people = [
            f'[people."{name}"]\naddress = "{name.split()[0].lower()}@plan.test"\n'
            + ('leader = "Kim Keeper"\n' if name != "Kim Keeper" else "")
            for name in PEOPLE
        ]
        mail = (
            '[mail]\nkeeper = "Kim Keeper"\nallowed_domains = ["plan.test"]\ntransport = "smtp"\n'
            f'sender = "robot@plan.test"\n[mail.smtp]\nhost = "127.0.0.1"\nport = {self.smtp_port}\nsecurity = "none"\n'
        )
        return 'state = "state"\n' + "".join(plans) + mail + "".join(people)

    def order(self, at: int, do: str = "tick", *, die_at: int = 0, accept: bool = False) -> None:
        """Tell a scheduler what to do; `answer` waits for what came of it."""
        order = {
            "do": do,
            "now": self.now.isoformat(),
            "die_at": die_at,
            "accept": accept,
            "full": self.disk_full,
            "google": self.google.url,
            "time": self.time_url,
        }
        pipe = self.schedulers[at].stdin
        assert pipe is not None
        pipe.write(json.dumps(order) + "\n")
        pipe.flush()

    def answer(self, at: int) -> dict[str, Any]:
        """What came of a scheduler's last order."""
        pipe = self.schedulers[at].stdout
        assert pipe is not None
        answer: dict[str, Any] = json.loads(pipe.readline())
        self.deaths += "died" in answer
        self._collect()
        return answer

    def _collect(self) -> None:
        day = self.now.astimezone(LISBON).date()
        while self.script.delivered:
            mail: Delivered = self.script.delivered.pop(0)
            self.letters.append(Letter(mail.address, str(message_from_bytes(mail.raw)["Message-ID"]), day))

    def act(self) -> None:
        """Somebody does something in some workbook."""
        name = self.random.choice(list(self.plans))
        self.act_on(name)

    def act_on(self, name: str) -> None:
        """Somebody does something in this workbook."""
        person, rows = self.plans[name], self.rows(name)
        last = len(rows)
        header = [str(text) for text in rows[0]]
        at = self.random.randrange(2, last + 1)
        place = {text: header.index(text) + 1 for text in HEADER}
        match self.random.choice(("status", "status", "due", "owner", "notes", "insert", "delete", "sort", "copy")):
            case "status":
                person.type_in(TAB, at, place["Status"], self.random.choice(STATUSES))
            case "due":
                person.type_in(TAB, at, place["Due"], self.now.date() + dt.timedelta(days=self.random.randrange(20)))
            case "owner":
                person.type_in(TAB, at, place["Owner"], self.random.choice((*PEOPLE, None)))
            case "notes":
                person.type_in(TAB, at, place["Notes"], f"seen {self.random.randrange(99)}")
            case "insert" if last < 25:
                person.insert_rows(TAB, at)
                for text, value in zip(HEADER, self.new_row(f"{name} {self.random.randrange(1000)}"), strict=True):
                    person.type_in(TAB, at, place[text], value)
            case "delete" if last > 8:
                person.delete_rows(TAB, at)
            case "sort":
                by = place[self.random.choice(("Action", "Status"))]
                person.sort_rows(TAB, by, first=2, last=last, descending=self.random.random() < 0.5)
            case "copy" if last < 25:
                person.copy_row(TAB, at, last + 1)
        self.look(name)

    def look(self, *names: str) -> None:
        """Remember what people left."""
        for name in names or self.plans:
            self.people_left[name] = people_cells(self.rows(name))

    def rows(self, name: str) -> list[list[object]]:
        """Every cell of a plan's tab."""
        if name in FILES:
            book = openpyxl.load_workbook(self.folder / f"{name}.xlsx")
            rows = [list(row) for row in book[TAB].iter_rows(values_only=True)]
        else:
            cells = self.plans[name].book.human.cells(TAB)
            height, width = max(row for row, _ in cells), max(column for _, column in cells)
            rows = [[None] * width for _ in range(height)]
            for (row, column), cell in cells.items():
                rows[row - 1][column - 1] = cell.value
        while rows and not any(rows[-1]):
            rows.pop()
        return rows

    def ids(self, name: str) -> list[str]:
        """The ids that stand in a plan."""
        header, *rows = self.rows(name)
        if "ID" not in header:
            return []
        return [str(row[header.index("ID")]) for row in rows if row[header.index("ID")]]


def people_cells(rows: list[list[object]]) -> list[tuple[object, ...]]:
    """All cells of people's columns, row by row."""
    columns = [at for at, text in enumerate(rows[0]) if text is not None and text not in OURS]
    return [tuple(row[at] for at in columns) for row in rows]


@contextmanager
def world(folder: Path, seed: int, begin: dt.datetime) -> Iterator[World]:
    """The world, set up; everything in it stops at the end."""
    script, place = Script(), folder / "home"
    place.mkdir(mode=0o700)
    holder: list[World] = []

    class Told(BaseHTTPRequestHandler):
        """Says what time it is in the world."""

        def do_HEAD(self) -> None:
            self.send_response_only(200)
            self.send_header("Date", format_datetime(holder[0].now, usegmt=True))
            self.end_headers()

    time_server = HTTPServer(("127.0.0.1", 0), Told)
    threading.Thread(target=time_server.serve_forever, daemon=True).start()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    words = [sys.executable, str(Path(__file__).with_name("scheduler.py")), str(place)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": environment}
    with SheetsServer(check_replies=False) as google, running(script, login=False) as port:
        schedulers = tuple(subprocess.Popen(words, **pipes) for _ in range(2))
        try:
            made = World(
                place, Random(seed), begin, google, script, port,
                f"http://127.0.0.1:{time_server.server_port}", schedulers,
            )  # fmt: skip
            holder.append(made)
            made.set_up()
            yield made
        finally:
            for scheduler in schedulers:
                scheduler.stdin.close()
                scheduler.wait(30)
                scheduler.stdout.close()
            time_server.shutdown()
            time_server.server_close()


def most_mails(letters: list[Letter]) -> int:
    """The most different mails one person got on one day."""
    different = {(one.address, one.day, one.message) for one in letters}
    return max(Counter((address, day) for address, day, _ in different).values(), default=0)
