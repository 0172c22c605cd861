"""Makes a starter workbook with openpyxl: its tabs with their examples. Looks are in `look`, words in `words`."""

import datetime as dt
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sheets_sync.core.workdays import Calendar
from sheets_sync.starter.explanation import add_explanation
from sheets_sync.starter.look import dress
from sheets_sync.starter.methods import HORIZON, OPENED, STANDINGS, Column, Method, Standing, TabPlan, tabs_of
from sheets_sync.starter.words import StarterWords, starter_words

if TYPE_CHECKING:
    from openpyxl import Workbook

Typable = str | int | float | dt.date | None


class Starter(NamedTuple):
    """Which workbook is wanted: the method, a language of `words.LANGUAGES`, the day it is made and the working days
    around it."""

    method: Method
    language: str
    today: dt.date
    calendar: Calendar


def make_starter(path: Path, wanted: Starter) -> tuple[str, ...]:
    """Write the workbook to `path`, a new file, and return the names of its tabs. The dates of its examples are working
    days. Raises FileExistsError rather than touch what is there, and other OSErrors."""
    from openpyxl import Workbook

    words = starter_words(wanted.language)
    book = Workbook()
    del book[book.sheetnames[0]]
    for tab in tabs_of(wanted.method):
        _add_tab(book, tab, wanted, words)
    add_explanation(book, wanted.method, words)
    book.active = 0
    book.properties.title = words.file_names[wanted.method]
    book.properties.creator = "sheets-sync"
    content = io.BytesIO()
    book.save(content)
    with path.open("xb") as new:
        new.write(content.getvalue())
    return tuple(book.sheetnames)


def _add_tab(book: "Workbook", tab: TabPlan, wanted: Starter, words: StarterWords) -> None:
    sheet = book.create_sheet(words.tabs[tab.key])
    for number, column in enumerate(tab.columns, start=1):
        sheet.cell(1, number, words.header(tab.key, column.key, wanted.method))
    for place, cells in enumerate(_examples(tab, wanted, words)):
        for number, column in enumerate(tab.columns, start=1):
            sheet.cell(place + 2, number, _value(column, cells.get(column.key), words))
    dress(sheet, tab, words)


def _examples(tab: TabPlan, wanted: Starter, words: StarterWords) -> list[Mapping[str, Typable]]:
    """The tab's example rows. A whole number in a column with a list is a place in that list."""

    def day(workdays: int) -> dt.date:
        return wanted.calendar.add(wanted.today, workdays)

    mark = {"note": words.example_mark}
    if tab.key != "actions":
        around: dict[str, Typable] = {"opened_on": day(OPENED), "until": day(HORIZON), "state": 0}
        return [{**around, **mark, **cells} for cells in words.examples[tab.key]]
    rows = words.actions[Method.A3 if wanted.method is Method.A3 else "plan"]
    return [{**_standing(standing, day), **mark, **cells} for standing, cells in zip(STANDINGS, rows, strict=True)]


def _standing(standing: Standing, day: Callable[[int], dt.date]) -> dict[str, Typable]:
    places: dict[str, Typable] = {**standing._asdict()}
    return places | {"start": day(standing.start), "due": day(standing.due)}


def _value(column: Column, value: Typable, words: StarterWords) -> Typable:
    return words.lists[column.kind][value] if isinstance(value, int) and column.kind in words.lists else value
