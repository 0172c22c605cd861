"""Plans in Google Sheets from the command line: set up, looked after, checked and run, against the local server."""

import datetime as dt
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.transport.requests import AuthorizedSession
from sheets_server.faults import Answer, quota_exceeded
from sheets_server.gspread_client import local_address
from sheets_server.server import BookHandle, SheetsServer

from sheets_sync.cli.google_health import clock_health
from sheets_sync.config.load import load_config
from sheets_sync.core.log_layout import CHECK_NOW
from sheets_sync.run.wiring import open_store
from sheets_sync.workbooks.google.traces import LOG_TAB

Command = Callable[..., Any]

PLAN = (
    ("Ref", "Action", "Owner", "Due", "Status"),
    ("X-1", "Paint the north wall of hall 3", "Ana Lima", "2020-11-13", "Open"),
    ("X-2", "Order gloves for the night shift", "Rui Costa", "2020-11-20", "Done"),
    ("X-3", "Replace valve 7 of line 2", "", "2020-12-01", "Open"),
)
OTHER = (("Action", "Owner"), ("Call the supplier about the pumps", "Eva"))


@pytest.fixture(scope="session")
def private_key() -> str:
    """A key that was made up for these tests."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*form).decode()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SheetsServer]:
    """The local server, to which google-auth's session brings what is meant for Google."""
    with SheetsServer() as running:
        to_google = AuthorizedSession.request

        def to_local(self: AuthorizedSession, method: str, url: str, *args: Any, **options: Any) -> Any:
            return to_google(self, method, local_address(running.url, url), *args, **options)

        monkeypatch.setattr(AuthorizedSession, "request", to_local)
        running.tokens.required = True
        yield running


@pytest.fixture
def book(server: SheetsServer) -> BookHandle:
    return server.book(title="Plant 2026", sheets=[("Actions", PLAN), ("Notes", (("kept by hand",),))])


@pytest.fixture
def key(home: Path, server: SheetsServer, private_key: str) -> Path:
    """The key file of a service account whose tokens come from the local server."""
    file = home / "key.json"
    found = {
        "type": "service_account",
        "project_id": "plans",
        "private_key_id": "1",
        "private_key": private_key,
        "client_email": "robot@plans.iam.gserviceaccount.com",
        "client_id": "1",
        "token_uri": f"{server.url}/token",
    }
    file.write_text(json.dumps(found))
    file.chmod(0o600)
    return file


def address(book: BookHandle, tab: str = "Actions") -> str:
    """As a person copies it from the browser."""
    return f"https://docs.google.com/spreadsheets/d/{book.id}/edit?usp=sharing#gid={book.gids[tab]}"


@pytest.fixture
def set_up(sheets_sync: Command, book: BookHandle, key: Path) -> Any:
    done = sheets_sync("init", address(book), "--google-key", str(key), "--country", "none", "--language", "en")
    assert done.returncode == 0, done
    return done


def flags(book: BookHandle) -> list[str]:
    """What stands in our Flag column, below its header; [] where there is none."""
    header, *rows = book.human.shown("Actions")
    return [row[header.index("Flag")] for row in rows[:3]] if "Flag" in header else []


def test_a_pasted_address_is_all_that_init_needs(set_up: Any, home: Path, book: BookHandle, key: Path) -> None:
    """The sheet's title names the plan, its time zone is the plan's, and how to sign in is written down."""
    assert "Taken as the plan: 'Actions'" in set_up.stdout
    assert "Written:" in set_up.stdout
    config = load_config(home)
    (plan,) = config.plans
    assert plan.settings.name == "Plant 2026"
    assert plan.settings.timezone == "Europe/Lisbon"
    assert plan.workbook.sheet_id == book.id
    assert config.google.key == f"file:{key}"
    assert (home / "config.toml").stat().st_mode & 0o777 == 0o600


def test_the_tab_that_was_open_is_the_plan(sheets_sync: Command, server: SheetsServer, key: Path, home: Path) -> None:
    """Of several tabs that look like plans, the one the address was copied from is taken."""
    book = server.book(sheets=[("Actions", PLAN), ("Pumps", OTHER)])
    done = sheets_sync("init", address(book, "Pumps"), "--google-key", str(key), "--country", "none")
    assert done.returncode == 0, done
    assert load_config(home).plans[0].settings.tabs == ("Pumps",)


