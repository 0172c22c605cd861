"""Whether a changed workbook package is sound, at a price a plan of 100,000 rows can pay.

What is sound is the checker's to say. Here the packages are thinned before it looks: of the rows that differ, one of
each shape stays. A row's shape is its XML without texts and without its own number; rows made alike by one program
share theirs, and so do their flaws.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from sheets_sync.workbooks.ooxml.check_rows import row_bytes
from sheets_sync.workbooks.ooxml.checker import check_package
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.sheet_body import joined, split
from sheets_sync.workbooks.ooxml.splice import as_utf8
from sheets_sync.workbooks.ooxml.tables_read import read_tables

_TEXT = re.compile(rb">[^<]+<")
_MASKED_FROM = 100

_Rows = Sequence[tuple[int, bytes]]


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

    None where the rows of either do not ascend: that only the whole part can show.
    """
    old, new = split(as_utf8(before.read(part))), split(as_utf8(after.read(part)))
    old_rows, new_rows = row_bytes(old), row_bytes(new)
    if not (_ascend(old_rows) and _ascend(new_rows)):
        return None
    kept = {row for table in read_tables(after, part) for row in (table.area.top, table.area.bottom)}
    kept |= set(_one_of_each_shape(dict(old_rows), dict(new_rows)))
    thin_old = [row for number, row in old_rows if number in kept]
    thin_new = [row for number, row in new_rows if number in kept]
    return joined(old, old.frame, thin_old), joined(new, new.frame, thin_new)


def _ascend(rows: _Rows) -> bool:
    return all(a < b for (a, _), (b, _) in pairwise(rows))


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
