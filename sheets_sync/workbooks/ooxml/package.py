"""A workbook package (.xlsx, .xlsm): its parts, how they relate, its tabs, and the bytes of a changed copy.

What stands in the sheets is not here (reader), nor which bytes to change (writer).
"""

import posixpath
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.ooxml import foreign_files, no_writing
from sheets_sync.workbooks.ooxml.limits import DEFAULT_LIMITS, Limits
from sheets_sync.workbooks.ooxml.refusals import damaged, hostile, naming, too_big
from sheets_sync.workbooks.ooxml.text_escapes import decode_escapes
from sheets_sync.workbooks.ooxml.xml_scan import Element, tree
from sheets_sync.workbooks.ooxml.zip_assemble import Content, assemble
from sheets_sync.workbooks.ooxml.zip_members import Archive, Member, inflate, member_key, read_archive

_CACHED_SIZE = 1 << 20
_CONTENT_TYPES = "/[Content_Types].xml"
_ROOT = "/"
_BINARY_WORKBOOK = "sheet.binary"
_SAVE_IN_EXCEL = "Open it in Excel and save it once, then run again."


class Relationship(NamedTuple):
    """One relationship of a part. `kind` is the last segment of its type; `target` a part's name unless external."""

    id: str
    kind: str
    target: str
    external: bool


class SheetEntry(NamedTuple):
    """One tab as the workbook lists it. `kind` is "worksheet", "chartsheet", "dialogsheet", "xlMacrosheet" ...

    `part` and `kind` are "" for a tab without content of its own.
    """

    name: str
    sheet_id: str
    part: str
    kind: str
    hidden: bool


_MODULE_SHEET = Relationship("", "", "", external=False)
"""Macro modules of Excel 95 are still listed as tabs, but without content of their own."""


