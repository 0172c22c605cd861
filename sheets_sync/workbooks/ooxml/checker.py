"""Check a changed package for what Excel would offer to repair and the schema cannot say.

Complaints that the package had before the change are left out, so that other people's mistakes are not ours.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import NamedTuple

from sheets_sync.core.snapshot import Area
from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.ooxml.check_frame import check_frame, counted, merged_areas
from sheets_sync.workbooks.ooxml.check_macros import check_drawing, check_macros, macros_of
from sheets_sync.workbooks.ooxml.check_rows import Bounds, CutRows, check_rows, differing_rows, row_cells
from sheets_sync.workbooks.ooxml.check_tables import TablePart, check_all_tables, check_table
from sheets_sync.workbooks.ooxml.check_workbook import check_calculations, check_filters, check_names, check_parts
from sheets_sync.workbooks.ooxml.filter_patch import sheet_filter
from sheets_sync.workbooks.ooxml.package import Package, SheetEntry
from sheets_sync.workbooks.ooxml.sheet_body import Body, split
from sheets_sync.workbooks.ooxml.splice import as_utf8, children, named, outline
from sheets_sync.workbooks.ooxml.table_patch import read_table
from sheets_sync.workbooks.ooxml.text_escapes import decode_escapes

_STYLE_LISTS = ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles")

Rows = Mapping[str, Collection[int] | None]
"""By sheet part, the rows to look into; None = all."""


class _Book(NamedTuple):
    """What the sheets of a package are checked against."""

    package: Package
    bounds: Bounds
    dxfs: int
    strings: bytes
    chain: bytes


class _Sheet(NamedTuple):
    """One worksheet, its rows to look into, and its tables."""

    entry: SheetEntry
    body: Body
    rows: Collection[int] | None
    tables: tuple[TablePart, ...]


def check_package(before: Package | None, after: Package) -> tuple[str, ...]:
    """What is wrong with `after` and was not with `before`, as sentences that name parts and places but no content.

    With `before` given, only rows whose bytes differ are looked into. Raises WorkbookRefused when a part cannot be
    read at all.
    """
    if before is None:
        return tuple(_complaints(after, {}, look_inside=True))
    look_inside = macros_of(before) != macros_of(after)
    rows = {entry.part: _differing_rows(before, after, entry.part) for entry in _worksheets(after)}
    found = tuple(_complaints(after, rows, look_inside=look_inside))
    known = set(_complaints(before, rows, look_inside=look_inside)) if found else set()
    return tuple(complaint for complaint in found if complaint not in known)


def _worksheets(package: Package) -> list[SheetEntry]:
    return [entry for entry in package.sheets if entry.kind == "worksheet"]


def _differing_rows(before: Package, after: Package, part: str) -> Collection[int] | None:
    """The numbers of the rows that differ, None for a part that is new."""
    if not before.has(part):
        return None
    old, new = as_utf8(before.read(part)), as_utf8(after.read(part))
    return frozenset() if old == new else differing_rows(CutRows(split(old)), CutRows(split(new)))


def _complaints(package: Package, rows: Rows, *, look_inside: bool) -> Iterator[str]:
    """Everything wrong with a package, in the rows given (all rows of sheets not named); `look_inside` the macros."""
    yield from check_parts(package)
    yield from check_macros(package, look_inside=look_inside)
    book = _book(package)
    yield from _in(_part_of(package, "styles"), _style_complaints(package))
    workbook = outline(as_utf8(package.read(package.workbook_part)), 2)
    yield from _in(package.workbook_part, check_names(workbook, len(package.sheets)))
    filters: dict[int, Area | None] = {}
    tables: list[TablePart] = []
    for place, entry in enumerate(package.sheets):
        if entry.kind != "worksheet":
            continue
        try:
            body = split(as_utf8(package.read(entry.part)))
        except WorkbookRefused:
            yield f"{entry.part}: cannot be read"
            continue
        sheet = _Sheet(entry, body, rows.get(entry.part), tuple(_tables(package, entry.part)))
        yield from _in(entry.part, _sheet_complaints(book, sheet))
        filters[place] = sheet_filter(body.frame)
        tables += sheet.tables
    yield from _in(package.workbook_part, check_all_tables(tables))
    yield from _in(package.workbook_part, check_filters(workbook, filters))


def _in(part: str, complaints: Iterator[str]) -> Iterator[str]:
    return (f"{part}: {complaint}" for complaint in complaints)


def _book(package: Package) -> _Book:
    styles = outline(_content(package, "styles"), 2) if _part_of(package, "styles") else ()
    formats, dxfs = named(styles, "cellXfs"), named(styles, "dxfs")
    strings = _content(package, "sharedStrings")
    return _Book(
        package=package,
        bounds=Bounds(
            formats=len(children(styles, formats)) if formats else None,
            strings=_count(strings) if strings else None,
        ),
        dxfs=len(children(styles, dxfs)) if dxfs else 0,
        strings=strings,
        chain=_content(package, "calcChain"),
    )


_START = 5_000
"""Bytes within which a part's root element begins."""
_STRINGS = re.compile(rb"<([\w.-]+:)?sst[\s>]")
_STRING = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")


