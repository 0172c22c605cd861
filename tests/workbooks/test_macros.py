"""Our macros run on a stand-in for Excel and Windows: what they read, what they start, and what they say."""

import re

import pytest
from macro_host import PATH_FILE, PYTHON, Machine, press, ready

from sheets_sync.workbooks.macros.sources import (
    MACRO_VERSION,
    addin_modules,
    applescript,
    is_current,
    is_ours,
    workbook_modules,
)

COMMAND = f'"{PYTHON}" -I -m sheets_sync.button {{}} --hwnd=1049600 --macro={MACRO_VERSION}'
HOSTILE = "a & calc %PATH%'.xlsx"
CALLBACKS = {
    "SheetsSyncSync": "sync",
    "SheetsSyncCheck": "check",
    "SheetsSyncExplain": "explain",
    "SheetsSyncPreviewMails": "preview-mails",
    "SheetsSyncUndo": "undo",
    "SheetsSyncLastResult": "last-result",
}


@pytest.mark.parametrize("book", ["Plan.xlsm", HOSTILE, 'a"b=c.v2.xlsm', "Plano de ação – Ünï.xlsx", "%PATH%"])
def test_the_name_of_a_workbook_never_gets_onto_the_command_line(book):
    """Whatever a workbook is called, the same command is run, and Python is told the name beside it."""
    machine = ready(book=book)
    assert press(machine) == []
    ((command, variables, folder),) = machine.started
    assert command == COMMAND.format("sync")
    assert variables["SHEETS_SYNC_WORKBOOK"] == book
    assert folder == r"C:\Users\Ana\tools\Scripts"


def test_after_a_press_excel_is_as_before():
    """The folder and the variables of Excel's own process are put back, also when Python fails or may not start."""
    for machine, messages in ((ready(), 0), (ready(exit_code=1), 1), (ready(may_start=False), 1)):
        assert len(press(machine)) == messages
        assert machine.folder == r"\\server\plans"
        assert list(machine.variables) == ["LOCALAPPDATA"]


def test_a_macro_reads_one_file_of_the_profile():
    """Nothing is read but the file with the path of Python; of the workbook only its name is asked for."""
    machine = ready()
    press(machine)
    assert machine.read == [PATH_FILE]


@pytest.mark.parametrize(
    "path",
    [
        r"\\server\share\python.exe",
        r"python.exe",
        r"..\python.exe",
        r"C:python.exe",
        r"C:\Users\Ana\evil.exe",
        r"C:\Users\Ana\python.bat",
        'C:\\Users\\Ana\\python.exe" & "calc.exe',
        "",
    ],
)
def test_only_the_absolute_path_of_a_python_is_started(path):
    """A share, a relative path, another program or two programs: nothing is started, and what to do is said."""
    machine = Machine(files={PATH_FILE: f"{path}\r\n", path: "", "calc.exe": ""})
    (told,) = press(machine)
    assert not machine.started
    assert "sheets-sync excel doctor" in told


def test_a_python_that_is_gone_is_not_started():
    """The path is right and the program is not there any more."""
    machine = Machine(files={PATH_FILE: f"{PYTHON}\r\n"})
    assert len(press(machine)) == 1
    assert not machine.started


def test_a_folder_with_a_percent_sign_is_taken_as_it_is():
    """A path is put into the command line as it stands, not read as the name of a variable once more."""
    python = r"C:\Users\50%PATH%\pythonw.exe"
    machine = Machine(files={PATH_FILE: f"\ufeff{python}\r\n", python: ""})
    machine.variables["PATH"] = r"C:\Windows"
    assert press(machine) == []
    assert machine.started[0][0].startswith(f'"{python}" -I -m ')


@pytest.mark.parametrize(("exit_code", "messages"), [(0, 0), (2, 0), (3, 0), (4, 0), (1, 1), (9009, 1), (-5, 1)])
def test_only_what_python_could_not_say_itself_is_said(exit_code, messages):
    """Our own exit codes mean that the person was told; any other gets one sentence from the macro."""
    assert len(press(ready(exit_code=exit_code))) == messages


@pytest.mark.parametrize(("language", "word"), [(1033, "could not"), (1046, "não foi"), (2070, "não"), (3082, "pudo")])
def test_the_sentence_is_in_the_language_of_excel(language, word):
    """English, Portuguese of both shores, Spanish."""
    (told,) = press(Machine(language=language))
    assert word.lower() in told.lower()


def test_without_a_workbook_nothing_is_started():
    """A button of the ribbon can be pressed while no workbook is open."""
    machine = ready(book=None)
    assert "Open the workbook" in press(machine, "SheetsSyncSync")[0]
    assert not machine.started


@pytest.mark.parametrize(("callback", "action"), CALLBACKS.items())
def test_each_button_of_the_ribbon_asks_for_its_action(callback, action):
    """Six buttons, six words of the closed list."""
    machine = ready()
    press(machine, callback)
    assert machine.started[0][0] == COMMAND.format(action)


def test_on_a_mac_the_script_of_the_profile_is_asked():
    """Excel for Mac hands three lines to the one script, and shows a sentence unless it answers that it started."""
    machine = ready(book=HOSTILE)
    assert press(machine, mac=True) == []
    assert machine.scripts == [("sheets-sync.applescript", "press", f"sync\n{MACRO_VERSION}\n{HOSTILE}")]
    assert not machine.started
    assert len(press(ready(script_answer="failed"), mac=True)) == 1


def test_every_file_says_the_same_version():
    """What the macros say of themselves is what the program calls its version."""
    texts = [module.source for module in addin_modules()] + [applescript("/usr/bin/python3")]
    for text in texts:
        assert f"sheets-sync button, macro version {MACRO_VERSION}\n" in text
        assert "Licence: MIT" in text
    assert f'MACRO_VERSION As String = "{MACRO_VERSION}"' in workbook_modules()[0].source


def test_macros_are_plain_letters_and_hold_no_code_of_others():
    """ASCII alone, so that no code page changes them; no RunPython, no settings, no API of Windows, no cmd.exe."""
    for module in addin_modules():
        code = "\n".join(line for line in module.source.split("\n") if not line.lstrip().startswith("'"))
        assert module.source.isascii()
        assert code.startswith("Option Explicit\n")
        assert not re.search(r"runpython|xlwings|cmd\.exe|declare |\.path\b|fullname|getconfig|range\(", code, re.I)


def test_ours_are_known_in_any_version_and_current_only_as_they_are():
    """Excel may write names in other case and end lines otherwise; a changed line is not ours of today."""
    ours = workbook_modules()[0]
    assert is_ours(ours)
    assert is_current(ours)
    retyped = ours._replace(source=ours.source.replace("Dim shell", "dim Shell").replace("\n", "\r\n"))
    assert is_current(retyped)
    older = ours._replace(source=ours.source.replace("macro version 1", "macro version 0"))
    assert is_ours(older)
    assert not is_current(older)
    assert not is_ours(ours._replace(name="Module1"))
    assert not is_ours(ours._replace(source="Sub SyncPlan()\nEnd Sub\n"))
    assert not is_current(ours._replace(source=ours.source.replace("-I -m", "-m")))


def test_a_path_cannot_leave_its_quotes_in_the_script():
    """Quotes and backslashes of a path stay in the path; what is no absolute path is refused."""
    assert '"/opt/a\\"b\\\\c/python"' in applescript('/opt/a"b\\c/python')
    for path in ("python", "/opt/a\nb", ""):
        with pytest.raises(ValueError, match="absolute path"):
            applescript(path)
