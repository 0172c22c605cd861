"""Opening a package: parts, relationships, tabs, what forbids writing, and copies with some parts changed."""

import io
import zipfile
import zlib

import pytest
from reading_samples import (
    DECLARATION,
    LINKS,
    RELATIONS,
    plan_parts,
    relations,
    snapshot_of,
    workbook_part,
    worksheet,
    zipped,
)

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.ooxml.package import Package, Relationship

COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def typed(content_type: str) -> bytes:
    parts = plan_parts(worksheet())
    parts["[Content_Types].xml"] = str(parts["[Content_Types].xml"]).replace(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", content_type
    )
    return zipped(parts)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"Action,Owner,Due\nOrder parts,Ana,2026-03-01\n", "it is a text file, such as CSV"),
        ("Ação;Dono\n".encode(), "it is a text file, such as CSV"),
        ("Action\tOwner".encode("utf-16"), "it is a text file, such as CSV"),
        (b"  <!DOCTYPE html><html></html>", "it is a web page"),
        (b"\xef\xbb\xbf<table><tr>", "it is a web page"),
        (b'<?xml version="1.0"?><Workbook/>', "it is an XML file"),
        (b"%PDF-1.7", "it is a text document"),
        (b"\x00\x01\x02\x03", "its first bytes are those of something else"),
        (COMPOUND + wide("EncryptedPackage"), "it is encrypted with a password"),
        (COMPOUND + wide("Workbook\0"), r"it is a workbook of the old kind \(\.xls\)"),
        (COMPOUND + wide("WordDocument"), "it is an old Office or Outlook file"),
        (typed("application/vnd.ms-excel.sheet.binary.macroEnabled.main"), r"it is a binary workbook \(\.xlsb\)"),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
            r"it is an OpenDocument file \(\.ods\)",
        ),
        (zipped({"word/document.xml": "<x/>", "_rels/.rels": relations()}), "it is a Word document"),
        (zipped({"Index/Document.iwa": "x"}), "it looks like a Numbers document"),
        (zipped({"plan.csv": "a,b"}), "the zip file holds no workbook"),
        (b"PK\x03\x04" + bytes(100), "the file is cut off"),
        (zipped(plan_parts(worksheet()))[:-30], "the file is cut off"),
        (zipped(plan_parts(worksheet())) + b"\0", "the file is cut off, or has foreign bytes at its end"),
        (
            b"junk" + zipped(plan_parts(worksheet())),
            "its first bytes are those of something else|not where it should be",
        ),
        (b"PKjunk" + zipped(plan_parts(worksheet())), "not where it should be"),
    ],
)
def test_what_is_no_workbook_is_refused_with_its_name_the_reason_and_a_way_out(data: bytes, reason: str) -> None:
    """Every refusal names the workbook, says what the file is, and what to do."""
    with pytest.raises(WorkbookRefused, match=rf"^plan 2026\.xlsx: .*{reason}") as refusal:
        Package.open(data, "plan 2026.xlsx")
    assert refusal.value.remedy


def test_a_lock_file_is_told_from_the_workbook() -> None:
    """Naming Excel's owner file instead of the workbook is a slip, not damage."""
    with pytest.raises(WorkbookRefused, match="somebody has the workbook open"):
        Package.open(b"\x05Maria", "~$plan.xlsx")


def test_parts_are_found_whatever_the_spelling() -> None:
    """Letter case, backslashes and percent escapes make no difference; listed names are as stored."""
    parts = plan_parts(worksheet())
    parts["xl\\Drawings/My%20Drawing.XML"] = "<d/>"
    package = Package.open(zipped(parts), "plan.xlsx")
    assert "/xl\\Drawings/My%20Drawing.XML" in package.parts
    assert package.read("/XL/drawings/my drawing.xml") == b"<d/>"
    assert package.has("/xl/drawings/My%20Drawing.xml")
    assert not package.has("/xl/drawings")
    with pytest.raises(WorkbookRefused, match=r"plan\.xlsx: .*/xl/none\.xml is missing"):
        package.read("/xl/none.xml")


def test_relationships_are_resolved_from_their_part() -> None:
    """Relative, absolute, escaped and backslashed targets are part names; external ones stay as they are."""
    parts = plan_parts(worksheet())
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'{DECLARATION}<r:Relationships xmlns:r="{RELATIONS}">'
        f'<r:Relationship Id="a" Type="{LINKS}/table" Target="../tables/table1.xml"/>'
        f'<r:Relationship Id="b" Type="{LINKS}/drawing" Target="/xl/my%20drawings/d.xml"/>'
        f'<r:Relationship Id="c" Type="{LINKS}/comments" Target="..\\comments1.xml"/>'
        f'<r:Relationship Id="d" Type="{LINKS}/hyperlink" Target="https://example.org/a%20b" TargetMode="External"/>'
        f'<r:Relationship Id="e" Type="{LINKS}/x" Target="../../../../etc/passwd"/></r:Relationships>'
    )
    package = Package.open(zipped(parts), "plan.xlsx")
    assert package.related("/xl/worksheets/sheet1.xml") == (
        Relationship("a", "table", "/xl/tables/table1.xml", external=False),
        Relationship("b", "drawing", "/xl/my drawings/d.xml", external=False),
        Relationship("c", "comments", "/xl/comments1.xml", external=False),
        Relationship("d", "hyperlink", "https://example.org/a%20b", external=True),
        Relationship("e", "x", "/etc/passwd", external=False),
    )
    assert package.related("/xl/styles.xml") == ()
    assert package.related("/")[0].kind == "officeDocument"


