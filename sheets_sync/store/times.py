"""Instants as the store keeps them: in UTC and of one width, so that their order as text is their order in time."""

import datetime as dt


def instant_text(instant: dt.datetime) -> str:
    """The text of an aware instant, "2026-11-21T08:00:00.000000+00:00". Raises ValueError for one without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(dt.UTC).isoformat(timespec="microseconds")


def instant(text: str) -> dt.datetime:
    """The instant of such a text."""
    return dt.datetime.fromisoformat(text)
