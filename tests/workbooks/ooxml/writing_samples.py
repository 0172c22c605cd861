"""Small workbooks written by hand, and the changes a run would make to them."""

import io
import re
import zipfile
from collections.abc import Mapping
from typing import NamedTuple

from sheets_sync.core.cells import BLANK, CellValue, text_value
from sheets_sync.core.decision import (
    CellRef,
    Changes,
    ColumnState,
    DropDownState,
    Edit,
    HighlightState,
    KeyColumn,
    Structure,
    StructureKind,
)
from sheets_sync.core.snapshot import Area, DropDown, HighlightRule, Role, Row, Snapshot, Stamp, Tab
from sheets_sync.core.witness import row_witness
from sheets_sync.workbooks.ooxml.grid import column_letters
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.ooxml.reader import read_snapshot, read_titles
from sheets_sync.workbooks.ooxml.writer import Patched, patch

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET = "/xl/worksheets/sheet1.xml"
WORKBOOK = "/xl/workbook.xml"
STYLES = "/xl/styles.xml"
TABLE = "/xl/tables/table1.xml"
KEY = "7"
LAST_ROW = 1_048_576
HEADERS = {Role.ID: "ID", Role.FLAG: "Flag", Role.NEXT_FIX: "Next fix"}
STAMP = Stamp("plan-uid", "store-uid", 3, "0.1.0")
NO_WITNESS: tuple[tuple[int, str], ...] = ((1, "action"), (2, "owner"))

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PART = "application/vnd.openxmlformats-officedocument.spreadsheetml."

PLAN_ROWS = (
    '<row r="1" spans="1:3"><c r="A1" s="1" t="inlineStr"><is><t>Action</t></is></c>'
    '<c r="B1" s="1" t="inlineStr"><is><t>Owner</t></is></c><c r="C1" s="1" t="inlineStr"><is><t>Due</t></is></c></row>'
    '<row r="2" spans="1:3"><c r="A2" s="2" t="inlineStr"><is><t>Fix the pump</t></is></c>'
    '<c r="B2" s="2" t="inlineStr"><is><t>Ana</t></is></c><c r="C2" s="3"><v>46082</v></c></row>'
    '<row r="3" spans="1:3"><c r="A3" s="2" t="inlineStr"><is><t>Train the team</t></is></c>'
    '<c r="B3" s="2"/><c r="C3" s="4"><v>46090</v></c></row>'
)
"""A plan of two actions with headers in row 1; due dates are date-formatted, the second one struck through."""

PLAN_STYLES = (
    '<fonts count="4"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font>'
    '<font><strike/><sz val="11"/><name val="Calibri"/></font>'
    '<font><u/><sz val="11"/><color theme="10"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFDDDDFF"/></patternFill></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left style="thin"/><right style="thin"/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    '<xf numFmtId="0" fontId="3" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0" applyBorder="1"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1"/>'
    '<xf numFmtId="14" fontId="2" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1"/>'
    '<xf numFmtId="0" fontId="3" fillId="0" borderId="0" xfId="1"/></cellXfs>'
    '<cellStyles count="2"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    '<cellStyle name="Hyperlink" xfId="1" builtinId="8"/></cellStyles>'
)


class Sample(NamedTuple):
    """A workbook with one tab "Plan" (sheetId 7): what stands in its parts, each as XML text without the root."""

    rows: str = PLAN_ROWS
    head: str = '<dimension ref="A1:C3"/>'
    tail: str = ""
    styles: str | None = PLAN_STYLES
    names: str = ""
    settings: str = ""
    table: str = ""
    """The attributes and content of a table element, from behind `id="1" name=...`."""
    more: Mapping[str, str | bytes] = {}
    """Further parts by name, or parts to replace."""

    def data(self) -> bytes:
        """The bytes of the workbook."""
        return zipped(self.parts())

    def parts(self) -> dict[str, str | bytes]:
        """All parts by name."""
        tables = '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>' if self.table else ""
        parts: dict[str, str | bytes] = {
            "[Content_Types].xml": _content_types(has_styles=self.styles is not None, has_table=bool(self.table)),
            "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'{_DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">'
            f'<sheets><sheet name="Plan" sheetId="{KEY}" r:id="rId1"/></sheets>{self.names}{self.settings}</workbook>',
            "xl/worksheets/sheet1.xml": worksheet(self.rows, head=self.head, tail=self.tail + tables),
        }
        links = [("rId1", "worksheet", "worksheets/sheet1.xml")]
        if self.styles is not None:
            parts["xl/styles.xml"] = f'{_DECLARATION}<styleSheet xmlns="{MAIN}">{self.styles}</styleSheet>'
            links.append(("rId2", "styles", "styles.xml"))
        parts["xl/_rels/workbook.xml.rels"] = relations(*links)
        if self.table:
            parts["xl/tables/table1.xml"] = (
                f'{_DECLARATION}<table xmlns="{MAIN}" id="1" name="Actions" displayName="Actions" {self.table}</table>'
            )
            parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(("rId1", "table", "../tables/table1.xml"))
        return parts | dict(self.more)


