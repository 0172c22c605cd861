"""Packages built to hurt: every one is refused with a typed reason, none costs memory or time."""

import io
import tracemalloc
import zipfile

import pytest
from hostile_packages import (
    CELL,
    SHEET,
    begins_late,
    doubled,
    laughing,
    long_end,
    lying_bomb,
    overlapping,
    patched,
    plan,
    put,
    rename,
    two_ends,
    with_part,
)
from reading_samples import plan_parts, snapshot_of, strings, styles, workbook_part, worksheet, zipped

from sheets_sync.core.cells import OUT_OF_RANGE
from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.ooxml.limits import Limits
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.reader import read_snapshot

HOSTILE = {
    "bomb lying about its size": (lying_bomb, "a part is bigger than it says"),
    "overlapping members": (overlapping, "two of its parts overlap"),
    "other name in the local header": (
        lambda: patched(plan(), SHEET, local=rename(b"xl/worksheets/sheet2.xml")),
        "two different names",
    ),
    "other method in the local header": (lambda: patched(plan(), SHEET, local=put("<H", 8, 0)), "two different ways"),
    "other size in the local header": (lambda: patched(plan(), SHEET, local=put("<I", 22, 5)), "two different ways"),
    "unknown packing": (
        lambda: patched(plan(), SHEET, central=put("<H", 10, 12), local=put("<H", 8, 12)),
        "packed in a way",
    ),
    "encrypted member": (
        lambda: patched(plan(), SHEET, central=put("<H", 8, 1), local=put("<H", 6, 1)),
        "parts are encrypted",
    ),
    "wrong checksum": (
        lambda: patched(plan(), SHEET, central=put("<I", 16, 1), local=put("<I", 14, 1)),
        "not as it was written",
    ),
    "member beyond the file": (
        lambda: patched(plan(), SHEET, central=put("<I", 42, 1 << 30)),
        "not where it should be",
    ),
    "same name twice": (lambda: doubled("xl/a.xml", "xl/a.xml"), "same name and different content"),
    "same name in other case": (lambda: doubled("xl/a.xml", "XL/A.xml"), "same name and different content"),
    "same name escaped": (lambda: doubled("xl/a b.xml", "xl\\a%20b.xml"), "same name and different content"),
    "absolute name": (lambda: doubled("/etc/passwd", "xl/a.xml"), "leads out of the workbook"),
    "name with ..": (lambda: doubled("xl/../../a.xml", "xl/a.xml"), "leads out of the workbook"),
    "name with escaped ..": (lambda: doubled("xl/%2e%2e/a.xml", "xl/a.xml"), "leads out of the workbook"),
    "name with backslashed ..": (lambda: doubled("xl\\..\\a.xml", "xl/a.xml"), "leads out of the workbook"),
    "name with a drive": (lambda: doubled("C:/a.xml", "xl/a.xml"), "leads out of the workbook"),
    "6000 parts": (
        lambda: zipped(plan_parts(worksheet()) | {f"xl/m{n}.xml": "" for n in range(6000)}),
        "more than 5,000 parts",
    ),
    "foreign bytes at the start": (begins_late, "does not begin with a part"),
    "another count in a 64-bit end": (lambda: long_end(2), "read in two ways"),
    "two ends": (two_ends, "read in two ways"),
    "document type in the workbook": (lambda: with_part(workbook=laughing(workbook_part())), "document type"),
    "document type in the sheet": (
        lambda: zipped(plan_parts(laughing(worksheet(CELL)).replace("<v>1<", "<v>&lol3;<"))),
        "document type",
    ),
    "document type in the strings": (lambda: with_part(strings=laughing(strings("<t>a</t>"))), "document type"),
    "document type in the styles": (lambda: with_part(styles=laughing(styles("a='1'"))), "document type"),
    "document type in UTF-16": (
        lambda: with_part(workbook=laughing(workbook_part()).replace("UTF-8", "UTF-16").encode("utf-16")),
        "document type",
    ),
    "deep workbook": (
        lambda: with_part(workbook=workbook_part(names="<a>" * 99 + "</a>" * 99)),
        "nests deeper than 64",
    ),
    "deep sheet": (lambda: zipped(plan_parts(worksheet(tail="<a>" * 99 + "</a>" * 99))), "nests deeper than 64"),
    "deep row": (lambda: zipped(plan_parts(worksheet("<row>" + "<a>" * 99 + "</a>" * 99 + "</row>"))), "nests deeper"),
    "deep string": (lambda: with_part(strings=strings("<r>" * 99 + "</r>" * 99)), "nests deeper than 64"),
    "cell far outside the grid": (
        lambda: zipped(plan_parts(worksheet('<row r="1"><c r="ZZZ1"><v>1</v></c></row>'))),
        "outside the grid",
    ),
    "row far outside the grid": (
        lambda: zipped(plan_parts(worksheet('<row r="99999999"><c><v>1</v></c></row>'))),
        "outside the grid",
    ),
    "row without number beyond the grid": (
        lambda: zipped(plan_parts(worksheet('<row r="1048576"/><row><c><v>1</v></c></row>'))),
        "more rows than the grid",
    ),
    "cell without address beyond the grid": (
        lambda: zipped(plan_parts(worksheet('<row r="1"><c r="XFD1"/><c><v>1</v></c></row>'))),
        "more columns",
    ),
    "huge row number": (
        lambda: zipped(plan_parts(worksheet(f'<row r="{"9" * 5000}"><c><v>1</v></c></row>'))),
        "outside the grid",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("canonical", [True, False])
def test_a_hostile_package_is_refused_cheaply(name: str, *, canonical: bool) -> None:
    """Each attack is named in the refusal, and refusing it takes little memory."""
    build, reason = HOSTILE[name]
    workbook = build()
    tracemalloc.start()
    try:
        with pytest.raises(WorkbookRefused, match=reason) as refusal:
            read_all(workbook, canonical=canonical)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refusal.value.message.startswith("plan.xlsx: ")
    assert refusal.value.remedy
    assert peak < 20_000_000


def read_all(workbook: bytes, *, canonical: bool) -> None:
    snapshot_of(workbook, canonical=canonical)
    package = Package.open(workbook, "plan.xlsx")
    for part in package.parts:
        package.read(part)


def test_a_64_bit_end_that_agrees_is_read() -> None:
    """Some programs always write the 64-bit end record; it may not contradict the ordinary one."""
    assert snapshot_of(long_end(0)).tabs[0].rows


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(max_file=100), "max_file"),
        (Limits(max_part=100), "max_part"),
        (Limits(max_total=1000), "max_total"),
        (Limits(max_parts=4), "max_parts"),
    ],
)
def test_limits_can_be_set_and_are_named_in_the_remedy(limits: Limits, reason: str) -> None:
    """What is too big by a limit says which limit to raise."""
    with pytest.raises(WorkbookRefused, match="the workbook is too big") as refusal:
        Package.open(plan(), "plan.xlsx", limits)
    assert reason in refusal.value.remedy


