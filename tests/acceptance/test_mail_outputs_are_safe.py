"""What the mail commands and the mails of a run print where nobody looks: no name, address, subject, cell or secret
(HAZARDS 26). In this process, on a Monday morning, with a mail server that takes, refuses or is not there."""

import datetime as dt

import pytest
import time_machine
from notify.scripted_server import Script, free_port, running
from openpyxl import Workbook

from sheets_sync.cli.main import run_command

SENTINEL = "zq7sentinel"
THURSDAY, MONDAY = (dt.datetime(2026, 11, day, 9, tzinfo=dt.UTC) for day in (19, 23))
CONFIG = f"""
[[plan]]
uid = "p-000001"
name = "Plant"
workbook = "plan.xlsx"
timezone = "UTC"
[mail]
keeper = "{SENTINEL} keeper"
allowed_domains = ["{SENTINEL}.example"]
people_from_sheet = true
transport = "smtp"
sender = "robot@{SENTINEL}.example"
[mail.smtp]
host = "127.0.0.1"
port = PORT
security = "none"
[people."{SENTINEL} keeper"]
address = "keeper@{SENTINEL}.example"
[people."{SENTINEL} team"]
address = "team@{SENTINEL}.example"
[people."{SENTINEL} left"]
address = "gone@{SENTINEL}.example"
"""
ROWS = (
    ("Action", "Owner", "Due", "Status", "Notes"),
    (f"Repair {SENTINEL} press", f"{SENTINEL} team", dt.date(2026, 11, 3), "In progress", f"asked {SENTINEL}"),
    (f"Paint {SENTINEL} fence", f"{SENTINEL} left", dt.date(2026, 11, 10), "In progress", f"see {SENTINEL}"),
    (f"Sweep {SENTINEL} hall", f"{SENTINEL} new", dt.date(2026, 11, 24), "In progress", ""),
    (f"Count {SENTINEL} boxes", f"{SENTINEL} nobody", dt.date(2026, 11, 10), "In progress", ""),
)
PEOPLE = (("Name", "Email", "Leader"), (f"{SENTINEL} new", f"new@{SENTINEL}.example", f"{SENTINEL} keeper"))
COMMANDS = (
    ("run",), ("run", "--accept-clock", "--log-format", "json"), ("mail", "list"), ("mail", "list", "--format", "json"),
    ("mail", "release"),
    ("mail", "release", f"{SENTINEL} new"), ("mail", "release", f"{SENTINEL} x", "--yes"),
    ("mail", "release", f"{SENTINEL} new", "--yes"), ("run", "--verbose"), ("mail", "list"),
    ("mail", "why", f"{SENTINEL} team"), ("mail", "why", f"gone@{SENTINEL}.example", "--verbose"),
    ("mail", "why", f"{SENTINEL} x"), ("mail", "why", f"{SENTINEL} x", "--log-format", "json"),
    ("mail", "preview"), ("mail", "preview", f"{SENTINEL} team"), ("mail", "preview", f"{SENTINEL} x"),
    ("mail", "test"), ("mail", "test", "--log-format", "json"), ("mail", "off"), ("run",), ("mail", "on"),
    ("doctor",), ("doctor", "--mail"), ("run", "--quiet"), ("mail", "why", f"{SENTINEL} new"), ("mail", "list"),
)  # fmt: skip


@pytest.fixture
def unattended(private, tmp_path, monkeypatch, capsys):
    """Runs `sheets-sync WORDS...` in the private folder at an instant; nobody looks. Gives the code and all it said."""
    monkeypatch.chdir(private)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def run(instant, *words):
        with time_machine.travel(instant, tick=False):
            code = run_command(list(words))
        return code, "".join(capsys.readouterr())

    return run


@pytest.fixture
def plan(private, unattended):
    """A plan adopted the week before, sentinels everywhere; returns how to name the mail server's port."""
    book = Workbook()
    book.active.title = "Actions"
    people = book.create_sheet("People")
    for sheet, rows in ((book["Actions"], ROWS), (people, PEOPLE)):
        for row in rows:
            sheet.append(row)
    book.save(private / "plan.xlsx")

    def configure(port):
        (private / "config.toml").write_text(CONFIG.replace("PORT", str(port)), "utf-8")
        (private / "config.toml").chmod(0o600)

    configure(9)
    code, _ = unattended(THURSDAY, "run", "--yes")
    assert code == 0
    return configure


@pytest.mark.parametrize("reachable", [True, False], ids=["server", "no server"])
def test_mails_leave_no_trace_in_what_is_printed(plan, unattended, tmp_path, reachable):
    """Every mail command and every run, well or failing, names nobody, not even whom its own command line named; and
    no file's name tells one."""
    script = Script()
    with running(script, login=False) as port:
        plan(port if reachable else free_port())
        for words in COMMANDS:
            code, told = unattended(MONDAY, *words)
            assert SENTINEL not in told.lower(), words
            assert code in (0, 2, 3), words
            assert "unexpected error" not in told, words
    addresses = {one.address.partition("@")[0] for one in script.delivered}
    assert addresses == ({"keeper", "team", "new"} if reachable else set())
    assert list(tmp_path.rglob("preview/*.html"))
    assert not [file for file in tmp_path.rglob("*") if SENTINEL in file.name.lower()]


def test_a_wrong_mail_configuration_tells_no_value(plan, unattended, private):
    """Mistakes between people and mail are told by file, line and key."""
    text = (private / "config.toml").read_text("utf-8")
    wrong = text.replace(f"robot@{SENTINEL}.example", f"{SENTINEL} robot").replace("127.0.0.1", f"{SENTINEL} host")
    (private / "config.toml").write_text(wrong, "utf-8")
    code, told = unattended(MONDAY, "run")
    assert code == 2
    assert "sender" in told
    assert "host" in told
    assert SENTINEL not in told
