"""The commands around mail: on a terminal they name people, anywhere else they count."""

import datetime as dt
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
import time_machine
from notify.scripted_server import Script, free_port, running

from sheets_sync.cli.mail_commands import command
from sheets_sync.cli.main import run_command
from sheets_sync.config.load import load_config
from sheets_sync.core.mails import MailState
from sheets_sync.demo.story import KEEPER, PEOPLE
from sheets_sync.run.post import Why
from sheets_sync.run.wiring import open_store

pty = pytest.importorskip("pty", reason="terminals are POSIX")

Command = Callable[..., "Done"]
Done = tuple[int, str, str]
NAMES = tuple(sorted({KEEPER, *(row[0] for row in PEOPLE[1:])}))
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def told_story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's folder, its mails written as files."""
    folder = tmp_path_factory.mktemp("story") / "demo"
    assert run_command(["demo", "--quiet", "--folder", str(folder)]) == 0
    return folder


@pytest.fixture
def demo(told_story: Path, home: Path) -> Path:
    """A copy of it in the home folder, where commands find it as the configuration."""
    folder = home / "demo"
    shutil.copytree(told_story, folder)
    return folder


@pytest.fixture
def mail(sheets_sync: Command, demo: Path) -> Command:
    """Runs `sheets-sync mail WORDS...` on the demo; nobody looks at the output."""
    return lambda *words: sheets_sync("mail", *words, "--config", str(demo))


@pytest.fixture
def terminal(demo: Path, environment: dict[str, str], tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """The same where a person looks, and types `typed`; pages are not opened but noted in the file `opened`."""
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path / "opened"}\n')
    browser.chmod(0o755)
    variables = environment | {"TERM": "dumb", "BROWSER": str(browser), "COLUMNS": "250"}

    def run(*words: str, typed: str = "") -> tuple[int, str]:
        program = [sys.executable, "-m", "sheets_sync", *words, "--config", str(demo)]
        master, slave = pty.openpty()
        process = subprocess.Popen(program, env=variables, cwd=demo, stdin=slave, stdout=slave, stderr=slave)
        os.close(slave)
        os.write(master, typed.encode())
        text = b"".join(iter(lambda: _read(master), b""))
        os.close(master)
        return process.wait(timeout=60), " ".join(text.decode().split())

    return run


def _read(place: int) -> bytes:
    try:
        return os.read(place, 65536)
    except OSError:
        return b""


@pytest.fixture
def server() -> Iterator[tuple[Script, int]]:
    """A mail server on this computer, without encryption or login."""
    script = Script()
    with running(script, login=False) as port:
        yield script, port


def sends_through(demo: Path, port: int, *, keeper: str = "iris.berg@example.com") -> None:
    """Configure the mail server."""
    file = demo / "config.toml"
    text = file.read_text("utf-8").replace("iris.berg@example.com", keeper)
    smtp = f'transport = "smtp"\nsender = "robot@example.com"\n[mail.smtp]\nhost = "127.0.0.1"\nport = {port}\n'
    file.write_text(text.replace('[people."Iris', f'{smtp}security = "none"\n\n[people."Iris'), "utf-8")


def holds_no_name(text: str) -> bool:
    """Whether nobody is named, by name or address."""
    return "@" not in text and not any(name in text or name.split()[0] in text for name in NAMES)


def settled(demo: Path) -> list[MailState]:
    """The states of all mails in the outbox."""
    store = open_store(load_config(demo))
    try:
        return [one.state for one in store.outbox.mails()]
    finally:
        store.close()


# --- test ---------------------------------------------------------------------------------------------------------


def test_without_a_server_a_test_mail_is_a_file(mail: Command, demo: Path) -> None:
    """It is written beside the other mails, and said so; the outbox knows nothing of it."""
    before = set((demo / "state" / "mails").iterdir())
    done = mail("test")
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing was sent" in done.stdout
    assert str(demo / "state" / "mails") in done.stdout
    [file] = [file for file in set((demo / "state" / "mails").iterdir()) - before if file.suffix == ".eml"]
    assert 'To: "Iris Berg" <iris.berg@example.com>' in file.read_text()
    assert MailState.PENDING not in settled(demo)


