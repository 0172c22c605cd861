"""Reading a compound file (MS-CFB, version 3, as Office writes macros) strictly.

Every sector belongs to one chain, every entry to one storage, nothing lies outside the file. What is damaged or built
to harm is refused.
"""

import struct
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from sheets_sync.workbooks.ooxml.refusals import damaged, hostile, too_big
from sheets_sync.workbooks.vba.compound_file import (
    DIRECTORY_ENTRY,
    END_OF_CHAIN,
    FREE,
    HEADER,
    HEADER_DIFAT,
    MINI_CUTOFF,
    MINI_SECTOR,
    NO_ENTRY,
    ROOT_KIND,
    SECTOR,
    SIGNATURE,
    STORAGE_KIND,
    STREAM_KIND,
    Entry,
    Marks,
    Storage,
    Stream,
    is_entry_name,
    sort_key,
)

MAX_FILE = 50_000_000
MAX_ENTRIES = 5_000
MAX_DEPTH = 16

_LOW_HALF = 0xFFFFFFFF
"""Sizes have 64 bits, and some programs leave the upper ones as they were (MS-CFB 2.6.1)."""
_VERSION, _BYTE_ORDER = 3, 0xFFFE


def read_compound_file(data: bytes) -> Storage:
    """The root storage with all it holds. Raises WorkbookRefused."""
    if len(data) > MAX_FILE:
        raise too_big(f"its macros take more than {MAX_FILE // 1_000_000} MB", "max_file")
    if len(data) < SECTOR or not data.startswith(SIGNATURE):
        raise damaged("its macros are not a compound file")
    header = HEADER.unpack_from(data)
    version, order, shift, mini_shift = header[3:7]
    fat_count, first_directory, _, cutoff, first_mini_fat, mini_count, first_difat, difat_count = header[9:]
    shape = version, order, 1 << shift, 1 << mini_shift, cutoff
    if shape != (_VERSION, _BYTE_ORDER, SECTOR, MINI_SECTOR, MINI_CUTOFF):
        raise damaged("its macros begin with a garbled header")
    sectors = _Sectors(data, SECTOR, offset=SECTOR)
    sectors.chain = _fat(sectors, fat_count, first_difat, difat_count)
    lines = _directory(sectors.whole_chain(first_directory))
    root = lines[0]
    mini = _Sectors(sectors.stream(root.start, root.size), MINI_SECTOR, offset=0)
    mini.chain = _numbers(sectors.whole_chain(first_mini_fat)) if mini_count else ()
    return _tree(lines, sectors, mini)


class _Sectors:
    """Sectors of one size. `chain` tells which follows which; each is given away once."""

    def __init__(self, data: bytes, size: int, *, offset: int) -> None:
        self.data, self.size, self.offset = data, size, offset
        self.count = -(-(len(data) - self.offset) // size)
        self.chain: Sequence[int] = ()
        self._given = bytearray(self.count)

    def sector(self, number: int) -> bytes:
        """One sector. Raises WorkbookRefused when it is outside the file or part of something else."""
        if number >= self.count:
            raise damaged("its macros are cut off, or point outside the file")
        if self._given[number]:
            raise hostile("its macros use one piece of the file twice")
        self._given[number] = 1
        begin = self.offset + number * self.size
        return self.data[begin : begin + self.size]

    def _next(self, number: int) -> int:
        if number >= len(self.chain):
            raise damaged("its macros are cut off, or point outside the file")
        return self.chain[number]

    def whole_chain(self, first: int) -> bytes:
        """All sectors of a chain."""
        found = []
        while first != END_OF_CHAIN:
            found.append(self.sector(first))
            first = self._next(first)
        return b"".join(found)

    def stream(self, first: int, size: int) -> bytes:
        """The first `size` bytes of a chain."""
        found = []
        for _ in range(-(-size // self.size)):
            found.append(self.sector(first))
            first = self._next(first)
        content = b"".join(found)[:size]
        if len(content) < size:
            raise damaged("its macros are cut off")
        return content


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])


def _fat(sectors: _Sectors, fat_count: int, first_difat: int, difat_count: int) -> tuple[int, ...]:
    """The chain over all sectors, from the places that the header and the DIFAT name."""
    if fat_count > sectors.count or difat_count > sectors.count:
        raise damaged("its macros begin with a garbled header")
    places = [*struct.unpack_from(f"<{HEADER_DIFAT}I", sectors.data, HEADER.size)]
    following = first_difat
    for _ in range(difat_count):
        *more, following = _numbers(sectors.sector(following))
        places += more
    named = [place for place in places if place != FREE][:fat_count]
    if len(named) < fat_count:
        raise damaged("its macros lack a part of their table of contents")
    return _numbers(b"".join(sectors.sector(place) for place in named))


class _Line(NamedTuple):
    """One entry of the directory as it is stored."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    marks: Marks
    start: int
    size: int


def _directory(content: bytes) -> list[_Line]:
    if len(content) > MAX_ENTRIES * DIRECTORY_ENTRY.size:
        raise too_big("its macros have too many streams", "max_parts")
    lines = []
    for begin in range(0, len(content) // DIRECTORY_ENTRY.size * DIRECTORY_ENTRY.size, DIRECTORY_ENTRY.size):
        name, name_size, kind, _, left, right, child, clsid, state, created, modified, start, size = (
            DIRECTORY_ENTRY.unpack_from(content, begin)
        )
        text = name[: max(0, name_size - 2)].decode("utf-16-le", "surrogatepass") if name_size <= len(name) else ""
        marks = Marks(clsid, state, created, modified)
        lines.append(_Line(text, kind, left, right, child, marks, start, size & _LOW_HALF))
    if not lines or lines[0].kind != ROOT_KIND:
        raise damaged("its macros have no table of contents")
    return lines


def _tree(lines: Sequence[_Line], sectors: _Sectors, mini: _Sectors) -> Storage:
    taken = {0}

    def storage(line: _Line, depth: int) -> Storage:
        if depth > MAX_DEPTH:
            raise hostile("its macros nest storages too deeply")
        entries = tuple(entry(sibling, depth) for sibling in _siblings(lines, line.child, taken))
        if len({sort_key(found.name) for found in entries}) < len(entries):
            raise hostile("two of its macro streams have the same name")
        return Storage(line.name, entries, line.marks)

    def entry(line: _Line, depth: int) -> Entry:
        if line.kind == STORAGE_KIND:
            return storage(line, depth + 1)
        place = mini if line.size < MINI_CUTOFF else sectors
        return Stream(line.name, place.stream(line.start, line.size), line.marks)

    return replace(storage(lines[0], 0), name="Root Entry")


def _siblings(lines: Sequence[_Line], top: int, taken: set[int]) -> list[_Line]:
    """The lines of one storage, in their order, each `taken` once. No recursion: the tree may be one long line."""
    found: list[_Line] = []
    above: list[_Line] = []
    place = top
    while place != NO_ENTRY or above:
        while place != NO_ENTRY:
            if place >= len(lines) or place in taken:
                raise damaged("the table of contents of its macros runs in a circle or outside itself")
            taken.add(place)
            above.append(lines[place])
            place = above[-1].left
        line = above.pop()
        if line.kind not in (STORAGE_KIND, STREAM_KIND) or not is_entry_name(line.name):
            raise damaged("the table of contents of its macros is garbled")
        found.append(line)
        place = line.right
    return found
