"""Names and addresses made fit for a mail header, whatever a cell holds. The line itself is made in `plain_text`.

Python's own header writer turns a cell like `=?utf-8?q?hi=0ABcc=3A_evil=40x.test?=` into a second header
(CVE-2024-6923), and folds long or accented values wrongly, so no header is left to it.
"""

import re
from email.header import Header
from email.utils import quote

from sheets_sync.notify.plain_text import one_line

LONGEST_NAME = 60
_SPECIAL = re.compile(r'[()<>\[\]:;@\\,"]+')
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")
_LONGEST_ADDRESS = 254


def display_name(text: str) -> str:
    """A person's or program's name for a header, without what could end it or pass for an address; may be ""."""
    return one_line(_SPECIAL.sub(" ", one_line(text)))[:LONGEST_NAME].rstrip()


def mailbox(name: str, address: str) -> str:
    """`"Name" <address>` in ASCII, or the address alone without a name. Raises ValueError for no plain address."""
    if not is_plain_address(address):
        raise ValueError("this is no address a mail can go to")
    shown = display_name(name)
    if not shown:
        return address
    return f"{encoded(shown) if not shown.isascii() else chr(34) + quote(shown) + chr(34)} <{address}>"


def encoded(text: str, header: str = "") -> str:
    """A value as ASCII: itself, or encoded words folded with CRLF, the first line leaving room for the header's
    name."""
    if text.isascii():
        return text
    return Header(text, "utf-8", header_name=header or "Reply-To").encode(linesep="\r\n")


def is_plain_address(text: str) -> bool:
    """Whether `text` is one ASCII address and nothing else: no name, comma, bracket, space or line break."""
    local = text.rpartition("@")[0]
    dots_right = not (local.startswith(".") or local.endswith(".") or ".." in local)
    return len(text) <= _LONGEST_ADDRESS and dots_right and _ADDRESS.fullmatch(text) is not None
