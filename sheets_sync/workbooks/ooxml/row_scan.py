"""Read the rows of canonical sheet XML straight from its bytes: fast, because equal cells are read once.

A row is cut at its cells; what follows a cell's address ('s="4" t="s"><v>17</v></c>') is matched as a whole the first
time and looked up after that. Every byte is accounted for; whatever is not canonical raises NotCanonical, and then
row_events reads the sheet with a parser. Both must give the same rows.
"""

import re
from typing import Final

from sheets_sync.core.cells import BLANK, Cell
from sheets_sync.core.snapshot import Row
from sheets_sync.workbooks.ooxml.canonical import (
    ATTRIBUTES,
    PREFIXED_ATTRIBUTES,
    TEXT,
    NotCanonical,
    RootTag,
    attributes,
    plain_text,
)
from sheets_sync.workbooks.ooxml.cell_values import CellMaker
from sheets_sync.workbooks.ooxml.grid import MAX_COLUMN, MAX_ROW, column_number
from sheets_sync.workbooks.ooxml.rich_text import string_of
from sheets_sync.workbooks.ooxml.tab_formulas import TabFormulas
from sheets_sync.workbooks.ooxml.text_escapes import decode_escapes
from sheets_sync.workbooks.ooxml.xml_scan import tree

_KEPT_CELLS = 50_000
_TRUE = (b"1", b"true", b"on")

# Patterns; "~" stands for the namespace prefix of the part's own elements.
_SPACE = b'(?: xml:space="preserve")?'
_ROW = b'<~row r="([0-9]{1,7})"(' + PREFIXED_ATTRIBUTES + b") ?(/?)>"
_PLAIN_INLINE = b"<~is><~t" + _SPACE + b">(" + TEXT + b")</~t></~is>"
_TEXT_CELL = b'(?: s="([0-9]{1,9})")? t="(?:s"><~v>([0-9]{1,9})</~v>|inlineStr">' + _PLAIN_INLINE + b")</~c>"
_FORMULA = b"(<~f(" + ATTRIBUTES + b")(?: ?/>|>(" + TEXT + b")</~f>))?"
_VALUE = b"(<~v" + _SPACE + b"(?: ?/>|>(" + TEXT + b")</~v>))?"
_INLINE = b"(" + _PLAIN_INLINE + b"|<~is>.*</~is>)?"
_ANY_CELL = b"(" + ATTRIBUTES + b")(?: ?/>|>" + _FORMULA + _VALUE + _INLINE + b"</~c>)"

_UNKNOWN: Final = Cell(BLANK, None, -1)
"""Stands for a cell that has not been met."""


