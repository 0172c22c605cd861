"""One write of a workbook, step by step: what happens between "these are the new bytes" and "they are in place".

After a kill at any step the workbook holds either its old or its new bytes, whole. A save by somebody else at any
moment survives: it stays in place, or is put back, or, when two saves came during one exchange, is in the backups.
"""

import contextlib
import os
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from sheets_sync.errors import WorkbookBusy, WorkbookChanged, WorkbookError
from sheets_sync.workbooks.files.attributes import carry_over
from sheets_sync.workbooks.files.content import NO_FOLLOW, fingerprint_of, read_file
from sheets_sync.workbooks.files.exchange import put_in_place, sync_folder
from sheets_sync.workbooks.files.temporary import why_not_made, write_beside

_RETURN_TRIES = 10
_RETURN_PAUSE = 0.2


class Step(StrEnum):
    """The moments of a write, in order; each is told to the observer after it happened."""

    READ = "read"
    PATCHED = "patched"
    BACKED_UP = "backed up"
    WRITTEN = "written beside"
    UNCHANGED = "seen unchanged"
    """The moment a save by somebody else is not noticed before the exchange, but only by what comes out of it."""
    EXCHANGED = "exchanged"
    VERIFIED = "verified"
    CLEANED = "cleaned"


AtStep = Callable[[Step], None]


class Replacement(NamedTuple):
    """A write about to happen: `content` is to replace the file whose fingerprint is `expected`.

    `rescue` stores content of somebody else that would otherwise be nowhere. `exchange` answers None where the
    system cannot exchange two files.
    """

    target: Path
    content: bytes
    expected: str
    at_step: AtStep
    rescue: Callable[[bytes], object]
    exchange: Callable[[Path, Path], Path | None] = put_in_place

    def make(self) -> None:
        """Put the content in place. Raises WorkbookChanged, WorkbookBusy or WorkbookRefused, nothing written then."""
        new = write_beside(self.target.parent, self.content, self._dress)
        self.at_step(Step.WRITTEN)
        try:
            self._refuse_when_changed()
            self.at_step(Step.UNCHANGED)
            old = self._exchange(new)
        except Exception as error:
            with contextlib.suppress(OSError):
                new.unlink()
            if isinstance(error, OSError | WorkbookError):
                raise self._told(error) from error
            raise
        if old is not None:
            self.at_step(Step.EXCHANGED)
            self._judge(old)
            sync_folder(self.target.parent)
            self.at_step(Step.VERIFIED)
            with contextlib.suppress(OSError):  # the next run sweeps it away
                old.unlink()
        self.at_step(Step.CLEANED)

    def _dress(self, descriptor: int) -> None:
        try:
            source = os.open(self.target, os.O_RDONLY | NO_FOLLOW)
        except OSError as error:
            raise self._told(error) from error
        try:
            carry_over(source, descriptor, name=self.target)
        finally:
            os.close(source)

    def _refuse_when_changed(self) -> None:
        content = _content(self.target)
        if content is None:
            self.target.lstat()
        if content is None or fingerprint_of(content) != self.expected:
            raise changed(self.target)

    def _exchange(self, new: Path) -> Path | None:
        """Exchange the two files; where that is not possible, look once more and rename at once."""
        old = self.exchange(new, self.target)
        if old is None:
            self._refuse_when_changed()
            os.replace(new, self.target)  # noqa: PTH105
            sync_folder(self.target.parent)
        return old

    def _judge(self, old: Path) -> None:
        """Give the place back unless exactly the file that was read came out, with nobody still writing into it."""
        being_written = open_for_writing(old)
        content = _content(old)
        if not being_written and content is not None and fingerprint_of(content) == self.expected:
            return
        self._give_back(old)
        if being_written:
            raise WorkbookBusy(f"{self.target.name} is being written by another program", "the next run writes")
        raise changed(self.target)

    def _give_back(self, held: Path) -> None:
        """Put `held` back in place. What then comes out is ours, unless somebody saved again: then that goes back."""
        placed: bytes | None = self.content
        while True:
            going_in = _content(held)
            came_out = self._return(held)
            if came_out is None:
                return
            holding = _content(came_out)
            if holding == placed:
                break
            placed, held = going_in, came_out
        if holding is not None and holding != self.content:
            self.rescue(holding)
        came_out.unlink()
        sync_folder(self.target.parent)

    def _return(self, held: Path) -> Path | None:
        """Exchange `held` with what stands in place; where nothing stands there any more, move it there.

        Returns None when nothing came out: then `held` is in place, or where that was not possible it is rescued.
        """
        for _ in range(_RETURN_TRIES):
            try:
                return self.exchange(held, self.target)
            except (FileNotFoundError, PermissionError):
                # Excel saves by removing the old file first; its new one will be there in a moment.
                time.sleep(_RETURN_PAUSE)
        if self.target.exists():
            content = _content(held)
            if content is not None:
                self.rescue(content)
                held.unlink()
        else:
            os.rename(held, self.target)  # noqa: PTH104
        return None

    def _told(self, error: OSError | WorkbookError) -> WorkbookError:
        if isinstance(error, FileNotFoundError):
            return WorkbookBusy(f"{self.target.name} is being saved by another program", "the next run writes")
        if isinstance(error, PermissionError) and sys.platform == "win32":
            return WorkbookBusy(f"{self.target.name} is open in another program", "close it; the next run writes")
        return why_not_made(error, self.target.parent)


def changed(workbook: Path) -> WorkbookChanged:
    """The error when somebody saved after the read."""
    message = f"{workbook.name} was saved by somebody else in the meantime; nothing was written"
    return WorkbookChanged(message, "run again")


def _content(file: Path) -> bytes | None:
    """The content, or None for what is no file that can be read: a link or a folder put there by somebody."""
    try:
        return read_file(file)
    except WorkbookError:
        return None


def open_for_writing(file: Path) -> bool:
    """Whether some program has the file open for writing, as far as the system can tell.

    Asked of a file that is in nobody's way any more: a program that opened it before the exchange would save into
    a file about to be removed. Linux tells by refusing a read lease (fcntl(2)) to the file's owner.
    """
    if sys.platform != "linux":
        return False
    import fcntl
    import signal

    try:
        descriptor = os.open(file, os.O_RDONLY | NO_FOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        # The default signal of a broken lease ends the process; this one is ignored by default.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False
