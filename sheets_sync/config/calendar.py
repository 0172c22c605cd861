"""The working calendar of a plan: public holidays of a country or region, own holidays, shutdown ranges.

Not here: counting working days (core). Public holidays come from the `holidays` library, which is slow to import:
they are kept as a small file in the state folder, one per country and version of the library.
"""

import datetime as dt
import importlib.util
from calendar import isleap
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from sheets_sync.config.suggest import instead

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""Names of the ISO weekdays 1 to 7, as the configuration writes them."""

FIRST_YEAR, LAST_YEAR = 2000, 2060
"""The years public holidays are known for: every due date that is not an obvious mistake (DUE004) lies in them."""

FEWEST_WORKING_DAYS = 100
"""A calendar with fewer working days in some year is a mistake or a way to make nothing ever late (HAZARDS 23)."""

_LONGEST_SHUTDOWN = 366


@lru_cache(maxsize=32)
def public_holidays(code: str, cache: Path | None = None) -> frozenset[dt.date]:
    """The public holidays of "BR" or "BR-SP" from FIRST_YEAR to LAST_YEAR.

    `cache` is a folder to keep them in between runs; it is used only if it exists. Raises ValueError with the nearest
    known code when no calendar has this one.
    """
    kept = _cache_file(code, cache)
    days = _kept(kept)
    if days:
        return days
    import holidays

    known = holidays.list_supported_countries()
    country, _, region = code.partition("-")
    if country not in known:
        raise ValueError("no such country; " + (instead(country, known) or 'use a code such as "BR" or "BR-SP"'))
    if region and region not in known[country]:
        regions = [f"{country}-{name}" for name in known[country]]
        raise ValueError("no such region; " + (instead(code, regions) if regions else f'use "{country}"'))
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    found = frozenset(holidays.country_holidays(country, subdiv=region or None, years=years))
    if kept is not None:
        _keep(kept, found)
    return found


def next_holidays(code: str, after: dt.date, *, count: int = 3) -> tuple[tuple[dt.date, str], ...]:
    """The next public holidays after a day, with their names, for `init` to show."""
    import holidays

    country, _, region = code.partition("-")
    found = holidays.country_holidays(country, subdiv=region or None, years=(after.year, after.year + 1))
    return tuple((day, name) for day, name in sorted(found.items()) if day > after)[:count]


def shutdown_days(text: str) -> tuple[dt.date, ...]:
    """The days of "2026-12-21..2027-01-02", both ends included. Raises ValueError with what to type."""
    first, dots, last = text.partition("..")
    try:
        start, end = dt.date.fromisoformat(first.strip()), dt.date.fromisoformat(last.strip())
    except ValueError:
        dots = ""
        start = end = dt.date.min
    if not dots:
        raise ValueError('write a range of days such as "2026-12-21..2027-01-02"')
    if end < start:
        raise ValueError("the range ends before it starts")
    length = (end - start).days + 1
    if length > _LONGEST_SHUTDOWN:
        raise ValueError("a shutdown is at most one year long")
    return tuple(start + dt.timedelta(days=offset) for offset in range(length))


def too_few_working_days(workdays: frozenset[int], holidays: Iterable[dt.date]) -> str:
    """Say which year has fewer than FEWEST_WORKING_DAYS working days, and how many; "" when none has.

    `workdays` are ISO weekdays. The years looked at are those with a holiday, or any year when there is none.
    """
    lost = Counter(day.year for day in set(holidays) if day.isoweekday() in workdays)
    for year in sorted(lost) or [FIRST_YEAR]:
        left = _weekdays_in(year, workdays) - lost[year]
        if left < FEWEST_WORKING_DAYS:
            when = f"in {year}" if lost else "a year"
            return f"only {left} working days {when}; a plan needs at least {FEWEST_WORKING_DAYS}"
    return ""


def _weekdays_in(year: int, workdays: frozenset[int]) -> int:
    """How many days of the year fall on these ISO weekdays: 52 weeks, and the one or two days left over."""
    first = dt.date(year, 1, 1)
    left_over = {(first.isoweekday() - 1 + offset) % 7 + 1 for offset in range(2 if isleap(year) else 1)}
    return 52 * len(workdays) + len(left_over & workdays)


def _cache_file(code: str, cache: Path | None) -> Path | None:
    """Named by the library's version, which is read from its folder: importlib.metadata takes 20 times as long."""
    library = importlib.util.find_spec("holidays")
    if cache is None or not cache.is_dir() or library is None or library.origin is None:
        return None
    site = Path(library.origin).parents[1]
    installed = next(site.glob("holidays-*.dist-info"), None)
    return cache / f"{installed.stem}-{code}.txt" if installed else None


def _kept(file: Path | None) -> frozenset[dt.date]:
    """The days in a cache file; none when there is no file or it is damaged."""
    if file is None:
        return frozenset()
    try:
        return frozenset(dt.date.fromisoformat(line) for line in file.read_text("ascii").split())
    except (OSError, ValueError):
        return frozenset()


def _keep(file: Path, days: Iterable[dt.date]) -> None:
    """Write the days, whole or not at all; a full or read-only disk only costs time at the next run."""
    from sheets_sync.config.files import replace_text

    try:
        replace_text(file, "\n".join(day.isoformat() for day in sorted(days)) + "\n")
    except OSError:
        return
