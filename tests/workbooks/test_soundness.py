"""The thinned check finds what the whole check finds."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from contract.person_at_excel import write_workbook
from contract.plan_tab import HEADER, PLAN, ROWS, changes_of, keyed_edit, new_column

from sheets_sync.core.snapshot import Role
from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.ooxml.checker import check_package
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.reader import read_snapshot, read_titles
from sheets_sync.workbooks.ooxml.writer import patch
from sheets_sync.workbooks.soundness import new_complaints

SHEET = "/xl/worksheets/sheet1.xml"
ROW_COUNT = 240
Pair = tuple[Package, Package]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A plan of some hundred rows, and the same after a first write into each row."""
    path = tmp_path_factory.mktemp("sound") / "Plan.xlsx"
    rows = [(f"X-{number}", *ROWS[number % len(ROWS)][1:]) for number in range(ROW_COUNT)]
    write_workbook(path, {PLAN: [HEADER, *rows]})
    before = Package.open(path.read_bytes(), "Plan.xlsx")
    seen = read_snapshot(before, [title.key for title in read_titles(before)], "")
    edits = [keyed_edit(seen, row, Role.FLAG, f"OVERDUE {row}") for row in range(2, ROW_COUNT + 2)]
    changes = changes_of(seen, edits, [new_column(seen, Role.FLAG, 7)])
    return before, Package.open(patch(before, changes, seen).data, "Plan.xlsx")


def with_sheet(package: Package, change: Callable[[bytes], bytes]) -> Package:
    """A copy with another first sheet."""
    return Package.open(package.assemble({SHEET: change(package.read(SHEET))}), package.name)


def test_sound_result(pair: Pair) -> None:
    """A proper write has no complaint, nor has a file compared with itself."""
    assert new_complaints(*pair) == ()
    assert new_complaints(pair[1], pair[1]) == ()


@pytest.mark.parametrize("row", [2, 98, 150, ROW_COUNT + 1])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<c r="G{row}"', '<c r="F{row}"'),
        ('<c r="G{row}"', '<c r="G{next}"'),
        ('<c r="G{row}"', '<c r="ZZZ{row}"'),
        (r'<c r="G{row}" s="\d+"', '<c r="G{row}" s="777"'),
        (r'<c r="G{row}" s="(\d+)" t="inlineStr"', r'<c r="G{row}" s="\1" t="s"'),
        ('<row r="{row}"', '<row r="{next}"'),
    ],
)
def test_one_flawed_row(pair: Pair, row: int, old: str, new: str) -> None:
    """A flaw in a single row among many alike is found, in the first, the last and any other row."""
    before, after = pair
    places = {"row": row, "next": row + 1}
    sought, put = old.format(**places).encode(), new.format(**places).encode()
    flawed = with_sheet(after, lambda xml: re.sub(sought, put, xml, count=1))
    assert flawed.read(SHEET) != after.read(SHEET)
    complaints = new_complaints(before, flawed)
    assert complaints
    assert set(complaints) <= set(check_package(before, flawed))


def test_old_flaws_do_not_count(pair: Pair) -> None:
    """A flaw that the workbook had before is not held against the write, one more in another row is."""
    flaw = b'r="D121" s="777"'
    before, after = (
        with_sheet(package, lambda xml: re.sub(rb'r="D121" s="\d+"', flaw, xml, count=1)) for package in pair
    )
    assert flaw in after.read(SHEET)
    assert new_complaints(before, after) == ()
    worse = with_sheet(after, lambda xml: re.sub(rb'r="D131" s="\d+"', b'r="D131" s="777"', xml, count=1))
    assert [complaint for complaint in new_complaints(before, worse) if "D131" in complaint]


@pytest.mark.parametrize("seed", range(30))
def test_any_damage(pair: Pair, seed: int) -> None:
    """Whatever single letter of the markup of one row is damaged, the thinned check objects when the whole one does."""
    before, after = pair
    chance = random.Random(seed)
    xml = after.read(SHEET)
    start = xml.index(b'<row r="%d"' % chance.randrange(100, ROW_COUNT))
    tag = chance.choice(list(re.finditer(rb"<[^>]+>", xml[start : start + 600])))
    place = start + chance.randrange(tag.start() + 1, tag.end() - 1)
    damaged = xml[:place] + bytes([chance.choice(b'09azAZ" /')]) + xml[place + 1 :]
    flawed = with_sheet(after, lambda _: damaged)
    assert objection(new_complaints, before, flawed) == objection(check_package, before, flawed)


def objection(check: Callable[[Package, Package], tuple[str, ...]], before: Package, after: Package) -> bool:
    """Whether a check objects, by a complaint or by refusing to read."""
    try:
        return bool(check(before, after))
    except WorkbookRefused:
        return True


def test_header_of_a_table_is_kept(tmp_path: Path) -> None:
    """A table whose column has another name than its header cell is found although only other rows differ."""
    import openpyxl
    from openpyxl.worksheet.table import Table

    path = tmp_path / "Plan.xlsx"
    write_workbook(path, {PLAN: [HEADER, *ROWS]})
    book = openpyxl.load_workbook(path)
    book[PLAN].add_table(Table(displayName="Plan", ref="A1:F6"))
    book.save(path)
    before = Package.open(path.read_bytes(), "Plan.xlsx")
    table = next(part for part in before.parts if "/tables/" in part)
    content = before.read(table)
    sheet = before.read(SHEET).replace(b"Order gloves", b"Order shoes", 1)
    flawed = before.assemble({table: content.replace(b'name="Owner"', b'name="Somebody"', 1), SHEET: sheet})
    complaints = new_complaints(before, Package.open(flawed, "Plan.xlsx"))
    assert complaints
    assert complaints == check_package(before, Package.open(flawed, "Plan.xlsx"))