PLAN_TABLE = (
    'ref="A1:C3" totalsRowShown="0"><autoFilter ref="A1:C3"/><tableColumns count="3">'
    '<tableColumn id="1" name="Action"/><tableColumn id="2" name="Owner"/><tableColumn id="5" name="Due"/>'
    "</tableColumns>"
    '<tableStyleInfo name="TableStyleMedium2" showRowStripes="1"/>'
)


def worksheet(rows: str, *, head: str = "", tail: str = "") -> str:
    """A worksheet part."""
    inside = f"{head}<sheetData>{rows}</sheetData>{tail}"
    return f'{_DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{LINKS}">{inside}</worksheet>'


def relations(*entries: tuple[str, str, str]) -> str:
    """A relationships part of (id, kind, target)."""
    lines = "".join(f'<Relationship Id="{i}" Type="{LINKS}/{k}" Target="{t}"/>' for i, k, t in entries)
    return f'{_DECLARATION}<Relationships xmlns="{RELATIONS}">{lines}</Relationships>'


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def _content_types(*, has_styles: bool, has_table: bool) -> str:
    parts = {"/xl/workbook.xml": "sheet.main+xml", "/xl/worksheets/sheet1.xml": "worksheet+xml"}
    if has_styles:
        parts["/xl/styles.xml"] = "styles+xml"
    if has_table:
        parts["/xl/tables/table1.xml"] = "table+xml"
    overrides = "".join(f'<Override PartName="{part}" ContentType="{_PART}{kind}"/>' for part, kind in parts.items())
    defaults = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'{_DECLARATION}<Types xmlns="{TYPES}">{defaults}{overrides}</Types>'


class Opened(NamedTuple):
    """A workbook opened and read."""

    package: Package
    seen: Snapshot

    def tab(self, key: str = KEY) -> Tab:
        """One of its tabs."""
        return self.seen.tab(key)

    def part(self, name: str) -> str:
        """A part as text."""
        return self.package.read(name).decode()


def opened(data: bytes, name: str = "plan.xlsx") -> Opened:
    """Open a workbook and read all its tabs."""
    package = Package.open(data, name)
    return Opened(package, read_snapshot(package, {title.key for title in read_titles(package)}, "fingerprint"))


def written(book: Opened, changes: Changes) -> tuple[Opened, Patched]:
    """Write changes; the workbook as it is then, and what became of them."""
    done = patch(book.package, changes, book.seen)
    return opened(done.data, book.package.name), done


def cells(book: Opened, key: str = KEY) -> dict[str, str]:
    """Address to text of every non-blank cell."""
    return {
        f"{column_letters(column)}{row.number}": cell.literal.text
        for row in book.tab(key).rows
        for column, cell in row.cells.items()
    }


def column(role: Role, number: int, *, header_row: int = 1, header: str = "", last_row: int = 3) -> ColumnState:
    """The state of a column of ours."""
    return ColumnState(role, number, header_row, header or HEADERS[role], last_row)


def adding(*states: ColumnState, tab: str = KEY) -> tuple[Structure, ...]:
    """Structures that add columns."""
    return tuple(Structure(StructureKind.COLUMN, tab, None, state) for state in states)


def removing(*states: ColumnState, tab: str = KEY) -> tuple[Structure, ...]:
    """Structures that remove columns."""
    return tuple(Structure(StructureKind.COLUMN, tab, state, None) for state in states)


def edit(tab: Tab, row: int, role: Role, after: str | CellValue, *, key: str = "", before: CellValue = BLANK) -> Edit:
    """An edit of one cell, with the row's true witness."""
    found = next((known for known in tab.rows if known.number == row), Row(row, {}, hidden=False))
    value = text_value(after) if isinstance(after, str) else after
    return Edit(key, CellRef(tab.key, row, role), before, value, row_witness(found, NO_WITNESS))


