"""What init does: read a workbook, settle what is not clear, show what was understood, write the configuration."""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from sheets_sync.cli.console import Console, clean, console
from sheets_sync.cli.first_files import offer_dry_run, write_first_files
from sheets_sync.cli.sources import Source, configured_sign_in, source_of
from sheets_sync.cli.understanding import Question, next_question, understanding
from sheets_sync.config.calendar import next_holidays
from sheets_sync.config.load import FILE_NAME, load_config
from sheets_sync.config.machine import machine_country, machine_timezone
from sheets_sync.config.overlaps import same_place
from sheets_sync.config.positions import key_lines
from sheets_sync.config.registry import register
from sheets_sync.config.toml_text import toml_value
from sheets_sync.config.values import OWN_SIGN_IN
from sheets_sync.config.write import NewPlan, new_uid, save_plan
from sheets_sync.core.google import GoogleAddress, GoogleSettings
from sheets_sync.core.model import CLOSED, Field, Status
from sheets_sync.core.parse import parse_plan
from sheets_sync.core.plan import Plan
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Snapshot
from sheets_sync.core.tabs import plan_tabs
from sheets_sync.errors import NeedsChoice, UsageError, WorkbookBusy, WorkbookError
from sheets_sync.rules.ownership import read_owner
from sheets_sync.run.look import read_all
from sheets_sync.words.lexicon import LANGUAGES
from sheets_sync.words.normalise import plain, without_brackets

NO_HOLIDAYS = "none"
NEXT_STEPS = (
    "Next: sheets-sync run --dry-run      shows every edit it would make",
    "      sheets-sync run                asks before the first write",
    "      sheets-sync schedule install   lets this computer run the jobs by itself",
)
MOST_PEOPLE = 200
"""Owners that are written down to be given an address; a plan with more needs a list from elsewhere."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person asked for on the command line; "" or () where nothing was said."""

    workbook: Path | GoogleAddress
    folder: Path
    google: GoogleSettings
    tabs: tuple[str, ...]
    columns: tuple[str, ...]
    statuses: tuple[str, ...]
    struck: str
    name: str
    language: str
    timezone: str
    country: str | None
    date_order: str
    synced: bool
    mail_templates: bool = False


class Made(NamedTuple):
    """A workbook that was made just now: what is told of it instead of what was understood, and what to do next."""

    told: tuple[str, ...]
    next_steps: tuple[str, ...]


def set_up(wish: Wish, *, made: Made | None = None) -> int:
    """Understand the workbook and write the configuration. Raises NeedsChoice with the words to add, WorkbookError."""
    try:
        return _set_up(wish, made)
    except WorkbookBusy as busy:
        raise WorkbookError(busy.message, "try again in a while") from None  # nothing was set up, so nothing is done


def _set_up(wish: Wish, made: Made | None) -> int:
    out = console()
    _refuse_second(wish)
    google = wish.google if wish.google != OWN_SIGN_IN else configured_sign_in(wish.folder)
    source = source_of(wish.workbook, google, folder=wish.folder, synced_folder=wish.synced)
    snapshot = read_all(source.workbook)
    today = dt.datetime.now().astimezone().date()
    first = _with_open_tab(_first_settings(wish, source), snapshot, source.tab)
    settings, plan = _settled(first, snapshot, out, today=today)
    language = wish.language or (plan.layouts[0].language if plan.layouts else settings.language)
    settings = replace(settings, language=language)
    for line in understanding(plan, snapshot, settings, counts_only=out.counts_only) if made is None else ():
        out.say(clean(line))
    country = country_of(wish)
    _show_calendar(out, settings, country, today)
    if source.date_order and not wish.date_order:
        out.say("Dates typed as text are read day first, as the sheet's locale has it (another way: --date-order)")
    new = NewPlan(
        settings,
        _workbook_text(wish),
        country=country,
        sole_writer=wish.synced,
        owners=() if made else _single_owners(plan),
        google=wish.google,
    )
    written = save_plan(wish.folder, new)
    load_config(written)
    register(settings.uid, written.parent)
    others = write_first_files(written.parent, settings.timezone, mail_templates=wish.mail_templates)
    _tell_end(out, made, (f"Written: {written}", *others), why_not=source.why_not_written())
    if made is None:
        offer_dry_run(out, written, settings.uid)
    return 0


def _refuse_second(wish: Wish) -> None:
    """Raise UsageError for a workbook that a plan of this folder writes already: it carries one plan."""
    file = wish.folder.absolute() / FILE_NAME
    if not file.is_file():
        return
    place = same_place(_workbook_text(wish), file.parent)
    config = load_config(file)
    for number, plan in enumerate(config.plans):
        if not plan.writes or same_place(str(plan.workbook), file.parent) != place:
            continue
        line = key_lines(file.read_text("utf-8-sig")).get(("plan", number, "workbook"), 0)
        tabs = ", ".join(map(toml_value, dict.fromkeys((*plan.settings.tabs, *(wish.tabs or ("the other tab",))))))
        raise UsageError(
            f'{file}:{line}: the plan "{plan.settings.name}" is in this workbook already, and one plan writes it',
            f"to check another tab too, name both tabs there, and no second plan: tabs = [{tabs}]",
        )


