"""What keeps the code base small and the promises in its documents true."""

import ast
import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.large_plan import retype
from run.file_stage import make_plan, run

from sheets_sync.cli.main import MODULES

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "sheets_sync").rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION = 300, 60
"""A function of more than 40 lines is looked at in review; 60 is where it stops."""
HEAVY = ("pandas", "numpy", "rich", "jinja2", "openpyxl", "xlwings", "alembic", "gspread", "google", "holidays")
NOT_FOR_A_RUN = (
    *HEAVY,
    *("babel", "css_inline", "filelock", "pydantic", "rapidfuzz", "requests", "smtplib"),
    *("sqlalchemy.orm", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.mysql"),
    *("sheets_sync.notify", "sheets_sync.run.mailing", "sheets_sync.run.notices", "sheets_sync.run.google_sheets"),
    *("sheets_sync.workbooks.google_sheet", "sheets_sync.workbooks.ooxml.writer", "sheets_sync.workbooks.soundness"),
    *("sheets_sync.config.mistakes", "sheets_sync.cli.mailing", "sheets_sync.cli.demonstrating"),
)
"""What `sheets-sync run` must do without on a changed workbook with nothing to write and nobody to mail."""


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


def test_the_command_run_loads_only_what_nothing_to_write_needs(tmp_path):
    """`sheets-sync run` after a person typed another owner imports what reads, judges and remembers, looks for no
    plug-ins, and lets the garbage collector rest."""
    environment = {"PYTHONPATH": ":".join(path for path in sys.path if path), "HOME": str(tmp_path)}

    def program(text: str, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", text, *words], cwd=tmp_path, capture_output=True, text=True, env=environment
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    tmp_path.chmod(0o700)
    make_plan(tmp_path / "plan.xlsx")
    program(COMMAND, "init", "plan.xlsx", "--timezone", "UTC")
    program(COMMAND, "run", "--yes")
    retype(tmp_path / "plan.xlsx", every=3, column="B", text="Lena Costa")
    told = program(WATCHED_COMMAND, ",".join(NOT_FOR_A_RUN), "run")
    assert "everything stands as it should" in told
    assert told.splitlines()[-1] == "loaded [] looks for plug-ins 0 collections 0"


COMMAND = "from sheets_sync.cli.main import main; main()"
WATCHED_COMMAND = """
import atexit, gc, sys
from importlib import metadata
from sheets_sync.cli.main import main

looks = []
listed = metadata.distributions
metadata.distributions = lambda **chosen: looks.append(chosen) or listed(**chosen)
unwanted = sys.argv.pop(1).split(",")
collections = []
gc.callbacks.append(lambda phase, info: collections.append(info) if phase == "start" else None)

def tell():
    found = [name for name in unwanted if name in sys.modules]
    print("loaded", found, "looks for plug-ins", len(looks), "collections", len(collections))

atexit.register(tell)
main()
"""
INSTANT = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
LIGHT_RUN = """
import datetime as dt, sys
from pathlib import Path
from sheets_sync.core.settings import PlanSettings
from sheets_sync.run.site import LogKeeping, Options, Site
from sheets_sync.run.sync import sync
from sheets_sync.store.store import Store
from sheets_sync.workbooks.excel_file import ExcelFile

class Clock:
    def now(self): return dt.datetime(2026, 11, 16, 10, tzinfo=dt.UTC)
    def monotonic(self): return 0.0

folder = Path(sys.argv[1])
workbook, store = ExcelFile(folder / "plan.xlsx", backups=folder / "backups"), Store.open(folder / "state")
log = LogKeeping(lambda: True)
site = Site(PlanSettings("plan-uid", tabs=("Actions",)), workbook, store, Clock(), "other", log=log)
assert sync(site, Options()).ended == "nothing"
print([name for name in sys.argv[2:] if name in sys.modules])
"""
