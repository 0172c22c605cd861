"""`sheets-sync excel button`: a copy with a button, the plan moves to it, nothing else happens; and out again."""

import datetime as dt
import hashlib
import shutil
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from sheets_sync.config.load import load_config
from sheets_sync.core.card import uid_of
from sheets_sync.core.cells import CellValue
from sheets_sync.core.snapshot import Role, Snapshot
from sheets_sync.workbooks.ooxml.button import button_cells
from sheets_sync.workbooks.ooxml.checker import check_package
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.reader import read_snapshot

NAME = "Plano de ação 2026.v2"
XLSX, XLSM = f"{NAME}.xlsx", f"{NAME}.xlsm"


@pytest.fixture
def plan(home: Path) -> Path:
    """A plan of eight actions, in a workbook with an awkward name."""
    return make_plan(home / XLSX)


def make_plan(path: Path) -> Path:
    """A workbook with a plan."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Actions"
    sheet.append(["Action", "Owner", "Start", "Due", "Status"])
    for number in range(8):
        due = dt.date(2026, 1, 5) + dt.timedelta(days=40 * number)
        sheet.append([f"Repair the pump of hall {number}", "Ana Lima", dt.date(2026, 1, 2), due, "Open"])
    book.save(path)
    return path


def package(file: Path) -> Package:
    """A workbook file as a package."""
    return Package.open(file.read_bytes(), file.name)


def seen(file: Path) -> Snapshot:
    """All that stands in a workbook file."""
    opened = package(file)
    return read_snapshot(opened, [entry.sheet_id for entry in opened.sheets], "")


def hash_of(file: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def set_up(sheets_sync, name: str = XLSX) -> None:
    """Write the configuration of the plan."""
    done = sheets_sync("init", name, "--country", "none", "--timezone", "UTC", "--language", "en")
    assert done.returncode == 0, done.stderr


def written_cells(file: Path) -> dict[tuple[int, Role], CellValue]:
    """What stands in our columns, by row."""
    (tab,) = seen(file).tabs
    return {
        (row.number, role): row.cells[column].literal
        for row in tab.rows
        for role, column in tab.marks.items()
        if column in row.cells
    }


def test_a_workbook_that_is_not_set_up(sheets_sync, plan: Path, home: Path) -> None:
    """A copy with a button is made beside it, what comes next is told, and the second time there is nothing to do."""
    before = hash_of(plan)
    done = sheets_sync("excel", "button", XLSX)
    assert done.returncode == 0, done.stderr
    assert f'sheets-sync init "{XLSM}"' in done.stdout
    assert "The button is at J1" in done.stdout
    assert hash_of(plan) == before
    assert seen(home / XLSM).card == ""
    assert check_package(package(plan), package(home / XLSM)) == ()
    after = hash_of(home / XLSM)
    again = sheets_sync("excel", "button", XLSX)
    assert (again.returncode, "Nothing to do" in again.stdout) == (0, True)
    assert hash_of(home / XLSM) == after
    assert sorted(file.name for file in home.iterdir() if file.is_file()) == [XLSM, XLSX]


def test_the_way_that_is_told_leads_to_a_card(sheets_sync, plan: Path, home: Path) -> None:
    """A copy made before the plan was set up is set up and gets the plan's card as its output says, in place."""
    assert sheets_sync("excel", "button", XLSX).returncode == 0
    set_up(sheets_sync, XLSM)
    done = sheets_sync("excel", "button", XLSM)
    assert (done.returncode, "has its button now" in done.stdout) == (0, True), done.stderr
    config = load_config(home).plans[0]
    assert uid_of(seen(home / XLSM).card) == config.settings.uid
    assert config.moved_from is None
    assert sheets_sync("check", XLSX).returncode in (0, 1)


def test_the_plan_moves_to_the_copy(sheets_sync, plan: Path, home: Path) -> None:
    """The config's line changes as it was printed, the copy carries the plan's card, and the plan goes on as before:
    the next run writes nothing."""
    set_up(sheets_sync)
    assert sheets_sync("run", "--yes").returncode == 0
    before, config = hash_of(plan), (home / "config.toml").read_text("utf-8")
    done = sheets_sync("excel", "button", XLSX, "--yes")
    assert done.returncode == 0, done.stderr
    assert f'workbook = "{XLSX}"   becomes   workbook = "{XLSM}"' in done.stdout
    assert hash_of(plan) == before
    old, new = f'\nworkbook = "{XLSX}"\n', f'\nworkbook = "{XLSM}"\nmoved_from = "{XLSX}"\n'
    assert (home / "config.toml").read_text("utf-8") == config.replace(old, new)
    assert uid_of(seen(home / XLSM).card) == load_config(home).plans[0].settings.uid
    assert written_cells(home / XLSM) == written_cells(plan)
    made = hash_of(home / XLSM)
    run = sheets_sync("run")
    assert (run.returncode, "everything stands as it should" in run.stdout) == (0, True), run.stdout + run.stderr
    assert hash_of(home / XLSM) == made
    assert sheets_sync("excel", "button", XLSM).stdout.startswith("Nothing to do")
    assert hash_of(home / XLSM) == made


