"""Who calls: roles, scopes, tokens; and Drive, which counts versions."""

import json

import gspread
import pytest
from sheets_server.caller import ROBOT
from sheets_server.gspread_client import local_http_client

SCOPE = "https://www.googleapis.com/auth/"


@pytest.fixture
def key(server, tmp_path_factory):
    """A service account's key whose token endpoint is the server."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {
        "type": "service_account",
        "client_email": "tool@plans.iam.gserviceaccount.com",
        "private_key": pem.decode(),
        "token_uri": f"{server.url}/token",
        "project_id": "plans",
        "client_id": "1",
        "private_key_id": "k",
    }


@pytest.fixture
def signed_in(server, key):
    """Clients signed in with that key; closed at the end."""
    opened = []

    def client(*scopes):
        wanted = [SCOPE + scope for scope in scopes]
        one = gspread.service_account_from_dict(key, scopes=wanted, http_client=local_http_client(server.url))
        opened.append(one)
        return one

    yield client
    for one in opened:
        one.http_client.session.close()


def test_a_signed_key_becomes_a_token(server, book, signed_in):
    """The whole service-account flow runs on loopback: one token for many calls."""
    server.tokens.required = True
    before = server.tokens.asked
    sheet = signed_in("spreadsheets").open_by_key(book.id)
    assert sheet.sheet1.acell("A2").value == "X-1"
    assert server.tokens.asked == before + 1


def test_an_expired_token_is_renewed(server, book, signed_in):
    """401 makes google-auth ask for another token."""
    server.tokens.required = True
    client = signed_in("spreadsheets")
    client.open_by_key(book.id)
    server.tokens.expire()
    before = server.tokens.asked
    client.open_by_key(book.id)
    assert server.tokens.asked == before + 1


def test_a_stranger_is_refused(server, ask, book):
    """Without a token the answer is 401, where tokens are required."""
    server.tokens.required = True
    assert ask("GET", book.id, status=401)["error"]["status"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    ("scope", "http", "path", "body", "status"),
    [
        ("spreadsheets.readonly", "GET", "", None, 200),
        ("spreadsheets.readonly", "POST", ":getByDataFilter", {}, 403),
        ("spreadsheets.readonly", "POST", "/developerMetadata:search", {}, 403),
        ("spreadsheets.readonly", "POST", ":batchUpdate", {"requests": [{"addSheet": {}}]}, 403),
        ("spreadsheets", "POST", ":getByDataFilter", {}, 200),
        ("drive.metadata.readonly", "GET", "", None, 403),
    ],
)
def test_scopes_decide_what_may_be_called(server, book, signed_in, scope, http, path, body, status):
    """A read-only scope reads plainly; data filters need the full one."""
    session = signed_in(scope).http_client.session
    reply = session.request(http, f"{server.url}/v4/spreadsheets/{book.id}{path}", json=body)
    assert reply.status_code == status, reply.text


@pytest.mark.parametrize(
    ("role", "reading", "writing", "drive"),
    [("writer", 200, 200, 200), ("reader", 200, 403, 200), ("none", 403, 403, 404)],
)
def test_roles_decide_what_may_be_done(server, book, session, role, reading, writing, drive):
    """A reader cannot write; who has no role is told by Sheets that it may not, by Drive that nothing is there."""
    book.share(ROBOT, role)
    address = f"{server.url}/v4/spreadsheets/{book.id}"
    assert session.get(address).status_code == reading
    query = {"valueInputOption": "RAW"}
    assert session.put(f"{address}/values/A1", json={"values": [[1]]}, params=query).status_code == writing
    assert session.get(f"{server.url}/drive/v3/files/{book.id}").status_code == drive


def test_an_unknown_id_is_told_apart_by_the_two_apis(server, session):
    """404 has another shape in Drive."""
    sheets = session.get(f"{server.url}/v4/spreadsheets/nope").json()
    assert sheets == {"error": {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}}
    drive = session.get(f"{server.url}/drive/v3/files/nope").json()
    assert drive["error"]["errors"][0]["reason"] == "notFound"


def test_a_file_that_is_no_spreadsheet_is_refused(server, ask, book):
    """An .xlsx in Drive has an id too."""
    book.inside.mime_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    error = ask("GET", book.id, status=400)["error"]
    assert (error["status"], error["message"]) == (
        "FAILED_PRECONDITION",
        "This operation is not supported for this document",
    )


def test_the_version_grows_with_every_change_and_no_read(server, book, session, ask):
    """Drive's version tells whether anything changed: people's acts, writes, not reads, not refusals."""

    def version():
        query = {"fields": "version,modifiedTime", "supportsAllDrives": "true"}
        return int(session.get(f"{server.url}/drive/v3/files/{book.id}", params=query).json()["version"])

    first = version()
    ask("GET", f"{book.id}/values/A1")
    ask("PUT", f"{book.id}/values/A1", {"values": [[1]]}, params={"valueInputOption": "x"}, status=400)
    assert version() == first
    book.human.type("Actions", 2, 2, "Paint it red")
    second = version()
    ask("PUT", f"{book.id}/values/A1", {"values": [[1]]}, params={"valueInputOption": "RAW"})
    assert first < second < version()


def test_every_other_request_is_judged_too(server, session):
    """A broken body and an unknown query parameter are 400."""
    address = f"{server.url}/v4/spreadsheets"
    assert session.post(address, data="{").status_code == 400
    reply = session.get(f"{address}/x", params={"nothing": 1})
    assert "Cannot bind query parameter" in json.dumps(reply.json())
    reply = session.get(f"{address}/x/values/A1", params={"majorDimension": "SIDEWAYS"})
    assert reply.json()["error"]["message"] == (
        "Invalid value at 'major_dimension' (type.googleapis.com/google.apps.sheets.v4.Dimension), \"SIDEWAYS\""
    )
