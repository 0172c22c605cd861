"""The columns of a sheet's frame: default styles, and widths for the columns we add."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sheets_sync.core.snapshot import Role
from sheets_sync.workbooks.ooxml.frame_order import place_for
from sheets_sync.workbooks.ooxml.refusals import damaged
from sheets_sync.workbooks.ooxml.splice import (
    Cut,
    Node,
    attribute,
    named,
    outline,
    prefix_of,
    spliced,
    with_attribute,
    without_attribute,
)

_PADDING = 0.7109375
"""What Excel adds to a width in characters for margins and grid line, at its default font."""
WIDTHS = {Role.FLAG: 24 + _PADDING, Role.NEXT_FIX: 60 + _PADDING, Role.ID: 9 + _PADDING}
_TAKEN = 1 / 256
"""Added, invisibly, to the width of a column taken out of a wider stretch: it goes back into that stretch."""
_HIDING = (b"hidden", b"collapsed", b"outlineLevel", b"bestFit")


class _Stretch(NamedTuple):
    """Columns `first` to `last` share one `<col>`, whose start tag is `tag` (as an empty element)."""

    first: int
    last: int
    tag: bytes

    def written(self) -> bytes:
        """The element."""
        tag = with_attribute(self.tag, b"min", b"%d" % self.first)
        return with_attribute(tag, b"max", b"%d" % self.last)

    def width(self) -> float | None:
        """The width in characters, None when it gives none."""
        text = attribute(self.tag, b"width")
        return float(text) if text else None

    def has_width(self, width: float) -> bool:
        """Whether the width is this one as we give it."""
        return self.width() in (width, width + _TAKEN)

    def was_taken(self) -> bool:
        """Whether a column of ours was taken out of a wider stretch."""
        return (self.width() or 0) % 1 == _PADDING + _TAKEN

    def is_hidden(self) -> bool:
        """Whether the columns are hidden."""
        return attribute(self.tag, b"hidden") in (b"1", b"true")

    def unsized(self) -> bytes:
        """The start tag without anything about columns' places and widths."""
        tag = self.tag
        for name in (b"min", b"max", b"width", b"customWidth", *_HIDING):
            tag = without_attribute(tag, name)
        return tag

    def is_like(self, other: "_Stretch") -> bool:
        """Whether both say the same of their columns."""
        return self._replace(first=0, last=0).written() == other._replace(first=0, last=0).written()


class ColumnStyles(NamedTuple):
    """The default styles of columns, as (first, last, style index in digits)."""

    stretches: tuple[tuple[int, int, bytes], ...]

    def style(self, column: int) -> bytes:
        """The default style of a column, b"" for none or the first."""
        return next((style for first, last, style in self.stretches if first <= column <= last), b"")


def column_styles(frame: bytes) -> ColumnStyles:
    """The default styles of all columns."""
    found = []
    for node in outline(frame, 2):
        style = node.attributes.get("style", "0")
        if node.name == "col" and node.depth == 2 and style != "0":
            found.append((_bound(node, "min"), _bound(node, "max"), style.encode()))
    return ColumnStyles(tuple(found))


def with_widths(frame: bytes, widths: Mapping[int, float]) -> bytes:
    """Give columns (by number) a width in characters and show them; all other columns keep what they have.

    A column that somebody sized on its own keeps its size, if it is not hidden.
    """
    stretches = list(_stretches(frame))
    prefix = prefix_of(frame, outline(frame, 0)[0])
    sized = {stretch.first for stretch in stretches if stretch.first == stretch.last and not stretch.is_hidden()}
    wanted = {column: width for column, width in widths.items() if column not in sized}
    for column, width in sorted(wanted.items()):
        stretches = _with_width(stretches, column, width, prefix)
    return _written(frame, stretches) if wanted else frame


