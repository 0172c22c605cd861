"""What a mail server's answer means for one mail, or for all of them. Pure; the conversation is in `smtp`.

A reason says what to do and holds nothing the server wrote but its enhanced status code (RFC 3463).
"""

import re
from enum import Enum, auto

from sheets_sync.core.mails import Attempt, Sending

_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})(?!\S)")
_NO_LOGIN = {530, 534, 535, 538}
_ABOUT_US = {
    *("5.7.8", "5.7.9", "5.7.30", "5.7.57", "5.7.60", "5.2.252"),  # login missing, refused, or not for this sender
    *(f"5.7.{detail}" for detail in range(20, 30)),  # SPF, DKIM, reverse DNS (RFC 7372 and 7505)
    *("5.7.501", "5.7.502", "5.7.503", "5.7.509", "5.7.515", "5.7.708", "5.7.750"),  # a large provider's same
}
"""Enhanced codes that refuse this installation rather than one mail, at whatever step they come."""
_RELAYING = re.compile(rb"\brelay(?:ing)?(?: access)? (?:denied|not )|\b(?:to|not) relay\b", re.IGNORECASE)
_ABOUT_RELAYING = {"5.7.54", "5.7.64"}
_TOO_LARGE = 552
CLOSING = 421

UNREACHABLE = (
    "The mail server cannot be reached: check host, port and security in [mail.smtp], and that this machine may"
    " connect to it."
)
NO_TLS = "The mail server offers no encryption: nothing was sent. Check host, port and security in [mail.smtp]."
UNTRUSTED = (
    "The mail server's certificate cannot be trusted: nothing was sent. Check the host's name; a certificate of your"
    " own organisation needs ca_file in [mail.smtp]."
)
TLS_FAILED = 'No encrypted connection to the mail server came about: check port and security ("starttls" or "tls").'
NO_CA_FILE = "The file of trusted certificates cannot be read: check ca_file in [mail.smtp]."
PLAIN_TEXT = "Sending without encryption is only for a mail server on this machine, without login: set security."
NO_LOGIN_OFFERED = "The mail server offers no login here: check port and security, or leave the user out."
ODD_PASSWORD = "The user or the password holds a letter mail servers do not take: use plain ASCII ones."  # noqa: S105
NO_SENDER = "The sender is not an address mail can be sent from: correct it in [mail]."
NOT_AN_ADDRESS = "The address is not one a mail can be sent to: correct it in the configuration."
CONNECTION_LOST = "The connection to the mail server was lost before it had the mail: it is tried again."
PERHAPS_SENT = "The connection to the mail server was lost at the very end: the mail may have arrived."
SLOW_DOWN = "The mail server asks to slow down: the rest waits for the next run."


class Step(Enum):
    """Where in the conversation an answer came."""

    SESSION = auto()
    """Greeting, EHLO, STARTTLS."""
    LOGIN = auto()
    SENDER = auto()
    RECIPIENT = auto()
    CONTENT = auto()


_SAID_LATE = (
    (b"sender address rejected", Step.SENDER),
    (b"client host rejected", Step.SESSION),
    (b"helo command rejected", Step.SESSION),
)
"""Postfix waits until the recipient to say what it holds against the sender or this machine."""


def judge(step: Step, code: int, text: bytes, *, logged_in: bool) -> Attempt:
    """What an answer other than yes means. `text` is the server's, and only its enhanced code is kept."""
    found = _ENHANCED.match(text)
    enhanced = found[1].decode() if found else ""
    step = next((meant for phrase, meant in _SAID_LATE if phrase in text.lower()), step)
    if _is_about_us(step, code, enhanced, text, logged_in=logged_in):
        result, sentence = Sending.STOP, _why_stopped(step, code, enhanced)
    elif code < 500:
        result, sentence = Sending.RETRY, "The mail server does not take this mail now{}: it is tried again."
    elif step is Step.RECIPIENT:
        result, sentence = Sending.REFUSED, "The mail server does not take mail for this address{}: check it."
    else:
        result, sentence = Sending.REFUSED, "The mail server does not take this mail{}."
    return Attempt(result, code, sentence.format(f" ({' '.join(filter(None, (str(code), enhanced)))})"))


def _is_about_us(step: Step, code: int, enhanced: str, text: bytes, *, logged_in: bool) -> bool:
    if code in _NO_LOGIN or enhanced in _ABOUT_US:
        return True
    if step in (Step.SESSION, Step.LOGIN):
        return True
    if step is Step.SENDER:
        return code != _TOO_LARGE and enhanced != "5.3.4"
    # A server that relays for nobody without login says so at each recipient; with a login it is about that one.
    relaying = enhanced in _ABOUT_RELAYING or _RELAYING.search(text) is not None
    return step is Step.RECIPIENT and relaying and not logged_in


def _why_stopped(step: Step, code: int, enhanced: str) -> str:
    if code < 500 and code not in _NO_LOGIN:
        return "The mail server asks to wait{}: the next run tries again."
    if code in _NO_LOGIN or step is Step.LOGIN:
        return "The mail server did not accept the login{}: check user and password in [mail.smtp]."
    if step is Step.SENDER:
        return (
            "The mail server does not let this sender send{}: check sender in [mail], user and password in [mail.smtp]."
        )
    if step is Step.RECIPIENT and enhanced not in _ABOUT_US:
        return "The mail server passes no mail on without login{}: set user and password in [mail.smtp]."
    if step is Step.SESSION:
        return "The mail server does not talk to this machine{}: check host, port and user in [mail.smtp]."
    return "The mail server refuses mail of this sender as a whole{}: show this code to who runs your mail."
