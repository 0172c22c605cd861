"""The shape of config.toml: pydantic models, with what each key means. The example file is generated from them.

Not here: what a loaded configuration is (values.py), finding and reading files (load.py), wording of mistakes
(mistakes.py), what a value must be beyond its type (checks.py).
"""

import datetime as dt
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, ValidationInfo, model_validator
from pydantic import Field as Key

from sheets_sync.config.calendar import WEEKDAYS, public_holidays, shutdown_days, too_few_working_days
from sheets_sync.config.checks import (
    a_file,
    at_least_one,
    can_be_meant,
    each_once,
    file_or_sheet,
    holiday_cache,
    known_country,
    known_rules,
    known_zone,
    one_column_each,
    one_meaning_each,
    real_range,
    safe_link,
)
from sheets_sync.config.google_models import GoogleTable
from sheets_sync.config.mail_models import MailTable, PersonName, PersonTable
from sheets_sync.config.retention_models import RetentionTable
from sheets_sync.config.rule_choices import read_choices
from sheets_sync.config.schedule_models import ScheduleTable
from sheets_sync.config.table import Days, Language, Loose, Table, Weekday, Word
from sheets_sync.config.values import Limits
from sheets_sync.core.model import Field, Status
from sheets_sync.core.settings import CalendarSettings, PlanSettings, RuleChoice

Country = Annotated[str, Key(pattern=r"^[A-Z]{2,3}(-[^./\\:]+)?$", max_length=40), AfterValidator(known_country)]


class CalendarTable(Table):
    """`[plan.calendar]`: which days count. Days late, stale days and due dates are counted in working days."""

    workdays: Annotated[tuple[Weekday, ...], Loose, AfterValidator(each_once)] = Key(
        default=("Mon", "Tue", "Wed", "Thu", "Fri"), min_length=1, description="The days of the week that are worked."
    )
    country: Country | None = Key(
        default=None,
        description='Public holidays of a country, or of a region of it as "BR-SP", "DE-BY", "US-CA".',
        examples=["BR-SP"],
    )
    holidays: Annotated[tuple[dt.date, ...], Loose] = Key(
        default=(), description="Further days nobody works.", examples=[(dt.date(2026, 12, 24), dt.date(2026, 12, 31))]
    )
    shutdown: Annotated[tuple[Annotated[str, AfterValidator(real_range)], ...], Loose] = Key(
        default=(),
        description="Longer stops, first and last day included.",
        examples=[("2026-12-21..2027-01-02",)],
    )
    roll: Literal["next", "previous", "none"] = Key(
        default="next",
        description="Where a due date on a non-working day moves: next or previous working day, or none.",
    )

    @model_validator(mode="after")
    def _leaves_working_days(self, info: ValidationInfo) -> Self:
        settings = self.settings(holiday_cache(info))
        problem = too_few_working_days(settings.workdays, settings.holidays)
        if problem:
            raise ValueError(problem)
        return self

    def settings(self, cache: Path | None = None) -> CalendarSettings:
        """The calendar as the core needs it: all days that are not worked in one set."""
        days = set(self.holidays)
        if self.country is not None:
            days |= public_holidays(self.country, cache)
        for text in self.shutdown:
            days.update(shutdown_days(text))
        workdays = frozenset(WEEKDAYS.index(name) + 1 for name in self.workdays)
        return CalendarSettings(workdays=workdays, holidays=frozenset(days), roll=self.roll)


