"""`excel addin` and `excel doctor`: on this system by the command, on Windows and macOS by what they would be asked."""

import hashlib
import io
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from sheets_sync.cli import excel_health
from sheets_sync.cli.excel_health import addin_health, macro_health, start_health, xlwings_health
from sheets_sync.cli.excel_workbook_health import folder_health, origin_health, workbook_lines
from sheets_sync.run.excel_policy import Hive, ThisWindows
from sheets_sync.run.excel_setup import MAC, WINDOWS, System, addin_folder, start_content, start_file
from sheets_sync.workbooks.macros.addin import FILE_NAME, addin_bytes

POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
OWN = r"Software\Microsoft\Office\16.0\Excel\Security"
DEFENDER = r"SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
NO_CHILDREN = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"


class Asked:
    """A computer with Windows as a test sets it up: its registry, and the streams of its files."""

    def __init__(self, settings=(), zone=None):
        self.settings, self.zone = dict(settings), zone

    def setting(self, hive, key, name):
        return self.settings.get((hive, key, name))

    def stream(self, file, name):
        assert name == "Zone.Identifier"
        return None if self.zone is None else f"[ZoneTransfer]\r\nZoneId={self.zone}\r\n"


def system(platform, folder) -> System:
    return System(platform, folder, folder / "Local", folder / "Roaming", folder / "python.exe")


@pytest.mark.parametrize(
    ("settings", "well", "said"),
    [
        ({}, True, "after a click on Enable Content, in Excel's Trust Center; files from the internet stay blocked"),
        ({(Hive.USER, OWN, "VBAWarnings"): "1"}, True, "without being asked"),
        ({(Hive.USER, OWN, "VBAWarnings"): "4"}, False, "switched off in Excel's Trust Center"),
        ({(Hive.USER, POLICY, "VBAWarnings"): "4"}, False, "switched off by a policy"),
        ({(Hive.MACHINE, POLICY, "VBAWarnings"): "3"}, False, "only signed macros run, by a policy"),
        ({(Hive.USER, POLICY, "VBAWarnings"): "2", (Hive.USER, OWN, "VBAWarnings"): "1"}, True, "after a click"),
        ({(Hive.MACHINE, DEFENDER, NO_CHILDREN): "1"}, False, "Defender keeps Office"),
        ({(Hive.MACHINE, DEFENDER, NO_CHILDREN): "2"}, True, "after a click"),
        ({(Hive.USER, POLICY, "blockcontentexecutionfrominternet"): "0"}, True, "Enable Content, in Excel's Trust"),
    ],
)
def test_what_windows_says_of_macros_is_told_with_what_to_do(tmp_path, settings, well, said):
    """Policies come before a person's own choice, and Defender before both."""
    health = macro_health(system(WINDOWS, tmp_path), Asked(settings))
    assert health.well is well
    assert said in health.seen
    assert well or health.remedy


@pytest.mark.parametrize(("zone", "well"), [(None, True), (0, True), (1, True), (2, True), (3, False), (4, False)])
def test_the_mark_of_the_web_bites_where_there_are_macros(tmp_path, zone, well):
    """Zones 3 and 4 block macros; a workbook without any only opens protected."""
    assert origin_health(tmp_path / "P.xlsm", Asked(zone=zone), has_macros=True).well is well
    assert origin_health(tmp_path / "P.xlsx", Asked(zone=zone), has_macros=False).well


def test_a_shared_folder_is_never_to_be_trusted(tmp_path):
    """A workbook with a macro in a synced folder: use the add-in; without one there is nothing to say against it."""
    shared = tmp_path / "OneDrive - Firm"
    shared.mkdir()
    health = folder_health(shared / "P.xlsm", has_ours=True)
    assert not health.well
    assert "do not trust" in health.seen
    assert "add-in" in health.remedy
    assert folder_health(shared / "P.xlsx", has_ours=False).well
    assert folder_health(tmp_path / "P.xlsm", has_ours=True).well


@pytest.mark.parametrize("platform", [WINDOWS, MAC])
def test_the_file_that_names_python_is_looked_at(tmp_path, platform):
    """Not there, of another Python, right."""
    here = system(platform, tmp_path)
    file = start_file(here)
    assert not start_health(here).well
    file.parent.mkdir(parents=True)
    file.write_bytes(b"something else")
    assert not start_health(here).well
    file.write_bytes(start_content(here))
    assert start_health(here).well


@pytest.mark.parametrize("platform", [WINDOWS, MAC])
def test_the_add_in_is_looked_at(tmp_path, platform):
    """Not there, of another version, marked as downloaded, right in whatever language."""
    here = system(platform, tmp_path)
    file = addin_folder(here) / FILE_NAME
    assert not addin_health(here, Asked()).well
    file.parent.mkdir(parents=True)
    file.write_bytes(b"PK")
    assert "not the one" in addin_health(here, Asked()).seen
    file.write_bytes(addin_bytes("es"))
    assert addin_health(here, Asked()).well
    assert "internet" in addin_health(here, Asked(zone=3)).seen
    signed = zipped(addin_bytes("en"), compression=zipfile.ZIP_DEFLATED)
    assert signed != addin_bytes("en")
    file.write_bytes(signed)
    assert addin_health(here, Asked()).well, "other bytes, the same macros"
    _change_macro(file)
    assert not addin_health(here, Asked()).well


