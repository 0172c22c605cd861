"""The button and the scheduled job on one workbook: the same ids and flags, and a plan that moved to its .xlsm."""

import time_machine
from button.desk import MONDAY, Desk
from openpyxl import load_workbook

from sheets_sync.button.asked import Action
from sheets_sync.cli.main import run_command

OURS = ("ID", "Flag", "Next fix")


def shown(desk):
    return [desk.column(header) for header in OURS]


def in_file(desk):
    sheet = load_workbook(desk.folder / "P.xlsx")["Actions"]
    headers = [cell.value for cell in sheet[1]]
    return [[row[headers.index(name)].value for row in sheet.iter_rows(min_row=2)] for name in OURS]


def run(desk, *words):
    with time_machine.travel(MONDAY, tick=False):
        return run_command(["run", "--config", str(desk.folder), *words])


def test_the_job_leaves_what_a_saved_press_wrote(desk, capsys):
    """Pressed, saved, closed: the run finds ids, flags and fixes as it would have written them itself."""
    desk.press(Action.SYNC, "yes")
    desk.save()
    pressed = shown(desk)
    assert run(desk, "--yes") == 0, capsys.readouterr().err
    assert in_file(desk) == pressed


def test_a_press_finds_what_the_job_wrote_as_it_should_be(desk, capsys):
    """The other way round: after a run the button has nothing to write."""
    assert run(desk, "--yes") == 0, capsys.readouterr().err
    code, (told,) = Desk(desk.folder).press(Action.SYNC)
    assert code == 0
    assert "nothing was written" in told


def test_a_press_that_was_not_saved_never_happened(desk, capsys):
    """Pressed and closed without saving: the run does what it would have done, and gives other ids than the press."""
    desk.press(Action.SYNC, "yes")
    given = desk.column("ID")
    assert run(desk, "--yes") == 0, capsys.readouterr().err
    ids, flags, _ = in_file(desk)
    assert flags == desk.column("Flag")
    assert not set(ids) & set(given)


def test_the_plan_follows_its_button_into_the_xlsm(desk, capsys):
    """`excel button` moves the plan: a press in the .xlsm is the plan's own, one in the .xlsx says where it went."""
    words = ["excel", "button", str(desk.folder / "P.xlsx"), "--config", str(desk.folder), "--yes"]
    assert run_command(words) == 0, capsys.readouterr().err
    in_macro_file = Desk(desk.folder, name="P.xlsm")
    code, (question, _) = in_macro_file.press(Action.SYNC, "yes")
    assert code == 0
    assert "would add 3 columns" in question
    assert in_macro_file.column("Flag")[1] == "NO OWNER"
