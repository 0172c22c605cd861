"""Computers that are none: the few programs a schedule is put in place by, as they behave, on memory and a folder.

What they answer is written from their manuals; the real systemd and cron are tried in the tests beside this one.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from sheets_sync.errors import UsageError
from sheets_sync.schedule.install.machine import Done, Machine


class Computer:
    """A computer with some programs. `log` holds every command that was run; what `broken` names fails."""

    def __init__(self, home: Path, *, platform: str = "linux", programs: Iterable[str] = ()) -> None:
        self.home = home
        self.platform = platform
        self.programs = {*programs}
        self.log: list[tuple[str, ...]] = []
        self.broken: dict[str, Done] = {}
        self.crontab: bytes | None = None
        self.timers: dict[str, bytes] = {}
        self.agents: set[str] = set()
        self.tasks: dict[str, bytes] = {}
        self.lingers = False

    def machine(self) -> Machine:
        """As the adapters see it."""
        return Machine(
            platform=self.platform,
            home=self.home,
            units=self.home / ".config" / "systemd" / "user",
            user="ana",
            uid=501,
            has=lambda program: program in self.programs,
            run=self.run,
            write=self.write,
        )

    def run(self, words: tuple[str, ...], *, given: bytes = b"") -> Done:
        """Run a program as this computer would."""
        self.log.append(words)
        program, *rest = words
        if program not in self.programs:
            raise UsageError(f"this computer has no program {program}")
        for wanted, answer in self.broken.items():
            if wanted in " ".join(words):
                return answer
        answer: Done = getattr(self, f"_{program}")(rest, given)
        return answer

    @staticmethod
    def write(file: Path, content: bytes) -> None:
        """Write a file, and the folders it lies in."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def _crontab(self, words: list[str], given: bytes) -> Done:
        if words == ["-l"]:
            return Done(1, b"", "no crontab for ana") if self.crontab is None else Done(0, self.crontab)
        self.crontab = None if words == ["-r"] else given
        return Done(0)

    def _systemctl(self, words: list[str], _: bytes) -> Done:
        assert words[0] == "--user"
        command, unit = words[1], words[-1]
        file = self.home / ".config" / "systemd" / "user" / unit
        if command in ("enable", "restart"):
            if not file.exists():
                return Done(1, b"", f"Unit {unit} does not exist")
            self.timers[unit] = file.read_bytes()
        elif command == "disable":
            self.timers.pop(unit, None)
        elif command in ("is-enabled", "is-active"):
            return Done(0 if unit in self.timers else 1)
        return Done(0)

    def _loginctl(self, _words: list[str], _: bytes) -> Done:
        return Done(0, b"Linger=yes\n" if self.lingers else b"Linger=no\n")

    def _launchctl(self, words: list[str], _: bytes) -> Done:
        name = re.sub(r"\.plist$", "", words[-1].rpartition("/")[2])
        if words[0] == "print":
            return Done(0 if name in self.agents else 113, b"", "Could not find service")
        if words[0] == "bootout":
            self.agents.discard(name)
        elif words[0] == "bootstrap":
            if name in self.agents:
                return Done(5, b"", "Bootstrap failed: 5: Input/output error")
            assert Path(words[-1]).exists()
            self.agents.add(name)
        return Done(0)

    def _schtasks(self, words: list[str], _: bytes) -> Done:
        name = words[words.index("/tn") + 1]
        if words[0] == "/create":
            assert "/f" in words, "schtasks would ask"
            self.tasks[name] = Path(words[words.index("/xml") + 1]).read_bytes()
        elif name not in self.tasks:
            return Done(1, b"", "ERROR: The system cannot find the file specified.")
        elif words[0] == "/delete":
            del self.tasks[name]
        else:
            return Done(0, self.tasks[name].decode("utf-16").encode("cp850", errors="replace"))
        return Done(0)
