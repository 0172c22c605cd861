"""The compression of macro source (MS-OVBA 2.4.1): bytes to a compressed container and back.

Which streams are compressed is not here.
"""

from sheets_sync.workbooks.ooxml.refusals import damaged, hostile

CHUNK = 4096
MAX_DECOMPRESSED = 16_000_000
"""A module of VBA has at most 65,534 lines; nothing honest comes near."""

_SIGNATURE = 0x01
_CHUNK_SIGNATURE = 0x3000
_COMPRESSED = 0x8000
_SHORTEST = 3
_TRIES = 24
"""How many earlier places of the same three bytes are compared; more make it slower and hardly smaller."""


def compress(data: bytes) -> bytes:
    """A compressed container that holds `data`.

    The standard stores a chunk that cannot be compressed as 4096 raw bytes. A last chunk of 3641 to 4095 such bytes
    is therefore followed by zeros when it is decompressed; text never comes to that.
    """
    container = bytearray([_SIGNATURE])
    for start in range(0, len(data), CHUNK):
        chunk = data[start : start + CHUNK]
        tokens = _tokens(chunk)
        if len(tokens) > CHUNK:
            header, content = _CHUNK_SIGNATURE | (CHUNK - 1), chunk.ljust(CHUNK, b"\0")
        else:
            header, content = _COMPRESSED | _CHUNK_SIGNATURE | (len(tokens) - 1), bytes(tokens)
        container += header.to_bytes(2, "little") + content
    return bytes(container)


def decompress(container: bytes, *, limit: int = MAX_DECOMPRESSED) -> bytes:
    """What a compressed container holds. Raises WorkbookRefused when it is damaged or holds more than `limit` bytes."""
    if not container or container[0] != _SIGNATURE:
        raise damaged("compressed macro text does not begin as it must")
    found = bytearray()
    position = 1
    while position < len(container):
        header = int.from_bytes(container[position : position + 2], "little")
        position += 2
        end = position + (header & 0x0FFF) + 1
        if header & 0x7000 != _CHUNK_SIGNATURE or end > len(container):
            raise damaged("compressed macro text is cut off or garbled")
        content = container[position:end]
        if header & _COMPRESSED:
            found += _chunk(content)
        elif len(content) == CHUNK:
            found += content
        else:
            raise damaged("an uncompressed piece of macro text has the wrong size")
        if len(found) > limit:
            raise hostile(f"compressed macro text unfolds to more than {limit} bytes")
        position = end
    return bytes(found)


def _offset_bits(done: int) -> int:
    """How many bits of a copy token tell the offset when `done` bytes of the chunk are known."""
    return max(4, (done - 1).bit_length())


def _tokens(chunk: bytes) -> bytearray:
    tokens = bytearray()
    places: dict[bytes, list[int]] = {}
    position, size = 0, len(chunk)
    while position < size:
        flags_at = len(tokens)
        tokens.append(0)
        for bit in range(8):
            if position >= size:
                break
            length, distance = _longest_match(chunk, position, places)
            if length:
                bits = _offset_bits(position)
                tokens[flags_at] |= 1 << bit
                tokens += ((distance - 1) << (16 - bits) | (length - _SHORTEST)).to_bytes(2, "little")
            else:
                tokens.append(chunk[position])
                length = 1
            for place in range(position, position + length):
                places.setdefault(chunk[place : place + _SHORTEST], []).append(place)
            position += length
    return tokens


def _longest_match(chunk: bytes, position: int, places: dict[bytes, list[int]]) -> tuple[int, int]:
    """Length and distance of the longest earlier occurrence of what follows; (0, 0) when there is none."""
    candidates = places.get(chunk[position : position + _SHORTEST])
    if candidates is None or position + _SHORTEST > len(chunk):
        return 0, 0
    longest = min(len(chunk) - position, (0xFFFF >> _offset_bits(position)) + _SHORTEST)
    best, distance = 0, 0
    for place in candidates[: -_TRIES - 1 : -1]:
        if best and chunk[place + best] != chunk[position + best]:
            continue
        length = _SHORTEST
        while length < longest and chunk[place + length] == chunk[position + length]:
            length += 1
        if length > best:
            best, distance = length, position - place
            if best >= longest:
                break
    return best, distance


def _chunk(content: bytes) -> bytearray:
    """The at most 4096 bytes that one compressed chunk stands for."""
    found = bytearray()
    position, size = 0, len(content)
    while position < size:
        flags = content[position]
        position += 1
        for bit in range(8):
            if position >= size:
                break
            if not flags >> bit & 1:
                found.append(content[position])
                position += 1
                continue
            token = int.from_bytes(content[position : position + 2], "little")
            bits = _offset_bits(len(found))
            distance, length = (token >> (16 - bits)) + 1, (token & (0xFFFF >> bits)) + _SHORTEST
            if position + 2 > size or distance > len(found):
                raise damaged("compressed macro text refers to text that is not there")
            position += 2
            run = found[-distance:] if distance >= length else found[-distance:] * (length // distance + 1)
            found += run[:length]
        if len(found) > CHUNK:
            raise damaged("a piece of compressed macro text is longer than it may be")
    return found
