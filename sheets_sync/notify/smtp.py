"""Mails through a mail server: one encrypted connection for all of them, one recipient each.

Never without a checked certificate, never a login without encryption. What an answer means is in `smtp_replies`.
"""

import contextlib
import re
import smtplib
import ssl
import time
from collections import deque
from collections.abc import Callable

from sheets_sync.core.mails import Attempt, Sending, SmtpSettings
from sheets_sync.notify import smtp_replies as replies
from sheets_sync.notify.header_text import is_plain_address
from sheets_sync.notify.smtp_replies import Step, judge

_SECONDS = 30.0
_SECONDS_FOR_CONTENT = 600.0
"""RFC 5321 4.5.3.2.6: who gives up sooner on the last answer delivers the same mail many times."""
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_PAUSES_TO_STOP = 2
"""One mail put off with "later, please" may be its recipient's matter; two in a row are the server's."""
_OK = frozenset({250, 251, 252})
_GO_ON = frozenset({354})
_REFUSALS = range(400, 600)
"""What is neither agreement nor one of these is no answer at all."""
_LATER = {421, 451}
_LINE_START_DOT = re.compile(rb"^\.", re.MULTILINE)


class SmtpTransport:
    """A connection made at the first mail and kept until `close`. `sender` is the envelope's, `password` "" without
    login. `seconds` is how long the server may take to answer, but for the mail itself. `sleep` and `monotonic` keep
    the pace of `settings.per_minute`."""

    def __init__(
        self,
        settings: SmtpSettings,
        password: str,
        *,
        sender: str,
        seconds: float = _SECONDS,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._password = password
        self._sender = sender
        self._seconds = seconds
        self._sleep = sleep
        self._monotonic = monotonic
        self._server: smtplib.SMTP | None = None
        self._sent_at: deque[float] = deque()
        self._put_off_in_a_row = 0

    def send(self, address: str, raw: bytes, *, message_id: str) -> Attempt:
        """Try once; a connection that grew old between two mails is made anew."""
        if not is_plain_address(address):
            return Attempt(Sending.REFUSED, reason=replies.NOT_AN_ADDRESS)
        if self._put_off_in_a_row >= _PAUSES_TO_STOP:
            return Attempt(Sending.STOP, reason=replies.SLOW_DOWN)
        self._keep_pace()
        attempt = self._sender_taken()
        if attempt is None:
            attempt = self._recipient_and_content(address, raw)
        put_off = attempt.result is Sending.RETRY and attempt.code in _LATER
        self._put_off_in_a_row = self._put_off_in_a_row + 1 if put_off else 0
        return attempt

    def connect(self) -> Attempt | None:
        """Connect and log in unless that is done; None when mail can be sent, else why not (a STOP)."""
        if self._server is not None:
            return None
        settings = self._settings
        if not is_plain_address(self._sender):
            return Attempt(Sending.STOP, reason=replies.NO_SENDER)
        if settings.security == "none" and (settings.host not in _LOOPBACK or settings.user):
            return Attempt(Sending.STOP, reason=replies.PLAIN_TEXT)
        try:
            context = ssl.create_default_context(cafile=settings.ca_file or None)
        except OSError:
            return Attempt(Sending.STOP, reason=replies.NO_CA_FILE)
        try:
            self._server = self._open(context)
            if settings.user:
                self._server.login(settings.user, self._password)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            step = Step.SESSION if self._server is None else Step.LOGIN
            self._drop()
            return _why_not_connected(step, error)
        return None

    def close(self) -> None:
        """Say goodbye, if anybody listens."""
        if self._server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._server.quit()
        self._drop()

    def _open(self, context: ssl.SSLContext) -> smtplib.SMTP:
        settings, seconds = self._settings, self._seconds
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=seconds, context=context)
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=seconds)
        try:
            if settings.security not in ("tls", "none"):
                server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
        except BaseException:
            server.close()
            raise
        return server

    def _sender_taken(self) -> Attempt | None:
        """Have the server take MAIL FROM, on a new connection if it dropped the old one meanwhile."""
        kept = self._server is not None
        stopped = self.connect()
        if stopped is not None:
            return stopped
        attempt = self._ask(Step.SENDER, f"MAIL FROM:<{self._sender}>")
        lost = self._server is None
        return self._sender_taken() if kept and lost else attempt

    def _recipient_and_content(self, address: str, raw: bytes) -> Attempt:
        attempt = self._ask(Step.RECIPIENT, f"RCPT TO:<{address}>")
        if attempt is None:
            attempt = self._ask(Step.CONTENT, "DATA", _GO_ON)
        if attempt is None:
            attempt = self._content(raw)
        if attempt.result is not Sending.SENT and self._server is not None:
            self._ask(Step.SESSION, "RSET")
        return attempt

    def _ask(self, step: Step, command: str, yes: frozenset[int] = _OK) -> Attempt | None:
        """One command; None when the server agrees. Without an answer the connection is dropped."""
        if self._server is None:
            return Attempt(Sending.RETRY, reason=replies.CONNECTION_LOST)
        try:
            code, text = self._server.docmd(command)
        except (OSError, smtplib.SMTPException):
            self._drop()
            return Attempt(Sending.RETRY, reason=replies.CONNECTION_LOST)
        if code in yes:
            return None
        if code not in _REFUSALS:
            self._drop()
            return Attempt(Sending.RETRY, reason=replies.CONNECTION_LOST)
        return self._answer(step, code, text)

    def _content(self, raw: bytes) -> Attempt:
        """The mail itself, up to the answer after its last dot; only from that dot on may the server own it."""
        server = self._server
        if server is None or server.sock is None:
            return Attempt(Sending.RETRY, reason=replies.CONNECTION_LOST)
        body = _LINE_START_DOT.sub(b"..", raw)
        last_dot = False
        try:
            server.sock.settimeout(_SECONDS_FOR_CONTENT)
            server.send(body if body.endswith(b"\r\n") else body + b"\r\n")
            last_dot = True
            server.send(b".\r\n")
            code, text = server.getreply()
            server.sock.settimeout(self._seconds)
        except (OSError, smtplib.SMTPException):
            self._drop()
            if last_dot:
                return Attempt(Sending.UNCERTAIN, reason=replies.PERHAPS_SENT)
            return Attempt(Sending.RETRY, reason=replies.CONNECTION_LOST)
        if code in _OK:
            return Attempt(Sending.SENT, code)
        if code not in _REFUSALS:
            self._drop()
            return Attempt(Sending.UNCERTAIN, reason=replies.PERHAPS_SENT)
        return self._answer(Step.CONTENT, code, text)

    def _answer(self, step: Step, code: int, text: bytes) -> Attempt:
        """What a no means. A server that says goodbye is left."""
        if code == replies.CLOSING:
            self._drop()
        return judge(step, code, text, logged_in=bool(self._settings.user))

    def _keep_pace(self) -> None:
        """Wait until fewer than `per_minute` mails went out in the last minute."""
        now = self._monotonic()
        while self._sent_at and now - self._sent_at[0] >= 60:
            self._sent_at.popleft()
        if len(self._sent_at) >= self._settings.per_minute:
            self._sleep(60 - (now - self._sent_at.popleft()))
            now = self._monotonic()
        self._sent_at.append(now)

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None


def _why_not_connected(step: Step, error: Exception) -> Attempt:
    """A STOP for whatever went wrong before the first mail."""
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code in _REFUSALS:
        text = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
        return judge(step, error.smtp_code, text, logged_in=False)
    if isinstance(error, ssl.SSLCertVerificationError):
        return Attempt(Sending.STOP, reason=replies.UNTRUSTED)
    if isinstance(error, ssl.SSLError):
        return Attempt(Sending.STOP, reason=replies.TLS_FAILED)
    if isinstance(error, UnicodeError):
        return Attempt(Sending.STOP, reason=replies.ODD_PASSWORD if step is Step.LOGIN else replies.UNREACHABLE)
    if isinstance(error, smtplib.SMTPNotSupportedError) and step is Step.SESSION:
        return Attempt(Sending.STOP, reason=replies.NO_TLS)
    if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
        return Attempt(Sending.STOP, reason=replies.UNREACHABLE)
    lost = step is Step.SESSION or isinstance(error, smtplib.SMTPServerDisconnected)
    return Attempt(Sending.STOP, reason=replies.UNREACHABLE if lost else replies.NO_LOGIN_OFFERED)