@pytest.mark.parametrize(("locale", "order"), [("pt_BR", "dmy"), ("de_DE", "dmy"), ("en_US", ""), ("ja_JP", "")])
def test_the_locale_tells_what_comes_first_in_a_date(
    sheets_sync: Command, server: SheetsServer, key: Path, home: Path, locale: str, order: str
) -> None:
    """In a sheet whose locale writes the day first 03/04/2026 typed as text is the third of April; no other locale
    tells anything, for the one with the month first is what sheets have that nobody set up."""
    rows = (*PLAN[:2], ("X-2", "Order gloves for the night shift", "Rui Costa", "'03/04/2026", "Open"))
    book = server.book(sheets=[("Actions", rows)], locale=locale)
    done = sheets_sync("init", address(book), "--google-key", str(key), "--country", "none")
    assert done.returncode == 0, done
    assert load_config(home).plans[0].settings.date_order == order
    assert ("day first" in done.stdout) == bool(order)
    found = sheets_sync("check", "--fail-on", "never").stdout
    assert ("DAT006" in found) == (not order)


def test_nothing_is_written_by_looking(sheets_sync: Command, server: SheetsServer, book: BookHandle, key: Path) -> None:
    """check, init, export, a dry run and the doctor only read, and ask for no more than reading where they can."""
    before = book.version
    assert sheets_sync("check", address(book), "--google-key", str(key), "--fail-on", "never").returncode == 0
    assert sheets_sync("export", address(book), "--google-key", str(key)).returncode == 0
    assert sheets_sync("init", address(book), "--google-key", str(key), "--country", "none").returncode == 0
    preview = sheets_sync("run", "--dry-run")
    assert preview.returncode == 0, preview
    assert sheets_sync("check", "--fail-on", "never").returncode == 0
    scopes = {scope for caller, _ in server.tokens._known.values() for scope in caller.scopes}
    assert scopes == {
        "https://www.googleapis.com/auth/spreadsheets.readonly",
        "https://www.googleapis.com/auth/drive.metadata.readonly",
    }
    assert sheets_sync("doctor").returncode == 0
    assert book.version == before


def test_check_leads_to_the_row_on_a_terminal(
    sheets_sync: Command, book: BookHandle, set_up: Any, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below what was found in a row stands its address, once; a pipe gets none."""
    place = f"    https://docs.google.com/spreadsheets/d/{book.id}/edit#gid=0&range=A4"
    asked = ("check", address(book), "--google-key", str(key), "--fail-on", "never")
    assert place not in sheets_sync("check", "--fail-on", "never").stdout
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert sheets_sync("check", "--fail-on", "never").stdout.count(place) == 1
    assert sheets_sync(*asked).stdout.count(place) == 1


def test_a_run_flags_and_a_second_run_reads_nothing(
    sheets_sync: Command, server: SheetsServer, book: BookHandle, set_up: Any
) -> None:
    """The run writes its flags; while nobody changes the sheet the next one asks Drive alone."""
    done = sheets_sync("run", "--yes")
    assert done.returncode == 0, done
    assert flags(book) == ["OVERDUE since 13 Nov 2020", "", "NO OWNER"]
    sheets_sync("run")
    server.forget_requests()
    assert sheets_sync("run").returncode == 0
    assert [name for name in server.calls if name != "token"] == ["files.get"]


def test_undo_and_leave_take_back_what_was_written(sheets_sync: Command, book: BookHandle, set_up: Any) -> None:
    """Without a kept copy the cells and columns of ours are taken back one by one; people's stay."""
    before = book.human.shown("Actions")
    assert sheets_sync("run", "--yes").returncode == 0
    undone = sheets_sync("undo")
    assert undone.returncode == 0, undone
    assert book.human.shown("Actions") == before
    assert sheets_sync("resume").returncode == 0
    assert sheets_sync("run", "--yes").returncode == 0
    assert flags(book)
    left = sheets_sync("leave", "--yes")
    assert left.returncode == 0, left
    assert book.human.shown("Actions") == before


def test_plans_of_both_kinds_run_together(sheets_sync: Command, book: BookHandle, set_up: Any, home: Path) -> None:
    """One configuration, one run: an Excel plan that is missing does not stop the Google one."""
    with (home / "config.toml").open("a") as file:
        file.write('\n[[plan]]\nuid = "p-000001"\nname = "Gone"\nworkbook = "GONE.xlsx"\ntimezone = "UTC"\n')
    done = sheets_sync("run", "--yes")
    assert done.returncode == 3
    assert "Gone" in done.stdout + done.stderr
    assert flags(book)
    listed = sheets_sync("config", "check").stdout
    assert "Google Sheet" in listed
    assert "NOT FOUND" in listed


LINES = ("ways to sign in", "sign-in", "clock", "sheet of Plant 2026", "quota")


def test_the_doctor_walks_through_what_google_needs(sheets_sync: Command, set_up: Any) -> None:
    """Sign-in, clock, APIs, sharing, quota, tabs and headers: a line each, and all is well. No address is printed where
    no person reads."""
    done = sheets_sync("doctor")
    assert done.returncode == 0, done
    for line in LINES:
        assert f"ok    Google: {line}" in done.stdout
    assert "key file 0 days old" in done.stdout
    assert "scopes: spreadsheets, drive.metadata.readonly" in done.stdout
    assert "shared as Editor" in done.stdout
    assert "3 actions in Actions" in done.stdout
    assert "@" not in done.stdout + done.stderr


def forbidden(reason: str, **metadata: str) -> Answer:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "metadata": metadata}]
    error = {"code": 403, "message": "No: Ana Lima", "status": "PERMISSION_DENIED", "details": details}
    return Answer(403, json.dumps({"error": error}).encode())


