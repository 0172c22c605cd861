"""A macro project (the bytes of vbaProject.bin): a new one, what one holds, modules added and removed.

Projects are written as source only: Excel compiles them when it opens them. What Excel had compiled is left out
(MS-OVBA 2.3.4: the caches must not be present on write), everything else of an existing project is kept.
The parts of a workbook, code names and signatures are not here.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sheets_sync.workbooks.ooxml.refusals import Unreadable, damaged, hostile
from sheets_sync.workbooks.vba.code_pages import WESTERN, codec, decode
from sheets_sync.workbooks.vba.compound_file import Storage, Stream, compound_file
from sheets_sync.workbooks.vba.compound_reading import read_compound_file
from sheets_sync.workbooks.vba.compression import compress, decompress
from sheets_sync.workbooks.vba.module import (
    DocumentHost,
    Module,
    ModuleKind,
    document_module,
    is_name,
    read_module,
    repeated_name,
    stored_text,
)
from sheets_sync.workbooks.vba.module_list import ListedModule, ModuleList, listed, new_module_list, read_module_list
from sheets_sync.workbooks.vba.project_text import NamedKind, ProjectText, name_map, new_project_text
from sheets_sync.workbooks.vba.refusals import form_stays, name_taken, not_in_code_page

__all__ = [
    "DocumentHost",
    "Module",
    "ModuleKind",
    "Project",
    "document_module",
    "new_project",
    "read_project",
    "with_modules",
    "without_modules",
]

_VBA, _DIR, _CACHE, _TEXT, _NAMES = "VBA", "dir", "_VBA_PROJECT", "PROJECT", "PROJECTwm"
_OTHER_CACHES = "__srp_"
_NOTHING_COMPILED = bytes.fromhex("cc61ffff000100")
_COMPRESSED = b"\x01"
MAX_SOURCE, MAX_LIST = 20_000_000, 1_000_000
"""How many bytes all source of a project may have, and how many each of the two lists of modules."""
_HOST_LIBRARIES = ("VBA", "Excel")
_REFERENCES = (
    ("stdole", r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation"),
    (
        "Office",
        r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared\OFFICE16"
        r"\MSO.DLL#Microsoft Office 16.0 Object Library",
    ),
)


@dataclass(frozen=True, slots=True)
class Project:
    """What a macro project holds. `is_locked`: a password or an unknown guard keeps people out of the macros.

    `references` are the names of the libraries and other projects that the macros use.
    """

    name: str
    modules: tuple[Module, ...]
    is_locked: bool
    code_page: int
    references: tuple[str, ...]

    @property
    def document_names(self) -> tuple[str, ...]:
        """The code names of the workbook and of the sheets that have a module."""
        return tuple(module.name for module in self.modules if module.kind is ModuleKind.DOCUMENT)


def new_project(modules: Sequence[Module], *, name: str = "VBAProject") -> bytes:
    """A project with these modules, unlocked, in code page 1252. The same bytes for the same arguments.

    Raises ValueError for a name that is no VBA name or is taken, and for text that the code page does not have.
    """
    if not is_name(name):
        raise ValueError(f"{name!r} cannot be the name of a macro project")
    parts = [name, *(f"{module.kind.value} {module.name}" for module in modules)]
    project_id = f"{{{uuid.uuid5(uuid.NAMESPACE_OID, chr(10).join(parts))}}}".upper()
    empty = _Opened(
        root=Storage("Root Entry", (Stream(_NAMES, b""), Storage(_VBA, ()))),
        listing=new_module_list(name, WESTERN, _REFERENCES),
        text=new_project_text(name, project_id, WESTERN),
        sources={},
    )
    try:
        edit = _edit(empty, modules)
    except Unreadable as refusal:
        raise ValueError(refusal.message) from None
    return empty.stored(edit)


def read_project(data: bytes) -> Project:
    """What a project holds. Raises WorkbookRefused when it is damaged or built to harm."""
    opened = _open(data)
    page, kinds = opened.listing.code_page, opened.kinds
    modules, left = list[Module](), MAX_SOURCE
    for line in opened.listing.modules:
        source = decompress(opened.sources[line.stream.casefold()].data, limit=left)
        left -= len(source)
        modules.append(read_module(line.name, kinds[line.name.casefold()], decode(source, page)))
    return Project(
        name=opened.listing.project,
        modules=tuple(modules),
        is_locked=opened.text.is_locked,
        code_page=page,
        references=opened.listing.references,
    )


def with_modules(data: bytes, modules: Sequence[Module]) -> bytes:
    """The project with these modules added, or replaced where a module of this name and kind exists.

    A document module that exists is left as it is, whatever source is given. Where nothing is to be done, the bytes
    are the same, with what Excel compiled. Raises WorkbookRefused when the project is damaged, a name is taken by
    something else, or the project's code page does not have a character; ValueError when the modules are wrong.
    """
    opened = _open(data)
    edit = _edit(opened, modules)
    return opened.stored(edit) if edit.is_news else data


def without_modules(data: bytes, names: Collection[str]) -> bytes:
    """The project without the modules of these names, whatever their case; names that are not there are passed over.

    The bytes are the same where nothing is to be done.
    Raises WorkbookRefused when the project is damaged or one of them is a form.
    """
    opened = _open(data)
    asked = {name.casefold() for name in names}
    kinds, kept = opened.kinds, []
    for line in opened.listing.modules:
        if line.name.casefold() not in asked:
            kept.append(line)
        elif kinds[line.name.casefold()] is ModuleKind.FORM:
            raise form_stays(line.name)
    is_news = len(kept) < len(opened.listing.modules)
    edit = _Edit(kept, opened.sources, opened.text.without_modules(asked), is_news)
    return opened.stored(edit) if edit.is_news else data


@dataclass(frozen=True, slots=True)
class _Opened:
    """A project taken apart. `sources` are the modules' streams without what was compiled, by casefolded name."""

    root: Storage
    listing: ModuleList
    text: ProjectText
    sources: Mapping[str, Stream]

    @property
    def kinds(self) -> Mapping[str, ModuleKind]:
        """Every module's kind by its casefolded name, as the plain lines tell it, else as far as the list tells it."""
        listed_kinds = {
            module.name.casefold(): ModuleKind.STANDARD if module.is_procedural else ModuleKind.CLASS
            for module in self.listing.modules
        }
        return listed_kinds | {named.name.casefold(): named.kind for named in self.text.modules}

    @property
    def taken_names(self) -> Mapping[str, str]:
        """What else has a name that a new module may not have, by the casefolded name."""
        libraries = (*_HOST_LIBRARIES, *self.listing.references)
        streams = dict.fromkeys(
            (_DIR, *(e.name.casefold() for e in _storage(self.root, _VBA).entries)), "a hidden part"
        )
        return (
            streams | dict.fromkeys(map(str.casefold, libraries), "a reference")
            | {self.listing.project.casefold(): "the project itself"}
        )  # fmt: skip

    def stored(self, edit: "_Edit") -> bytes:
        """The project with other modules, and nothing compiled."""
        vba = _storage(self.root, _VBA)
        kept = (
            entry
            for entry in vba.entries
            if entry.name.casefold() not in self.sources and not entry.name.casefold().startswith(_OTHER_CACHES)
        )
        vba = replace(vba, entries=(*kept, *(edit.sources[line.stream.casefold()] for line in edit.lines)))
        vba = vba.with_data(_CACHE, _NOTHING_COMPILED)
        vba = vba.with_data(_DIR, compress(self.listing.stored(edit.lines)))
        root = self.root.with_entry(vba).with_data(_TEXT, edit.text.stored())
        if root.find(_NAMES) is not None:
            order = {named.name.casefold(): place for place, named in enumerate(edit.text.modules)}
            names = sorted((line.name for line in edit.lines), key=lambda name: order.get(name.casefold(), len(order)))
            root = root.with_data(_NAMES, name_map(names, self.listing.code_page))
        return compound_file(root)


