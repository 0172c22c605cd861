"""What is written for Excel to find us, on computers with Windows and macOS that are folders here."""

import sys
from pathlib import Path, PureWindowsPath

import pytest

from sheets_sync.errors import UsageError
from sheets_sync.run import excel_setup
from sheets_sync.run.excel_setup import (
    MAC,
    WINDOWS,
    System,
    excel_python,
    let_excel_start_us,
    start_content,
    start_file,
)


class WindowsPath(PureWindowsPath):
    """A path of Windows whose files exist when the test says so."""

    there = frozenset({"pythonw.exe"})

    def is_file(self):
        return self.name in self.there


def windows(python: str, folder: Path = Path()) -> System:
    return System(WINDOWS, folder, folder / "Local", folder / "Roaming", WindowsPath(python))


def mac(python: str, folder: Path) -> System:
    return System(MAC, folder, folder, folder, Path(python))


def test_on_windows_the_path_stands_in_a_unicode_file():
    """UTF-16 with its mark, one line that ends as lines do there: what the macro reads as Unicode; no console opens."""
    content = start_content(windows(r"C:\Users\Zoë Łuk\venv\Scripts\python.exe"))
    assert content.startswith(b"\xff\xfe")
    assert content[2:].decode("utf-16-le") == "C:\\Users\\Zoë Łuk\\venv\\Scripts\\pythonw.exe\r\n"


@pytest.mark.parametrize("python", [r"\\server\tools\python.exe", r"C:\tools\sheets-sync.exe", r"C:\tools\py.exe"])
def test_what_the_macro_would_not_start_is_not_written(python, monkeypatch):
    """A Python on a share, or another program: refused with what to do."""
    monkeypatch.setattr(WindowsPath, "there", frozenset())
    with pytest.raises(UsageError, match="Excel does not start"):
        start_content(windows(python))


def test_on_a_mac_the_path_stands_in_the_script(tmp_path, monkeypatch):
    """The script lies where Excel may run it, holds this Python, and is written once."""
    monkeypatch.setattr(excel_setup, "isolation_problem", lambda _: "")
    system = mac('/Users/zoë/my "tools"/bin/python3', tmp_path)
    file = let_excel_start_us(system)
    assert file == tmp_path / "Library/Application Scripts/com.microsoft.Excel/sheets-sync.applescript"
    assert 'property interpreter : "/Users/zoë/my \\"tools\\"/bin/python3"' in file.read_text("utf-8")
    before = file.stat().st_mtime_ns
    let_excel_start_us(system)
    assert file.stat().st_mtime_ns == before
    let_excel_start_us(mac("/opt/python3", tmp_path))
    assert '"/opt/python3"' in file.read_text("utf-8")


def test_where_there_is_no_excel_nothing_is_written(tmp_path):
    """Linux."""
    system = System("linux", tmp_path, tmp_path, tmp_path, Path(sys.executable))
    assert start_file(system) is None
    assert let_excel_start_us(system) is None
    assert not list(tmp_path.iterdir())


def test_a_python_that_does_not_find_us_alone_is_refused(tmp_path):
    """Isolated, a Python without sheets-sync would start and fail at each press: that is told when it is set up."""
    bare = tmp_path / "bin" / "python3"
    bare.parent.mkdir()
    bare.write_text("#!/bin/sh\nexit 1\n")
    bare.chmod(0o755)
    with pytest.raises(UsageError, match="does not find sheets-sync"):
        let_excel_start_us(mac(str(bare), tmp_path))
    assert not (tmp_path / "Library").exists()


def test_without_a_console_window_where_there_is_such_a_python(monkeypatch):
    """pythonw.exe beside python.exe, else python.exe itself."""
    assert excel_python(windows(r"C:\venv\python.exe")).name == "pythonw.exe"
    monkeypatch.setattr(WindowsPath, "there", frozenset())
    assert excel_python(windows(r"C:\venv\python.exe")).name == "python.exe"
