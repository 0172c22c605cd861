"""A Sync log put into a workbook, brought up to date and taken out again, as runs do it."""

import datetime as dt
from zoneinfo import ZoneInfo

from writing_samples import STAMP, Opened, opened

from sheets_sync.core.decision import Changes, Structure
from sheets_sync.core.sync_log import LogFacts, LogLine, kept_log, removed_log
from sheets_sync.words.log_words import log_words
from sheets_sync.workbooks.ooxml.writer import Patched, patch

LISBON = ZoneInfo("Europe/Lisbon")
NOW = dt.datetime(2026, 11, 20, 10, 5, tzinfo=LISBON)
WORDS = log_words("en")


def facts(now: dt.datetime = NOW, *, asked: dt.datetime | None = None, lines: int = 1) -> LogFacts:
    """What a run at `now` knows, with so many lines, one for each hour before."""
    counts = (("cells", 12), ("flagged", 5), ("actions", 84))
    written = tuple(LogLine(now - dt.timedelta(hours=n), "wrote", counts) for n in range(lines))
    day = dt.timedelta(days=1)
    return LogFacts(now, now.date() + 4 * day, now + day, asked, written)


def applied(book: Opened, structure: Structure | None) -> Patched:
    """What becomes of this change, written with a stamp."""
    assert structure is not None
    return patch(book.package, Changes((), (structure,), (), stamp=STAMP), book.seen)


def again(book: Opened, structure: Structure | None) -> Opened:
    """The workbook after a change that is made."""
    done = applied(book, structure)
    assert done.refused == ()
    return opened(done.data, book.package.name)


def with_log(book: Opened, **more: int) -> Opened:
    """The workbook with a new Sync log."""
    return again(book, kept_log(None, facts(**more), WORDS))


def without_log(book: Opened) -> Opened:
    """The workbook without its Sync log."""
    return again(book, removed_log(book.seen.log))
