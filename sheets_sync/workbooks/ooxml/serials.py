"""Excel's day numbers as dates, and dates of t="d" cells as day numbers. Which numbers are dates is not here.

Source: ECMA-376 part 1, 18.17.4. The 1900 system counts a 29 February 1900 that never was: days before it are one
number low, and day 60 is no day at all.
"""

import datetime as dt

from sheets_sync.core.cells import OUT_OF_RANGE, CellTrouble

_DAYS_1900 = dt.datetime(1899, 12, 30)  # noqa: DTZ001
_DAYS_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001
_LEAP_BUG = 60
_LAST_1900 = 2_958_465
_LAST_1904 = 2_957_003
_MILLISECONDS = 86_400_000


def date_of_serial(serial: float, *, date1904: bool) -> dt.date | dt.datetime | float | CellTrouble:
    """What a date-formatted number shows: a date, a datetime when it has a time of day (to the millisecond, Excel's own
    precision), the number itself when it is a time of day only (0 <= serial < 1), OUT_OF_RANGE when no calendar has it.
    """
    if not 0 <= serial < (_LAST_1904 if date1904 else _LAST_1900) + 1:
        return OUT_OF_RANGE
    if serial < 1:
        return serial
    days, milliseconds = divmod(round(serial * _MILLISECONDS), _MILLISECONDS)
    if date1904:
        start = _DAYS_1904
    elif days == _LEAP_BUG or days > _LAST_1900:
        return OUT_OF_RANGE
    else:
        start = _DAYS_1900 if days > _LEAP_BUG else _DAYS_1900 + dt.timedelta(days=1)
    moment = start + dt.timedelta(days=days, milliseconds=milliseconds)
    return moment if milliseconds else moment.date()


def serial_of_date(moment: dt.datetime, *, date1904: bool) -> float:
    """The day number of a moment without time zone."""
    start = _DAYS_1904 if date1904 else _DAYS_1900
    serial = (moment - start) / dt.timedelta(days=1)
    return serial if date1904 or serial > _LEAP_BUG else serial - 1


def serial_of_iso(text: str, *, date1904: bool) -> float | None:
    """The day number of an ISO 8601 text as t="d" cells hold it; a time of day alone gives a part of a day.

    A time zone is dropped, as Excel does. None when the text is no date.
    """
    text = text.strip()
    try:
        if ":" in text and "-" not in text:
            time = dt.time.fromisoformat(text.removesuffix("Z"))
            return dt.timedelta(
                hours=time.hour, minutes=time.minute, seconds=time.second, microseconds=time.microsecond
            ) / dt.timedelta(days=1)
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    return serial_of_date(moment, date1904=date1904)
