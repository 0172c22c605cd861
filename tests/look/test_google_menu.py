"""The menu for a Google Sheet, run in a browser on a sheet that stands in for Google's: what it reads and ticks."""

import json

import pytest

from sheets_sync.core.google_menu import menu_script
from sheets_sync.core.log_layout import CHECK_NOW, COLUMNS, LAST_CHECKED, RED_AFTER
from sheets_sync.words.flags import LANGUAGES
from sheets_sync.words.log_words import log_words

pytestmark = pytest.mark.chromium

SHEET = """
const said = [], items = [], cells = {};
const cell = (row, column) => ({
  offset: (rows, columns) => cell(row + rows, column + columns),
  setValue: (value) => { cells[row + ',' + column] = value; },
  getDisplayValue: () => String(cells[row + ',' + column] ?? ''),
});
const menu = { addItem: (text, name) => { items.push([text, name]); return menu; }, addToUi: () => {} };
const ui = { createMenu: (title) => { items.push([title]); return menu; }, alert: (text) => said.push(text) };
const SpreadsheetApp = {
  getUi: () => ui,
  getActive: () => ({
    getRangeByName: (name) => (name === 'the_day' && hasLog ? cell(DAY) : null),
    toast: (text, title) => said.push(title + ': ' + text),
  }),
};
"""


def played(browser, language: str, act: str, *, has_log: bool = True, **cells: str) -> dict:
    """What the sheet holds and people saw after something was chosen."""
    sheet = SHEET.replace("DAY", f"{RED_AFTER[0]}, {RED_AFTER[1]}")
    parts = (
        f"const hasLog = {json.dumps(has_log)};",
        sheet,
        f"Object.assign(cells, {json.dumps({name[1:].replace('_', ','): text for name, text in cells.items()})});",
        menu_script(language, day_name="the_day"),
        act,
        "return JSON.stringify({said, items, cells});",
    )
    return json.loads(browser.ask("(() => {" + "\n".join(parts) + "})()"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_ticks_the_box(browser, language: str) -> None:
    """The menu has two entries that exist; the first ticks the box of the log and says what comes."""
    words = log_words(language)
    seen = played(browser, language, "onOpen(); for (const [, name] of items.slice(1)) eval(name); checkNow();")
    assert seen["items"][0] == [words.menu["title"]]
    assert [text for text, _ in seen["items"][1:]] == [words.labels["check_now"], words.menu["last_result"]]
    assert seen["cells"] == {f"{CHECK_NOW[0]},{CHECK_NOW[1]}": True}
    assert seen["said"] == [f"{words.menu['title']}: {words.menu['asked']}"]


def test_the_last_result_is_told(browser) -> None:
    """The second entry tells when the plan was checked last and what the last answer was."""
    cells = {f"c{LAST_CHECKED[0]}_{LAST_CHECKED[1]}": "22/11 09:00", f"c{CHECK_NOW[0]}_{COLUMNS}": "answered 09:05"}
    seen = played(browser, "en", "lastResult();", **cells)
    assert seen["said"] == ["Last checked: 22/11 09:00\nanswered 09:05"]


@pytest.mark.parametrize("act", ["checkNow();", "lastResult();"])
def test_without_a_log_it_says_so(browser, act: str) -> None:
    """Where there is no log yet, both say so and touch nothing."""
    seen = played(browser, "en", act, has_log=False)
    assert seen["said"] == [log_words("en").menu["missing"]]
    assert seen["cells"] == {}
