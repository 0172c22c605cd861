"""Compound files: what is written is read by others, and what is damaged or built to harm is refused."""

import io
import random
import struct

import olefile
import pytest

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.vba.compound_file import (
    DIRECTORY_ENTRY,
    END_OF_CHAIN,
    NO_ENTRY,
    SECTOR,
    Marks,
    Storage,
    Stream,
    compound_file,
)
from sheets_sync.workbooks.vba.compound_reading import read_compound_file

CLSID = bytes(range(16))
FAT_SECTORS_IN_HEADER = 109 * 128 * SECTOR


def tree(sizes, seed=1):
    """A root with one stream of each size, and one storage within a storage."""
    noise = random.Random(seed)
    deep = Storage("Deep", (Stream("\x03VBFrame", b"deepest"),), Marks(CLSID, 7, 1, 2))
    streams = (Stream(f"s{number}", noise.randbytes(size)) for number, size in enumerate(sizes))
    return Storage("Root Entry", (*streams, Storage("UserForm1", (deep,))))


def contents(storage, path=()):
    """Every stream's content by its path."""
    found = {}
    for entry in storage.entries:
        if isinstance(entry, Storage):
            found |= contents(entry, (*path, entry.name))
        else:
            found[(*path, entry.name)] = entry.data
    return found


def read_by_olefile(data):
    """Every stream's content by its path, as olefile reads it, which must find no fault."""
    with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_UNSURE) as file:
        assert not file.parsing_issues
        return {tuple(path): file.openstream(path).read() for path in file.listdir()}


@pytest.mark.parametrize(
    "sizes",
    [
        pytest.param([], id="no streams"),
        pytest.param([0, 1, 63, 64, 65], id="mini sectors"),
        pytest.param([4095, 4096, 4097, 512 * 9], id="at the border of the mini stream"),
        pytest.param([20] * 130, id="more than one sector of mini FAT and directory"),
        pytest.param([512 * 126 - 1], id="FAT just full"),
        pytest.param([512 * 127], id="FAT of two sectors"),
        pytest.param([FAT_SECTORS_IN_HEADER - 512 * 300, 5], id="header just not full"),
        pytest.param([FAT_SECTORS_IN_HEADER + 512 * 200, 5], id="a sector of DIFAT"),
        pytest.param([FAT_SECTORS_IN_HEADER, 9_000_000, 70], id="two sectors of DIFAT"),
    ],
)
def test_what_was_written_is_read(sizes):
    """Our reader and olefile find every stream, whatever its size and number."""
    root = tree(sizes)
    data = compound_file(root)
    assert contents(read_compound_file(data)) == contents(root)
    assert read_by_olefile(data) == contents(root)


@pytest.mark.parametrize("count", range(1, 140, 7))
def test_every_sector_count_closes(count):
    """The FAT always covers itself, wherever its own size jumps."""
    root = tree([512 * (count + 8 * 10)] * 2 + [4096] * count)
    assert contents(read_compound_file(compound_file(root))) == contents(root)


FAT_JUST_FULL_WITHOUT_DIFAT = 110 * 127 - 4
"""How many sectors one stream takes, when with those of the directory and the small streams the FAT is just full."""


@pytest.mark.parametrize("count", [FAT_JUST_FULL_WITHOUT_DIFAT - 1, FAT_JUST_FULL_WITHOUT_DIFAT])
def test_the_fat_tells_of_every_sector(count):
    """The FAT reaches to the last sector, and tells its own sectors and those of the DIFAT by their numbers."""
    data = compound_file(tree([SECTOR * count]))
    fat_count, difat, difat_count = (struct.unpack_from("<I", data, place)[0] for place in (44, 68, 72))
    assert difat_count == 1
    more = struct.unpack_from("<128I", data, SECTOR * (difat + 1))
    places = [place for place in (*struct.unpack_from("<109I", data, 76), *more[:-1]) if place != NO_ENTRY]
    assert len(places) == fat_count
    fat = [n for place in places for n in struct.unpack_from("<128I", data, SECTOR * (place + 1))]
    sectors = len(data) // SECTOR - 1
    assert {place for place in range(len(fat)) if fat[place] == 0xFFFFFFFD} == set(places)
    assert [place for place in range(len(fat)) if fat[place] == 0xFFFFFFFC] == [difat]
    assert len(fat) >= sectors
    assert set(fat[sectors:]) <= {NO_ENTRY}
    assert more[-1] == END_OF_CHAIN


