"""Cells of ours as requests of values:batchUpdateByDataFilter, and the answer checked row by row. Pure.

A column of ours is addressed by its mark, wherever it stands by then. The columns by which rows are recognised go
along as nulls, so that the answer shows which rows were met.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sheets_sync.core.cells import BLANK, CellValue, Kind, number_text
from sheets_sync.core.snapshot import Role, Stamp, Tab
from sheets_sync.workbooks.google.calls import Json
from sheets_sync.workbooks.google.masks import PART_ROWS, column_span
from sheets_sync.workbooks.google.traces import STAMP_TAB, mark_lookup, stamp_text
from sheets_sync.workbooks.ooxml.formula_text import relative_text

MOST_BYTES = 2_000_000
_NULL_BYTES = 5
_FIRST_ROW = re.compile(r"\$?[A-Za-z]{0,3}\$?([0-9]+)")


class OwnCell(NamedTuple):
    """A cell in a column of ours."""

    tab: str
    row: int
    role: Role


Texts = Mapping[OwnCell, str]
"""What to write where; "" clears."""


class Watch(NamedTuple):
    """How the rows of one tab are recognised in an answer: the tab as read, the ids of our marks, and the columns
    whose cells must still be what they were (by number; a column of ours by its role)."""

    tab: Tab
    marks: Mapping[Role, int]
    columns: tuple[int | Role, ...]


class Head(NamedTuple):
    """A cell of people's that must still hold the same for its column to be the same; `row` and `column` from 1."""

    tab: str
    row: int
    column: int
    literal: CellValue


class Part(NamedTuple):
    """One request: what it writes, and the tab and watched column that each of its data entries is about (None: a
    column of ours, or the stamp). The last entries are those of `heads`."""

    texts: Texts
    data: tuple[Json, ...]
    watched: tuple[tuple[str, int] | None, ...]
    has_stamp: bool
    heads: tuple[Head, ...] = ()

    @property
    def body(self) -> Json:
        """The request's JSON."""
        return {
            "valueInputOption": "RAW",
            "data": list(self.data),
            "includeValuesInResponse": True,
            "responseValueRenderOption": "FORMULA",
            "responseDateTimeRenderOption": "SERIAL_NUMBER",
        }


def parts(
    texts: Texts, watches: Mapping[str, Watch], stamp: Stamp | None, heads: tuple[Head, ...] = ()
) -> tuple[Part, ...]:
    """The requests that write these cells, 10,000 rows and 2 MB each; with the last one goes the stamp, and it asks
    what stands in the `heads`."""
    portions = list(_portions(texts)) or [{}]
    made = [_part(portion, watches, None) for portion in portions[:-1]]
    if portions[-1] or stamp is not None:
        made.append(_with_heads(_part(portions[-1], watches, stamp), heads))
    return tuple(made)


def _with_heads(part: Part, heads: tuple[Head, ...]) -> Part:
    spans = (column_span(int(head.tab), head.column, first=head.row, last=head.row) for head in heads)
    return part._replace(data=(*part.data, *(_entry(span, [None]) for span in spans)), heads=heads)


def _portions(texts: Texts) -> Iterator[dict[OwnCell, str]]:
    by_row: dict[tuple[str, int], list[OwnCell]] = {}
    for cell in sorted(texts):
        by_row.setdefault((cell.tab, cell.row), []).append(cell)
    portion: dict[OwnCell, str] = {}
    rows = size = 0
    for (_, row), cells in by_row.items():
        more = sum(len(texts[cell].encode("utf-8", "surrogatepass")) + 3 for cell in cells)
        ahead = _NULL_BYTES * row * len(cells)
        if portion and (rows == PART_ROWS or size + more + ahead > MOST_BYTES):
            yield portion
            portion, rows, size = {}, 0, 0
        portion |= {cell: texts[cell] for cell in cells}
        rows, size = rows + 1, size + more
    if portion:
        yield portion


