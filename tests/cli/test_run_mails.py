"""What `sheets-sync run` says of its mails and how it ends: files, a server on loopback, one that is not there."""

import datetime as dt
import json
import socket
import sys

import pytest
import time_machine
from notify.scripted_server import Script, running
from openpyxl import Workbook, load_workbook

from sheets_sync.cli.run_command import KINDS
from sheets_sync.core.notices import Kind

ADOPTED, MONDAY = "2026-11-19 09:00+00:00", "2026-11-23 08:00+00:00"
PEOPLE = '[people."Ana Lima"]\naddress = "ana@plan.test"\n[people."Kim Keeper"]\naddress = "kim@plan.test"\n'
PLAN = '[[plan]]\nuid = "p-000001"\nname = "Plant"\nworkbook = "P.xlsx"\ntimezone = "UTC"\n'
SENTINEL = "Zanzibar"


@pytest.fixture
def at(sheets_sync):
    """Runs a command at a UTC time."""

    def run(instant: str, *words: str):
        with time_machine.travel(dt.datetime.fromisoformat(instant), tick=False):
            return sheets_sync(*words)

    return run


@pytest.fixture
def plan(home, at):
    """A plan with one late row and one of nobody, written the week before; returns how to configure its mails."""
    book = Workbook()
    book.active.title = "Actions"
    rows = [
        ("Action", "Owner", "Due", "Status"),
        (f"Repair the press in {SENTINEL}", "Ana Lima", dt.date(2026, 11, 17), "Open"),
        ("Paint the fence behind the hall", "Somebody Else", dt.date(2026, 11, 17), "Open"),
    ]
    for row in rows:
        book.active.append(row)
    book.save(home / "P.xlsx")
    config = home / "config.toml"

    def configure(mail: str) -> None:
        config.write_text(PLAN + '[mail]\nkeeper = "Kim Keeper"\nallowed_domains = ["plan.test"]\n' + mail + PEOPLE)
        config.chmod(0o600)

    configure("")
    assert at(ADOPTED, "run", "--yes").returncode == 0
    return configure


def server_at(port: int) -> str:
    return (
        'transport = "smtp"\nsender = "robot@plan.test"\n'
        f'[mail.smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
    )


def test_without_a_mail_server_mails_are_files_and_the_run_says_so(plan, at, home):
    """The count and the folder; a further run has nothing new to write."""
    done = at(MONDAY, "run", "--accept-clock")
    assert done.returncode == 0
    folder = home / ".local/state/sheets-sync/mails"
    assert f"mail is off: 2 mails written to {folder}, nobody was mailed" in done.stdout
    assert len(list(folder.glob("*.eml"))) == 2
    assert "mail is off: nothing new to write, nobody was mailed" in at(MONDAY, "run").stdout


def test_people_are_mailed_after_the_release_and_the_run_counts_them(plan, at):
    """First a preview for the keeper; after `mail release` the others. Nothing of a cell or a person is printed."""
    script = Script()
    with running(script, login=False) as port:
        plan(server_at(port))
        first = at(MONDAY, "run", "--accept-clock")
        assert [mail.address for mail in script.delivered] == ["kim@plan.test"]
        assert "1 mail sent" in first.stdout
        assert "people are mailed after: sheets-sync mail release" in first.stdout
        assert at(MONDAY, "mail", "release").returncode == 0
        second = at("2026-11-23 08:30+00:00", "run")
    assert [mail.address for mail in script.delivered] == ["kim@plan.test", "ana@plan.test"]
    assert (second.returncode, "1 mail sent" in second.stdout) == (0, True)
    for text in (first.stdout, first.stderr, second.stdout, second.stderr):
        assert not any(word in text for word in (SENTINEL, "Ana", "@plan.test"))


