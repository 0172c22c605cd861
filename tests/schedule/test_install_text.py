"""What is put in place, as text: whoever reads it must find the very words of the command in it."""

import plistlib
import re
import shlex
import subprocess
import sys
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from lxml import etree
from schedule.awkward_folders import AWKWARD, entry_in
from schedule.task_schema import SCHEMA

from sheets_sync.errors import UsageError
from sheets_sync.schedule.install import crontab, launchd, systemd, task_scheduler
from sheets_sync.schedule.install.entry import Entry, entry_of, name_of

OURS = re.compile(rb"^\*/5 \* \* \* \* (.*)$", re.MULTILINE)
PRINT_WORDS = "import sys; sys.stdout.buffer.write(b'\\0'.join(word.encode() for word in sys.argv[1:]))"
WINDOWS_AWKWARD = (
    r"C:\Plans\plain",
    r"C:\Users\Ana Silva\50 % & b",
    r"C:\it's (x86)\Plano de ação ^!",
    r"\\server\share\plan & <co>",
    r"\\server\share$\a;b,c=d",
)


def words_by_cron(line: bytes, *, percent_is_special: bool = True) -> list[bytes]:
    """The words a command line has after cron took out backslashes before %, and the shell its quotes."""
    if percent_is_special:
        assert not re.search(rb"(?<!\\)(\\\\)*%", line.replace(rb"\%", b"")), "cron would end the line here"
        line = line.replace(rb"\%", b"%")
    words = [sys.executable.encode(), b"-c", shlex.quote(PRINT_WORDS).encode()]
    done = subprocess.run([b"/bin/sh", b"-c", b" ".join([*words, line])], capture_output=True, check=True)
    return done.stdout.split(b"\0")


@pytest.mark.parametrize("percent_is_special", [True, False])
@pytest.mark.parametrize("folder", AWKWARD)
def test_cron_and_the_shell_find_the_words_of_the_command(folder, percent_is_special):
    """The line means the same command whether or not a cron makes something of %."""
    entry = entry_in(folder)
    found = OURS.search(crontab.block(entry))
    assert found is not None
    words = words_by_cron(found[1], percent_is_special=percent_is_special)
    assert [word.decode() for word in words] == list(entry.words(quiet=True))


@pytest.mark.parametrize("folder", AWKWARD)
def test_no_two_backslashes_stand_together_in_a_crontab(folder):
    """Some crons make one backslash of two."""
    assert b"\\\\" not in crontab.block(entry_in(folder))


BEFORE = (
    b"",
    b"MAILTO=ana@example.com\n\n17 3 * * * /usr/bin/backup  # \\% nightly\n",
    b"# caf\xe9 in Latin-1\n* * * * * true\r\n\n\n",
    b"5 5 * * * last line without an end",
)


@pytest.mark.parametrize("before", BEFORE)
def test_a_crontab_gets_our_block_once_and_keeps_every_other_line(before):
    """Put in twice it is the same, taken out the other lines are what they were, byte for byte."""
    entry, other = entry_in('50 % "a" & b'), entry_in("another")
    once = crontab.with_block(before, entry)
    assert crontab.with_block(once, entry) == once
    both = crontab.with_block(once, other)
    assert both.startswith(before)
    assert crontab.installed_block(both, entry) == crontab.block(entry)
    assert crontab.without_block(both, entry) == crontab.with_block(before, other)
    ended = before if not before or before.endswith(b"\n") else before + b"\n"
    assert crontab.without_block(once, entry) == ended


def test_our_block_is_renewed_where_it_stands():
    """An older line of ours gives way to the new one; what was put around it stays around it."""
    entry = entry_in("plan")
    old = crontab.block(entry).replace(b"--quiet ", b"").replace(b": made by", b" v0: by")
    after = crontab.with_block(b"a\n" + old + b"b\n", entry)
    assert after == b"a\n" + crontab.block(entry) + b"b\n"


@pytest.mark.parametrize("broken", ["no end", "no begin", "turned round", "twice"])
def test_a_block_somebody_broke_is_left_alone(broken):
    """What is not one whole block of ours is told and not touched."""
    entry = entry_in("plan")
    whole = crontab.block(entry)
    begin, line, end = whole.splitlines(keepends=True)
    pieces = {"no end": begin + line, "no begin": line + end, "turned round": end + line + begin, "twice": whole * 2}
    for change in (crontab.with_block, crontab.without_block, crontab.installed_block):
        with pytest.raises(UsageError, match="not as they were written") as raised:
            change(pieces[broken], entry)
        assert raised.value.remedy == "mend it with: crontab -e"


def test_a_line_longer_than_cron_reads_is_refused():
    """Cron would leave out a command of more than 1,000 letters without a word."""
    with pytest.raises(UsageError, match="more than cron reads"):
        crontab.block(entry_in("x" * 250 + "/" + "y" * 250))


@pytest.mark.parametrize("folder", AWKWARD)
def test_a_property_list_holds_the_words_as_they_are(folder):
    """The agent's list reads back as the command, every five minutes, not at once, with its log in the state folder."""
    entry = entry_in(folder)
    agent = plistlib.loads(launchd.plist(entry))
    assert tuple(agent["ProgramArguments"]) == entry.words(quiet=True)
    assert (agent["StartInterval"], agent["RunAtLoad"], agent["Label"]) == (300, False, entry.name)
    assert agent["StandardErrorPath"] == agent["StandardOutPath"] == str(entry.log)
    etree.fromstring(launchd.plist(entry), etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False))