def _tell_end(out: Console, made: Made | None, written: tuple[str, ...], *, why_not: str) -> None:
    """What was written, what keeps it from being used, and what to do next."""
    out.say()
    for line in (*(made.told if made else ()), *written):
        out.say(clean(line))
    if why_not:
        out.warn(clean(f"This workbook can be checked, not written: {why_not}"))
    out.say("Nobody is mailed: who may be is for you to say in config.toml, below [mail] and [people]")
    for line in made.next_steps if made else NEXT_STEPS:
        out.say(clean(line))


def _first_settings(wish: Wish, source: Source) -> PlanSettings:
    timezone = wish.timezone or source.timezone or machine_timezone()
    if not timezone:
        raise NeedsChoice("this computer does not say its time zone", ("--timezone Europe/Lisbon",))
    return PlanSettings(
        uid=new_uid(),
        name=wish.name or (wish.workbook.stem if isinstance(wish.workbook, Path) else source.name),
        language=wish.language or "en",
        timezone=timezone,
        tabs=wish.tabs,
        column_map=tuple(_mapped(text) for text in wish.columns),
        status_map=tuple(_meaning(text) for text in wish.statuses),
        date_order=wish.date_order or source.date_order,
        struck=wish.struck,
    )


def _with_open_tab(settings: PlanSettings, snapshot: Snapshot, tab: str) -> PlanSettings:
    """Of several tabs that look like a plan, the one that was open when the address was copied."""
    selection = plan_tabs(snapshot, settings)
    names = [one.tab.name for one in selection.candidates if one.tab.key == tab]
    return replace(settings, tabs=tuple(names)) if names and selection.reason == "several" else settings


def _mapped(text: str) -> tuple[Field, str]:
    name, equals, header = text.partition("=")
    known = [field.value for field in Field]
    if not equals or name.strip() not in known or not header.strip():
        raise UsageError(f"--map {text!r} is not FIELD=HEADER", f"FIELD is one of: {', '.join(known)}")
    return Field(name.strip()), header.strip()


def _meaning(text: str) -> tuple[str, Status]:
    word, equals, meaning = text.rpartition("=")
    known = [status.value for status in Status if status is not Status.UNKNOWN]
    if not equals or meaning.strip() not in known or not word.strip():
        raise UsageError(f"--status {text!r} is not WORD=MEANING", f"MEANING is one of: {', '.join(known)}")
    return word.strip(), Status(meaning.strip())


def _settled(settings: PlanSettings, snapshot: Snapshot, out: Console, *, today: dt.date) -> tuple[PlanSettings, Plan]:
    """Ask, or refuse with the words to add, until the plan is clear."""
    while True:
        plan = parse_plan(snapshot, settings, as_of=today)
        question = next_question(plan, snapshot, settings)
        if question is None:
            names = tuple(layout.name for layout in plan.layouts)
            return replace(settings, tabs=names), plan
        settings = _answered(question, settings, out)


def _answered(question: Question, settings: PlanSettings, out: Console) -> PlanSettings:
    if not question.answers or not out.can_ask:
        raise NeedsChoice(question.text, tuple(answer.option for answer in question.answers) or (question.hint,))
    out.say(clean(question.text))
    chosen = out.choose([answer.label for answer in question.answers])
    return question.answers[chosen].apply(settings)


def country_of(wish: Wish) -> str:
    """Whose public holidays count: as chosen, else this computer's; "" for none."""
    if wish.country == NO_HOLIDAYS:
        return ""
    return wish.country if wish.country is not None else machine_country()


def _show_calendar(out: Console, settings: PlanSettings, country: str, today: dt.date) -> None:
    out.say()
    out.say(f"Time zone {settings.timezone}, language {settings.language}, working days Monday to Friday")
    if not country:
        out.say("No public holidays (choose some with --country BR-SP, PT, DE-BY …)")
        return
    try:
        coming = next_holidays(country, today)
    except (KeyError, NotImplementedError, ValueError) as error:
        raise UsageError(
            f"--country {country}: no holidays are known for it", "use a code such as BR-SP, or none"
        ) from error
    out.say(clean(f"Public holidays of {country}, the next: " + ", ".join(f"{day} {name}" for day, name in coming)))


def _single_owners(plan: Plan) -> tuple[str, ...]:
    """The persons who own open rows, as first written but for what stands in brackets, by name."""
    cells = dict.fromkeys(action.owner for action in plan.actions if action.status.status not in CLOSED)
    owners: dict[str, str] = {}
    for cell in cells:
        owner = read_owner(cell, LANGUAGES, plan.people)
        if not (owner.placeholder or owner.group or owner.people):
            name = " ".join(without_brackets(cell).split())
            owners.setdefault(plain(name), name)
    return tuple(owners[key] for key in sorted(owners) if key)[:MOST_PEOPLE]


def _workbook_text(wish: Wish) -> str:
    """The workbook as the configuration names it: beside the configuration by its name, elsewhere by its full path, a
    Google Sheet by its address."""
    if isinstance(wish.workbook, GoogleAddress):
        return str(wish.workbook)
    workbook, folder = wish.workbook.absolute(), wish.folder.absolute()
    return workbook.name if workbook.parent == folder else str(workbook)