def test_a_server_that_is_not_there_ends_with_three_and_the_hour_it_began(plan, at):
    """Every run says since when, until mail leaves again."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        plan(server_at(taken.getsockname()[1]))
        at(MONDAY, "mail", "release")
        first = at(MONDAY, "run", "--accept-clock")
        later = at("2026-11-23 09:00+00:00", "run", "--log-format", "json")
    with time_machine.travel(dt.datetime.fromisoformat(MONDAY)):
        began = dt.datetime.now().astimezone().strftime("%a %d %b %H:%M")
    for done in (first, later):
        assert done.returncode == 3
        assert f"mail cannot be sent since {began}: " in done.stderr
    assert '"event": "mail cannot be sent"' in later.stderr


def test_a_test_mail_that_leaves_ends_the_trouble(plan, at):
    """Until then every run ends with 3, also after the week's mails expired, and says how to end it."""
    script = Script()
    script.sender_answer = "550 5.7.1 this sender may not send"
    with running(script, login=False) as port:
        plan(server_at(port))
        at(MONDAY, "mail", "release")
        assert at(MONDAY, "run", "--accept-clock").returncode == 3
        over = at("2026-11-25 19:40+00:00", "run", "--accept-clock")
        assert over.returncode == 3
        assert "no mail could be sent" in over.stdout
        assert "3 messages dropped" in over.stdout
        assert "when it is mended: sheets-sync mail test" in over.stderr
        assert at("2026-11-25 19:41+00:00", "mail", "test").returncode == 3
        script.sender_answer = "250 OK"
        assert at("2026-11-25 19:42+00:00", "mail", "test").returncode == 0
        assert at("2026-11-25 19:43+00:00", "run").returncode == 0
        assert "no mail can leave" not in at("2026-11-25 19:44+00:00", "mail", "list").stdout


def test_redirected_mails_are_told_as_such(plan, at):
    """The run and the list say that nobody else was mailed; without the redirection the same week is mailed."""
    script = Script()
    with running(script, login=False) as port:
        plan(server_at(port).replace("[mail.smtp]", 'redirect_all_to = "trial@plan.test"\n[mail.smtp]'))
        at(MONDAY, "mail", "release")
        done = at(MONDAY, "run", "--accept-clock")
        assert "2 mails redirected to one address, nobody else was mailed" in done.stdout
        listed = at(MONDAY, "mail", "list").stdout
        assert "nobody else is mailed" in listed
        assert "2  redirected" in listed
        [counts] = json.loads(at(MONDAY, "mail", "list", "--format", "json").stdout)
        assert (counts["mails_redirected"], counts["mails_sent"]) == (2, 0)
        plan(server_at(port))
        assert "2 mails sent" in at("2026-11-23 08:30+00:00", "run").stdout
    assert [mail.address for mail in script.delivered][2:] == ["ana@plan.test", "kim@plan.test"]


WHY = [
    ("", "written this week as a file on 2026-11-23, not mailed"),
    ("refusing", "a mail of 2026-11-23 waits"),
    ("trial", "redirected this week to another address on 2026-11-23"),
    ("live", "mailed this week on 2026-11-23 (at most one mail a day, three a week)"),
]


@pytest.mark.parametrize(("mode", "line"), WHY)
def test_why_tells_only_of_mails_that_left_that_somebody_was_mailed(plan, at, monkeypatch, mode, line):
    """A file, a mail that waits and one that went elsewhere are told as what they are."""
    script = Script()
    script.sender_answer = "550 5.7.1 no" if mode == "refusing" else "250 OK"
    with running(script, login=False) as port:
        if mode:
            redirection = 'redirect_all_to = "trial@plan.test"\n' if mode == "trial" else ""
            plan(server_at(port).replace("[mail.smtp]", f"{redirection}[mail.smtp]"))
        at(MONDAY, "mail", "release")
        at(MONDAY, "run", "--accept-clock")
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        told = at("2026-11-23 09:00+00:00", "mail", "why", "Ana Lima").stdout
    assert [one for _, one in WHY if one in " ".join(told.split())] == [line]


def test_the_week_is_the_persons_own(plan, at, home, monkeypatch):
    """On a Sunday evening in Lisbon it is Monday morning in Auckland: last week's mail is of another week."""
    with running(Script(), login=False) as port:
        plan(server_at(port))
        at(MONDAY, "mail", "release")
        at(MONDAY, "run", "--accept-clock")
        config = home / "config.toml"
        config.write_text(
            config.read_text().replace('"ana@plan.test"', '"ana@plan.test"\ntimezone = "Pacific/Auckland"')
        )
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        saturday = at("2026-11-28 20:00+00:00", "mail", "why", "Ana Lima").stdout
        sunday = at("2026-11-29 20:00+00:00", "mail", "why", "Ana Lima").stdout
    assert ("mailed this week" in saturday, "mailed this week" in sunday) == (True, False)


