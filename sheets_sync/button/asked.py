"""What a macro asks for: one of a closed list of actions, for one open workbook, by its name.

The name comes in the process's own environment, never on the command line: see the macros.
"""

from collections.abc import MutableMapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from sheets_sync.workbooks.macros.sources import MACRO_VERSION

NAME_VARIABLE = "SHEETS_SYNC_WORKBOOK"


class Action(StrEnum):
    """What a button can ask for."""

    SYNC = "sync"
    CHECK = "check"
    EXPLAIN = "explain"
    PREVIEW_MAILS = "preview-mails"
    UNDO = "undo"
    LAST_RESULT = "last-result"


class Asked(NamedTuple):
    """One press. `hwnd` is the window of Excel on Windows, "" elsewhere; `too_new` that the macro is of a later version
    of sheets-sync than this one."""

    action: Action
    book: str
    hwnd: str = ""
    too_new: bool = False


class NotAsked(ValueError):
    """The words are not those of our macros."""


def read_asked(words: Sequence[str], variables: MutableMapping[str, str]) -> Asked:
    """Read the words after the program's name, and take the workbook's name out of the environment, so that nothing
    started later gets it. Raises NotAsked."""
    book = variables.pop(NAME_VARIABLE, "")
    if not words or words[0] not in list(Action):
        raise NotAsked("no known action")
    hwnd = macro = ""
    for word in words[1:]:
        option, _, value = word.partition("=")
        if option == "--hwnd" and _is_number(value):
            hwnd = value
        elif option == "--macro" and _is_number(value):
            macro = value
        else:
            raise NotAsked("no known option")
    if not book:
        raise NotAsked("no workbook")
    return Asked(Action(words[0]), book, hwnd, too_new=int(macro or 0) > int(MACRO_VERSION))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 20
