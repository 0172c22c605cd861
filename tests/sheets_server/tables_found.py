"""Where `values:append` puts its rows: below the last table it finds in a range. Learnt from recorded replies."""

from typing import NamedTuple

from .book import Block

Place = tuple[int, int]


class Found(NamedTuple):
    """The table found, if any, and the first cell after it."""

    table: Block | None
    row: int
    column: int


def append_place(block: Block) -> Found:
    """The last table (cells that touch, corners included) that reaches into a range."""
    filled = {(row, column) for row, column, cell in block.sheet.filled() if cell.value is not None}
    tables = [table for table in _tables(block, filled) if _meets(table, block)]
    if not tables:
        return Found(None, block.top, block.left)
    last = max(tables, key=lambda table: (table.bottom, table.left))
    return Found(last, last.bottom, last.left)


def _meets(table: Block, block: Block) -> bool:
    rows = table.top < block.bottom and block.top < table.bottom
    return rows and table.left < block.right and block.left < table.right


def _tables(block: Block, filled: set[Place]) -> list[Block]:
    left, tables = set(filled), []
    while left:
        waiting, table = [left.pop()], []
        while waiting:
            row, column = waiting.pop()
            table.append((row, column))
            near = {(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)} & left
            left -= near
            waiting += near
        rows, columns = [row for row, _ in table], [column for _, column in table]
        tables.append(Block(block.sheet, min(rows), min(columns), max(rows) + 1, max(columns) + 1))
    return tables