LINK = "https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=1"


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (forbidden("SERVICE_DISABLED", activationUrl=LINK), f"open {LINK}, press Enable"),
        (forbidden("ACCESS_TOKEN_SCOPE_INSUFFICIENT"), "sign in again with the scopes"),
        (forbidden(""), "Share, add the account"),
    ],
)
def test_the_doctor_says_what_is_missing(
    sheets_sync: Command, server: SheetsServer, set_up: Any, fault: Answer, line: str
) -> None:
    """What Google refuses is a line with the action that mends it."""
    server.faults.add("spreadsheets.get", fault)
    done = sheets_sync("doctor")
    assert done.returncode == 3
    assert line in done.stdout
    assert "Ana" not in done.stdout + done.stderr


def test_the_doctor_sees_a_viewer(sheets_sync: Command, book: BookHandle, set_up: Any) -> None:
    """A sheet shared for looking at is found out before the first run."""
    book.share("robot@plans.iam.gserviceaccount.com", "reader")
    done = sheets_sync("doctor")
    assert done.returncode == 3
    assert "opened, but shared as Viewer" in done.stdout


@pytest.mark.parametrize(("minutes", "well", "part"), [(0, True, "as Google"), (3, True, ""), (9, False, "9 minutes")])
def test_a_wrong_clock_is_seen(minutes: int, well: bool, part: str) -> None:
    """Google refuses keys when the clock is five minutes off; the doctor says so before."""
    health = clock_health([dt.timedelta(), dt.timedelta(minutes=minutes)])
    assert health.well is well
    assert part in health.seen


def test_without_drive_the_doctor_says_what_it_costs(sheets_sync: Command, server: SheetsServer, set_up: Any) -> None:
    """A project without the Drive API works; every run reads then."""
    server.faults.add("files.get", *[forbidden("SERVICE_DISABLED")] * 9)
    done = sheets_sync("doctor")
    assert done.returncode == 0, done
    assert "each run reads the sheet" in done.stdout


