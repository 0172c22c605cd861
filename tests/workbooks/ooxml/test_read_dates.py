"""Day numbers and the number formats that make them dates."""

import datetime as dt

import pytest

from sheets_sync.core.cells import OUT_OF_RANGE
from sheets_sync.workbooks.ooxml.number_formats import is_date_format, is_percent_format
from sheets_sync.workbooks.ooxml.serials import date_of_serial, serial_of_date, serial_of_iso


@pytest.mark.parametrize(
    ("serial", "date1904", "shown"),
    [
        (1, False, dt.date(1900, 1, 1)),
        (59, False, dt.date(1900, 2, 28)),
        (61, False, dt.date(1900, 3, 1)),
        (46082, False, dt.date(2026, 3, 1)),
        (2958465, False, dt.date(9999, 12, 31)),
        (1, True, dt.date(1904, 1, 2)),
        (2957003, True, dt.date(9999, 12, 31)),
        (46082.5, False, dt.datetime(2026, 3, 1, 12)),
        (46082.70833333333, False, dt.datetime(2026, 3, 1, 17)),
        (46082.999999999, False, dt.date(2026, 3, 2)),
        (46082.0000115741, False, dt.datetime(2026, 3, 1, 0, 0, 1)),
        (0.25, False, 0.25),
        (0, True, 0),
        (60, False, OUT_OF_RANGE),
        (60.5, False, OUT_OF_RANGE),
        (2958466, False, OUT_OF_RANGE),
        (2958465.999999999, False, OUT_OF_RANGE),
        (2957004, True, OUT_OF_RANGE),
        (-1, False, OUT_OF_RANGE),
        (1e12, False, OUT_OF_RANGE),
        (float("nan"), False, OUT_OF_RANGE),
    ],
)
def test_a_day_number_shows_its_date(serial: float, *, date1904: bool, shown: object) -> None:
    """Both date systems, the leap day that never was, times to the millisecond, and both ends of the calendar."""
    found = date_of_serial(serial, date1904=date1904)
    assert found == shown
    assert type(found) is type(shown)


@pytest.mark.parametrize(
    ("text", "date1904", "serial"),
    [
        ("2026-03-01", False, 46082),
        ("2026-03-01T12:00:00", False, 46082.5),
        ("2026-03-01T12:00:00.000Z", False, 46082.5),
        ("1900-01-01", False, 1),
        ("1904-01-02", True, 1),
        ("06:00:00", False, 0.25),
        ("2026-02-30", False, None),
        ("soon", False, None),
        ("", False, None),
    ],
)
def test_an_iso_date_has_a_day_number(text: str, *, date1904: bool, serial: float | None) -> None:
    """A t="d" cell holds what a spreadsheet program would save as this number."""
    assert serial_of_iso(text, date1904=date1904) == serial


@pytest.mark.parametrize("date1904", [True, False])
@pytest.mark.parametrize(
    "moment", [dt.datetime(1905, 1, 31), dt.datetime(2026, 3, 1, 17, 45), dt.datetime(9999, 12, 31, 23)]
)
def test_dates_and_day_numbers_are_each_other_s_inverse(moment: dt.datetime, *, date1904: bool) -> None:
    """Turning a moment into a number and back loses nothing above a millisecond."""
    shown = date_of_serial(serial_of_date(moment, date1904=date1904), date1904=date1904)
    assert shown == (moment if moment.time() != dt.time() else moment.date())


@pytest.mark.parametrize(
    ("number", "code", "shows_date"),
    [
        (14, None, True),
        (17, None, True),
        (22, None, True),
        (58, None, True),
        (20, None, False),
        (46, None, False),
        (0, None, False),
        (170, "yyyy-mm-dd", True),
        (170, "DD/MM/YYYY", True),
        (170, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", True),
        (170, '[$-416]d" de "mmmm" de "yyyy;@', True),
        (170, "mmm", True),
        (170, "m", True),
        (170, "d/m h:mm AM/PM", True),
        (170, "ge", True),
        (170, "General", False),
        (170, "h:mm AM/PM", False),
        (170, "[h]:mm:ss", False),
        (170, "[h]:mm", False),
        (170, "[mm]", False),
        (170, "mm:ss.0", False),
        (170, "0.00E+00", False),
        (170, '0" days"', False),
        (170, "0\\d", False),
        (170, "[Red]0.0;[Blue]-0.0", False),
        (170, "#,##0_d;0*y", False),
        (170, '"unclosed dd', False),
        (170, "0;dd", False),
        (14, "0.00", False),
    ],
)
def test_only_formats_that_show_a_day_make_dates(number: int, code: str | None, *, shows_date: bool) -> None:
    """Day, month or year in the first section; texts, colours, times and durations do not count."""
    assert is_date_format(number, {} if code is None else {number: code}) is shows_date


@pytest.mark.parametrize(
    ("number", "code", "shows_percent"),
    [
        (9, None, True),
        (10, None, True),
        (1, None, False),
        (170, "0.0%", True),
        (170, '0"%"', False),
        (170, "0\\%", False),
    ],
)
def test_a_percentage_format_is_known(number: int, code: str | None, *, shows_percent: bool) -> None:
    """The built-in and own percentage formats; a quoted sign is only text."""
    assert is_percent_format(number, {} if code is None else {number: code}) is shows_percent