def test_a_test_mail_goes_to_the_keeper_alone(mail: Command, demo: Path, server: tuple[Script, int]) -> None:
    """One mail, one recipient, also while mail is switched off; the output names nobody."""
    script, port = server
    sends_through(demo, port)
    mail("off")
    done = mail("test")
    assert (done.returncode, done.stderr) == (0, "")
    assert [one.address for one in script.delivered] == ["iris.berg@example.com"]
    assert b"Subject: A test mail of sheets-sync" in script.delivered[0].raw
    assert "The mail server took it" in done.stdout
    assert holds_no_name(done.stdout)


def test_a_test_mail_is_redirected_like_any_other(mail: Command, demo: Path, server: tuple[Script, int]) -> None:
    """While all mail is redirected nobody else is reached, and the output says where to look."""
    script, port = server
    sends_through(demo, port)
    file = demo / "config.toml"
    redirect = '\nredirect_all_to = "try@example.com"\n[mail.smtp]\n'
    file.write_text(file.read_text("utf-8").replace("\n[mail.smtp]\n", redirect))
    assert "redirected to" in mail("test").stdout
    assert [one.address for one in script.delivered] == ["try@example.com"]


@pytest.mark.parametrize(
    ("keeper", "told"),
    [("gone@example.com", "does not take mail for this address (550 5.1.1)"), ("busy@example.com", "(450 4.2.1)")],
)
def test_a_refused_test_mail_is_told_with_a_way_out(
    mail: Command, demo: Path, server: tuple[Script, int], keeper: str, told: str
) -> None:
    """Exit code 3; what the server answered in our words and its code, and what to do; no address."""
    sends_through(demo, server[1], keeper=keeper)
    done = mail("test")
    assert done.returncode == 3
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert holds_no_name(done.stdout + done.stderr)


def test_an_unreachable_server_is_told_with_a_way_out(mail: Command, demo: Path) -> None:
    """Exit code 3, and the doctor's mail check is named."""
    sends_through(demo, free_port())
    done = mail("test")
    assert done.returncode == 3
    assert "cannot be reached" in done.stderr
    assert "doctor --mail" in done.stderr


@pytest.mark.parametrize("words", ["test", "preview"])
def test_without_a_keeper_there_is_no_mail(sheets_sync: Command, configured: Path, words: str) -> None:
    """Exit code 2 with what to configure; the other mail commands have nothing to tell."""
    done = sheets_sync("mail", words)
    assert done.returncode == 2
    assert 'keeper = "NAME"' in done.stderr
    assert sheets_sync("mail", "list").returncode == 0
    assert sheets_sync("mail", "off").returncode == 0


def test_of_two_keepers_one_must_be_chosen(mail: Command, demo: Path, server: tuple[Script, int]) -> None:
    """Exit code 2 with the names of the plans; with --plan that one's keeper gets the mail."""
    script, port = server
    sends_through(demo, port)
    with (demo / "config.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[[plan]]\nuid = "p-other1"\nname = "Other"\nworkbook = "O.xlsx"\ntimezone = "UTC"\nkeeper = "Jo Chen"\n'
        )
    done = mail("test")
    assert done.returncode == 2
    assert "Plant improvement plan, Other" in done.stderr
    assert mail("test", "--plan", "Other").returncode == 0
    assert [one.address for one in script.delivered] == ["jo.chen@example.com"]


# --- preview ------------------------------------------------------------------------------------------------------


def contents(demo: Path) -> dict[Path, bytes]:
    """Every file but the store and what the configuration came to."""
    files = (file for file in demo.rglob("*") if file.is_file())
    return {file: file.read_bytes() for file in files if "store" not in file.name and file.suffix != ".kept"}


