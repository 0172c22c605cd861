"""Mails through a real server on loopback that refuses, drops, waits and asks for patience."""

import os
import shutil
import socket
import threading
from dataclasses import replace

import pytest
from notify.scripted_server import PASSWORD, USER, Script, free_port, make_certificate, running, server_context

from sheets_sync.core.mails import Attempt, Sending, SmtpSettings
from sheets_sync.notify import smtp, smtp_replies
from sheets_sync.notify.smtp import SmtpTransport

# aiosmtpd reads its own deprecated attribute at each login.
pytestmark = pytest.mark.filterwarnings("ignore:Session.login_data is deprecated:DeprecationWarning")

SENDER = "robot@plan.test"
RAW = b"From: robot@plan.test\r\nSubject: a\r\n\r\n.first\r\nM\xc3\xa9 =2E\r\n..\r\n"
ID = "<owner-week.2026-W48.0123456789abcdef@plan.test>"
WITHHELD = ("@", "anna", "plan.test", "later, please", "Relay", "looks like")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A server certificate of our own making."""
    if shutil.which("openssl") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs openssl to make a certificate")
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def script():
    """What the server is told to do, and what it was given."""
    return Script()


@pytest.fixture
def server(script, certificate):
    """Settings that fit a running server with STARTTLS and login."""
    with running(script, certificate) as port:
        yield SmtpSettings("localhost", port, user=USER, ca_file=str(certificate), per_minute=1000)


def sent(settings, *addresses, password=PASSWORD):
    """Every attempt's result on one connection."""
    transport = SmtpTransport(settings, password, sender=SENDER)
    try:
        return [transport.send(address, RAW, message_id=ID) for address in addresses]
    finally:
        transport.close()


def only(settings, password=PASSWORD):
    """The result of one mail to Anna."""
    return sent(settings, "anna@plan.test", password=password)[0]


def test_mails_arrive_byte_for_byte_over_one_connection(server, script):
    """Dots at line starts, accents and all; three mails need one login."""
    addresses = ["anna@plan.test", "ben@plan.test", "cleo@plan.test"]
    assert sent(server, *addresses) == [Attempt(Sending.SENT, 250)] * 3
    assert [(mail.address, mail.raw) for mail in script.delivered] == [(address, RAW) for address in addresses]
    assert script.connections == 1


@pytest.mark.parametrize(
    ("local", "result", "code", "enhanced"),
    [
        ("busy", Sending.RETRY, 450, "4.2.1"),
        ("full", Sending.RETRY, 452, "4.2.2"),
        ("puts-off", Sending.RETRY, 451, "4.7.1"),
        ("sleepy", Sending.RETRY, 421, "4.3.2"),
        ("sleepy-end", Sending.RETRY, 421, "4.3.2"),
        ("overflow", Sending.RETRY, 452, "4.3.1"),
        ("gone", Sending.REFUSED, 550, "5.1.1"),
        ("relay", Sending.REFUSED, 554, "5.7.1"),
        ("closed-group", Sending.REFUSED, 550, "5.7.133"),
        ("spam", Sending.REFUSED, 554, "5.7.1"),
        ("unaligned", Sending.STOP, 550, "5.7.515"),
        ("unpaid", Sending.STOP, 530, "5.7.0"),
        ("drop-before", Sending.RETRY, 0, ""),
        ("drop-after", Sending.UNCERTAIN, 0, ""),
    ],
)
def test_an_answer_is_understood_and_the_next_mail_still_goes_out(server, script, local, result, code, enhanced):
    """One mail's fate is its own, and its reason repeats nothing of the server's text but the enhanced code."""
    first, second = sent(server, f"{local}@plan.test", "anna@plan.test")
    assert (first.result, first.code, second.result) == (result, code, Sending.SENT)
    assert enhanced in first.reason
    assert first.reason.endswith(".")
    assert not [word for word in WITHHELD if word in first.reason]
    owned = ["drop-after@plan.test"] if local == "drop-after" else []
    assert [mail.address for mail in script.delivered] == [*owned, "anna@plan.test"]