class PlanTable(Table):
    """`[[plan]]`: one actions table in one workbook. Repeat the table for every plan that you keep."""

    table_keys: ClassVar[frozenset[str]] = frozenset({"columns", "status", "calendar", "rules"})

    uid: str = Key(
        pattern=r"^[a-z0-9][a-z0-9-]{5,63}$",
        description="Written by `sheets-sync init`. Never change it: the plan's history is kept under it.",
        examples=["p-3f9a1c2b7d04"],
    )
    name: Word = Key(default="plan", description="What people call this plan.", examples=["Plant 2026"])
    workbook: Annotated[Word, AfterValidator(file_or_sheet)] = Key(
        description=(
            "The Excel workbook, from this file's folder or as a full path; or a Google Sheet, by its address as the\n"
            "browser shows it: https://docs.google.com/spreadsheets/d/..."
        ),
        examples=["PLAN.xlsx"],
    )
    moved_from: Annotated[Word, AfterValidator(a_file)] | None = Key(
        default=None,
        description="Written by `sheets-sync excel button`: the file this plan was in before, which is refused since.",
        examples=["BEFORE.xlsx"],
    )
    tabs: Annotated[tuple[Word, ...], Loose, AfterValidator(each_once)] = Key(
        default=(),
        description="The tabs that hold actions. Left out: the one tab that looks like a plan.",
        examples=[("Actions",)],
    )
    language: Language = Key(
        default="en", description="The language of flags, headers and messages in this plan: en, pt or es."
    )
    timezone: Annotated[str, AfterValidator(known_zone)] = Key(
        description='Where the plan lives: decides when a day ends. An IANA name such as "Europe/Lisbon".',
        examples=["America/Sao_Paulo"],
    )
    header_row: int | None = Key(
        default=None, ge=1, le=1000, description="The row of the headers. Left out: found by itself.", examples=[4]
    )
    date_order: Literal["dmy", "mdy", "ymd"] | None = Key(
        default=None,
        description="How 03/04/2026 is meant: dmy, mdy or ymd. Left out: only dates that can be read one way are read.",
        examples=["dmy"],
    )
    struck: Literal["done", "ignore"] | None = Key(
        default=None, description="What a row that is struck through means: done or ignore.", examples=["ignore"]
    )
    id_prefix: str = Key(
        default="A", pattern=r"^[A-Za-z][A-Za-z0-9]{0,7}$", description="New ids begin with this: A-0001."
    )
    highlight: Literal["cells", "row"] = Key(
        default="cells", description="What turns red or amber: the cells it is about, or the whole row."
    )
    drop_downs: bool = Key(default=False, description="Offer lists to choose from in the status and owner columns.")
    hints: bool = Key(default=False, description="Show improvements and style in Next fix too, not only errors.")
    stale_days: Days = Key(default=10, description="Working days without an update until an open action is stale.")
    verify_after: Days = Key(default=20, description="Working days after done until the result is to be verified.")
    baseline_grace: int = Key(
        default=2, ge=0, le=60, description="Working days in which a first due date may be corrected freely."
    )
    typing_grace_minutes: int = Key(
        default=60, ge=0, le=1440, description="Minutes in which a new row is left alone while it is being typed."
    )
    synced_folder: Literal["sole-writer"] | None = Key(
        default=None,
        description=(
            "For a workbook in a OneDrive, Dropbox or like folder. Left out: it is checked, never written.\n"
            '"sole-writer": you promise that nobody else edits the file while sheets-sync runs.'
        ),
        examples=["sole-writer"],
    )
    writes: Literal["cells", "none"] = Key(
        default="cells",
        description=(
            'What may be written into the workbook: "cells" (flags, ids, highlights) or "none". With "none" the right\n'
            "to view it is enough: the plan is checked, remembered and mailed about. A row without an id is known by\n"
            "its text then: when that is changed, it counts as a new row."
        ),
    )
    sync_log: bool = Key(
        default=True,
        description=(
            "Keep a last tab, Sync log, in the workbook once a schedule runs: when it was checked last, what was\n"
            'written, and two ticks, "Check now" and "Accept changes".'
        ),
    )
    keeper: Word | None = Key(
        default=None,
        description="Who answers for this plan: a name in [people]. Left out: the keeper of [mail].",
        examples=["Ana Silva"],
    )
    leaders: Annotated[tuple[Word, ...], Loose, AfterValidator(each_once)] = Key(
        default=(),
        description="Who gets the leader's week: names in [people]. Left out: the keeper.",
        examples=[("Rui Costa",)],
    )
    link: Annotated[str, AfterValidator(safe_link)] | None = Key(
        default=None,
        description="Where people open the workbook, for the mails. Left out: plan, tab and id are named as text.",
        examples=["https://example.com/plans/PLAN.xlsx"],
    )
    columns: Annotated[dict[Annotated[Field, Loose], Word], AfterValidator(one_column_each)] = Key(
        default={},
        description='Columns that cannot be told by their header alone: field = "the header as it stands".',
        examples=[{Field.ACTION: "What", Field.DUE: "When"}],
    )
    status: Annotated[
        dict[Word, Annotated[Status, Loose, AfterValidator(can_be_meant)]], AfterValidator(one_meaning_each)
    ] = Key(
        default={},
        description="What this plan's own status words mean: planned, in_progress, blocked, on_hold, done, ...",
        examples=[{"Feito": Status.DONE}],
    )
    calendar: CalendarTable = Key(
        default_factory=CalendarTable, description="Working days and holidays: every count of days uses them."
    )
    rules: Annotated[dict[str, object], AfterValidator(known_rules)] = Key(
        default={},
        description='Rules to switch off, or to weigh otherwise: "off", "E", "W", "I", "H", or a table of parameters.\n'
        "`sheets-sync rules` lists them.",
        examples=[{"ACT003": "off", "ACT002": {"severity": "W", "min_words": 4}}],
    )

    def settings(self, cache: Path | None = None) -> PlanSettings:
        """The plan's settings as the core needs them."""
        return PlanSettings(
            uid=self.uid,
            name=self.name,
            language=self.language,
            timezone=self.timezone,
            tabs=self.tabs,
            header_row=self.header_row,
            column_map=tuple(self.columns.items()),
            status_map=tuple(self.status.items()),
            date_order=self.date_order or "",
            struck=self.struck or "",
            id_prefix=self.id_prefix,
            calendar=self.calendar.settings(cache),
            rules=self.rule_choices(),
            hints=self.hints,
            highlight=self.highlight,
            drop_downs=self.drop_downs,
            stale_days=self.stale_days,
            verify_after=self.verify_after,
            baseline_grace=self.baseline_grace,
            typing_grace_minutes=self.typing_grace_minutes,
        )

    def rule_choices(self) -> tuple[RuleChoice, ...]:
        """The rules table as values."""
        return read_choices(self.rules)[0]


