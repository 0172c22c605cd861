"""The zip container of a workbook: find its members, distrust what it says of itself, inflate one member.

Only what spreadsheet programs write is accepted: one volume, stored or deflated, both headers of a member telling the
same, no overlaps, nothing before the first member. Putting members together again is in zip_assemble.
"""

import struct
import zlib
from io import BytesIO
from typing import NamedTuple
from urllib.parse import unquote

from sheets_sync.workbooks.ooxml.limits import Limits
from sheets_sync.workbooks.ooxml.refusals import damaged, hostile, not_a_workbook, too_big

LOCAL_HEADER = struct.Struct("<4s5H3I2H")
CENTRAL_RECORD = struct.Struct("<4s6H3I5H2I")
END_RECORD = struct.Struct("<4s4H2IH")
STORED, DEFLATED = 0, 8
FLAG_ENCRYPTED, FLAG_DESCRIPTOR, FLAG_UTF8 = 0x0001, 0x0008, 0x0800
_FLAG_PATCHED, _FLAG_STRONG, _FLAG_MASKED = 0x0020, 0x0040, 0x2000
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_END64_LOCATOR = struct.Struct("<4sIQI")
_END64 = struct.Struct("<4sQ2H2I4Q")
_EXTRA_ZIP64 = 0x0001
_MAX_COMMENT = 0xFFFF
_STEP = 1 << 18
"""Bytes unpacked at a time."""


class Member(NamedTuple):
    """One member. Offsets and sizes in bytes; `record` is its record in the central directory, as it stands."""

    name: str
    record: bytes
    offset: int
    data_start: int
    packed: int
    size: int
    crc: int
    method: int
    has_long_offset: bool
    """Its place is told in the 64-bit extension of its record."""

    @property
    def key(self) -> str:
        """The name for look-ups: letter case, percent escapes and backslashes make no difference; "/" in front."""
        return member_key(self.name)


class Archive(NamedTuple):
    """A zip file whose structure has been checked. `members` are in directory order."""

    data: bytes
    members: tuple[Member, ...]
    directory: int
    comment: bytes


class _End(NamedTuple):
    """What the end of the file says of the central directory."""

    parts: int
    size: int
    offset: int
    stops_at: int
    comment: bytes


def member_key(name: str) -> str:
    """The look-up name of a member or part: lower case, "/" in front, no percent escapes or backslashes."""
    return "/" + unquote(name).replace("\\", "/").lstrip("/").lower()


def read_archive(data: bytes, limits: Limits) -> Archive:
    """Check a zip file's structure and list its members. Raises Unreadable."""
    end = _find_end(data)
    if end.parts > limits.max_parts:
        raise too_big(f"it has more than {limits.max_parts:,} parts", "max_parts")
    members = tuple(_central_records(data, end))
    _check_sizes(members, limits)
    _check_places(members, end.offset)
    return Archive(data, members, end.offset, end.comment)


def inflate(archive: Archive, member: Member) -> bytes:
    """The content of a member, never more than it declares. Raises Unreadable when it is not what it declares."""
    packed = memoryview(archive.data)[member.data_start : member.data_start + member.packed]
    if member.method == STORED:
        content = bytes(packed)
    else:
        content = _inflate_deflated(packed, member.size)
    if len(content) > member.size:
        raise hostile("a part is bigger than it says")
    if len(content) < member.size or zlib.crc32(content) != member.crc:
        raise damaged("a part is not as it was written")
    return content


def _inflate_deflated(packed: memoryview, size: int) -> bytes:
    # Written piece by piece into one buffer, which is handed out as it is: a large part is never held twice.
    content = BytesIO()
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), _STEP):
            piece: bytes | memoryview = packed[start : start + _STEP]
            while piece and not unpacker.eof and content.tell() <= size:
                content.write(unpacker.decompress(piece, size + 1 - content.tell()))
                piece = unpacker.unconsumed_tail
    except zlib.error:
        raise damaged("a part cannot be unpacked") from None
    return content.getvalue()


def _find_end(data: bytes) -> _End:
    """Find the one end record whose comment reaches exactly to the end of the file."""
    lowest = max(0, len(data) - END_RECORD.size - _MAX_COMMENT)
    found: list[int] = []
    at = len(data)
    while (at := data.rfind(b"PK\5\6", lowest, at + 3)) >= 0:
        comment_at = at + END_RECORD.size
        if comment_at <= len(data) and comment_at + END_RECORD.unpack_from(data, at)[-1] == len(data):
            found.append(at)
    if not found:
        raise damaged("the file is cut off, or has foreign bytes at its end")
    if len(found) > 1:
        raise hostile("its list of parts can be read in two ways")
    return _read_end(data, found[0])


def _read_end(data: bytes, at: int) -> _End:
    _, *told, _ = END_RECORD.unpack_from(data, at)
    stops_at = at
    long_told = _read_end64(data, at)
    if long_told is not None:
        stops_at, exact = long_told
        if any(short not in (long, _FULL16, _FULL32) for short, long in zip(told, exact, strict=True)):
            raise hostile("its list of parts can be read in two ways")
        told = exact
    disk, first_disk, here, count, size, offset = told
    if disk or first_disk or here != count:
        raise not_a_workbook("it is one piece of a split zip file")
    if offset + size != stops_at:
        raise damaged("its list of parts is not where it should be")
    return _End(count, size, offset, stops_at, data[at + END_RECORD.size :])


