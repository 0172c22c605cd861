"""The words the tool writes into a sheet: flags, its column headers, short dates. One set per language."""

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

LANGUAGES = ("en", "pt", "es")

FAR_BACK = dt.timedelta(days=300)
"""A date further back than this is shown with its year."""


class FlagWords(NamedTuple):
    """All words of one language. `headers` is keyed by role, `flags` by `core.model.Flag` value."""

    headers: Mapping[str, str]
    flags: Mapping[str, str]
    overdue_since: str
    at_risk_reasons: Mapping[str, str]
    months: tuple[str, ...]
    computed_row: str
    statuses: tuple[str, ...]

    def short_date(self, date: dt.date, as_of: dt.date) -> str:
        """ "13 Nov", or "13 Nov 2024" when that is long ago; turns from one to the other only once."""
        text = f"{date.day} {self.months[date.month - 1]}"
        return f"{text} {date.year}" if as_of - date > FAR_BACK else text

    def is_flag_text(self, text: str) -> bool:
        """Whether a text starts with one of the flags, so that it can only be ours."""
        return any(text.startswith(word) for word in self.flags.values())

    def flag_in(self, text: str) -> str:
        """The value of the flag that a text of ours shows, "" when it shows none."""
        shown = [(len(word), flag) for flag, word in self.flags.items() if text.startswith(word)]
        return max(shown)[1] if shown else ""


@cache
def flag_words(language: str) -> FlagWords:
    """The words of `language`; a language that is not shipped reads as English."""
    shipped = json.loads(files("sheets_sync.words").joinpath("data", "flags.json").read_text(encoding="utf-8"))
    words = shipped.get(language) or shipped["en"]
    return FlagWords(
        headers=words["headers"],
        flags=words["flags"],
        overdue_since=words["overdue_since"],
        at_risk_reasons=words["at_risk_reasons"],
        months=tuple(words["months"]),
        computed_row=words["computed_row"],
        statuses=tuple(words["statuses"]),
    )
