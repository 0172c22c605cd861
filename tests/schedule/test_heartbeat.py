"""Pings in the convention of healthchecks.io, at a real server, a dead port, and servers that hang."""

import logging
import time

import pytest
from schedule.monitors import dead_port, monitor, silent_server

from sheets_sync.schedule import heartbeat
from sheets_sync.schedule.heartbeat import END, LARGEST_BODY, START, ping

RUN = "1c9c1a6e-6f5c-4a52-8a3e-3f0d8f6f7a11"


@pytest.fixture
def without_pauses(monkeypatch):
    """The same without waiting between tries."""
    monkeypatch.setattr(heartbeat, "PAUSE", 0.01)


@pytest.fixture
def quick(without_pauses, monkeypatch):
    """The same with less patience too."""
    monkeypatch.setattr(heartbeat, "TIMEOUT", 0.3)


def test_a_run_is_told_at_its_begin_and_its_end():
    """/start, then the exit status, both by POST and with the id of the run."""
    with monitor() as known:
        assert ping(known.url, state=START, run=RUN)
        assert ping(known.url + "/", state=END, code=3, body="plans: 3\n", run=RUN)
    assert known.pings == [
        ("POST", f"/5f1a/start?rid={RUN}", ""),
        ("POST", f"/5f1a/3?rid={RUN}", "plans: 3\n"),
    ]


@pytest.mark.parametrize(("code", "told"), [(0, "0"), (255, "255"), (256, "255"), (-15, "0")])
def test_an_exit_status_is_from_0_to_255(code, told):
    """Any other would be refused."""
    with monitor() as known:
        assert ping(known.url, state=END, code=code, run=RUN)
    assert known.pings[0][1].startswith(f"/5f1a/{told}?")


def test_a_body_is_at_most_100_kilobytes():
    """What is longer would not be kept."""
    with monitor() as known:
        assert ping(known.url, state=END, body="x" * (LARGEST_BODY + 5), run=RUN)
    assert len(known.pings[0][2]) == LARGEST_BODY


@pytest.mark.parametrize(
    ("answers", "taken", "times"),
    [((500, 503), True, 3), ((500, 500, 500), False, 3), ((429,), True, 2), ((404,), False, 1), ((302,), False, 1)],
)
def test_what_may_pass_is_tried_three_times(without_pauses, answers, taken, times):
    """A server's own fault and too many pings; an address that is unknown or leads elsewhere is not tried again."""
    with monitor(*answers) as known:
        assert ping(known.url, state=END, run=RUN) is taken
        assert len(known.pings) == times


def test_a_dead_port_fails_nothing(caplog):
    """Three tries and a line in the log without the address."""
    url = f"http://127.0.0.1:{dead_port()}/secret-5f1a"
    with caplog.at_level(logging.INFO, "sheets_sync"):
        began = time.monotonic()
        assert not ping(url, state=END, run=RUN)
    assert time.monotonic() - began < 3
    assert [record.getMessage() for record in caplog.records] == ["the heartbeat was not taken"]
    assert "secret" not in str([vars(record) for record in caplog.records])


def test_a_silent_server_holds_nobody_up(quick):
    """It is given up after three timeouts."""
    with silent_server() as url:
        began = time.monotonic()
        assert not ping(url, state=END, run=RUN)
        assert 0.8 < time.monotonic() - began < 3


@pytest.mark.parametrize("state", [START, END])
def test_all_tries_together_are_bounded(monkeypatch, state):
    """Also where a server sends a byte now and then, so that no single step ever takes too long."""
    monkeypatch.setattr(heartbeat, "LONGEST", {START: 0.5, END: 0.8})
    with monitor(drip=0.05) as known:
        began = time.monotonic()
        assert not ping(known.url, state=state, run=RUN)
        assert time.monotonic() - began < 2


def test_nobody_waits_long_as_shipped():
    """The first word for seconds, the last one for a quarter of a minute."""
    assert heartbeat.TIMEOUT == 5
    assert heartbeat.TRIES == 3
    assert heartbeat.LONGEST[START] <= 6
    assert heartbeat.LONGEST[END] <= 16


@pytest.mark.parametrize("url", ["", "nothing", "ftp://127.0.0.1/x", "http://[::1", "http://a b/"])
def test_what_is_no_address_fails_nothing(quick, url):
    """Whatever somebody keeps where the address should be."""
    assert not ping(url, state=END, run=RUN)
