"""Excel with a home folder of the test's own, and a plan that is installed there."""

import pytest
import xlwings
from button.desk import MAIL, PLAN, UID, Desk, write_plan
from xlwings_engine.engine import ENGINE

from sheets_sync.config.registry import register
from sheets_sync.run.log import start_log


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder of the test's own, and an Excel without workbooks."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(folder))
    for name in ("XDG_STATE_HOME", "LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    yield folder
    ENGINE.apps.cleanup()
    start_log(log_format="text", quiet=False, verbose=False)
    if "_mock_caller" in vars(xlwings.Book):
        del xlwings.Book._mock_caller


@pytest.fixture
def desk(home):
    """The plan is installed and its workbook open, never written."""
    folder = home / "plans"
    folder.mkdir(mode=0o700)
    write_plan(folder / "P.xlsx")
    config = folder / "config.toml"
    config.write_text(PLAN + MAIL)
    config.chmod(0o600)
    register(UID, folder)
    return Desk(folder)
