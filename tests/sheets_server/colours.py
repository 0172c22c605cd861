"""Colours as replies give them: 8 bits a channel, written as the shortest decimal of a 32-bit float."""

import struct
from functools import lru_cache

from .errors import Json


@lru_cache(4096)
def channel(value: float) -> float | int:
    """0.5 → 0.49803922."""
    level = min(255, max(0, int(value * 255 + 1e-6)))
    return single(level / 255)


def single(value: float) -> float | int:
    """The shortest decimal that a 32-bit float keeps."""
    wanted = struct.pack("f", value)
    for digits in range(1, 10):
        text = f"{value:.{digits}g}"
        if struct.pack("f", float(text)) == wanted:
            break
    number = float(text)
    return int(number) if number.is_integer() else number


def colour(given: Json) -> Json:
    """A Color as it is told back."""
    return {name: channel(float(value)) for name, value in given.items() if value}


_TWINS = (
    ("backgroundColor", "backgroundColorStyle"),
    ("foregroundColor", "foregroundColorStyle"),
    ("tabColor", "tabColorStyle"),
    ("color", "colorStyle"),
)


def with_twins(fields: Json) -> Json:
    """A message whose old-style colours and colour styles agree. The style wins where both are given."""
    told = dict(fields)
    for old, style in _TWINS:
        if style in told and "rgbColor" in (told[style] or {}):
            told[old] = told[style]["rgbColor"]
        elif old in told and style not in told:
            told[style] = {"rgbColor": told[old]}
    return told
