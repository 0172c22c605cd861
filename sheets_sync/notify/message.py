"""A mail's bytes: headers and the two bodies, as RFC 5322 wants them. Its wording is made in `render`.

The bytes are written here rather than by `email.message`, and only from its encoders: the same mail is the same
bytes on every Python, today and on each retry, and no header is parsed, folded or repaired behind our back.
"""

import binascii
import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from email.utils import format_datetime
from urllib.parse import quote

from sheets_sync.core.mails import Envelope, MailSettings, Rendered
from sheets_sync.core.persons import Person
from sheets_sync.notify.header_text import display_name, encoded, mailbox
from sheets_sync.notify.plain_text import one_line

NO_SENDER = "sheets-sync@sheets-sync.invalid"
"""Stands in From while no sender is configured: then mails are only written as files."""
_BOUNDARY = "=_sheets-sync"
"""Fixed. It cannot occur in a body: quoted-printable writes every "=" as "=3D"."""
_LONGEST_ID = 60
_HASH_LETTERS = 16
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_NOT_IN_LABEL = re.compile(r"[^a-z0-9-]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def message_id(
    sender: str, identity: str, *, kinds: tuple[str, ...], plans: tuple[str, ...], period: str, day: dt.date
) -> str:
    """`<kind.period.hash@domain>`: the same for the same mail to the same person, on whichever way it goes out.

    `sender` is the configured one ("" = none), `identity` the person's. At most 60 characters: for a long domain the
    kind and the period are left out, then labels from the domain's front.
    """
    facts = (*sorted(kinds), "", *sorted(plans), "", identity, period, day.isoformat())
    digest = hashlib.sha256("\n".join(facts).encode()).hexdigest()[:_HASH_LETTERS]
    domain = _domain(sender)
    for front in (f"{kinds[0]}.{period}.", f"{period}.", ""):
        whole = f"<{front}{digest}@{domain}>"
        if len(whole) <= _LONGEST_ID:
            return whole
    while len(domain) > _LONGEST_ID - _HASH_LETTERS - len("<@>") and "." in domain:
        domain = domain.partition(".")[2]
    return f"<{digest}@{domain}>"


def recipient(to: Person, settings: MailSettings) -> str:
    """The one address a mail to this person goes to: theirs, or where all mail is redirected."""
    return settings.redirect_all_to or to.address


def build(rendered: Rendered, envelope: Envelope, settings: MailSettings) -> bytes:
    """The finished mail with CRLF line ends: text first, then HTML, both quoted-printable, only ASCII bytes.

    With `redirect_all_to` the mail is addressed there and says in its subject whom it is for. Raises ValueError for
    an address that is none.
    """
    head = "".join(f"{name}: {value}\r\n" for name, value in _headers(rendered.subject, envelope, settings))
    parts = b"".join(
        f"--{_BOUNDARY}\r\n".encode() + _part(kind, text)
        for kind, text in (("plain", rendered.text), ("html", rendered.html))
    )
    return head.encode("ascii") + b"\r\n" + parts + f"--{_BOUNDARY}--\r\n".encode()


def _headers(subject: str, envelope: Envelope, settings: MailSettings) -> Iterator[tuple[str, str]]:
    kinds = "-and-".join(envelope.kinds)
    plan = _label(envelope.plans[0]) if len(envelope.plans) == 1 else ""
    redirected = bool(settings.redirect_all_to)
    sender = settings.sender or NO_SENDER
    if redirected:
        subject = f"[for {display_name(envelope.to.name)}] {subject}"
    yield "From", mailbox(settings.sender_name, sender)
    yield "To", mailbox("" if redirected else envelope.to.name, recipient(envelope.to, settings))
    yield "Reply-To", mailbox(envelope.reply_to_name, envelope.reply_to)
    yield "Subject", encoded(one_line(subject), "Subject")
    yield "Date", format_datetime(envelope.queued_at)
    yield "Message-ID", one_line(envelope.message_id)
    yield "Auto-Submitted", "auto-generated"
    yield "X-Auto-Response-Suppress", "OOF, AutoReply"
    yield "List-Id", f"<{'.'.join(part for part in (kinds, plan, 'sheets-sync', _domain(sender)) if part)}>"
    # Without a mailbox of our own the one who can stop mails is the keeper, so that is where the button writes to.
    yield "List-Unsubscribe", f"<mailto:{quote(envelope.reply_to, safe='@')}?subject={quote(f'stop {kinds}')}>"
    yield "Feedback-ID", f"{kinds}:{plan or 'several'}:sheetssync"
    if _LANGUAGE.fullmatch(envelope.language):
        yield "Content-Language", envelope.language
    yield "MIME-Version", "1.0"
    yield "Content-Type", f'multipart/alternative; boundary="{_BOUNDARY}"'


def _part(kind: str, text: str) -> bytes:
    """One body. Characters no mail may hold become "\ufffd"."""
    lines = _UNWANTED.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n")).rstrip("\n").split("\n")
    # Ends in CRLF, from which the encoder takes how to end the lines it breaks.
    body = binascii.b2a_qp(("\r\n".join(lines) + "\r\n").encode(), istext=True)
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode() + body + b"\r\n"


def _domain(sender: str) -> str:
    return (sender or NO_SENDER).rpartition("@")[2].lower()


def _label(uid: str) -> str:
    """A plan's uid as one label of a List-Id."""
    plain = _NOT_IN_LABEL.sub("-", uid.lower()).strip("-")
    return plain if plain == uid else f"{plain[:20]}-{hashlib.sha256(uid.encode()).hexdigest()[:8]}".strip("-")
