"""What Excel on this computer needs to start us: one file in the user's own profile, and where add-ins are kept.

The macros read that file and nothing else (HAZARDS 19). Which computer this is, is a value, so that one system can be
looked at from another.
"""

import os
import subprocess
import sys
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

from sheets_sync.config.files import make_private_folder, replace_bytes
from sheets_sync.errors import UsageError
from sheets_sync.workbooks.macros.sources import APPLESCRIPT, applescript

WINDOWS, MAC = "win32", "darwin"
PATH_FILE = "excel-python.txt"
START_SECONDS = 30
INSTALL_OTHERWISE = "install sheets-sync with pipx, uv or into a virtual environment, not with pip install --user"
_FINDS_ALL = "import sheets_sync.button, importlib.util as found; assert found.find_spec('xlwings')"


class System(NamedTuple):
    """A computer as far as starting Python from Excel goes. `local` and `roaming` are the two halves of a profile on
    Windows; `python` runs this program."""

    platform: str
    home: Path
    local: Path
    roaming: Path
    python: Path


def this_system() -> System:
    """The computer this runs on."""
    home = Path.home()
    return System(
        platform=sys.platform,
        home=home,
        local=Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"),
        roaming=Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming"),
        python=Path(sys.executable),
    )


def start_file(system: System) -> Path | None:
    """Where Excel looks for how to start us; None where there is no Excel."""
    if system.platform == WINDOWS:
        return system.local / "sheets-sync" / PATH_FILE
    if system.platform == MAC:
        return system.home / "Library" / "Application Scripts" / "com.microsoft.Excel" / APPLESCRIPT
    return None


def addin_folder(system: System) -> Path:
    """The folder in which Excel offers add-ins; the current one where there is no Excel."""
    if system.platform == WINDOWS:
        return system.roaming / "Microsoft" / "AddIns"
    if system.platform == MAC:
        return (
            system.home / "Library" / "Group Containers" / "UBF8T346G9.Office" / "User Content.localized"
        ) / "Add-Ins.localized"
    return Path()


def excel_python(system: System) -> Path:
    """The Python for Excel to start: on Windows the one without a console window, where it is installed."""
    if system.platform != WINDOWS:
        return system.python
    windowless = system.python.with_name("pythonw.exe")
    return windowless if windowless.is_file() else system.python


def start_content(system: System) -> bytes:
    """What has to stand in the start file. Raises UsageError for a Python that our macros would not start."""
    python = str(excel_python(system))
    if system.platform == WINDOWS:
        path = PureWindowsPath(python)
        if path.drive.startswith("\\") or path.name.lower() not in ("python.exe", "pythonw.exe"):
            raise UsageError(
                f"Excel does not start {python}: only a python.exe on a drive of this computer",
                "install sheets-sync into a Python on this computer, then run this again",
            )
        return b"\xff\xfe" + f"{python}\r\n".encode("utf-16-le")
    try:
        return applescript(python).encode()
    except ValueError:
        raise UsageError(f"Excel cannot start {python!r}", "install sheets-sync in another folder") from None


def let_excel_start_us(system: System) -> Path | None:
    """Write the start file, unless it says so already; returns where it is, None where there is no Excel.

    Raises UsageError when Excel could not start this Python, or the file cannot be written.
    """
    file = start_file(system)
    if file is None:
        return None
    problem = isolation_problem(excel_python(system))
    if problem:
        raise UsageError(f"Excel could not use {excel_python(system)}: {problem}", INSTALL_OTHERWISE)
    content = start_content(system)
    try:
        if not file.is_file() or file.read_bytes() != content:
            make_private_folder(file.parent)
            replace_bytes(file, content)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from None
    return file


def isolation_problem(python: Path) -> str:
    """Why this Python, started as our macros do it, would not find sheets-sync or xlwings; "" when it does.

    Isolated, it reads neither PYTHONPATH nor packages installed with `pip install --user`.
    """
    words = [str(python), "-I", "-c", _FINDS_ALL]
    try:
        done = subprocess.run(words, capture_output=True, timeout=START_SECONDS, cwd=python.parent, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return "it could not be started"
    return "" if done.returncode == 0 else "started isolated, as Excel starts it, it does not find sheets-sync"
