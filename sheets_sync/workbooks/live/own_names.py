"""Our hidden names in an open workbook: marks, stamp and card; and the keys of its tabs.

Excel tells nobody a tab's sheetId, which is its key. A tab with a mark of ours carries it in the mark's name; the
others are known by name from a saved file, or have a key that is good for this reading only.
"""

from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import NamedTuple

from sheets_sync.core.decision import Changes
from sheets_sync.core.snapshot import Role, Stamp, TabTitle
from sheets_sync.workbooks.live.native import Book, Native
from sheets_sync.workbooks.ooxml.traces import (
    CARD_NAMES,
    STAMP_NAME,
    card_formulas,
    marked_column,
    parse_card,
    parse_mark_name,
    parse_reference,
    parse_stamp,
    stamp_formula,
)

_PREFIX = "_sheets_sync."
_PASSING = "open:"


class OwnNames(NamedTuple):
    """What our names say. `formulas` are their formulas without "=", by name in lower case."""

    formulas: Mapping[str, str]
    keys: Mapping[str, str]
    """The key of each tab, by its name."""

    def stamp(self) -> Stamp | None:
        """The stamp, None when there is none."""
        formula = self.formulas.get(STAMP_NAME)
        return None if formula is None else parse_stamp(formula)

    def card(self) -> str:
        """The card, "" when there is none."""
        return parse_card(self.formulas)

    def marks(self, tab: str) -> tuple[Mapping[Role, int], frozenset[Role]]:
        """The columns by role of the tab with this name, and the roles whose column is gone."""
        key = self.keys[tab]
        columns: dict[Role, int] = {}
        lost: set[Role] = set()
        for name, formula in self.formulas.items():
            mark = parse_mark_name(name)
            if mark is None or mark.sheet_id != key:
                continue
            reference = parse_reference(formula)
            here = reference is not None and reference.tab.lower() == tab.lower()
            column = marked_column(reference) if reference is not None and here else None
            if column is None:
                lost.add(mark.role)
            else:
                columns[mark.role] = column
        return columns, frozenset(lost)


def read_names(book: Book, known: Collection[TabTitle]) -> OwnNames:
    """Our names. `known` are tabs as a saved file lists them."""
    formulas = {}
    for name in book.names:
        text = name.name
        if text.lower().startswith(_PREFIX):
            formulas[text.lower()] = (name.refers_to or "").removeprefix("=")
    return OwnNames(formulas, _keys([sheet.name for sheet in book.sheets], formulas, known))


def is_lasting(key: str) -> bool:
    """Whether a tab's key is its sheetId, so that a mark can be made of it."""
    return not key.startswith(_PASSING)


def write_about_the_plan(native: Native, book: Book, changes: Changes) -> None:
    """Write or remove the stamp and the card."""
    if changes.remove_stamp:
        drop_names(book, (STAMP_NAME, *CARD_NAMES))
        return
    if changes.stamp is not None:
        native.put_name(book, STAMP_NAME, "=" + stamp_formula(changes.stamp))
    card = card_formulas(changes.card)
    for name, formula in card.items():
        native.put_name(book, name, "=" + formula)
    if card:
        drop_names(book, CARD_NAMES[len(card) :])


def drop_names(book: Book, names: Collection[str]) -> None:
    """Take names of the workbook away, where they are."""
    for name in names:
        if name in book.names:
            book.names[name].delete()


def _keys(tabs: list[str], formulas: Mapping[str, str], known: Collection[TabTitle]) -> dict[str, str]:
    marked: dict[str, set[str]] = {}
    for name, formula in formulas.items():
        mark, reference = parse_mark_name(name), parse_reference(formula)
        if mark is not None and reference is not None:
            marked.setdefault(reference.tab.lower(), set()).add(mark.sheet_id)
    by_name = {title.name.lower(): title.key for title in known}
    keys: dict[str, str] = {}
    for tab in tabs:
        ours = marked.get(tab.lower(), set())
        listed = by_name.get(tab.lower())
        if len(ours) == 1 or listed in ours:
            keys[tab] = listed if listed in ours and listed is not None else min(ours)
    for tab in tabs:
        listed = by_name.get(tab.lower())
        if tab not in keys:
            free = listed is not None and listed not in keys.values()
            keys[tab] = listed if listed is not None and free else _passing_key(tab)
    return keys


def _passing_key(tab: str) -> str:
    return _PASSING + blake2b(tab.lower().encode(), digest_size=6).hexdigest()
