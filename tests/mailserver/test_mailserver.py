"""Mails through a real Postfix into a real Dovecot mailbox and out again by IMAP."""

import imaplib
import os
import shutil
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import pytest
from notify.finished_mail import HTML, SETTINGS, TEXT, envelope, rendered
from notify.scripted_server import free_port

from sheets_sync.core.mails import Attempt, Sending, SmtpSettings
from sheets_sync.core.persons import Person
from sheets_sync.notify import smtp_replies
from sheets_sync.notify.message import build
from sheets_sync.notify.smtp import SmtpTransport

pytestmark = pytest.mark.mailserver

PROGRAMS = ("postfix", "dovecot", "doveadm", "openssl")
SCRIPT = Path(__file__).with_name("mailstack.sh")
SENDER = "robot@plan.test"
ANNA = "anna@plan.test"
HOSTILE = '=?utf-8?q?hi=0ABcc=3A_ben=40plan.test?=\r\nBcc: ben@plan.test\r\n\r\n"x" <ben@plan.test>,'


class Stack(NamedTuple):
    """The running servers: their folder, settings that fit, and ports."""

    folder: Path
    settings: SmtpSettings
    plain_port: int
    imap_port: int


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """Postfix and Dovecot on loopback, in a folder every user may enter."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing or not hasattr(os, "geteuid") or os.geteuid() != 0:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs root, Postfix and Dovecot")
    folder = Path(tempfile.mkdtemp(prefix="sheets-sync-mail-"))
    ports = {"SUBMISSION": free_port(), "PLAIN": free_port(), "IMAPS": free_port()}
    environment = os.environ | {name: str(port) for name, port in ports.items()}
    try:
        call("start", folder, environment)
        settings = SmtpSettings(
            "localhost",
            ports["SUBMISSION"],
            user=SENDER,
            ca_file=str(folder / "tls" / "cert.pem"),
            per_minute=1000,
        )
        yield Stack(folder, settings, ports["PLAIN"], ports["IMAPS"])
    finally:
        call("stop", folder, environment)
        shutil.rmtree(folder, ignore_errors=True)


def call(command: str, folder: Path, environment: dict[str, str]) -> None:
    """The script with its streams in a file: what it starts keeps them open."""
    with (folder / f"{command}.log").open("wb") as out:
        subprocess.run(
            ["bash", SCRIPT, command, folder],
            env=environment,
            check=command == "start",
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            timeout=60,
        )


def send(settings: SmtpSettings, *raws: bytes, to: str = ANNA, password: str = "s3cret", pause: float = 0):
    """Every attempt's result on one transport."""
    transport = SmtpTransport(settings, password, sender=SENDER)
    attempts = []
    for number, raw in enumerate(raws):
        time.sleep(pause if number else 0)
        attempts.append(transport.send(to, raw, message_id=envelope().message_id))
    transport.close()
    return attempts


def mailbox(stack: Stack, user: str, at_least: int) -> list[bytes]:
    """All mails of a user, oldest first, once so many have come; the box is empty afterwards."""
    context = ssl.create_default_context(cafile=stack.settings.ca_file)
    with imaplib.IMAP4_SSL("localhost", stack.imap_port, ssl_context=context) as server:
        server.login(user, "pw")
        until = time.monotonic() + 20
        numbers: list[bytes] = []
        while time.monotonic() < until:
            server.select()
            numbers = server.search(None, "ALL")[1][0].split()
            if len(numbers) >= at_least:
                break
            time.sleep(0.1)
        mails = [server.fetch(number.decode(), "(RFC822)")[1][0][1] for number in numbers]
        for number in numbers:
            server.store(number.decode(), "+FLAGS", r"\Deleted")
        server.expunge()
        return mails


def connections(stack: Stack) -> int:
    """How often somebody connected so far."""
    return (stack.folder / "postfix.log").read_text().count(": connect from")


def own_mail(subject: str = "2 atrasadas – São Paulo", name: str = "Anna Prado") -> bytes:
    """A finished mail to Anna."""
    return build(rendered(subject), envelope(Person(name, ANNA), reply_to_name=name), SETTINGS)


