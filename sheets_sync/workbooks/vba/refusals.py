"""Reasons why macros cannot be put beside the macros of a workbook, in words for a person."""

from sheets_sync.workbooks.ooxml.refusals import Unreadable

_IN_EDITOR = "Open the Visual Basic editor in Excel (Alt+F11), give it another name, save, and run again."


def name_taken(name: str, by: str) -> Unreadable:
    """Our module cannot have its name; `by` tells what has it, as in "a reference"."""
    return Unreadable(f"its macros already have {by} called {name}", _IN_EDITOR)


def not_in_code_page(place: str, character: str, code_page: int) -> Unreadable:
    """A character of our module does not exist in the code page in which the workbook keeps its macros."""
    return Unreadable(
        f"its macros are written in code page {code_page}, which has no {character!r} ({place})",
        "Make a new workbook with the button and move the tabs there.",
    )


def form_stays(name: str) -> Unreadable:
    """A module to be removed is a form of somebody else."""
    return Unreadable(f"{name} is a form, and no form of ours", _IN_EDITOR)