def _read_end64(data: bytes, at: int) -> tuple[int, list[int]] | None:
    """The 64-bit end record before the end record at `at`, as (its place, the same six numbers); None without one."""
    locator_at = at - _END64_LOCATOR.size
    if locator_at < 0 or data[locator_at : locator_at + 4] != b"PK\6\7":
        return None
    _, _, end64_at, _ = _END64_LOCATOR.unpack_from(data, locator_at)
    if end64_at + _END64.size != locator_at or data[end64_at : end64_at + 4] != b"PK\6\6":
        raise damaged("its list of parts is not where it should be")
    return end64_at, list(_END64.unpack_from(data, end64_at)[4:])


def _central_records(data: bytes, end: _End) -> list[Member]:
    members: list[Member] = []
    at = end.offset
    for _ in range(end.parts):
        if at + CENTRAL_RECORD.size > end.stops_at or data[at : at + 4] != b"PK\1\2":
            raise damaged("its list of parts is broken")
        name_size, extra_size, comment_size = struct.unpack_from("<3H", data, at + 28)
        size = CENTRAL_RECORD.size + name_size + extra_size + comment_size
        if at + size > end.stops_at:
            raise damaged("its list of parts is broken")
        members.append(_member(data, data[at : at + size], end.offset))
        at += size
    if at != end.stops_at:
        raise damaged("its list of parts is broken")
    return members


def _member(data: bytes, record: bytes, directory: int) -> Member:
    _, _, _, flags, method, _, _, crc, packed, size, name_size, extra_size, _, _, _, _, offset = (
        CENTRAL_RECORD.unpack_from(record)
    )
    raw_name = record[CENTRAL_RECORD.size : CENTRAL_RECORD.size + name_size]
    extra = record[CENTRAL_RECORD.size + name_size : CENTRAL_RECORD.size + name_size + extra_size]
    long_offset = offset == _FULL32
    size, packed, offset = _long_sizes(extra, size, packed, offset)
    if flags & (FLAG_ENCRYPTED | _FLAG_STRONG | _FLAG_MASKED):
        raise not_a_workbook("its parts are encrypted")
    if method not in (STORED, DEFLATED) or flags & _FLAG_PATCHED:
        raise not_a_workbook("its parts are packed in a way Excel does not use")
    if method == STORED and packed != size:
        raise damaged("a part has two sizes")
    data_start = _check_local_header(data, offset, raw_name, (flags, method, crc, packed, size))
    if data_start + packed > directory:
        raise damaged("a part reaches beyond the file")
    name = _decode_name(raw_name, flags)
    return Member(name, record, offset, data_start, packed, size, crc, method, long_offset)


def _long_sizes(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Sizes and offset with the 64-bit extension taken in, where the 32-bit fields say so."""
    at = 0
    numbers: list[int] = []
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _EXTRA_ZIP64:
            body = extra[at + 4 : at + 4 + length]
            numbers = [number for (number,) in struct.iter_unpack("<Q", body[: len(body) // 8 * 8])]
            break
        at += 4 + length
    values: list[int] = []
    for value in (size, packed, offset):
        if value == _FULL32:
            if not numbers:
                raise damaged("its list of parts is broken")
            value = numbers.pop(0)  # noqa: PLW2901
        values.append(value)
    return values[0], values[1], values[2]


def _check_local_header(data: bytes, offset: int, raw_name: bytes, told: tuple[int, int, int, int, int]) -> int:
    """Compare a member's own header with its directory record; returns where its data start."""
    flags, method, crc, packed, size = told
    if offset + LOCAL_HEADER.size > len(data) or data[offset : offset + 4] != b"PK\3\4":
        raise damaged("a part is not where it should be")
    _, _, own_flags, own_method, _, _, own_crc, own_packed, own_size, name_size, extra_size = LOCAL_HEADER.unpack_from(
        data, offset
    )
    name_at = offset + LOCAL_HEADER.size
    if data[name_at : name_at + name_size] != raw_name:
        raise hostile("a part has two different names")
    sizes_follow = own_flags & FLAG_DESCRIPTOR
    own_sizes = (own_crc, own_packed, own_size)
    same_sizes = own_sizes == (crc, packed, size) or (own_crc == crc and _FULL32 in own_sizes)
    if own_method != method or (own_flags ^ flags) & FLAG_ENCRYPTED or not (sizes_follow or same_sizes):
        raise hostile("a part is described in two different ways")
    data_start: int = name_at + name_size + extra_size
    return data_start


def _decode_name(raw_name: bytes, flags: int) -> str:
    try:
        name = raw_name.decode("utf-8" if flags & FLAG_UTF8 else "cp437")
    except UnicodeDecodeError:
        raise damaged("a part's name cannot be read") from None
    plain = unquote(name).replace("\\", "/")
    if not name or "\0" in plain or plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/"):
        raise hostile("a part's name leads out of the workbook")
    return name


def _check_sizes(members: tuple[Member, ...], limits: Limits) -> None:
    if any(member.size > limits.max_part for member in members):
        raise too_big(f"one of its parts unpacks to more than {limits.max_part // 1_000_000} MB", "max_part")
    if sum(member.size for member in members) > limits.max_total:
        raise too_big(f"its parts unpack to more than {limits.max_total // 1_000_000} MB", "max_total")


def _check_places(members: tuple[Member, ...], directory: int) -> None:
    """Members must start at the file's first byte and must not share bytes."""
    ordered = sorted(members, key=lambda member: member.offset)
    if not ordered or ordered[0].offset != 0:
        raise damaged("it does not begin with a part")
    starts = [member.offset for member in ordered[1:]] + [directory]
    for member, next_start in zip(ordered, starts, strict=True):
        if member.data_start + member.packed > next_start:
            raise hostile("two of its parts overlap")