def _part(texts: dict[OwnCell, str], watches: Mapping[str, Watch], stamp: Stamp | None) -> Part:
    data: list[Json] = []
    watched: list[tuple[str, int] | None] = []
    tabs: dict[str, dict[Role, dict[int, str]]] = {}
    for (tab, row, role), text in texts.items():
        tabs.setdefault(tab, {}).setdefault(role, {})[row] = text
    for key, roles in tabs.items():
        watch = watches[key]
        for role, rows in roles.items():
            data.append(_entry(mark_lookup(watch.marks[role]), [rows.get(row) for row in range(1, max(rows) + 1)]))
            watched.append(None)
        numbers = [row for rows in roles.values() for row in rows]
        for column in watch.columns:
            if not isinstance(column, Role):
                span = column_span(int(key), column, first=min(numbers), last=max(numbers))
                data.append(_entry(span, [None]))
                watched.append((key, column))
            elif column not in roles:
                data.append(_entry(mark_lookup(watch.marks[column]), [None]))
                watched.append((key, watch.tab.marks[column]))
    if stamp is not None:
        data.append(_entry(column_span(STAMP_TAB, 1, last=1), [stamp_text(stamp)]))
        watched.append(None)
    return Part(texts, tuple(data), tuple(watched), stamp is not None)


def _entry(place: Json, column: Sequence[str | None]) -> Json:
    return {"dataFilter": place, "majorDimension": "COLUMNS", "values": [list(column)]}


def met_its_rows(part: Part, reply: Json, watches: Mapping[str, Watch]) -> bool:
    """Whether the answer shows that every row written is the row that was meant, and every column was found."""
    answers: list[Json] = list(reply.get("responses", ()))
    if len(answers) != len(part.data):
        return False
    del answers[len(part.watched) :]
    written: dict[str, set[int]] = {}
    for tab, row, _ in part.texts:
        written.setdefault(tab, set()).add(row)
    as_read = {key: {row.number: row.cells for row in watches[key].tab.rows} for key in written}
    for answer, about in zip(answers, part.watched, strict=True):
        if about is None:
            if not answer.get("updatedRange"):
                return False
        else:
            key, column = about
            shown = _column_shown(answer.get("updatedData", {}))
            rows = as_read[key]
            for number in written[key]:
                cell = rows[number].get(column) if number in rows else None
                if not _is_same(cell.literal if cell is not None else BLANK, shown.get(number), number):
                    return False
    return True


def heads_stand(part: Part, reply: Json) -> bool:
    """Whether the answer shows that the part's `heads` hold what they held."""
    answers: list[Json] = list(reply.get("responses", ()))[len(part.watched) :]
    if len(answers) != len(part.heads):
        return False
    for head, answer in zip(part.heads, answers, strict=True):
        shown = _column_shown(answer.get("updatedData", {}))
        if not _is_same(head.literal, shown.get(head.row), head.row):
            return False
    return True


def _column_shown(answer: Json) -> Mapping[int, Any]:
    """The values of one column in an answer, by row."""
    first = _FIRST_ROW.match(str(answer.get("range", "")).rpartition("!")[2])
    lines: list[list[Any]] = list(answer.get("values", ()))
    values: Iterable[Any]
    if answer.get("majorDimension") == "COLUMNS":
        values = lines[0] if lines else ()
    else:
        values = (line[0] if line else None for line in lines)
    return dict(enumerate(values, int(first[1]) if first else 1))


def _is_same(literal: CellValue, shown: Any, row: int) -> bool:  # noqa: ANN401 (a JSON value)
    """Whether a value, as an answer renders formulas, is what the cell held."""
    match literal.kind:
        case Kind.BLANK:
            return shown is None or shown == ""
        case Kind.NUMBER:
            is_number = isinstance(shown, int | float) and not isinstance(shown, bool)
            return is_number and number_text(float(shown)) == literal.text
        case Kind.BOOL:
            return isinstance(shown, bool) and str(shown).upper() == literal.text
        case Kind.FORMULA:
            return isinstance(shown, str) and relative_text(shown.removeprefix("="), row) == literal.text
    return bool(shown == literal.text)
