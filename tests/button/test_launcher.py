"""The launcher as our macros start it: isolated, by the workbook's name alone, and nothing near a workbook runs."""

import gc
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlwings
from button.desk import MAIL, PLAN, UID, write_plan
from openpyxl import load_workbook
from xlwings_engine.engine import open_book

from sheets_sync.button.__main__ import SORRY, main
from sheets_sync.button.asked import NAME_VARIABLE, Action, Asked, NotAsked, read_asked
from sheets_sync.button.launch import launch
from sheets_sync.button.lean_xlwings import KEPT_OUT
from sheets_sync.button.open_book import NoOpenBook, called, survives
from sheets_sync.button.open_book import open_book as find_book
from sheets_sync.config.registry import register

TESTS = Path(__file__).parents[1]
HOSTILE = "a & calc %PATH%'.xlsx"
NAMES = (
    "Plan.xlsx",
    "Plan 2026 v2.xlsx",
    "Plan.v2.final.xlsx",
    "Plano de ação.xlsx",
    "a=b=c.xlsx",
    'it\'s "the" plan.xlsx',
    HOSTILE,
    "--hwnd=1.xlsx",
    " a blank in front.xlsx",
)


def started(folder: Path, home: Path, workbook: Path, *words: str, name: str = "") -> dict:
    """Run the launcher with `folder` as current folder; the module search path of the test is only what is installed
    and, with -I, nothing of the environment."""
    report = home / "report.json"
    variables = {
        "HOME": str(home),
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(folder),
        "PYTHONSTARTUP": str(folder / "sheets_sync.py"),
        NAME_VARIABLE: name or workbook.name,
    }
    command = [sys.executable, "-I", str(TESTS / "button" / "planted.py"), str(TESTS), str(workbook), str(report)]
    done = subprocess.run(
        [*command, *words], cwd=folder, env=variables, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not done.stdout
    return json.loads(report.read_text("utf-8"))


@pytest.fixture
def plant(home: Path):
    """A folder as an attacker would send it: everything beside the workbook leaves a trace when it is read or run."""
    folder = home / "inbox"
    folder.mkdir(mode=0o700)
    trace = home / "trace"
    run = f"open({str(trace)!r}, 'a').write(__file__)\n"
    workbook = folder / HOSTILE
    write_plan(workbook)
    book = load_workbook(workbook)
    sheet = book.create_sheet("xlwings.conf")
    for row in (("INTERPRETER_WIN", str(folder / "python.bat")), ("PYTHONPATH", str(folder)), ("SHOW CONSOLE", True)):
        sheet.append(row)
    book.save(workbook)
    (folder / "xlwings.conf").write_text(f'"PYTHONPATH","{folder}"\n"LICENSE_KEY","x"\n')
    for module in ("sheets_sync", "xlwings", "sitecustomize", "usercustomize", "click", workbook.stem):
        (folder / f"{module}.py").write_text(run)
    with zipfile.ZipFile(folder / f"{workbook.stem}.zip", "w") as archive:
        archive.writestr("__main__.py", run)
        archive.writestr("sheets_sync.py", run)
    for script in ("python.bat", "python", "pythonw"):
        (folder / script).write_text(f"#!/bin/sh\necho ran >> {trace}\n")
        (folder / script).chmod(0o755)
    return folder


def test_nothing_beside_a_workbook_is_read_or_run(plant, home):
    """A sheet and a file with xlwings' settings, modules with our names, an archive and a python.bat beside a workbook
    with a name for command lines: none is read, none runs, and the press is answered."""
    told = started(plant, home, plant / HOSTILE, "sync", "--hwnd=1049600", "--macro=1")
    assert told["code"] == 2, told["alerts"]
    assert "sheets-sync init PLAN.xlsx" in told["alerts"][0]
    assert not (home / "trace").exists()
    assert not [place for place in told["opened"] if place.startswith(str(plant))]
    assert not [name for name in told["modules"] if name in ("sitecustomize", "usercustomize")]
    assert told["variables"] == []


def test_a_plan_with_a_hostile_name_is_synced_all_the_same(plant, home, monkeypatch):
    """The same folder holds a real plan of this user: it is found by its file, flagged, and nothing else runs."""
    folder = home / "plans"
    folder.mkdir(mode=0o700)
    config = folder / "config.toml"
    config.write_text(PLAN.replace('"P.xlsx"', json.dumps(str(plant / HOSTILE))))
    config.chmod(0o600)
    monkeypatch.setenv("HOME", str(home))
    register(UID, folder)
    told = started(plant, home, plant / HOSTILE, "sync", "--macro=1")
    assert told["code"] == 0, told["alerts"]
    assert "2 of 3 actions need someone." in told["alerts"][-1]
    assert told["status_bar"] is False
    assert not (home / "trace").exists()


def test_no_library_of_tables_is_loaded(home):
    """After a press neither pandas nor numpy nor xlwings' PRO part is there, nor what draws on terminals and mails."""
    folder = home / "plans"
    folder.mkdir(mode=0o700)
    write_plan(folder / "P.xlsx")
    config = folder / "config.toml"
    config.write_text(PLAN + MAIL)
    config.chmod(0o600)
    register(UID, folder)
    told = started(folder, home, folder / "P.xlsx", "sync", "--macro=1")
    assert told["code"] == 0, told["alerts"]
    heavy = {*KEPT_OUT, "rich", "jinja2", "babel", "click", "gspread", "google", "holidays", "css_inline"}
    assert not [name for name in told["modules"] if any(f"{name}.".startswith(f"{kept}.") for kept in heavy)]


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_is_found_by_whatever_name(home, name):
    """Spaces, dots, accents, quotes, signs of command lines and "=": the open workbook of that name is meant."""
    write_plan(home / "other.xlsx")
    open_book(home / "other.xlsx")
    write_plan(home / name)
    wanted = open_book(home / name)
    asked = read_asked(["sync", "--hwnd=77", "--macro=1"], {NAME_VARIABLE: name})
    assert find_book(xlwings, asked) == wanted
    if survives(name):
        assert called(xlwings, asked) == wanted, "by the words that xlwings' own macro would have given"


def test_a_workbook_is_found_however_its_accents_are_put_together(home):
    """macOS writes an accent as a letter of its own."""
    write_plan(home / "ação.xlsx")
    wanted = open_book(home / "ação.xlsx")
    asked = Asked(Action.SYNC, "ac\u0327a\u0303o.xlsx")
    assert find_book(xlwings, asked) == wanted


def test_a_mock_caller_is_who_calls(home):
    """As xlwings' documentation has it for trying: `Book.set_mock_caller`."""
    write_plan(home / "P.xlsx")
    book = open_book(home / "P.xlsx")
    xlwings.Book(str(home / "P.xlsx")).set_mock_caller()
    assert find_book(xlwings, Asked(Action.SYNC, "anything")) == book


def test_a_file_that_is_not_open_is_not_opened(home, monkeypatch):
    """A name that no open workbook has is no path either."""
    write_plan(home / "P.xlsx")
    monkeypatch.chdir(home)
    open_book()
    with pytest.raises(NoOpenBook):
        find_book(xlwings, Asked(Action.SYNC, "P.xlsx"))
    assert launch(Asked(Action.SYNC, "P.xlsx")) == 1


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ([], "P.xlsx"),
        (["format-disk"], "P.xlsx"),
        (["sync", "--hwnd=1; rm"], "P.xlsx"),
        (["sync", "--wb=x"], "P.xlsx"),
        (["sync", "extra"], "P.xlsx"),
        (["sync"], ""),
    ],
)
def test_words_that_are_not_our_macros_are_refused(words, name):
    """The actions are a closed list, the options are numbers."""
    with pytest.raises(NotAsked):
        read_asked(words, {NAME_VARIABLE: name})


