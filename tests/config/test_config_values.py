"""The hash of a plan's configuration: the same for the same settings, another for any that differ."""

import dataclasses
import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from sheets_sync.config.values import Limits, PlanConfig, plan_config
from sheets_sync.core.model import Field, Severity, Status
from sheets_sync.core.settings import CalendarSettings, PlanSettings, RuleChoice

SETTINGS = PlanSettings(
    uid="p-0123456789ab",
    calendar=CalendarSettings(holidays=frozenset({dt.date(2026, 12, day) for day in range(1, 20)})),
    rules=(RuleChoice("ACT002", parameters=(("min_words", 4.0),)),),
)

OTHERWISE = {
    "uid": "p-other0",
    "name": "another",
    "language": "pt",
    "timezone": "Europe/Lisbon",
    "tabs": ("Actions",),
    "header_row": 4,
    "column_map": ((Field.ACTION, "What"),),
    "status_map": (("Feito", Status.DONE),),
    "date_order": "dmy",
    "struck": "done",
    "id_prefix": "B",
    "calendar": CalendarSettings(holidays=frozenset({dt.date(2026, 12, 1)})),
    "rules": (RuleChoice("ACT002", Severity.E, parameters=(("min_words", 4.0),)),),
    "hints": True,
    "highlight": "row",
    "drop_downs": True,
    "stale_days": 11,
    "verify_after": 21,
    "baseline_grace": 3,
    "typing_grace_minutes": 61,
    "people": ("Ana Silva",),
}


def hashed(settings: PlanSettings = SETTINGS, workbook: str = "/x/P.xlsx", *, sole_writer: bool = False) -> str:
    """The hash of these settings with default limits."""
    return plan_config(settings, Path(workbook), sole_writer=sole_writer, limits=Limits()).config_hash


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(PlanSettings)])
def test_every_setting_counts(name: str) -> None:
    """Whichever setting changes, the hash changes: a run must not be skipped for a sheet judged by other settings."""
    assert hashed(dataclasses.replace(SETTINGS, **{name: OTHERWISE[name]})) != hashed()


def test_what_is_not_a_setting_of_the_core_counts_too() -> None:
    """The workbook's place, the promise about its folder and the limits decide what may be written."""
    limits = [dataclasses.replace(Limits(), **{field.name: 11}) for field in dataclasses.fields(Limits)]
    hashes = {hashed(), hashed(workbook="/y/P.xlsx"), hashed(sole_writer=True)} | {
        plan_config(SETTINGS, Path("/x/P.xlsx"), sole_writer=False, limits=limit).config_hash for limit in limits
    }
    assert len(hashes) == 3 + len(limits)


def test_the_hash_is_the_same_in_every_process() -> None:
    """Sets have another order in every process; the hash has not."""
    program = "import sys; sys.path.insert(0, sys.argv[1]); import test_config_values as t; print(t.hashed())"
    folder = str(Path(__file__).parent)
    hashes = {
        subprocess.run(
            [sys.executable, "-c", program, folder],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert hashes == {hashed()}


def test_a_hash_tells_text_from_number() -> None:
    """Values that print alike but differ do not share a hash."""
    assert hashed(dataclasses.replace(SETTINGS, tabs=("1", "2"))) != hashed(
        dataclasses.replace(SETTINGS, tabs=("1, 2",))
    )


def test_the_plan_keeps_what_it_was_given() -> None:
    """The settings are carried through unchanged."""
    plan = plan_config(SETTINGS, Path("/x/P.xlsx"), sole_writer=True, limits=Limits(max_parts=11))
    assert plan == PlanConfig(SETTINGS, Path("/x/P.xlsx"), True, Limits(max_parts=11), plan.config_hash)
    assert len(plan.config_hash) == 64
