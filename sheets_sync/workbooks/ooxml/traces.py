"""The traces we leave in a workbook, as text: marks, the stamp, highlight markers, drop-downs. Builds and parses them.

Where in a package they stand is not here: reading them is in own_traces, writing them is the writer's.

- A mark is a hidden defined name `_sheets_sync.<sheetId>.<role>` that refers to one whole column of the tab with
  that sheetId. Spreadsheet programs keep it through renames, moves and inserted columns, and turn it into #REF! when
  the column goes. A copied tab has another sheetId, so a copied mark does not count.
- The stamp is a hidden defined name whose formula is the text constant "plan;store;write;version".
- The card is a hidden defined name, or several in a row, whose formula joins short text constants.
- The Sync log's mark is a hidden defined name `_sheets_sync.<sheetId>.log` that refers to its block of cells. Another,
  `_sheets_sync.red_after`, refers to its cell with the day after which a missing check shows in red: rules of any tab
  may name it, and it stays right when people rename, move or widen the tab.
- A highlight carries N("sheets-sync:<colour>")=0 in its formula, which is always true.
- A drop-down carries our name as the title of its warning.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from sheets_sync.core.snapshot import Area, Role, Stamp
from sheets_sync.workbooks.ooxml.grid import MAX_ROW, column_letters, parse_area
from sheets_sync.workbooks.ooxml.refusals import Unreadable

STAMP_NAME = "_sheets_sync.stamp"
CARD_NAMES = ("_sheets_sync.card", *(f"_sheets_sync.card.{place}" for place in range(2, 9)))
DROP_DOWN_TITLE = "sheets-sync"
COLOURS = ("red", "amber", "stale")
FOREIGN_STAMP = Stamp("", "", 0, "")
"""Stands for a stamp that cannot be read: it equals nobody's, so the workbook counts as written by somebody else."""

RED_AFTER_NAME = "_sheets_sync.red_after"
_MARK_PREFIX = "_sheets_sync."
_LOG_MARK = re.compile(r"_sheets_sync\.(\d+)\.log", re.ASCII | re.IGNORECASE)
_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!([^!]+)")
_TEXT_CONSTANT = re.compile(r'\s*"((?:[^"]|"")*)"\s*')
_JOINED = re.compile(r'\s*"(?:[^"]|"")*"(?:\s*&\s*"(?:[^"]|"")*")*\s*')
_CONSTANT_PIECE = 120
"""A text constant in a formula may have 255 characters, and each quotation mark counts twice."""
_PIECES_PER_NAME = 30
"""A formula may have 8,192 characters."""


class Reference(NamedTuple):
    """A reference to an area of a named tab."""

    tab: str
    area: Area


class Mark(NamedTuple):
    """What a mark's name says. `sheet_id` is the tab's sheetId as text."""

    sheet_id: str
    role: Role


def mark_name(sheet_id: str, role: Role) -> str:
    """The defined name that marks the column with this role."""
    return f"{_MARK_PREFIX}{sheet_id}.{role}"


def parse_mark_name(name: str) -> Mark | None:
    """What a defined name marks, None when it is no mark of ours."""
    if not name.lower().startswith(_MARK_PREFIX):
        return None
    sheet_id, _, role = name[len(_MARK_PREFIX) :].lower().partition(".")
    known = next((known for known in Role if known == role), None)
    return Mark(sheet_id, known) if known and sheet_id.isascii() and sheet_id.isdigit() else None


def log_mark_name(sheet_id: str) -> str:
    """The defined name that marks the Sync log."""
    return f"{_MARK_PREFIX}{sheet_id}.log"


def parse_log_mark_name(name: str) -> str:
    """The sheetId of the tab that a defined name marks as the Sync log, "" when it marks none."""
    found = _LOG_MARK.fullmatch(name)
    return found[1] if found else ""


def area_reference(tab: str, area: Area) -> str:
    """An area of a tab, absolute, without "="; one cell stands alone."""
    corners = [f"${column_letters(area.left)}${area.top}", f"${column_letters(area.right)}${area.bottom}"]
    return f"{quoted_tab(tab)}!{':'.join(dict.fromkeys(corners))}"


