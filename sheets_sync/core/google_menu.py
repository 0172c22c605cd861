"""A menu for a Google Sheet that asks for a check, as the text of a script that people may paste into theirs. Pure.

Nobody needs it: ticking the box in the Sync log does the same. The script stays in that one sheet, asks for no other
right, and speaks to nobody.
"""

import json
from string import Template

from sheets_sync.core.log_layout import CHECK_NOW, COLUMNS, LAST_CHECKED, RED_AFTER, Place
from sheets_sync.words.log_words import log_words

_SCRIPT = Template(
    """\
/**
 * $about
 * @OnlyCurrentDoc
 */
function onOpen() {
  SpreadsheetApp.getUi()
      .createMenu($title)
      .addItem($check_now, 'checkNow')
      .addItem($last_result, 'lastResult')
      .addToUi();
}

function checkNow() {
  const box = logCell_($box);
  if (!box) return;
  box.setValue(true);
  SpreadsheetApp.getActive().toast($asked, $title);
}

function lastResult() {
  const checked = logCell_($checked);
  if (!checked) return;
  const lines = [$last_checked + ': ' + checked.getDisplayValue(), logCell_($answer).getDisplayValue()];
  SpreadsheetApp.getUi().alert(lines.filter(String).join('\\n'));
}

/** The cell so many rows and columns from the day that the log names. */
function logCell_(rows, columns) {
  const day = SpreadsheetApp.getActive().getRangeByName($name);
  if (!day) {
    SpreadsheetApp.getUi().alert($missing);
    return null;
  }
  return day.offset(rows, columns);
}
"""
)


def menu_script(language: str, *, day_name: str) -> str:
    """The script in Google's Apps Script language; `day_name` is the named range on the log's day after which red
    shows."""
    words = log_words(language)
    texts = {
        "title": words.menu["title"],
        "check_now": words.labels["check_now"],
        "last_result": words.menu["last_result"],
        "asked": words.menu["asked"],
        "last_checked": words.labels["last_checked"],
        "missing": words.menu["missing"],
        "name": day_name,
    }
    places = {"box": CHECK_NOW, "checked": LAST_CHECKED, "answer": (CHECK_NOW[0], COLUMNS)}
    return _SCRIPT.substitute(
        {name: json.dumps(text, ensure_ascii=False) for name, text in texts.items()},
        about=words.menu["about"],
        **{name: _from_the_day(place) for name, place in places.items()},
    )


def _from_the_day(place: Place) -> str:
    return f"{place[0] - RED_AFTER[0]}, {place[1] - RED_AFTER[1]}"