def test_a_preview_writes_every_mail_for_its_reader_alone(mail: Command, demo: Path) -> None:
    """A page and a text for each person, private, with no name in output or file names; nothing else changes, but that
    what the configuration came to is kept."""
    before = contents(demo)
    done = mail("preview")
    assert (done.returncode, done.stderr) == (0, "")
    folder = demo / "state" / "preview"
    pages = sorted(folder.glob("*.html"))
    assert done.stdout.splitlines()[: len(pages)] == [str(page) for page in pages]
    assert len(pages) >= 5
    assert sorted(page.stem for page in folder.glob("*.txt")) == [page.stem for page in pages]
    assert holds_no_name(done.stdout)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert "Rui Costa" in next(page for page in pages if "leader-week" in page.name).read_text("utf-8")
    assert {file: content for file, content in contents(demo).items() if file.parent != folder} == before
    assert MailState.PENDING not in settled(demo)


def test_the_week_is_previewed_on_any_day_of_it(mail: Command, demo: Path) -> None:
    """Also when its mails have gone or can go no more; on the page stands when it was read."""
    today = dt.datetime.now(dt.UTC)
    saturday = (today + dt.timedelta(days=12 - today.weekday())).replace(hour=21, minute=5)
    with time_machine.travel(saturday, tick=False):
        assert mail("preview").returncode == 0
    pages = list((demo / "state" / "preview").glob("*.txt"))
    assert len(pages) >= 5
    assert all(" 21:05" in page.read_text("utf-8") for page in pages)


def test_a_preview_of_one_person_is_that_persons_alone(mail: Command, demo: Path) -> None:
    """Earlier pages go; what others own is not in it."""
    mail("preview")
    done = mail("preview", "rui costa")
    [page] = (demo / "state" / "preview").glob("*.html")
    assert done.stdout.splitlines()[0] == str(page)
    text = page.read_text("utf-8")
    assert "Count the stock of the 40 A items" in text
    assert "Publish the new price list" not in text


