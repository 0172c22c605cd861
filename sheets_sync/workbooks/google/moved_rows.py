"""What to put right when people moved rows between our read and our write: every text goes where its row is now, and
what it was written over comes back. Pure.

A row is known again by its key, where that names one row before and after; where an id itself was written, or there is
none, by its human cells.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sheets_sync.core.cells import BLANK, CellValue
from sheets_sync.core.decision import KeyColumn
from sheets_sync.core.snapshot import Role, Row, Tab
from sheets_sync.core.witness import row_witness
from sheets_sync.workbooks.google.value_requests import OwnCell, Texts


class Settlement(NamedTuple):
    """`fixes` are the cells to write now, as the tab stands. `now_at` tells where each wanted cell stands now; those
    whose row is gone or is not sure are missing."""

    fixes: Mapping[OwnCell, str]
    now_at: Mapping[OwnCell, OwnCell]


def settlement(
    base: Tab, fresh: Tab, keys: KeyColumn, *, wanted: Texts, written: Texts, header_row: int | None = None
) -> Settlement:
    """Compare a tab as read before (`base`) with the tab now (`fresh`).

    `wanted` are the texts by cell as it was in `base`; `written` those already sent, by cell as it was addressed.
    `header_row` is the header row of `base` where that is known.
    """
    origin = _origins(base, fresh, keys, written, header_row)
    before = {row.number: row for row in base.rows}
    fixes: dict[OwnCell, str] = {}
    now_at: dict[OwnCell, OwnCell] = {}
    for row in fresh.rows:
        was = origin.get(row.number)
        for role in fresh.marks:
            here = OwnCell(fresh.key, row.number, role)
            held = own_literal(fresh, row, role)
            there = OwnCell(base.key, was, role) if was is not None else None
            old = own_literal(base, before[was], role) if was is not None else BLANK
            text = wanted.get(there, old.text) if there is not None else ""
            reachable = held.text == text or held.text == written.get(here) or (there in wanted and held == old)
            if reachable and held.text != text:
                fixes[here] = text
            if reachable and there is not None and there in wanted:
                now_at[there] = here
    return Settlement(fixes, now_at)


def moved_keys(base: Tab, fresh: Tab, keys: KeyColumn, header_row: int | None = None) -> KeyColumn:
    """Where the columns that tell rows apart stand now; `header_row` is that of `base` where it is known."""
    columns = _same_columns(base, fresh, keys, header_row)
    column = columns.get(keys.column) if keys.column is not None else None
    witness = tuple((columns[at], header) for at, header in keys.witness_columns if at in columns)
    return KeyColumn(keys.tab, column, witness)


def has_effect(base: Tab, fresh: Tab, written: Texts) -> bool:
    """Whether any of these texts, new to its cell, stands there now."""
    before = {row.number: row for row in base.rows}
    after = {row.number: row for row in fresh.rows}
    for cell, text in written.items():
        stood = own_literal(base, before.get(cell.row), cell.role).text
        if cell.tab == fresh.key and stood != text == own_literal(fresh, after.get(cell.row), cell.role).text:
            return True
    return False


def own_literal(tab: Tab, row: Row | None, role: Role) -> CellValue:
    """What a column of ours holds in a row; blank where there is no such column or row."""
    cell = row.cells.get(tab.marks.get(role, 0)) if row is not None else None
    return cell.literal if cell is not None else BLANK


def header_row_again(fresh: Tab, header: Mapping[int, CellValue]) -> Row | None:
    """The row now that has most of the headers, wherever it and they stand; the topmost of equals."""
    texts = set(header.values())
    best: Row | None = None
    most = 0
    for row in fresh.rows:
        alike = len(texts.intersection(cell.literal for cell in row.cells.values()))
        if alike > most:
            best, most = row, alike
    return best


def _origins(base: Tab, fresh: Tab, keys: KeyColumn, written: Texts, header_row: int | None) -> Mapping[int, int]:
    """The rows of `fresh` that are known again, with the number they had in `base`."""
    columns = _same_columns(base, fresh, keys, header_row)
    ids_written = {cell.row for cell in written if cell.tab == fresh.key and cell.role is Role.ID}
    old_keys = _unique((row, _key(row, keys.column)) for row in base.rows)
    new_key_column = columns.get(keys.column) if keys.column is not None else None
    new_keys = _unique((row, _key(row, new_key_column)) for row in fresh.rows if row.number not in ids_written)
    found = {number: old_keys[key] for key, number in new_keys.items() if key in old_keys}
    witnessed = [(columns[column], header) for column, header in keys.witness_columns if column in columns]
    if len(witnessed) == len(keys.witness_columns) and witnessed:
        taken = set(found.values())
        keyed = {row.number for row in base.rows if _key(row, keys.column)}
        old = _unique((row, row_witness(row, keys.witness_columns)) for row in base.rows)
        new = _unique((row, row_witness(row, witnessed)) for row in fresh.rows)
        for witness, number in new.items():
            if number not in found and witness in old and old[witness] not in taken:
                was = old[witness]
                if number in ids_written or was not in keyed:
                    found[number] = was
    return found if header_row is None else _with_header(found, base, fresh, header_row)


def _with_header(found: Mapping[int, int], base: Tab, fresh: Tab, header_row: int) -> Mapping[int, int]:
    """The header row is known by its headers; while half of them are nowhere it is taken to stand where it stood."""
    header = _header(base, header_row)
    now = header_row_again(fresh, header)
    alike = len(set(header.values()).intersection(_literals(now).values())) if now is not None else 0
    if now is None or 2 * alike < len(set(header.values())):
        return {header_row: header_row, **found}
    return {**{number: was for number, was in found.items() if was != header_row}, now.number: header_row}


def _same_columns(base: Tab, fresh: Tab, keys: KeyColumn, header_row: int | None) -> Mapping[int, int]:
    """Where the columns that tell rows apart stand now: those of ours by mark, others by the header they have."""
    header_before = _header(base, header_row)
    row_now = header_row_again(fresh, header_before)
    header_now = _literals(row_now) if row_now is not None else {}
    wanted = [column for column, _ in keys.witness_columns]
    if keys.column is not None:
        wanted.append(keys.column)
    found: dict[int, int] = {}
    for column in wanted:
        role = next((role for role, at in base.marks.items() if at == column), None)
        if role is not None:
            now = fresh.marks.get(role)
        elif not header_before or header_now.get(column) == header_before.get(column):
            now = column
        else:
            alike = [at for at, literal in header_now.items() if literal == header_before.get(column)]
            now = alike[0] if len(alike) == 1 else None
        if now is not None:
            found[column] = now
    return found


def _header(tab: Tab, header_row: int | None) -> Mapping[int, CellValue]:
    """What stands in the header row; where that is not known, in the topmost in which one of our columns holds
    something."""
    ours = set(tab.marks.values())
    known = (row for row in tab.rows if row.number == header_row)
    row = next(known, None) or next((row for row in tab.rows if not ours.isdisjoint(row.cells)), None)
    return _literals(row) if row is not None else {}


def _literals(row: Row) -> Mapping[int, CellValue]:
    return {column: cell.literal for column, cell in row.cells.items()}


def _key(row: Row, column: int | None) -> str:
    cell = row.cells.get(column) if column is not None else None
    return cell.literal.text if cell is not None else ""


def _unique(named: Iterable[tuple[Row, str]]) -> Mapping[str, int]:
    """Row numbers by name, for names that only one row has."""
    pairs: Sequence[tuple[str, int]] = [(name, row.number) for row, name in named if name]
    count = Counter(name for name, _ in pairs)
    return {name: number for name, number in pairs if count[name] == 1}
