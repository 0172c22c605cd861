"""The example configuration, every key explained, generated from the models. A test compares config.example.toml."""

from collections.abc import Mapping

from sheets_sync.config.commented import description, example, fixed_table_text, keys_text, table_text
from sheets_sync.config.google_models import GoogleTable
from sheets_sync.config.mail_text import example_people_text, mail_text
from sheets_sync.config.models import CalendarTable, ConfigFile, LimitsTable, PlanTable
from sheets_sync.config.retention_models import RetentionTable
from sheets_sync.config.schedule_models import ScheduleTable

_INTRODUCTION = """\
# The configuration of sheets-sync: a file named config.toml in a folder of yours that nobody else can write.
# `sheets-sync init PLAN.xlsx` writes one for your plan; this example shows every key.
#
# A line that begins with "#" and no blank is a key that is not set: take the "#" away to set it. The value shown is
# an example, or the default. `sheets-sync config check` reads your file and tells every mistake at once.
"""


def example_config() -> str:
    """The text of config.example.toml, ending in a line break."""
    required = {key: example(PlanTable, key) for key, info in PlanTable.model_fields.items() if info.is_required()}
    parts = [
        _INTRODUCTION,
        keys_text(ConfigFile, {}),
        "\n" + plan_header(),
        keys_text(PlanTable, required),
        *(_free_table(key) for key in ("columns", "status")),
        fixed_table_text("plan.calendar", CalendarTable, description(PlanTable, "calendar"), {}),
        _free_table("rules"),
        fixed_table_text("google", GoogleTable, description(ConfigFile, "google"), {}),
        mail_text().rstrip("\n"),
        example_people_text().rstrip("\n"),
        fixed_table_text("schedule", ScheduleTable, description(ConfigFile, "schedule"), {}),
        fixed_table_text("retention", RetentionTable, description(ConfigFile, "retention"), {}),
        fixed_table_text("limits", LimitsTable, description(ConfigFile, "limits"), {}),
    ]
    return "\n".join(part if part.startswith("\n") else f"{part}\n" for part in parts).rstrip("\n") + "\n"


def plan_header() -> str:
    """The line a plan begins with, below what it means."""
    return f"# {description(ConfigFile, 'plan')} Repeat it for every plan you keep.\n[[plan]]"


def _free_table(key: str) -> str:
    shown = example(PlanTable, key)
    keys = shown if isinstance(shown, Mapping) else {}
    return table_text(f"plan.{key}", description(PlanTable, key), keys, on=False)
