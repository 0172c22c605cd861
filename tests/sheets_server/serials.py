"""Serial numbers: days since 1899-12-30, the fraction is the time of day."""

import datetime as dt

EPOCH = dt.datetime(1899, 12, 30)


def serial_of(moment: dt.date | dt.datetime) -> int | float:
    """The serial number of a day or a moment (its zone is not looked at)."""
    if not isinstance(moment, dt.datetime):
        return (moment - EPOCH.date()).days
    passed = moment.replace(tzinfo=None) - EPOCH
    serial = passed.days + passed.seconds / 86400
    return int(serial) if serial == int(serial) else serial


def moment_of(serial: float) -> dt.datetime | None:
    """The moment of a serial number; None when no calendar holds it."""
    try:
        return EPOCH + dt.timedelta(seconds=round(serial * 86400))
    except OverflowError:
        return None
