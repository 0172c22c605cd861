"""Whether anything can be due, told from one small file by the standard library alone.

A run that looked at the jobs leaves word of when the next period comes, and of the files that decide it. While these
stand as they were and that time has not come, a tick has nothing to do. Whatever is odd means: look again.
Not here: what is due (`due`); what makes the word (`run/due`). Plain functions on text do here what pathlib would do
elsewhere: importing it costs more than all the rest.
"""

import json
import os
import sys
import time

from sheets_sync import __version__

TYPE_CHECKING = False  # as typing has it, which takes longer to import than this all
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LOOK_AGAIN = 24 * 3600.0
"""Seconds after which the word is no longer taken: what is configured may depend on more than files."""
SET_BACK = 60.0
"""Seconds that a clock may lie behind the word before it counts as set back."""
_QUIET_WORDS = frozenset({"--due", "-q", "--quiet", "-v", "--verbose", "--log-format=json", "--log-format=text"})
_VARIABLE = "SHEETS_SYNC_CONFIG"
_FILE = "config.toml"


def nothing_due(words: list[str]) -> bool:
    """Whether the command with these words is `run --due` and surely has nothing to do now."""
    if "--due" not in words or words[0] != "run":
        return False
    try:
        config = _config(words[1:])
        return config is not None and _nothing_due(config, time.time())
    except Exception:
        return False


def _nothing_due(config: str, now: float) -> bool:
    state = _state(config)
    if state is None:
        return False
    with open(word_file(state, config), "rb") as source:
        word = json.loads(source.read(1_000_000))
    if word["program"] != __version__ or word["files"] != _stamps(config, word["beside"]):
        return False
    told: float = word["told"]
    due: float = word["next"]
    return told - SET_BACK <= now < min(due, told + LOOK_AGAIN)


class Seen:
    """What decides whether anything is due, as files stood at one moment: the config file, its jobs, and `beside`."""

    def __init__(self, config: str, beside: list[str]) -> None:
        self.config = config
        self.beside = beside
        self.stamps = _stamps(config, beside)

    def look_at(self, files: "Iterable[Path]") -> None:
        """Add files as they stand now to those beside. Raises OSError."""
        more = sorted({str(file) for file in files}.difference(self.beside))
        self.beside = [*self.beside, *more]
        self.stamps = [*self.stamps, *_beside(more)]


def seen_files(config: "Path", beside: "Iterable[Path]" = ()) -> Seen:
    """Look at the files before they are read, so that a change during a long run is found by the next tick.

    `beside` are further files whose change means that there may be something to do. Raises OSError.
    """
    return Seen(os.path.abspath(config), sorted(str(file) for file in beside))


def leave_word(seen: Seen, state: "Path", *, next_due: float, now: float) -> None:
    """Write down that nothing is due before `next_due` (seconds since 1970, as `now`). Raises OSError."""
    word = {
        "program": __version__,
        "told": now,
        "next": next_due,
        "beside": seen.beside,
        "files": seen.stamps,
    }
    file = word_file(str(state), seen.config)
    temporary = f"{file}.{os.getpid()}.tmp"
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
        json.dump(word, out)
    os.replace(temporary, file)


def gone_since(config: "Path", state: "Path") -> "frozenset[str]":
    """The files beside that were there when the last word was left, and are not any more; none where no word is."""
    try:
        with open(word_file(str(state), os.path.abspath(config)), "rb") as source:
            known = json.loads(source.read(1_000_000))["files"]
        return frozenset(stamp[0] for stamp in known if len(stamp) > 1 and not os.path.lexists(stamp[0]))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return frozenset()


def take_back_word(config: "Path", state: "Path") -> None:
    """Let the next tick look by itself. Raises OSError."""
    file = word_file(str(state), os.path.abspath(config))
    if os.path.exists(file):
        os.remove(file)


def word_file(state: str, config: str) -> str:
    """The file of one configuration in the state folder, which several may share."""
    from zlib import crc32

    return os.path.join(state, f"next-due-{crc32(config.encode(errors='surrogateescape')):08x}.json")


def _config(words: list[str]) -> str | None:
    """The config file these words mean, absolute; None where they are not quite plain."""
    named = ""
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("-c", "--config") and rest and not named:
            named = rest.pop(0)
        elif word.startswith("--config=") and not named:
            named = word.partition("=")[2]
        elif word not in _QUIET_WORDS:
            return None
    place = os.path.abspath(named or _FILE)
    if not named and not os.path.isfile(place):
        place = os.path.abspath(os.path.expanduser(os.environ[_VARIABLE]))
    return os.path.join(place, _FILE) if os.path.isdir(place) else place


def _state(config: str) -> str | None:
    """The state folder this file names above its first table, else the user's own; None where that is not plain."""
    with open(config, encoding="utf-8-sig") as source:
        for line in source:
            text = line.strip()
            if text.startswith("["):
                break
            if not text.startswith(("state", '"state', "'state")):
                continue
            key, equals, value = (part.strip() for part in text.partition("="))
            quote = value[:1]
            inner, closing, rest = value[1:].partition(quote) if quote in ('"', "'") else ("", "", "")
            whole = equals and closing and (not rest.strip() or rest.strip().startswith("#"))
            if key != "state" or not whole or not inner.strip() or "\\" in inner:
                return None
            return os.path.join(os.path.dirname(config), os.path.expanduser(inner))
    return _own_state()


def _own_state() -> str:
    """Where the user's state lies by the customs of the system; the same place as `config.state.default_state`."""
    if sys.platform == "win32":
        return os.path.join(os.environ["LOCALAPPDATA"], "sheets-sync")
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support", "sheets-sync")
    chosen = os.environ.get("XDG_STATE_HOME", "").strip()
    return os.path.join(chosen or os.path.join(home, ".local", "state"), "sheets-sync")


def _stamps(config: str, beside: list[str]) -> list[list[str | int]]:
    """Name, size, time of the last change, mode and owner of the config file, its folder's jobs, and the others."""
    jobs = os.path.join(os.path.dirname(config), "jobs")
    stamps = [_stamp(config, os.stat(config))]
    if os.path.isdir(jobs):
        stamps.append([jobs, *_stamp(jobs, os.stat(jobs))[3:]])
        stamps += [
            _stamp(entry.path, entry.stat(follow_symlinks=False))
            for entry in sorted(os.scandir(jobs), key=lambda one: one.name)
        ]
    return stamps + _beside(beside)


def _beside(files: list[str]) -> list[list[str | int]]:
    return [_stamp(file, os.stat(file)) if os.path.exists(file) else [file] for file in files]


def _stamp(name: str, seen: os.stat_result) -> list[str | int]:
    return [name, seen.st_size, seen.st_mtime_ns, seen.st_mode, seen.st_uid]
