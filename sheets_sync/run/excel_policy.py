"""What Windows and Excel say of macros on this computer: settings, policies, and where a file came from. Only reads.

Everything is asked through `Asking`, so that a computer with Windows can be looked at from another.
"""

import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

_SECURITY = r"Software\Microsoft\Office\16.0\Excel\Security"
_POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
_DEFENDER = r"SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
_NO_CHILDREN = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
"""Defender's rule "Block all Office applications from creating child processes"."""
_BLOCKS = "1"
_FROM_OUTSIDE = 3
"""Zone 3 is the internet, 4 sites that are restricted."""


class Hive(Enum):
    """Whose settings."""

    USER = "HKEY_CURRENT_USER"
    MACHINE = "HKEY_LOCAL_MACHINE"


class Asking(Protocol):
    """How a computer with Windows is asked."""

    def setting(self, hive: Hive, key: str, name: str) -> str | None:
        """A value of the registry as text, None when there is none."""

    def stream(self, file: Path, name: str) -> str | None:
        """The text of a named stream of a file, None when there is none."""


class Macros(Enum):
    """Which macros Excel runs."""

    ALL = 1
    AFTER_A_CLICK = 2
    SIGNED = 3
    NONE = 4


@dataclass(frozen=True, slots=True)
class MacroPolicy:
    """Excel's answer to macros. `by_policy` tells that a person cannot change it; `no_children` that Defender keeps
    Office from starting programs."""

    macros: Macros
    by_policy: bool
    blocks_internet: bool
    no_children: bool


def macro_policy(asking: Asking) -> MacroPolicy:
    """What is set on this computer; where nothing is set, Excel asks with a click and blocks what came from the
    internet."""
    policies = [asking.setting(hive, _POLICY, "VBAWarnings") for hive in Hive]
    chosen = asking.setting(Hive.USER, _SECURITY, "VBAWarnings")
    number = next((value for value in (*policies, chosen) if value in {str(one.value) for one in Macros}), None)
    blocking = [asking.setting(hive, _POLICY, "blockcontentexecutionfrominternet") for hive in Hive]
    return MacroPolicy(
        macros=Macros(int(number)) if number is not None else Macros.AFTER_A_CLICK,
        by_policy=any(value is not None for value in policies),
        blocks_internet=not any(value == "0" for value in blocking),
        no_children=asking.setting(Hive.MACHINE, _DEFENDER, _NO_CHILDREN) == _BLOCKS,
    )


def came_from_outside(asking: Asking, file: Path) -> bool:
    """Whether the file carries the mark of the web, by which Office blocks its macros without a way to allow them."""
    mark = asking.stream(file, "Zone.Identifier") or ""
    for line in mark.splitlines():
        name, _, value = line.partition("=")
        if name.strip().lower() == "zoneid" and value.strip().isdecimal():
            return int(value) >= _FROM_OUTSIDE
    return False


class ThisWindows:
    """The computer this runs on, where it has Windows."""

    def setting(self, hive: Hive, key: str, name: str) -> str | None:
        """A value of the registry."""
        if sys.platform != "win32":
            return None
        import winreg

        root = winreg.HKEY_CURRENT_USER if hive is Hive.USER else winreg.HKEY_LOCAL_MACHINE
        try:
            with winreg.OpenKey(root, key) as opened:
                return str(winreg.QueryValueEx(opened, name)[0])
        except OSError:
            return None

    def stream(self, file: Path, name: str) -> str | None:
        """A named stream, as NTFS has them."""
        if sys.platform != "win32":
            return None
        try:
            return Path(f"{file}:{name}").read_text("utf-8", "replace")
        except OSError:
            return None
