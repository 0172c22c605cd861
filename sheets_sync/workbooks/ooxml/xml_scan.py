"""Parse one XML part safely: no document type, bounded depth, names without the part's own namespace.

What the elements mean is not here. Fast scanning of sheet rows is in row_scan.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple
from xml.parsers import expat

from sheets_sync.workbooks.ooxml.refusals import damaged, hostile

SEPARATOR = " "
"""Stands between namespace and local name in the names that expat reports."""
_TEXT_BUFFER = 1 << 16


class Element(NamedTuple):
    """One element. `name` is local when in the root's namespace, else "namespace local".

    Attributes without prefix have their plain name; a relationship id is "r:id"; others are "namespace local".
    """

    name: str
    attributes: Mapping[str, str]
    children: tuple["Element", ...]
    text: str

    def child(self, name: str) -> "Element | None":
        """The first child with this name, or None."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, name: str) -> Iterator["Element"]:
        """The children with this name, in order."""
        return (child for child in self.children if child.name == name)

    def within(self, name: str) -> Iterator["Element"]:
        """The grandchildren below the first child with this name, in order; none when there is no such child."""
        parent = self.child(name)
        return iter(parent.children if parent else ())

    def get(self, attribute: str, default: str = "") -> str:
        """An attribute's value."""
        return self.attributes.get(attribute, default)

    def flag(self, attribute: str, *, default: bool = False) -> bool:
        """A truth value ("1" or "true"); `default` when the attribute is absent."""
        text = self.attributes.get(attribute)
        return default if text is None else text.strip() in ("1", "true", "on")


Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], object]
Text = Callable[[str], None]


class _Open:
    """An element whose end has not been seen."""

    __slots__ = ("attributes", "children", "name", "texts")

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.texts: list[str] = []

    def close(self) -> Element:
        return Element(self.name, self.attributes, tuple(self.children), "".join(self.texts))


class TreeBuilder:
    """Gathers parse events into one `Element`. Raises when elements nest deeper than `max_depth`."""

    def __init__(self, max_depth: int) -> None:
        self._max_depth = max_depth
        self._stack: list[_Open] = []
        self._root: Element | None = None
        self._own = ""
        self._names: dict[str, str] = {}

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._stack)

    @property
    def root(self) -> Element:
        """The finished tree."""
        if self._root is None:
            raise damaged("a part holds no XML")
        return self._root

    def local(self, name: str) -> str:
        """The name as `Element.name` gives it."""
        known = self._names.get(name)
        if known is None:
            known = name[len(self._own) :] if self._own and name.startswith(self._own) else name
            self._names[name] = known
        return known

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if not self._stack:
            namespace, separator, _ = name.rpartition(SEPARATOR)
            self._own = namespace + separator
        if len(self._stack) >= self._max_depth:
            raise too_deep(self._max_depth)
        self._stack.append(_Open(self.local(name), _plain_attributes(attributes)))

    def end(self, _name: str) -> Element:
        """The innermost element ends; returns it."""
        element = self._stack.pop().close()
        if self._stack:
            self._stack[-1].children.append(element)
        else:
            self._root = element
        return element

    def forget(self, element: Element) -> None:
        """Drop an element that has just ended, so that a long part does not stand in memory as a tree."""
        if self._stack and self._stack[-1].children[-1] is element:
            self._stack[-1].children.pop()

    def text(self, text: str) -> None:
        """Text directly inside the innermost element."""
        self._stack[-1].texts.append(text)


def too_deep(max_depth: int) -> Exception:
    """The refusal of a part whose elements nest too deep."""
    return hostile(f"its XML nests deeper than {max_depth} levels")


def _plain_attributes(attributes: dict[str, str]) -> Mapping[str, str]:
    for name in attributes:
        if SEPARATOR in name:
            return {_plain_attribute(name): value for name, value in attributes.items()}
    return attributes


def _plain_attribute(name: str) -> str:
    return "r:id" if name.endswith("/relationships" + SEPARATOR + "id") else name


def _refuse_document_type(*_: object) -> None:
    raise hostile("an XML part declares a document type")


def new_parser(start: Start, end: End, text: Text) -> expat.XMLParserType:
    """An expat parser that reports "namespace local" names and refuses a document type (and so every entity)."""
    parser = expat.ParserCreate(namespace_separator=SEPARATOR)
    parser.buffer_text = True
    parser.buffer_size = _TEXT_BUFFER
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    return parser


def feed(parser: expat.XMLParserType, pieces: Iterable[bytes]) -> None:
    """Parse a whole part given in pieces. Raises Unreadable when it is not well-formed."""
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError):
        raise damaged("an XML part is not well-formed") from None


def tree(data: bytes, max_depth: int) -> Element:
    """The whole part as an element tree. For parts of moderate size; sheets and strings are read otherwise."""
    builder = TreeBuilder(max_depth)
    feed(new_parser(builder.start, builder.end, builder.text), (data,))
    return builder.root
