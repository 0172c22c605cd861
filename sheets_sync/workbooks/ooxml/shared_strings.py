"""Read the workbook's table of shared strings: one text per entry."""

from sheets_sync.workbooks.ooxml.canonical import NotCanonical, forbids, has_controls, is_utf8, resolved, root_tag
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
    p = root.prefix.decode()
    stop = data.rfind(f"</{p}sst>".encode())
    if not is_utf8(data) or forbids(data, root.stop, stop) or has_controls(data) or stop < root.stop:
        raise NotCanonical
    opening, closing = data[: root.stop].decode(), data[stop:].decode()
    if tree((opening + closing).encode(), max_depth).name != "sst":
        raise NotCanonical
    *items, rest = data[root.stop : stop].decode().split(f"</{p}si>")
    if rest:
        raise NotCanonical
    tags = tuple((f"<{p}si><{p}t{space}>", f"</{p}t>") for space in ("", ' xml:space="preserve"'))
    strings: list[str] = []
    for item in items:
        text = _plain_item(item, tags)
        if text is None:
            if not item.startswith(f"<{p}si>"):
                raise NotCanonical
            text = string_of(tree(f"{opening}{item}</{p}si>{closing}".encode(), max_depth).children[0])
        strings.append(text)
    return strings


def _plain_item(item: str, tags: tuple[tuple[str, str], ...]) -> str | None:
    """The text of an item that is one <t>, given without its end tag; None for any other item."""
    for start, end in tags:
        if item.startswith(start):
            if item.endswith(end) and item.find("<", len(start)) == len(item) - len(end):
                return decode_escapes(resolved(item[len(start) : -len(end)]))
            break
    return None


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