def quoted_tab(tab: str) -> str:
    """A tab's name as formulas write it, always in quotes."""
    return "'" + tab.replace("'", "''") + "'"


def mark_reference(tab: str, column: int) -> str:
    """What a mark refers to: the whole column, absolute, without "="."""
    letters = column_letters(column)
    return f"{quoted_tab(tab)}!${letters}$1:${letters}${MAX_ROW}"


def parse_reference(formula: str) -> Reference | None:
    """The one area a formula refers to; None for #REF!, several areas, and anything that is no reference."""
    reference = _REFERENCE.fullmatch(formula.strip())
    if reference is None:
        return None
    tab = reference[1].replace("''", "'") if reference[1] else reference[2]
    try:
        return Reference(tab, parse_area(reference[3]))
    except Unreadable:
        return None


def marked_column(reference: Reference) -> int | None:
    """The column a mark's reference stands for; None when it spans several."""
    return reference.area.left if reference.area.left == reference.area.right else None


def text_constant(text: str) -> str:
    """A formula that is this text."""
    return '"' + text.replace('"', '""') + '"'


def parse_text_constant(formula: str) -> str | None:
    """The text a formula consists of, None when it is something else."""
    constant = _TEXT_CONSTANT.fullmatch(formula)
    return constant[1].replace('""', '"') if constant else None


def stamp_formula(stamp: Stamp) -> str:
    """The stamp as a formula. Its texts hold no ";"."""
    return text_constant(f"{stamp.plan};{stamp.store};{stamp.write};{stamp.version}")


def parse_stamp(formula: str) -> Stamp:
    """The stamp of a formula; FOREIGN_STAMP when it cannot be read. Further fields, of a newer program, are ignored."""
    fields = (parse_text_constant(formula) or "").split(";")
    if len(fields) < 4 or not (fields[2].isascii() and fields[2].isdigit() and len(fields[2]) < 19):
        return FOREIGN_STAMP
    return Stamp(fields[0], fields[1], int(fields[2]), fields[3])


def card_formulas(card: str) -> dict[str, str]:
    """The card as the hidden names that hold it, each with its formula. A card holds ASCII only, and not too much."""
    pieces = [text_constant(card[at : at + _CONSTANT_PIECE]) for at in range(0, len(card), _CONSTANT_PIECE)]
    names = [pieces[at : at + _PIECES_PER_NAME] for at in range(0, len(pieces), _PIECES_PER_NAME)]
    return {name: "&".join(own) for name, own in zip(CARD_NAMES, names, strict=False)}


def parse_card(formulas: Mapping[str, str]) -> str:
    """The card that these names hold; "" when there is none or it is damaged."""
    known = {name.lower(): formula for name, formula in formulas.items()}
    card = ""
    for name in CARD_NAMES:
        if name not in known:
            break
        if not _JOINED.fullmatch(known[name]):
            return ""
        card += "".join(piece[1].replace('""', '"') for piece in _TEXT_CONSTANT.finditer(known[name]))
    return card


def highlight_marker(colour: str) -> str:
    """The term that makes a highlight formula ours; always true."""
    return f'N("sheets-sync:{colour}")=0'


def highlight_colour(formula: str) -> str:
    """The colour of our highlight, "" when the formula is not ours. Letter case and spaces outside texts are free."""
    for colour in COLOURS:
        if f'"sheets-sync:{colour}"' in formula and _marker_pattern(colour).search(formula):
            return colour
    return ""


def _marker_pattern(colour: str) -> re.Pattern[str]:
    return re.compile(rf'(?<![\w.])[Nn]\(\s*"sheets-sync:{colour}"\s*\)\s*=\s*0(?![\d.])')


def drop_down_formula(values: tuple[str, ...]) -> str:
    """The list of a drop-down as a formula. Its values hold no ","."""
    return text_constant(",".join(values))


def parse_drop_down_formula(formula: str) -> tuple[str, ...]:
    """The values of a drop-down; none when the list stands elsewhere (a range)."""
    text = parse_text_constant(formula)
    return tuple(value.strip() for value in text.split(",")) if text else ()
