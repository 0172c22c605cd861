"""Formats are appended to the styles only where none says the same, and a plain look is what it should be."""

import pytest
from writing_samples import MAIN

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.ooxml.splice import Cut, as_utf8, outline, spliced
from sheets_sync.workbooks.ooxml.styles_patch import StyleBook

FONT = '<font><sz val="11"/></font>'


def book(formats: str, fonts: str = FONT) -> StyleBook:
    """A styles part with these cell formats and fonts."""
    counted = f'<fonts count="{fonts.count("</font>")}">{fonts}</fonts><cellXfs count="{formats.count("<xf")}">'
    return StyleBook(f'<styleSheet xmlns="{MAIN}">{counted}{formats}</cellXfs></styleSheet>'.encode())


STANDARD = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'


@pytest.mark.parametrize(
    ("format_", "fonts", "plain"),
    [
        ('<xf numFmtId="0" fontId="0" borderId="3" xfId="0"/>', FONT, None),
        ('<xf numFmtId="14" fontId="0" borderId="3" xfId="0"/>', FONT,
         '<xf numFmtId="0" fontId="0" borderId="3" xfId="0" applyNumberFormat="1"/>'),
        ('<xf numFmtId="0" fontId="0" borderId="3" quotePrefix="1"/>', FONT,
         '<xf numFmtId="0" fontId="0" borderId="3"/>'),
        ('<xf numFmtId="0" fontId="1" borderId="3"/>', FONT + '<font><strike val="0"/><u val="none"/></font>', None),
        ('<xf numFmtId="0" fontId="1" borderId="3"/>', FONT + "<font><b/><strike/></font>",
         '<xf numFmtId="0" fontId="2" borderId="3"/>'),
        ('<xf numFmtId="0" fontId="1" borderId="3"/>', FONT + '<font><u val="single"/><sz val="11"/></font>',
         '<xf numFmtId="0" fontId="0" borderId="3"/>'),
        ('<xf numFmtId="0" fontId="1" borderId="3"/>', FONT + '<font><u/><color theme="10"/><sz val="11"/></font>',
         '<xf numFmtId="0" fontId="0" borderId="3"/>'),
        ('<xf numFmtId="0" fontId="1" borderId="3"><alignment wrapText="1"/></xf>', FONT + "<font><strike/><b/></font>",
         '<xf numFmtId="0" fontId="2" borderId="3"><alignment wrapText="1"/></xf>'),
        ('<xf numFmtId="0" fontId="9" borderId="3"/>', FONT, None),
    ],
)  # fmt: skip
def test_plain(format_: str, fonts: str, plain: str | None) -> None:
    """A plain look keeps font, fill, border and alignment, and loses number format, strike and the looks of a link."""
    styles = book(STANDARD + format_, fonts)
    assert styles.plain(b"1") == (b"2" if plain else b"1")
    patched = styles.patched().decode()
    assert plain is None or patched.partition("</cellXfs>")[0].endswith(plain)
    assert styles.is_changed is (plain is not None)
    again = StyleBook(patched.encode())
    assert again.plain(b"2" if plain else b"1") == (b"2" if plain else b"1")
    assert again.plain(b"1") == (b"2" if plain else b"1")
    assert not again.is_changed


def test_a_coloured_underline_keeps_its_colour() -> None:
    """Only the colour of links goes with the underline."""
    styles = book(STANDARD + '<xf fontId="1"/>', FONT + '<font><u/><color rgb="FFFF0000"/></font>')
    styles.plain(b"1")
    assert '<font><color rgb="FFFF0000"/></font></fonts>' in styles.patched().decode()


def test_looks_that_do_not_exist() -> None:
    """An index that leads nowhere is not used again."""
    styles = book(STANDARD)
    assert [styles.plain(index) for index in (b"", b"0", b"1", b"99", b"x")] == [b"", b"0", b"", b"", b""]
    assert [styles.clone(index) for index in (b"", b"1", b"x")] == [b"", b"", b""]


def test_twins_of_one_look_are_one() -> None:
    """Two looks that differ only in number format get one plain look between them."""
    styles = book(STANDARD + '<xf numFmtId="14" borderId="1"/><xf numFmtId="9" borderId="1" applyNumberFormat="1"/>')
    assert styles.plain(b"1") == styles.plain(b"2") == b"3"
    assert 'cellXfs count="4"' in styles.patched().decode()


def test_nothing_added_is_the_same_bytes() -> None:
    """A part to which nothing is added keeps its bytes."""
    xml = f'<styleSheet xmlns="{MAIN}"><!-- kept --><cellXfs count="1"><xf/></cellXfs></styleSheet>'.encode()
    assert StyleBook(xml).patched() == xml


def test_cuts_at_one_place() -> None:
    """What is inserted comes before what is replaced at the same place, insertions in the order given."""
    assert spliced(b"abc", [Cut(1, 2, b"X"), Cut(1, 1, b"1"), Cut(1, 1, b"2")]) == b"a12Xc"
    with pytest.raises(ValueError, match="overlapping"):
        spliced(b"abc", [Cut(0, 2, b""), Cut(1, 3, b"")])


def test_outline_places() -> None:
    """Start tags, contents and end tags are found in the presence of comments, CDATA, and signs in attributes."""
    xml = b'\xef\xbb\xbf<?xml version="1.0"?><a xmlns="m"><b/><!-- <b> --><c q=">/"><d/></c >'
    xml += b"<e>t&amp;<![CDATA[<x>]]></e></a>"
    found = [
        (n.name, n.depth, xml[n.start : n.inner], xml[n.inner : n.close], xml[n.close : n.end]) for n in outline(xml)
    ]
    assert found[1:] == [
        ("b", 1, b"<b/>", b"", b""),
        ("c", 1, b'<c q=">/">', b"<d/>", b"</c >"),
        ("d", 2, b"<d/>", b"", b""),
        ("e", 1, b"<e>", b"t&amp;<![CDATA[<x>]]>", b"</e>"),
    ]
    assert outline(xml)[-1].text == "t&<x>"


@pytest.mark.parametrize("xml", [b"<a>", b"<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", b"", b"<a>\xff</a>"])
def test_outline_refuses(xml: bytes) -> None:
    """What is not well-formed, or declares a document type, is refused."""
    with pytest.raises(WorkbookRefused):
        outline(xml)


def test_encodings_that_cannot_be_read() -> None:
    """A part in an encoding nobody knows is refused."""
    with pytest.raises(WorkbookRefused):
        as_utf8(b'<?xml version="1.0" encoding="klingon"?><a/>')
