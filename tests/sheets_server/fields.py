"""Single values of requests and replies: names, types, and how refusals speak of them."""

import json
import re
import struct
from typing import Any

from .errors import Json

_ENUMS = {
    "majorDimension": "Dimension",
    "responseValueRenderOption": "ValueRenderOption",
    "responseDateTimeRenderOption": "DateTimeRenderOption",
}
_SNAKE = re.compile(r"(?<!^)([A-Z])")


def camel(name: str) -> str:
    """start_row → startRow."""
    first, *others = name.split("_")
    return first + "".join(other[:1].upper() + other[1:] for other in others)


def snake(name: str) -> str:
    """startRow → start_row."""
    return _SNAKE.sub(lambda found: "_" + found[1].lower(), name)


def is_default(value: Any) -> bool:
    """Whether a value is what its type has when nothing is said."""
    return value is None or value is False or value == "" or (type(value) in (int, float) and value == 0)


def violate(violations: list[Json], path: str, message: str) -> None:
    """Note what is wrong at a path."""
    violations.append(({"field": path} if path else {}) | {"description": message})


def quoted(value: Any) -> str:
    """A value as refusals repeat it."""
    return f'"{value}"' if isinstance(value, str) else json.dumps(value)


def value_rows(value: list[Any], path: str, violations: list[Json]) -> list[Any]:
    """Rows of values, which may be anything but must be lists."""
    for at, row in enumerate(value):
        if not isinstance(row, list):
            place = f"{path}[{at}]"
            violate(
                violations,
                place,
                f"Invalid value at '{place}' (type.googleapis.com/google.protobuf.ListValue), {quoted(row)}",
            )
    return value


def bad_array(field: Json, value: Any, path: str) -> str:
    """What is said of a value that should be a list."""
    items = field["items"]
    if items.get("items", {}).get("type") == "any":
        return f"Invalid value at '{path}' (type.googleapis.com/google.protobuf.ListValue), {quoted(value)}"
    if "$ref" in items:
        return f"Invalid value at '{path}' ({type_url(items['$ref'])}), {quoted(value)}"
    return f"Invalid value at '{path}' ({type_name(items, path)}), {quoted(value)}"


def type_url(schema: str) -> str:
    """The full name of a message."""
    return f"type.googleapis.com/google.apps.sheets.v4.{schema}"


def type_name(field: Json, path: str) -> str:
    """The name of a type in refusals."""
    if "enum" in field:
        told = camel(path.rpartition(".")[2].partition("[")[0])
        return type_url(_ENUMS.get(told, told[:1].upper() + told[1:]))
    kinds = {"integer": "TYPE_INT32", "boolean": "TYPE_BOOL", "string": "TYPE_STRING"}
    return kinds.get(field.get("type", ""), "TYPE_FLOAT" if field.get("format") == "float" else "TYPE_DOUBLE")


def scalar(field: Json, value: Any) -> Any:
    """A value in its type. TypeError or ValueError where it is none of that type."""
    match field.get("type"):
        case "boolean":
            if isinstance(value, bool):
                return value
            return {"true": True, "false": False, "1": True, "0": False}.get(str(value).lower()) or _no(value)
        case "integer":
            if isinstance(value, bool):
                raise TypeError
            number = float(value) if isinstance(value, str) else value
            if number != int(number) or not -(2**31) <= number < 2**31:
                raise ValueError
            return int(number)
        case "number":
            if isinstance(value, bool):
                raise TypeError
            number = float(value)
            if field.get("format") == "float":
                number = struct.unpack("f", struct.pack("f", number))[0]
            return int(number) if number.is_integer() and abs(number) < 1e15 else number
        case "string":
            if not isinstance(value, str) or ("enum" in field and value not in field["enum"]):
                raise TypeError
            return value
    return value


def _no(value: Any) -> bool:
    if str(value).lower() not in ("false", "0"):
        raise ValueError
    return False


def fits(field: Json, value: Any) -> bool:
    """Whether a value in a reply is of its type."""
    match field.get("type"):
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "string":
            return isinstance(value, str) and ("enum" not in field or value in field["enum"])
    return True
