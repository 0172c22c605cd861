"""Copies of a package with some parts changed: all other parts keep their very bytes."""

import io
import zipfile
from pathlib import Path

import pytest
from reading_samples import plan_parts, worksheet, zipped

from sheets_sync.workbooks.ooxml.package import Package


def odd_zip(path: Path) -> bytes:
    """A zip file with all that may differ: stored and streamed members, comments, rights, folders, a zip comment."""
    parts = plan_parts(worksheet())
    with path.open("wb") as raw, zipfile.ZipFile(_Stream(raw), "w", zipfile.ZIP_DEFLATED) as streamed:
        streamed.comment = b"made by hand"
        for number, (name, content) in enumerate(parts.items()):
            info = zipfile.ZipInfo(name, (2020 + number, 1, 1, 0, 0, 0))
            info.comment, info.external_attr = b"note", 0o644 << 16
            info.compress_type = zipfile.ZIP_STORED if number % 2 else zipfile.ZIP_DEFLATED
            streamed.writestr(info, content)
        streamed.writestr("xl/média/", "")
        streamed.writestr("xl/média/é.bin", b"\x00\x01" * 500)
    return path.read_bytes()


class _Stream:
    """A file that cannot seek, so that sizes follow the members."""

    def __init__(self, raw: io.BufferedWriter) -> None:
        self._raw = raw

    def write(self, data: bytes) -> int:
        return self._raw.write(data)

    def flush(self) -> None:
        self._raw.flush()


def test_nothing_changed_gives_the_same_bytes(tmp_path: Path) -> None:
    """A copy without changes is the workbook itself, data descriptors, folders and comment included."""
    workbook = odd_zip(tmp_path / "odd.xlsx")
    assert Package.open(workbook, "plan.xlsx").assemble({}) == workbook


def test_a_copy_differs_only_in_what_was_changed(tmp_path: Path) -> None:
    """Changed parts are packed again in place, new ones come last, removed ones go; all others keep their bytes."""
    workbook = odd_zip(tmp_path / "odd.xlsx")
    sheet, new = b"<worksheet/>" * 50, "xl/new/é.xml"
    package = Package.open(workbook, "plan.xlsx")
    copy = package.assemble({"/XL/worksheets/sheet1.xml": sheet, f"/{new}": b"<n/>"}, ["/xl/média/é.bin"])
    assert copy == package.assemble({"/XL/worksheets/sheet1.xml": sheet, f"/{new}": b"<n/>"}, ["/xl/média/é.bin"])
    with zipfile.ZipFile(io.BytesIO(workbook)) as before, zipfile.ZipFile(io.BytesIO(copy)) as after:
        assert after.testzip() is None
        assert after.comment == before.comment
        kept = [info for info in before.infolist() if info.filename != "xl/média/é.bin"]
        assert after.namelist() == [*(info.filename for info in kept), new]
        assert after.read("xl/worksheets/sheet1.xml") == sheet
        assert after.read(new) == b"<n/>"
        for info in kept:
            twin = after.getinfo(info.filename)
            assert (twin.date_time, twin.comment, twin.external_attr) == (
                info.date_time,
                info.comment,
                info.external_attr,
            )
            if info.filename != "xl/worksheets/sheet1.xml":
                assert stored(copy, twin) == stored(workbook, info)
                assert twin.flag_bits == info.flag_bits
            else:
                assert not twin.flag_bits & 0x08
    again = Package.open(copy, "plan.xlsx")
    assert again.read("/xl/worksheets/sheet1.xml") == sheet
    assert not again.has("/xl/média/é.bin")


def stored(workbook: bytes, info: zipfile.ZipInfo) -> bytes:
    """A member's own header and packed bytes."""
    name_size = int.from_bytes(workbook[info.header_offset + 26 : info.header_offset + 28], "little")
    extra_size = int.from_bytes(workbook[info.header_offset + 28 : info.header_offset + 30], "little")
    return workbook[info.header_offset :][: 30 + name_size + extra_size + info.compress_size]


def test_removing_an_unknown_part_is_a_mistake_of_the_caller() -> None:
    """A part that does not exist cannot be removed."""
    with pytest.raises(KeyError):
        Package.open(zipped(plan_parts(worksheet())), "plan.xlsx").assemble({}, ["/xl/none.xml"])
