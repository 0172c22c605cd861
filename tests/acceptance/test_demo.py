"""The README's first command: the demo tells its story and leaves a flagged workbook worth opening."""

from acceptance.sheet_cells import cells, column_of

WORKBOOK = "Plant improvement plan.xlsx"
EVERY_FLAG = (
    "FIX ROW", "CANCELLED", "VERIFIED", "NOT EFFECTIVE", "VERIFY", "DONE", "DONE LATE", "NO OWNER", "NO DATE",
    "OVERDUE", "BLOCKED", "ON HOLD", "DUE TODAY", "AT RISK", "STALE", "LATE START", "DUE SOON", "ON TRACK", "PLANNED",
    "PROPOSED",
)  # fmt: skip


def test_the_demo_shows_every_flag_and_says_what_to_do_next(sheets_sync, private):
    """Counts by flag, worst findings, what was written, the path of the workbook, the next step."""
    told = sheets_sync("demo", "--folder", "demo").stdout
    shown = {str(text).partition(" since")[0].partition(":")[0] for text in
             column_of(private / "demo" / WORKBOOK, "Actions", "Flag").values()}  # fmt: skip
    assert shown == set(EVERY_FLAG)
    for words in (*EVERY_FLAG, "Worst findings", "cells written", str(private / "demo" / WORKBOOK), "init"):
        assert words in told


def test_a_run_on_the_demo_changes_no_cell_that_people_typed(sheets_sync, private):
    """Undo gives the workbook of the week's people, byte for byte; only our columns differ from it."""
    sheets_sync("demo", "--folder", "demo")
    workbook = private / "demo" / WORKBOOK
    after = cells(workbook)
    sheets_sync("undo", "--config", "demo")
    before = cells(workbook)
    differing = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
    assert differing
    assert {place[1].rstrip("0123456789") for place in differing} <= {"Q", "R", "S"}
    assert {place[0] for place in differing} == {"Actions"}


def test_a_second_demo_takes_its_own_folder(sheets_sync, private):
    """Nothing of an earlier demo is touched; a named folder that exists is refused."""
    sheets_sync("demo")
    sheets_sync("demo")
    assert sorted(place.name for place in private.iterdir()) == ["sheets-sync-demo", "sheets-sync-demo-2"]
    assert "name a new folder" in sheets_sync("demo", "--folder", "sheets-sync-demo", code=2).stderr