class _ContentTypes(NamedTuple):
    by_part: Mapping[str, str]
    by_extension: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Package:
    """An opened package. Part names have "/" in front; looking them up ignores case, backslashes and % escapes.

    `write_refusal` is "" or the reason, in words, why this workbook may be read but must not be written.
    """

    name: str
    limits: Limits
    workbook_part: str
    sheets: tuple[SheetEntry, ...]
    date1904: bool
    write_refusal: str
    _archive: Archive
    _members: Mapping[str, Member]
    _types: _ContentTypes
    _cache: dict[str, bytes] = field(default_factory=dict, repr=False)

    @staticmethod
    def open(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> "Package":
        """Open the bytes of a workbook; `name` is what messages call it. Raises WorkbookRefused."""
        with naming(name):
            return _open(data, name, limits)

    @property
    def data(self) -> bytes:
        """The bytes it was opened from."""
        return self._archive.data

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of all parts as stored, in the package's order."""
        return tuple(_ROOT + member.name for member in self._archive.members if not _is_folder(member))

    def has(self, part: str) -> bool:
        """Whether the package holds this part."""
        return member_key(part) in self._members

    def read(self, part: str) -> bytes:
        """The content of a part. Small parts are inflated once. Raises WorkbookRefused."""
        with naming(self.name):
            return _read(self._archive, self._members, self._cache, part)

    def tree(self, part: str) -> Element:
        """A part's XML as a tree. Raises WorkbookRefused."""
        with naming(self.name):
            return tree(_read(self._archive, self._members, self._cache, part), self.limits.max_depth)

    def related(self, part: str) -> tuple[Relationship, ...]:
        """The relationships of a part ("/" for the package's own), in order. Raises WorkbookRefused."""
        rels = relationships_part(part)
        return _relationships(self.tree(rels), part) if self.has(rels) else ()

    def content_type(self, part: str) -> str:
        """The declared content type of a part, "" when none is declared."""
        return _content_type(self._types, part)

    def assemble(self, changed: Mapping[str, Content], removed: Collection[str] = ()) -> bytes:
        """The bytes of a copy in which some parts are changed, added or removed and all others keep theirs.

        Raises WorkbookRefused when the package must not be written, KeyError when a removed part does not exist.
        """
        if self.write_refusal:
            raise WorkbookRefused(f"{self.name}: {self.write_refusal}", _SAVE_IN_EXCEL)
        known = {self._members[member_key(part)].name: content for part, content in changed.items() if self.has(part)}
        added = {part.lstrip("/"): content for part, content in changed.items() if not self.has(part)}
        gone = {self._members[member_key(part)].name for part in removed}
        return assemble(self._archive, known, added=added, removed=gone)


def _open(data: bytes, name: str, limits: Limits) -> Package:
    if len(data) > limits.max_file:
        raise too_big(f"the file has more than {limits.max_file // 1_000_000} MB", "max_file")
    if not data.startswith(b"PK"):
        raise foreign_files.not_a_package(data, name)
    archive = read_archive(data, limits)
    members = _by_key(archive)
    cache: dict[str, bytes] = {}

    def parsed(part: str) -> Element:
        return tree(_read(archive, members, cache, part), limits.max_depth)

    if member_key(_CONTENT_TYPES) not in members or member_key(relationships_part(_ROOT)) not in members:
        raise foreign_files.other_package(members)
    types = _content_types(parsed(_CONTENT_TYPES))
    own = _relationships(parsed(relationships_part(_ROOT)), _ROOT)
    workbook_part = _target_of_kind(own, "officeDocument")
    if _BINARY_WORKBOOK in _content_type(types, workbook_part):
        raise foreign_files.binary_workbook()
    workbook = parsed(workbook_part) if member_key(workbook_part) in members else None
    if workbook is None or workbook.name != "workbook":
        raise foreign_files.other_package(members)
    rels = relationships_part(workbook_part)
    relations = _relationships(parsed(rels), workbook_part) if member_key(rels) in members else ()
    properties = _target_of_kind(own, "custom-properties")
    custom = parsed(properties) if member_key(properties) in members else None
    settings = workbook.child("workbookPr")
    return Package(
        name=name,
        limits=limits,
        workbook_part=workbook_part,
        sheets=_sheets(workbook, {relation.id: relation for relation in relations}, members),
        date1904=settings is not None and settings.flag("date1904"),
        write_refusal=no_writing.reason(archive, workbook, {r.kind for r in (*own, *relations)}, custom),
        _archive=archive,
        _members=members,
        _types=types,
        _cache=cache,
    )


def _is_folder(member: Member) -> bool:
    return member.key.endswith("/")


def _by_key(archive: Archive) -> Mapping[str, Member]:
    """Members by look-up name. Two members of one name are the same content twice, or refused."""
    members: dict[str, Member] = {}
    for member in archive.members:
        if _is_folder(member):
            continue
        twin = members.setdefault(member.key, member)
        if twin is not member and inflate(archive, twin) != inflate(archive, member):
            raise hostile("two of its parts have the same name and different content")
    return members


def _read(archive: Archive, members: Mapping[str, Member], cache: dict[str, bytes], part: str) -> bytes:
    key = member_key(part)
    content = cache.get(key)
    if content is None:
        if key not in members:
            raise damaged(f"the part {part} is missing")
        content = inflate(archive, members[key])
        if len(content) <= _CACHED_SIZE:
            cache[key] = content
    return content


def relationships_part(part: str) -> str:
    """The name of the part that holds the relationships of a part; "/" for the package's own."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def _relationships(root: Element, source: str) -> tuple[Relationship, ...]:
    folder = posixpath.dirname(source)
    found: list[Relationship] = []
    for relation in root.all("Relationship"):
        external = relation.get("TargetMode").lower() == "external"
        target = relation.get("Target")
        if not external:
            path = posixpath.join(folder, unquote(target).replace("\\", "/"))
            target = posixpath.normpath("/" + path.lstrip("/"))
        kind = relation.get("Type").rpartition("/")[2]
        found.append(Relationship(relation.get("Id"), kind, target, external))
    return tuple(found)


def _target_of_kind(relations: Sequence[Relationship], kind: str) -> str:
    """The first part that is related in this way, "" when there is none."""
    return next((relation.target for relation in relations if relation.kind == kind and not relation.external), "")


def _content_types(root: Element) -> _ContentTypes:
    by_part = {member_key(entry.get("PartName")): entry.get("ContentType") for entry in root.all("Override")}
    by_extension = {entry.get("Extension").lower(): entry.get("ContentType") for entry in root.all("Default")}
    return _ContentTypes(by_part, by_extension)


def _content_type(types: _ContentTypes, part: str) -> str:
    key = member_key(part)
    return types.by_part.get(key) or types.by_extension.get(key.rpartition(".")[2], "")


def _sheets(
    workbook: Element, relations: Mapping[str, Relationship], members: Mapping[str, Member]
) -> tuple[SheetEntry, ...]:
    entries: list[SheetEntry] = []
    for sheet in workbook.within("sheets"):
        name, sheet_id, link = decode_escapes(sheet.get("name")), sheet.get("sheetId"), sheet.get("r:id")
        relation = relations.get(link) if link else _MODULE_SHEET
        if relation is None or relation.external or (link and member_key(relation.target) not in members):
            raise damaged(f"the tab {name!r} has no content")
        if not (sheet_id.isascii() and sheet_id.isdigit()):
            raise damaged(f"the tab {name!r} has no number")
        hidden = sheet.get("state", "visible") != "visible"
        entries.append(SheetEntry(name, sheet_id, relation.target, relation.kind, hidden))
    for field_name, values in (
        ("name", [entry.name.lower() for entry in entries]),
        ("number", [entry.sheet_id for entry in entries]),
        ("content", [member_key(entry.part) for entry in entries if entry.part]),
    ):
        if len(set(values)) < len(values):
            raise damaged(f"two tabs have the same {field_name}")
    return tuple(entries)
