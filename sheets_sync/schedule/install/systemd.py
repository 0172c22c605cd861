"""The pair of units for systemd, as text. Asking systemd is in `by_systemd`.

Rules of the syntax: https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html, "Command lines", and
systemd.unit.html, "Specifiers": % begins a specifier and $ a variable, each is written twice to mean itself.
"""

from sheets_sync.schedule.install.entry import LONGEST_HOURS, MADE_BY, MINUTES, Entry

_REFUSED_IN_PROGRAM = frozenset("\"'\\$")
"""systemd takes no program with quotes or backslashes in its path ("contains special characters"), and does not undo a
doubled $ there."""
_AS_GIVEN = ("/bin/sh", "-c", 'exec "$0" "$@"')
"""Runs the words that follow, whatever letters the first one has."""
HELD_ELSEWHERE = 4
"""The exit code of a run beside another one: nothing is wrong."""


def service_text(entry: Entry) -> str:
    """The unit that runs what is due, once."""
    return f"""\
# Made by `{MADE_BY}`, which writes it anew; `sheets-sync schedule remove` takes it away.
[Unit]
Description=sheets-sync: what is due by {_free_text(str(entry.config))} (checked every {MINUTES} minutes)

[Service]
Type=oneshot
ExecStart={command_line(entry.words(quiet=False))}
SuccessExitStatus={HELD_ELSEWHERE}
TimeoutStartSec={LONGEST_HOURS}h
Nice=10
"""


def timer_text(entry: Entry) -> str:
    """The unit that starts it. A tick that passed while the computer was off is made up for by a single one."""
    return f"""\
# Made by `{MADE_BY}`, which writes it anew; `sheets-sync schedule remove` takes it away.
[Unit]
Description=sheets-sync: every {MINUTES} minutes for {_free_text(str(entry.config))} (a tick)

[Timer]
OnCalendar=*:0/{MINUTES}
RandomizedDelaySec=20
AccuracySec=10
Persistent=true

[Install]
WantedBy=timers.target
"""


def command_line(words: tuple[str, ...]) -> str:
    """The words as one line that systemd splits into the very same words."""
    if _REFUSED_IN_PROGRAM & set(words[0]):
        words = (*_AS_GIVEN, *words)
    program, *rest = words
    return " ".join([_quoted(program), *(_quoted(word).replace("$", "$$") for word in rest)])


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _free_text(text: str) -> str:
    return text.replace("%", "%%")
