"""Whether one workbook is one that a button works in, for the doctor. Nothing is changed, and no cell is told."""

from collections.abc import Iterator
from pathlib import Path

from sheets_sync.cli.health import Health
from sheets_sync.config.kept_in import plans_in, refuse_moved
from sheets_sync.config.registry import folder
from sheets_sync.config.state import default_state
from sheets_sync.core.card import CardUnreadable, settings_of, uid_of
from sheets_sync.core.snapshot import Snapshot
from sheets_sync.errors import UsageError
from sheets_sync.places import network_kind, synced_root
from sheets_sync.run.excel_policy import Asking, came_from_outside
from sheets_sync.workbooks.excel_file import ExcelFile
from sheets_sync.workbooks.macros.modules import modules_of
from sheets_sync.workbooks.macros.sources import is_current, is_ours
from sheets_sync.workbooks.vba.module import Module

Line = tuple[str, Health]
RENEW = "do not press it before; put ours in again: sheets-sync excel button {name}"
USE_ADD_IN = "use the add-in, which needs no macro in the workbook: sheets-sync excel addin"


def workbook_lines(workbook: Path, asking: Asking) -> Iterator[Line]:
    """A line for each thing that matters in this workbook. Raises WorkbookError when it cannot be read."""
    file = ExcelFile(workbook, backups=default_state())
    modules = modules_of(file.package())
    ours = tuple(module for module in modules if is_ours(module))
    yield "macro", macro_health(workbook, modules)
    yield "where it came from", origin_health(workbook, asking, has_macros=bool(modules))
    yield "folder", folder_health(workbook, has_ours=bool(ours))
    yield "plan", plan_health(workbook, file.read(()))


def macro_health(workbook: Path, modules: tuple[Module, ...]) -> Health:
    """Whether the macro in the workbook says word for word what ours says (HAZARDS 21)."""
    ours = [module for module in modules if is_ours(module)]
    others = len(modules) - len(ours)
    beside = f"; {others} other modules beside it, which are its owner's" if others else ""
    if not modules:
        return Health(True, "it holds no macro; the add-in's buttons work with it")
    if not ours:
        return Health(True, f"it holds {others} modules, none of them ours; the add-in's buttons work with it")
    if not all(is_current(module) for module in ours):
        renew = RENEW.format(name=workbook.name)
        return Health(False, f"its module {ours[0].name} is not what ours says today: an older one, or changed", renew)
    return Health(True, f"its module {ours[0].name} is ours, word for word{beside}")


def origin_health(workbook: Path, asking: Asking, *, has_macros: bool) -> Health:
    """Whether Windows marked the file as coming from the internet, which blocks its macros."""
    if not came_from_outside(asking, workbook):
        return Health(True, "no mark of the web")
    if not has_macros:
        return Health(True, "marked as coming from the internet: Enable Editing lets you work in it")
    return Health(
        False,
        "marked as coming from the internet: Office blocks its macros and offers no way to allow them",
        "if you know who made it: right click > Properties > Unblock; or " + USE_ADD_IN,
    )


def folder_health(workbook: Path, *, has_ours: bool) -> Health:
    """Whether others can change the file. Nobody is ever told to trust a shared folder."""
    kind, root = network_kind(workbook), synced_root(workbook)
    if not kind and root is None:
        return Health(True, "on a disk of this computer")
    shared = f"in a folder of {root.service}" if root is not None else f"on a network ({kind})"
    if not has_ours:
        return Health(True, f"{shared}, where the add-in is the right button")
    return Health(
        False,
        f"{shared}: whoever can change the file can change its macro; do not trust that folder in Excel",
        USE_ADD_IN,
    )


def plan_health(workbook: Path, seen: Snapshot) -> Health:
    """Which plan a button would take the workbook for. Raises UsageError when the registry cannot be trusted."""
    kept = plans_in(workbook)
    if kept:
        return Health(True, f"the plan {kept[0].plan.settings.name}, installed here: {kept[0].config.file}")
    try:
        refuse_moved(workbook)
    except UsageError as moved:
        return Health(False, moved.message, moved.remedy)
    uid = uid_of(seen.card) or (seen.stamp.plan if seen.stamp is not None else "")
    place = folder(uid) if uid else None
    if place is not None:
        return Health(
            False,
            f"it says it is a plan that is installed here, but that plan has another file: {place}",
            "a copy is checked by what it carries, and nothing of it is remembered; or set workbook = in that folder",
        )
    if not uid:
        return Health(False, "no plan that sheets-sync knows", f"set it up: sheets-sync init {workbook.name}")
    try:
        settings_of(seen.card)
    except CardUnreadable as error:
        return Health(False, f"{error}", "run the plan once where it is installed, with this version of sheets-sync")
    return Health(True, "a plan installed on another computer; buttons check and flag it by the card it carries")