def test_two_mails_put_off_in_a_row_pause_the_rest(server, script):
    """Asked for patience twice, the run sends nothing more; a mail that goes through between starts anew."""
    later, anna = "puts-off@plan.test", "anna@plan.test"
    results = [attempt.result for attempt in sent(server, later, anna, later, later, anna, anna)]
    assert results == [Sending.RETRY, Sending.SENT, Sending.RETRY, Sending.RETRY, Sending.STOP, Sending.STOP]
    assert len(script.delivered) == 1


@pytest.mark.parametrize("answer", ["421 4.3.2 closing", "451 4.3.0 trouble", "452 4.3.1 no room"])
def test_a_server_that_puts_off_the_sender_is_left_alone(server, script, answer):
    """It is no single mail's matter: nothing is counted against it and the next run tries again."""
    script.sender_answer = answer
    attempt = only(server)
    assert (attempt.result, attempt.code) == (Sending.STOP, int(answer[:3]))
    assert "next run" in attempt.reason


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ("550 5.7.60 not as this sender", Sending.STOP),
        ("553 5.1.8 no such domain", Sending.STOP),
        ("552 5.3.4 too large", Sending.REFUSED),
    ],
)
def test_a_refused_sender_stops_everything_but_a_size_does_not(server, script, answer, result):
    """Every mail has the same sender; only a size is one mail's own."""
    script.sender_answer = answer
    assert only(server).result is result


def test_a_connection_dropped_between_mails_is_made_anew_once(server, script):
    """An idle connection is closed by any server: the second mail goes out on a new one."""
    transport = SmtpTransport(server, PASSWORD, sender=SENDER)
    first = transport.send("anna@plan.test", RAW, message_id=ID)
    script.drop_at_sender = 1
    second = transport.send("ben@plan.test", RAW, message_id=ID)
    script.drop_at_sender = 9
    third = transport.send("cleo@plan.test", RAW, message_id=ID)
    transport.close()
    assert [first.result, second.result, third.result] == [Sending.SENT, Sending.SENT, Sending.RETRY]
    assert script.connections == 3
    assert script.drop_at_sender == 7


def test_an_idle_goodbye_before_the_next_mail_is_no_reason_to_stop(server, script):
    """A server that says 421 to a connection it kept gets a new one; saying it again stops."""
    transport = SmtpTransport(server, PASSWORD, sender=SENDER)
    transport.send("anna@plan.test", RAW, message_id=ID)
    script.sender_answer = "421 4.4.2 idle too long"
    assert transport.send("ben@plan.test", RAW, message_id=ID).result is Sending.STOP
    transport.close()
    assert script.connections == 2


def test_the_last_answer_may_take_long_and_no_other(server, script):
    """The server may think after the last dot: giving up there would deliver twice."""
    script.pause = 0.8
    transport = SmtpTransport(server, PASSWORD, sender=SENDER, seconds=0.5)
    assert transport.send("anna@plan.test", RAW, message_id=ID).result is Sending.SENT
    script.pause_at_sender = 2
    assert transport.send("ben@plan.test", RAW, message_id=ID).result is Sending.RETRY
    transport.close()
    assert len(script.delivered) == 1


def test_without_the_last_answer_nobody_knows(server, script, monkeypatch):
    """However long it was waited for."""
    monkeypatch.setattr(smtp, "_SECONDS_FOR_CONTENT", 0.2)
    script.pause = 0.5
    assert only(server).result is Sending.UNCERTAIN


def test_the_waits_are_those_of_the_standard():
    """30 s for the conversation, ten minutes for the last answer (RFC 5321 4.5.3.2.6)."""
    assert (smtp._SECONDS, smtp._SECONDS_FOR_CONTENT) == (30, 600)