def changes(*wanted: Edit | Structure, key_column: int | None = None, stamp: Stamp | None = None) -> Changes:
    """Changes of the tab "Plan"."""
    return Changes(
        tuple(one for one in wanted if isinstance(one, Edit)),
        tuple(one for one in wanted if isinstance(one, Structure)),
        (KeyColumn(KEY, key_column, NO_WITNESS),),
        stamp,
    )


def rule(colour: str, *areas: Area, condition: str = '$D2="LATE"') -> HighlightRule:
    """A highlight rule of ours."""
    return HighlightRule(colour, areas, f'(N("sheets-sync:{colour}")=0)*({condition})')


def highlights(*after: HighlightRule, before: tuple[HighlightRule, ...] = (), tab: str = KEY) -> Structure:
    """The structure that leaves exactly these highlights."""
    return Structure(
        StructureKind.HIGHLIGHTS,
        tab,
        HighlightState(before) if before else None,
        HighlightState(after) if after else None,
    )


def drop_downs(*after: DropDown, before: tuple[DropDown, ...] = (), tab: str = KEY) -> Structure:
    """The structure that leaves exactly these drop-downs."""
    return Structure(
        StructureKind.DROP_DOWNS,
        tab,
        DropDownState(before) if before else None,
        DropDownState(after) if after else None,
    )


class Wanted(NamedTuple):
    """All a first run wants of one tab, and where."""

    columns: tuple[ColumnState, ...]
    changes: Changes


def first_run(tab: Tab) -> Wanted:
    """Three columns right of everything, odd texts in every row, highlights, a drop-down, a stamp."""
    table = next((table for table in tab.tables if table.has_header), None)
    header = table.area.top if table else tab.rows[0].number if tab.rows else 1
    areas = (*tab.merged, *tab.computed, *(table.area for table in tab.tables))
    last = max([0, *(c for row in tab.rows for c in row.cells), *(area.right for area in areas)])
    last_row = max([header, *(row.number for row in tab.rows)])
    order = (Role.ID, Role.FLAG, Role.NEXT_FIX)
    states = tuple(
        column(role, last + place, header_row=header, last_row=last_row) for place, role in enumerate(order, start=1)
    )
    flag = column_letters(last + 2)
    stretch = Area(header + 1, last + 2, LAST_ROW, last + 2)
    condition = f'${flag}{header + 1}="LATE & <found>"'
    edits = [
        Edit("", CellRef(tab.key, row.number, role), BLANK, text_value(text), row_witness(row, NO_WITNESS))
        for row in tab.rows
        if row.number > header
        for role, text in (
            (Role.ID, f"A-{row.number:04d}"),
            (Role.FLAG, "LATE & <found>" if row.number % 2 else "ON TRACK"),
            (Role.NEXT_FIX, f' type _x0041_ "owner"\nin row {row.number}\r\t\x0b '),
        )
    ]
    wanted = Changes(
        tuple(edits),
        (
            *adding(*states, tab=tab.key),
            highlights(
                rule("red", stretch, Area(header + 1, 1, LAST_ROW, 1), condition=condition),
                rule("amber", stretch, condition=condition),
                tab=tab.key,
            ),
            drop_downs(DropDown(stretch, ("LATE & <found>", 'say "done"')), tab=tab.key),
        ),
        (KeyColumn(tab.key, None, NO_WITNESS),),
        STAMP,
    )
    return Wanted(states, wanted)


def leaving(tab: Tab, columns: tuple[ColumnState, ...]) -> Changes:
    """All that takes back what we have in one tab."""
    edits = tuple(
        Edit(
            row.cells[tab.marks[Role.ID]].literal.text,
            CellRef(tab.key, row.number, role),
            row.cells[number].literal,
            BLANK,
        )
        for row in tab.rows
        for role, number in tab.marks.items()
        if number in row.cells and Role.ID in tab.marks and tab.marks[Role.ID] in row.cells
        if row.number > columns[0].header_row
    )
    structures = [*removing(*(state for state in columns if state.role in tab.marks), tab=tab.key)]
    if tab.highlights:
        structures.append(highlights(before=tab.highlights, tab=tab.key))
    if tab.drop_downs:
        structures.append(drop_downs(before=tab.drop_downs, tab=tab.key))
    keys = (KeyColumn(tab.key, tab.marks.get(Role.ID), NO_WITNESS),)
    return Changes(edits, tuple(structures), keys, remove_stamp=True)


def row_of(sheet: str, number: int) -> str:
    """One row of a sheet part as text."""
    found = re.search(rf'<row r="{number}"[^>]*?(?:/>|>.*?</row>)', sheet, re.DOTALL)
    return found[0] if found else ""