def _open(data: bytes) -> _Opened:
    root = read_compound_file(data)
    vba = _storage(root, _VBA)
    listing = read_module_list(decompress(_stream(vba, _DIR).data, limit=MAX_LIST))
    text = _stream(root, _TEXT).data
    if len(text) > MAX_LIST:
        raise hostile("the list of its macro modules is far too long")
    names = [module.name for module in listing.modules]
    if repeated_name(names) or repeated_name([_DIR, _CACHE, *(module.stream for module in listing.modules)]):
        raise hostile("two of its macro modules are the same")
    streams = {entry.name.casefold(): entry for entry in vba.entries}
    sources: dict[str, Stream] = {}
    for module in listing.modules:
        stream = streams.get(module.stream.casefold())
        if not isinstance(stream, Stream):
            raise damaged(f"the macro module {module.name} has no source")
        source = stream.data[module.offset :]
        if not source.startswith(_COMPRESSED):
            raise damaged(f"the macro module {module.name} is cut off")
        sources[module.stream.casefold()] = replace(stream, data=source)
    return _Opened(root, listing, ProjectText.read(text, listing.code_page), sources)


def _storage(within: Storage, name: str) -> Storage:
    found = within.find(name)
    if not isinstance(found, Storage):
        raise damaged(f"its macros have no part {name}")
    return found


