"""Field masks: reading them, cutting replies down to them, and taking over masked fields from a request."""

import re
from collections.abc import Iterator
from typing import Any

from .errors import Json, bad_field

Mask = dict[str, "Mask"]
"""Names to the mask inside; an empty inner mask means everything."""

_NAME = re.compile(r"\s*([\w*$]+)\s*")


class _BadMask(Exception):
    pass


def mask_of(text: str) -> Mask:
    """The mask a text like "a(b,c/d),e.f" stands for. 400 when it is malformed."""
    try:
        mask, end = _names(text, 0)
    except _BadMask:
        end, mask = -1, {}
    if end != len(text) or not mask:
        raise _refusal(text)
    return mask


def _refusal(path: str) -> Exception:
    return bad_field(
        "Request contains an invalid argument.",
        "fields",
        f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'.",
    )


def _names(text: str, at: int) -> tuple[Mask, int]:
    mask: Mask = {}
    while True:
        inner = mask
        while True:
            found = _NAME.match(text, at)
            if not found:
                raise _BadMask
            inner, at = inner.setdefault(_camel(found[1]), {}), found.end()
            if at < len(text) and text[at] in "./":
                at += 1
                continue
            if at < len(text) and text[at] == "(":
                inside, at = _names(text, at + 1)
                if at >= len(text) or text[at] != ")":
                    raise _BadMask
                inner.update(inside)
                at += 1
            break
        if at >= len(text) or text[at] != ",":
            return mask, at
        at += 1


def _camel(name: str) -> str:
    first, *others = name.split("_") if not name.startswith("_") else [name]
    return first + "".join(other[:1].upper() + other[1:] for other in others)


def cut(value: Any, mask: Mask) -> Any:
    """The part of a reply that a mask selects."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [cut(one, mask) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: cut(value[name], inner) for name, inner in mask.items() if name in value}


def wants(mask: Mask | None, *path: str) -> bool:
    """Whether a mask selects anything below a path; no mask selects all."""
    if mask is None:
        return True
    for name in path:
        if not mask or "*" in mask:
            return True
        if name not in mask:
            return False
        mask = mask[name]
    return True


def leaves(mask: Mask, *before: str) -> Iterator[tuple[str, ...]]:
    """The paths of a mask."""
    for name, inner in mask.items():
        if inner:
            yield from leaves(inner, *before, name)
        else:
            yield (*before, name)


def taken_over(target: Json, source: Json, path: tuple[str, ...]) -> Json:
    """A copy of `target` where the field at `path` is what `source` has there: gone when it has nothing."""
    name, *rest = path
    result = dict(target)
    given = source.get(name)
    if rest:
        inner = taken_over(result.get(name) or {}, given if isinstance(given, dict) else {}, tuple(rest))
        if inner or name in result:
            result[name] = inner
    elif given is None:
        result.pop(name, None)
    else:
        result[name] = given
    return result
