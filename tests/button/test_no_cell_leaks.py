"""Whatever goes wrong, no text of a cell, no name, address or secret gets into a log, a message of an error, or what is
kept (HAZARDS 26). Each cell and each private value of the configuration holds one word that must not turn up."""

import datetime as dt

import pytest
from button.desk import PLAN, UID, Desk
from openpyxl import Workbook

from sheets_sync.button.asked import Action, Asked
from sheets_sync.button.kept_result import button_folder
from sheets_sync.button.launch import launch
from sheets_sync.config.registry import register
from sheets_sync.workbooks.ooxml.traces import CARD_NAMES

SECRET = "Quetzalcoatl"
ROWS = (
    ("Action", "Owner", "Due", "Status", "Notes"),
    (f"Repair the {SECRET} press", f"{SECRET} Lima", dt.date(2026, 11, 17), "Open", SECRET),
    (f"Paint the {SECRET} fence", "", f"31/02/2026 {SECRET}", SECRET, SECRET),
    (f"Order {SECRET} gloves and check stock and call Ana", f"{SECRET} and Rui", "=1/0", "Done", f"={SECRET}"),
)
MAIL = (
    f'[mail]\nkeeper = "{SECRET} Keeper"\nallowed_domains = ["plan.test"]\n'
    f'[people."{SECRET} Lima"]\naddress = "{SECRET}@plan.test"\n[people."{SECRET} Keeper"]\naddress = "k@plan.test"\n'
)


@pytest.fixture
def desk(home):
    """The plan is installed; the secret stands everywhere."""
    folder = home / "plans"
    folder.mkdir(mode=0o700)
    book = Workbook()
    book.active.title = "Actions"
    for row in ROWS:
        book.active.append(row)
    book.save(folder / "P.xlsx")
    config = folder / "config.toml"
    config.write_text(PLAN + MAIL)
    config.chmod(0o600)
    register(UID, folder)
    return Desk(folder)


class BreaksError(RuntimeError):
    """What an Excel that breaks raises: with a cell's text in it, as such errors do."""

    def __init__(self):
        super().__init__(f"cannot read {SECRET} in {ROWS!r}")


def fine(desk):
    """Nothing goes wrong."""


def excel_breaks(desk):
    class Broken:
        def __getattr__(self, name):
            raise BreaksError

        def __iter__(self):
            raise BreaksError

    desk.book.impl.names = Broken()


def editing(desk):
    desk.excel.editing = True


def config_broken(desk):
    desk.press(Action.SYNC, "yes")
    file = desk.folder / "config.toml"
    file.write_text(file.read_text() + f'\n[people."{SECRET} Two"]\naddress = "{SECRET}"\nnonsense = "{SECRET}"\n')


def store_broken(desk):
    desk.press(Action.SYNC, "yes")
    for file in (desk.folder.parent / ".local/state/sheets-sync").rglob("*.db*"):
        file.write_bytes(SECRET.encode() * 999)


def card_broken(desk):
    desk.press(Action.SYNC, "yes")
    desk.save()
    desk.forgotten()
    name = desk.book.impl.workbook.defined_names[CARD_NAMES[0]]
    name.attr_text = name.attr_text.replace("version", SECRET)


def column_twice(desk):
    desk.book.sheets["Actions"]["F1"].value = "Owner"


def everything_changed(desk):
    desk.press(Action.SYNC, "yes")
    sheet = desk.book.sheets["Actions"]
    for row in (2, 3, 4):
        sheet[f"A{row}"].value = f"{SECRET} again {row}"
        sheet[f"F{row}"].value = f"{SECRET} typed over"


TROUBLES = (
    fine,
    excel_breaks,
    editing,
    config_broken,
    store_broken,
    card_broken,
    column_twice,
    everything_changed,
)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
@pytest.mark.parametrize("action", [one for one in Action if one is not Action.EXPLAIN])
def test_nothing_of_a_cell_gets_out(desk, trouble, action, monkeypatch, capfd):
    """Neither messages nor logs nor what is kept hold the word, and each press is answered with a sentence."""
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    trouble(desk)
    desk.excel.alerts.clear()
    desk.excel.answers[:] = ["yes"] * 9
    code = launch(Asked(action, "P.xlsx"), clock=desk.clock)
    assert desk.excel.alerts
    assert code in (0, 2, 3)
    out, err = capfd.readouterr()
    texts = [*desk.excel.alerts, out, err]
    texts += [file.read_text("utf-8") for file in button_folder().iterdir()]
    assert not [text for text in texts if SECRET.lower() in text.lower()]
    assert not [text for text in texts if "Traceback" in text]


def test_mistakes_of_a_configuration_are_counted(desk):
    """Which ones is told by a command; they may hold names."""
    config_broken(desk)
    code, (told,) = desk.press(Action.SYNC)
    assert code == 2
    assert told.startswith("The configuration of this plan has ")
    assert "sheets-sync config check --config" in told


def test_a_card_that_cannot_be_read_is_somebody_elses(desk):
    """The workbook is a plan's, but nothing can be done with it here: whom to ask is said."""
    card_broken(desk)
    code, (told,) = desk.press(Action.SYNC)
    assert code == 2
    assert "from another computer" in told


def test_an_unexpected_error_is_told_by_its_place(desk):
    """Type and place are enough to find it; the message is one sentence."""
    excel_breaks(desk)
    code, (told,) = desk.press(Action.SYNC)
    assert code == 3
    assert "BreaksError at workbooks/live/" in told
    assert len(told.splitlines()) == 1


def test_the_row_explained_is_the_persons_own_and_nothing_is_kept_of_it(desk):
    """The explanation quotes the row to whoever looks at it; neither log nor last result holds it."""
    desk.book.sheets["Actions"]["A3"].select()
    launch(Asked(Action.EXPLAIN, "P.xlsx"), clock=desk.clock)
    assert SECRET in desk.excel.alerts[-1]
    assert not [file for file in button_folder().iterdir() if SECRET in file.read_text("utf-8")]
