"""Which plan an open workbook is: one that this user installed, or one known only from what the workbook carries.

A workbook names a uid; where that plan's configuration lies is looked up in the user's own registry (HAZARDS 22). A
plan that was never written yet has no uid in its workbook: it is known by its file.
"""

from pathlib import Path
from typing import Any, NamedTuple

from sheets_sync.button.open_book import folded
from sheets_sync.config.kept_in import plans_in
from sheets_sync.config.load import FILE_NAME, load_config
from sheets_sync.config.registry import folder
from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.core.card import CardUnreadable, settings_of, uid_of
from sheets_sync.core.settings import PlanSettings
from sheets_sync.workbooks.excel_live import Carried


class Installed(NamedTuple):
    """A plan of this user's own, with its configuration."""

    config: Config
    plan: PlanConfig


class Guest(NamedTuple):
    """A plan that is not installed on this computer, with the settings its workbook carries."""

    settings: PlanSettings


class Moved(NamedTuple):
    """A plan of this user's own that is in another file by now, at `to`."""

    to: Path


class Unknown(NamedTuple):
    """Not a plan we know. `was_written` tells that somebody's sheets-sync wrote into it."""

    was_written: bool


def plan_of(book: Any, carried: Carried) -> Installed | Guest | Moved | Unknown:  # noqa: ANN401 (an xlwings.Book)
    """The plan of an open workbook, by what it carries. Raises ConfigError, UsageError for one installed badly."""
    uid = uid_of(carried.card) or (carried.stamp.plan if carried.stamp is not None else "")
    place = folder(uid) if uid else None
    if place is not None and (place / FILE_NAME).is_file():
        config = load_config(place)
        for plan in config.plans:
            if plan.settings.uid != uid or not isinstance(plan.workbook, Path):
                continue
            if plan.moved_from is not None and folded(plan.moved_from.name) == folded(book.name):
                return Moved(plan.workbook)
            if _is_in(plan.workbook, book):
                return Installed(config, plan)
    if not uid:
        return _by_file(book) or Unknown(was_written=bool(carried.card))
    try:
        return Guest(settings_of(carried.card)) if carried.card else Unknown(was_written=True)
    except CardUnreadable:
        return Unknown(was_written=True)


def _is_in(workbook: Path, book: Any) -> bool:  # noqa: ANN401 (as above)
    """Whether the plan's workbook is called so, and is not another file of that name on this computer: a copy carries
    the same uid."""
    if folded(workbook.name) != folded(book.name):
        return False
    file = file_of(book)
    return file is None or not workbook.is_file() or workbook.samefile(file)


def _by_file(book: Any) -> Installed | None:  # noqa: ANN401 (as above)
    file = file_of(book)
    kept = plans_in(file) if file is not None else ()
    return Installed(*kept[0]) if kept else None


def file_of(book: Any) -> Path | None:  # noqa: ANN401 (as above)
    """The file on this computer that a workbook was opened from; None for one that has none, or is on the web."""
    try:
        file = Path(str(book.fullname))
        return file if file.is_absolute() and file.is_file() else None
    except Exception:  # xlwings raises its own and others' errors for an address of SharePoint
        return None