def test_a_run_tells_how_many_rows_reach_nobody(plan, at):
    """The row of an unknown owner; somebody must see to it."""
    text = at(MONDAY, "run", "--accept-clock").stdout
    assert "Plant: rows that reach nobody, for want of an owner who can be mailed: 1" in text


def test_who_has_the_workbook_open_is_told_on_a_terminal_only(plan, at, home, monkeypatch):
    """Excel's lock file holds a name; a pipe ends in mails of cron and in journals."""
    (home / "~$P.xlsx").write_bytes(b"\x05Maria" + b" " * 49)
    books = load_workbook(home / "P.xlsx")
    books["Actions"]["D2"] = "Done"
    books.save(home / "P.xlsx")
    piped = at(MONDAY, "run", "--accept-clock", "--verbose")
    assert "P.xlsx is open in Excel" in piped.stdout
    assert "Maria" not in piped.stdout + piped.stderr
    taken_back = at(MONDAY, "undo")
    assert "P.xlsx is open in Excel" in taken_back.stdout + taken_back.stderr
    assert "Maria" not in taken_back.stdout + taken_back.stderr
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert "(by Maria)" in at(MONDAY, "run", "--accept-clock").stdout


def test_a_dry_run_mails_nothing(plan, at, home):
    """It is for looking."""
    done = at(MONDAY, "run", "--dry-run", "--accept-clock")
    assert "mail" not in done.stdout
    assert not (home / ".local/state/sheets-sync/mails").exists()


def test_mails_asked_for_by_kind_leave_on_any_working_day(plan, at, home):
    """`--mail owner-week` on a Thursday; an unknown kind is a usage error that names the known ones."""
    done = at("2026-11-26 10:00+00:00", "run", "--accept-clock", "--mail", "owner-week")
    assert "mail is off: 2 mails written" in done.stdout
    wrong = at("2026-11-26 10:00+00:00", "run", "--mail", "daily")
    assert wrong.returncode == 2
    assert "owner-week, leader-week" in wrong.stderr


def test_the_kinds_on_the_command_line_are_those_of_notices():
    """They stand twice so that the command line need not load the rest."""
    assert set(KINDS) == set(Kind)


def test_a_quiet_run_says_what_went_wrong_and_nothing_else(plan, at):
    """An address that the server refuses for good: exit code 3 and one line on standard error."""
    script = Script()
    with running(script, login=False) as port:
        plan(server_at(port).replace("[mail.smtp]", 'redirect_all_to = "gone@plan.test"\n[mail.smtp]'))
        at(MONDAY, "mail", "release")
        done = at(MONDAY, "run", "--accept-clock", "--quiet")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "2 mails refused for good: sheets-sync mail list\n"


def test_whatever_goes_wrong_no_name_address_or_cell_is_printed_or_logged(plan, at, home):
    """A template that quotes what it should not, refused addresses, a lost server: counts and places only."""
    folder = home / "templates"
    folder.mkdir(mode=0o700)
    template = folder / "owner-week-body.txt.j2"
    template.write_text("{{ mail.parts[0].nothing_like_that[mail.parts] }}")
    template.chmod(0o600)
    script = Script()
    said = []
    with running(script, login=False) as port:
        plan(server_at(port).replace("[mail.smtp]", 'redirect_all_to = "gone@plan.test"\n[mail.smtp]'))
        at(MONDAY, "mail", "release")
        said.append(at(MONDAY, "run", "--accept-clock", "--verbose", "--log-format", "json"))
        template.unlink()
        said.append(at("2026-11-23 08:30+00:00", "run", "--verbose", "--log-format", "json"))
    said.append(at("2026-11-24 08:30+00:00", "run", "--verbose"))
    assert [done.returncode for done in said] == [3, 3, 0]
    assert "owner-week-body.txt.j2" in said[0].stderr
    for done in said:
        for word in (SENTINEL, "Ana", "Kim", "@", "gone"):
            assert word not in done.stdout + done.stderr