class RowScanner:
    """Reads the rows of one tab. `opening` is the part's beginning up to and with the root's tag."""

    def __init__(self, opening: bytes, root: RootTag, maker: CellMaker, formulas: TabFormulas, max_depth: int) -> None:
        p = root.prefix
        self._declared = root.declared
        self._maker = maker
        self._formulas = formulas
        self._max_depth = max_depth
        inside = (
            b"<%ssheetData><%srow><%sc>" % (p, p, p),
            b"</%sc></%srow></%ssheetData></%sworksheet>" % (p, p, p, p),
        )
        self._around_inline = (opening + inside[0], inside[1])
        self._cell_start = b"<" + p + b'c r="'
        self._row_end = b"</" + p + b"row>"
        self._row, self._text, self._any = (
            re.compile(pattern.replace(b"~", re.escape(p)), re.DOTALL) for pattern in (_ROW, _TEXT_CELL, _ANY_CELL)
        )
        self._cells: dict[bytes, Cell | None] = {}
        self._columns: dict[bytes, int] = {}
        self._hidden: dict[bytes, bool] = {}
        self._alike: dict[tuple[bytes, bytes], bool] = {}
        self._last_row = 0

    def rows(self, data: bytes, start: int, stop: int) -> tuple[Row, ...]:
        """The rows with content between two offsets. Raises NotCanonical, and Unreadable for what no reader accepts."""
        rows: list[Row] = []
        row_end, cell_start, known, columns = self._row_end, self._cell_start, self._cells, self._columns
        at = start
        while (end := data.find(row_end, at, stop)) >= 0:
            pieces = iter(data[at:end].split(cell_start))
            digits, hidden = self._open_row(next(pieces))
            number, address_end = int(digits), digits + b'"'
            cells: dict[int, Cell] = {}
            last = 0
            for piece in pieces:
                letters, _, content = piece.partition(address_end)
                column = columns.get(letters) or self._column(letters)
                if column <= last:
                    raise NotCanonical
                last = column
                cell = known.get(content, _UNKNOWN)
                if cell is _UNKNOWN:
                    cell = self._read(content, number, column)
                if cell is not None:
                    cells[column] = cell
            if cells:
                rows.append(Row(number, cells, hidden))
            at = end + len(row_end)
        self._skip_empty_rows(data[at:stop])
        return tuple(rows)

    def _open_row(self, tags: bytes) -> tuple[bytes, bool]:
        """The digits and the hidden flag of a row, from its tag and the empty rows before it."""
        start, _, rest = tags.partition(b'"')
        digits, _, rest = rest.partition(b'"')
        hidden = self._alike.get((start, rest))
        if hidden is not None and digits.isdigit() and self._last_row < int(digits) <= MAX_ROW:
            self._last_row = int(digits)
            return digits, hidden
        return self._open_rows(tags)

    def _open_rows(self, tags: bytes) -> tuple[bytes, bool]:
        at = 0
        while (row := self._row.match(tags, at)) is not None:
            hidden = self._next_row(row)
            at = row.end()
            if not row[3] and at == len(tags):
                if row.start() == 0:
                    self._alike[tags[: row.start(1) - 1], tags[row.end(1) + 1 :]] = hidden
                return row[1], hidden
            if not row[3]:
                break
        raise NotCanonical

    def _skip_empty_rows(self, tags: bytes) -> None:
        at = 0
        while at < len(tags):
            row = self._row.match(tags, at)
            if row is None or not row[3]:
                raise NotCanonical
            self._next_row(row)
            at = row.end()

    def _next_row(self, row: re.Match[bytes]) -> bool:
        """Check that rows ascend; returns whether this one is hidden."""
        number = int(row[1])
        if not self._last_row < number <= MAX_ROW:
            raise NotCanonical
        self._last_row = number
        hidden = self._hidden.get(row[2])
        if hidden is None:
            found = attributes(row[2])
            prefixes = {name.partition(b":")[0] for name in found if b":" in name}
            if b"r" in found or not prefixes <= self._declared:
                raise NotCanonical
            hidden = self._hidden[row[2]] = found.get(b"hidden", b"").strip() in _TRUE
        return hidden

    def _column(self, letters: bytes) -> int:
        if not (1 <= len(letters) <= 3 and letters.isalpha() and letters.isupper()):
            raise NotCanonical
        column = column_number(letters.decode("ascii"))
        if column > MAX_COLUMN:
            raise NotCanonical
        self._columns[letters] = column
        return column

    def _read(self, content: bytes, row: int, column: int) -> Cell | None:
        """A cell from what follows its address; remembered unless it has a formula."""
        text = self._text.fullmatch(content)
        if text is not None:
            styled, index, inline = text.groups()
            style = "" if styled is None else styled.decode()
            if index is not None:
                cell = self._maker.shared(style, int(index))
            else:
                cell = self._maker.inline(style, decode_escapes(plain_text(inline)))
        else:
            found = self._any.fullmatch(content)
            if found is None:
                raise NotCanonical
            if found[2] is not None:
                return self._read_formula(found, row, column)
            cell = self._typed(found)
        if len(self._cells) >= _KEPT_CELLS:
            self._cells.clear()
        self._cells[content] = cell
        return cell

    def _typed(self, found: re.Match[bytes]) -> Cell | None:
        own = attributes(found[1])
        if b"r" in own:
            raise NotCanonical
        inline = None
        if found[8] is not None:
            inline = decode_escapes(plain_text(found[8]))
        elif found[7] is not None:
            inline = self._rich(found[7])
        return self._maker.typed(own.get(b"t", b"").decode(), own.get(b"s", b"").decode(), _value(found), inline)

    def _rich(self, inline: bytes) -> str:
        root = tree(inline.join(self._around_inline), self._max_depth)
        cells = root.children[0].children[0].children
        # A cell whose address is not its first attribute is no piece of its own: it stands within this one.
        if len(cells) != 1 or len(cells[0].children) != 1:
            raise NotCanonical
        inside = cells[0].children
        return string_of(inside[0])

    def _read_formula(self, found: re.Match[bytes], row: int, column: int) -> Cell | None:
        own = attributes(found[1])
        if b"r" in own:
            raise NotCanonical
        told = {name.decode(): value.decode() for name, value in attributes(found[3]).items()}
        literal = self._formulas.literal(told, plain_text(found[4] or b""), row, column)
        if literal is None or found[7] is not None:
            raise NotCanonical
        kind, style = own.get(b"t", b"").decode(), own.get(b"s", b"").decode()
        return self._maker.calculated(literal, kind, style, _value(found))


def _value(found: re.Match[bytes]) -> str | None:
    """The text of <v>, None where there is none."""
    return None if found[5] is None else plain_text(found[6] or b"")
