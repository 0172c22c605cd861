"""A plan moves to another file: its line in config.toml is changed, and one line says where it was before.

Everything else in the file keeps its bytes, comments and line ends included. Which file is not decided here.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sheets_sync.config.files import replace_text
from sheets_sync.config.load import parse_config
from sheets_sync.config.positions import key_lines
from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.errors import UsageError

_MARK = "\ufeff"
_ONE_LINE = re.compile(
    r"""(?P<key>\s*(?:workbook|"workbook"|'workbook')\s*=\s*)(?P<value>"(?:[^"\\]|\\.)*"|'[^']*')(?P<rest>\s*(?:\#.*)?)"""
)
_MOVED_LINE = re.compile(
    r"""\s*(?:moved_from|"moved_from"|'moved_from')\s*=\s*(?:"(?:[^"\\]|\\.)*"|'[^']*')\s*(?:\#.*)?"""
)
_OLD, _NEW = ".xlsx", ".xlsm"


class Move(NamedTuple):
    """A change of a config file, not made yet: its whole new text, and the line that changes, as it was and will be."""

    file: Path
    before: bytes
    after: str
    old_line: str
    new_line: str


def moved(config: Config, plan: PlanConfig) -> Move:
    """How the plan's .xlsx becomes the .xlsm of the same name. Nothing is written yet.

    Raises UsageError with what to change by hand where the line is written in a way that is not understood here.
    """
    file = config.file.resolve()
    before = file.read_bytes()
    text = before.decode("utf-8")
    number = [known.settings.uid for known in config.plans].index(plan.settings.uid)
    lines = text.removeprefix(_MARK).split("\n")
    line, further = _lines_of(text.removeprefix(_MARK), number)
    found = _ONE_LINE.fullmatch(lines[line].removesuffix("\r")) if line >= 0 else None
    if found is None or not found["value"][1:-1].lower().endswith(_OLD):
        raise _by_hand(file, plan)
    value = found["value"]
    new_value = value[: -len(_OLD) - 1] + _NEW + value[-1]
    end = "\r" if lines[line].endswith("\r") else ""
    indent = re.match(r"\s*", lines[line])
    new_line = found["key"] + new_value + found["rest"]
    said = f"{indent[0] if indent else ''}moved_from = {value}"
    if further is not None:
        if not _MOVED_LINE.fullmatch(lines[further].removesuffix("\r")):
            raise _by_hand(file, plan)
        lines[further] = said + ("\r" if lines[further].endswith("\r") else "")
    lines[line] = new_line + end
    if further is None:
        lines.insert(line + 1, said + end)
    after = "\n".join(lines)
    if tomllib.loads(after) != _expected(text.removeprefix(_MARK), number):
        raise _by_hand(file, plan)
    parse_config(after, file)
    kept_mark = _MARK if text.startswith(_MARK) else ""
    return Move(file, before, kept_mark + after, found[0].strip(), new_line.strip())


def make_move(move: Move) -> None:
    """Write the change. Raises UsageError when the file was edited since it was read."""
    if move.file.read_bytes() != move.before:
        raise UsageError(f"{move.file} was edited meanwhile", "run the command again")
    replace_text(move.file, move.after)


def _lines_of(text: str, number: int) -> tuple[int, int | None]:
    """The places (0-based) of the plan's workbook and moved_from lines; -1 and None where there is none."""
    lines = key_lines(text)
    moved_from = lines.get(("plan", number, "moved_from"))
    return lines.get(("plan", number, "workbook"), 0) - 1, None if moved_from is None else moved_from - 1


def _expected(text: str, number: int) -> Mapping[str, Any]:
    """The values of the file after the move."""
    raw = tomllib.loads(text)
    plan = raw["plan"][number]
    old = plan["workbook"]
    plan |= {"workbook": old[: -len(_OLD)] + _NEW, "moved_from": old}
    return raw


def _by_hand(file: Path, plan: PlanConfig) -> UsageError:
    name = plan.workbook.name if isinstance(plan.workbook, Path) else str(plan.workbook)
    new = Path(name).with_suffix(_NEW).name
    return UsageError(
        f"the line with the workbook of {plan.settings.name} in {file} is written in a way that is not changed here",
        f'write by hand: workbook = "…/{new}" and below it moved_from = "…/{name}", then run the command again',
    )
