"""Cutting and mending XML as bytes: where nodes stand, what a start tag says, how a text is written.

All offsets are into UTF-8 bytes (`as_utf8`). Nothing here knows of workbooks, and nothing is ever serialised again:
what is not cut stays as it was.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice, takewhile
from operator import attrgetter
from typing import NamedTuple
from xml.parsers import expat

from sheets_sync.workbooks.ooxml.refusals import damaged, hostile

TAG = re.compile(rb"""<([\w.-]+:)?([\w.-]+)((?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>""")
"""One start tag: prefix with colon, local name, attribute text (ending in "/" when the element is empty)."""

_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class Node(NamedTuple):
    """One element of a document.

    `name` is the local name in the root's namespace and "namespace local" in any other. The start tag is
    [start, inner), the content [inner, close), the end tag [close, end); an empty element has inner == end.
    `text` is the text directly inside. `depth` is 0 for the root.
    """

    name: str
    depth: int
    start: int
    inner: int
    close: int
    end: int
    attributes: Mapping[str, str]
    text: str


class Cut(NamedTuple):
    """Replace the bytes [start, end) by `put`."""

    start: int
    end: int
    put: bytes


def as_utf8(data: bytes) -> bytes:
    """The same document in UTF-8. Raises Unreadable for an encoding that cannot be read."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        declared = _DECLARED.match(data[:200])
        encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
        if encoding in ("utf-8", "utf8", "us-ascii", "ascii"):
            return data
    try:
        text = data.decode(encoding)
    except (LookupError, UnicodeError):
        raise damaged("a part is written in an encoding that cannot be read") from None
    return re.sub(r"""encoding\s*=\s*["'][\w.-]+["']""", 'encoding="UTF-8"', text, count=1).encode()


class _Open:
    """An element whose end tag has not come yet."""

    __slots__ = ("attributes", "depth", "empty", "inner", "name", "start", "text")

    def __init__(self, name: str, depth: int, start: int, tag: re.Match[bytes], attributes: dict[str, str]) -> None:
        self.name = name
        self.depth = depth
        self.start = start
        self.inner = tag.end()
        self.empty = tag[3].endswith(b"/")
        self.attributes = attributes
        self.text: list[str] = []


def _refuse_document_type(*_: object) -> None:
    raise hostile("an XML part declares a document type")


def outline(xml: bytes, deepest: int = 2) -> tuple[Node, ...]:
    """All nodes down to `deepest`, in document order. Raises Unreadable when the XML is not well-formed."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    stack: list[_Open | None] = []
    found: list[Node] = []
    own = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal own
        depth = len(stack)
        space, _, local = name.rpartition(" ")
        if not depth:
            own = space
        if depth > deepest:
            stack.append(None)
            return
        at = parser.CurrentByteIndex
        tag = TAG.match(xml, at)
        if tag is None:
            raise damaged("an XML part is not well-formed")
        stack.append(_Open(local if space == own else name, depth, at, tag, attributes))

    def end(_: str) -> None:
        done = stack.pop()
        if done is None:
            return
        close = done.inner if done.empty else parser.CurrentByteIndex
        stop = close if done.empty else xml.index(b">", close) + 1
        text = "".join(done.text)
        found.append(Node(done.name, done.depth, done.start, done.inner, close, stop, done.attributes, text))

    def characters(text: str) -> None:
        if stack and stack[-1] is not None:
            stack[-1].text.append(text)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, UnicodeError, LookupError):
        raise damaged("an XML part is not well-formed") from None
    finally:  # a parser and what it calls hold each other, and would stay until Python looks for circles
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None
    return tuple(sorted(found, key=lambda node: node.start))


def children(nodes: Sequence[Node], parent: Node) -> tuple[Node, ...]:
    """The elements directly inside `parent`; `nodes` in document order."""
    first = bisect_left(nodes, parent.inner, key=attrgetter("start"))
    inside = takewhile(lambda node: node.start < parent.close, islice(nodes, first, None))
    return tuple(node for node in inside if node.depth == parent.depth + 1)


def named(nodes: Iterable[Node], name: str, depth: int = 1) -> Node | None:
    """The first element with this name at this depth, or None."""
    return next((e for e in nodes if e.depth == depth and e.name == name), None)


def prefix_of(xml: bytes, node: Node) -> bytes:
    """The namespace prefix an element is written with, colon included; b"" for none."""
    tag = TAG.match(xml, node.start)
    return (tag[1] or b"") if tag else b""


@lru_cache(maxsize=256)
def _attribute_pattern(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"""(?<![\w:.-])(""" + re.escape(name) + rb"""\s*=\s*)(?:"([^"]*)"|'([^']*)')""")


def attribute(tag: bytes, name: bytes) -> bytes | None:
    """The raw value of an attribute in a start tag (or its attribute text), None when absent."""
    found = _attribute_pattern(name).search(tag)
    if found is None:
        return None
    return found[2] if found[2] is not None else found[3]


def with_attribute(tag: bytes, name: bytes, value: bytes) -> bytes:
    """The start tag with this attribute set; `value` is already escaped."""
    found = _attribute_pattern(name).search(tag)
    if found:
        return tag[: found.start()] + found[1] + b'"' + value + b'"' + tag[found.end() :]
    stop = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:stop].rstrip() + b" " + name + b'="' + value + b'"' + tag[stop:]


def without_attribute(tag: bytes, name: bytes) -> bytes:
    """The start tag without this attribute."""
    return re.sub(rb"\s+" + _attribute_pattern(name).pattern, b"", tag, count=1)


def attribute_cut(xml: bytes, node: Node, name: bytes, value: bytes) -> Cut:
    """The cut that sets one attribute of an node."""
    return Cut(node.start, node.inner, with_attribute(xml[node.start : node.inner], name, value))


def append_cuts(xml: bytes, node: Node, put: bytes, count: int | None = None) -> tuple[Cut, ...]:
    """The cuts that add `put` at the end of an element's content, and set its `count` attribute if one is given."""
    tag = xml[node.start : node.inner]
    if count is not None:
        tag = with_attribute(tag, b"count", b"%d" % count)
    if node.inner < node.end:
        return Cut(node.start, node.inner, tag), Cut(node.close, node.close, put)
    closing = b"</" + prefix_of(xml, node) + node.name.encode() + b">"
    return (Cut(node.start, node.end, tag[:-2].rstrip() + b">" + put + closing),)


def spliced(xml: bytes, cuts: Iterable[Cut]) -> bytes:
    """Make all cuts, which must not overlap; cuts at one place are made in the order given."""
    view = memoryview(xml)
    out: list[bytes | memoryview] = []
    at = 0
    for cut in sorted(cuts, key=lambda c: (c.start, c.end)):
        if cut.start < at:
            raise ValueError("overlapping cuts")
        out += (view[at : cut.start], cut.put)
        at = cut.end
    out.append(view[at:])
    return b"".join(out)


def escaped(text: str) -> str:
    """A text with what XML cannot hold written as `_xHHHH_` (ECMA-376 22.9.2.19 ST_Xstring)."""
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    if text.isprintable():
        return text
    return _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def content(text: str) -> bytes:
    """A text as element content, markup characters escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()


def quoted(text: str) -> bytes:
    """A text as the value of a double-quoted attribute."""
    return content(text).replace(b'"', b"&quot;")