def test_a_run_on_the_copy_writes_what_it_would_have_written(sheets_sync, plan: Path, home: Path) -> None:
    """A plan that moved before its first run gets the same ids and flags as its twin that stayed, and keeps them."""
    twin = shutil.copy(plan, home / "twin.xlsx")
    set_up(sheets_sync)
    set_up(sheets_sync, twin.name)
    assert sheets_sync("excel", "button", "--plan", NAME, "--yes").returncode == 0
    run = sheets_sync("run", "--yes")
    assert run.returncode == 0, run.stderr
    assert written_cells(home / XLSM) == written_cells(twin) != {}
    assert button_cells(package(home / XLSM)) == ("J1",)


def test_nobody_to_ask(sheets_sync, plan: Path, home: Path) -> None:
    """Without a terminal a plan moves only with --yes; until then nothing is made or changed."""
    set_up(sheets_sync)
    config = (home / "config.toml").read_bytes()
    done = sheets_sync("excel", "button", XLSX)
    assert (done.returncode, "add --yes" in done.stderr) == (2, True)
    assert "becomes" in done.stdout
    assert not (home / XLSM).exists()
    assert (home / "config.toml").read_bytes() == config


def test_killed_between_copy_and_config(sheets_sync, plan: Path, home: Path) -> None:
    """Where the copy stands and the configuration was not changed yet, the same command finishes it."""
    set_up(sheets_sync)
    config = (home / "config.toml").read_bytes()
    assert sheets_sync("excel", "button", XLSX, "--yes").returncode == 0
    moved, made = (home / "config.toml").read_bytes(), hash_of(home / XLSM)
    (home / "config.toml").write_bytes(config)
    done = sheets_sync("excel", "button", XLSX, "--yes")
    assert (done.returncode, "is there already" in done.stdout) == (0, True), done.stderr
    assert (home / "config.toml").read_bytes() == moved
    assert hash_of(home / XLSM) == made


def test_a_copy_made_before_the_plan_was_set_up(sheets_sync, plan: Path, home: Path) -> None:
    """A copy of ours that lacks only the plan's card gets it, with a backup, and the plan moves to it."""
    assert sheets_sync("excel", "button", XLSX).returncode == 0
    set_up(sheets_sync)
    done = sheets_sync("excel", "button", XLSX, "--yes")
    assert (done.returncode, "Up to date" in done.stdout) == (0, True), done.stderr
    config = load_config(home).plans[0]
    assert (config.workbook, uid_of(seen(home / XLSM).card)) == (home / XLSM, config.settings.uid)
    assert button_cells(package(home / XLSM)) == ("J1",)


def test_a_copy_of_an_older_state_is_not_taken(sheets_sync, plan: Path, home: Path) -> None:
    """Where the .xlsx was worked in since the copy was made, nobody can say which is right: nothing is done."""
    assert sheets_sync("excel", "button", XLSX).returncode == 0
    made = hash_of(home / XLSM)
    set_up(sheets_sync)
    assert sheets_sync("run", "--yes").returncode == 0
    done = sheets_sync("excel", "button", XLSX, "--yes")
    assert (done.returncode, f"name it instead: {XLSM}" in done.stderr) == (3, True)
    assert hash_of(home / XLSM) == made
    assert load_config(home).plans[0].workbook == plan


def test_another_file_of_that_name_is_not_touched(sheets_sync, plan: Path, home: Path) -> None:
    """An .xlsm that is not what the .xlsx gives stays, and the plan where it is."""
    set_up(sheets_sync)
    (home / XLSM).write_bytes(plan.read_bytes())
    config = (home / "config.toml").read_bytes()
    done = sheets_sync("excel", "button", XLSX, "--yes")
    assert (done.returncode, "nothing is put over it" in done.stderr) == (3, True)
    assert (home / XLSM).read_bytes() == plan.read_bytes()
    assert (home / "config.toml").read_bytes() == config


