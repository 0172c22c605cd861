"""Whether a changed workbook package is sound, at a price a plan of 100,000 rows can pay.

What is sound is the checker's to say. Here the packages are thinned before it looks: of the rows that differ, one of
each shape stays. A row's shape is its XML without texts and without its own number; rows made alike by one program
share theirs, and so do their flaws.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from sheets_sync.workbooks.ooxml.check_rows import CutRows
from sheets_sync.workbooks.ooxml.checker import check_package
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.sheet_body import Body, joined, split
from sheets_sync.workbooks.ooxml.splice import as_utf8
from sheets_sync.workbooks.ooxml.tables_read import read_tables

_TEXT = re.compile(rb">[^<]+<")
_MASKED_FROM = 100


def new_complaints(before: Package, after: Package) -> tuple[str, ...]:
    """The flaws of `after` that `before` had not, as sentences that name parts and places but no content.

    Raises WorkbookRefused when a part cannot be read at all.
    """
    thin_before: dict[str, bytes] = {}
    thin_after: dict[str, bytes] = {}
    for entry in after.sheets:
        if entry.kind == "worksheet" and before.has(entry.part):
            pair = _thinned(before, after, entry.part)
            if pair is not None:
                thin_before[entry.part], thin_after[entry.part] = pair
    return check_package(_with(before, thin_before), _with(after, thin_after))


def _with(package: Package, parts: Mapping[str, bytes]) -> Package:
    return Package.open(package.assemble(parts), package.name, package.limits)


def _thinned(before: Package, after: Package, part: str) -> tuple[bytes, bytes] | None:
    """A worksheet before and after with few rows: headers and totals of tables, and one of each shape that differs.

    None where the rows of either do not ascend: that only the whole part can show. Only one of the two is held at a
    time, so the rows before are known by their hashes until those that differ are known.
    """
    hashes = _hashes(_rows(before, part))
    new = _rows(after, part)
    if hashes is None or not _ascend(new.numbers):
        return None
    tables = {row for table in read_tables(after, part) for row in (table.area.top, table.area.bottom)}
    new_rows = _picked(new, lambda number, row: number in tables or hashes.get(number) != hash(row))
    gone = hashes.keys() - set(new.numbers)
    frame_after = _without_rows(new)
    del new
    old = _rows(before, part)
    old_rows = _picked(old, lambda number, _: number in new_rows or number in gone)
    kept = tables | set(_one_of_each_shape(old_rows, new_rows))
    return _joined(_without_rows(old), old_rows, kept), _joined(frame_after, new_rows, kept)


def _rows(package: Package, part: str) -> CutRows:
    return CutRows(split(as_utf8(package.read(part))))


def _hashes(rows: CutRows) -> dict[int, int] | None:
    """The hash of each row by its number, None when the rows do not ascend."""
    if not _ascend(rows.numbers):
        return None
    return {number: hash(rows.at(place)) for place, number in enumerate(rows.numbers)}


def _ascend(numbers: Sequence[int]) -> bool:
    return all(a < b for a, b in pairwise(numbers))


def _picked(rows: CutRows, wanted: Callable[[int, bytes], bool]) -> dict[int, bytes]:
    listed = ((number, rows.at(place)) for place, number in enumerate(rows.numbers))
    return {number: row for number, row in listed if wanted(number, row)}


def _without_rows(rows: CutRows) -> Body:
    return rows.body._replace(xml=b"")


def _joined(body: Body, rows: Mapping[int, bytes], kept: Collection[int]) -> bytes:
    return b"".join(joined(body, body.frame, [row for number, row in rows.items() if number in kept]))


def _one_of_each_shape(old: Mapping[int, bytes], new: Mapping[int, bytes]) -> Iterator[int]:
    known: set[tuple[object, object]] = set()
    for number in old.keys() | new.keys():
        before, after = old.get(number, b""), new.get(number, b"")
        if before != after:
            shapes = (_shape(number, before), _shape(number, after))
            if shapes not in known:
                known.add(shapes)
                yield number


def _shape(number: int, row: bytes) -> bytes:
    # A small number may also be the end of a style's index, so the first rows keep theirs and count one by one.
    return _TEXT.sub(b"><", row if number < _MASKED_FROM else row.replace(b'%d"' % number, b'#"'))
