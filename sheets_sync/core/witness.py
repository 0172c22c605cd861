"""The witness of a row: a hash of its human cells, by which a row without an id is recognised (HAZARDS 2)."""

from collections.abc import Sequence
from hashlib import blake2b

from sheets_sync.core.snapshot import Row


def row_witness(row: Row, columns: Sequence[tuple[int, str]]) -> str:
    """Hash a row's non-blank human cells, each beside its header, in header order.

    `columns` are (column number, normalised header) pairs sorted by header; tool-owned and id columns are not among
    them. Neither the row's number nor a column's letter counts, so a moved row or column keeps the witness.
    Returns 32 hex digits; the hash of an empty row is a constant.
    """
    cell_at = row.cells.get
    parts: list[str] = []
    for column, header in columns:
        cell = cell_at(column)
        if cell is not None:
            literal = cell[0]
            parts += (header, "\x1f", literal[0], "\x1f", literal[1], "\x1e")
    return blake2b("".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