def test_a_workbook_part_may_stand_anywhere() -> None:
    """The root relationship says where the workbook is, not its name."""
    parts = {
        "[Content_Types].xml": plan_parts("")["[Content_Types].xml"],
        "_rels/.rels": relations(("r1", "officeDocument", "odd/Book.xml")),
        "odd/Book.xml": workbook_part(settings='<workbookPr date1904="true"/>'),
        "odd/_rels/Book.xml.rels": relations(("rId1", "worksheet", "../tab.xml")),
        "tab.xml": worksheet(),
    }
    package = Package.open(zipped(parts), "plan.xlsx")
    assert (package.workbook_part, package.sheets[0].part, package.date1904) == ("/odd/Book.xml", "/tab.xml", True)


def test_content_types_come_from_the_part_or_its_extension() -> None:
    """An override wins over the extension's default; nothing declared is an empty text."""
    package = Package.open(zipped(plan_parts(worksheet())), "plan.xlsx")
    assert package.content_type("/XL/Workbook.xml").endswith("sheet.main+xml")
    assert package.content_type("/xl/worksheets/sheet1.xml") == "application/xml"
    assert package.content_type("/xl/media/image1.png") == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('sheetId="8"', 'sheetId="7"'),
        ('sheetId="8"', 'sheetId="x"'),
        ('name="Two"', 'name="pLAN"'),
        ('r:id="rId2"', 'r:id="rId1"'),
        ('r:id="rId2"', 'r:id="rId9"'),
    ],
)
def test_tabs_that_cannot_be_told_apart_refuse_the_workbook(old: str, new: str) -> None:
    """Two tabs with one name, number or part, or a tab without a part, are damage."""
    parts = plan_parts(worksheet(), workbook=workbook_part(tabs=("Plan", "Two")).replace(old, new))
    parts["xl/worksheets/sheet2.xml"] = worksheet()
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "worksheet", "worksheets/sheet2.xml")
    )
    with pytest.raises(WorkbookRefused, match="the workbook is damaged"):
        Package.open(zipped(parts), "plan.xlsx")


FINAL = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="v">'
    '<property name="_MarkAsFinal"><vt:bool>true</vt:bool></property></Properties>'
)


@pytest.mark.parametrize(
    ("extra", "settings", "reason"),
    [
        ({"_xmlsignatures/sig1.xml": "<s/>"}, "", "digitally signed"),
        ({"xl/revisions/revisionHeaders.xml": "<h/>"}, "", "shared in the old way"),
        ({}, '<fileSharing userName="x" reservationPassword="CC1A"/>', "asks for a password"),
        ({}, '<fileSharing algorithmName="SHA-512" hashValue="abc"/>', "asks for a password"),
        ({"docProps/custom.xml": FINAL}, "", "marked as final"),
        ({}, '<fileSharing readOnlyRecommended="1"/>', ""),
        ({"xl/vbaProjectSignature.bin": "x"}, "", ""),
        ({"docProps/custom.xml": FINAL.replace("true", "false")}, "", ""),
    ],
)
def test_what_must_not_be_written_can_still_be_read(extra: dict[str, str], settings: str, reason: str) -> None:
    """Signed, shared, reserved and final workbooks are read, say why they are not written, and are not written."""
    parts = plan_parts(worksheet(), workbook=workbook_part(settings=settings)) | extra
    parts["_rels/.rels"] = relations(
        ("r1", "officeDocument", "xl/workbook.xml"), ("r2", "custom-properties", "docProps/custom.xml")
    )
    workbook = zipped(parts)
    package = Package.open(workbook, "plan.xlsx")
    assert reason in package.write_refusal
    assert bool(package.write_refusal) is bool(reason)
    assert snapshot_of(workbook).refusal == package.write_refusal
    if reason:
        with pytest.raises(WorkbookRefused, match=reason):
            package.assemble({})
    else:
        assert package.assemble({}) == workbook


def test_a_large_member_written_as_64_bit_is_read() -> None:
    """Some programs always write 64-bit sizes in the member's own header; the directory's are what counts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in plan_parts(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>')).items():
            with package.open(name, "w", force_zip64=True) as member:
                member.write(content.encode() if isinstance(content, str) else content)
    workbook = target.getvalue()
    assert snapshot_of(workbook).tabs[0].rows
    assert Package.open(workbook, "plan.xlsx").assemble({}) == workbook


def test_reading_a_part_twice_gives_the_same_bytes() -> None:
    """Small parts are kept, large ones inflated anew; both are what was packed."""
    parts = plan_parts(worksheet())
    parts["xl/big.xml"] = b"<b/>" * 500_000
    package = Package.open(zipped(parts), "plan.xlsx")
    for _ in range(2):
        assert package.read("/xl/big.xml") == parts["xl/big.xml"]
        assert zlib.crc32(package.read("/xl/workbook.xml")) == zlib.crc32(str(parts["xl/workbook.xml"]).encode())


def test_a_macro_workbook_opens_like_any_other() -> None:
    """An .xlsm differs in its content type only."""
    assert (
        Package.open(typed("application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "plan.xlsm").sheets[0].name
        == "Plan"
    )
