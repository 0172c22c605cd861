"""The styles part: differential formats for our highlights, and plain twins of cell formats for new cells.

Formats are only ever appended, and only when there is none yet that says the same. Nothing is renumbered.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from sheets_sync.workbooks.ooxml.splice import (
    Cut,
    Node,
    append_cuts,
    children,
    named,
    outline,
    prefix_of,
    spliced,
    with_attribute,
    without_attribute,
)

_COLOURS = {
    "red": (b"FFFFC7CE", b"FF9C0006"),
    "amber": (b"FFFFEB9C", b"FF7F6000"),
    "stale": (b"FFC00000", b"FFFFFFFF"),
}
"""Fill and font."""
_LINK_STYLES = ("8", "9")
"""builtinId of Hyperlink and Followed Hyperlink."""
_LINK_COLOURS = (("theme", "10"), ("theme", "11"), ("rgb", "FF0563C1"), ("rgb", "FF0000FF"))
_BEFORE_DXFS = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles")


class _Container(NamedTuple):
    """A counted list of the part, with its entries."""

    node: Node
    entries: tuple[Node, ...]


class StyleBook:
    """A styles part to which formats are added while a sheet is written; `patched` is the part with them."""

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        self._twins: dict[bytes, bytes] = {}
        self._new: dict[str, list[bytes]] = {"fonts": [], "fills": [], "borders": [], "cellXfs": [], "dxfs": []}

    def plain(self, style: bytes) -> bytes:
        """The style with the same font, fill, border and alignment, but number format General, not struck through and
        not looking like a link. Styles are indexes in digits, b"" for the first."""
        twin = self._twins.get(style)
        if twin is None:
            twin = self._twins[style] = self._plain_twin(style)
        return twin

    def clone(self, style: bytes) -> bytes:
        """The style itself, or the first one where it does not exist."""
        return style if self._format(style) else b""

    def _format(self, style: bytes) -> Node | None:
        formats = self._entries("cellXfs")
        index = style or b"0"
        return formats[int(index)] if index.isdigit() and int(index) < len(formats) else None

    def highlight(self, colour: str) -> int:
        """The index of the differential format of a highlight colour."""
        fill, font = _COLOURS[colour]
        p = self._prefix
        format_ = b'<%bdxf><%bfont><%bcolor rgb="%b"/></%bfont>' % (
            p,
            p,
            p,
            font,
            p,
        ) + b'<%bfill><%bpatternFill><%bbgColor rgb="%b"/></%bpatternFill></%bfill></%bdxf>' % (p, p, p, fill, p, p, p)
        return self._index_of("dxfs", format_)

    def entry(self, name: str, format_: bytes) -> int:
        """The index of a font, fill, border or cell format, which is added where there is none like it."""
        return self._index_of(name, format_)

    @property
    def prefix(self) -> bytes:
        """The prefix that the part's elements are written with, colon included."""
        return self._prefix

    def font(self) -> tuple[str, str]:
        """The name and the size of the workbook's first font; "" where it does not say."""
        fonts = self._entries("fonts")
        parts = {node.name: node.attributes.get("val", "") for node in children(self._nodes, fonts[0])} if fonts else {}
        return parts.get("name", ""), parts.get("sz", "")

    def has(self, name: str) -> bool:
        """Whether the part has this list of formats."""
        return bool(self._entries(name))

    @property
    def is_changed(self) -> bool:
        """Whether a format was added."""
        return any(self._new.values())

    def patched(self) -> bytes:
        """The part with all formats added; the same bytes when there are none."""
        cuts: list[Cut] = []
        for name, added in self._new.items():
            if not added:
                continue
            container = self._containers.get(name)
            if container:
                count = len(container.entries) + len(added)
                cuts += append_cuts(self._xml, container.node, b"".join(added), count)
            else:
                cuts.append(self._new_container(name, added))
        return spliced(self._xml, cuts) if cuts else self._xml

    @cached_property
    def _nodes(self) -> tuple[Node, ...]:
        return outline(self._xml, 3)

    @cached_property
    def _prefix(self) -> bytes:
        return prefix_of(self._xml, self._nodes[0])

    @cached_property
    def _containers(self) -> Mapping[str, _Container]:
        found: dict[str, _Container] = {}
        entries: list[Node] = []
        for node in reversed(self._nodes):
            if node.depth == 2:
                entries.append(node)
            elif node.depth == 1:
                found[node.name] = _Container(node, tuple(reversed(entries)))
                entries = []
        return found

    @cached_property
    def _known(self) -> Mapping[str, dict[bytes, int]]:
        """The index of every format there is, by its bytes."""
        known: dict[str, dict[bytes, int]] = {name: {} for name in self._new}
        for name, places in known.items():
            for index, node in enumerate(self._entries(name)):
                places.setdefault(_comparable(self._raw(node)), index)
        return known

    def _entries(self, name: str) -> tuple[Node, ...]:
        container = self._containers.get(name)
        return container.entries if container else ()

    def _raw(self, node: Node) -> bytes:
        return self._xml[node.start : node.end]

    def _index_of(self, name: str, format_: bytes) -> int:
        """The index of a format, which is added when it is not there."""
        places = self._known[name]
        key = _comparable(format_)
        if key not in places:
            places[key] = len(self._entries(name)) + len(self._new[name])
            self._new[name].append(format_)
        return places[key]

    def _plain_twin(self, style: bytes) -> bytes:
        node = self._format(style)
        if node is None:
            return b""
        raw = self._raw(node)
        tag, rest = raw[: node.inner - node.start], raw[node.inner - node.start :]
        font = self._plain_font(node.attributes.get("fontId", "0"))
        changes: list[tuple[bytes, bytes]] = []
        if node.attributes.get("numFmtId", "0") != "0":
            changes += [(b"numFmtId", b"0"), (b"applyNumberFormat", b"1")]
        if font is not None:
            changes.append((b"fontId", b"%d" % font))
            if node.attributes.get("xfId", "0") in self._link_formats:
                changes.append((b"xfId", b"0"))
        if not changes and "quotePrefix" not in node.attributes:
            return style
        for name, value in changes:
            tag = with_attribute(tag, name, value)
        twin = self._index_of("cellXfs", without_attribute(tag, b"quotePrefix") + rest)
        return b"%d" % twin if twin else b""

    def _plain_font(self, index: str) -> int | None:
        """The font without strike, underline and link colour; None when it has none of them."""
        fonts = self._entries("fonts")
        if not index.isdigit() or int(index) >= len(fonts):
            return None
        font = fonts[int(index)]
        parts = children(self._nodes, font)
        dropped = [node for node in parts if _is_on(node)]
        if not dropped:
            return None
        if any(node.name == "u" for node in dropped):
            dropped += [node for node in parts if node.name == "color" and _is_link_colour(node)]
        cuts = [Cut(node.start - font.start, node.end - font.start, b"") for node in dropped]
        return self._index_of("fonts", spliced(self._raw(font), cuts))

    @cached_property
    def _link_formats(self) -> frozenset[str]:
        named_styles = self._entries("cellStyles")
        return frozenset(
            node.attributes.get("xfId", "") for node in named_styles if node.attributes.get("builtinId") in _LINK_STYLES
        )

    def _new_container(self, name: str, added: list[bytes]) -> Cut:
        """A list that was missing, at its place. Only dxfs may be: cell formats and fonts are made from others."""
        before = [named(self._nodes, other) for other in _BEFORE_DXFS]
        place = max((node.end for node in before if node), default=self._nodes[0].inner)
        tag = self._prefix + name.encode()
        return Cut(place, place, b'<%b count="%d">%b</%b>' % (tag, len(added), b"".join(added), tag))


def _is_on(node: Node) -> bool:
    """Whether a font's child strikes its text through or underlines it."""
    value = node.attributes.get("val", "1")
    return (node.name == "strike" and value not in ("0", "false")) or (node.name == "u" and value != "none")


def _is_link_colour(node: Node) -> bool:
    return any(node.attributes.get(name) == value for name, value in _LINK_COLOURS)


def _comparable(format_: bytes) -> bytes:
    """A format's bytes without what two equal formats may differ in."""
    return format_.replace(b' applyNumberFormat="1"', b"").replace(b'numFmtId="0" ', b"").replace(b" />", b"/>")