def test_on_a_terminal_one_persons_preview_is_opened(terminal: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    """The page of one person is handed to the browser; of everybody, none is."""
    code, told = terminal("mail", "preview")
    assert code == 0
    assert "Rui Costa" in told
    assert not (tmp_path / "opened").exists()
    code, told = terminal("mail", "preview", "Rui Costa")
    assert code == 0
    assert (tmp_path / "opened").read_text().strip().endswith("01-owner-week.html")


@pytest.mark.parametrize("words", [("preview",), ("why",)])
def test_a_name_needs_no_quotes(mail: Command, words: tuple[str, ...]) -> None:
    """The preview mail tells to type the name as it stands."""
    quoted = mail(*words, "Rui Costa")
    assert mail(*words, "Rui", "Costa") == quoted
    assert quoted.returncode == 0


def test_an_unknown_person_gets_the_nearest_name_on_a_terminal_only(
    mail: Command, terminal: Callable[..., tuple[int, str]]
) -> None:
    """Exit code 2 for preview and why alike."""
    for words in (("preview", "Rui Cota"), ("why", "Rui Cota")):
        done = mail(*words)
        assert done.returncode == 2
        assert holds_no_name(done.stderr)
        code, told = terminal("mail", *words)
        assert code == 2
        assert 'did you mean "Rui Costa"?' in told


def test_a_preview_goes_on_when_a_workbook_cannot_be_read(mail: Command, demo: Path) -> None:
    """Exit code 3, and the reason on standard error."""
    (demo / "Plant improvement plan.xlsx").unlink()
    done = mail("preview")
    assert done.returncode == 3
    assert "there is no file" in done.stderr


def test_a_plan_that_cannot_say_done_has_no_mails(mail: Command, demo: Path) -> None:
    """A preview says which column is missing, not that all is well."""
    book = openpyxl.Workbook()
    for row in (("Action", "Owner", "Due"), ("Paint the wall of hall 2", "Rui Costa", dt.date(2026, 1, 5))):
        book.active.append(row)
    book.save(demo / "Plant improvement plan.xlsx")
    config = demo / "config.toml"
    config.write_text(re.sub(r"(?m)^tabs = .*$", "", config.read_text("utf-8")), "utf-8")
    done = mail("preview")
    assert "add a Status or Done column" in done.stdout
    assert "reaches its owner" not in done.stdout


def test_pages_of_a_preview_are_not_kept_longer_than_mails(mail: Command, sheets_sync: Command, demo: Path) -> None:
    """A run deletes those older than 30 days; younger ones and what somebody put there stay."""
    mail("preview")
    folder = demo / "state" / "preview"
    pages = sorted(folder.iterdir())
    kept = folder / "notes.txt"
    kept.touch()
    for old in (kept, *pages[1:]):
        os.utime(old, (time.time() - 31 * 86_400,) * 2)
    sheets_sync("run", "--accept-clock", "--config", str(demo))
    assert sorted(folder.iterdir()) == [pages[0], kept]


# --- list, why ----------------------------------------------------------------------------------------------------


def test_the_list_names_people_on_a_terminal_only(mail: Command, terminal: Callable[..., tuple[int, str]]) -> None:
    """Anywhere else there are counts by state. A subject counts what one person has, and is not shown to others."""
    done = mail("list")
    assert done.returncode == 0
    assert holds_no_name(done.stdout)
    assert "written" in done.stdout
    code, told = terminal("mail", "list")
    assert code == 0
    assert "Lena Novak" in told
    assert "leader-week" in told
    assert "late" not in told
    assert "due soon" not in told


def test_the_list_for_a_monitor_holds_counts_alone(mail: Command, demo: Path) -> None:
    """As JSON, one object: switches and the number of mails in each state."""
    written = settled(demo).count(MailState.WRITTEN)
    [told] = json.loads(mail("list", "--format", "json").stdout)
    assert told["mails_written"] == written > 3
    assert told["mails_pending"] == 0
    assert told["off_since"] is None
    mail("off")
    [told] = json.loads(mail("list", "--format", "json").stdout)
    assert told["off_since"]
    assert all(isinstance(value, int | str | None) for value in told.values())
    assert holds_no_name(json.dumps(told))


def test_why_tells_what_a_person_got_and_what_did_not_go(
    mail: Command, terminal: Callable[..., tuple[int, str]]
) -> None:
    """States and reasons of every kept notice, and what holds mails; in a pipe only counts."""
    mail("off")
    done = mail("why", "ana lima")
    assert done.returncode == 0
    assert holds_no_name(done.stdout)
    assert "written" in done.stdout
    for word in ("Ana Lima", "ANA.LIMA@example.com"):
        code, told = terminal("mail", "why", word)
        assert code == 0
        for words in ("Ana Lima <ana.lima@example.com>", "switched off", "expired", "written", "owner-week"):
            assert words in told


def test_why_tells_of_an_absence_and_of_a_choice(terminal: Callable[..., tuple[int, str]], demo: Path) -> None:
    """What the configuration says of a person holds their mails, and is told."""
    file = demo / "config.toml"
    text = file.read_text("utf-8").replace('"omar.haddad@example.com"', '"omar.haddad@example.com"\nmail = "none"')
    file.write_text(text, "utf-8")
    code, told = terminal("mail", "why", "Omar Haddad")
    assert code == 0
    assert "wants no mails" in told


WAITS = [
    ("Mon 06:00", "Ana Lima", "not before Mon"),
    ("Mon 08:00", "Ana Lima", Why.NOT_RELEASED),
    ("Tue 08:00", "Ana Lima", Why.NOT_RELEASED),
    ("Mon 19:30", "Ana Lima", Why.QUIET_HOURS),
    ("Thu 08:00", "Ana Lima", "its time is over"),
]


@pytest.mark.parametrize(("moment", "name", "told"), WAITS)
def test_why_tells_what_a_waiting_notice_waits_for(
    mail: Command, sheets_sync: Command, demo: Path, monkeypatch: pytest.MonkeyPatch, moment: str, name: str, told: str
) -> None:
    """Its time, working hours, the plan's release; and when its week is over that it is."""
    sends_through(demo, free_port())
    monday = dt.datetime.now(dt.UTC).date()
    monday += dt.timedelta(days=7 - monday.weekday())
    with time_machine.travel(dt.datetime.combine(monday, dt.time(5), dt.UTC), tick=False):
        sheets_sync("run", "--accept-clock", "--config", str(demo))
    day, clock = moment.split()
    instant = dt.datetime.combine(monday, dt.time.fromisoformat(clock), dt.UTC)
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with time_machine.travel(instant + dt.timedelta(days=("Mon", "Tue", "Wed", "Thu").index(day)), tick=False):
        seen = mail("why", name).stdout
    assert told in " ".join(seen.split()), seen


# --- off, on, release ---------------------------------------------------------------------------------------------


def test_off_stops_and_on_lets_go(mail: Command, demo: Path) -> None:
    """Both say how many mails in the outbox are meant; on twice is no error."""
    assert "Stopped in the outbox: 0" in mail("off").stdout
    assert "switched off since" in mail("list").stdout
    assert "Mail is on again" in mail("on").stdout
    assert "switched off" not in mail("list").stdout
    assert "was on already" in mail("on").stdout


def test_release_lets_the_chosen_plans_go_live(mail: Command, demo: Path, server: tuple[Script, int]) -> None:
    """Until then the list says that mails go to the keeper alone; a plan nobody has is a usage error."""
    sends_through(demo, server[1])
    assert "to the keeper alone" in mail("list").stdout
    assert mail("release", "--plan", "Another").returncode == 2
    done = mail("release", "--plan", "Plant improvement plan")
    assert done.returncode == 0
    assert "with the next run its people are mailed" in done.stdout
    assert "to the keeper alone" not in mail("list").stdout
    assert "released already" in mail("release").stdout


@pytest.fixture
def from_sheet(demo: Path, sheets_sync: Command) -> Path:
    """People come from the People tab, all but keeper and leader; a run has seen them."""
    file = demo / "config.toml"
    text = file.read_text("utf-8").replace("\n[mail]\n", "\n[mail]\npeople_from_sheet = true\n")
    head, _, _ = text.partition('[people."Ana Lima"]')
    _, lead, tail = text.partition('[people."Lena Novak"]')
    file.write_text(head + lead + tail, "utf-8")
    assert sheets_sync("run", "--yes", "--accept-clock", "--config", str(demo)).returncode == 0
    return demo


def test_a_person_of_the_sheet_is_released_by_name(
    mail: Command, from_sheet: Path, terminal: Callable[..., tuple[int, str]]
) -> None:
    """On a terminal name and address are shown and a no changes nothing; --yes releases without naming anybody."""
    code, told = terminal("mail", "release", "Ana Lima", typed="n\n")
    assert code == 0
    assert "Ana Lima <ana.lima@example.com>, leader Lena Novak" in told
    refused = mail("release", "Ana Lima")
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    assert holds_no_name(refused.stdout + refused.stderr)
    done = mail("release", "Ana", "Lima", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Released: 1" in done.stdout
    assert holds_no_name(done.stdout)
    assert mail("release", "Ana Lima", "--yes").returncode == 2


def test_no_name_at_all_is_no_release_of_everything(mail: Command) -> None:
    """An empty word, as a script may give it, releases no plan."""
    assert mail("release", "").returncode == 2


@pytest.fixture
def odd_people(from_sheet: Path) -> Path:
    """Two rows of the People tab cannot be used."""
    file = from_sheet / "Plant improvement plan.xlsx"
    book = openpyxl.load_workbook(file)
    sheet = book["People"]
    header = [cell.value for cell in sheet[1]]
    for name, address in (("Otto Lang", "otto at example.com"), ("Ida Falk", None)):
        row = [None] * len(header)
        row[header.index("Name")], row[header.index("Email")] = name, address
        sheet.append(row)
    book.save(file)
    return from_sheet


def test_rows_of_the_people_tab_to_mend_are_told(
    odd_people: Path, sheets_sync: Command, mail: Command, terminal: Callable[..., tuple[int, str]]
) -> None:
    """Their number by every run; each with its reason by a preview on a terminal, where its keeper looks."""
    told = "rows of the People tab to mend: 2"
    assert told in sheets_sync("run", "--yes", "--accept-clock", "--config", str(odd_people)).stdout
    assert told in mail("preview").stdout
    assert "no address" not in mail("preview").stdout
    _, shown = terminal("mail", "preview")
    assert told in shown
    assert "there is no address" in shown
    assert shown.count("People row ") == 2


def test_a_person_who_waits_for_release_can_be_previewed(mail: Command, from_sheet: Path) -> None:
    """The keeper sees what would go there before releasing it; that releases nothing."""
    assert mail("preview", "Ana Lima").returncode == 0
    assert list((from_sheet / "state" / "preview").glob("*.html"))
    assert "Released: 1" in mail("release", "Ana Lima", "--yes").stdout


def test_why_tells_that_a_person_waits_for_release(from_sheet: Path, terminal: Callable[..., tuple[int, str]]) -> None:
    """With the command to type."""
    code, told = terminal("mail", "why", "Ana Lima")
    assert code == 0
    assert "mail release" in told


# --- doctor -------------------------------------------------------------------------------------------------------


def test_the_doctor_names_owners_without_mail_on_a_terminal_only(
    sheets_sync: Command, demo: Path, terminal: Callable[..., tuple[int, str]]
) -> None:
    """How many rows reach no owner is told everywhere."""
    done = sheets_sync("doctor", "--mail", "--config", str(demo))
    assert (done.returncode, done.stderr) == (0, "")
    assert "open rows that reach no owner: 3" in done.stdout
    assert holds_no_name(done.stdout.replace(str(demo), ""))
    _, told = terminal("doctor", "--mail")
    assert "Maintenance team" in told


def test_the_doctor_is_let_in_by_the_mail_server(sheets_sync: Command, demo: Path, server: tuple[Script, int]) -> None:
    """Nothing is sent."""
    script, port = server
    sends_through(demo, port)
    done = sheets_sync("doctor", "--mail", "--config", str(demo))
    assert done.returncode == 0, done.stdout
    assert "ok    mail server: reached and willing" in done.stdout
    assert not script.delivered


def test_the_doctor_tells_of_a_server_that_is_not_there(sheets_sync: Command, demo: Path) -> None:
    """Exit code 3 with what to look at."""
    sends_through(demo, free_port())
    done = sheets_sync("doctor", "--mail", "--config", str(demo))
    assert done.returncode == 3
    assert "FAIL  mail server: The mail server cannot be reached" in done.stdout


def test_the_doctor_tells_of_a_password_that_is_not_there(sheets_sync: Command, demo: Path) -> None:
    """The reference is told, as one line of the mail server; the other lines follow."""
    sends_through(demo, free_port())
    file = demo / "config.toml"
    login = 'security = "starttls"\nuser = "robot"\npassword = "env:NO_SUCH_PASSWORD"'
    file.write_text(file.read_text("utf-8").replace('security = "none"', login))
    done = sheets_sync("doctor", "--mail", "--config", str(demo))
    assert done.returncode == 3
    assert "FAIL  mail server: the environment variable NO_SUCH_PASSWORD is not set" in done.stdout
    assert "ok    mails of Plant improvement plan" in done.stdout


def test_the_doctor_tells_of_templates_others_can_change(sheets_sync: Command, demo: Path) -> None:
    """The command that mends it is told."""
    folder = demo / "templates"
    folder.mkdir()
    folder.chmod(0o777)
    done = sheets_sync("doctor", "--mail", "--config", str(demo))
    assert done.returncode == 3
    assert "chmod go-w" in done.stdout


def test_the_readme_names_every_mail_command() -> None:
    """A command that is not in the README does not exist for its readers."""
    readme = (ROOT / "README.md").read_text("utf-8")
    assert not [name for name in command.commands if f"`mail {name}" not in readme]