def test_mails_come_out_byte_for_byte_as_they_went_in(stack):
    """Servers put their own lines on top; every header and both bodies below stay ours."""
    raws = [own_mail(f"{number} atrasadas – São Paulo") for number in range(3)]
    before = connections(stack)
    assert send(stack.settings, *raws) == [Attempt(Sending.SENT, 250)] * 3
    found = mailbox(stack, ANNA, 3)
    assert len(found) == 3
    for raw, read in zip(raws, found, strict=True):
        assert read.endswith(raw)
        added = read[: -len(raw)].replace(b"\r\n\t", b" ").replace(b"\r\n ", b" ").splitlines()
        assert {line.partition(b":")[0] for line in added} <= {b"Return-Path", b"Delivered-To", b"Received"}
    message = message_from_bytes(found[0], _class=EmailMessage, policy=policy.default)
    assert message["Return-Path"] == f"<{SENDER}>"
    assert message["Delivered-To"] == ANNA
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == TEXT
    assert message.get_body(("html",)).get_content().replace("\r\n", "\n") == HTML
    assert connections(stack) == before + 1


def test_no_name_or_subject_reaches_anybody_else(stack):
    """A hostile subject and name arrive as text, to Anna alone."""
    raw = own_mail(HOSTILE, HOSTILE)
    assert send(stack.settings, raw)[0].result is Sending.SENT
    read = mailbox(stack, ANNA, 1)
    assert [mail.endswith(raw) for mail in read] == [True]
    message = message_from_bytes(read[0], _class=EmailMessage, policy=policy.default)
    assert message["Bcc"] is None
    assert [found.addr_spec for found in message["To"].addresses] == [ANNA]
    assert mailbox(stack, "ben@plan.test", 0) == []


def test_an_idle_connection_the_server_closed_is_made_anew(stack):
    """The server hangs up after two seconds; the next mail arrives all the same, once."""
    assert [found.result for found in send(stack.settings, own_mail(), own_mail(), pause=3)] == [Sending.SENT] * 2
    assert len(mailbox(stack, ANNA, 2)) == 2


def test_an_unknown_address_is_refused_and_the_next_mail_arrives(stack):
    """Nobody of that name lives there."""
    transport = SmtpTransport(stack.settings, "s3cret", sender=SENDER)
    gone = transport.send("gone@plan.test", own_mail(), message_id="<a@plan.test>")
    anna = transport.send(ANNA, own_mail(), message_id="<b@plan.test>")
    transport.close()
    assert (gone.result, gone.code, anna.result) == (Sending.REFUSED, 550, Sending.SENT)
    assert "5.1.1" in gone.reason
    assert len(mailbox(stack, ANNA, 1)) == 1


@pytest.mark.parametrize(
    ("change", "password", "code", "reason"),
    [
        ({}, "wrong", 535, "did not accept the login (535 5.7.8)"),
        ({"user": ""}, "", 554, "does not talk to this machine (554 5.7.1)"),
        ({"ca_file": ""}, "s3cret", 0, smtp_replies.UNTRUSTED),
        ({"user": "anna@plan.test"}, "pw", 553, "does not let this sender send (553 5.7.1)"),
        ({"security": "tls"}, "s3cret", 0, smtp_replies.TLS_FAILED),
    ],
)
def test_what_is_set_wrong_stops_everything(stack, change, password, code, reason):
    """Wrong password, no login, unknown certificate, another's sender, wrong port: no mail is spent on it."""
    (attempt,) = send(replace(stack.settings, **change), own_mail(), password=password)
    assert (attempt.result, attempt.code) == (Sending.STOP, code)
    assert reason in attempt.reason
    assert "@" not in attempt.reason
    assert mailbox(stack, ANNA, 0) == []


def test_a_server_without_encryption_gets_nothing(stack):
    """No password and no mail goes over a line others can read."""
    (attempt,) = send(replace(stack.settings, port=stack.plain_port), own_mail())
    assert attempt == Attempt(Sending.STOP, 0, smtp_replies.NO_TLS)