def _stream(within: Storage, name: str) -> Stream:
    found = within.find(name)
    if not isinstance(found, Stream):
        raise damaged(f"its macros have no part {name}")
    return found


class _Edit(NamedTuple):
    """What a project is to hold; `is_news` tells whether that differs from what it holds."""

    lines: Sequence[ListedModule]
    sources: Mapping[str, Stream]
    text: ProjectText
    is_news: bool


def _edit(opened: _Opened, modules: Sequence[Module]) -> _Edit:
    repeated = repeated_name(module.name for module in modules)
    if repeated is not None:
        raise ValueError(f"two of the modules are called {repeated}; case makes no difference")
    existing = {module.name.casefold(): module for module in opened.listing.modules}
    kinds, taken = opened.kinds, opened.taken_names
    lines, sources, added = list(opened.listing.modules), dict(opened.sources), list[NamedKind]()
    is_news = False
    for module in modules:
        text = stored_text(module)
        line = existing.get(module.name.casefold())
        if line is None:
            _check_free(module.name, taken)
            line = _new_line(module, opened.listing.code_page)
            lines.append(line)
            added.append(NamedKind(module.name, module.kind))
        elif kinds[module.name.casefold()] is not module.kind:
            raise name_taken(line.name, f"a {kinds[module.name.casefold()].value} module")
        elif module.kind is ModuleKind.DOCUMENT:
            continue
        elif line.name != module.name:
            raise name_taken(line.name, "a module")
        key, content = line.stream.casefold(), _encoded(module.name, text, opened.listing.code_page)
        before = sources.get(key)
        if before is None or decompress(before.data, limit=MAX_SOURCE) != content:
            sources[key] = replace(before or Stream(line.stream, b""), data=compress(content))
            is_news = True
    return _Edit(lines, sources, opened.text.with_modules(added), is_news)


def _new_line(module: Module, code_page: int) -> ListedModule:
    _encoded(module.name, module.name, code_page)
    return listed(module.name, is_procedural=module.kind is ModuleKind.STANDARD, code_page=code_page)


def _check_free(name: str, taken: Mapping[str, str]) -> None:
    if name.casefold() in taken:
        raise name_taken(name, taken[name.casefold()])


def _encoded(module: str, text: str, code_page: int) -> bytes:
    """Text of a module in the project's code page; refused when that lacks a character."""
    try:
        return text.encode(codec(code_page))
    except UnicodeEncodeError as foreign:
        line = text.count("\n", 0, foreign.start) + 1
        raise not_in_code_page(f"module {module}, line {line}", text[foreign.start], code_page) from None