class LimitsTable(Table):
    """`[limits]`: how big a workbook may be. A bigger one is refused before it can fill memory or disk."""

    max_file_mb: int = Key(default=50, ge=1, le=2000, description="The workbook file, in MB.")
    max_part_mb: int = Key(default=200, ge=1, le=4000, description="One part of it when unpacked, in MB.")
    max_total_mb: int = Key(default=500, ge=1, le=8000, description="All of it when unpacked, in MB.")
    max_parts: int = Key(default=5000, ge=10, le=100_000, description="The number of parts.")
    max_xml_depth: int = Key(default=64, ge=8, le=256, description="How deep XML elements may nest.")

    def values(self) -> Limits:
        """The limits as a plain value."""
        return Limits(self.max_file_mb, self.max_part_mb, self.max_total_mb, self.max_parts, self.max_xml_depth)


class ConfigFile(Table):
    """The whole file."""

    table_keys: ClassVar[frozenset[str]] = frozenset(
        {"limits", "plan", "google", "mail", "people", "schedule", "retention"}
    )

    state: Word | None = Key(
        default=None,
        description="The folder for history and backups, on a local disk. Left out: your own state folder.",
        examples=["/var/lib/sheets-sync"],
    )
    limits: LimitsTable = Key(default_factory=LimitsTable, description="How big a workbook may be.")
    google: GoogleTable = Key(
        default_factory=GoogleTable, description="How to sign in to Google, for plans that are Google Sheets."
    )
    mail: MailTable = Key(default_factory=MailTable, description="How mails leave, and who may get any.")
    people: dict[PersonName, PersonTable] = Key(
        default={}, description='Who may be mailed, by the name that stands in owner cells: [people."Ana Silva"].'
    )
    schedule: ScheduleTable = Key(
        default_factory=ScheduleTable, description="How you get to know that it runs. When it runs stands in jobs/."
    )
    retention: RetentionTable = Key(
        default_factory=RetentionTable,
        description="How long what is remembered is kept. Every run deletes what is older.",
    )
    plan: Annotated[tuple[PlanTable, ...], Loose, AfterValidator(at_least_one)] = Key(
        description="One plan: one actions table in one workbook."
    )
