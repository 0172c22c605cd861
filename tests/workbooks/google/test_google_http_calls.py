"""Calls on one spreadsheet: what is sent, what is sent again, and what each trouble becomes."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from workbooks.google.scripted_google import LocalAdapter, Reply, ScriptedGoogle, local_client, scripted_google

from sheets_sync.errors import SheetsSyncError, UsageError, WorkbookBusy, WorkbookRefused
from sheets_sync.workbooks.google.calls import Calls, LostReply, Rejected
from sheets_sync.workbooks.google.http_calls import HttpCalls, Waiting
from sheets_sync.workbooks.google.pace import Kind
from sheets_sync.workbooks.google.transport import Client, SessionClient, untrusted
from sheets_sync.workbooks.google.troubles import Account

ID = "1jIKzPs8LsiZZdLdeMEP-5ZIHw6RkjiOmj1LrJN706Yc"
OK = Reply(body={"spreadsheetId": ID})
QUOTA = Reply(
    429,
    {
        "error": {
            "code": 429,
            "message": "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user'",
            "status": "RESOURCE_EXHAUSTED",
            "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "RATE_LIMIT_EXCEEDED"}],
        }
    },
)
DRIVE_QUOTA_PAGE = Reply(429, "<html><title>Sorry...</title></html>", {"Content-Type": "text/html"})
DRIVE_QUOTA = Reply(403, {"error": {"code": 403, "errors": [{"domain": "usageLimits", "reason": "rateLimitExceeded"}]}})
UNAVAILABLE = Reply(503, {"error": {"code": 503, "status": "UNAVAILABLE", "message": "The service is unavailable."}})
BAD_GATEWAY = Reply(502, "<html><h1>502. That's an error.</h1></html>", {"Content-Type": "text/html"})
PORTAL = Reply(200, "<html>Please log in to the guest network</html>", {"Content-Type": "text/html"})
RESET = Reply(act="reset")
HANG = Reply(act="hang", seconds=5)
DRIP = Reply(body={"spreadsheetId": ID, "sheets": ["x" * 1000]}, act="drip")
DRIP_EARLY = Reply(act="drip early")
PRIVATE = Reply(403, {"error": {"code": 403, "message": "The caller does not have permission", "status": "X"}})
BAD = Reply(400, {"error": {"code": 400, "message": "Invalid requests[0]: 'Ana Silva'", "status": "INVALID_ARGUMENT"}})


class Waited:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def waiting(self) -> Waiting:
        return Waiting(self.seconds.append, lambda: sum(self.seconds), lambda: 0.5)


class Counted:
    """A pace that lets all through and counts."""

    def __init__(self) -> None:
        self.kinds: list[Kind] = []

    def take(self, kind: Kind) -> None:
        self.kinds.append(kind)


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedGoogle]:
    with scripted_google() as running:
        yield running


@pytest.fixture
def google(server: ScriptedGoogle) -> ScriptedGoogle:
    """The server, with nothing prepared and nothing asked yet."""
    server.forget()
    return server


@pytest.fixture(params=["gspread", "google-auth"])
def client(request: pytest.FixtureRequest, google: ScriptedGoogle) -> Iterator[Client]:
    """Both carriers of requests."""
    if request.param == "gspread":
        with local_client(google) as found:
            yield found
        return
    with requests.Session() as session:
        session.mount("https://", LocalAdapter(google))
        yield SessionClient(session)


def calls_on(client: Client, waited: Waited, pace: Counted | None = None) -> HttpCalls:
    return HttpCalls(
        ID, client, waiting=waited.waiting(), pace=pace, timeouts=(0.5, 0.15), account=Account("robot@example.com")
    )


def test_each_call_is_one_request(google: ScriptedGoogle, client: Client) -> None:
    """Paths, masks and bodies arrive as Google wants them, without white space in the replies."""
    google.will(OK, OK, OK, OK, Reply(body={"version": "42"}))
    calls: Calls = calls_on(client, Waited())
    assert calls.get("?ranges=A%201&ranges=B", {"fields": "sheets"}) == {"spreadsheetId": ID}
    calls.post_read(":getByDataFilter", {"dataFilters": []}, {"fields": "x"})
    calls.write_values({"data": []}, {})
    calls.change([{"addSheet": {}}], reply_fields="replies")
    assert calls.drive_version() == "42"
    sheet = f"/v4/spreadsheets/{ID}"
    assert [(one.method, one.path, one.body) for one in google.asked] == [
        ("GET", sheet, ""),
        ("POST", sheet + ":getByDataFilter", {"dataFilters": []}),
        ("POST", sheet + "/values:batchUpdateByDataFilter", {"data": []}),
        ("POST", sheet + ":batchUpdate", {"requests": [{"addSheet": {}}]}),
        ("GET", f"/drive/v3/files/{ID}", ""),
    ]
    plain = {"prettyPrint": ["false"]}
    assert [one.params for one in google.asked] == [
        {"ranges": ["A 1", "B"], "fields": ["sheets"], **plain},
        {"fields": ["x"], **plain},
        plain,
        {"fields": ["replies"], **plain},
        {"fields": ["version"], "supportsAllDrives": ["true"]},
    ]


def test_every_request_takes_its_place_in_the_quota(google: ScriptedGoogle, client: Client) -> None:
    """Reads and writes count each in their own quota, tries again too; Drive has others."""
    google.will(OK, UNAVAILABLE, OK, OK, OK, Reply(body={"version": "1"}))
    pace = Counted()
    calls = calls_on(client, Waited(), pace)
    calls.get("", {})
    calls.post_read(":getByDataFilter", {}, {})
    calls.write_values({}, {})
    calls.change([])
    calls.drive_version()
    assert pace.kinds == [Kind.READ, Kind.READ, Kind.READ, Kind.WRITE, Kind.WRITE]


READS = ["get", "post_read"]
WRITES = ["write_values", "change"]


def make(calls: HttpCalls, name: str) -> object:
    made = {
        "get": lambda: calls.get("", {}),
        "post_read": lambda: calls.post_read(":getByDataFilter", {}, {}),
        "write_values": lambda: calls.write_values({}, {}),
        "change": lambda: calls.change([]),
    }
    return made[name]()


ODD = [Reply(503, {"error": "a word"}), Reply(500, {"error": {"no": "code"}}), Reply(503, "[]"), Reply(502, "{}")]


@pytest.mark.parametrize("fault", ODD)
def test_an_error_in_no_known_form_is_a_trouble_like_others(
    google: ScriptedGoogle, client: Client, fault: Reply
) -> None:
    """gspread itself stumbles over some of them; reading goes on, and a write is lost."""
    google.will(fault, OK, fault, *[fault] * 20)
    calls = calls_on(client, Waited())
    assert make(calls, "get") == {"spreadsheetId": ID}
    with pytest.raises(LostReply):
        make(calls, "change")
    with pytest.raises(WorkbookBusy):
        make(calls, "get")


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize(
    "fault", [QUOTA, DRIVE_QUOTA_PAGE, DRIVE_QUOTA, UNAVAILABLE, BAD_GATEWAY, PORTAL, RESET, HANG, Reply(408, "")]
)
def test_reading_is_tried_again(google: ScriptedGoogle, client: Client, name: str, fault: Reply) -> None:
    """A passing trouble costs a wait and nothing else."""
    google.will(fault, fault, OK)
    waited = Waited()
    assert make(calls_on(client, waited), name) == {"spreadsheetId": ID}
    assert len(google.asked) == 3
    assert len(waited.seconds) == 2


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("fault", [UNAVAILABLE, BAD_GATEWAY, PORTAL, RESET, HANG, Reply(408, ""), Reply(500, "{}")])
def test_a_write_is_never_sent_twice(google: ScriptedGoogle, client: Client, name: str, fault: Reply) -> None:
    """After anything that leaves open what was done, the reply is lost and the caller must read again (HAZARDS 15)."""
    google.will(fault, OK)
    with pytest.raises(LostReply):
        make(calls_on(client, Waited()), name)
    assert len(google.asked) == 1


@pytest.mark.parametrize("fault", [DRIP, DRIP_EARLY], ids=["body", "first line"])
def test_an_answer_that_drips_is_left(google: ScriptedGoogle, client: Client, fault: Reply) -> None:
    """An answer that comes byte by byte meets no timeout, and still ends: a read is tried again, a write is lost."""
    calls = HttpCalls(ID, client, waiting=Waited().waiting(), timeouts=(0.5, 0.15), longest=0.3)
    google.will(fault, OK, fault)
    assert make(calls, "get") == {"spreadsheetId": ID}
    with pytest.raises(LostReply):
        make(calls, "change")
    assert len(google.asked) == 3


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("fault", [QUOTA, DRIVE_QUOTA_PAGE])
def test_a_write_refused_for_the_quota_is_made_later(
    google: ScriptedGoogle, client: Client, name: str, fault: Reply
) -> None:
    """A used-up quota proves that nothing was done."""
    google.will(fault, fault, OK)
    make(calls_on(client, Waited()), name)
    assert len(google.asked) == 3


@pytest.mark.parametrize("name", [*READS, *WRITES])
def test_a_used_up_quota_is_waited_for_a_minute_and_then_left(
    google: ScriptedGoogle, client: Client, name: str
) -> None:
    """Patience reaches beyond the minute in which a quota refills, and ends; the workbook is put off."""
    google.will(*[QUOTA] * 50)
    waited = Waited()
    with pytest.raises(WorkbookBusy, match="quota"):
        make(calls_on(client, waited), name)
    assert 60 <= sum(waited.seconds) <= 150


@pytest.mark.parametrize(("fault", "reason"), [(UNAVAILABLE, "does not work"), (RESET, "cannot be reached")])
def test_reading_is_given_up_in_the_end(google: ScriptedGoogle, client: Client, fault: Reply, reason: str) -> None:
    """A trouble that stays puts the workbook off after a bounded time."""
    google.will(*[fault] * 50)
    waited = Waited()
    with pytest.raises(WorkbookBusy, match=reason):
        make(calls_on(client, waited), "get")
    assert sum(waited.seconds) <= 60


def test_retry_after_is_honoured(google: ScriptedGoogle, client: Client) -> None:
    """Should Google ever say how long to wait, it is believed."""
    google.will(QUOTA._replace(headers={"Retry-After": "45"}), OK)
    waited = Waited()
    make(calls_on(client, waited), "change")
    assert waited.seconds == [45.0]


@pytest.mark.parametrize("name", [*READS, *WRITES])
def test_a_refusal_is_final(google: ScriptedGoogle, client: Client, name: str) -> None:
    """What Google refuses is asked once, and the error names the account to share with."""
    google.will(PRIVATE, OK)
    with pytest.raises(WorkbookRefused) as raised:
        make(calls_on(client, Waited()), name)
    assert "robot@example.com" in raised.value.remedy
    assert len(google.asked) == 1


def test_a_request_google_does_not_take_is_told_apart(google: ScriptedGoogle, client: Client) -> None:
    """The caller may decide by Google's words; the message for people and logs does not hold them."""
    google.will(BAD)
    with pytest.raises(Rejected) as raised:
        make(calls_on(client, Waited()), "change")
    assert raised.value.said == "Invalid requests[0]: 'Ana Silva'"
    assert "Ana" not in str(raised.value)
    assert "Ana" not in raised.value.message + raised.value.remedy


