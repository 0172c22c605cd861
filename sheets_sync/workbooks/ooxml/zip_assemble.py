"""Put a zip file together again with some members changed, added or left out; all others keep their bytes.

Reading and distrusting a zip file is in zip_members.
"""

import struct
import zlib
from collections.abc import Collection, Mapping
from typing import NamedTuple

from sheets_sync.workbooks.ooxml.zip_members import (
    CENTRAL_RECORD,
    DEFLATED,
    END_RECORD,
    FLAG_DESCRIPTOR,
    FLAG_UTF8,
    LOCAL_HEADER,
    Archive,
    Member,
)

_LEVEL = 6
_FLAGS_OF_PACKING = 0x0006 | FLAG_DESCRIPTOR
_VERSION = 20
_FIRST_DAY = 0x0021
"""1 January 1980, as zip tells dates: added members carry no time, so that equal input gives equal bytes."""


Piece = bytes | memoryview
Pieces = tuple[Piece, ...]
Content = bytes | Pieces
"""What a member is to hold: bytes, or pieces that are never put together in memory."""


class _Packed(NamedTuple):
    """A deflated content with what headers tell of it."""

    stream: bytes
    crc: int
    size: int


def assemble(
    archive: Archive, changed: Mapping[str, Content], *, added: Mapping[str, Content], removed: Collection[str]
) -> bytes:
    """The bytes of a new zip file.

    `changed` and `removed` name members by `Member.name`, `added` gives new names. Unchanged members keep local
    header, data and descriptor; the directory keeps its order and every record but for the offset.
    """
    out = bytearray()
    records: dict[str, bytes] = {}
    ordered = sorted(archive.members, key=lambda member: member.offset)
    stops = [member.offset for member in ordered[1:]] + [archive.directory]
    for member, stop in zip(ordered, stops, strict=True):
        if member.name in removed:
            continue
        start = len(out)
        if member.name in changed:
            records[member.name] = _append_changed(out, member, changed[member.name])
        else:
            out += memoryview(archive.data)[member.offset : stop]
            records[member.name] = _with_offset(member.record, start)
    directory = [records[member.name] for member in archive.members if member.name in records]
    directory += [_append_new(out, name, content) for name, content in added.items()]
    directory_start = len(out)
    out += b"".join(directory)
    count, size = len(directory), len(out) - directory_start
    out += END_RECORD.pack(b"PK\5\6", 0, 0, count, count, size, directory_start, len(archive.comment))
    out += archive.comment
    return bytes(out)


def _append_changed(out: bytearray, member: Member, content: Content) -> bytes:
    """Append a known member with new content; returns its directory record, which keeps times, rights and comment."""
    packed = _pack(content)
    record = member.record
    name_size, extra_size = struct.unpack_from("<2H", record, 28)
    raw_name = record[CENTRAL_RECORD.size : CENTRAL_RECORD.size + name_size]
    comment = record[CENTRAL_RECORD.size + name_size + extra_size :]
    flags = struct.unpack_from("<H", record, 8)[0] & ~_FLAGS_OF_PACKING
    time, date = struct.unpack_from("<2H", record, 12)
    head = bytearray(record[: CENTRAL_RECORD.size])
    struct.pack_into("<3H", head, 6, _VERSION, flags, DEFLATED)
    struct.pack_into("<3I2H", head, 16, packed.crc, len(packed.stream), packed.size, name_size, 0)
    start = _append_local(out, raw_name, flags, (time, date), packed)
    return _with_offset(bytes(head) + raw_name + comment, start)


def _append_new(out: bytearray, name: str, content: Content) -> bytes:
    """Append a new member; returns its directory record."""
    packed = _pack(content)
    raw_name = name.encode()
    flags = 0 if name.isascii() else FLAG_UTF8
    start = _append_local(out, raw_name, flags, (0, _FIRST_DAY), packed)
    sizes = (packed.crc, len(packed.stream), packed.size, len(raw_name))
    fixed = (b"PK\1\2", _VERSION, _VERSION, flags, DEFLATED, 0, _FIRST_DAY, *sizes, 0, 0, 0, 0, 0, start)
    return CENTRAL_RECORD.pack(*fixed) + raw_name


def _append_local(out: bytearray, raw_name: bytes, flags: int, written: tuple[int, int], packed: _Packed) -> int:
    start = len(out)
    sizes = (packed.crc, len(packed.stream), packed.size, len(raw_name), 0)
    out += LOCAL_HEADER.pack(b"PK\3\4", _VERSION, flags, DEFLATED, *written, *sizes)
    out += raw_name
    out += packed.stream
    return start


def _pack(content: Content) -> _Packed:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    stream = bytearray()
    crc = size = 0
    for piece in (content,) if isinstance(content, bytes) else content:
        stream += packer.compress(piece)
        crc = zlib.crc32(piece, crc)
        size += len(piece)
    return _Packed(bytes(stream + packer.flush()), crc, size)


def _with_offset(record: bytes, offset: int) -> bytes:
    return record[:42] + struct.pack("<I", offset) + record[46:]
