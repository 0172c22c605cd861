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

_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r")
_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^<>]*\?>)?\s*<((?:[A-Za-z_][\w.-]*:)?)([A-Za-z]+)( [^<>]*)>")
_NAMESPACE = re.compile(rb""" xmlns:([\w.-]+)=["']""")
_ATTRIBUTE = re.compile(rb' ([^ =]+)="([^"]*)"')
_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_CHARACTERS = ((0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
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
    """Whether a stretch holds what XML forbids in text although `TEXT` lets it pass: U+FFFE, U+FFFF, "]]>"."""
    return _holds(data, b"]]>", start, stop) or _holds(data, b"\xef\xbf", start, stop)


def _holds(data: bytes, sought: bytes, start: int, stop: int) -> bool:
    """A single byte is found many times as fast as several, and most sheets hold none of these."""
    first = data.find(sought[0], start, stop)
    return first >= 0 and data.find(sought, first, stop) >= 0


def has_controls(data: bytes) -> bool:
    """Whether there are control characters, which XML forbids."""
    return len(data.translate(None, _CONTROLS)) < len(data)


def attributes(run: bytes) -> Mapping[bytes, bytes]:
    """Split a run that `ATTRIBUTES` matched. Raises NotCanonical when a name stands twice."""
    if not run:
        return {}
    pairs = _ATTRIBUTE.findall(run)
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical
    return found


def plain_text(text: bytes) -> str:
    """Text that `TEXT` matched, as a parser would report it. Raises NotCanonical."""
    try:
        decoded = text.decode()
    except UnicodeDecodeError:
        raise NotCanonical from None
    return resolved(decoded) if "&" in decoded or "\r" in decoded else decoded


def resolved(text: str) -> str:
    """Text between tags with references and line ends resolved. Raises NotCanonical."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    named, decimal, hexadecimal = reference.groups()
    if named:
        return _NAMED[named]
    if not (decimal or hexadecimal):
        raise NotCanonical
    number = int(decimal) if decimal else int(hexadecimal, 16)
    if number not in (9, 10, 13) and not any(first <= number <= last for first, last in _CHARACTERS):
        raise NotCanonical
    return chr(number)
