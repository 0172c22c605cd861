"""The one seam to the operating system: programs are run, files are read and written, through a `Machine`."""

import getpass
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol

from sheets_sync.errors import UsageError

SECONDS = 30
"""How long a program of the system may take to answer."""
WINDOWS, MAC = "win32", "darwin"


class Done(NamedTuple):
    """What a program that was run left behind; `err` is told to people, decoded as far as it goes."""

    code: int
    out: bytes = b""
    err: str = ""


class Run(Protocol):
    """Runs a program. `given` is its standard input. Raises UsageError when it is not there or does not end."""

    def __call__(self, words: tuple[str, ...], *, given: bytes = b"") -> Done: ...


class Machine(NamedTuple):
    """A computer and who uses it. `units` is where systemd looks for this user's own units; `user` is a login name, on
    Windows with the computer's or domain's; `write` replaces a whole file (its folder is made), for this user alone."""

    platform: str
    home: Path
    units: Path
    user: str
    uid: int
    has: Callable[[str], bool]
    run: Run
    write: Callable[[Path, bytes], None]


def this_machine(write: Callable[[Path, bytes], None]) -> Machine:
    """The computer this runs on."""
    home = Path.home()
    configured = os.environ.get("XDG_CONFIG_HOME", "")
    domain = os.environ.get("USERDOMAIN", "") if sys.platform == WINDOWS else ""
    return Machine(
        platform=sys.platform,
        home=home,
        units=(Path(configured) if configured.startswith("/") else home / ".config") / "systemd" / "user",
        user=f"{domain}\\{getpass.getuser()}" if domain else getpass.getuser(),
        uid=os.getuid() if hasattr(os, "getuid") else 0,
        has=lambda program: shutil.which(program) is not None,
        run=run_program,
        write=write,
    )


def run_program(words: tuple[str, ...], *, given: bytes = b"") -> Done:
    """Run a program of the system, which answers in English. Raises UsageError."""
    try:
        done = subprocess.run(  # noqa: S603 (words are ours, and no shell reads them)
            words, input=given, capture_output=True, timeout=SECONDS, env=os.environ | {"LC_ALL": "C"}, check=False
        )
    except FileNotFoundError:
        raise UsageError(f"this computer has no program {words[0]}") from None
    except OSError as error:
        raise UsageError(f"{words[0]} cannot be run: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"{words[0]} gave no answer within {SECONDS} seconds", f"try: {shown(words)}") from None
    return Done(done.returncode, done.stdout, done.stderr.decode(errors="replace").strip())


def demand(machine: Machine, *words: str, given: bytes = b"") -> Done:
    """Run a program that must succeed. Raises UsageError with its own words, and what to type to see them again."""
    done = machine.run(words, given=given)
    if done.code != 0:
        said = " ".join(done.err.split())[:300] or f"exit code {done.code}"
        raise UsageError(f"{words[0]}: {said}", f"try it yourself: {shown(words)}")
    return done


def shown(words: tuple[str, ...]) -> str:
    """A command as a person can type it."""
    return subprocess.list2cmdline(words) if sys.platform == WINDOWS else shlex.join(words)


def content_of(file: Path) -> bytes | None:
    """What a file holds; None when there is none. Raises UsageError."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None


def put_file(machine: Machine, file: Path, content: bytes) -> None:
    """Write a file. Raises UsageError."""
    try:
        machine.write(file, content)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from None


def take_file(file: Path) -> None:
    """Delete a file, should it be there. Raises UsageError."""
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{file} cannot be deleted: {error.strerror}") from None
