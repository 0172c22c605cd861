"""One press from the open workbook to its message: what each button does, in the words of the plan's language."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sheets_sync.button.asked import Action
from sheets_sync.button.kept_result import KeptResult, keep_result, kept_result
from sheets_sync.button.one_press import Press
from sheets_sync.button.plan_of import Guest, Installed, Moved, Unknown, plan_of
from sheets_sync.button.screen import Screen
from sheets_sync.button.telling import columns_in, flag_lines, result_lines, taken_back_lines
from sheets_sync.core.snapshot import TabTitle
from sheets_sync.errors import SheetsSyncError, WorkbookError
from sheets_sync.run.clock import Clock
from sheets_sync.run.log import error_facts
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.press import NothingToTakeBack, press, press_as_guest, take_back
from sheets_sync.run.site import Options
from sheets_sync.run.wiring import excel_file
from sheets_sync.words.button_words import button_words
from sheets_sync.workbooks.excel_live import ExcelLive

NO_PLAN = 2

log = logging.getLogger("sheets_sync.button")


def pressed(action: Action, book: Any, *, clock: Clock, language: str) -> int:  # noqa: ANN401 (an xlwings.Book)
    """Do what was asked and show its message; returns the exit code. `language` is this computer's, for a workbook
    without a plan. Raises SheetsSyncError."""
    screen = Screen(book)
    live = ExcelLive(book)
    found = plan_of(book, live.carried())
    words = button_words(language)
    if isinstance(found, Moved):
        screen.tell(words.say("moved", name=found.to.name), words.say("open_there", place=str(found.to)))
        return NO_PLAN
    if isinstance(found, Unknown):
        kind = ("not_installed", "install_here") if found.was_written else ("not_set_up", "set_up")
        screen.tell(*(words.say(key) for key in kind))
        return NO_PLAN
    if isinstance(found, Installed):
        live = replace(live, known=_known_titles(found))
    return ACTIONS[action](Press(book, live, found, screen, clock))


def _known_titles(found: Installed) -> tuple[TabTitle, ...]:
    """The tabs as the saved file lists them; Excel itself tells no lasting key of a tab."""
    try:
        return excel_file(found.config, found.plan).titles()
    except WorkbookError:
        return ()


def _sync(one: Press) -> int:
    return _told(one, _ran(one, Options(confirm=lambda outcome: _confirmed(one, outcome))))


def _check(one: Press) -> int:
    return _told(one, _ran(one, Options(dry_run=True)))


def _ran(one: Press, options: Options) -> Outcome:
    one.screen.busy(one.words.say("reading"))
    if isinstance(one.found, Guest):
        return press_as_guest(one.live, one.settings, clock=one.clock, check_only=options.dry_run)
    with one.opened(one.found) as at:
        return press(at, options)


def _told(one: Press, outcome: Outcome) -> int:
    """Show the outcome and keep its message."""
    receipt = outcome.receipt
    written, refused = (len(receipt.applied), len(receipt.refused)) if receipt is not None else (0, 0)
    log.info("pressed", extra={"facts": {"ended": outcome.ended.value, "cells": written, "refused": refused}})
    lines = result_lines(outcome, one.words)
    try:
        keep_result(one.settings.uid, KeptResult(lines, one.clock.now()))
    except (SheetsSyncError, OSError) as error:  # cells are written: the person must hear of it
        log.error("result not kept", extra={"facts": dict(error_facts(error))})
    one.screen.tell(*lines)
    return outcome.code


def _confirmed(one: Press, outcome: Outcome) -> bool:
    """Ask before the first write into a workbook, and before a paused plan goes on."""
    words = one.words
    if outcome.ended is Ended.PAUSED:
        return one.screen.ask(words.say("paused_ask"), words.say("go_on_ask"))
    changes, looked = outcome.changes, outcome.looked
    if changes is None or looked is None:
        return False
    counts = {"columns": columns_in(changes), "cells": len(changes.edits)}
    return one.screen.ask(
        *flag_lines(looked.judgement, words), words.say("first_write", **counts), words.say("first_write_ask")
    )


def _explain(one: Press) -> int:
    from sheets_sync.button.explaining import row_lines

    one.screen.tell(*row_lines(one))
    return 0


def _preview_mails(one: Press) -> int:
    from sheets_sync.button.mails import preview_mails

    return preview_mails(one)


def _undo(one: Press) -> int:
    if isinstance(one.found, Guest):
        one.screen.tell(one.words.say("undo_not_here"))
        return NO_PLAN
    try:
        with one.opened(one.found) as at:
            outcome = take_back(at)
    except NothingToTakeBack:
        one.screen.tell(one.words.say("nothing_to_undo"), one.words.say("undo_of_the_job"))
        return NO_PLAN
    one.screen.tell(*taken_back_lines(outcome, one.words))
    return outcome.code


def _last_result(one: Press) -> int:
    kept = kept_result(one.settings.uid)
    if kept is None:
        one.screen.tell(one.words.say("no_last_result"))
    else:
        when = kept.at.astimezone().replace(tzinfo=None).isoformat(" ", "minutes")
        one.screen.tell(one.words.say("last_result", when=when), *kept.lines)
    return 0


ACTIONS: Mapping[Action, Callable[[Press], int]] = {
    Action.SYNC: _sync,
    Action.CHECK: _check,
    Action.EXPLAIN: _explain,
    Action.PREVIEW_MAILS: _preview_mails,
    Action.UNDO: _undo,
    Action.LAST_RESULT: _last_result,
}
