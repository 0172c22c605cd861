"""What the operating system is asked to do for one configuration, as plain values.

Python is started with `-P`, so that a file click.py in whatever folder the system starts us in is never imported.
"""

import hashlib
import re
from pathlib import PurePath, PureWindowsPath
from typing import NamedTuple

from sheets_sync.errors import UsageError

MINUTES = 5
"""Between two ticks."""
LONGEST_HOURS = 2
"""After which a system that can stops a run that hangs."""
MADE_BY = "sheets-sync schedule install"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Entry(NamedTuple):
    """One entry. `name` is the same for the same configuration and no other; `config` (a file), `python` and `log` are
    absolute, with every letter a folder's name may have."""

    name: str
    config: PurePath
    python: PurePath
    log: PurePath

    def words(self, *, quiet: bool) -> tuple[str, ...]:
        """The command, word by word; `quiet` where whatever is said is mailed or piles up in a file."""
        said = ("--quiet",) if quiet else ()
        run = ("run", "--due", *said, "--config", str(self.config))
        return (str(self.python), "-P", "-m", "sheets_sync", *run)


def entry_of(config: PurePath, *, python: PurePath, state: PurePath) -> Entry:
    """The entry of the configuration in this file; `state` is its state folder. All paths absolute.

    Raises UsageError for a path that a line of text cannot hold.
    """
    for path in (config, python, state):
        if not path.is_absolute():
            raise UsageError(f"the path {path} is not absolute")
        if _CONTROL.search(str(path)) or not _is_text(str(path)):
            raise UsageError(
                f"a scheduler cannot be told of {str(path)!r}: a name in it has a letter that is none",
                "rename that folder, or move the configuration",
            )
    return Entry(name_of(config), config, python, state / "schedule.log")


def name_of(config: PurePath) -> str:
    """The name of this configuration's entry."""
    text = str(config).lower() if isinstance(config, PureWindowsPath) else str(config)
    return f"sheets-sync-{hashlib.sha256(text.encode(errors='surrogateescape')).hexdigest()[:8]}"


def _is_text(path: str) -> bool:
    """Whether the path is Unicode; names of files may be any bytes."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
