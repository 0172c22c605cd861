"""The three guarded values of a macro project (CMG, DPB, GC; MS-OVBA 2.4.3): who may look at it and change it.

They are keyed by the project's id: the same values under another id read as a locked project.
"""

import struct
from typing import NamedTuple

_VERSION = 2
_LENGTH = struct.Struct("<I")
_SEED = 0x8D

UNPROTECTED, NO_PASSWORD, VISIBLE = bytes(4), bytes(1), b"\xff"
"""What CMG, DPB and GC hold in a project that anybody may look at and change."""


class _Running(NamedTuple):
    """What the next byte is mixed with."""

    plain: int
    last: int
    last_but_one: int

    def after(self, plain: int, encrypted: int) -> "_Running":
        return _Running(plain, encrypted, self.last)

    @property
    def mask(self) -> int:
        return (self.last_but_one + self.plain) & 0xFF


def encrypted(content: bytes, project_id: str) -> str:
    """One guarded value as the PROJECT stream writes it. Always the same one for the same content and id."""
    key = _project_key(project_id)
    found = [_SEED, _SEED ^ _VERSION, _SEED ^ key]
    running = _Running(key, found[2], found[1])
    for plain in bytes(_ignored(_SEED)) + _LENGTH.pack(len(content)) + content:
        found.append(plain ^ running.mask)
        running = running.after(plain, found[-1])
    return bytes(found).hex().upper()


def decrypted(value: str, project_id: str) -> bytes | None:
    """What a guarded value holds, None when it does not belong to this project or is garbled."""
    try:
        stored = bytes.fromhex(value)
    except ValueError:
        return None
    if len(stored) < 3 or stored[0] ^ stored[1] != _VERSION or stored[0] ^ stored[2] != _project_key(project_id):
        return None
    running = _Running(_project_key(project_id), stored[2], stored[1])
    plain = bytearray()
    for byte in stored[3:]:
        plain.append(byte ^ running.mask)
        running = running.after(plain[-1], byte)
    body = bytes(plain[_ignored(stored[0]) :])
    if len(body) < _LENGTH.size or _LENGTH.unpack_from(body)[0] != len(body) - _LENGTH.size:
        return None
    return body[_LENGTH.size :]


def _project_key(project_id: str) -> int:
    return sum(project_id.encode()) & 0xFF


def _ignored(seed: int) -> int:
    """How many bytes without meaning stand before the content."""
    return (seed & 6) // 2
