"""Signing in to Google in every way an organisation may allow, against a token server on this computer."""

import base64
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.transport.requests import AuthorizedSession, Request
from workbooks.google.scripted_google import LocalAdapter, Reply, ScriptedGoogle, scripted_google

from sheets_sync.core.google import GoogleSettings, SignIn
from sheets_sync.errors import SheetsSyncError, UsageError, WorkbookBusy
from sheets_sync.workbooks.google.http_calls import HttpCalls, Waiting
from sheets_sync.workbooks.google.sign_in import (
    DRIVE_VERSION,
    SPREADSHEETS,
    SPREADSHEETS_READONLY,
    Access,
    Signed,
    project_of,
    scopes_for,
    sign_in,
)
from sheets_sync.workbooks.google.transport import SessionClient, client_for

ROBOT = "robot@plant.iam.gserviceaccount.com"
SERVICE_ACCOUNT = GoogleSettings(SignIn.SERVICE_ACCOUNT, "env:X")


@pytest.fixture(scope="session")
def private_key() -> str:
    """A key that was made up for these tests."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*form).decode()


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedGoogle]:
    with scripted_google() as running:
        yield running


@pytest.fixture
def google(server: ScriptedGoogle) -> ScriptedGoogle:
    """The server, with nothing prepared and nothing asked yet."""
    server.forget()
    return server


@pytest.fixture
def key(private_key: str, google: ScriptedGoogle) -> dict[str, str]:
    """A service account's key whose tokens come from the scripted server."""
    return {
        "type": "service_account",
        "project_id": "plant",
        "private_key_id": "1",
        "private_key": private_key,
        "client_email": ROBOT,
        "client_id": "1",
        "token_uri": f"{google.url}/token",
    }


def token(name: str = "t1", **more: Any) -> Reply:
    return Reply(body={"access_token": name, "expires_in": 3600, "token_type": "Bearer", **more})


def no_token(error: str, description: str, status: int = 400) -> Reply:
    return Reply(status, {"error": error, "error_description": description})


def calls_of(signed: Signed, google: ScriptedGoogle) -> Iterator[HttpCalls]:
    session = AuthorizedSession(signed.credentials)
    for each in (session, session._auth_request_session):
        each.mount("https://", LocalAdapter(google))
    waited: list[float] = []
    waiting = Waiting(waited.append, lambda: sum(waited), lambda: 0.5)
    yield HttpCalls("sheet-0123456789", SessionClient(session), waiting=waiting, timeouts=(1, 1))
    session.close()


@pytest.fixture
def opened(google: ScriptedGoogle) -> Iterator[Any]:
    """Makes the calls of a sign-in, and closes its connections."""
    made: list[Iterator[HttpCalls]] = []

    def open_(signed: Signed) -> HttpCalls:
        made.append(calls_of(signed, google))
        return next(made[-1])

    yield open_
    for one in made:
        next(one, None)


def claims(google: ScriptedGoogle, number: int = 0) -> dict[str, Any]:
    """What the signed request for a token said."""
    asked = [one for one in google.asked if one.path == "/token"][number]
    middle = parse_qs(asked.body)["assertion"][0].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))


@pytest.mark.parametrize(
    ("access", "drive", "scopes"),
    [
        (Access.READ, True, (SPREADSHEETS_READONLY, DRIVE_VERSION)),
        (Access.READ, False, (SPREADSHEETS_READONLY,)),
        (Access.WRITE, True, (SPREADSHEETS, DRIVE_VERSION)),
        (Access.WRITE, False, (SPREADSHEETS,)),
    ],
)
def test_no_more_is_asked_for_than_is_needed(
    key: dict[str, str], google: ScriptedGoogle, opened: Any, access: Access, drive: bool, scopes: tuple[str, ...]
) -> None:
    """Reading asks for reading; of Drive there is only the version, and none where it is switched off."""
    google.will(token(), path="/token")
    google.will(Reply())
    settings = GoogleSettings(SignIn.SERVICE_ACCOUNT, "env:X", drive_version=drive)
    assert scopes_for(settings, access) == scopes
    signed = sign_in(settings, json.dumps(key), access)
    assert (signed.account, signed.project, signed.scopes) == (ROBOT, "plant", scopes)
    opened(signed).get("", {})
    assert claims(google)["scope"].split() == list(scopes)
    assert claims(google)["iss"] == ROBOT
    assert "sub" not in claims(google)
    assert google.asked[-1].headers["authorization"] == "Bearer t1"


