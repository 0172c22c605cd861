"""What keeps the code base small and the promises in its documents true."""

import ast
import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from run.file_stage import make_plan, run

from sheets_sync.cli.main import MODULES

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "sheets_sync").rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION = 300, 60
"""A function of more than 40 lines is looked at in review; 60 is where it stops."""
HEAVY = ("pandas", "numpy", "rich", "jinja2", "openpyxl", "xlwings", "alembic", "gspread", "google", "holidays")


def test_modules_and_functions_stay_small():
    """A module has at most 300 lines, a function at most 60 (we aim at 40)."""
    too_long = []
    for path in SOURCES:
        text = path.read_text("utf-8")
        if text.count("\n") > LONGEST_MODULE:
            too_long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= LONGEST_FUNCTION:
                too_long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not too_long


@pytest.mark.parametrize("word", ["utils", "helpers", "manager", "handler"])
def test_no_module_has_a_name_that_says_nothing(word):
    """Names explain themselves."""
    assert not [path for path in SOURCES if word in path.stem]


def test_every_module_says_what_is_in_it():
    """The first thing in a module is its docstring."""
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.stat().st_size and ast.get_docstring(ast.parse(path.read_text("utf-8"))) is None
    ]
    assert not silent


def test_the_readme_names_every_command():
    """A command that is not in the README does not exist for its readers."""
    readme = (ROOT / "README.md").read_text("utf-8")
    assert not [name for name in MODULES if f"`{name}" not in readme]


def test_a_run_without_anything_new_loads_nothing_heavy(tmp_path):
    """Tables, pictures, mails and other people's workbook libraries stay out of the fast path."""
    make_plan(tmp_path / "plan.xlsx")
    run(tmp_path, INSTANT)
    environment = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    words = [sys.executable, "-c", LIGHT_RUN, str(tmp_path), *HEAVY]
    done = subprocess.run(words, capture_output=True, text=True, env=environment)
    assert done.stdout.strip() == "[]", done.stderr


INSTANT = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
LIGHT_RUN = """
import datetime as dt, sys
from pathlib import Path
from sheets_sync.core.settings import PlanSettings
from sheets_sync.run.site import Options, Site
from sheets_sync.run.sync import sync
from sheets_sync.store.store import Store
from sheets_sync.workbooks.excel_file import ExcelFile

class Clock:
    def now(self): return dt.datetime(2026, 11, 16, 10, tzinfo=dt.UTC)
    def monotonic(self): return 0.0

folder = Path(sys.argv[1])
workbook, store = ExcelFile(folder / "plan.xlsx", backups=folder / "backups"), Store.open(folder / "state")
site = Site(PlanSettings("plan-uid", tabs=("Actions",)), workbook, store, Clock(), "other")
assert sync(site, Options()).ended == "nothing"
print([name for name in sys.argv[2:] if name in sys.modules])
"""
