"""Values written as TOML text. Not here: which keys a file has (example.py, write.py)."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from enum import Enum

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def toml_value(value: object) -> str:
    """A text, number, truth value, day, list or inline table in TOML. Raises TypeError for anything else."""
    if isinstance(value, Enum):
        return toml_value(value.value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return "[" + ", ".join(toml_value(inner) for inner in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(toml_line(str(key), inner) for key, inner in value.items()) + " }"
    raise TypeError(f"no TOML form for {type(value).__name__}")


def toml_line(key: str, value: object) -> str:
    """`key = value`, the key quoted where TOML needs it."""
    return f"{toml_key(key)} = {toml_value(value)}"


def toml_key(key: str) -> str:
    """The key, quoted where TOML needs it."""
    return key if _BARE_KEY.fullmatch(key) else toml_value(str(key))


def toml_comment(text: str) -> str:
    """Text as comment lines, without what a comment must not hold."""
    return "\n".join(f"# {line}".rstrip() for line in re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", " ", text).split("\n"))