def test_marks_are_kept():
    """Class ids, state bits and times survive."""
    root = Storage("Root Entry", (*tree([3]).entries, Stream("x", b"1", Marks(CLSID, 1, 3, 4))), Marks(CLSID, 9, 0, 5))
    again = read_compound_file(compound_file(root))
    assert again.marks == root.marks
    assert again.find("X").marks == Marks(CLSID, 1, 3, 4)
    assert again.find("UserForm1").find("deep").marks == Marks(CLSID, 7, 1, 2)
    assert compound_file(again) == compound_file(root)
    assert again.with_data("X", b"2").find("x") == Stream("x", b"2", Marks(CLSID, 1, 3, 4))


def directory(data):
    """The lines of the directory, as stored."""
    first = struct.unpack_from("<I", data, 48)[0]
    begin = SECTOR * (first + 1)
    return [DIRECTORY_ENTRY.unpack_from(data, place) for place in range(begin, len(data) - 127, 128)]


@pytest.mark.parametrize("count", [*range(1, 18), 31, 32, 33, 100])
def test_sibling_trees_are_red_black(count):
    """Siblings are in order, no red one hangs under a red one, and all ways down have as many black ones."""
    lines = directory(compound_file(Storage("Root Entry", tuple(Stream(f"n{n}", b"") for n in range(count)))))

    def walk(place, under_red):
        if place == NO_ENTRY:
            return 1, []
        name, size, _, colour, left, right, *_rest = lines[place]
        red = colour == 0
        assert not (red and under_red)
        (black_left, before), (black_right, after) = walk(left, red), walk(right, red)
        assert black_left == black_right
        return black_left + (not red), [*before, name[: size - 2].decode("utf-16-le"), *after]

    _, names = walk(lines[0][6], under_red=True)
    assert names == sorted((f"n{n}" for n in range(count)), key=lambda name: (len(name), name.upper()))


@pytest.mark.parametrize("names", [("dir", "DIR"), ("",), ("a/b",), ("x" * 32,), ("é", "É")])
def test_impossible_names_are_not_written(names):
    """Names that a storage cannot hold are refused as a mistake of the caller."""
    with pytest.raises(ValueError, match="entr"):
        compound_file(Storage("Root Entry", tuple(Stream(name, b"") for name in names)))


SOUND = compound_file(tree([10, 5000, 70_000]))
FIRST_DIRECTORY = struct.unpack_from("<I", SOUND, 48)[0]
DIRECTORY = SECTOR * (FIRST_DIRECTORY + 1)
FAT = SECTOR * (struct.unpack_from("<I", SOUND, 76)[0] + 1)


def number(place, value):
    """The file with another 32-bit number at a place."""
    return SOUND[:place] + struct.pack("<I", value) + SOUND[place + 4 :]


def line_number(line, offset, value):
    """The file with another number in a line of the directory."""
    return number(DIRECTORY + 128 * line + offset, value)