@pytest.mark.parametrize(
    "words", [("check", XLSX), ("init", XLSX), ("excel", "button", XLSX), ("run", "--config", "other")]
)
def test_the_old_file_is_refused(sheets_sync, plan: Path, home: Path, words: tuple[str, ...]) -> None:
    """Whatever command names the .xlsx of a plan that moved, it says where the plan is now."""
    other = home / "other"
    other.mkdir(mode=0o700)
    text = f'[[plan]]\nuid = "p-0123456789ab"\nworkbook = "../{XLSX}"\ntimezone = "UTC"\n'
    (other / "config.toml").write_text(text, "utf-8")
    (other / "config.toml").chmod(0o600)
    set_up(sheets_sync)
    assert sheets_sync("excel", "button", XLSX, "--yes").returncode == 0
    before = hash_of(plan)
    done = sheets_sync(*words)
    assert done.returncode == 2
    assert f"this plan moved to {XLSM}" in done.stderr
    assert hash_of(plan) == before


def test_doctor_tells_of_the_old_file(sheets_sync, plan: Path, home: Path) -> None:
    """A configuration that still names the .xlsx is not well."""
    set_up(sheets_sync)
    assert sheets_sync("excel", "button", XLSX, "--yes").returncode == 0
    other = home / "other"
    other.mkdir(mode=0o700)
    text = f'[[plan]]\nuid = "p-0123456789ab"\nworkbook = "../{XLSX}"\ntimezone = "UTC"\n'
    (other / "config.toml").write_text(text, "utf-8")
    (other / "config.toml").chmod(0o600)
    done = sheets_sync("doctor", "--config", "other")
    assert (done.returncode, f"moved to {XLSM}" in done.stdout) == (3, True)


def test_into_an_xlsm_and_out_again(sheets_sync, plan: Path, home: Path) -> None:
    """An .xlsm gets its button in place, with a backup; taken out, the plan goes on; nothing is done twice."""
    set_up(sheets_sync)
    assert sheets_sync("excel", "button", "--yes").returncode == 0
    made = seen(home / XLSM)
    out = sheets_sync("excel", "button", XLSM, "--remove")
    assert (out.returncode, "stays an .xlsm" in out.stdout) == (0, True), out.stderr
    without = (home / XLSM).read_bytes()
    assert button_cells(package(home / XLSM)) == ()
    assert "Nothing to do" in sheets_sync("excel", "button", "--remove").stdout
    back = sheets_sync("excel", "button")
    assert back.returncode == 0
    backup = Path(back.stdout.splitlines()[0].rpartition("as it was: ")[2])
    assert backup.read_bytes() == without
    assert seen(home / XLSM) == made
    assert sheets_sync("run", "--yes").returncode == 0


