"""Days and times as a reader writes them. Day counts are never made here: they are working days of a plan."""

import datetime as dt
from typing import NamedTuple
from zoneinfo import ZoneInfo

FAR_DAYS = 300
NEAR_DAYS = 7
"""Within so many days to come a weekday with its number says which day is meant."""


class Dates(NamedTuple):
    """Writes dates in one language (`locale` as "en_GB"), seen from `day`, the plan's own day."""

    locale: str
    day: dt.date

    def full(self, date: dt.date) -> str:
        """ "Fri 13 Nov"; with its year when that is far from today."""
        far = abs((date - self.day).days) > FAR_DAYS
        return self._written("yMMMEd" if far else "MMMEd", date)

    def narrow(self, date: dt.date) -> str:
        """For a narrow column: "Fri 27", "4 Dec" when that is over or further away, "15 Jan 2028" when it is far."""
        ahead = (date - self.day).days
        near, far = 0 <= ahead <= NEAR_DAYS, abs(ahead) > FAR_DAYS
        return self._written("Ed" if near else "yMMMd" if far else "MMMd", date)

    def short(self, date: dt.date) -> str:
        """ "13 Nov"."""
        return self._written("MMMd", date)

    def moment(self, instant: dt.datetime, timezone: str) -> str:
        """ "Mon 23 Nov 07:28" in the plan's time zone."""
        from babel.dates import format_time

        local = instant.astimezone(ZoneInfo(timezone))
        return f"{self.full(local.date())} {format_time(local.time(), 'HH:mm', locale=self.locale)}"

    def _written(self, skeleton: str, date: dt.date) -> str:
        from babel.dates import format_skeleton

        # Only canonical skeletons: others fall back silently to another order. Points of abbreviations ("sex., 13 de
        # nov.") would meet those of sentences.
        return format_skeleton(skeleton, date, locale=self.locale).replace(".", "")