@pytest.mark.parametrize(
    ("change", "password", "reason"),
    [
        ({}, "wrong", "did not accept the login (535 5.7.8)"),
        ({}, "señal", smtp_replies.ODD_PASSWORD),
        ({"user": ""}, "", "530 5.7.0"),
        ({"ca_file": ""}, PASSWORD, smtp_replies.UNTRUSTED),
        ({"ca_file": "/nowhere/ca.pem"}, PASSWORD, smtp_replies.NO_CA_FILE),
        ({"ca_file": __file__}, PASSWORD, smtp_replies.NO_CA_FILE),
        ({"security": "tls"}, PASSWORD, smtp_replies.TLS_FAILED),
        ({"security": "none"}, PASSWORD, smtp_replies.PLAIN_TEXT),
        ({"security": "none", "host": "mx.plan.test", "user": ""}, "", smtp_replies.PLAIN_TEXT),
        ({"host": "nowhere.invalid"}, PASSWORD, smtp_replies.UNREACHABLE),
    ],
)
def test_what_is_set_wrong_stops_everything_and_says_what_to_do(server, script, change, password, reason):
    """Login, certificate, place: nothing is sent, nothing is counted, and no name or password is told."""
    attempt = only(replace(server, **change), password=password)
    assert attempt.result is Sending.STOP
    assert reason in attempt.reason
    assert not [word for word in (*WITHHELD, "s3cret", "wrong", USER, "nowhere") if word in attempt.reason]
    assert script.delivered == []


def test_a_server_for_another_name_is_not_trusted(server, certificate):
    """A certificate that is trusted but made out to another name is refused."""
    attempt = only(replace(server, host="127.0.0.2"))
    assert attempt.result is Sending.STOP
    assert only(replace(server, host="127.0.0.1")).result is Sending.SENT


def test_no_login_without_encryption(script, certificate):
    """A server without STARTTLS never hears the password."""
    with running(script) as port:
        attempt = only(SmtpSettings("localhost", port, user=USER, ca_file=str(certificate)))
    assert attempt == Attempt(Sending.STOP, 0, smtp_replies.NO_TLS)


def test_a_server_without_login_is_named(script, certificate):
    """A user is set and the server knows no logins."""
    with running(script, certificate, login=False) as port:
        attempt = only(SmtpSettings("localhost", port, user=USER, ca_file=str(certificate)))
    assert attempt == Attempt(Sending.STOP, 0, smtp_replies.NO_LOGIN_OFFERED)


def test_a_server_that_relays_for_nobody_without_login_stops_everything(script, certificate):
    """Without a login "relay denied" is not the recipient's fault."""
    with running(script, certificate, login=False) as port:
        settings = SmtpSettings("localhost", port, ca_file=str(certificate))
        attempt, after = sent(settings, "relay@plan.test", "anna@plan.test")
    assert (attempt.result, attempt.code, after.result) == (Sending.STOP, 554, Sending.SENT)


def test_a_server_on_this_machine_may_do_without_encryption(script):
    """security = "none" works on loopback without login."""
    with running(script) as port:
        assert only(SmtpSettings("127.0.0.1", port, security="none"), "").result is Sending.SENT


