"""A notice's person and section as bytes (JSON by field name, compressed), and back with their types.

Fields added with a default are read in older bytes as that default; anything else that does not fit the types of this
program is NotReadable, for the caller to drop. Not here: the journal's values (`codec`).
"""

import datetime as dt
import hashlib
import json
import types
import zlib
from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from sheets_sync.core.notices import LeaderSection, OwnerSection, Section
from sheets_sync.core.persons import Person

FORMAT = 1
_Reader = Callable[[Any], Any]


class NotReadable(Exception):
    """These bytes are damaged or were written by another version of this program."""


def encode_content(person: Person, section: Section) -> tuple[bytes, str]:
    """The bytes, and a digest that changes with all of it but the instant of reading."""
    word = "owner" if isinstance(section, OwnerSection) else "leader"
    content = {"format": FORMAT, "person": _plain(person), "section": word, "content": _plain(section)}
    payload = zlib.compress(_json(content))
    content["content"]["plan"].pop("read_at")
    return payload, hashlib.sha256(_json(content)).hexdigest()[:32]


def decode_content(payload: bytes) -> tuple[Person, Section]:
    """Person and section again. Raises NotReadable, without a word of what was read."""
    try:
        content = json.loads(zlib.decompress(payload))
        if content["format"] != FORMAT:
            raise NotReadable
        person: Person = _reader(Person)(content["person"])
        kind: Any = {"owner": OwnerSection, "leader": LeaderSection}[content["section"]]
        section: Section = _reader(kind)(content["content"])
    except (zlib.error, ValueError, TypeError, KeyError, AttributeError):
        raise NotReadable from None
    return person, section


def _json(content: object) -> bytes:
    """ASCII alone, so that halves of surrogate pairs survive."""
    return json.dumps(content, separators=(",", ":"), sort_keys=True).encode("ascii")


def _plain(value: Any) -> Any:  # noqa: ANN401 (any field of any section)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(map(_plain, value))
    if isinstance(value, tuple):
        if hasattr(value, "_fields"):
            return {name: _plain(part) for name, part in zip(value._fields, value, strict=True)}
        return list(map(_plain, value))
    return value


@cache
def _reader(kind: Any) -> Any:  # noqa: ANN401 (a type, or a form of typing; what it gives is a _Reader)
    """What makes a value of this type of its JSON; raises ValueError, TypeError or KeyError where it does not fit."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (types.UnionType, Union):
        return _optional(_reader(next(one for one in inner if one is not type(None))))
    if origin is tuple:
        return _sequence(_reader(inner[0])) if inner[-1] is ... else _fixed(tuple(map(_reader, inner)))
    if origin is frozenset:
        return _set(_reader(inner[0]))
    if issubclass(kind, tuple):
        return _named(kind)
    if issubclass(kind, Enum):
        return kind
    if issubclass(kind, dt.date):
        return kind.fromisoformat
    return _exactly(kind)


def _optional(read: _Reader) -> _Reader:
    return lambda raw: None if raw is None else read(raw)


def _sequence(read: _Reader) -> _Reader:
    return lambda raw: tuple(map(read, _list(raw)))


def _set(read: _Reader) -> _Reader:
    return lambda raw: frozenset(map(read, _list(raw)))


def _fixed(readers: tuple[_Reader, ...]) -> _Reader:
    return lambda raw: tuple(read(part) for read, part in zip(readers, _list(raw), strict=True))


def _named(kind: Any) -> _Reader:  # noqa: ANN401 (a class of named tuples)
    readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
    return lambda raw: kind(**{name: readers[name](part) for name, part in raw.items()})


def _exactly(kind: type) -> _Reader:
    def read(raw: Any) -> Any:  # noqa: ANN401
        if type(raw) is not kind and not (kind is float and type(raw) is int):
            raise TypeError
        return raw

    return read


def _list(raw: Any) -> list[Any]:  # noqa: ANN401
    if not isinstance(raw, list):
        raise TypeError
    return raw
