"""The config.toml that `init` writes: what was chosen, each key explained, and every other key switched off.

Not here: choosing (init), the registry. An existing file keeps every line it has; a further plan goes to its end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from sheets_sync.config.calendar import WEEKDAYS
from sheets_sync.config.commented import description, example, fixed_table_text, keys_text, table_text
from sheets_sync.config.example import plan_header
from sheets_sync.config.files import create_text, replace_text
from sheets_sync.config.google_models import GoogleTable
from sheets_sync.config.load import FILE_NAME, parse_config
from sheets_sync.config.mail_text import example_people_text, mail_text, people_text
from sheets_sync.config.models import CalendarTable, ConfigFile, LimitsTable, PlanTable
from sheets_sync.config.schedule_models import ScheduleTable
from sheets_sync.config.state import own_folder
from sheets_sync.config.values import OWN_SIGN_IN
from sheets_sync.core.google import GoogleSettings
from sheets_sync.core.settings import CalendarSettings, PlanSettings, RuleChoice
from sheets_sync.errors import UsageError
from sheets_sync.places import private_folder_problem

_INTRODUCTION = """\
# The configuration of sheets-sync for the plans below. It belongs to you alone: nobody else may be able to write this
# file or its folder, else it is not used.
#
# A line that begins with "#" and no blank is a key that is not set: take the "#" away to set it. The value shown is
# an example, or the default. `sheets-sync config check` reads this file and tells every mistake at once.
"""


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan to be written down. `settings.calendar.holidays` are only the days given one by one; those of `country`
    ("BR-SP", "" for none) are worked out at each run. `workbook` is as the file shall say it. `owners` are offered as
    people who may be mailed. `google` is how to sign in, where that was chosen."""

    settings: PlanSettings
    workbook: str
    country: str = ""
    sole_writer: bool = False
    owners: tuple[str, ...] = ()
    google: GoogleSettings = OWN_SIGN_IN


def new_uid() -> str:
    """A uid no other plan has."""
    return f"p-{token_hex(6)}"


def new_config(plan: NewPlan) -> str:
    """The text of a new config.toml with this one plan."""
    limits = fixed_table_text("limits", LimitsTable, description(ConfigFile, "limits"), {})
    people = people_text(plan.owners) or example_people_text()
    google = _google_table(plan.google)
    schedule = fixed_table_text("schedule", ScheduleTable, description(ConfigFile, "schedule"), {})
    tables = (f"{table}\n" for table in (keys_text(ConfigFile, {}), limits, google, schedule))
    parts = [*tables, mail_text(), people, new_plan_table(plan)]
    return "\n".join([_INTRODUCTION, *parts])


def new_plan_table(plan: NewPlan) -> str:
    """The text of one `[[plan]]` table, to stand at the end of a file."""
    settings = plan.settings
    statuses = {word: status.value for word, status in settings.status_map}
    columns = {field.value: header for field, header in settings.column_map}
    return "\n".join(
        [
            plan_header(),
            keys_text(PlanTable, _chosen(plan)) + "\n",
            _free_table("columns", columns) + "\n",
            _free_table("status", statuses) + "\n",
            fixed_table_text(
                "plan.calendar",
                CalendarTable,
                description(PlanTable, "calendar"),
                _calendar(settings.calendar, plan.country),
            )
            + "\n",
            _free_table("rules", {choice.code: _rule(choice) for choice in settings.rules}) + "\n",
        ]
    )


def save_plan(folder: Path, plan: NewPlan) -> Path:
    """Write the plan into `folder`/config.toml, making folder and file if need be, and return the file.

    The new text is checked as a whole before anything is written. Raises ConfigError, or UsageError when the folder
    cannot be used.
    """
    file = folder.absolute() / FILE_NAME
    problem = private_folder_problem(file)
    if problem:
        raise UsageError(f"a configuration here could not be trusted: {problem}")
    if file.exists():
        before = file.read_text("utf-8-sig").rstrip("\n")
        people = people_text(plan.owners, before)
        google = _further_google_table(plan.google, parse_config(before, file).google)
        text = "\n".join([f"{before}\n\n", *filter(None, (google, new_plan_table(plan), people))])
        parse_config(text, file)
        replace_text(file.resolve(), text)
        return file
    text = new_config(plan)
    parse_config(text, file)
    if not file.parent.exists():
        own_folder(file.parent)
    create_text(file, text)
    return file


def _chosen(plan: NewPlan) -> Mapping[str, object]:
    """The keys of `[[plan]]` that differ from the default, and those every plan should show."""
    settings, plain = plan.settings, PlanSettings(uid="")
    shown = ("uid", "name", "language", "timezone")
    keys = [key for key in PlanTable.model_fields if hasattr(settings, key) and key not in ("calendar", "rules")]
    chosen: dict[str, object] = {
        key: getattr(settings, key) for key in keys if key in shown or getattr(settings, key) != getattr(plain, key)
    }
    chosen["workbook"] = plan.workbook
    if plan.sole_writer:
        chosen["synced_folder"] = "sole-writer"
    return chosen


def _calendar(calendar: CalendarSettings, country: str) -> Mapping[str, object]:
    chosen: dict[str, object] = {"workdays": tuple(WEEKDAYS[day - 1] for day in sorted(calendar.workdays))}
    if country:
        chosen["country"] = country
    if calendar.holidays:
        chosen["holidays"] = tuple(sorted(calendar.holidays))
    if calendar.roll != CalendarSettings().roll:
        chosen["roll"] = calendar.roll
    return chosen


def _rule(choice: RuleChoice) -> object:
    severity = "off" if choice.off else choice.severity
    if not choice.parameters:
        return severity
    table: dict[str, object] = {"severity": severity} if severity else {}
    return table | dict(choice.parameters)


def _google_table(google: GoogleSettings) -> str:
    given = {key: getattr(google, key) for key in GoogleTable.model_fields}
    chosen = {key: value for key, value in given.items() if value != getattr(OWN_SIGN_IN, key)}
    return fixed_table_text("google", GoogleTable, description(ConfigFile, "google"), chosen)


def _further_google_table(wanted: GoogleSettings, known: GoogleSettings) -> str:
    """The table for a file that has none yet. Raises UsageError where it signs in otherwise already."""
    if wanted in (OWN_SIGN_IN, known):
        return ""
    if known != OWN_SIGN_IN:
        raise UsageError(
            "this configuration signs in to Google otherwise already, and there is one way for all its plans",
            "leave the options of the sign-in out, or use another folder: --folder",
        )
    return _google_table(wanted) + "\n"


def _free_table(key: str, chosen: Mapping[str, object]) -> str:
    shown = example(PlanTable, key)
    keys = chosen or (shown if isinstance(shown, Mapping) else {})
    return table_text(f"plan.{key}", description(PlanTable, key), keys, on=bool(chosen))
