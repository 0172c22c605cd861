"""The bytes patterns of canonical spreadsheet XML, as nearly all programs write it, for reading without a parser.

A reader that uses them must match every byte; where one does not fit, it leaves the whole part to the real parser.
Canonical are: UTF-8, double-quoted attributes one blank apart, no comments, CDATA, instructions or declarations.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

ATTRIBUTES = rb'(?: (?!xmlns)[A-Za-z_][\w.-]*="[^"<&\x00-\x1f\x7f-\xff]*")*'
"""Attributes without namespace, as one run of bytes; `attributes` splits them."""
PREFIXED_ATTRIBUTES = rb'(?: (?!xmlns)[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?="[^"<&\x00-\x1f\x7f-\xff]*")*'
TEXT = rb"[^<\x00-\x08\x0b\x0c\x0e-\x1f]*"
"""Text between tags, references such as &amp; included."""

_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^<>]*\?>)?\s*<((?:[A-Za-z_][\w.-]*:)?)([A-Za-z]+)( [^<>]*)>")
_NAMESPACE = re.compile(rb""" xmlns:([\w.-]+)=["']""")
_ATTRIBUTE = re.compile(rb' ([^ =]+)="([^"]*)"')
_REFERENCE = re.compile(rb"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
_NAMED = {b"amp": b"&", b"lt": b"<", b"gt": b">", b"quot": b'"', b"apos": b"'"}
_DECLARATION = re.compile(rb"<\?xml[^<>]*?\?>")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)[\"']")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class NotCanonical(Exception):
    """These bytes need the real parser. Never leaves the package."""


class RootTag(NamedTuple):
    """The opening tag of a part's root: where it starts and stops, its prefix ("x:" or ""), and declared prefixes."""

    start: int
    stop: int
    prefix: bytes
    declared: frozenset[bytes]


def root_tag(data: bytes, name: bytes) -> RootTag:
    """Find the root's opening tag, with nothing but the XML declaration before it. Raises NotCanonical."""
    root = _ROOT.match(data)
    if root is None or root[2] != name or root[3].endswith(b"/"):
        raise NotCanonical
    return RootTag(root.start(1) - 1, root.end(), root[1], frozenset((*_NAMESPACE.findall(root[3]), b"xml")))


def is_utf8(data: bytes) -> bool:
    """Whether the part says, or by default is, UTF-8."""
    start = data[3:512] if data.startswith(_BYTE_ORDER_MARK) else data[:512]
    if not start.startswith(b"<"):
        return False
    declaration = _DECLARATION.match(start)
    if declaration is None:
        return not start.startswith(b"<?xml")
    encoding = _ENCODING.search(declaration[0])
    return encoding is None or encoding[1].lower() == b"utf-8"


def forbids(data: bytes, start: int, stop: int) -> bool:
    """Whether the stretch holds what XML text must not hold although `TEXT` lets it pass."""
    return data.find(b"]]>", start, stop) >= 0 or data.find(b"\xef\xbf", start, stop) >= 0


def attributes(run: bytes) -> Mapping[bytes, bytes]:
    """Split a run that `ATTRIBUTES` matched. Raises NotCanonical when a name stands twice."""
    pairs = _ATTRIBUTE.findall(run)
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical
    return found


def plain_text(text: bytes) -> str:
    """Text that `TEXT` matched, with references and line ends resolved as a parser does. Raises NotCanonical."""
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"&" in text:
        text = _REFERENCE.sub(_resolved, text)
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise NotCanonical from None


def _resolved(reference: re.Match[bytes]) -> bytes:
    named, decimal, hexadecimal = reference.groups()
    if named:
        return _NAMED[named]
    if not (decimal or hexadecimal):
        raise NotCanonical
    number = int(decimal) if decimal else int(hexadecimal, 16)
    allowed = (
        number in (9, 10, 13) or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000
    )
    if not allowed:
        raise NotCanonical
    return chr(number).encode()
