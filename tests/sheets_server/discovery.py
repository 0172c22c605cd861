"""Google's discovery documents as judges: which requests are accepted and in what shape, and whether a reply is sound.

The documents come with google-api-python-client; nothing of that package runs.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from .colours import colour, with_twins
from .errors import Json, bad_field, bad_fields
from .fields import bad_array, camel, fits, is_default, quoted, scalar, snake, type_name, type_url, value_rows, violate

_PRESENT = {
    "GridRange": None,
    "DimensionRange": {"startIndex", "endIndex"},
    "SheetProperties": {"sheetId", "index"},
    "ExtendedValue": None,
    "DeveloperMetadataLocation": {"sheetId"},
    "UpdateConditionalFormatRuleRequest": {"newIndex"},
    "TextFormat": {"bold", "italic", "strikethrough", "underline"},
    "ConditionValue": None,
    "DuplicateSheetRequest": {"newSheetId"},
    "FindReplaceRequest": {"sheetId", "replacement"},
    "InterpolationPoint": {"value"},
}
"""Fields that are kept although they hold their type's default; None = all of them but sheetId."""


class Method(NamedTuple):
    """One method of an API."""

    name: str
    http: str
    pattern: re.Pattern[str]
    request: str
    response: str
    parameters: dict[str, Json]