def _count(strings: bytes) -> int:
    """How many shared strings there are."""
    root = _STRINGS.search(strings[:_START])
    opened = b"<" + ((root[1] or b"") if root else b"") + b"si"
    return sum(strings.count(opened + end) for end in (b">", b" ", b"/"))


def _part_of(package: Package, kind: str) -> str:
    related = (r for r in package.related(package.workbook_part) if r.kind == kind and not r.external)
    return next((relation.target for relation in related if package.has(relation.target)), "")


def _content(package: Package, kind: str) -> bytes:
    part = _part_of(package, kind)
    return as_utf8(package.read(part)) if part else b""


def _style_complaints(package: Package) -> Iterator[str]:
    if not _part_of(package, "styles"):
        return
    nodes = outline(_content(package, "styles"), 2)
    yield from counted(nodes, _STYLE_LISTS)
    dxfs = named(nodes, "dxfs")
    if dxfs and dxfs.attributes.get("count", "") not in ("", str(len(children(nodes, dxfs)))):
        yield "dxfs: count is not the number of its children"


def _tables(package: Package, part: str) -> Iterator[TablePart]:
    for relation in package.related(part):
        if relation.kind == "table" and package.has(relation.target):
            xml = as_utf8(package.read(relation.target))
            yield TablePart(relation.target, outline(xml, 2), read_table(xml))


def _sheet_complaints(book: _Book, sheet: _Sheet) -> Iterator[str]:
    frame = outline(sheet.body.frame, 2)
    yield from check_frame(frame, formats=book.bounds.formats, dxfs=book.dxfs)
    yield from check_drawing(book.package, sheet.entry, frame)
    rows = CutRows(sheet.body) if sheet.rows is None or sheet.rows else None
    if rows:
        facts = check_rows(rows, sheet.rows, bounds=book.bounds, merged=merged_areas(frame))
        yield from facts.complaints
        yield from check_calculations(book.chain, sheet.entry.sheet_id, sheet.rows, facts.formulas)
    text_at = partial(_text_at, rows, book.strings) if rows else None
    for table in sheet.tables:
        yield from _in(f"table {table.shape.name}", check_table(table, dxfs=book.dxfs, text_at=text_at))


def _text_at(rows: CutRows, strings: bytes, row: int, column: int) -> str | None:
    """The text of a cell, None when it holds none."""
    for cell in row_cells(rows.by_number(row), row, rows.prefix):
        if cell.column != column:
            continue
        if cell.kind == b"s":
            number = cell.value
            start = next(islice(_STRING.finditer(strings), int(number), None), None) if number.isdigit() else None
            return _plain_text(strings[start.start() :]) if start else None
        if cell.kind in (b"inlineStr", b"str"):
            return _plain_text(cell.inside)
    return None


_TEXT = re.compile(rb"<(?:[\w.-]+:)?[tv](?:\s[^<>]*)?>([^<]*)</")
_PHONETIC = re.compile(rb"<(?:[\w.-]+:)?rPh[\s>].*?</(?:[\w.-]+:)?rPh>", re.DOTALL)
_ENTITIES = re.compile(r"&(?:#(\d+)|#x([0-9A-Fa-f]+)|(\w+));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


def _plain_text(xml: bytes) -> str:
    """The text of a string element at the start of `xml`, or of a cell's content, without markup."""
    closed = re.search(rb"</(?:[\w.-]+:)?si\s*>", xml)
    inside = _PHONETIC.sub(b"", xml[: closed.start()] if closed else xml)
    raw = b"".join(_TEXT.findall(inside)).decode("utf-8", "replace")
    return decode_escapes(_ENTITIES.sub(_character, raw))


def _character(found: re.Match[str]) -> str:
    if found[1] or found[2]:
        return chr(int(found[1]) if found[1] else int(found[2], 16))
    return _NAMED.get(found[3], found[0])
