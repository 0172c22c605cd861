"""Our block in a crontab, as bytes: put in, found, taken out. Every other line stays byte for byte.

The line must mean the same to every cron. Most make a new line of % unless a backslash stands before it, some do not
know that, and some make one backslash of two. So % is written as \\% outside of quotes, which the shell makes % again
where cron did not, and no two backslashes stand together. Asking for the crontab is in `by_cron`.
"""

import re

from sheets_sync.errors import UsageError
from sheets_sync.schedule.install.entry import MADE_BY, MINUTES, Entry

LONGEST_LINE = 990
"""Letters; cron's own limit for a command is 1,000."""
MEND = "mend it with: crontab -e"
_SPECIAL = re.compile(r"['\\%]")
_AS_SHELL_WORD = {"'": "'\"'\"'", "\\": "\\''", "%": "'\\%'"}
"""Within single quotes: close them, say it otherwise, open them again. A backslash means itself, but not beside one."""


def block(entry: Entry, *, minutes: int = MINUTES) -> bytes:
    """The lines for this entry, with the last line's end. Raises UsageError for paths longer than cron takes."""
    line = f"*/{minutes} * * * * {command_line(entry.words(quiet=True))}".encode()
    if len(line) > LONGEST_LINE:
        raise UsageError(
            f"the line for cron would have {len(line)} letters, more than cron reads",
            "move the configuration to a folder with a shorter path",
        )
    first, last = _marks(entry)
    return b"\n".join((first, line, last, b""))


def command_line(words: tuple[str, ...]) -> str:
    """The words as a line that cron and the shell behind it split into the very same words."""
    return " ".join(map(_shell_word, words))


def installed_block(crontab: bytes, entry: Entry) -> bytes | None:
    """Our lines as they stand in the crontab, None when there are none. Raises UsageError for a broken block."""
    parts = _parted(crontab, entry)
    return parts[1] if parts else None


def with_block(crontab: bytes, entry: Entry) -> bytes:
    """The crontab with our block: where it stood before, else at its end."""
    parts = _parted(crontab, entry)
    if parts:
        return parts[0] + block(entry) + parts[2]
    ended = b"" if not crontab or crontab.endswith(b"\n") else b"\n"
    return crontab + ended + block(entry)


def without_block(crontab: bytes, entry: Entry) -> bytes:
    """The crontab without our block."""
    parts = _parted(crontab, entry)
    return parts[0] + parts[2] if parts else crontab


def _marks(entry: Entry) -> tuple[bytes, bytes]:
    first = f"# >>> {entry.name}: made by `{MADE_BY}`, taken out by `sheets-sync schedule remove`"
    return first.encode(), f"# <<< {entry.name}".encode()


def _parted(crontab: bytes, entry: Entry) -> tuple[bytes, bytes, bytes] | None:
    """What stands before, within and after our marks; None without a mark. Raises UsageError unless there is one pair.

    Marks are found by the entry's name alone, so that those of an earlier version are ours too.
    """
    name = re.escape(entry.name.encode())
    begins = list(re.finditer(rb"^# >>> " + name + rb"\b.*\n?", crontab, re.MULTILINE))
    ends = list(re.finditer(rb"^# <<< " + name + rb"\b.*\n?", crontab, re.MULTILINE))
    if not begins and not ends:
        return None
    if len(begins) != 1 or len(ends) != 1 or ends[0].start() < begins[0].end():
        raise UsageError(f"the lines of {entry.name} in your crontab are not as they were written", MEND)
    begin, end = begins[0].start(), ends[0].end()
    return crontab[:begin], crontab[begin:end], crontab[end:]


def _shell_word(word: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9/._=-]+", word):
        return word
    return f"'{_SPECIAL.sub(lambda found: _AS_SHELL_WORD[found[0]], word)}'"
