"""What `excel button` does: a button into a workbook, its plan into the file with the button; or the button out."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sheets_sync.cli.console import Console, clean, console
from sheets_sync.config.kept_in import KeptPlan, is_same_file, plans_in, refuse_moved
from sheets_sync.config.load import find_config, load_config
from sheets_sync.config.moving import Move, make_move, moved
from sheets_sync.config.state import default_state
from sheets_sync.core.snapshot import Snapshot
from sheets_sync.errors import ConfigError, SheetsSyncError, UsageError, WorkbookBusy, WorkbookError
from sheets_sync.places import network_kind, synced_root
from sheets_sync.run.button_wish import plain_button, plan_button
from sheets_sync.run.clock import SystemClock, plan_day
from sheets_sync.run.excel_setup import let_excel_start_us, this_system
from sheets_sync.run.site import holding, refuse_unwritable
from sheets_sync.run.wiring import excel_file, one_plan, open_store, site
from sheets_sync.workbooks.button_file import Copy, copy_with_button, put_button, take_button, write_copy
from sheets_sync.workbooks.excel_file import ExcelFile
from sheets_sync.workbooks.ooxml.button import ButtonWish, button_cells

ADD_IN = "sheets-sync excel addin"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    workbook: Path | None
    config: Path | None
    plan: str | None
    remove: bool
    yes: bool


@dataclass(frozen=True, slots=True)
class _Target:
    """A workbook file and the plan kept in it, None where none is set up."""

    file: ExcelFile
    kept: KeptPlan | None

    @property
    def path(self) -> Path:
        """Where the workbook is."""
        return self.file.path

    def wish(self, snapshot: Snapshot) -> ButtonWish:
        """The button it gets."""
        if self.kept is None:
            return plain_button(snapshot, dt.datetime.now().astimezone().date())
        settings = self.kept.plan.settings
        return plan_button(snapshot, settings, plan_day(SystemClock().now(), settings.timezone))


def button(wanted: Wanted) -> int:
    """Put a button in or take it out. Raises UsageError, WorkbookError."""
    target = _target(wanted)
    out = console()
    try:
        with _held(target.kept):
            if target.path.suffix.lower() != ".xlsx":
                return _remove(target, out) if wanted.remove else _put(target, out)
            if wanted.remove:
                raise UsageError(f"{target.path.name} is an .xlsx, which holds no macro: there is no button in it")
            return _copy(target, out, yes=wanted.yes)
    except WorkbookBusy as busy:
        raise WorkbookError(busy.message, "close it there, then run this again") from None


def _target(wanted: Wanted) -> _Target:
    if wanted.workbook is None:
        config = load_config(find_config(wanted.config))
        kept = KeptPlan(config, one_plan(config, wanted.plan))
        workbook = kept.plan.workbook
        if not isinstance(workbook, Path):
            raise UsageError(f"{kept.plan.settings.name} is a Google Sheet; the button is for Excel workbooks")
    else:
        workbook = wanted.workbook.absolute()
    found = _in_use_first(plans_in(workbook, wanted.config), wanted.config)
    if len(found) > 1:
        raise UsageError(
            f"{len(found)} plans are kept in {workbook.name}, and a button in it can serve one only",
            "a workbook is written for one plan alone: give that one both tabs, tabs = [...], and leave the other out",
        )
    if found:
        return _Target(excel_file(*found[0]), found[0])
    if wanted.plan is not None and wanted.workbook is not None:
        raise UsageError(
            f"the plan {wanted.plan!r} is not kept in {workbook.name}", "leave out --plan, or the workbook"
        )
    refuse_moved(workbook)
    return _Target(ExcelFile(workbook, backups=default_state() / "workbooks" / "backups"), None)


def _in_use_first(found: tuple[KeptPlan, ...], config: Path | None) -> tuple[KeptPlan, ...]:
    """Of the plans kept in one file those of the configuration in use, should it have any. Raises ConfigError when that
    one has mistakes: it may be for this file, which it cannot say then."""
    try:
        file = find_config(config).absolute()
        load_config(file)
    except ConfigError:
        raise
    except UsageError:
        return found
    return tuple(kept for kept in found if is_same_file(kept.config.file, file)) or found


@contextmanager
def _held(kept: KeptPlan | None) -> Iterator[None]:
    """Keep runs of the plan away meanwhile. Raises HeldElsewhere."""
    if kept is None:
        yield
        return
    store = open_store(kept.config)
    try:
        held = site(kept.config, kept.plan, store, clock=SystemClock())
        refuse_unwritable(held)
        with holding(held):
            yield
    finally:
        store.close()


def _copy(target: _Target, out: Console, *, yes: bool) -> int:
    """Make the .xlsm, then let the plan move to it: killed in between, the same command finishes it."""
    move = moved(*target.kept) if target.kept is not None else None
    copy = copy_with_button(target.file, target.wish)
    _warn_shared(copy.target, out)
    if move is not None:
        _announce(copy, move, target, out)
        if not yes and not out.confirm("Make the copy, and let the plan move to it?"):
            return 0
    is_new = write_copy(target.file, copy, target.wish)
    if move is not None:
        make_move(move)
    elif not is_new:
        out.say(clean(f"Nothing to do: {copy.target.name} is there, with its button"))
        return 0
    out.say(clean(f"{'Up to date' if copy.is_made else 'Made'}: {copy.target}"))
    out.say(clean(f"{target.path.name} is as it was; from now on people open {copy.target.name}"))
    _say_what_next(replace(target.file, path=copy.target), target.kept, out)
    return 0


def _announce(copy: Copy, move: Move, target: _Target, out: Console) -> None:
    made = "is there already, with its button" if copy.is_made else "is made beside it, with a button"
    out.say(clean(f"{copy.target.name} {made}; {target.path.name} stays as it is, byte for byte"))
    out.say(clean(f"The plan moves to it, in {move.file}:"))
    out.say(clean(f"  {move.old_line}   becomes   {move.new_line}"))


def _put(target: _Target, out: Console) -> int:
    _warn_shared(target.path, out)
    backup = put_button(target.file, target.wish)
    if backup is None:
        out.say(clean(f"Nothing to do: {target.path.name} has its button"))
        return 0
    out.say(clean(f"{target.path.name} has its button now; as it was: {backup}"))
    _say_what_next(target.file, target.kept, out)
    return 0


def _remove(target: _Target, out: Console) -> int:
    backup = take_button(target.file)
    if backup is None:
        out.say(clean(f"Nothing to do: there is no button of ours in {target.path.name}"))
        return 0
    out.say(clean(f"The button, its macro and the plan's card are out of {target.path.name}; as it was: {backup}"))
    out.say("It stays an .xlsm: other files and people know it by that name, and it may hold macros of its own.")
    return 0


def _say_what_next(workbook: ExcelFile, kept: KeptPlan | None, out: Console) -> None:
    cells = button_cells(workbook.package())
    where = f"The button is at {cells[0]}" if len(cells) == 1 else f"The buttons are at {', '.join(cells)}"
    out.say(clean(f"{where}. It may be dragged; empty rows above the headers give it room there."))
    if kept is None:
        out.say("No plan is set up for it yet, and until then the button can only say so. Next:")
        out.say(clean(f"  sheets-sync init {_quoted(workbook.path)}"))
        out.say(clean(f"  sheets-sync excel button {_quoted(workbook.path)}"))
    try:
        let_excel_start_us(this_system())
    except SheetsSyncError as error:
        out.warn(clean(f"Excel cannot start sheets-sync on this computer yet: {error.message} ({error.remedy})"))
    out.say("In Excel: open it, allow its macros, press the button or Ctrl+Shift+Y. Trouble: sheets-sync excel doctor")


def _warn_shared(workbook: Path, out: Console) -> None:
    """A macro in a shared workbook is everybody's: say so, and name the better way (HAZARDS 21)."""
    root = synced_root(workbook)
    kind = f"a {root.service} folder" if root is not None else "a network folder" if network_kind(workbook) else ""
    if kind:
        out.warn(
            clean(f"{workbook.name} lies in {kind}: whoever opens it there gets its macro, and Excel may block it.")
        )
        out.warn(f"Better there: the add-in, which puts nothing into the workbook: {ADD_IN}")


def _quoted(workbook: Path) -> str:
    return f'"{workbook.name}"' if " " in workbook.name else workbook.name
