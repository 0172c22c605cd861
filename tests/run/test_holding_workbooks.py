"""A run holds the workbook it works on, by whatever plan and configuration it got there (HAZARDS 31)."""

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import Workbook
from run.stage import SetClock

from sheets_sync.config.load import load_config
from sheets_sync.core.google import GoogleAddress
from sheets_sync.errors import HeldElsewhere
from sheets_sync.run.site import holding
from sheets_sync.run.wiring import place_name, site
from sheets_sync.store.store import Store


def configured(folder: Path, uid: str, workbook: Path, tab: str):
    """A configuration with one plan."""
    folder.mkdir(mode=0o700)
    text = f'[[plan]]\nuid = "{uid}"\ntimezone = "UTC"\nworkbook = "{workbook}"\ntabs = ["{tab}"]\n'
    (folder / "config.toml").write_text(text)
    (folder / "config.toml").chmod(0o600)
    config = load_config(folder)
    return config, config.plans[0]


def test_two_plans_of_one_workbook_are_not_run_at_once(tmp_path):
    """Two configurations that share a store reach it by two paths: while one works on it, the other has to wait."""
    (tmp_path / "real").mkdir()
    Workbook().save(tmp_path / "real" / "A.xlsx")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    store = Store.open(tmp_path / "state")
    clock = SetClock(dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC))
    one = site(*configured(tmp_path / "one", "p-aaaaaa", tmp_path / "real" / "A.xlsx", "X"), store, clock=clock)
    two = site(*configured(tmp_path / "two", "p-bbbbbb", tmp_path / "link" / "A.xlsx", "Y"), store, clock=clock)
    with holding(one), pytest.raises(HeldElsewhere, match="workbook"), holding(two):
        pass
    with holding(two):
        pass
    store.close()


def test_a_google_sheet_goes_by_its_id():
    """However its address is written."""
    assert place_name(GoogleAddress("abc")) == "sheet abc"