def test_delegation_works_in_the_name_of_the_one_person(
    key: dict[str, str], google: ScriptedGoogle, opened: Any
) -> None:
    """With a subject the token is that person's, and so is the account that sheets are shared with."""
    google.will(token(), path="/token")
    google.will(Reply())
    settings = GoogleSettings(SignIn.SERVICE_ACCOUNT, "env:X", subject="ana@example.com")
    signed = sign_in(settings, json.dumps(key), Access.WRITE)
    opened(signed).get("", {})
    assert claims(google)["sub"] == "ana@example.com"
    assert signed.account == "ana@example.com"


def test_a_person_who_signed_in_once(google: ScriptedGoogle) -> None:
    """The file of a sign-in is enough; its scopes stay those it was made with, and an old token in it is not used."""
    file = {"refresh_token": "r", "client_id": "c", "client_secret": "s", "token": "old", "account": ""}
    signed = sign_in(GoogleSettings(SignIn.USER, "env:X"), json.dumps(file), Access.WRITE)
    assert signed.scopes == ()
    assert signed.credentials.token is None
    assert signed.credentials.refresh_token == "r"


def test_acting_as_a_service_account(key: dict[str, str], google: ScriptedGoogle, opened: Any) -> None:
    """Any sign-in may act as a service account: it gets a token for it with the least scopes."""
    google.will(token("source"), path="/token")
    iam = "/v1/projects/-/serviceAccounts/acting@other.iam.gserviceaccount.com:generateAccessToken"
    expires = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    google.will(Reply(body={"accessToken": "acting", "expireTime": expires}), path=iam)
    google.will(Reply())
    settings = GoogleSettings(SignIn.SERVICE_ACCOUNT, "env:X", impersonate="acting@other.iam.gserviceaccount.com")
    signed = sign_in(settings, json.dumps(key), Access.READ)
    assert (signed.account, signed.project) == ("acting@other.iam.gserviceaccount.com", "other")
    opened(signed).get("", {})
    asked = next(one for one in google.asked if one.path == iam)
    assert asked.body["scope"] == [SPREADSHEETS_READONLY, DRIVE_VERSION]
    assert asked.headers["authorization"] == "Bearer source"
    assert google.asked[-1].headers["authorization"] == "Bearer acting"