LEFT, RIGHT, CHILD, START, SIZE = 68, 72, 76, 116, 120
DAMAGE = {
    "nothing": b"",
    "only a signature": SOUND[:8],
    "half a header": SOUND[:300],
    "header alone": SOUND[:SECTOR],
    "cut off": SOUND[: len(SOUND) // 2],
    "last byte missing": SOUND[: SOUND.rindex(b"\xfe\xff\xff\xff")],
    "another signature": b"PK" + SOUND[2:],
    "version 9": SOUND[:26] + b"\x09" + SOUND[27:],
    "big-endian": SOUND[:28] + b"\xff\xfe" + SOUND[30:],
    "sectors of 2^200": SOUND[:30] + b"\xc8" + SOUND[31:],
    "another cutoff": number(56, 0),
    "four thousand million FAT sectors": number(44, 0xFFFFFFFF),
    "one FAT sector too many": number(44, 9),
    "FAT outside": number(76, 5000),
    "FAT twice the same": number(44, 2)[:80] + number(44, 2)[76:80] + number(44, 2)[84:],
    "DIFAT without end": number(72, 3)[:68] + struct.pack("<I", 0) + number(72, 3)[72:],
    "directory outside": number(48, 70_000),
    "directory is nowhere": number(48, END_OF_CHAIN),
    "chain in a circle": number(FAT + 4 * FIRST_DIRECTORY, FIRST_DIRECTORY),
    "directory runs into a stream": number(FAT + 4 * FIRST_DIRECTORY, 0),
    "chain ends early": number(FAT, END_OF_CHAIN),
    "chain leaves the file": number(FAT, 0x00FFFFFF),
    "no root": SOUND[: DIRECTORY + 66] + b"\x02" + SOUND[DIRECTORY + 67 :],
    "child is the root": line_number(0, CHILD, 0),
    "child outside": line_number(0, CHILD, 999),
    "sibling is itself": line_number(1, LEFT, 1),
    "sibling unused": line_number(1, LEFT, 7),
    "siblings in a circle": line_number(1, RIGHT, 2),
    "storage holds its parent": line_number(4, CHILD, 4),
    "stream longer than the file": line_number(3, SIZE, 0x7FFFFFFF),
    "short stream outside": line_number(1, START, 5000),
    "mini stream longer than the file": line_number(0, SIZE, 0x7FFFFFFF),
    "two streams share sectors": line_number(3, START, 0),
    "two streams of one name": SOUND.replace("s1".encode("utf-16-le"), "s0".encode("utf-16-le")),
    "name with a slash": SOUND.replace("s1".encode("utf-16-le"), "s/".encode("utf-16-le")),
    "name of no length": SOUND[: DIRECTORY + 128 + 64] + b"\0\0" + SOUND[DIRECTORY + 128 + 66 :],
}


@pytest.mark.parametrize("data", DAMAGE.values(), ids=DAMAGE)
def test_damage_is_refused(data):
    """A file that is cut off, runs in circles or points outside itself is refused in words."""
    assert data != SOUND
    with pytest.raises(WorkbookRefused):
        read_compound_file(data)


def test_a_short_mini_stream_is_refused():
    """A small stream that reaches past the end of the mini stream is refused."""
    data = compound_file(Storage("Root Entry", (Stream("a", b"0123456789"),)))
    place = SECTOR * (struct.unpack_from("<I", data, 48)[0] + 1) + SIZE
    assert data[place] == 64
    with pytest.raises(WorkbookRefused, match="cut off"):
        read_compound_file(data[:place] + b"\x05" + data[place + 1 :])


LONE = compound_file(Storage("Root Entry", (Stream("big", b"x" * 5000),)))


@pytest.mark.parametrize(
    ("data", "sound"),
    [
        pytest.param(line_number(1, SIZE + 4, 0xABCDEF01), SOUND, id="rubbish in the upper half of a size"),
        pytest.param(LONE[:60] + b"\xff" * 4 + LONE[64:], LONE, id="no mini FAT, said in another way"),
    ],
)
def test_what_other_programs_write_is_read(data, sound):
    """Where the standard tells readers not to look, nothing is looked at."""
    assert data != sound
    assert read_compound_file(data) == read_compound_file(sound)


def test_a_tree_like_a_chain_is_read():
    """Siblings that all hang under the next one do not exhaust the stack."""
    count = 3000
    data = bytearray(compound_file(Storage("Root Entry", tuple(Stream(f"n{n:04}", b"") for n in range(count)))))
    begin = SECTOR * (struct.unpack_from("<I", data, 48)[0] + 1)
    for line in range(1, count + 1):
        struct.pack_into("<II", data, begin + 128 * line + LEFT, NO_ENTRY, line + 1 if line < count else NO_ENTRY)
    struct.pack_into("<I", data, begin + CHILD, 1)
    assert len(read_compound_file(bytes(data)).entries) == count


def test_storages_without_end_are_refused():
    """Storages nested deeper than any program nests them are refused."""
    storage = Storage("S", ())
    for _ in range(20):
        storage = Storage("S", (storage,))
    with pytest.raises(WorkbookRefused, match="deep"):
        read_compound_file(compound_file(Storage("Root Entry", (storage,))))


@pytest.mark.parametrize("seed", range(300))
def test_any_damage_is_refused_or_read(seed):
    """Whatever is broken in a file, it is read or refused; nothing else happens."""
    noise = random.Random(seed)
    data = bytearray(SOUND)
    for _ in range(noise.choice([1, 3, 30])):
        begin = noise.choice([0, DIRECTORY, FAT])
        data[begin + noise.randrange(SECTOR)] = noise.choice([0, 1, 0x7F, 0xFE, 0xFF, noise.randrange(256)])
    try:
        found = read_compound_file(bytes(data))
    except WorkbookRefused:
        return
    assert contents(read_compound_file(compound_file(found))) == contents(found)
