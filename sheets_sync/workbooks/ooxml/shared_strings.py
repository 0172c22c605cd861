"""Read the workbook's table of shared strings: one text per entry."""

import re

from sheets_sync.workbooks.ooxml.canonical import TEXT, NotCanonical, forbids, is_utf8, plain_text, root_tag
from sheets_sync.workbooks.ooxml.refusals import Unreadable
from sheets_sync.workbooks.ooxml.rich_text import string_of
from sheets_sync.workbooks.ooxml.text_escapes import decode_escapes
from sheets_sync.workbooks.ooxml.xml_scan import TreeBuilder, feed, new_parser, tree


def read_strings(data: bytes, max_depth: int, *, canonical: bool = True) -> list[str]:
    """The texts of a shared-strings part. `canonical` False always uses the parser. Raises Unreadable."""
    if canonical:
        try:
            return _read_canonical(data, max_depth)
        except (NotCanonical, Unreadable):
            pass
    return _read_parsed(data, max_depth)


def _read_canonical(data: bytes, max_depth: int) -> list[str]:
    root = root_tag(data, b"sst")
    p = root.prefix
    stop = data.rfind(b"</" + p + b"sst>")
    if not is_utf8(data) or forbids(data, 0, len(data)) or stop < root.stop:
        raise NotCanonical
    frame = (data[: root.stop], data[stop:])
    if tree(b"".join(frame), max_depth).name != "sst":
        raise NotCanonical
    opening, closing = b"<" + p + b"si>", b"</" + p + b"si>"
    simple = re.compile(b'<%st(?: xml:space="preserve")?>(%s)</%st>' % (re.escape(p), TEXT, re.escape(p)))
    strings: list[str] = []
    at = root.stop
    while at < stop:
        closed = data.find(closing, at, stop)
        if closed < 0 or not data.startswith(opening, at):
            raise NotCanonical
        next_at = closed + len(closing)
        plain = simple.fullmatch(data, at + len(opening), closed)
        if plain is not None:
            strings.append(decode_escapes(plain_text(plain[1])))
        else:
            strings.append(string_of(tree(data[at:next_at].join(frame), max_depth).children[0]))
        at = next_at
    return strings


class _Entries:
    """Takes the entries out of the parse events, so that they never stand in memory as one tree."""

    def __init__(self, max_depth: int) -> None:
        self._builder = TreeBuilder(max_depth)
        self.start = self._builder.start
        self.text = self._builder.text
        self.strings: list[str] = []

    def end(self, name: str) -> None:
        entry = self._builder.end(name)
        if self._builder.depth == 1 and entry.name == "si":
            self.strings.append(string_of(entry))
            self._builder.forget(entry)


def _read_parsed(data: bytes, max_depth: int) -> list[str]:
    entries = _Entries(max_depth)
    feed(new_parser(entries.start, entries.end, entries.text), (data,))
    return entries.strings
