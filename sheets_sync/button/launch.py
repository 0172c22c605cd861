"""From what a macro asked for to an exit code: finds the open workbook, answers, and turns errors into one sentence.

A message never holds an error's own text, unless the error is ours, nor a way through the code (HAZARDS 26).
"""

import logging
from pathlib import Path
from typing import Any

from sheets_sync.button.asked import Asked
from sheets_sync.button.kept_result import button_folder
from sheets_sync.button.lean_xlwings import lean_xlwings
from sheets_sync.button.open_book import NoOpenBook, open_book
from sheets_sync.button.screen import Screen
from sheets_sync.config.machine import machine_language
from sheets_sync.errors import ConfigError, HeldElsewhere, SheetsSyncError, UsageError, WorkbookBusy
from sheets_sync.run.clock import Clock, SystemClock
from sheets_sync.run.log import error_facts, start_log_file
from sheets_sync.words.button_words import ButtonWords, button_words

UNTOLD, TOLD_USAGE, TOLD_FAILED = 1, 2, 3
LOG_FILE = "button.log"

log = logging.getLogger("sheets_sync.button")


def launch(asked: Asked, *, clock: Clock | None = None) -> int:
    """Answer a press; every error has been told to the person, or the exit code is 1."""
    _start_log()
    try:
        book = open_book(lean_xlwings(), asked)
    except (NoOpenBook, ImportError) as error:
        log.error("no open workbook", extra={"facts": dict(error_facts(error))})
        return UNTOLD
    try:
        return answer(asked, book, clock=clock or SystemClock())
    except Exception as error:  # Excel does not listen: the message itself could not be shown
        log.error("not told", extra={"facts": dict(error_facts(error))})
        return UNTOLD
    finally:
        Screen(book).free()


def answer(asked: Asked, book: Any, *, clock: Clock) -> int:  # noqa: ANN401 (an xlwings.Book)
    """Answer a press about an open workbook. Raises only what Excel raises when a message cannot be shown."""
    screen, language = Screen(book), machine_language()
    words = button_words(language)
    if asked.too_new:
        screen.tell(words.say("too_new"))
        return TOLD_USAGE
    try:
        from sheets_sync.button.pressed import pressed

        return pressed(asked.action, book, clock=clock, language=language)
    except HeldElsewhere as held:
        screen.tell(words.say("held"))
        return held.exit_code
    except WorkbookBusy:
        screen.tell(words.say("busy"))
        return TOLD_FAILED
    except SheetsSyncError as error:
        log.error("failed", extra={"facts": dict(error_facts(error))})
        screen.tell(*_error_lines(error, words))
        return TOLD_USAGE if isinstance(error, UsageError) else TOLD_FAILED
    except Exception as error:
        facts = error_facts(error)
        log.error("unexpected", extra={"facts": dict(facts)})
        screen.tell(words.say("unexpected", type=str(facts["type"]), place=str(facts["place"])))
        return TOLD_FAILED


def _error_lines(error: SheetsSyncError, words: ButtonWords) -> tuple[str, ...]:
    """What an error says; of mistakes in a configuration, which may name people, only how many there are."""
    if isinstance(error, ConfigError) and error.mistakes:
        folder = str(Path(error.mistakes[0].file).parent)
        return (words.count("config_mistakes", len(error.mistakes), folder=folder),)
    return tuple(line for line in (*error.message.splitlines(), error.remedy) if line)


def _start_log() -> None:
    """Log into the user's state folder; a press whose log cannot be written is answered all the same."""
    try:
        start_log_file(button_folder() / LOG_FILE)
    except (SheetsSyncError, OSError):
        logging.getLogger("sheets_sync").handlers = [logging.NullHandler()]
