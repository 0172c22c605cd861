"""A package being changed in several places: parts as they will be, new ones and removed ones among them."""

import posixpath
from collections.abc import Mapping

from sheets_sync.workbooks.ooxml.package import Package, relationships_part
from sheets_sync.workbooks.ooxml.relations_patch import (
    NO_RELATIONS,
    with_relation,
    with_type,
    without_relation,
    without_type,
)
from sheets_sync.workbooks.ooxml.splice import as_utf8
from sheets_sync.workbooks.ooxml.zip_members import member_key

CONTENT_TYPES = "/[Content_Types].xml"


class PackageDraft:
    """Changes to a package, gathered until `data` puts them together. XML parts are in UTF-8 here."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._changed: dict[str, bytes] = {}
        self._removed: set[str] = set()

    @property
    def changed(self) -> Mapping[str, bytes]:
        """The parts that are new or differ, by name."""
        return {part: xml for part, xml in self._changed.items() if not self._is_as_it_was(part, xml)}

    def has(self, part: str) -> bool:
        """Whether there will be such a part."""
        key = member_key(part)
        gone = key in map(member_key, self._removed)
        return key in map(member_key, self._changed) or (self.package.has(part) and not gone)

    def read(self, part: str) -> bytes:
        """An XML part as it will be. Raises WorkbookRefused."""
        known = self._changed.get(part)
        return known if known is not None else as_utf8(self.package.read(part))

    def put(self, part: str, content: bytes) -> None:
        """Give a part, new or not, this content."""
        self._changed[part] = content
        self._removed.discard(part)

    def remove(self, part: str) -> None:
        """Take a part out, with what the content types say of it alone."""
        self._changed.pop(part, None)
        if self.package.has(part):
            self._removed.add(part)
        self.put(CONTENT_TYPES, without_type(self.read(CONTENT_TYPES), part))

    def free_part(self, pattern: str) -> str:
        """The name of a part that does not exist yet, "{}" standing for the smallest number that is free."""
        numbers = range(1, len(self.package.parts) + len(self._changed) + 2)
        return next(name for name in map(pattern.format, numbers) if not self.has(name))

    def declare(self, part: str, content_type: str) -> None:
        """Say in the content types of what kind a part is."""
        self.put(CONTENT_TYPES, with_type(self.read(CONTENT_TYPES), part, content_type))

    def relate(self, source: str, kind: str, part: str) -> str:
        """Relate a part to another; returns the id. `kind` is the whole type."""
        rels = relationships_part(source)
        target = posixpath.relpath(part, posixpath.dirname(source))
        xml, link = with_relation(self.read(rels) if self.has(rels) else NO_RELATIONS, kind, target)
        self.put(rels, xml)
        return link

    def unrelate(self, source: str, link: str) -> None:
        """Take a relationship out; the last one goes with its part."""
        rels = relationships_part(source)
        xml = without_relation(self.read(rels), link)
        if xml:
            self.put(rels, xml)
        else:
            self.remove(rels)

    def data(self) -> bytes:
        """The bytes of the changed package; those it was opened from when nothing changed. Raises WorkbookRefused."""
        changed = self.changed
        return self.package.assemble(changed, self._removed) if changed or self._removed else self.package.data

    def _is_as_it_was(self, part: str, content: bytes) -> bool:
        return self.package.has(part) and self.package.read(part) == content
