"""xlwings without the libraries of tables and pictures it would load because they happen to be installed.

Without pandas and numpy it starts five times as fast. Its PRO part, which is under another licence and reads settings
of its own, is kept out too. Only for a process that we start; where xlwings is there already it stays as it is.
"""

import atexit
import importlib
import sys
from types import ModuleType

KEPT_OUT = ("pandas", "numpy", "polars", "matplotlib", "plotly", "PIL", "xlwings.pro")
ENGINES = ("xlwings._xlmac", "xlwings._xlwindows")


def lean_xlwings() -> ModuleType:
    """Import xlwings; afterwards the libraries can be imported again by whoever needs them."""
    blocked = [name for name in KEPT_OUT if name not in sys.modules]
    for name in blocked:
        sys.modules[name] = None  # type: ignore[assignment]  # which makes an import of it fail
    try:
        found = importlib.import_module("xlwings")
    finally:
        for name in blocked:
            sys.modules.pop(name, None)
    _leave_excel_alone()
    return found


def _leave_excel_alone() -> None:
    """When a process ends, xlwings runs the macro `CleanUp` of whatever workbook has one (macOS), or kills every Excel
    that shows no workbook, such as one that only shows a question (Windows). Neither is ours to do, and a workbook's
    macro is somebody else's code (HAZARDS 19)."""
    for name in ENGINES:
        cleanup = getattr(sys.modules.get(name), "cleanup", None)
        if cleanup is not None:
            atexit.unregister(cleanup)
