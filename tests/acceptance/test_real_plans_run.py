"""Public plans, unmodified: set up, run, run again, undone. No crash, no human cell changed, a second run writes
nothing (DOMAIN section 7). Only a column map is given where the headers say too little."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from acceptance.sheet_cells import cells, column_of

CANADA = ("--map", "action=action_en", "--map", "due=deadline_text_en")
PLANS = {
    "fds2020_merged.xlsx": (),
    "canada_nap5.xlsx": CANADA,
    "canada_nap6.xlsx": CANADA,
    "rust_goals_actions.xlsx": (),
}


@pytest.fixture
def plan(request, shared: Path, private: Path) -> Path:
    """A copy of one real plan in the private folder."""
    target = private / request.param
    shutil.copyfile(shared / "data" / "xlsx" / request.param, target)
    return target


@pytest.mark.shared
@pytest.mark.parametrize("plan", PLANS, indirect=True)
def test_a_real_plan_goes_all_the_way_and_back(sheets_sync, plan):
    """init, run, run, undo on a plan as its team published it."""
    before, original = cells(plan), plan.read_bytes()
    sheets_sync("init", plan.name, "--country", "none", *PLANS[plan.name])
    assert plan.read_bytes() == original
    assert "not written yet" in sheets_sync("run", code=2).stdout
    assert plan.read_bytes() == original
    sheets_sync("run", "--yes")
    after = cells(plan)
    assert {place: after.get(place) for place in before} == before
    flagged, written = column_of(plan, "Actions", "Flag"), plan.read_bytes()
    assert flagged
    assert "nothing changed" in sheets_sync("run").stdout
    assert plan.read_bytes() == written
    sheets_sync("undo")
    assert plan.read_bytes() == original


@pytest.mark.shared
@pytest.mark.parametrize("plan", ["canada_nap6.xlsx"], indirect=True)
def test_an_ambiguous_plan_is_refused_with_the_words_to_add(sheets_sync, plan):
    """Three columns could be the action: init names the options and writes nothing."""
    refused = sheets_sync("init", plan.name, code=2)
    assert '--map action="action_en"' in refused.stderr
    assert not (plan.parent / "config.toml").exists()


@pytest.mark.shared
@pytest.mark.parametrize("plan", ["fds2020_merged.xlsx"], indirect=True)
def test_the_federal_data_strategy_as_of_its_status_day(sheets_sync, plan):
    """38 done, 28 partial, no pile-up of dates, unreadable dates found (DOMAIN section 7)."""
    told = json.loads(
        sheets_sync("check", plan.name, "--as-of", "2021-01-29", "--format", "json", "--all", code=1).stdout
    )
    codes = Counter(finding["code"] for finding in told)
    assert "DUE008" not in codes
    assert codes["DUE002"] + codes["DUE003"] >= 5
    assert codes["OWN002"] + codes["OWN003"] >= 10
    exported = json.loads(sheets_sync("export", plan.name, "--as-of", "2021-01-29", "--format", "json").stdout)
    assert Counter(row["status"] for row in exported) == {"complete": 38, "partial-complete": 28}
