"""Formulas of conditional formats in the language Excel is set to: there it takes and gives no other.

A hidden name translates: it takes a formula in one language and gives it in the other. It is taken away at once.
"""

import re

from sheets_sync.workbooks.live.native import Sheet
from sheets_sync.workbooks.ooxml.traces import quoted_tab

_TRANSLATION = "_sheets_sync.translation"
_UI_LANGUAGE, _LIST_SEPARATOR = 2, 5
_PRIMARY, _ENGLISH = 0x3FF, 0x09
_TEXT = r'("(?:[^"]|"")*")'


def in_local_words(sheet: Sheet, formula: str) -> str:
    """An English formula (without "=") in the program's language."""
    if _is_english(sheet):
        return formula
    name = sheet.book.api.Names.Add(Name=_TRANSLATION, RefersTo="=" + formula, Visible=False)
    try:
        return without_tab(str(name.RefersToLocal).removeprefix("="), sheet.name)
    finally:
        name.Delete()


def in_english(sheet: Sheet, formula: str) -> str:
    """A formula (without "=") of the program's language in English."""
    if _is_english(sheet):
        return formula
    name = sheet.book.api.Names.Add(Name=_TRANSLATION, RefersToLocal="=" + formula, Visible=False)
    try:
        return without_tab(str(name.RefersTo).removeprefix("="), sheet.name)
    finally:
        name.Delete()


def list_separator(sheet: Sheet) -> str:
    """What stands between the values of a list."""
    return str(sheet.book.app.api.International(_LIST_SEPARATOR))


def without_tab(formula: str, tab: str) -> str:
    """The formula without the tab's name, which a name puts before each reference; texts stay."""
    prefixes = "|".join(re.escape(prefix) for prefix in (quoted_tab(tab) + "!", tab + "!"))
    return re.sub(rf"{_TEXT}|(?:{prefixes})", lambda found: found[1] or "", formula)


def _is_english(sheet: Sheet) -> bool:
    language = sheet.book.app.api.LanguageSettings.LanguageID(_UI_LANGUAGE)
    return bool(int(language) & _PRIMARY == _ENGLISH)
