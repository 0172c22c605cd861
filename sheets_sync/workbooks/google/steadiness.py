"""Whether rows stayed where they were while a long tab was read in parts (HAZARDS 16). Pure.

The column that tells rows apart best is read again with the last part.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sheets_sync.workbooks.google.calls import Json


def telling_column(pieces: Sequence[Json]) -> int | None:
    """The column (from 1) with the most different entries, the leftmost of equals; None when nothing stands there."""
    different: dict[int, set[str]] = {}
    for _, column, entered in _entries(pieces):
        different.setdefault(column, set()).add(repr(entered))
    return min(different, key=lambda column: (-len(different[column]), column), default=None)


def entries(pieces: Iterable[Json], column: int) -> Mapping[int, str]:
    """What was entered in a column, by row (from 1)."""
    return {row: repr(entered) for row, at, entered in _entries(pieces) if at == column}


def _entries(pieces: Iterable[Json]) -> Iterator[tuple[int, int, Json]]:
    for piece in pieces:
        left = int(piece.get("startColumn", 0)) + 1
        for row, line in enumerate(piece.get("rowData", ()), int(piece.get("startRow", 0)) + 1):
            for column, held in enumerate(line.get("values", ()), left):
                entered = held.get("userEnteredValue")
                if entered:
                    yield row, column, entered