def zipped(content: bytes, **more) -> bytes:
    """The same parts, packed in another way."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(made, "w", **more) as package:
        for name in parts.namelist():
            package.writestr(name, parts.read(name))
    return made.getvalue()


def test_what_xlwings_talks_through_must_be_there(tmp_path, monkeypatch):
    """On Windows pywin32; and a version that is too old is told with the one needed."""
    assert "pywin32" in xlwings_health(system(WINDOWS, tmp_path)).remedy
    assert xlwings_health(system("linux", tmp_path)).well
    monkeypatch.setattr(excel_health, "version", lambda _: "0.30.16")
    assert "0.37.5" in xlwings_health(system("linux", tmp_path)).remedy


@pytest.mark.skipif(sys.platform == "win32", reason="asks what only Windows has")
def test_elsewhere_windows_says_nothing(tmp_path):
    """No registry and no streams."""
    assert ThisWindows().setting(Hive.USER, OWN, "VBAWarnings") is None
    assert ThisWindows().stream(tmp_path, "Zone.Identifier") is None


@pytest.fixture
def plan(home):
    """A workbook with a plan in the home folder."""
    book = Workbook()
    book.active.title = "Actions"
    book.active.append(("Action", "Owner", "Due", "Status"))
    book.active.append(("Repair the press of hall 2", "Ana Lima", None, "Open"))
    book.save(home / "P.xlsx")
    return home / "P.xlsx"


def test_without_excel_the_doctor_says_what_it_cannot_see(sheets_sync):
    """On Linux Python and xlwings can be looked at, Excel cannot; that is no illness."""
    done = sheets_sync("excel", "doctor")
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("no Excel runs on this system") == 3
    assert "starts isolated" in done.stdout


def test_a_workbook_without_macro_and_plan_is_told_how_to_begin(sheets_sync, plan):
    """The add-in works with it, and `init` sets it up."""
    done = sheets_sync("excel", "doctor", "P.xlsx")
    assert done.returncode == 3
    assert "it holds no macro" in done.stdout
    assert "FAIL  plan: no plan that sheets-sync knows" in done.stdout
    assert "sheets-sync init P.xlsx" in done.stdout


def test_a_changed_macro_is_found(sheets_sync, plan, home):
    """Ours is told from ours of yesterday and from what somebody made of it."""
    assert sheets_sync("excel", "button", "P.xlsx").returncode == 0
    done = sheets_sync("excel", "doctor", "P.xlsm")
    assert "ok    macro: its module SheetsSync is ours, word for word" in done.stdout
    _change_macro(home / "P.xlsm")
    done = sheets_sync("excel", "doctor", "P.xlsm")
    assert "FAIL  macro: its module SheetsSync is not what ours says today" in done.stdout
    assert "do not press it before" in done.stdout


def _change_macro(workbook: Path) -> None:
    """Let the macro start another program."""
    from sheets_sync.workbooks.vba.project import read_project, with_modules

    with zipfile.ZipFile(workbook) as package:
        parts = {info: package.read(info) for info in package.infolist()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for info, content in parts.items():
            changed = content
            if info.filename.endswith("vbaProject.bin"):
                module = next(one for one in read_project(content).modules if one.name == "SheetsSync")
                source = module.source.replace("-I -m sheets_sync.button ", "-m evil ")
                changed = with_modules(content, [module._replace(source=source)])
            package.writestr(info, changed)
    workbook.write_bytes(made.getvalue())


def test_a_known_plan_is_named(sheets_sync, plan):
    """After `init` the doctor finds the plan by its file; after a run elsewhere by its card."""
    assert sheets_sync("init", "P.xlsx", "--timezone", "UTC").returncode == 0
    done = sheets_sync("excel", "doctor", "P.xlsx")
    assert done.returncode == 0, done.stdout
    assert "installed here" in done.stdout


def test_a_plan_that_moved_to_its_button_is_told_where(sheets_sync, plan):
    """The .xlsx left behind is not called a copy: its plan is named with the file it is in now."""
    assert sheets_sync("init", "P.xlsx", "--timezone", "UTC").returncode == 0
    assert sheets_sync("excel", "button", "P.xlsx", "--yes").returncode == 0
    done = sheets_sync("excel", "doctor", "P.xlsx")
    assert done.returncode == 3
    assert "FAIL  plan: P.xlsx: this plan moved to P.xlsm" in done.stdout


def test_a_file_that_is_no_workbook_is_a_line_and_no_crash(sheets_sync, home):
    """The error is told as the doctor tells everything."""
    (home / "P.xlsx").write_bytes(b"no workbook")
    done = sheets_sync("excel", "doctor", "P.xlsx")
    assert done.returncode == 3
    assert "FAIL  P.xlsx:" in done.stdout


def test_the_add_in_is_made_once_and_the_same(sheets_sync, home):
    """Made again nothing changes; its hash is told, for those who allow files by it."""
    done = sheets_sync("excel", "addin", "--folder", "made", "--language", "pt")
    assert done.returncode == 0, done.stderr
    file = home / "made" / FILE_NAME
    before = file.stat().st_mtime_ns
    assert file.read_bytes() == addin_bytes("pt")
    assert hashlib.sha256(file.read_bytes()).hexdigest() in done.stdout
    again = sheets_sync("excel", "addin", "--folder", "made", "--language", "pt")
    assert "Already there" in again.stdout
    assert file.stat().st_mtime_ns == before


def test_lines_of_a_workbook_tell_no_cell(plan):
    """Counts, names of modules, paths."""
    told = [health.seen + health.remedy for _, health in workbook_lines(plan, Asked())]
    assert not [line for line in told if "press of hall 2" in line]
