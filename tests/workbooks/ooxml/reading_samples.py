"""Small workbooks made by hand, so that every byte of what is read is known."""

import io
import zipfile
from collections.abc import Mapping

from sheets_sync.core.cells import Cell
from sheets_sync.core.snapshot import Snapshot, Tab
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.reader import read_snapshot, read_titles

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Parts = Mapping[str, str | bytes]


def zipped(parts: Parts) -> bytes:
    """A zip file of these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def relations(*entries: tuple[str, str, str]) -> str:
    """A relationships part of (id, kind, target)."""
    lines = "".join(f'<Relationship Id="{i}" Type="{LINKS}/{k}" Target="{t}"/>' for i, k, t in entries)
    return f'{DECLARATION}<Relationships xmlns="{RELATIONS}">{lines}</Relationships>'


def worksheet(rows: str = "", *, head: str = "", tail: str = "") -> str:
    """A worksheet part with these rows."""
    root = f'<worksheet xmlns="{MAIN}" xmlns:r="{LINKS}">'
    return f"{DECLARATION}{root}{head}<sheetData>{rows}</sheetData>{tail}</worksheet>"


def strings(*items: str) -> str:
    """A shared-strings part of these <si> contents."""
    return f'{DECLARATION}<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def styles(
    *formats: str, fonts: str = "<font/>", fills: str = "<fill/>", codes: Mapping[int, str] | None = None
) -> str:
    """A styles part: each format is the attributes of one <xf> of cellXfs."""
    own = "".join(f'<numFmt numFmtId="{number}" formatCode="{code}"/>' for number, code in (codes or {}).items())
    cells = "".join(f"<xf {attributes}/>" for attributes in formats)
    return (
        f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts><fonts>{fonts}</fonts>'
        f"<fills>{fills}</fills><cellXfs>{cells}</cellXfs></styleSheet>"
    )


def workbook_part(*, names: str = "", settings: str = "", tabs: tuple[str, ...] = ("Plan",)) -> str:
    """A workbook part whose tabs have the sheetIds 7, 8 ... and the relationships rId1, rId2 ..."""
    sheets = "".join(f'<sheet name="{tab}" sheetId="{7 + i}" r:id="rId{1 + i}"/>' for i, tab in enumerate(tabs))
    return (
        f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{settings}<sheets>{sheets}</sheets>'
        f"<definedNames>{names}</definedNames></workbook>"
    )


def plan_parts(sheet: str | bytes, **others: str | bytes) -> dict[str, str | bytes]:
    """The parts of a workbook with one tab. `others`: strings, styles, workbook replace the defaults."""
    kinds = [("rId1", "worksheet", "worksheets/sheet1.xml")]
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            f'{DECLARATION}<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{WORKBOOK_TYPE}"/></Types>'
        ),
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": others.get("workbook", workbook_part()),
        "xl/worksheets/sheet1.xml": sheet,
    }
    for name, kind, file in (("strings", "sharedStrings", "sharedStrings.xml"), ("styles", "styles", "styles.xml")):
        if name in others:
            parts[f"xl/{file}"] = others[name]
            kinds.append((f"rId{len(kinds) + 10}", kind, file))
    parts["xl/_rels/workbook.xml.rels"] = relations(*kinds)
    return parts


def snapshot_of(workbook: bytes, *, canonical: bool = True) -> Snapshot:
    """Everything in a workbook, all worksheets read."""
    package = Package.open(workbook, "plan.xlsx")
    return read_snapshot(package, [title.key for title in read_titles(package)], "print", canonical=canonical)


def read_tab(sheet: str | bytes, **others: str | bytes) -> Tab:
    """The one tab of a workbook, read both ways, which must agree."""
    workbook = zipped(plan_parts(sheet, **others))
    fast, parsed = snapshot_of(workbook), snapshot_of(workbook, canonical=False)
    assert fast == parsed
    return fast.tabs[0]


def read_cell(cell: str, **others: str | bytes) -> Cell | None:
    """One cell in B5, given as its XML, read both ways."""
    tab = read_tab(worksheet(f'<row r="5">{cell}</row>'), **others)
    return tab.rows[0].cells[2] if tab.rows else None
