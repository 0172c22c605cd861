"""Log lines on standard error or in a file, as text or JSON: when, how grave, where, what, and named facts.

Errors appear as type, code and place. No text of an exception and no cell, address or secret gets into a line: a log
is mailed by cron and kept for months (HAZARDS 26). Any module may log with logging.getLogger("sheets_sync...."), in a
constant sentence, with facts that are numbers, codes or names of tabs:

    log.info("plan checked", extra={"facts": {"rows": 84, "findings": 12}})
"""

import datetime as dt
import json
import logging
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from sheets_sync.errors import ConfigError, Mistake, SheetsSyncError

Fact = str | int | float | bool

LARGEST_FILE = 500_000
"""Bytes."""

_PACKAGE = Path(__file__).parents[1]


def start_log(*, log_format: str, quiet: bool, verbose: bool) -> None:
    """Send our own log lines to standard error from now on, and no other library's.

    JSON lines tell of every step; text lines only of trouble, unless `verbose`.
    """
    talkative = verbose or log_format == "json"
    level = logging.ERROR if quiet else logging.INFO if talkative else logging.WARNING
    _log_to(logging.StreamHandler(sys.stderr), JsonLines() if log_format == "json" else TextLines(), level)


def start_log_file(file: Path) -> None:
    """Send our own log lines, of every step, to this file; the one before it is kept as ".1" when it gets large."""
    from logging.handlers import RotatingFileHandler

    kept = RotatingFileHandler(file, maxBytes=LARGEST_FILE, backupCount=1, encoding="utf-8", errors="replace")
    _log_to(kept, TextLines(), logging.INFO)


def _log_to(handler: logging.Handler, form: logging.Formatter, level: int) -> None:
    handler.setFormatter(form)
    ours = logging.getLogger("sheets_sync")
    for earlier in ours.handlers:
        earlier.close()
    ours.handlers = [handler]
    ours.propagate = False
    ours.setLevel(level)
    logging.getLogger().handlers = [logging.NullHandler()]


def speaks_json() -> bool:
    """Whether log lines are JSON in this process."""
    return any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger("sheets_sync").handlers)


def error_facts(error: BaseException) -> Mapping[str, Fact]:
    """An error without its text: type, exit code, and the place it came from (in a config file: its lines)."""
    if isinstance(error, ConfigError):
        place = ", ".join(_named(mistake) for mistake in error.mistakes)
    else:
        place = (places_of(error.__traceback__) or ("",))[-1]
    code = error.exit_code if isinstance(error, SheetsSyncError) else 3
    return {"type": type(error).__name__, "code": code, "place": place}


def _named(mistake: Mistake) -> str:
    name = Path(mistake.file).name
    return f"{name}:{mistake.line}" if mistake.line else name


def places_of(trace: TracebackType | None) -> tuple[str, ...]:
    """The way through our code as "run/sync.py:84 run_plan", outermost first, without lines of source.

    Places in libraries are left out, unless the error came from nowhere else.
    """
    frames = [(Path(frame.f_code.co_filename), line, frame.f_code.co_name) for frame, line in traceback.walk_tb(trace)]
    ours = [frame for frame in frames if frame[0].is_relative_to(_PACKAGE)]
    return tuple(f"{_short(file)}:{line} {name}" for file, line, name in ours or frames[-1:])


def _short(file: Path) -> str:
    return file.relative_to(_PACKAGE).as_posix() if file.is_relative_to(_PACKAGE) else file.name


class _Line(NamedTuple):
    """What both forms say."""

    time: str
    level: str
    part: str
    event: str
    facts: Mapping[str, Fact]


def _line(record: logging.LogRecord) -> _Line:
    """A record without its arguments: only the sentence it was given and its facts are ours to show."""
    time = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    event = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    given = getattr(record, "facts", {})
    facts = {name: _shown(value) for name, value in given.items()} if isinstance(given, Mapping) else {}
    if record.exc_info and record.exc_info[1]:
        facts |= error_facts(record.exc_info[1])
    return _Line(time, record.levelname, record.name.removeprefix("sheets_sync.").split(".")[0], event, facts)


def _shown(value: object) -> Fact:
    """Text on one line, numbers as they are; of anything else only its type."""
    if isinstance(value, str):
        return " ".join(value.split())
    return value if isinstance(value, int | float) else type(value).__name__


class TextLines(logging.Formatter):
    """2026-11-22T07:30:00Z WARNING run: plan put off (tabs=2)"""

    def format(self, record: logging.LogRecord) -> str:
        """One line of text."""
        line = _line(record)
        facts = ", ".join(f"{name}={value}" for name, value in line.facts.items())
        return f"{line.time} {line.level} {line.part}: {line.event}" + (f" ({facts})" if facts else "")


class JsonLines(logging.Formatter):
    """{"time": "2026-11-22T07:30:00Z", "level": "warning", "part": "run", "event": "plan put off", "tabs": 2}"""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object on one line, in ASCII."""
        line = _line(record)
        fixed = {"time": line.time, "level": line.level.lower(), "part": line.part, "event": line.event}
        return json.dumps(fixed | dict(line.facts))