def answering(lines):
    """The port of something on loopback that says `lines`, one per connection step, and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk():
        connection, _ = listener.accept()
        with listener, connection:
            for line in lines:
                connection.sendall(line)
                connection.recv(1000)

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    return listener.getsockname()[1], thread


@pytest.mark.parametrize(
    ("lines", "code", "reason"),
    [
        ([], 0, smtp_replies.UNREACHABLE),
        ([b"HTTP/1.1 400 Bad Request\r\n\r\n"], 0, smtp_replies.UNREACHABLE),
        ([b"554 5.7.1 not you, 10.1.2.3\r\n"], 554, "does not talk to this machine (554 5.7.1)"),
        ([b"421 4.7.0 too many connections\r\n"], 421, "next run"),
        ([b"220 hello\r\n", b"250-x\r\n250 STARTTLS\r\n", b"454 4.7.0 no TLS now\r\n"], 454, "next run"),
        ([b"220 hello\r\n", b"250-x\r\n250 STARTTLS\r\n", b"220 go\r\n"], 0, smtp_replies.TLS_FAILED),
    ],
)
def test_something_that_is_no_good_mail_server_stops_everything(lines, code, reason):
    """Whatever listens there, nothing is raised."""
    port, thread = answering(lines)
    attempt = only(SmtpSettings("localhost", port))
    thread.join(5)
    assert (attempt.result, attempt.code) == (Sending.STOP, code)
    assert reason in attempt.reason


ANSWERS = [b"220 hi", b"250 x", b"250 sender", b"250 recipient", b"354 go", b"250 taken"]
GARBAGE = [b"\xff\xfe\x00", b"25", b"999 what", b"199 hm", b"250-" + b"x" * 9000, b"-1", b""]


@pytest.mark.parametrize("said", GARBAGE, ids=range(len(GARBAGE)))
@pytest.mark.parametrize(
    ("step", "result"), [(0, Sending.STOP), (2, Sending.RETRY), (4, Sending.RETRY), (5, Sending.UNCERTAIN)]
)
def test_an_answer_that_is_none_is_a_lost_connection(step, result, said):
    """Nonsense at any step raises nothing and never counts as a refusal; after the last dot nobody knows."""
    port, thread = answering([line + b"\r\n" for line in (*ANSWERS[:step], said)])
    attempt = only(SmtpSettings("localhost", port, security="none"), "")
    thread.join(5)
    assert attempt.result is result
    assert attempt.code == 0 or step == 0


def test_nobody_listening_stops_everything():
    """A closed port is said kindly."""
    assert only(SmtpSettings("localhost", free_port())) == Attempt(Sending.STOP, 0, smtp_replies.UNREACHABLE)


def test_encryption_from_the_first_byte_works(certificate):
    """security = "tls" talks to a server that never speaks plainly, and checks its certificate."""
    heard = []
    listener = socket.create_server(("127.0.0.1", 0))

    def talk():
        for _ in range(2):
            plain, _ = listener.accept()
            try:
                with server_context(certificate).wrap_socket(plain, server_side=True) as connection:
                    for line in (b"220 hi", b"250 x", b"250 ok", b"250 ok", b"354 go", b"250 ok", b"221 bye"):
                        connection.sendall(line + b"\r\n")
                        heard.append(connection.recv(1000))
            except OSError:
                plain.close()

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    port = listener.getsockname()[1]
    refused = only(SmtpSettings("localhost", port, security="tls"), "")
    taken = only(SmtpSettings("localhost", port, security="tls", ca_file=str(certificate)), "")
    thread.join(5)
    listener.close()
    assert refused == Attempt(Sending.STOP, 0, smtp_replies.UNTRUSTED)
    assert taken.result is Sending.SENT
    assert heard[0].startswith(b"ehlo ")
    assert heard[1:4] == [b"MAIL FROM:<robot@plan.test>\r\n", b"RCPT TO:<anna@plan.test>\r\n", b"DATA\r\n"]


@pytest.mark.parametrize(
    "address",
    ["a@b>\r\nRCPT TO:<c@d", "Anna <anna@plan.test>", "a@b,c@d", "josé@plan.test", "anna", "", "a@b c", "a@b\n"],
)
def test_what_is_no_address_never_reaches_the_server(server, script, address):
    """A recipient is one plain address; no server is even asked."""
    assert sent(server, address) == [Attempt(Sending.REFUSED, 0, smtp_replies.NOT_AN_ADDRESS)]
    assert script.connections == 0


def test_a_sender_that_is_no_address_stops_everything(server):
    """The sender cannot smuggle commands either."""
    transport = SmtpTransport(server, PASSWORD, sender="a@b>\r\nRCPT TO:<c@d")
    assert transport.send("anna@plan.test", RAW, message_id=ID) == Attempt(Sending.STOP, 0, smtp_replies.NO_SENDER)


def test_the_pace_is_kept(server, script):
    """Of five mails at two a minute, the third and the fifth wait for the minute to pass."""
    clock, slept = [100.0], []

    def sleep(seconds):
        slept.append(seconds)
        clock[0] += seconds

    def monotonic():
        clock[0] += 1
        return clock[0]

    settings = replace(server, per_minute=2)
    transport = SmtpTransport(settings, PASSWORD, sender=SENDER, sleep=sleep, monotonic=monotonic)
    for number in range(5):
        clock[0] += 40 * (number == 2)
        assert transport.send("anna@plan.test", RAW, message_id=ID).result is Sending.SENT
    transport.close()
    assert slept == [18, 58]
    assert len(script.delivered) == 5


def test_connecting_alone_tells_whether_mail_can_be_sent(server, script):
    """A look at the server sends nothing."""
    transport = SmtpTransport(server, PASSWORD, sender=SENDER)
    assert transport.connect() is None
    transport.close()
    assert SmtpTransport(server, "wrong", sender=SENDER).connect().result is Sending.STOP
    assert script.delivered == []
