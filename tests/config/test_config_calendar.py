"""Public holidays, shutdowns, and how few working days a calendar may leave."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from sheets_sync.config import calendar
from sheets_sync.config.calendar import next_holidays, public_holidays, shutdown_days, too_few_working_days

D = dt.date


@pytest.fixture(autouse=True)
def _forget() -> None:
    public_holidays.cache_clear()


@pytest.mark.parametrize(
    ("code", "day", "holiday"),
    [
        ("BR-SP", D(2026, 7, 9), True),
        ("BR", D(2026, 7, 9), False),
        ("BR", D(2026, 4, 21), True),
        ("PT", D(2026, 6, 10), True),
        ("DE-BY", D(2027, 1, 6), True),
        ("DE", D(2027, 1, 6), False),
        ("DE-Augsburg", D(2026, 8, 8), True),
        ("BR", D(2060, 12, 25), True),
        ("BR", D(2000, 12, 25), True),
    ],
)
def test_a_country_or_region_has_its_holidays(code: str, day: dt.date, holiday: bool) -> None:
    """The holidays are those of the region where one is named, else those of the whole country."""
    assert (day in public_holidays(code)) is holiday


def test_the_next_holidays_are_shown_with_their_names() -> None:
    """`init` prints the next three, also over the turn of the year."""
    shown = next_holidays("BR", D(2026, 12, 24))
    assert [day for day, _ in shown] == [D(2026, 12, 25), D(2027, 1, 1), D(2027, 3, 26)]
    assert all(name for _, name in shown)


def test_holidays_are_kept_between_runs_without_the_library(tmp_path: Path) -> None:
    """The second time the days come from the state folder, alike, and the slow library is not imported."""
    first = public_holidays("BR-SP", tmp_path)
    [kept] = tmp_path.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    program = (
        "import sys; from pathlib import Path; from sheets_sync.config.calendar import public_holidays;"
        "days = public_holidays('BR-SP', Path(sys.argv[1]));"
        "print(len(days), 'holidays' in sys.modules)"
    )
    root = str(Path(calendar.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.split() == [str(len(first)), "False"]


@pytest.mark.parametrize("content", ["", "2026-13-01\n", "\x00\xff"])
def test_a_damaged_memory_of_holidays_is_made_again(tmp_path: Path, content: str) -> None:
    """What is kept is only a shortcut: damaged, it is replaced."""
    days = public_holidays("PT", tmp_path)
    public_holidays.cache_clear()
    [kept] = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_text(content)
    assert public_holidays("PT", tmp_path) == days
    assert kept.read_bytes() == whole


def test_nothing_is_kept_where_there_is_no_folder(tmp_path: Path) -> None:
    """Looking at a configuration makes no state folder."""
    public_holidays("PT", tmp_path / "state")
    assert not (tmp_path / "state").exists()


def test_a_shutdown_has_both_its_ends() -> None:
    """First and last day are not worked."""
    assert shutdown_days("2026-12-30..2027-01-02") == (D(2026, 12, 30), D(2026, 12, 31), D(2027, 1, 1), D(2027, 1, 2))
    assert shutdown_days(" 2026-12-30 .. 2026-12-30 ") == (D(2026, 12, 30),)


@pytest.mark.parametrize("text", ["", "2026-12-30", "..", "2026-12-30...2027-01-02", "30/12/2026..02/01/2027", "x..y"])
def test_a_shutdown_of_another_form_is_no_guess(text: str) -> None:
    """Only ISO days with two dots between them are a range."""
    with pytest.raises(ValueError, match=r"write a range of days such as"):
        shutdown_days(text)


FREE_2026 = frozenset(D(2026, 1, 1) + dt.timedelta(days=offset) for offset in range(365))


@pytest.mark.parametrize(
    ("workdays", "holidays", "problem"),
    [
        ({1, 2, 3, 4, 5}, frozenset(), ""),
        ({1}, frozenset(), "only 52 working days a year"),
        ({1, 2}, frozenset(), ""),
        ({1, 2}, frozenset({D(2026, 1, 5)}), ""),
        (
            {1, 2},
            frozenset(D(2026, 1, 5) + dt.timedelta(weeks=week) for week in range(5)),
            "only 99 working days in 2026",
        ),
        ({6, 7}, frozenset(D(2026, 1, 5) + dt.timedelta(weeks=week) for week in range(5)), ""),
        ({1, 2, 3, 4, 5}, FREE_2026, "only 0 working days in 2026"),
        ({1, 2, 3, 4, 5}, FREE_2026 - {day for day in FREE_2026 if day < D(2026, 5, 21)}, ""),
        (
            {1, 2, 3, 4, 5},
            FREE_2026 - {day for day in FREE_2026 if day < D(2026, 5, 20)},
            "only 99 working days in 2026",
        ),
    ],
)
def test_a_calendar_leaves_a_hundred_working_days(
    workdays: set[int], holidays: frozenset[dt.date], problem: str
) -> None:
    """99 working days in any year are too few, 100 are enough; holidays on free days cost nothing."""
    told = too_few_working_days(frozenset(workdays), holidays)
    assert told.startswith(problem) if problem else told == ""


def test_working_days_of_a_year_are_counted_as_a_calendar_counts_them() -> None:
    """The count by weeks agrees with counting day by day, leap years included: 103 to 106 on two days a week."""
    for year in range(2000, 2061):
        days = [day for offset in range(366) if (day := D(year, 1, 1) + dt.timedelta(days=offset)).year == year]
        worked = [day for day in days if day.isoweekday() in (1, 5)]
        assert too_few_working_days(frozenset({1, 5}), worked[: len(worked) - 100]) == ""
        assert f"only 99 working days in {year}" in too_few_working_days(frozenset({1, 5}), worked[: len(worked) - 99])
