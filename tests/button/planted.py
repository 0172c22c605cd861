"""The real launcher in a process of its own, with an Excel of the test engine in which one workbook is open.

    python -I planted.py TESTS WORKBOOK REPORT ACTION [--hwnd=...] ...

Excel lives outside of Python; here it has to live in the same process, so it is switched on before the launcher runs.
The report is JSON: the exit code, the messages, and which modules were loaded.
"""

import builtins
import json
import os
import runpy
import sys
from pathlib import Path


def main() -> None:
    tests, workbook, report, *words = sys.argv[1:]
    sys.path.append(tests)
    from sheets_sync.button.lean_xlwings import lean_xlwings

    lean_xlwings()
    before = set(sys.modules)
    from xlwings_engine.engine import open_book

    book = open_book(Path(workbook))
    engines_own = {name for name in set(sys.modules) - before if name.startswith(("numpy", "pandas"))}
    book.app.impl.answers = ["yes"] * 9
    opened: list[str] = []
    sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event in ("open", "import") else None)
    sys.argv = ["button", *words]
    code = 0
    try:
        runpy.run_module("sheets_sync.button", run_name="__main__")
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    told = {
        "code": code,
        "alerts": book.app.impl.alerts,
        "modules": sorted(name for name in sys.modules if name not in engines_own),
        "opened": opened,
        "variables": [name for name in os.environ if name.startswith("SHEETS_SYNC")],
        "status_bar": book.app.status_bar,
    }
    with builtins.open(report, "w", encoding="utf-8") as out:  # noqa: PTH123
        json.dump(told, out)


main()