class Document:
    """One discovery document."""

    def __init__(self, content: Json) -> None:
        self.lenient: bool = content["name"] == "drive"
        """Whether unknown query parameters are passed over, as the older API does."""
        self.schemas: dict[str, Json] = content["schemas"]
        self.shared: dict[str, Json] = content["parameters"]
        self.methods = tuple(_methods(content, "", content.get("servicePath", "")))

    def method(self, http: str, path: str) -> tuple[Method, dict[str, str]] | None:
        """The method a request is for, and what its path says."""
        for method in self.methods:
            found = method.pattern.fullmatch(path)
            if found and method.http == http:
                return method, found.groupdict()
        return None

    def accept(self, schema: str, body: Any, path: str = "") -> Json:
        """A request body as the server understands it: names in camel case, defaults dropped. 400 where it is wrong."""
        violations: list[Json] = []
        accepted = self._message(schema, body, path, violations)
        if violations:
            raise bad_fields("\n".join(dict.fromkeys(one["description"] for one in violations)), violations)
        return accepted

    def _message(self, schema: str, body: Any, path: str, violations: list[Json]) -> Json:
        if not isinstance(body, dict):
            place = f"'{path}' " if path else ""
            violate(violations, path, f"Invalid value at {place}({type_url(schema)}), {quoted(body)}")
            return {}
        properties = self.schemas[schema].get("properties", {})
        kept = _PRESENT.get(schema, set())
        accepted: Json = {}
        for given, value in body.items():
            name = given if given in properties else camel(given)
            if name not in properties:
                at = f" at '{path}'" if path else ""
                message = f'Invalid JSON payload received. Unknown name "{given}"{at}: Cannot find field.'
                violate(violations, path, message)
                continue
            if value is None:
                continue
            inner = f"{path}.{snake(name)}" if path else snake(name)
            taken = self._value(properties[name], value, inner, violations, schema)
            if (kept is None and name != "sheetId") or (kept and name in kept) or not is_default(taken):
                accepted[name] = taken
        if schema == "Color":
            return colour(accepted)
        return with_twins(accepted)

    def _value(self, field: Json, value: Any, path: str, violations: list[Json], owner: str) -> Any:
        if "$ref" in field:
            return self._message(field["$ref"], value, path, violations)
        kind = field.get("type")
        if kind == "array":
            if not isinstance(value, list):
                violate(violations, path, bad_array(field, value, path))
                return []
            if field["items"].get("type") == "any":
                return value
            if field["items"].get("items", {}).get("type") == "any":
                return value_rows(value, path, violations)
            items = field["items"]
            return [self._value(items, one, f"{path}[{at}]", violations, owner) for at, one in enumerate(value)]
        if kind == "object":
            inner = field.get("additionalProperties", {})
            return {name: self._value(inner, one, f"{path}[{name}]", violations, owner) for name, one in value.items()}
        try:
            return scalar(field, value)
        except (TypeError, ValueError):
            told = type_name(field, path)
            path += ".value" if owner == "GridRange" and path.endswith("_index") else ""
            violate(violations, path, f"Invalid value at '{path}' ({told}), {quoted(value)}")
            return None

    def query(self, method: Method, given: dict[str, list[str]]) -> dict[str, Any]:
        """The query parameters by name, in their types. 400 for unknown ones and wrong values."""
        known = self.shared | method.parameters
        found: dict[str, Any] = {}
        for name, values in given.items():
            parameter = known.get(name) or known.get(camel(name))
            if self.lenient and parameter is None:
                continue
            if parameter is None or parameter.get("location") == "path":
                message = (
                    f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                    f"Field '{name}' could not be found in request message."
                )
                raise bad_field(message)
            try:
                typed = [scalar(parameter, value) for value in values]
            except (TypeError, ValueError):
                told = type_name(parameter, name)
                message = f"Invalid value at '{snake(name)}' ({told}), \"{values[0]}\""
                raise bad_field(message, snake(name)) from None
            found[camel(name)] = typed if parameter.get("repeated") else typed[-1]
        return found

    def faults_of(self, schema: str, reply: Any) -> list[str]:
        """Where a reply does not fit its schema; empty when it is sound."""
        faults: list[str] = []
        self._check({"$ref": schema}, reply, schema, faults, set())
        return faults

    def _check(self, field: Json, value: Any, path: str, faults: list[str], sound: set[int]) -> None:
        if "$ref" in field:
            if id(value) in sound:
                return
            if not isinstance(value, dict):
                faults.append(f"{path}: {value!r} is no {field['$ref']}")
                return
            properties = self.schemas[field["$ref"]].get("properties", {})
            for name, inner in value.items():
                if name not in properties:
                    faults.append(f"{path}: unknown field {name}")
                else:
                    self._check(properties[name], inner, f"{path}.{name}", faults, sound)
            sound.add(id(value))
        elif field.get("type") == "array":
            if not isinstance(value, list):
                faults.append(f"{path}: {value!r} is no list")
                return
            for one in value if field["items"].get("type") != "any" else ():
                self._check(field["items"], one, f"{path}[]", faults, sound)
        elif field.get("type") == "object":
            for name, one in value.items():
                self._check(field.get("additionalProperties", {"type": "any"}), one, f"{path}.{name}", faults, sound)
        elif not fits(field, value):
            faults.append(f"{path}: {value!r} is no {field.get('type')}")

    def fields_of(self, schema: str) -> dict[str, Json]:
        """The fields of a message."""
        return self.schemas[schema].get("properties", {})

    def unknown_path(self, schema: str, mask: Json, before: str = "") -> str:
        """The first path of a mask that leads nowhere in a message; "" when all lead somewhere."""
        fields = self.fields_of(schema)
        for name, inner in mask.items():
            if name == "*":
                continue
            path = f"{before}.{name}" if before else name
            if name not in fields:
                return path
            field = fields[name]
            while field.get("type") == "array":
                field = field["items"]
            if inner and "$ref" in field:
                lost = self.unknown_path(field["$ref"], inner, path)
                if lost:
                    return lost
            elif inner and field.get("type") != "object" and "*" not in inner:
                return f"{path}.{next(iter(inner))}"
        return ""


def _methods(node: Json, before: str, service: str) -> Iterator[Method]:
    for name, method in node.get("methods", {}).items():
        path = "/" + service + method.get("flatPath", method["path"])
        pattern = re.sub(r"\\{\\?\+?(\w+)\\}", r"(?P<\1>[^/]+?)", re.escape(path))
        yield Method(
            before + name,
            method["httpMethod"],
            re.compile(pattern),
            method.get("request", {}).get("$ref", ""),
            method.get("response", {}).get("$ref", ""),
            method.get("parameters", {}),
        )
    for name, inner in node.get("resources", {}).items():
        yield from _methods(inner, f"{before}{name}.", service)


@cache
def document(name: str) -> Document:
    """The document "sheets.v4" or "drive.v3"."""
    found = find_spec("googleapiclient")
    assert found is not None, "the tests of the Google adapter need google-api-python-client"
    assert found.origin
    place = Path(found.origin).parent / "discovery_cache" / "documents" / f"{name}.json"
    return Document(json.loads(place.read_text("utf-8")))
