"""Where each key of a TOML file stands: key path -> line. Uses tomllib alone, and only when something is wrong.

Not here: reading values. The whole text must already have been parsed by tomllib; each logical statement is then
parsed again on its own, so that quoted and dotted keys, multi-line strings and arrays mean what TOML says they mean.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping

KeyPath = tuple[str | int, ...]
"""A key as a path from the top: ("plan", 0, "columns", "action"). Numbers count tables of an array from 0."""

_MAY_END = re.compile(r'"""|\'\'\'|[\]}]')
_SYNTAX_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def key_lines(text: str) -> dict[KeyPath, int]:
    """Map every table and key of valid TOML `text` to the 1-based line its statement starts on.

    Keys inside an inline table or an array of inline tables get the line of the statement that holds them.
    """
    lines: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for line, statement in _statements(text):
        parsed = tomllib.loads(statement)
        if not statement.lstrip().startswith("["):
            for inner in _paths_within(parsed):
                lines.setdefault((*table, *inner), line)
            continue
        table = _placed(_header_path(parsed), counts)
        lines.setdefault(table, line)
        if statement.lstrip().startswith("[["):
            counts[table] = counts.get(table, -1) + 1
            table = (*table, counts[table])
            lines[table] = line
    return lines


def line_of(path: KeyPath, lines: Mapping[KeyPath, int]) -> int:
    """The line of `path`, or of the nearest table around it that is written in the file; 1 when nothing is."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


def syntax_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The line a TOML syntax error speaks of; the last line when it says "at end of document"."""
    found = _SYNTAX_LINE.search(str(error))
    return int(found.group(1)) if found else max(1, len(text.splitlines()))


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Split valid TOML into (first line number, statement). A part that does not parse continues on the next line."""
    parts: list[str] = []
    start = 0
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not parts and (not line.strip() or line.lstrip().startswith("#")):
            continue
        if not parts:
            start = number
        parts.append(line)
        if (len(parts) == 1 or _MAY_END.search(line)) and _is_whole("\n".join(parts)):
            yield start, "\n".join(parts)
            parts = []


def _is_whole(statement: str) -> bool:
    try:
        tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _header_path(parsed: Mapping[str, object]) -> KeyPath:
    """The path a table header names: [a.b] parses to {"a": {"b": {}}} and [[a.b]] to {"a": {"b": [{}]}}."""
    path: KeyPath = ()
    inside: object = parsed
    while isinstance(inside, dict) and inside:
        key, inside = next(iter(inside.items()))
        path = (*path, key)
    return path


def _placed(path: KeyPath, counts: Mapping[KeyPath, int]) -> KeyPath:
    """Put the number of the latest table behind each array on the way: plan.columns -> plan, 1, columns."""
    placed: KeyPath = ()
    for position, key in enumerate(path):
        placed = (*placed, key)
        if placed in counts and position < len(path) - 1:
            placed = (*placed, counts[placed])
    return placed


def _paths_within(parsed: object) -> Iterator[KeyPath]:
    """Every path a key/value statement defines, from its dotted key down into inline tables and arrays."""
    pairs: Iterator[tuple[str | int, object]]
    if isinstance(parsed, dict):
        pairs = iter(parsed.items())
    elif isinstance(parsed, list):
        pairs = iter(enumerate(parsed))
    else:
        return
    for key, inner in pairs:
        yield (key,)
        for rest in _paths_within(inner):
            yield (key, *rest)