def without_widths(frame: bytes, widths: Mapping[int, float]) -> bytes:
    """Take back the widths given by `with_widths`, where they still stand."""
    stretches = list(_stretches(frame))
    ours = {s.first for s in stretches if s.first in widths and s.first == s.last and s.has_width(widths[s.first])}
    if not ours:
        return frame
    return _written(frame, _closed_up(stretches, ours))


def _stretches(frame: bytes) -> tuple[_Stretch, ...]:
    nodes = outline(frame, 2)
    return tuple(
        _Stretch(_bound(node, "min"), _bound(node, "max"), _empty_tag(frame, node))
        for node in nodes
        if node.name == "col" and node.depth == 2
    )


def _bound(node: Node, name: str) -> int:
    text = node.attributes.get(name, "")
    if not (text.isascii() and text.isdigit()):
        raise damaged("a column's settings do not say which column")
    return int(text)


def _empty_tag(frame: bytes, node: Node) -> bytes:
    tag = frame[node.start : node.inner]
    return tag if tag.endswith(b"/>") else tag[:-1] + b"/>"


def _with_width(stretches: list[_Stretch], column: int, width: float, prefix: bytes) -> list[_Stretch]:
    out: list[_Stretch] = []
    tag = b"<%bcol/>" % prefix
    taken = 0.0
    for stretch in stretches:
        if not stretch.first <= column <= stretch.last:
            out.append(stretch)
            continue
        if stretch.first < column:
            out.append(stretch._replace(last=column - 1))
        if column < stretch.last:
            out.append(stretch._replace(first=column + 1))
        tag = stretch.tag
        taken = _TAKEN
        for name in _HIDING:
            tag = without_attribute(tag, name)
    out.append(_Stretch(column, column, _sized(tag, width + taken)))
    return sorted(out)


def _sized(tag: bytes, width: float) -> bytes:
    for name, value in ((b"min", b"0"), (b"max", b"0"), (b"width", repr(width).encode()), (b"customWidth", b"1")):
        tag = with_attribute(tag, name, value)
    return tag


def _closed_up(stretches: list[_Stretch], ours: Collection[int]) -> list[_Stretch]:
    """Without our widths; a stretch that was split around our columns becomes one again."""
    out: list[_Stretch] = []
    waiting: list[_Stretch] = []
    for stretch in stretches:
        if waiting and waiting[-1].last + 1 != stretch.first:
            out = _restored(out, waiting, None)
            waiting = []
        if stretch.first in ours and stretch.was_taken():
            waiting.append(stretch)
        elif stretch.first in ours:
            continue
        elif waiting:
            out = _restored(out, waiting, stretch)
            waiting = []
        else:
            out.append(stretch)
    return _restored(out, waiting, None) if waiting else out


def _restored(before: list[_Stretch], ours: list[_Stretch], after: _Stretch | None) -> list[_Stretch]:
    """What stands in place of columns of ours that were taken out of a stretch, side by side, with their neighbours:
    `before` ends left of them, `after` begins right of them. They go back into the stretch, if some of it is left."""
    left = before[-1] if before and before[-1].last + 1 == ours[0].first else None
    kept = ours[0].unsized()
    if left and after and left.is_like(after):
        return [*before[:-1], left._replace(last=after.last)]
    rest = [after] if after else []
    if after and after.unsized() == kept:
        return [*before, after._replace(first=ours[0].first)]
    if left and left.unsized() == kept:
        return [*before[:-1], left._replace(last=ours[-1].last), *rest]
    return [*before, *(stretch._replace(tag=kept) for stretch in ours if b"=" in kept), *rest]


def _written(frame: bytes, stretches: list[_Stretch]) -> bytes:
    nodes = outline(frame, 1)
    known = named(nodes, "cols")
    prefix = prefix_of(frame, nodes[0])
    inside = b"".join(stretch.written() for stretch in stretches)
    put = b"<%bcols>%b</%bcols>" % (prefix, inside, prefix) if inside else b""
    place = place_for(nodes, "cols")
    return spliced(frame, [Cut(known.start, known.end, put) if known else Cut(place, place, put)])