@pytest.mark.parametrize("name", ["", "P.xlsx"])
def test_whoever_types_it_by_hand_gets_a_sentence(home, monkeypatch, capsys, name):
    """Without Excel, or without a workbook: exit code 1 as for a macro, and one line that names no workbook."""
    monkeypatch.setattr("sys.argv", ["button", "check"])
    monkeypatch.setenv(NAME_VARIABLE, name)
    try:
        assert main() == 1
    finally:
        gc.enable()
    assert capsys.readouterr() == ("", f"{SORRY}\n")


def test_a_newer_macro_is_answered_with_what_to_do(desk):
    """The workbook may come from somebody with a newer sheets-sync."""
    asked = read_asked(["sync", "--macro=999"], {NAME_VARIABLE: "P.xlsx"})
    assert asked.too_new
    assert launch(asked, clock=desk.clock) == 2
    assert "Update sheets-sync" in desk.excel.alerts[-1]


@pytest.mark.parametrize("engine", ["xlwings._xlmac", "xlwings._xlwindows"])
def test_no_macro_of_a_workbook_runs_when_the_process_ends(engine):
    """On macOS xlwings would run a macro called CleanUp, on Windows end Excels without a window: not in our process."""
    script = f"""
import atexit, sys, types
from sheets_sync.button.lean_xlwings import lean_xlwings
engine = types.ModuleType({engine!r})
engine.cleanup = lambda: print("ran")
atexit.register(engine.cleanup)
sys.modules[{engine!r}] = engine
lean_xlwings()
"""
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
