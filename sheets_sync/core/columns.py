"""Where our own columns stand in a tab, or will stand: marks, deleted columns, room to the right (HAZARDS 1)."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sheets_sync.core.decision import ColumnState, Structure, StructureKind
from sheets_sync.core.highlights import letters
from sheets_sync.core.plan import TabLayout
from sheets_sync.core.snapshot import Role, Tab
from sheets_sync.words.flags import FlagWords

ORDER = (Role.ID, Role.FLAG, Role.NEXT_FIX)
"""Next fix stands last, so that its sentence may run on to the right."""


class OwnColumns(NamedTuple):
    """`present` maps each of our columns to its column number, new ones included; `added` creates the new ones.

    `key_column` holds the ids as read (None before the first write of a plan without ids). `dropped` are roles whose
    column a person deleted. `no_room` is "" or what to free, as "<count>:<column letters>".
    """

    present: Mapping[Role, int]
    added: tuple[Structure, ...]
    key_column: int | None
    dropped: frozenset[Role]
    no_room: str


def own_columns(tab: Tab, layout: TabLayout, words: FlagWords, *, dropped: frozenset[str], restore: bool) -> OwnColumns:
    """Find our columns by their marks and plan the missing ones directly right of the last header.

    A column that a person deleted stays deleted, unless `restore` is given.
    """
    roles = tuple(role for role in ORDER if role is not Role.ID or layout.id_is_ours)
    present = {role: column for role, column in tab.marks.items() if role in roles}
    remembered = {role for role in roles if f"{tab.key}:{role}" in dropped}
    gone = frozenset() if restore else frozenset((tab.lost_marks & set(roles)) | remembered) - present.keys()
    key_column = present.get(Role.ID) if layout.id_is_ours else layout.id_column
    missing = tuple(role for role in roles if role not in present and role not in gone)
    last = max([layout.last_header, *tab.marks.values()])
    if missing and not _is_free(tab, layout, last + 1, last + len(missing)):
        return OwnColumns({}, (), key_column, gone, f"{len(missing)}:{letters(last)}")
    added = []
    for column, role in enumerate(missing, start=last + 1):
        state = ColumnState(role, column, layout.header_row, words.headers[role], layout.last_row)
        added.append(Structure(StructureKind.COLUMN, tab.key, None, state))
        present[role] = column
    return OwnColumns(present, tuple(added), key_column, gone, "")


def blank_headers(tab: Tab, layout: TabLayout, words: FlagWords, *, present: Iterable[Role]) -> tuple[Structure, ...]:
    """Headers that stand blank over our columns, to be given their words again. One that people renamed is theirs, and
    so is one above or below the header row, or within merged cells."""
    found = []
    for role in present:
        column = tab.marks.get(role)
        if column is not None and _lacks_header(tab, layout.header_row, column, words.headers[role]):
            now = ColumnState(role, column, layout.header_row, "", layout.last_row)
            named = now._replace(header=words.headers[role])
            found.append(Structure(StructureKind.COLUMN, tab.key, now, named))
    return tuple(found)


def _lacks_header(tab: Tab, header_row: int, column: int, header: str) -> bool:
    for row in tab.rows:
        cell = row.cells.get(column)
        if cell is not None and (row.number <= header_row or cell.literal.text == header):
            return False
    return not any(area.holds(header_row, column) for area in (*tab.merged, *tab.computed))


def _is_free(tab: Tab, layout: TabLayout, first: int, last: int) -> bool:
    """No cell, merge or other table stands in these columns from the header row down."""
    wanted = range(first, last + 1)
    for row in tab.rows:
        if row.number >= layout.header_row and any(column in row.cells for column in wanted):
            return False
    areas = [*tab.merged, *(table.area for table in tab.tables)]
    return not any(area.bottom >= layout.header_row and area.left <= last and area.right >= first for area in areas)


HEADER_ROWS = 15
OUR_IDS = 0.9


def unmarked_columns(tab: Tab, words: FlagWords, *, id_prefix: str) -> tuple[Structure, ...]:
    """Columns that carry our headers but lost their marks, to be marked again where they stand (HAZARDS 1).

    The header row is the first one that holds our Flag or Next fix header. An ID column is taken along only when
    nearly all its cells are ids as we give them: a team's own id column never becomes ours.
    """
    wanted = {words.headers[role]: role for role in ORDER if role not in tab.marks}
    decisive = {words.headers[Role.FLAG], words.headers[Role.NEXT_FIX]}
    for row in tab.rows:
        if row.number > HEADER_ROWS:
            break
        texts = {column: cell.literal.text for column, cell in row.cells.items() if cell.literal.text in wanted}
        if not decisive.isdisjoint(texts.values()):
            ours = {at: text for at, text in texts.items() if wanted[text] is not Role.ID}
            ours |= {at: text for at, text in texts.items() if _holds_our_ids(tab, at, row.number, id_prefix)}
            states = (ColumnState(wanted[text], at, row.number, text, row.number) for at, text in sorted(ours.items()))
            return tuple(Structure(StructureKind.COLUMN, tab.key, state, state) for state in states)
    return ()


def _holds_our_ids(tab: Tab, column: int, header_row: int, id_prefix: str) -> bool:
    cells = [row.cells[column] for row in tab.rows if row.number > header_row and column in row.cells]
    pattern = re.compile(rf"{re.escape(id_prefix)}-\d{{4,}}")
    ours = sum(1 for cell in cells if pattern.fullmatch(cell.literal.text))
    return bool(cells) and ours >= OUR_IDS * len(cells)