@pytest.mark.parametrize("logged_off", [False, True])
@pytest.mark.parametrize("folder", WINDOWS_AWKWARD)
def test_a_task_is_one_by_its_schema_and_holds_the_words(folder, logged_off):
    """The task is UTF-16, fits the documented schema, keeps UNC paths, and Windows finds the words."""
    entry = windows_entry(folder)
    content = task_scheduler.task_xml(entry, "PLANT\\ana & co", logged_off=logged_off)
    assert content.startswith(b"\xff\xfe<\0?\0x\0m\0l\0")
    task = etree.fromstring(content)
    etree.XMLSchema(etree.fromstring(SCHEMA)).assertValid(task)
    program, arguments = text_of(task, "Command"), text_of(task, "Arguments")
    assert (program, *split_as_windows(arguments)) == entry.words(quiet=True)
    assert text_of(task, "UserId") == "PLANT\\ana & co"
    assert text_of(task, "LogonType") == ("S4U" if logged_off else "InteractiveToken")
    told = [text_of(task, name) for name in ("StartWhenAvailable", "MultipleInstancesPolicy", "Hidden")]
    assert told == ["true", "IgnoreNew", "false"]
    battery = [text_of(task, name) for name in ("DisallowStartIfOnBatteries", "StopIfGoingOnBatteries")]
    assert battery == ["false", "false"]
    assert "only while this computer is on" in text_of(task, "Description")


@pytest.mark.parametrize("folder", [r"C:\%TEMP%\plan", r"C:\50% and 60%\x", r"\\server\$(Arg0)"])
def test_a_path_that_windows_would_replace_is_refused(folder):
    """The Task Scheduler has no way to write %NAME% or $(NAME) that means these letters."""
    with pytest.raises(UsageError, match="as a variable"):
        task_scheduler.task_xml(windows_entry(folder), "ana")


def test_a_task_is_known_by_its_fingerprint_however_windows_gives_it_back():
    """The same task has the same fingerprint, in one or two bytes a letter; any other task has another."""
    content = task_scheduler.task_xml(windows_entry(r"C:\plan"), "ana")
    other = task_scheduler.task_xml(windows_entry(r"C:\plan"), "ana", logged_off=True)
    found = task_scheduler.fingerprint_in(content)
    assert found == task_scheduler.fingerprint_in(content.decode("utf-16").encode("cp850"))
    assert found != task_scheduler.fingerprint_in(other)
    assert task_scheduler.fingerprint_in(b"<Task/>") == ""


@pytest.mark.parametrize("folder", AWKWARD)
def test_nothing_in_a_unit_is_left_for_systemd_to_replace(folder):
    """Every line of the units is ours: no path begins a new one, none has a % or $ that stands alone."""
    entry = entry_in(folder)
    for text in (systemd.service_text(entry), systemd.timer_text(entry)):
        assert not re.search("%(?!%)", text.replace("%%", ""))
        assert not re.search(r"\\$", text, re.MULTILINE)
    line = next(line for line in systemd.service_text(entry).splitlines() if line.startswith("ExecStart="))
    assert "$" not in line.replace("$$", "")


@pytest.mark.parametrize("name", ["a\nb", "a\tb", "a\x7fb", "a\u2028b", "a\udce9b"])
def test_a_path_that_no_line_can_hold_is_refused(name):
    """Ends of lines, control characters and bytes that are no text do not get into an entry."""
    with pytest.raises(UsageError, match="a name in it has a letter that is none"):
        entry_in(name)


def test_a_configuration_has_one_name_and_no_other_has_it():
    """The name tells configurations apart, and on Windows not by capitals."""
    assert name_of(PurePosixPath("/a/config.toml")) != name_of(PurePosixPath("/A/config.toml"))
    assert name_of(PureWindowsPath(r"C:\a\config.toml")) == name_of(PureWindowsPath(r"c:\A\Config.toml"))
    assert re.fullmatch(r"sheets-sync-[0-9a-f]{8}", entry_in("plan").name)


def windows_entry(folder: str) -> Entry:
    base = PureWindowsPath(folder)
    python = PureWindowsPath(r"C:\Program Files\Python 3.11\pythonw.exe")
    return entry_of(base / "config.toml", python=python, state=base)


def text_of(task: etree._Element, name: str) -> str:
    """The text of the first element of this name."""
    found = task.find(".//{*}" + name)
    assert found is not None
    return found.text or ""


def split_as_windows(line: str) -> list[str]:
    """Words as Microsoft's C runtime finds them finds them: backslashes count before quotes only."""
    words, word, quoted, begun, at = [], "", False, False, 0
    while at < len(line):
        run = len(line) - at - len(line[at:].lstrip("\\"))
        if run:
            at += run
            if line[at : at + 1] == '"':
                word, begun = word + "\\" * (run // 2), True
                if run % 2:
                    word, at = word + '"', at + 1
            else:
                word, begun = word + "\\" * run, True
        elif line[at] == '"':
            quoted, begun, at = not quoted, True, at + 1
        elif line[at] == " " and not quoted:
            if begun:
                words.append(word)
            word, begun, at = "", False, at + 1
        else:
            word, begun, at = word + line[at], True, at + 1
    return [*words, word] if begun else words
