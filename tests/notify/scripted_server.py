"""A real mail server on loopback that does what the local part of the recipient says."""

# ruff: noqa: N802 (the names aiosmtpd calls)

import asyncio
import socket
import ssl
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER, PASSWORD = "robot", "s3cret"
AT_RECIPIENT = {
    "busy": "450 4.2.1 <busy@plan.test>: mailbox busy, told to anna@plan.test",
    "full": "452 4.2.2 mailbox full",
    "gone": "550 5.1.1 <gone@plan.test>: nobody here",
    "relay": "554 5.7.1 <relay@plan.test>: Relay access denied",
    "closed-group": "550 5.7.133 senders must be inside",
    "sleepy": "421 4.3.2 going down",
    "unpaid": "530 5.7.0 Authentication required",
    "puts-off": "451 4.7.1 later, please",
}
AT_END = {
    "spam": "554 5.7.1 looks like spam",
    "unaligned": "550 5.7.515 Access denied, sending domain does not meet the requirements",
    "overflow": "452 4.3.1 no room",
    "sleepy-end": "421 4.3.2 going down",
}


class Delivered(NamedTuple):
    """One mail the server owns."""

    address: str
    raw: bytes


class Script:
    """What the server does. `connections` counts EHLOs after encryption, `delivered` is what it owns."""

    def __init__(self) -> None:
        self.delivered: list[Delivered] = []
        self.connections = 0
        self.sender_answer = "250 OK"
        self.drop_at_sender = 0
        self.pause = 0.0
        self.pause_at_sender = 0.0

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, name: str, lines: list[str]):
        session.host_name = name
        self.connections += session.ssl is not None
        return lines

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]):
        if self.drop_at_sender:
            self.drop_at_sender -= 1
            server.transport.abort()
        await asyncio.sleep(self.pause_at_sender)
        envelope.mail_from = address
        return self.sender_answer

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]):
        local = address.partition("@")[0]
        if local == "drop-before":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return AT_RECIPIENT.get(local, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope):
        address = envelope.rcpt_tos[0]
        local = address.partition("@")[0]
        if local in AT_END:
            return AT_END[local]
        self.delivered.append(Delivered(address, envelope.content))
        if local == "drop-after":
            server.transport.abort()
        await asyncio.sleep(self.pause)
        return "250 2.0.0 taken"


class _Server(Controller):
    def factory(self) -> SMTP:
        with warnings.catch_warnings():
            # aiosmtpd warns where a test wants a login without encryption.
            warnings.simplefilter("ignore", UserWarning)
            return super().factory()


def _allowed(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data) -> AuthResult:
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_certificate(folder: Path) -> Path:
    """A certificate for localhost that nobody has signed, as PEM with its key beside it."""
    certificate = folder / "cert.pem"
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    alternatives = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    places = ["-keyout", str(folder / "key.pem"), "-out", str(certificate)]
    subprocess.run([*words.split(), *alternatives, *places], check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return certificate


def server_context(certificate: Path) -> ssl.SSLContext:
    """The server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    return context


@contextmanager
def running(script: Script, certificate: Path | None = None, *, login: bool = True) -> Iterator[int]:
    """The server's port while it runs; with a certificate it wants STARTTLS, with `login` a login after it."""
    context = server_context(certificate) if certificate else None
    if login and context:
        options = {"authenticator": _allowed, "auth_required": True, "auth_require_tls": True}
    else:
        options = {"auth_exclude_mechanism": ["LOGIN", "PLAIN"]}
    server = _Server(
        script,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=context is not None,
        **options,
    )
    server.start()
    try:
        yield server.port
    finally:
        server.stop()
