"""The text of our macros, as modules for a macro project, and how ours are known among those of a workbook.

What the macros do is said at the head of each file. Putting them into a project is in `workbooks.vba`.
"""

from functools import cache
from importlib.resources import files

from sheets_sync.workbooks.vba.module import Module, ModuleKind, read_module

MACRO_VERSION = "1"
"""Grows with each change of what the macros ask of the program; also stands in each file."""

WORKBOOK_MODULE = "SheetsSync"
RIBBON_MODULE = "SheetsSyncRibbon"
MACRO = "SyncPlan"
"""The macro that a button in a workbook runs."""

APPLESCRIPT = "sheets-sync.applescript"

_HEAD = "'sheets-sync button, macro version "
_PLACE_OF_INTERPRETER = "@INTERPRETER@"


def workbook_modules() -> tuple[Module, ...]:
    """What a workbook gets: one module with the macro `SyncPlan`, on Ctrl+Shift+Y."""
    return (_module(WORKBOOK_MODULE),)


def addin_modules() -> tuple[Module, ...]:
    """What the add-in gets: the same module, and what the buttons of its ribbon tab do."""
    return (_module(WORKBOOK_MODULE), _module(RIBBON_MODULE))


def is_ours(module: Module) -> bool:
    """Whether the module is one of ours, of whatever version: by its name and its first line of comment."""
    names = {name.lower() for name in (WORKBOOK_MODULE, RIBBON_MODULE)}
    return module.name.lower() in names and any(line.startswith(_HEAD) for line in _lines(module.source))


def is_current(module: Module) -> bool:
    """Whether the module says, line by line, exactly what ours says today (HAZARDS 21).

    Case and blanks at the ends of lines do not count: Excel writes names as it likes.
    """
    return any(
        module.name.lower() == ours.name.lower() and _compared(module.source) == _compared(ours.source)
        for ours in addin_modules()
    )


def applescript(interpreter: str) -> str:
    """What Excel for Mac runs instead of a program, with the absolute path of the Python to start.

    Raises ValueError for a path that is not absolute or cannot stand in a script.
    """
    if not interpreter.startswith("/") or not interpreter.isprintable():
        raise ValueError("not the absolute path of a program")
    quoted = interpreter.replace("\\", "\\\\").replace('"', '\\"')
    return _packaged(APPLESCRIPT).replace(_PLACE_OF_INTERPRETER, quoted)


@cache
def _module(name: str) -> Module:
    return read_module(name, ModuleKind.STANDARD, _packaged(f"{name}.bas"))


def _packaged(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


def _compared(source: str) -> list[str]:
    lines = [line.rstrip().lower() for line in _lines(source)]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _lines(source: str) -> list[str]:
    return source.replace("\r\n", "\n").split("\n")
