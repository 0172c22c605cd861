"""What goes wrong between here and Google: quotas, broken answers, broken connections, effects that come late."""

import json

import pytest
import requests
from sheets_server import faults
from sheets_server.faults import Hang, Reset, Slow

GET, UPDATE = "spreadsheets.get", "spreadsheets.values.update"


@pytest.fixture
def write(server, book, session):
    """Write one cell; the reply, or the error the session raised."""

    def written(text="new"):
        address = f"{server.url}/v4/spreadsheets/{book.id}/values/Actions!A2"
        return session.put(address, json={"values": [[text]]}, params={"valueInputOption": "RAW"}, timeout=5)

    return written


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (faults.quota_exceeded(), 429, "Quota exceeded for quota metric 'Read requests'"),
        (faults.quota_exceeded("Write"), 429, '"quota_limit": "WriteRequestsPerMinutePerUser"'),
        (faults.internal_error(), 500, "Internal error encountered."),
        (faults.bad_gateway(), 502, "<!DOCTYPE html>"),
        (faults.unavailable(), 503, '"status": "UNAVAILABLE"'),
        (faults.too_slow(), 504, "Deadline expired"),
        (faults.not_shared(), 403, "The caller does not have permission"),
        (faults.service_disabled(), 403, '"activationUrl": "https://console.developers.google.com/apis/api/sheets'),
        (faults.scope_insufficient(), 403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
        (faults.token_expired(), 401, "UNAUTHENTICATED"),
        (faults.drive_quota_html(), 429, "<html>"),
        (faults.storage_full(), 403, "storageQuotaExceeded"),
    ],
)
def test_a_fault_is_met_once(server, book, session, fault, status, words):
    """The next call of the method gets the wrong answer, the one after it the right one."""
    server.faults.add(GET, fault)
    address = f"{server.url}/v4/spreadsheets/{book.id}"
    reply = session.get(address)
    assert (reply.status_code, words in reply.text) == (status, True)
    assert "Retry-After" not in reply.headers
    assert session.get(address).status_code == 200


@pytest.mark.parametrize("effect", [False, True])
def test_an_error_can_come_after_the_effect(server, book, write, effect):
    """A 500 does not say whether the write was done."""
    server.faults.add(UPDATE, faults.internal_error(effect=effect))
    assert write().status_code == 500
    assert book.human.read("Actions", 2, 1) == ("new" if effect else "X-1")


@pytest.mark.parametrize(("effect", "held"), [("none", "X-1"), ("now", "new")])
def test_a_connection_breaks_before_or_after_the_effect(server, book, write, effect, held):
    """Nobody knows from the error which of the two it was."""
    server.faults.add(UPDATE, Reset(effect))
    with pytest.raises(requests.exceptions.ConnectionError):
        write()
    assert book.human.read("Actions", 2, 1) == held
    assert write("next").status_code == 200


def test_an_effect_comes_a_minute_later(server, book, write):
    """The write was lost, people go on, and then it is done all the same, where its range is by then."""
    server.faults.add(UPDATE, Reset("later", 60))
    with pytest.raises(requests.exceptions.ConnectionError):
        write()
    server.clock.advance(59)
    assert (book.human.read("Actions", 2, 1), server.front.unsettled) == ("X-1", 1)
    server.clock.advance(1)
    assert (book.human.read("Actions", 2, 1), server.front.unsettled) == ("new", 0)


def test_an_answer_can_hang(server, write):
    """The caller's own patience ends it."""
    server.faults.add(UPDATE, Hang(0.4))
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.put(
            f"{server.url}/v4/spreadsheets/x/values/A1", json={}, params={"valueInputOption": "RAW"}, timeout=0.1
        )


@pytest.mark.parametrize(("seconds", "status"), [(170, 200), (200, 504)])
def test_google_gives_up_after_three_minutes(server, write, seconds, status):
    """Time passes on the server's own clock."""
    before = server.clock.seconds()
    server.faults.add(UPDATE, Slow(seconds))
    assert write().status_code == status
    assert server.clock.seconds() - before >= min(seconds, 180)


def test_quotas_count_per_minute(server, book, session, write):
    """60 reads and 60 writes a minute and user, each counted for itself; a new minute starts afresh."""
    server.clock.advance(60 - server.clock.seconds() % 60)
    server.quotas.enforce(per_user=3)
    address = f"{server.url}/v4/spreadsheets/{book.id}"
    assert [session.get(address).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert write().status_code == 200
    lookup = {"dataFilters": [{"gridRange": {"sheetId": 0}}]}
    assert session.post(f"{address}:getByDataFilter", json=lookup).status_code == 429
    server.clock.advance(60)
    assert session.get(address).status_code == 200


def test_a_body_beyond_the_limit_is_refused(server, book, session):
    """10 MB is the end."""
    address = f"{server.url}/v4/spreadsheets/{book.id}/values/Actions!A2"
    body = json.dumps({"values": [["x" * (10 * 1024 * 1024)]]})
    reply = session.put(address, data=body, params={"valueInputOption": "RAW"})
    assert reply.status_code == 413


def test_people_act_between_two_calls(server, book, session):
    """The callback runs before each call and is told its method; what it does is seen by that call."""
    seen = []

    def act(method):
        seen.append(method)
        if method == "spreadsheets.values.get":
            book.human.delete_rows("Actions", 2)

    server.between(act)
    address = f"{server.url}/v4/spreadsheets/{book.id}"
    session.get(address)
    assert session.get(f"{address}/values/Actions!A2").json()["values"] == [["X-2"]]
    assert seen == ["spreadsheets.get", "spreadsheets.values.get"] == server.calls


def test_requests_and_bytes_are_counted(server, book, session, write):
    """Method, path, bytes in and out of every request, in order."""
    write("abc")
    (method, path, taken, given) = server.requests[-1]
    assert (method, path) == ("PUT", f"/v4/spreadsheets/{book.id}/values/Actions!A2")
    assert taken == len('{"values": [["abc"]]}')
    assert given > 100


def test_an_unknown_request_is_refused_not_forgiven(server, session):
    """What the discovery document does not know is 404."""
    assert session.get(f"{server.url}/v4/nothing").status_code == 404