def test_the_default_sign_in_of_the_computer(
    key: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `gcloud` or an administrator left on the computer is found, unless others can read it."""
    file = tmp_path / "adc.json"
    file.write_text(json.dumps(key))
    file.chmod(0o600)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    signed = sign_in(GoogleSettings(), "", Access.WRITE)
    assert (signed.account, signed.project) == (ROBOT, "plant")
    file.chmod(0o644)
    with pytest.raises(UsageError, match="others can read") as raised:
        sign_in(GoogleSettings(), "", Access.WRITE)
    assert raised.value.remedy == f"chmod 600 {file}"
    synced = tmp_path / "OneDrive"
    synced.mkdir()
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file.rename(synced / "adc.json")))
    with pytest.raises(UsageError, match="copies elsewhere"):
        sign_in(GoogleSettings(), "", Access.WRITE)


def test_a_computer_without_a_sign_in_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any default the way to one is told."""
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    with pytest.raises(UsageError, match="not signed in") as raised:
        sign_in(GoogleSettings(), "", Access.WRITE)
    assert "gcloud auth application-default login" in raised.value.remedy


@pytest.mark.parametrize(
    ("text", "settings", "part"),
    [
        ("", SERVICE_ACCOUNT, "not the JSON file"),
        ("no json", SERVICE_ACCOUNT, "not the JSON file"),
        ('["s3cr3t"]', SERVICE_ACCOUNT, "not the JSON file"),
        ('{"installed": {"client_id": "s3cr3t"}}', GoogleSettings(SignIn.USER, "env:X"), "the OAuth app"),
        ('{"type": "authorized_user"}', SERVICE_ACCOUNT, "not that of a service account"),
        ('{"type": "service_account", "private_key": "s3cr3t"}', SERVICE_ACCOUNT, "damaged"),
        ('{"type": "service_account"}', GoogleSettings(SignIn.USER, "env:X"), "not a person's sign-in"),
        ('{"type": "authorized_user", "client_id": "s3cr3t"}', GoogleSettings(SignIn.USER, "env:X"), "damaged"),
    ],
)
def test_a_key_that_is_none_is_told_without_repeating_it(text: str, settings: GoogleSettings, part: str) -> None:
    """Whatever stands in the wrong place, it is never printed."""
    with pytest.raises(UsageError, match=part) as raised:
        sign_in(settings, text, Access.WRITE)
    assert "s3cr3t" not in raised.value.message + raised.value.remedy + str(raised.value.__cause__)


def test_a_key_whose_line_breaks_were_lost_is_told(key: dict[str, str]) -> None:
    """Keys copied into variables lose the line breaks of their private part."""
    key["private_key"] = key["private_key"].replace("\n", "\\n")
    with pytest.raises(UsageError, match="damaged") as raised:
        sign_in(SERVICE_ACCOUNT, json.dumps(key), Access.WRITE)
    assert "key = file:" in raised.value.remedy


REFUSALS = [
    (
        no_token(
            "invalid_grant",
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
            "Check your iat and exp values in the JWT claim.",
        ),
        "clock is wrong",
    ),
    (no_token("invalid_grant", "Invalid JWT Signature."), "key of the service account was deleted"),
    (no_token("invalid_grant", "Invalid grant: account not found"), "service account was deleted"),
    (no_token("invalid_grant", "Invalid email or User ID"), "person named by subject"),
    (no_token("invalid_grant", "Token has been expired or revoked."), "has expired or was withdrawn"),
    (no_token("invalid_grant", "reauth related error (invalid_rapt)"), "asks this person to sign in again"),
    (no_token("invalid_grant", "Bad Request"), "no longer valid"),
    (
        no_token("unauthorized_client", "Client is unauthorized to retrieve access tokens using this method.", 401),
        "has not allowed this account",
    ),
    (no_token("access_denied", "Requested client not authorized.", 403), "policy blocks"),
    (no_token("admin_policy_enforced", "x"), "policy blocks"),
    (no_token("invalid_scope", "Bad"), "does not include"),
    (no_token("deleted_client", "The OAuth client was deleted.", 401), "was deleted"),
    (no_token("invalid_client", "Unauthorized", 401), "not accepted"),
    (no_token("something_new", "ana@example.com"), "failed"),
]


@pytest.mark.parametrize(("reply", "part"), REFUSALS)
@pytest.mark.parametrize("name", ["get", "change"])
def test_each_refused_sign_in_is_a_sentence_and_an_action(
    key: dict[str, str], google: ScriptedGoogle, opened: Any, reply: Reply, part: str, name: str
) -> None:
    """A refused token is final, is told in our words alone, and no request for the sheet is made."""
    google.will(reply, path="/token")
    calls = opened(sign_in(SERVICE_ACCOUNT, json.dumps(key), Access.WRITE))
    with pytest.raises(UsageError, match=part) as raised:
        calls.get("", {}) if name == "get" else calls.change([])
    assert raised.value.remedy
    assert "@" not in raised.value.message + raised.value.remedy
    assert {one.path for one in google.asked} == {"/token"}


def test_a_token_server_that_fails_is_waited_for(
    key: dict[str, str], google: ScriptedGoogle, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A passing trouble of the token server is no refusal, and a write may go on: it was not sent yet."""
    from google.auth import _exponential_backoff

    monkeypatch.setattr(_exponential_backoff.time, "sleep", lambda _: None)
    google.will(*[Reply(503, "unavailable")] * 3, token(), path="/token")
    google.will(Reply(body={"replies": []}))
    opened(sign_in(SERVICE_ACCOUNT, json.dumps(key), Access.WRITE)).change([])
    google.will(*[Reply(503, "unavailable")] * 200, path="/token")
    with pytest.raises(WorkbookBusy):
        opened(sign_in(SERVICE_ACCOUNT, json.dumps(key), Access.WRITE)).change([])


def test_a_token_that_ended_is_fetched_anew(key: dict[str, str], google: ScriptedGoogle, opened: Any) -> None:
    """A run longer than a token's hour goes on; so does one whose token was refused once with 401."""
    google.will(token("t1"), token("t2"), token("t3"), path="/token")
    google.will(Reply(), Reply(), Reply(401, {"error": {"code": 401}}), Reply())
    calls = opened(sign_in(SERVICE_ACCOUNT, json.dumps(key), Access.WRITE))
    calls.get("", {})
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)):
        calls.get("", {})
        calls.change([])
    used = [one.headers["authorization"] for one in google.asked if one.path != "/token"]
    assert used == ["Bearer t1", "Bearer t2", "Bearer t2", "Bearer t3"]


