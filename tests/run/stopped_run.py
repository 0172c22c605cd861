"""One run with its mails, in a process that stops itself (SIGSTOP) at a named step and goes on when it is woken.

As a script: python stopped_run.py FOLDER STEP   prints what came of the run once it is over.
"""

import datetime as dt
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from run.file_stage import MAIL, SETTINGS, UID

from sheets_sync.core.mails import Attempt, MailSettings, Sending, SmtpSettings
from sheets_sync.errors import HeldElsewhere
from sheets_sync.run.mailing import drain
from sheets_sync.run.post import MailedPlan, Post
from sheets_sync.run.site import Options, Site
from sheets_sync.run.sync import sync
from sheets_sync.run.wiring import place_name
from sheets_sync.store.store import Store
from sheets_sync.workbooks.excel_file import ExcelFile
from sheets_sync.workbooks.files.standing import free_space

SETTINGS_OF_MAIL = MailSettings(SmtpSettings("mail.example.org"), sender="robot@example.org")
HELD = "held elsewhere"


class FolderClock:
    """A clock that all processes of a test read from a file."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"

    def now(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self._file.read_text())

    def monotonic(self) -> float:
        return self.now().timestamp()


def set_clock(folder: Path, instant: dt.datetime) -> None:
    """Let it be this instant for every process."""
    (folder / "clock").write_text(instant.isoformat())


class Watched:
    """Anything of which some methods are told before and after."""

    def __init__(self, thing, methods: tuple[str, ...], at_step: Callable[[str], None]) -> None:
        self._thing, self._methods, self._at_step = thing, methods, at_step

    def __getattr__(self, name):
        found = getattr(self._thing, name)
        if name == "outbox":
            return Watched(found, self._methods, self._at_step)
        if name not in self._methods:
            return found

        def watched(*arguments, **more):
            self._at_step(f"before {name}")
            result = found(*arguments, **more)
            self._at_step(f"after {name}")
            return result

        return watched


class Noting:
    """A way out that notes in a file who was mailed by which process."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "sent"

    def connect(self) -> None:
        return None

    def send(self, address: str, raw: bytes, *, message_id: str) -> Attempt:
        with self._file.open("a") as out:
            out.write(f"{address} {message_id}\n")
        return Attempt(Sending.SENT, 250)

    def close(self) -> None:
        pass


def run_and_mail(
    folder: Path,
    at_step: Callable[[str], None] = lambda _: None,
    *,
    out: Path | None = None,
    room: Callable[[Path], int] = free_space,
) -> str:
    """Run the plan once and mail; returns how it ended. Mails that left are noted in `out`, clocks are read there."""
    clock = FolderClock(out or folder)
    workbook = ExcelFile(
        folder / "plan.xlsx",
        backups=folder / "state" / "backups",
        at_step=lambda step: at_step(step.value),
        free_space=room,
    )
    store = Store.open(folder / "state")
    watched = Watched(store, ("begin", "finish", "queue", "claim"), at_step)
    mail = replace(MAIL, allowed_domains=("example.org",))
    site = Site(SETTINGS, workbook, watched, clock, "hash", mail=mail, place=place_name(workbook.path))
    site = replace(site, why_not_written=workbook.why_not_written, backup_of=workbook.backup_of)
    try:
        outcome = sync(site, Options(confirm=lambda _: True, accept_clock=True))
        post = Post({UID: MailedPlan(SETTINGS, mail)}, SETTINGS_OF_MAIL, watched, clock, lambda: Noting(out or folder))
        drain(post)
    except HeldElsewhere:
        return HELD
    finally:
        store.close()
    return outcome.ended.value


def stop_at(step: str) -> Callable[[str], None]:
    """Stop this process the first time it comes to a step."""
    seen: list[str] = []

    def at_step(here: str) -> None:
        if here == step and not seen:
            seen.append(here)
            os.kill(os.getpid(), signal.SIGSTOP)

    return at_step


if __name__ == "__main__":
    print(run_and_mail(Path(sys.argv[1]), stop_at(sys.argv[2])))
