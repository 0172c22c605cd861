"""Whether Excel on this computer can start us, for the doctor. Nothing is changed."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from sheets_sync.cli.health import Health
from sheets_sync.errors import WorkbookError
from sheets_sync.run.excel_policy import Asking, MacroPolicy, Macros, came_from_outside, macro_policy
from sheets_sync.run.excel_setup import (
    INSTALL_OTHERWISE,
    MAC,
    WINDOWS,
    System,
    addin_folder,
    excel_python,
    isolation_problem,
    start_content,
    start_file,
)
from sheets_sync.words.button_words import LANGUAGES
from sheets_sync.workbooks.macros.addin import FILE_NAME, addin_bytes
from sheets_sync.workbooks.macros.modules import modules_of
from sheets_sync.workbooks.macros.sources import MACRO_VERSION, addin_modules, is_current
from sheets_sync.workbooks.ooxml.package import Package

Line = tuple[str, Health]
XLWINGS_NEEDED = (0, 37, 5)
"""Since this version it knows conditional formats by itself."""


class Bridge(NamedTuple):
    """What xlwings talks with Excel through on one system."""

    module: str
    package: str


BRIDGES = {WINDOWS: Bridge("win32com", "pywin32"), MAC: Bridge("appscript", "appscript")}
NO_EXCEL = "no Excel runs on this system, so it cannot be looked at from here"
ASK_IT = "ask your IT; meanwhile the schedule answers the Check now cell without any macro (README, For IT)"
SIGN = "have the add-in signed with your company's certificate (README, For IT)"
MAKE = "sheets-sync excel addin"
UNBLOCK = "in its folder: right click > Properties > Unblock; or make it here again, which leaves no such mark"


def computer_lines(system: System, asking: Asking) -> Iterator[Line]:
    """A line for each thing that must be so on this computer. May raise UsageError."""
    yield "Python", isolated_health(system)
    yield "start file", start_health(system)
    yield "xlwings", xlwings_health(system)
    yield "macros", macro_health(system, asking)
    yield "add-in", addin_health(system, asking)


def isolated_health(system: System) -> Health:
    """Whether the Python that Excel starts finds sheets-sync when it is started as our macros do."""
    python = excel_python(system)
    problem = isolation_problem(python)
    return Health(not problem, f"{python}: {problem}" if problem else f"{python} starts isolated", INSTALL_OTHERWISE)


def start_health(system: System) -> Health:
    """Whether the one file the macros read is there and says what it should. Raises UsageError."""
    file = start_file(system)
    if file is None:
        return Health(True, NO_EXCEL)
    if not file.is_file():
        return Health(False, f"{file} is not there, so Excel does not know which Python to start", MAKE)
    if file.read_bytes() != start_content(system):
        return Health(False, f"{file} names another Python or is of another version", MAKE)
    return Health(True, f"{file} names this Python")


def xlwings_health(system: System) -> Health:
    """Whether xlwings is new enough and has what it talks with Excel through. The macros hold none of its code, so no
    version has to equal another."""
    wanted = ".".join(map(str, XLWINGS_NEEDED))
    try:
        found = version("xlwings")
    except PackageNotFoundError:
        return Health(False, "not installed", f'pip install "xlwings>={wanted}"')
    numbers = tuple(int(part) for part in found.split(".")[:3] if part.isdecimal())
    if numbers < XLWINGS_NEEDED:
        return Health(False, f"{found} is too old", f'pip install --upgrade "xlwings>={wanted}"')
    bridge = BRIDGES.get(system.platform)
    if bridge is not None and find_spec(bridge.module) is None:
        return Health(False, f"{found}, without {bridge.package}", f"pip install {bridge.package}")
    return Health(True, f"{found}, {wanted} or later is needed; our macros, version {MACRO_VERSION}, go with any")


def macro_health(system: System, asking: Asking) -> Health:
    """Whether Excel runs macros here, and may start programs."""
    if system.platform == MAC:
        return Health(True, "on macOS Excel asks when a workbook with macros is opened: Enable Macros")
    if system.platform != WINDOWS:
        return Health(True, NO_EXCEL)
    policy = macro_policy(asking)
    if policy.no_children:
        return Health(False, "Defender keeps Office from starting any program, so no button can start Python", ASK_IT)
    return _allowed(policy)


def _allowed(policy: MacroPolicy) -> Health:
    whose = "by a policy of your organisation" if policy.by_policy else "in Excel's Trust Center"
    outside = "; files from the internet stay blocked" if policy.blocks_internet else ""
    if policy.macros is Macros.NONE:
        change = ASK_IT if policy.by_policy else "File > Options > Trust Center > Macro Settings: with notification"
        return Health(False, f"all macros are switched off {whose}", change)
    if policy.macros is Macros.SIGNED:
        return Health(
            False,
            f"only signed macros run, {whose}",
            "sign the add-in with your company's certificate (README, For IT)",
        )
    how = "after a click on Enable Content" if policy.macros is Macros.AFTER_A_CLICK else "without being asked about"
    return Health(True, f"macros run {how}, {whose}{outside}")


def addin_health(system: System, asking: Asking) -> Health:
    """Whether the add-in is where Excel offers it, with the macros of today."""
    if start_file(system) is None:
        return Health(True, NO_EXCEL)
    file = addin_folder(system) / FILE_NAME
    if not file.is_file():
        return Health(False, f"not in {file.parent}", MAKE)
    if not _is_current(file):
        return Health(False, f"{file} is not the one this version makes", MAKE)
    if came_from_outside(asking, file):
        return Health(False, f"{file} is marked as coming from the internet, so its macros are blocked", UNBLOCK)
    return Health(True, f"{file}, as this version makes it")


def _is_current(file: Path) -> bool:
    """Whether the add-in is ours of today; a signed one has other bytes, but the same macros."""
    content = file.read_bytes()
    if any(content == addin_bytes(language) for language in LANGUAGES):
        return True
    try:
        code = modules_of(Package.open(content, file.name))
    except WorkbookError:
        return False
    return len(code) == len(addin_modules()) and all(is_current(module) for module in code)
