"""Cells of ours written into an open workbook: one write for each stretch of a column, texts as the texts they are.

Excel reads what is put into a cell as if it were typed: "31/12" would become a date, "=1+1" a formula, "007" a number.
A leading apostrophe would keep a text, but leaves a mark in the cell's format. So the cells are formatted as Text for
the moment of writing and get their own format back: the text stays, and the saved file holds it with the style as it
was. What stands in the cells afterwards is looked at; a text that Excel changed is taken out again and told.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from sheets_sync.core.cells import BLANK, CellValue, Kind
from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.live import stretches
from sheets_sync.workbooks.live.blocks import block_of
from sheets_sync.workbooks.live.cells import literal_of
from sheets_sync.workbooks.live.native import Native, Sheet

_AS_TEXT = "@"
_APOSTROPHE = "'"
_WIDEST_GAP = 100


class CellWrite(NamedTuple):
    """What one cell of a column shall hold. `hidden` rows are written apart: a filter must not confuse Excel."""

    row: int
    value: CellValue
    hidden: bool = False


def write_column(
    native: Native,
    sheet: Sheet,
    column: int,
    writes: Sequence[CellWrite],
    *,
    is_blank: Callable[[int], bool] = lambda _: False,
) -> Iterator[int]:
    """Write cells of one column; yields the rows that hold their value then, stretch by stretch. A cell that would not
    take its value holds nothing.

    `is_blank` tells rows whose cell in this column is ours and blank: a few of them between two writes are written as
    blank, so that one write does for all.
    """
    for run in _runs(writes, is_blank):
        area = Area(run[0].row, column, run[-1].row, column)
        failed: list[int] = []
        if all(write.value.kind is Kind.BLANK for write in run):
            block_of(sheet, area).clear_contents()
        elif _is_plain(run[0]):
            failed = _write_plain(native, sheet, area, [write.value for write in run])
        else:
            failed = _write_texts(native, sheet, area, [write.value.text for write in run])
        yield from (write.row for write in run if write.row not in failed)


def _runs(writes: Sequence[CellWrite], is_blank: Callable[[int], bool]) -> Iterator[list[CellWrite]]:
    """Cells below each other that can be written in one go."""
    run: list[CellWrite] = []
    for write in sorted(writes):
        if run and _goes_on(run[-1], write, is_blank):
            run += (CellWrite(row, BLANK) for row in range(run[-1].row + 1, write.row))
        elif run:
            yield run
            run = []
        run.append(write)
    if run:
        yield run


def _goes_on(last: CellWrite, write: CellWrite, is_blank: Callable[[int], bool]) -> bool:
    """Whether two cells, one below the other, are written in one go, with what stands between them."""
    gap = range(last.row + 1, write.row)
    if (_is_plain(last), last.hidden) != (_is_plain(write), write.hidden):
        return False
    widest = 0 if write.hidden or _is_plain(write) else _WIDEST_GAP
    return len(gap) <= widest and all(map(is_blank, gap))


def _is_plain(write: CellWrite) -> bool:
    return write.value.kind not in (Kind.BLANK, Kind.TEXT)


def _write_texts(native: Native, sheet: Sheet, area: Area, texts: Sequence[str]) -> list[int]:
    block = block_of(sheet, area)
    formats = list(stretches.alike(area, lambda part: native.number_format(block_of(sheet, part))))
    if any(code != _AS_TEXT for _, code in formats):
        block.number_format = _AS_TEXT
    try:
        native.write(block, [(_guarded(text),) for text in texts])
        return _differing(native, sheet, area, texts)
    finally:
        for part, code in formats:
            if code != _AS_TEXT:
                block_of(sheet, part).number_format = code


def _guarded(text: str) -> str:
    """Excel takes one apostrophe at the beginning away."""
    return _APOSTROPHE + text if text.startswith(_APOSTROPHE) else text


def _differing(native: Native, sheet: Sheet, area: Area, texts: Sequence[str]) -> list[int]:
    failed = []
    held = native.values(block_of(sheet, area))
    for place, text in enumerate(texts):
        if (held[place][0] or "") == text:
            continue
        cell = sheet.range((area.top + place, area.left))
        native.write(cell, [(text,)])
        if native.values(cell)[0][0] != text:
            cell.clear_contents()
            failed.append(area.top + place)
    return failed


def _write_plain(native: Native, sheet: Sheet, area: Area, values: Sequence[CellValue]) -> list[int]:
    wanted = [value.text == "TRUE" if value.kind is Kind.BOOL else float(value.text) for value in values]
    native.write(block_of(sheet, area), [(value,) for value in wanted])
    failed = []
    for place, (held,) in enumerate(native.values(block_of(sheet, area))):
        if literal_of(held) != literal_of(wanted[place]):
            sheet.range((area.top + place, area.left)).clear_contents()
            failed.append(area.top + place)
    return failed
