"""What pydantic found wrong, said for the person who typed it: where, what to type, and the nearest valid name.

Not here: the checks (models.py), positions in the file (positions.py). Values of the file are never repeated.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sheets_sync.config.google_models import GoogleTable
from sheets_sync.config.mail_models import MailTable, PersonTable, SmtpTable
from sheets_sync.config.models import CalendarTable, ConfigFile, LimitsTable, PlanTable
from sheets_sync.config.positions import KeyPath, key_lines, line_of
from sheets_sync.config.retention_models import RetentionTable
from sheets_sync.config.schedule_models import ScheduleTable
from sheets_sync.config.suggest import instead, nearest
from sheets_sync.config.table import Table
from sheets_sync.config.toml_text import toml_key, toml_value
from sheets_sync.core.model import Field
from sheets_sync.errors import ConfigError, Mistake

TABLES: Mapping[str, type[Table]] = {
    "": ConfigFile,
    "plan": PlanTable,
    "plan.calendar": CalendarTable,
    "limits": LimitsTable,
    "google": GoogleTable,
    "schedule": ScheduleTable,
    "retention": RetentionTable,
    "mail": MailTable,
    "mail.smtp": SmtpTable,
    "people": PersonTable,
}
"""Every table with fixed keys, by the name its header has in the file; a person's without the name."""

_QUOTED = re.compile(r"'([^']*)'")

_TYPES = {
    "string_type": "write text, in quotes",
    "int_type": "write a whole number, without quotes",
    "bool_type": "write true or false, without quotes",
    "dict_type": "this is a table: put its keys below a header in brackets",
    "model_type": "this is a table: put its keys below a header in brackets",
    "date_type": "write a day, without quotes and without a time: 2026-12-24",
    "string_too_short": "must not be empty",
    "string_too_long": "is too long",
    "too_short": "needs at least one",
}


def config_error(
    error: ValidationError | None, others: Iterable[tuple[KeyPath, str]], *, file: Path, text: str
) -> ConfigError:
    """All mistakes of one file in the order they stand in it: what pydantic found, and `others` as (key, reason)."""
    lines = key_lines(text)
    plans = sum(1 for path in lines if len(path) == 2 and path[0] == "plan")
    found = [_mistake(detail, str(file), lines, plans) for detail in error.errors(include_url=False)] if error else []
    found += [
        Mistake(str(file), line_of(path, lines), key_text(path, plans), reason, _is_private(path))
        for path, reason in others
    ]
    return ConfigError(tuple(sorted(found, key=lambda mistake: mistake.line)))


def key_text(path: KeyPath, plans: int) -> str:
    """The key as the file would name it; of several plans the second is plan[2]."""
    text = ""
    for part in path:
        if isinstance(part, str):
            text += f".{toml_key(part)}" if text else toml_key(part)
        elif text != "plan" or plans > 1:
            text += f"[{part + 1}]"
    return text or "(file)"


def _mistake(detail: ErrorDetails, file: str, lines: Mapping[KeyPath, int], plans: int) -> Mistake:
    path: KeyPath = tuple(part for part in detail["loc"] if part != "[key]")
    line = line_of(path[:-1] if detail["type"] == "missing" else path, lines)
    return Mistake(file, line, key_text(path, plans), _reason(detail, path), _is_private(path))


def _is_private(path: KeyPath) -> bool:
    """Whether the key itself, or what is wrong with it, may name a person or quote the sheet."""
    return path[:1] == ("people",) or bool({"keeper", "leaders", "status"} & set(path))


def _reason(detail: ErrorDetails, path: KeyPath) -> str:
    kind = detail["type"]
    special: Mapping[str, Callable[[ErrorDetails, KeyPath], str]] = {
        "extra_forbidden": _unknown_key,
        "missing": _missing_key,
        "literal_error": _not_one_of,
        "enum": _not_one_of,
        "string_pattern_mismatch": _wrong_form,
        "value_error": lambda found, _: str(found["ctx"]["error"]),
        "tuple_type": lambda _, at: "write two brackets: [[plan]]" if at == ("plan",) else "write a list: [ ... ]",
        "greater_than_equal": lambda found, _: f"must be at least {found['ctx']['ge']}",
        "less_than_equal": lambda found, _: f"must be at most {found['ctx']['le']}",
    }
    if kind in special:
        return special[kind](detail, path)
    return _TYPES.get(kind, detail["msg"])


def _unknown_key(_: ErrorDetails, path: KeyPath) -> str:
    key, table = str(path[-1]), _table_name(path[:-1])
    for other, keys in _keys_of_tables():
        if key in keys:
            return "unknown key here; it belongs " + (f"below {other}" if other else "above the first table")
    near = nearest(key, TABLES[table].model_fields)
    if near:
        return f'unknown key; did you mean "{near}"?'
    return "unknown key; `sheets-sync config example` shows all keys"


def _keys_of_tables() -> Iterator[tuple[str, Collection[str]]]:
    yield "", ConfigFile.model_fields
    yield "[[plan]]", PlanTable.model_fields
    yield "[plan.calendar]", CalendarTable.model_fields
    yield "[limits]", LimitsTable.model_fields
    yield "[google]", GoogleTable.model_fields
    yield "[schedule]", ScheduleTable.model_fields
    yield "[retention]", RetentionTable.model_fields
    yield "[mail]", MailTable.model_fields
    yield "[mail.smtp]", SmtpTable.model_fields
    yield '[people."NAME"]', PersonTable.model_fields
    yield "[plan.columns]", [field.value for field in Field]


def _missing_key(_: ErrorDetails, path: KeyPath) -> str:
    key = str(path[-1])
    if key == "plan":
        return "no [[plan]] table; `sheets-sync init PLAN.xlsx` writes one"
    if key == "uid":
        return "is required; `sheets-sync init PLAN.xlsx` writes it"
    return f"is required{_for_example(path)}"


def _wrong_form(_: ErrorDetails, path: KeyPath) -> str:
    return f"is not of the right form{_for_example(path)}"


def _for_example(path: KeyPath) -> str:
    fields = TABLES.get(_table_name(path[:-1]), ConfigFile).model_fields
    key = str(path[-1])
    examples = (fields[key].examples or [fields[key].default]) if key in fields else []
    return f"; for example {key} = {toml_value(examples[0])}" if examples else ""


def _not_one_of(detail: ErrorDetails, _: KeyPath) -> str:
    names = [name for name in _QUOTED.findall(detail["ctx"]["expected"]) if name != "unknown"]
    typed = detail["input"]
    hint = instead(typed, names) if isinstance(typed, str) else ""
    if len(names) <= 10:
        return "must be one of: " + ", ".join(names) + (f"; {hint}" if hint.startswith("did") else "")
    return "no such name" + (f"; {hint}" if hint else "; `sheets-sync config example` shows the names")


def _table_name(path: KeyPath) -> str:
    named = path[:1] if path[:1] == ("people",) else path
    name = ".".join(part for part in named if isinstance(part, str))
    return name if name in TABLES else ""
