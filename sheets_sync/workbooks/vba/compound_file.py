"""A compound file (MS-CFB): a small file system of storages and streams in one file, as a tree, and its bytes.

Reading one is in compound_reading. What the streams mean is not here.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple, TypeAlias

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
SECTOR, MINI_SECTOR, MINI_CUTOFF = 512, 64, 4096
DIFAT_SECTOR, FAT_SECTOR, END_OF_CHAIN, FREE = 0xFFFFFFFC, 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF
NO_ENTRY = 0xFFFFFFFF
HEADER = struct.Struct("<8s16sHHHHH6sIIIIIIIII")
HEADER_DIFAT = 109
DIRECTORY_ENTRY = struct.Struct("<64sHBBIII16sIQQIQ")
STORAGE_KIND, STREAM_KIND, ROOT_KIND = 1, 2, 5
LONGEST_NAME = 31
"""UTF-16 code units."""

_NOT_IN_NAMES = frozenset("/\\:!\0")
_RED, _BLACK = 0, 1
_NUMBERS_PER_SECTOR = SECTOR // 4


class Marks(NamedTuple):
    """What an entry carries beside its content. Times are in 100 ns since 1601, 0 when not told."""

    clsid: bytes = bytes(16)
    state_bits: int = 0
    created: int = 0
    modified: int = 0


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class Stream:
    """A file of the compound file."""

    name: str
    data: bytes
    marks: Marks = NO_MARKS


@dataclass(frozen=True, slots=True)
class Storage:
    """A folder of the compound file. The root is the storage that the file is."""

    name: str
    entries: tuple["Entry", ...]
    marks: Marks = NO_MARKS

    def find(self, name: str) -> "Entry | None":
        """The entry of this name, whatever its case."""
        return next((entry for entry in self.entries if same_name(entry.name, name)), None)

    def with_entry(self, entry: "Entry") -> "Storage":
        """This storage with `entry` in the place of the one of its name, else after all others."""
        if self.find(entry.name) is None:
            return replace(self, entries=(*self.entries, entry))
        return replace(self, entries=tuple(entry if same_name(old.name, entry.name) else old for old in self.entries))

    def with_data(self, name: str, data: bytes) -> "Storage":
        """This storage with this content in the stream of this name, which keeps its marks."""
        known = self.find(name)
        return self.with_entry(Stream(name, data) if known is None else Stream(known.name, data, known.marks))


Entry: TypeAlias = Stream | Storage


def sort_key(name: str) -> tuple[int, bytes]:
    """How siblings are ordered: by length, then by upper-case code units (MS-CFB 2.6.4)."""
    upper = "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in name)
    units = upper.encode("utf-16-be", "surrogatepass")
    return len(units), units


def is_entry_name(name: str) -> bool:
    """Whether an entry can be called this (MS-CFB 2.6.1)."""
    return 0 < len(name.encode("utf-16-le", "surrogatepass")) <= 2 * LONGEST_NAME and not set(name) & _NOT_IN_NAMES


def same_name(one: str, other: str) -> bool:
    """Whether two names cannot stand beside each other in a storage."""
    return sort_key(one) == sort_key(other)


def compound_file(root: Storage) -> bytes:
    """The bytes of a version 3 compound file. Raises ValueError for names that it cannot hold."""
    nodes = _nodes(root)
    sectors, mini = _Sectors(SECTOR), _Sectors(MINI_SECTOR)
    starts = [_place(node.entry, sectors, mini) for node in nodes]
    mini_stream = bytes(mini.content)
    starts[0] = sectors.add(mini_stream), len(mini_stream)
    first_mini_fat = sectors.add(_numbers(mini.chain))
    first_directory = sectors.add(_directory(nodes, starts))
    mini_fat_sectors = -(-len(mini.chain) // _NUMBERS_PER_SECTOR)
    return _assembled(sectors, first_directory, first_mini_fat, mini_fat_sectors)


class _Node(NamedTuple):
    entry: Entry
    kind: int
    colour: int
    left: int
    right: int
    child: int


class _Sectors:
    """Sectors of one size and the chain that tells which follows which."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.content = bytearray()
        self.chain: list[int] = []

    def add(self, data: bytes) -> int:
        """Append data as a chain of sectors and return its first one."""
        if not data:
            return END_OF_CHAIN
        first, count = len(self.chain), -(-len(data) // self.size)
        self.chain += [*range(first + 1, first + count), END_OF_CHAIN]
        self.content += data.ljust(count * self.size, b"\0")
        return first


def _place(entry: Entry, sectors: _Sectors, mini: _Sectors) -> tuple[int, int]:
    """Put a stream's content into sectors. First sector and size; (0, 0) for a storage, as the standard has it."""
    if isinstance(entry, Storage):
        return 0, 0
    return (mini if len(entry.data) < MINI_CUTOFF else sectors).add(entry.data), len(entry.data)


def _nodes(root: Storage) -> list[_Node]:
    """All entries, the root first, with the sibling trees between them."""
    nodes = [_Node(root, ROOT_KIND, _BLACK, NO_ENTRY, NO_ENTRY, NO_ENTRY)]
    waiting = [0]
    for place in waiting:
        storage = nodes[place].entry
        entries = storage.entries if isinstance(storage, Storage) else ()
        siblings = sorted(entries, key=lambda entry: sort_key(entry.name))
        for one, other in pairwise(siblings):
            if same_name(one.name, other.name):
                raise ValueError(f"two entries of one storage are called {one.name!r}")
        first = len(nodes)
        top, links = _sibling_tree(len(siblings))
        nodes[place] = nodes[place]._replace(child=NO_ENTRY if top is None else first + top)
        for number, (entry, (left, right, colour)) in enumerate(zip(siblings, links, strict=True)):
            kind = STORAGE_KIND if isinstance(entry, Storage) else STREAM_KIND
            near, far = (NO_ENTRY if side is None else first + side for side in (left, right))
            nodes.append(_Node(entry, kind, colour, near, far, NO_ENTRY))
            if kind == STORAGE_KIND:
                waiting.append(first + number)
    return nodes


_Links: TypeAlias = list[tuple[int | None, int | None, int]]


def _sibling_tree(count: int) -> tuple[int | None, _Links]:
    """A valid red-black tree over `count` sorted siblings: its top, and left, right and colour of each.

    Halving keeps all leaves on the last two levels; an unfilled last level is red, everything else black.
    """
    links: _Links = [(None, None, _BLACK)] * count
    full_levels = (count + 1).bit_length() - 1

    def halve(low: int, high: int, level: int) -> int | None:
        if low >= high:
            return None
        middle = (low + high) // 2
        colour = _RED if level == full_levels else _BLACK
        links[middle] = halve(low, middle, level + 1), halve(middle + 1, high, level + 1), colour
        return middle

    return halve(0, count, 0), links


def _directory(nodes: Sequence[_Node], starts: Sequence[tuple[int, int]]) -> bytes:
    entries = bytearray()
    for node, (start, size) in zip(nodes, starts, strict=True):
        name = node.entry.name.encode("utf-16-le", "surrogatepass")
        if not is_entry_name(node.entry.name):
            raise ValueError(f"{node.entry.name!r} cannot be the name of an entry")
        links = node.left, node.right, node.child
        marks = node.entry.marks
        entries += DIRECTORY_ENTRY.pack(
            name, len(name) + 2, node.kind, node.colour, *links, *marks, start, size
        )  # fmt: skip
    unused = DIRECTORY_ENTRY.pack(b"", 0, 0, 0, NO_ENTRY, NO_ENTRY, NO_ENTRY, bytes(16), 0, 0, 0, 0, 0)
    return bytes(entries) + unused * (-len(nodes) % (SECTOR // DIRECTORY_ENTRY.size))


def _numbers(numbers: Sequence[int]) -> bytes:
    """Numbers as whole sectors, filled up with FREE."""
    padding = [FREE] * (-len(numbers) % _NUMBERS_PER_SECTOR)
    return struct.pack(f"<{len(numbers) + len(padding)}I", *numbers, *padding)


def _assembled(sectors: _Sectors, first_directory: int, first_mini_fat: int, mini_fat_sectors: int) -> bytes:
    """Header, sectors, the FAT over all of them, and where the header has no room for its places, the DIFAT."""
    used, fat_count, difat_count = len(sectors.chain), 0, 0
    while fat_count * _NUMBERS_PER_SECTOR < used + fat_count + difat_count:
        fat_count += 1
        difat_count = -(-max(0, fat_count - HEADER_DIFAT) // (_NUMBERS_PER_SECTOR - 1))
    fat_places = range(used, used + fat_count)
    difat_places = range(used + fat_count, used + fat_count + difat_count)
    fat = _numbers([*sectors.chain, *[FAT_SECTOR] * fat_count, *[DIFAT_SECTOR] * difat_count])
    difat = bytearray()
    for number in range(difat_count):
        begin = HEADER_DIFAT + number * (_NUMBERS_PER_SECTOR - 1)
        places = [*fat_places[begin : begin + _NUMBERS_PER_SECTOR - 1]]
        following = difat_places[number + 1] if number + 1 < difat_count else END_OF_CHAIN
        difat += struct.pack(
            f"<{_NUMBERS_PER_SECTOR}I", *places, *[FREE] * (_NUMBERS_PER_SECTOR - 1 - len(places)), following
        )
    in_header = [*fat_places[:HEADER_DIFAT], *[FREE] * (HEADER_DIFAT - min(fat_count, HEADER_DIFAT))]
    header = HEADER.pack(
        SIGNATURE, bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6), 0, fat_count, first_directory, 0, MINI_CUTOFF,
        first_mini_fat, mini_fat_sectors, difat_places[0] if difat_count else END_OF_CHAIN, difat_count,
    )  # fmt: skip
    return header + struct.pack(f"<{HEADER_DIFAT}I", *in_header) + bytes(sectors.content) + fat + bytes(difat)
