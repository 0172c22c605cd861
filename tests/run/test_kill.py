"""Kill -9 at every step of a run: the next run makes sheet and history what an unkilled twin has (HAZARDS 11)."""

import datetime as dt
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from run.file_stage import FILE_STEPS, STORE_STEPS, UID, content, make_plan, noted, remembered, run, site

from sheets_sync.run.undo import undo
from sheets_sync.store.store import Store

FIRST = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
SECOND = FIRST + dt.timedelta(days=1)
SCRIPT = Path(__file__).with_name("file_stage.py")


def killed_run(folder: Path, instant: dt.datetime, step: str) -> None:
    """Run in a process of its own that dies at `step`."""
    words = [sys.executable, str(SCRIPT), str(folder), step, instant.isoformat()]
    ended = subprocess.run(words, env={"PYTHONPATH": ":".join(sys.path)}, check=False)
    assert ended.returncode == 9, "the run did not reach the step"


@pytest.fixture(scope="module")
def adopted(tmp_path_factory) -> Path:
    """A plan after its first run, and after a person's edits."""
    folder = tmp_path_factory.mktemp("adopted")
    make_plan(folder / "plan.xlsx")
    run(folder, FIRST)
    book = load_workbook(folder / "plan.xlsx")
    sheet = book["Actions"]
    sheet["B2"] = "Jo Chen"
    sheet["D4"] = "Done"
    sheet.append(("Measure the noise at the stations", "Rui Costa", dt.date(2026, 12, 1), "Open"))
    book.save(folder / "plan.xlsx")
    return folder


@pytest.mark.parametrize("step", [*STORE_STEPS, *FILE_STEPS])
def test_a_first_run_killed_anywhere_ends_as_if_it_never_was(tmp_path, step):
    """Sheet and history are those of an unkilled twin; no id is given twice."""
    twin, killed = tmp_path / "twin", tmp_path / "killed"
    for folder in (twin, killed):
        folder.mkdir(mode=0o700)
    make_plan(twin / "plan.xlsx")
    shutil.copy2(twin / "plan.xlsx", killed / "plan.xlsx")
    run(twin, FIRST)
    killed_run(killed, FIRST, step)
    run(killed, FIRST)
    assert content(killed) == content(twin)
    assert remembered(killed) == remembered(twin)
    assert noted(killed) == noted(twin) != []


@pytest.mark.parametrize("step", [*STORE_STEPS, *FILE_STEPS])
def test_a_later_run_killed_anywhere_ends_as_if_it_never_was(tmp_path, adopted, step):
    """Edits, new rows and dates seen by the killed run are recorded with its own day."""
    twin, killed = tmp_path / "twin", tmp_path / "killed"
    shutil.copytree(adopted, twin)
    shutil.copytree(adopted, killed)
    run(twin, SECOND)
    killed_run(killed, SECOND, step)
    run(killed, SECOND)
    assert content(killed) == content(twin)
    assert remembered(killed) == remembered(twin)
    assert noted(killed) == noted(twin) != []


def test_a_killed_run_that_had_written_can_be_undone_byte_for_byte(tmp_path):
    """The backup made before the kill is found again."""
    make_plan(tmp_path / "plan.xlsx")
    before = (tmp_path / "plan.xlsx").read_bytes()
    killed_run(tmp_path, FIRST, "verified")
    stage = site(tmp_path, FIRST + dt.timedelta(hours=1))
    undo(stage, restore=stage.workbook.restore)
    stage.store.close()
    assert (tmp_path / "plan.xlsx").read_bytes() == before
    store = Store.open(tmp_path / "state")
    assert store.state(UID).paused
    store.close()
