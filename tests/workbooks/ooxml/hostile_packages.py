"""Packages no spreadsheet program would write: bombs, lies, overlaps, two meanings. Built byte by byte."""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable

from reading_samples import plan_parts, worksheet, zipped

LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;">'
    '<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;">]>'
)
SHEET = "xl/worksheets/sheet1.xml"
CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'


def plan() -> bytes:
    return zipped(plan_parts(worksheet(CELL)))


def patched(
    workbook: bytes,
    member: str,
    *,
    central: Callable[[bytearray, int], None] | None = None,
    local: Callable[[bytearray, int], None] | None = None,
) -> bytes:
    """Change a member's record in the directory, or its own header, in place."""
    data = bytearray(workbook)
    name = member.encode()
    if central:
        central(data, data.rindex(name) - 46)
    if local:
        local(data, data.index(name) - 30)
    return bytes(data)


def put(layout: str, at: int, *values: int) -> Callable[[bytearray, int], None]:
    return lambda data, start: struct.pack_into(layout, data, start + at, *values)


def rename(new: bytes) -> Callable[[bytearray, int], None]:
    def change(data: bytearray, start: int) -> None:
        size = 46 if data[start : start + 4] == b"PK\1\2" else 30
        data[start + size : start + size + len(new)] = new

    return change


def lying_bomb() -> bytes:
    """60 MB of zeros that say in both headers to be 1,000 bytes."""
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = bomb.compress(bytes(60_000_000)) + bomb.flush()
    parts = plan_parts(worksheet())
    parts["zz.bin"] = packed
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content)
    lie = put("<2H", 8, 0, 8), put("<2H", 6, 0, 8), (0, len(packed), 1000)
    both = patched(target.getvalue(), "zz.bin", central=lie[0], local=lie[1])
    return patched(both, "zz.bin", central=put("<3I", 16, *lie[2]), local=put("<3I", 14, *lie[2]))


def overlapping() -> bytes:
    """The sheet's record points into the bytes of the member before it, where a header is hidden."""
    parts = plan_parts(worksheet())
    raw_name = SHEET.encode()
    inner = (
        struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 33, zlib.crc32(b"x"), 1, 1, len(raw_name), 0) + raw_name + b"x"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), inner if name == "xl/workbook.xml" else content)
    data = target.getvalue()
    hidden, record = data.index(inner), data.rindex(raw_name) - 46
    changed = bytearray(data)
    struct.pack_into("<3I", changed, record + 16, zlib.crc32(b"x"), 1, 1)
    struct.pack_into("<I", changed, record + 42, hidden)
    return bytes(changed)


def doubled(first: str, second: str) -> bytes:
    """Two members whose names differ at most in spelling, with different content."""
    parts = plan_parts(worksheet())
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w") as package:
        warnings.simplefilter("ignore")
        for name, content in (*parts.items(), (first, "<a/>"), (second, "<b/>")):
            package.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def begins_late() -> bytes:
    """Foreign bytes before the first member, with every offset put right."""
    workbook = plan()
    junk = b"PK\7\10" + bytes(60)
    data = bytearray(junk + workbook)
    at = data.index(b"PK\1\2")
    while data[at : at + 4] == b"PK\1\2":
        put("<I", 42, struct.unpack_from("<I", data, at + 42)[0] + len(junk))(data, at)
        at += 46 + sum(struct.unpack_from("<3H", data, at + 28))
    put("<I", 16, struct.unpack_from("<I", data, at + 16)[0] + len(junk))(data, at)
    return bytes(data)


def long_end(members: int) -> bytes:
    """A 64-bit end record that tells this many members beside an ordinary one."""
    workbook = plan()
    _, _, _, _, count, size, offset, _ = struct.unpack("<4s4H2IH", workbook[-22:])
    long = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, members or count, members or count, size, offset)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, len(workbook) - 22, 1)
    return workbook[:-22] + long + locator + workbook[-22:]


def with_part(**parts: str | bytes) -> bytes:
    return zipped(plan_parts(worksheet(CELL), **parts))


def two_ends() -> bytes:
    """A comment that is itself the end of another directory."""
    workbook = plan()
    end = workbook[-22:]
    return workbook[:-2] + struct.pack("<H", 22) + end


def laughing(part: str) -> str:
    return part.replace("?>\n", f"?>\n{LAUGHS}", 1)
