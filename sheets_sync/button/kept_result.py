"""The last message of each plan, kept in the user's state folder: counts and sentences, no cell's text."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import NamedTuple

from sheets_sync.config.files import replace_text
from sheets_sync.config.state import default_state, own_folder

_UID = re.compile(r"[a-z0-9][a-z0-9-]{5,63}")


class KeptResult(NamedTuple):
    """A message and when it was shown (aware)."""

    lines: tuple[str, ...]
    at: dt.datetime


def button_folder() -> Path:
    """Where the button keeps its results and its log, for the user alone. Raises UsageError."""
    return own_folder(default_state() / "button")


def keep_result(uid: str, result: KeptResult) -> None:
    """Keep the message as the plan's last one; a uid that is none, from a workbook, keeps nothing."""
    if _UID.fullmatch(uid):
        text = json.dumps({"at": result.at.isoformat(), "lines": result.lines}, ensure_ascii=False)
        replace_text(button_folder() / f"{uid}.json", text)


def kept_result(uid: str) -> KeptResult | None:
    """The plan's last message; None when there is none."""
    if not _UID.fullmatch(uid):
        return None
    try:
        kept = json.loads((button_folder() / f"{uid}.json").read_text("utf-8"))
        return KeptResult(tuple(map(str, kept["lines"])), dt.datetime.fromisoformat(kept["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