def test_a_token_that_is_never_accepted_ends(key: dict[str, str], google: ScriptedGoogle, opened: Any) -> None:
    """After a few new tokens the sign-in itself is at fault."""
    google.will(*[token()] * 9, path="/token")
    google.will(*[Reply(401, {"error": {"code": 401, "status": "UNAUTHENTICATED"}})] * 9)
    with pytest.raises(UsageError, match="sign-in"):
        opened(sign_in(SERVICE_ACCOUNT, json.dumps(key), Access.WRITE)).get("", {})
    assert len(google.asked) < 9


IAM = "/v1/projects/-/serviceAccounts/acting@other.iam.gserviceaccount.com:generateAccessToken"
IAM_REFUSALS = [
    (
        403,
        "Permission 'iam.serviceAccounts.getAccessToken' denied on resource.",
        "may not act as",
    ),
    (
        403,
        "IAM Service Account Credentials API has not been used in project 1 before.",
        "switched on",
    ),
    (404, "Not found; Gaia id not found for email. NOT_FOUND", "no service account of the name"),
    (400, "Request contains an invalid argument.", "cannot be used"),
]


@pytest.mark.parametrize(("status", "message", "part"), IAM_REFUSALS)
def test_refusals_to_act_as_a_service_account(
    key: dict[str, str], google: ScriptedGoogle, opened: Any, status: int, message: str, part: str
) -> None:
    """What keeps one from acting as a service account is told with the role or switch that is missing."""
    google.will(token("source"), path="/token")
    google.will(Reply(status, {"error": {"code": status, "message": message}}), path=IAM)
    settings = GoogleSettings(SignIn.SERVICE_ACCOUNT, "env:X", impersonate="acting@other.iam.gserviceaccount.com")
    with pytest.raises(SheetsSyncError, match=part):
        opened(sign_in(settings, json.dumps(key), Access.READ)).get("", {})


@pytest.mark.parametrize(
    ("account", "project"),
    [(ROBOT, "plant"), ("1-compute@developer.gserviceaccount.com", ""), ("ana@example.com", ""), ("", "")],
)
def test_the_project_of_a_service_account(account: str, project: str) -> None:
    """Calls count for the project in the address of a service account."""
    assert project_of(account) == project


def test_the_client_of_a_run_is_gspreads(key: dict[str, str]) -> None:
    """Requests are carried by gspread, which gets our credentials as they are."""
    signed = sign_in(SERVICE_ACCOUNT, json.dumps(key), Access.READ)
    client: Any = client_for(signed.credentials)
    try:
        assert type(client).__module__ == "gspread.http_client"
        assert client.auth is signed.credentials
    finally:
        client.session.close()


def test_credentials_can_fetch_their_token(key: dict[str, str], google: ScriptedGoogle) -> None:
    """The doctor may ask for a token without asking for a sheet."""
    google.will(token("t9"), path="/token")
    signed = sign_in(SERVICE_ACCOUNT, json.dumps(key), Access.READ)
    signed.credentials.refresh(Request())
    assert signed.credentials.token == "t9"
