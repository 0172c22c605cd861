"""Mails as plain values: settings for sending, a rendered mail, what became of an attempt. No wording, no I/O."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from sheets_sync.core.persons import Person

SMTP, REDIRECT, FILES = "smtp", "redirect", "files"
"""The routes mails take: to their readers, all to one address to try things out, into a folder. Only the first counts
as having told anybody."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """A mail server. `security` is "starttls" or "tls"; "none" is allowed for a loopback host only, without login.

    `password` is a reference as in `config.secrets` ("env:NAME"), "" without login.
    """

    host: str
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    per_minute: int = 20


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mails leave this installation. `smtp` None: they are only written as files and nobody is mailed."""

    smtp: SmtpSettings | None = None
    sender: str = ""
    """The robot's own address, in From."""
    sender_name: str = "sheets-sync"
    redirect_all_to: str = ""
    max_mails: int = 200

    @property
    def route(self) -> str:
        """SMTP, REDIRECT or FILES."""
        if self.smtp is None:
            return FILES
        return REDIRECT if self.redirect_all_to else SMTP


class Rendered(NamedTuple):
    """A mail's wording in one reader's language. `html` has its styles inlined."""

    subject: str
    text: str
    html: str


class Envelope(NamedTuple):
    """What a mail's headers need beside its wording. `queued_at` (aware) becomes the Date, kept on every retry."""

    to: Person
    reply_to: str
    reply_to_name: str
    kinds: tuple[str, ...]
    """Kinds of notices, or what else the mail is."""
    plans: tuple[str, ...]
    """Uids."""
    period: str
    message_id: str
    queued_at: dt.datetime
    language: str = "en"


class Sending(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    """The server took it."""
    WRITTEN = "written"
    """A file was written; nobody was mailed."""
    RETRY = "retry"
    """Refused for now, or the connection failed before the server could own it."""
    UNCERTAIN = "uncertain"
    """The connection was lost after the last byte: the server may own it. Sent again once, byte for byte."""
    REFUSED = "refused"
    """Refused for good; trying again does not help."""
    STOP = "stop"
    """Nothing can be sent at all (login, TLS, sender refused, server not reachable): stop, keep everything."""


class Attempt(NamedTuple):
    """One attempt's result. `code` is the SMTP reply code (0 = none); `reason` a short sentence for a person that holds
    no address and no text of the server but its enhanced status code."""

    result: Sending
    code: int = 0
    reason: str = ""


class MailState(StrEnum):
    """Where a mail stands in the outbox."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    WRITTEN = "written"
    REFUSED = "refused"
    DROPPED = "dropped"
    """Given up with a reason: expired, withdrawn, switched off."""
