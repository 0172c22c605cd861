"""The open workbook a press was about, found among Excel's own by its name: never by a path, never opened from disk."""

import sys
import unicodedata
from types import ModuleType
from typing import Any

from sheets_sync.button.asked import Asked


class NoOpenBook(LookupError):
    """Excel does not have a workbook of this name open, or cannot be talked with."""


def open_book(xw: ModuleType, asked: Asked) -> Any:  # noqa: ANN401 (an xlwings.Book, which has no types)
    """The xlwings.Book. Raises NoOpenBook.

    On Windows the Excel of that window is asked. Elsewhere, and for a name that `Book.caller` would cut, it is looked
    for in every Excel that runs: there `Book.caller` would open a file that is not open.
    """
    try:
        by_window = sys.platform == "win32" and asked.hwnd and survives(asked.book)
        return called(xw, asked) if by_window or hasattr(xw.Book, "_mock_caller") else _named(xw, asked.book)
    except NoOpenBook:
        raise
    except Exception as error:  # each system has errors of its own, and xlwings lets them through
        raise NoOpenBook(type(error).__name__) from None


def called(xw: ModuleType, asked: Asked) -> Any:  # noqa: ANN401 (as above)
    """`Book.caller()`, with the words for it that xlwings' own macro would have started this process with."""
    words = sys.argv
    sys.argv = [*words[:1], f"--wb={asked.book}", "--from_xl=1", f"--hwnd={asked.hwnd}"]
    try:
        return xw.Book.caller()
    finally:
        sys.argv = words


def survives(name: str) -> bool:
    """Whether `Book.caller` gets a name out of its words as it was put in."""
    return "=" not in name and name == name.strip()


def _named(xw: ModuleType, name: str) -> Any:  # noqa: ANN401 (as above)
    found = [book for app in xw.apps for book in app.books if folded(book.name) == folded(name)]
    if len(found) != 1:
        raise NoOpenBook("none or several")
    return found[0]


def folded(name: str) -> str:
    """A file's name as two systems would agree on it: case and the way accents are put together do not count."""
    return unicodedata.normalize("NFC", name).casefold()
