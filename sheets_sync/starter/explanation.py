"""The tab that explains a starter workbook: a dozen plain lines in its own words."""

from typing import TYPE_CHECKING

from sheets_sync.starter.look import dress_explanation
from sheets_sync.starter.methods import Method
from sheets_sync.starter.words import StarterWords
from sheets_sync.words.flags import flag_words

if TYPE_CHECKING:
    from openpyxl import Workbook

BLOCKED, DONE = 3, 5
"""Places in the list of statuses."""


def explanation(method: Method, words: StarterWords) -> tuple[str, ...]:
    """The lines, naming headers, tabs and statuses as they stand in this workbook."""
    names = {key: f"“{words.header('actions', key, method)}”" for key in words.headers["actions"]}
    names |= {key: f"“{text}”" for key, text in words.method_headers.get(method, {}).items()}
    names |= {key: f"“{words.tabs[key]}”" for key in ("people", "goals", "kpis", "problems")}
    names |= {role: f"“{header}”" for role, header in flag_words(words.language).headers.items()}
    names |= {"done_status": words.lists["status"][DONE], "blocked_status": words.lists["status"][BLOCKED]}
    lines = (*words.explained_by_method[method], *words.explained, *words.closing)
    return tuple(line.format(**names) for line in lines)


def add_explanation(book: "Workbook", method: Method, words: StarterWords) -> None:
    """Add the tab at the end: a title, and a numbered line each."""
    sheet = book.create_sheet(words.tabs["how_to"])
    sheet["A1"] = words.title
    for number, line in enumerate(explanation(method, words), start=1):
        sheet.cell(number + 2, 1, number)
        sheet.cell(number + 2, 2, line)
    dress_explanation(sheet)
