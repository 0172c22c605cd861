"""The dir stream of a macro project (MS-OVBA 2.3.4.2), unfolded: references, and which modules there are and where.

All that is not changed keeps its bytes. The modules' source is not here.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from sheets_sync.workbooks.ooxml.refusals import damaged
from sheets_sync.workbooks.vba.code_pages import codec, decode

_HEAD = struct.Struct("<HI")
_LONG = struct.Struct("<I")
_SHORT = struct.Struct("<H")
_IGNORED_COOKIE = 0xFFFF
_VERSION_SIZE = 6
"""The version of the project takes two bytes more than it says."""


class _Id(IntEnum):
    SYSTEM = 0x01
    LOCALE = 0x02
    CODE_PAGE = 0x03
    NAME = 0x04
    DESCRIPTION = 0x05
    HELP_FILE = 0x06
    HELP_CONTEXT = 0x07
    FLAGS = 0x08
    VERSION = 0x09
    CONSTANTS = 0x0C
    REGISTERED = 0x0D
    MODULES = 0x0F
    END = 0x10
    COOKIE = 0x13
    LOCALE_INVOKE = 0x14
    REFERENCE = 0x16
    MODULE = 0x19
    MODULE_STREAM = 0x1A
    MODULE_DESCRIPTION = 0x1C
    MODULE_HELP = 0x1E
    PROCEDURAL = 0x21
    OBJECT = 0x22
    MODULE_END = 0x2B
    MODULE_COOKIE = 0x2C
    MODULE_OFFSET = 0x31
    MODULE_STREAM_WIDE = 0x32
    CONSTANTS_WIDE = 0x3C
    HELP_FILE_AGAIN = 0x3D
    REFERENCE_WIDE = 0x3E
    DESCRIPTION_WIDE = 0x40
    MODULE_WIDE = 0x47
    MODULE_DESCRIPTION_WIDE = 0x48


class _Part(NamedTuple):
    """One piece of the stream: what it is, what it holds, and its bytes as stored."""

    id: int
    content: bytes
    stored: bytes


@dataclass(frozen=True, slots=True)
class ListedModule:
    """One module as the dir stream lists it. `offset` is where in its stream the compressed source begins."""

    name: str
    stream: str
    offset: int
    is_procedural: bool
    _parts: tuple[_Part, ...] = field(repr=False)

    def stored(self) -> bytes:
        """Its bytes, with the source at the very beginning of its stream."""
        return b"".join(
            _part(_Id.MODULE_OFFSET, bytes(4)) if part.id == _Id.MODULE_OFFSET else part.stored for part in self._parts
        )


@dataclass(frozen=True, slots=True)
class ModuleList:
    """The dir stream. `references` are the names of the libraries and projects that the macros use."""

    code_page: int
    project: str
    references: tuple[str, ...]
    modules: tuple[ListedModule, ...]
    _before: bytes = field(repr=False)

    def stored(self, modules: Iterable[ListedModule]) -> bytes:
        """The stream with these modules instead of its own."""
        kept = tuple(modules)
        count = _part(_Id.MODULES, _SHORT.pack(len(kept))) + _part(_Id.COOKIE, _SHORT.pack(_IGNORED_COOKIE))
        return self._before + count + b"".join(module.stored() for module in kept) + _part(_Id.END, b"")


def read_module_list(stream: bytes) -> ModuleList:
    """What the decompressed dir stream says. Raises WorkbookRefused."""
    parts = _parts(stream)
    ids = [part.id for part in parts]
    if _Id.MODULES not in ids or _Id.CODE_PAGE not in ids or _Id.NAME not in ids:
        raise damaged("its macros have no list of modules")
    split = ids.index(_Id.MODULES)
    told = {part.id: part.content for part in reversed(parts[:split])}
    code_page = int.from_bytes(told[_Id.CODE_PAGE], "little")
    modules = _modules(parts[split:], code_page)
    return ModuleList(
        code_page=code_page,
        project=decode(told[_Id.NAME], code_page),
        references=tuple(decode(part.content, code_page) for part in parts[:split] if part.id == _Id.REFERENCE),
        modules=modules,
        _before=b"".join(part.stored for part in parts[:split]),
    )


def new_module_list(project: str, code_page: int, references: Iterable[tuple[str, str]]) -> ModuleList:
    """The list of a new project without modules. References are names and registered libraries (MS-OVBA 2.1.1.8)."""
    named = project.encode(codec(code_page))
    before = [
        _part(_Id.SYSTEM, _LONG.pack(3)),
        _part(_Id.LOCALE, _LONG.pack(0x409)),
        _part(_Id.LOCALE_INVOKE, _LONG.pack(0x409)),
        _part(_Id.CODE_PAGE, _SHORT.pack(code_page)),
        _part(_Id.NAME, named),
        *(_part(part, b"") for part in (_Id.DESCRIPTION, _Id.DESCRIPTION_WIDE, _Id.HELP_FILE, _Id.HELP_FILE_AGAIN)),
        *(_part(part, bytes(4)) for part in (_Id.HELP_CONTEXT, _Id.FLAGS)),
        _HEAD.pack(_Id.VERSION, 4) + struct.pack("<IH", 1, 1),
        *(_part(part, b"") for part in (_Id.CONSTANTS, _Id.CONSTANTS_WIDE)),
    ]
    for name, library in references:
        stored = library.encode("ascii")
        before += _named(_Id.REFERENCE, _Id.REFERENCE_WIDE, name, code_page)
        before.append(_part(_Id.REGISTERED, _LONG.pack(len(stored)) + stored + bytes(6)))
    modules = _part(_Id.MODULES, bytes(2)) + _part(_Id.COOKIE, _SHORT.pack(_IGNORED_COOKIE)) + _part(_Id.END, b"")
    return read_module_list(b"".join(before) + modules)


def listed(name: str, *, is_procedural: bool, code_page: int) -> ListedModule:
    """A new line of the list. Its stream has its name. Raises UnicodeEncodeError."""
    stored = [
        *_named(_Id.MODULE, _Id.MODULE_WIDE, name, code_page),
        *_named(_Id.MODULE_STREAM, _Id.MODULE_STREAM_WIDE, name, code_page),
        *_named(_Id.MODULE_DESCRIPTION, _Id.MODULE_DESCRIPTION_WIDE, "", code_page),
        _part(_Id.MODULE_OFFSET, bytes(4)),
        _part(_Id.MODULE_HELP, bytes(4)),
        _part(_Id.MODULE_COOKIE, _SHORT.pack(_IGNORED_COOKIE)),
        _part(_Id.PROCEDURAL if is_procedural else _Id.OBJECT, b""),
        _part(_Id.MODULE_END, b""),
    ]
    return _module(_parts(b"".join(stored)), code_page)


def _part(part_id: _Id, content: bytes) -> bytes:
    return _HEAD.pack(part_id, len(content)) + content


def _named(narrow: _Id, wide: _Id, name: str, code_page: int) -> list[bytes]:
    return [_part(narrow, name.encode(codec(code_page))), _part(wide, name.encode("utf-16-le"))]


def _parts(stream: bytes) -> list[_Part]:
    found: list[_Part] = []
    position = 0
    while position < len(stream) and (not found or found[-1].id != _Id.END):
        if position + _HEAD.size > len(stream):
            raise damaged("the list of its macro modules is cut off")
        part_id, size = _HEAD.unpack_from(stream, position)
        begin = position + _HEAD.size
        end = begin + (_VERSION_SIZE if part_id == _Id.VERSION else size)
        if end > len(stream):
            raise damaged("the list of its macro modules is cut off")
        found.append(_Part(part_id, stream[begin:end], stream[position:end]))
        position = end
    return found


def _modules(parts: list[_Part], code_page: int) -> tuple[ListedModule, ...]:
    found: list[ListedModule] = []
    collected: list[_Part] = []
    for part in parts:
        if part.id == _Id.MODULE or collected:
            collected.append(part)
        if part.id == _Id.MODULE_END and collected:
            found.append(_module(collected, code_page))
            collected = []
    if collected or len(found) != int.from_bytes(parts[0].content, "little"):
        raise damaged("the list of its macro modules is cut off")
    return tuple(found)


def _module(parts: list[_Part], code_page: int) -> ListedModule:
    told = {part.id: part.content for part in parts}
    offset = told.get(_Id.MODULE_OFFSET, b"")
    if len(offset) != _LONG.size or _Id.MODULE_STREAM not in told:
        raise damaged("the list of its macro modules is garbled")
    return ListedModule(
        name=_name(told, _Id.MODULE_WIDE, _Id.MODULE, code_page),
        stream=_name(told, _Id.MODULE_STREAM_WIDE, _Id.MODULE_STREAM, code_page),
        offset=_LONG.unpack(offset)[0],
        is_procedural=_Id.PROCEDURAL in told,
        _parts=tuple(parts),
    )


def _name(told: dict[int, bytes], wide: _Id, narrow: _Id, code_page: int) -> str:
    if told.get(wide):
        return told[wide].decode("utf-16-le", "replace")
    return decode(told.get(narrow, b""), code_page)
