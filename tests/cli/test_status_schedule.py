"""What status says of the next run: only what something will really begin."""

import datetime as dt
import json
import socket
from pathlib import Path

import pytest
from cli.test_schedule_commands import Place, made, place
from run.due_stage import HALF_HOURLY

from sheets_sync.config.load import load_config
from sheets_sync.run.standing import standing
from sheets_sync.run.wiring import open_store

__all__ = ["made", "place"]
"""Fixtures of a private folder with a plan, and a computer whose crontab is a file."""

NONE = "next run: none, no schedule on this computer calls it: sheets-sync schedule install"
NOW = dt.datetime.now(dt.UTC)
HOUR = dt.timedelta(hours=1)


def told(place: Place) -> tuple[str, bool, str | None]:
    """The line on the next run, and what JSON says: whether anything is scheduled, and when the next run is."""
    lines = place.run("status").stdout.splitlines()
    found = json.loads(place.run("status", "--format", "json").stdout)
    line = next(line.strip() for line in lines if "next run" in line)
    return line, found["jobs"]["scheduled"], found["plans"][0]["next_run"]


def ticked(place: Place, host: str, *ago: dt.timedelta) -> None:
    """A computer looked what is due so long ago."""
    store = open_store(load_config(place.folder))
    for one in ago:
        store.sightings.note_tick(host, NOW - one)
    store.close()


@pytest.fixture
def known(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A plan with a store, found by this process too."""
    (place.folder / "jobs" / "sync.toml").write_text(HALF_HOURLY)
    monkeypatch.setenv("HOME", str(place.folder.parent))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    assert place.run("run", "--due").returncode == 0
    return place


def test_without_a_schedule_there_is_no_next_run(known: Place) -> None:
    """Neither before it is installed nor after it was removed; what a person began by hand is no schedule."""
    assert told(known) == (NONE, False, None)
    known.run("schedule", "install")
    line, scheduled, at = told(known)
    assert (line.startswith("next run "), scheduled, at is not None) == (True, True, True)
    ticked(known, socket.gethostname(), 3 * HOUR, 0 * HOUR)
    known.run("schedule", "remove")
    assert told(known) == (NONE, False, None)


@pytest.mark.parametrize(
    ("host", "ago", "scheduled"),
    [
        ("another", (24 * HOUR,), True),
        ("another", (26 * HOUR,), False),
        ("", (3 * HOUR, HOUR), True),
        ("", (HOUR,), False),
        ("", (30 * HOUR, 27 * HOUR), False),
    ],
)
def test_ticks_that_were_seen_lately_count(
    known: Place, host: str, ago: tuple[dt.timedelta, ...], *, scheduled: bool
) -> None:
    """Those of another computer, and of this one more than once: whatever ticks here may be no entry of ours."""
    store = open_store(load_config(known.folder))
    store.sightings.forget_ticks(socket.gethostname())
    store.close()
    ticked(known, host or socket.gethostname(), *ago)
    assert told(known)[1] is scheduled


def test_an_entry_that_is_switched_off_is_none(known: Place) -> None:
    """A line of the crontab that somebody put a sign before calls nothing."""
    known.run("schedule", "install")
    known.crontab.write_text(known.crontab.read_text("utf-8").replace("*/5", "#*/5"), "utf-8")
    assert told(known) == (NONE, False, None)


def test_it_is_not_asked_what_is_installed_where_ticks_were_seen(known: Place) -> None:
    """A monitor may ask every minute: no program is started then."""
    ticked(known, "another", HOUR)
    asked: list[Path] = []
    found = standing(load_config(known.folder), now=NOW, is_installed=lambda one: bool(asked.append(one.file)))
    assert (found.scheduled, asked) == (True, [])


def test_a_paused_plan_has_no_next_run(known: Place) -> None:
    """Its end is told instead."""
    known.run("schedule", "install")
    until = NOW.date() + dt.timedelta(days=20)
    known.run("pause", "--until", str(until))
    line, scheduled, at = told(known)
    assert (line, scheduled, at) == (
        f"next run: paused until {until}; until then runs only look whether it goes on",
        True,
        None,
    )
