"""What `excel addin` does: makes sheets-sync.xlam, lets Excel start us, and says how to install it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sheets_sync.cli.console import clean, console
from sheets_sync.config.files import make_private_folder, replace_bytes
from sheets_sync.errors import UsageError
from sheets_sync.run.excel_setup import (
    MAC,
    WINDOWS,
    System,
    addin_folder,
    excel_python,
    let_excel_start_us,
    this_system,
)
from sheets_sync.words.button_words import button_words
from sheets_sync.workbooks.macros.addin import FILE_NAME, addin_bytes


def make_addin(folder: Path | None, *, language: str) -> int:
    """Make the add-in in `folder`, or where this system's Excel offers add-ins. Raises UsageError."""
    system, out = this_system(), console()
    file = (folder or addin_folder(system)).absolute() / FILE_NAME
    start = let_excel_start_us(system)
    content = addin_bytes(language)
    is_new = _written(file, content)
    out.say(clean(f"{'Made' if is_new else 'Already there'}: {file}"))
    out.say(f"SHA-256 {hashlib.sha256(content).hexdigest()}")
    if start is not None:
        out.say(clean(f"Excel starts {excel_python(system)}, as {start} says"))
    out.say()
    for line in _steps(system, file, button_words(language).ribbon["tab"].name):
        out.say(clean(line))
    return 0


def _written(file: Path, content: bytes) -> bool:
    """Write the file unless it holds that already; whether it was written. Raises UsageError."""
    try:
        if file.is_file() and file.read_bytes() == content:
            return False
        make_private_folder(file.parent)
        replace_bytes(file, content)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written: {error.strerror}", "close Excel if the add-in is in use, or name --folder"
        ) from None
    return True


def _steps(system: System, file: Path, tab: str) -> Iterator[str]:
    if system.platform == WINDOWS:
        yield "Install it once in Excel:"
        yield "  1  File > Options > Add-ins > Manage: Excel Add-ins > Go"
        yield f"  2  Browse, choose {file}, OK"
    elif system.platform == MAC:
        yield "Install it once in Excel:"
        yield "  1  Tools > Excel Add-ins > Browse"
        yield f"  2  choose {file}, OK; if Excel asks whether Python may control it, allow that"
    else:
        yield "No Excel runs on this system. On the computer with Excel, install sheets-sync and run there:"
        yield "  sheets-sync excel addin"
        yield "which also tells Excel which Python to start. The file made here is the same one, byte for byte."
        return
    yield f"  3  the ribbon has a tab {tab}; it acts on the workbook in front of you, which needs no macro of its own"
    yield "If a button does nothing: sheets-sync excel doctor"
