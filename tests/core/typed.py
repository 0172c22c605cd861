"""Plans as people type them: rows of plain values become a snapshot, and a snapshot a plan."""

import datetime as dt
from dataclasses import replace

from sheets_sync.core.cells import CellStyle
from sheets_sync.core.model import Action
from sheets_sync.core.parse import parse_plan
from sheets_sync.core.plan import Plan
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Area, Snapshot
from sheets_sync.workbooks.memory import MemoryWorkbook
from sheets_sync.workbooks.plain_values import Typed

BOLD = CellStyle(bold=True)
STRUCK = CellStyle(struck=True)
PERCENT = CellStyle(is_percent=True)


def settings(**more) -> PlanSettings:
    """Settings with everything else as it comes."""
    return PlanSettings(**({"uid": "p"} | more))


def snapshot(rows, name: str = "Actions", **frame) -> Snapshot:
    """A workbook of one tab; `frame` replaces what `Tab` says beside its rows (merged, marks, tables, computed)."""
    return snapshot_of({name: rows}, **{name: frame})


def snapshot_of(tabs, **frames) -> Snapshot:
    """A workbook of several tabs, by name."""
    workbook = MemoryWorkbook.of(tabs)
    read = workbook.read([title.key for title in workbook.titles()])
    changed = tuple(replace(tab, **frames.get(tab.name, {})) for tab in read.tabs)
    return replace(read, tabs=changed)


def plan(rows, *, frame=None, as_of: dt.date | None = None, **chosen) -> Plan:
    """The plan that stands in one tab, parsed with these settings."""
    return parse_plan(snapshot(rows, **(frame or {})), settings(**chosen), as_of=as_of)


def merged(text: str) -> Area:
    """ "A1:C1" as an area."""
    start, end = text.split(":")
    return Area(int(start[1:]), ord(start[0]) - 64, int(end[1:]), ord(end[0]) - 64)


def formula(text: str, value) -> Typed:
    """A formula with its result."""
    return Typed(value, formula=text)


def styled(value, style: CellStyle) -> Typed:
    """A value with a formatting."""
    return Typed(value, style=style)


def columns(found: Plan, place: int = 0) -> dict[str, int]:
    """Which column each field is in, by field name."""
    return {str(field): column for field, column in found.layouts[place].columns}


def texts(found: Plan) -> list[str]:
    """The actions' texts, in row order."""
    return [action.action for action in found.actions]


def only(found: Plan) -> Action:
    """The plan's single action."""
    (action,) = found.actions
    return action


def unclear(found: Plan) -> list[dict[str, str]]:
    """The facts of every DAT001."""
    return [dict(finding.facts) for finding in found.findings if finding.code == "DAT001"]


def day(text: str) -> dt.date:
    """ "2026-11-30" as a date."""
    return dt.date.fromisoformat(text)
