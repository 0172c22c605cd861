"""A judged plan as a table: for a spreadsheet (CSV), a program (JSON), pandas. One row per action, none per person."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sheets_sync.core.history import History
from sheets_sync.core.remember import first_day
from sheets_sync.core.settings import PlanSettings
from sheets_sync.run.judge import Judgement, flag_text, next_fixes

if TYPE_CHECKING:
    import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
JSON_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class ExportRow(NamedTuple):
    """One action as exported. Dates are plan-local; `days_late` counts working days; None = not known."""

    plan: str
    tab: str
    row: int
    id: str
    action: str
    owner: str
    due: dt.date | None
    status: str
    flag: str
    days_late: int | None
    next_fix: str
    codes: str
    first_seen: dt.date | None
    baseline_due: dt.date | None
    last_change: dt.date | None


def export_rows(
    judgement: Judgement, history: History, settings: PlanSettings, *, as_of: dt.date
) -> tuple[ExportRow, ...]:
    """The actions in sheet order, each with its flag, fix and past."""
    names = {layout.tab: layout.name for layout in judgement.plan.layouts}
    fixes = next_fixes(judgement.findings, settings, headers=judgement.plan.headers())
    codes: dict[tuple[str, int], list[str]] = {}
    for finding in judgement.findings:
        if not finding.silenced and finding.row:
            codes.setdefault((finding.tab, finding.row), []).append(finding.code)
    rows = []
    for action, assessment in zip(judgement.identified.actions, judgement.assessments, strict=True):
        place = (action.tab, action.row)
        past = history.known.get(action.key)
        rows.append(
            ExportRow(
                plan=settings.name,
                tab=names.get(action.tab, action.tab),
                row=action.row,
                id=action.key,
                action=action.action,
                owner=action.owner,
                due=action.due.date,
                status=action.status.text,
                flag=flag_text(assessment, as_of, settings.language),
                days_late=assessment.days_late,
                next_fix=fixes.get(place, ""),
                codes=" ".join(dict.fromkeys(codes.get(place, []))),
                first_seen=first_day(past, settings) if past else None,
                baseline_due=past.baseline_due if past else None,
                last_change=past.last_change if past else None,
            )
        )
    return tuple(rows)


def to_frame(rows: Sequence[ExportRow]) -> "pd.DataFrame":
    """The rows as a pandas DataFrame, one column per field of `ExportRow`; dates as datetime64."""
    import pandas as pd

    frame = pd.DataFrame(list(rows), columns=list(ExportRow._fields))
    for column in ("due", "first_seen", "baseline_due", "last_change"):
        frame[column] = pd.to_datetime(frame[column])
    return frame.astype({"days_late": "Int64"})


def to_csv(rows: Iterable[ExportRow], *, raw: bool = False) -> str:
    """The rows as CSV with a header. A text that a spreadsheet would run as a formula gets a leading apostrophe,
    unless `raw` (HAZARDS 27)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(ExportRow._fields)
    for row in rows:
        writer.writerow([_csv_cell(value, raw=raw) for value in row])
    return out.getvalue()


def _csv_cell(value: str | int | dt.date | None, *, raw: bool) -> str | int:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str) and not raw and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def to_json(rows: Iterable[ExportRow]) -> str:
    """The rows as a JSON array, safe to stand inside a web page (HAZARDS 27)."""
    plain = [{key: _plain(value) for key, value in row._asdict().items()} for row in rows]
    return safe_json(plain)


def safe_json(value: Sequence[Mapping[str, str | int | bool | None]]) -> str:
    """JSON whose text holds no character that ends a script or a line of JavaScript."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    for character, escape in JSON_ESCAPES.items():
        text = text.replace(character, escape)
    return text + "\n"


def _plain(value: str | int | dt.date | None) -> str | int | None:
    return value.isoformat() if isinstance(value, dt.date) else value