@pytest.mark.parametrize("name", [*READS, *WRITES])
def test_a_server_that_is_not_there_was_never_asked(client: Client, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no connection came about nothing was done: reads and writes alike are tried again and then put off."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setattr(ScriptedGoogle, "local", lambda _, url: nowhere)
    waited = Waited()
    with pytest.raises(WorkbookBusy, match="cannot be reached") as raised:
        make(calls_on(client, waited), name)
    assert not isinstance(raised.value, LostReply)
    assert len(waited.seconds) >= 4


def test_an_intercepted_connection_is_told(client: Client) -> None:
    """A certificate nobody trusts is a company proxy, and waiting does not help."""
    import ssl

    error = requests.exceptions.SSLError(ssl.SSLCertVerificationError("self-signed certificate"))
    assert untrusted(error)
    assert untrusted(requests.exceptions.ConnectionError(error))
    assert not untrusted(requests.exceptions.SSLError(ssl.SSLError("EOF")))


NO_SCOPE = {"error": {"code": 403, "status": "PERMISSION_DENIED", "details": [{"reason": "REASON"}]}}


@pytest.mark.parametrize("reason", ["SERVICE_DISABLED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"])
def test_without_drive_there_is_no_version(google: ScriptedGoogle, client: Client, reason: str) -> None:
    """A project or sign-in without Drive only costs a read; it stops nothing, and is found out once."""
    body = {"error": {**NO_SCOPE["error"], "details": [{"reason": reason}]}}
    google.will(Reply(403, body))
    calls = calls_on(client, Waited())
    assert calls.drive_version() is None
    assert (calls.drive_version(), calls.may_edit()) == (None, None)
    assert len(google.asked) == 1


def test_drive_is_not_asked_where_it_shall_not(google: ScriptedGoogle, client: Client) -> None:
    """drive_version = false makes no call."""
    assert HttpCalls(ID, client, drive_version=False).drive_version() is None
    assert not google.asked


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (PRIVATE, WorkbookRefused),
        (Reply(404, {"error": {"code": 404, "errors": [{"reason": "notFound"}]}}), WorkbookRefused),
        (Reply(401, {"error": {"code": 401, "status": "UNAUTHENTICATED"}}), UsageError),
    ],
)
def test_drive_tells_what_the_sheet_would(
    google: ScriptedGoogle, client: Client, reply: Reply, error: type[SheetsSyncError]
) -> None:
    """A sheet that is gone or not shared is so in Drive too."""
    google.will(reply)
    with pytest.raises(error):
        calls_on(client, Waited()).drive_version()


def test_nothing_of_an_answer_reaches_the_log(
    google: ScriptedGoogle, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """Log lines hold counts and codes (HAZARDS 26)."""
    caplog.set_level("INFO", "sheets_sync.google")
    google.will(Reply(503, {"error": {"code": 503, "message": "cell says Ana Silva"}}), OK)
    make(calls_on(client, Waited()), "get")
    (line,) = caplog.records
    assert line.facts == {"outcome": "unknown", "status": 503, "seconds": 1.0}
    assert "Ana" not in caplog.text
    assert ID not in caplog.text


def test_one_module_speaks_gspread() -> None:
    """Should gspread stay unmaintained, one module changes and google-auth's session takes over (HAZARDS 18)."""
    root = Path(__file__).parents[3] / "sheets_sync"
    imports = re.compile(r"^\s*(from|import) gspread", re.MULTILINE)
    speaking = [file.name for file in root.rglob("*.py") if imports.search(file.read_text("utf-8"))]
    assert speaking == ["transport.py"]
