"""Recorded replies of the real API are the measure: what the server answers must equal them, times aside."""

import subprocess
import sys
from pathlib import Path

import pytest
from sheets_server.recordings import Interaction, Recording, recordings
from sheets_server.replay import first_difference, replay, replay_folder

BUNDLED = Path(__file__).parents[1] / "sheets_server" / "recordings"
ROOT = Path(__file__).parents[2]


def test_bundled_recordings_are_answered_exactly():
    """Every reply of the recordings that come with the project is exact."""
    outcome = replay_folder(BUNDLED)
    assert not outcome.differences
    assert not outcome.violations
    assert outcome.counted > 100


@pytest.mark.shared
def test_all_recordings_are_answered_exactly(shared):
    """A ratchet: all 1,130 recorded interactions are exact, and none is left out of the count."""
    outcome = replay_folder(shared / "google-recordings")
    print(outcome, *outcome.differences[:10], sep="\n")
    assert (outcome.exact, outcome.counted, outcome.elsewhere) == (1130, 1130, 0)


def test_a_doctored_recording_is_noticed():
    """A reply nobody would give is a difference, told with its place, and is seen not to fit Google's own schema."""
    wanted = next(iter(recordings(BUNDLED)))
    doctored = [one._replace(reply=_other_title(one)) for one in wanted.interactions]
    outcome = replay([Recording("doctored", tuple(doctored))])
    assert outcome.exact < outcome.counted
    assert "properties.title" in outcome.differences[0]
    assert "unknown field spoken" in outcome.violations[0]


def _other_title(one: Interaction):
    if isinstance(one.reply, dict) and "properties" in one.reply:
        return one.reply | {"properties": one.reply["properties"] | {"title": "another", "spoken": 1}}
    return one.reply


@pytest.mark.parametrize(
    ("wanted", "given", "place"),
    [
        ({"a": 1}, {"a": 1}, ""),
        ({"a": 1}, {"a": True}, ".a"),
        ({"a": [1, 2]}, {"a": [1]}, ".a"),
        ({"a": 1}, {}, ".a"),
        ({}, {"a": 1}, ".a"),
        ({"modifiedTime": "x"}, {"modifiedTime": "y"}, ""),
    ],
)
def test_replies_are_compared_deeply(wanted, given, place):
    """Missing, additional and different values are told; times are not compared."""
    assert first_difference(wanted, given).partition(":")[0] == place


def test_the_command_line_tells_the_count():
    """`replay FOLDER` prints how many replies were exact."""
    words = [sys.executable, "-m", "tests.sheets_server", "replay", str(BUNDLED)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.startswith("exact ")
    assert done.returncode == 0


MADE = {"kind": "drive#file", "id": "made", "name": "x", "mimeType": "application/vnd.google-apps.spreadsheet"}
SHEETS = "https://sheets.googleapis.com/v4/spreadsheets"


def played(*interactions):
    """The outcome of one recording of (method, address, status, reply)."""
    made = [Interaction(http, url, b"{}", "", status, reply) for http, url, status, reply in interactions]
    return replay([Recording("one", tuple(made))])


@pytest.mark.parametrize(
    ("interaction", "counted", "exact"),
    [
        (("POST", "https://www.googleapis.com/drive/v3/files", 200, MADE | {"name": "Untitled"}), 1, 1),
        (("GET", f"{SHEETS}/elsewhere/values/A1", 200, {"range": "Sheet1!A1"}), 0, 0),
        (("GET", f"{SHEETS}/private", 403, {"error": {}}), 1, 0),
        (("GET", f"{SHEETS}/x", 429, {"error": {}}), 0, 0),
        (("POST", "https://oauth2.googleapis.com/token", 200, {"access_token": "x"}), 0, 0),
        (("GET", "https://www.googleapis.com/drive/v3/files", 200, {"files": [{"id": "another"}]}), 0, 0),
        (("PATCH", f"{SHEETS}/x", 200, {}), 1, 0),
    ],
)
def test_only_what_depends_on_the_recording_alone_counts(interaction, counted, exact):
    """Other files, other hosts and refusals for load are played, not counted; an unknown method counts as a miss."""
    outcome = played(interaction)
    assert (outcome.counted, outcome.exact) == (counted, exact)


def test_a_spreadsheet_made_elsewhere_is_rebuilt():
    """The first reply that tells of it gives its tabs, so that what follows can be played too."""
    told = {
        "spreadsheetId": "elsewhere",
        "properties": {"title": "Old", "locale": "pt_PT", "timeZone": "Europe/Lisbon"},
        "sheets": [{"properties": {"sheetId": 7, "title": "Tab", "gridProperties": {"rowCount": 3, "columnCount": 2}}}],
    }
    fields = "?fields=properties(title,locale),sheets.properties(sheetId,title)"
    short = {
        "properties": {"title": "Old", "locale": "pt_PT"},
        "sheets": [{"properties": {"sheetId": 7, "title": "Tab"}}],
    }
    empty = {"range": "Tab!A1:B3", "majorDimension": "ROWS"}
    outcome = played(
        ("GET", f"{SHEETS}/elsewhere", 200, told),
        ("GET", f"{SHEETS}/elsewhere{fields}", 200, short),
        ("GET", f"{SHEETS}/elsewhere/values/Tab", 200, empty),
    )
    assert (outcome.counted, outcome.elsewhere, outcome.elsewhere_exact) == (0, 3, 2)
