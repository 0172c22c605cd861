"""Seeded damage for workbooks: bytes changed in the zip file, or inside one inflated part that is zipped again."""

import io
import random
import re
import zipfile

_WORDS = (
    *b"-1 0 1 7 60 99999999999 1e999 nan 1_0 46082.7 2958466 true".split(),
    *b"s str inlineStr b e d n shared array dataTable".split(),
    *b"#REF! #N/A ZZZ9999999 A0 A1 XFD1048576 A1:XFE1 A:C 3:5 worksheet 2026-02-30 2026-03-01T10:00 &lt;".split(),
    *b"_xD800_ _x0041_ &#x1F600; Sheet1!$A$1 'a''b'!$A:$A /xl/../xl/workbook.xml ..%2f..%2fx \xc3\xa9".split(),
    *(b"", b" ", b" 5 ", b"a\r\nb"),
)
_PIECES = (
    b"<!-- -->",
    b"<![CDATA[x]]>",
    b"<v>1</v>",
    b"<f>A1</f>",
    b"<is><t>a</t></is>",
    b"<row/>",
    b"<c/>",
    b" ",
    b"\n",
    b"&amp;",
)


def mutated(workbook: bytes, seed: str) -> bytes:
    """A damaged copy of a workbook; the same seed gives the same damage."""
    chance = random.Random(seed)
    if chance.random() < 0.3:
        return _damaged_zip(workbook, chance)
    return _damaged_part(workbook, chance)


def _damaged_zip(workbook: bytes, chance: random.Random) -> bytes:
    data = bytearray(workbook)
    if chance.random() < 0.15:
        del data[chance.randrange(len(data)) :]
    for _ in range(chance.randrange(1, 6)):
        near_end = chance.random() < 0.6
        at = chance.randrange(max(0, len(data) - 3_000) if near_end else 0, len(data) + 1)
        data[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(data)


def _damaged_part(workbook: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook)) as source:
        members = {info.filename: source.read(info) for info in source.infolist()}
    names = [name for name in members if name.endswith((".xml", ".rels"))]
    likely = [
        name
        for name in names
        if "worksheets/sheet" in name or "workbook" in name or "hared" in name or "styles" in name
    ]
    chosen = chance.choice(likely if likely and chance.random() < 0.8 else names)
    members[chosen] = _damaged_xml(members[chosen], chance)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return target.getvalue()


def _damaged_xml(xml: bytes, chance: random.Random) -> bytes:
    data = bytearray(xml)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(12):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[at : at + chance.randrange(1, 60)]
            case 2 | 3:
                _repeat_or_drop_element(data, at, chance)
            case 4 | 5:
                place = data.find(b">", at) + 1
                data[place:place] = chance.choice(_PIECES)
            case _:
                _replace_word(data, at, chance)
    return bytes(data)


def _repeat_or_drop_element(data: bytearray, at: int, chance: random.Random) -> None:
    """Take one short element without children of its own name, and drop it or put it elsewhere too."""
    found = re.compile(rb"<([A-Za-z:]+)(?: [^<>]*)?(?:/>|>.{0,200}?</\1>)", re.DOTALL).search(data, at)
    if found is None:
        return
    element = found[0]
    if chance.random() < 0.5:
        del data[found.start() : found.end()]
    else:
        place = data.find(b"><", chance.randrange(len(data))) + 1
        data[place:place] = element


def _replace_word(data: bytearray, at: int, chance: random.Random) -> None:
    """Put something unlikely where an attribute's value or a text stands."""
    found = re.compile(rb'(?<==")[^"<>]*(?=")|(?<=>)[^<>]+(?=<)').search(data, at)
    if found is not None:
        data[found.start() : found.end()] = chance.choice(_WORDS)