def test_leaving_tells_of_the_button(sheets_sync, plan: Path, home: Path) -> None:
    """Who leaves hears that the button stays, and what takes it out."""
    set_up(sheets_sync)
    assert sheets_sync("excel", "button", XLSX, "--yes").returncode == 0
    assert sheets_sync("run", "--yes").returncode == 0
    done = sheets_sync("leave", "--yes")
    assert (done.returncode, "sheets-sync excel button --remove" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize(("name", "named"), [(XLSX, XLSX), (XLSM, XLSX), (XLSM, XLSM)])
def test_an_open_workbook_is_left_alone(sheets_sync, plan: Path, home: Path, name: str, named: str) -> None:
    """A workbook that somebody has open, or whose copy somebody has open, gets no button, and that is no success."""
    assert sheets_sync("excel", "button", XLSX).returncode == 0
    (home / f"~${name}").write_bytes(b"\x03Ana".ljust(165, b" "))
    done = sheets_sync("excel", "button", named, "--yes")
    assert (done.returncode, f"{name} is open in Excel" in done.stderr) == (3, True), done.stderr
    assert "Ana" not in done.stderr


def test_two_plans_in_one_workbook(sheets_sync, plan: Path, home: Path) -> None:
    """A button serves one plan, as runs do: where two would write a workbook, the way out is one plan with both tabs;
    no button is made for nobody meanwhile."""
    set_up(sheets_sync)
    config = home / "config.toml"
    table = f'\n[[plan]]\nuid = "p-0123456789ab"\nname = "B"\nworkbook = "{XLSX}"\ntimezone = "UTC"\ntabs = ["B"]\n'
    config.write_text(config.read_text("utf-8") + table, "utf-8")
    done = sheets_sync("excel", "button", XLSX, "--yes")
    assert (done.returncode, "put the tabs of both into that one, tabs" in done.stderr) == (2, True)
    assert not (home / XLSM).exists()


def test_a_plan_of_two_tabs_is_told_where_each_button_is(sheets_sync, plan: Path, home: Path) -> None:
    """Two buttons, each named with its tab."""
    book = load_workbook(plan)
    book.copy_worksheet(book.active).title = 'Hall "B"'
    book.save(plan)
    tabs = ("--tab", book.sheetnames[0], "--tab", 'Hall "B"')
    assert sheets_sync("init", XLSX, "--country", "none", "--timezone", "UTC", *tabs).returncode == 0
    done = sheets_sync("excel", "button", XLSX, "--yes")
    assert f"The buttons are at '{book.sheetnames[0]}'!" in done.stdout
    assert ", 'Hall \"B\"'!" in done.stdout


def test_two_configurations_of_one_workbook(sheets_sync, plan: Path, home: Path) -> None:
    """Where two folders have the workbook in their configuration, the one in use moves, and the other is refused."""
    set_up(sheets_sync)
    other = home / "other"
    other.mkdir(mode=0o700)
    done = sheets_sync("init", XLSX, "--folder", "other", "--country", "none", "--timezone", "UTC")
    assert done.returncode == 0, done.stderr
    before = (other / "config.toml").read_bytes()
    assert sheets_sync("excel", "button", XLSX, "--yes").returncode == 0
    assert (other / "config.toml").read_bytes() == before
    assert load_config(home).plans[0].workbook == home / XLSM
    run = sheets_sync("run", "--config", "other")
    assert (run.returncode, f"moved to {XLSM}" in run.stderr) == (2, True)


def test_a_shared_folder_is_warned_of(sheets_sync, home: Path) -> None:
    """In a synced folder the add-in is named as the better way, and no folder is advised to be trusted."""
    folder = home / "OneDrive - Plant"
    folder.mkdir()
    make_plan(folder / XLSX)
    done = sheets_sync("excel", "button", str(folder / XLSX))
    assert done.returncode == 0
    assert "lies in a OneDrive folder" in done.stderr
    assert "sheets-sync excel addin" in done.stderr
    assert "trust" not in (done.stdout + done.stderr).lower()
    again = sheets_sync("excel", "button", str(folder / XLSM), "--remove")
    assert (again.returncode, "sole-writer" in again.stderr) == (3, True)


@pytest.mark.parametrize(
    ("name", "content", "words", "code"),
    [
        ("P.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is not an .xlsx or .xlsm workbook", 3),
        ("P.ods", b"PK", "is not an .xlsx or .xlsm workbook", 3),
        ("P.xlsx", b"", "the file is empty", 3),
        ("P.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted", 3),
        ("P.xlsm", b"PK\x05\x06" + bytes(18), "P.xlsm", 3),
    ],
)
def test_what_is_no_workbook(sheets_sync, home: Path, name: str, content: bytes, words: str, code: int) -> None:
    """What is no workbook that can hold macros is refused with the reason, and stays as it is."""
    (home / name).write_bytes(content)
    done = sheets_sync("excel", "button", name)
    assert done.returncode == code
    assert words in done.stderr
    assert len(done.stderr.splitlines()) > 1
    assert (home / name).read_bytes() == content
    assert [file.name for file in home.iterdir() if file.is_file()] == [name]


def test_no_button_in_an_xlsx_to_take_out(sheets_sync, plan: Path) -> None:
    """An .xlsx holds no macro, so --remove has nothing there."""
    done = sheets_sync("excel", "button", XLSX, "--remove")
    assert (done.returncode, "holds no macro" in done.stderr) == (2, True)


def test_a_link_is_not_followed(sheets_sync, plan: Path, home: Path) -> None:
    """A link is refused, and the real path told."""
    (home / "link.xlsx").symlink_to(plan)
    done = sheets_sync("excel", "button", "link.xlsx")
    assert (done.returncode, str(plan) in done.stderr) == (3, True)


def test_the_button_speaks_the_plans_language(sheets_sync, plan: Path, home: Path) -> None:
    """A plan kept in Portuguese gets its button in Portuguese."""
    done = sheets_sync("init", XLSX, "--country", "none", "--timezone", "UTC", "--language", "pt")
    assert done.returncode == 0
    assert sheets_sync("excel", "button", XLSX, "--yes").returncode == 0
    assert "Sincronizar" in package(home / XLSM).read("/xl/drawings/drawing1.xml").decode()