@pytest.mark.parametrize("zone", ["Mars/Olympus", "GMT-03:00"])
def test_a_time_zone_nobody_knows_is_asked_for_elsewhere(
    sheets_sync: Command, server: SheetsServer, key: Path, home: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    """Where the sheet names a zone that this computer does not know, the computer's own counts."""
    monkeypatch.setenv("TZ", "America/Sao_Paulo")
    book = server.book(sheets=[("Actions", PLAN)])
    odd = {"properties": {"title": "Odd", "timeZone": zone, "locale": "en_US"}}
    server.faults.add("spreadsheets.get", Answer(200, json.dumps(odd).encode()))
    done = sheets_sync("init", address(book), "--google-key", str(key), "--country", "none")
    assert done.returncode == 0, done
    assert load_config(home).plans[0].settings.timezone == "America/Sao_Paulo"


def test_a_key_that_was_deleted_ends_the_walk(sheets_sync: Command, server: SheetsServer, set_up: Any) -> None:
    """Without a sign-in nothing else is tried, and every plan says why."""
    server.tokens.refused = "invalid_grant"
    done = sheets_sync("doctor")
    assert done.returncode == 3
    assert "FAIL  Google: sign-in: the key of the service account was deleted" in done.stdout
    assert "Google: quota" not in done.stdout
    run = sheets_sync("run", "--yes")
    assert run.returncode == 2
    assert "make a new key" in run.stdout + run.stderr or "key of the service account" in run.stderr


def test_the_doctor_finds_another_way_in(
    sheets_sync: Command, server: SheetsServer, set_up: Any, key: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the chosen sign-in does not work but the computer's own does, that is said."""
    shutil.copy(key, home / "adc.json")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(home / "adc.json"))
    assert "another way" not in sheets_sync("doctor").stdout
    broken = json.loads(key.read_text()) | {"token_uri": f"{server.url}/no-such-place"}
    key.write_text(json.dumps(broken))
    done = sheets_sync("doctor")
    assert done.returncode == 3
    assert 'own sign-in works: sign_in = "default"' in done.stdout


def test_a_key_that_others_can_read_is_not_used(sheets_sync: Command, book: BookHandle, key: Path) -> None:
    """A key is its owner's alone (HAZARDS 18)."""
    key.chmod(0o644)
    done = sheets_sync("check", address(book), "--google-key", str(key))
    assert done.returncode == 2
    assert f"chmod 600 {key}" in done.stderr


def test_a_key_in_a_synced_folder_is_not_used(sheets_sync: Command, book: BookHandle, key: Path, home: Path) -> None:
    """A key that is copied elsewhere is nobody's alone."""
    synced = home / "Dropbox"
    synced.mkdir(mode=0o700)
    moved = key.rename(synced / "key.json")
    done = sheets_sync("check", address(book), "--google-key", str(moved))
    assert done.returncode == 2
    assert "copies elsewhere" in done.stderr


def test_without_a_sign_in_the_ways_to_one_are_told(
    sheets_sync: Command, book: BookHandle, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A computer that is not signed in to Google says what to type."""
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(home))
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    done = sheets_sync("init", address(book))
    assert done.returncode == 2
    assert "gcloud auth application-default login" in done.stderr
    assert "--google-key" in done.stderr


@pytest.mark.parametrize("command", ["check", "export", "init"])
def test_a_look_that_cannot_be_had_is_a_failure(
    sheets_sync: Command, server: SheetsServer, book: BookHandle, key: Path, command: str
) -> None:
    """What a run puts off to the next one is a failure where no next one comes: a check never passes unread."""
    server.faults.add("spreadsheets.get", quota_exceeded()._replace(headers={"Retry-After": "3600"}))
    done = sheets_sync(command, address(book), "--google-key", str(key))
    assert done.returncode == 3
    assert "quota" in done.stderr
    assert "next run" not in done.stderr


@pytest.mark.parametrize(
    ("workbook", "part"),
    [
        ("https://docs.google.com/spreadsheets/d/e/2PACX-1vQx/pubhtml", "published"),
        ("https://example.com/plan", "only Google Sheets"),
    ],
)
@pytest.mark.parametrize("command", ["init", "check", "export"])
def test_other_addresses_are_refused_with_what_to_copy(
    sheets_sync: Command, command: str, workbook: str, part: str
) -> None:
    """An address of something else is told before anything is asked of Google."""
    done = sheets_sync(command, workbook)
    assert done.returncode == 2
    assert part in done.stderr


def test_a_second_sheet_signs_in_like_the_first(
    sheets_sync: Command, server: SheetsServer, set_up: Any, home: Path, key: Path
) -> None:
    """A further plan needs no options; another way of signing in belongs into another folder."""
    other = server.book(title="Two", sheets=[("Actions", PLAN)])
    assert sheets_sync("init", address(other), "--country", "none").returncode == 0
    assert [plan.settings.name for plan in load_config(home).plans] == ["Plant 2026", "Two"]
    third = server.book(title="Three", sheets=[("Actions", PLAN)])
    done = sheets_sync(
        "init", address(third), "--country", "none", "--google-key", str(shutil.copy(key, home / "another.json"))
    )
    assert done.returncode == 2
    assert "signs in to Google otherwise already" in done.stderr
    assert len(load_config(home).plans) == 2


def test_no_address_or_cell_reaches_the_log(
    sheets_sync: Command, server: SheetsServer, set_up: Any, book: BookHandle
) -> None:
    """Whatever Google says, log lines hold counts and codes (HAZARDS 26)."""
    server.faults.add("spreadsheets.getByDataFilter", forbidden(""))
    done = sheets_sync("--log-format", "json", "run", "--yes")
    assert done.returncode == 3
    for word in ("Ana", "@", book.id, "local."):
        assert word not in done.stderr


PEOPLE = """
[mail]
keeper = "Rui Costa"
allowed_domains = ["example.com"]
[people."Rui Costa"]
address = "rui@example.com"
[people."Ana Lima"]
address = "ana@example.com"
"""


def test_mails_open_the_sheet_at_the_row(
    sheets_sync: Command, server: SheetsServer, book: BookHandle, set_up: Any, home: Path
) -> None:
    """A row in a mail leads to its tab and row in the browser."""
    with (home / "config.toml").open("a") as file:
        file.write(PEOPLE)
    assert sheets_sync("run", "--yes").returncode == 0
    done = sheets_sync("mail", "preview")
    assert done.returncode == 0, done
    pages = [page.read_text() for page in (home / ".local/state/sheets-sync/preview").glob("*.html")]
    link = f"https://docs.google.com/spreadsheets/d/{book.id}/edit#gid={book.gids['Actions']}&amp;range=A2"
    assert any(link in page for page in pages)


def test_a_viewer_is_enough_where_nothing_is_written(
    sheets_sync: Command, server: SheetsServer, book: BookHandle, set_up: Any, home: Path
) -> None:
    """With writes = "none" doctor and runs ask Google for reading only, need no yes, and leave the sheet as it is."""
    file = home / "config.toml"
    file.write_text(re.sub(r"(?m)^(uid = .*)$", r'\1\nwrites = "none"', file.read_text()))
    book.share("robot@plans.iam.gserviceaccount.com", "reader")
    before = book.version
    health = sheets_sync("doctor")
    assert health.returncode == 0, health
    assert "reading only" in health.stdout
    for _ in range(2):
        done = sheets_sync("run")
        assert done.returncode == 0, done
    scopes = {scope for caller, _ in server.tokens._known.values() for scope in caller.scopes}
    assert not {scope for scope in scopes if not scope.endswith(".readonly")}
    assert book.version == before


def job(home: Path, when: str) -> None:
    """The plan's only job runs then."""
    for file in (home / "jobs").glob("*.toml"):
        file.unlink()
    (home / "jobs" / "sync.toml").write_text(f'when = "{when}"\ntimezone = "UTC"\nsteps = ["sync"]\n')


def test_a_ticked_box_is_answered_by_the_next_tick(
    set_up: Any, sheets_sync: Command, server: SheetsServer, book: BookHandle, home: Path
) -> None:
    """Once a schedule runs the plan its sheet has a Sync log; the box ticked there is answered by the next tick, which
    has nothing else to do; a tick at which nothing is ticked only looks."""
    assert sheets_sync("run", "--yes").returncode == 0
    assert LOG_TAB not in [sheet.id for sheet in book.inside.sheets]
    job(home, "* * * * *")
    store = open_store(load_config(home))
    store.schedule.periods("sync", dt.datetime.now(dt.UTC) - dt.timedelta(minutes=10))
    store.close()
    assert sheets_sync("run", "--due").returncode == 0
    assert book.inside.sheets[-1].id == LOG_TAB
    job(home, "0 0 1 1 *")
    log = book.inside.sheets[-1].title
    book.human.type("Actions", 4, 3, "Eva Maria Brandt")
    book.human.type(log, *CHECK_NOW, True)
    assert sheets_sync("run", "--due").returncode == 0
    answer = str(book.human.cells(log)[CHECK_NOW[0], 3].value)
    assert re.fullmatch(r"asked .*, answered .*", answer)
    assert book.human.cells(log)[CHECK_NOW].value is None
    assert "NO OWNER" not in flags(book)
    sheets_sync("run", "--due")
    server.forget_requests()
    version = book.version
    assert sheets_sync("run", "--due").returncode == 0
    assert set(server.calls) <= {"files.get", "spreadsheets.getByDataFilter"}
    assert book.version == version