def test_the_depth_limit_can_be_set() -> None:
    """A smaller depth refuses what the default reads."""
    package = Package.open(plan(), "plan.xlsx", Limits(max_depth=4))
    with pytest.raises(WorkbookRefused, match="deeper than 4"):
        read_snapshot(package, ["7"], "print", canonical=False)


def test_a_huge_declared_size_is_refused_before_inflating() -> None:
    """A part that says it is 300 MB is refused by what it says."""
    big = put("<I", 24, 300_000_000), put("<I", 22, 300_000_000)
    with pytest.raises(WorkbookRefused, match="more than 200 MB"):
        Package.open(patched(plan(), SHEET, central=big[0], local=big[1]), "plan.xlsx")


def test_the_same_part_twice_can_be_read_but_not_written() -> None:
    """Two equal members leave no doubt about what is read; which one to change is not known."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in plan_parts(worksheet(CELL)).items():
            package.writestr(zipfile.ZipInfo(name), content)
        with pytest.warns(UserWarning, match="Duplicate"):
            package.writestr(zipfile.ZipInfo(SHEET), worksheet(CELL))
    snapshot = snapshot_of(target.getvalue())
    assert snapshot.tabs[0].rows
    assert snapshot.refusal == "the workbook holds a part twice"


def test_one_impossible_date_does_not_hide_the_rest() -> None:
    """A date of 1e12 is out of range; its neighbours are read."""
    rows = '<row r="1"><c r="A1" s="0"><v>1000000000000</v></c><c r="B1" t="str"><v>ok</v></c></row>'
    cells = snapshot_of(zipped(plan_parts(worksheet(rows), styles=styles('numFmtId="14"')))).tabs[0].rows[0].cells
    assert (cells[1].seen, cells[2].seen) == (OUT_OF_RANGE, "ok")


def test_cutting_a_workbook_anywhere_is_noticed() -> None:
    """No prefix of a workbook passes for a workbook."""
    workbook = plan()
    for stop in range(0, len(workbook), 37):
        with pytest.raises(WorkbookRefused):
            Package.open(workbook[:stop], "plan.xlsx")
