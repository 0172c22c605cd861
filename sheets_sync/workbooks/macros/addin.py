"""The add-in sheets-sync.xlam as bytes: one empty sheet, our macros, the ribbon tab. The same bytes for one language.

Excel is not needed to make it, and nothing of the computer it is made on gets into it: no path, no name, no time.
"""

import io
import zipfile

from sheets_sync.workbooks.macros.ribbon import ribbon_xml
from sheets_sync.workbooks.macros.sources import MACRO_VERSION, addin_modules
from sheets_sync.workbooks.vba.module import DocumentHost, document_module
from sheets_sync.workbooks.vba.project import new_project

FILE_NAME = "sheets-sync.xlam"
PROJECT_NAME = "SheetsSyncAddin"
RIBBON_PART = "customUI/customUI14.xml"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OVERRIDES = (
    ("xl/workbook.xml", "application/vnd.ms-excel.addin.macroEnabled.main+xml"),
    ("xl/worksheets/sheet1.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"),
    ("xl/styles.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"),
    ("xl/vbaProject.bin", "application/vnd.ms-office.vbaProject"),
    ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
    ("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml"),
)
_ROOT_RELATIONS = (
    (f"{_DOCUMENT}/relationships/officeDocument", "xl/workbook.xml"),
    (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    (f"{_DOCUMENT}/relationships/extended-properties", "docProps/app.xml"),
    ("http://schemas.microsoft.com/office/2007/relationships/ui/extensibility", RIBBON_PART),
)
_WORKBOOK_RELATIONS = (
    (f"{_DOCUMENT}/relationships/worksheet", "worksheets/sheet1.xml"),
    (f"{_DOCUMENT}/relationships/styles", "styles.xml"),
    ("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin"),
)
_THIS_WORKBOOK, _ONLY_SHEET = "ThisWorkbook", "Sheet1"
_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can tell: every build gives the same bytes."""


def addin_bytes(language: str) -> bytes:
    """The whole file, with its labels in `language`."""
    parts: dict[str, bytes] = {name: text.encode() for name, text in _texts(language).items()}
    parts["xl/vbaProject.bin"] = new_project(
        (
            document_module(_THIS_WORKBOOK, DocumentHost.WORKBOOK),
            document_module(_ONLY_SHEET, DocumentHost.SHEET),
            *addin_modules(),
        ),
        name=PROJECT_NAME,
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in parts.items():
            member = zipfile.ZipInfo(name, _BEGINNING)
            member.compress_type = zipfile.ZIP_STORED  # no two compressors agree on every byte
            member.create_system = 0
            package.writestr(member, content)
    return made.getvalue()


def _texts(language: str) -> dict[str, str]:
    """The parts that are text, in the order of the file."""
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(_ROOT_RELATIONS),
        "xl/workbook.xml": (
            f'{_HEAD}<workbook xmlns="{_SHEET}" xmlns:r="{_DOCUMENT}/relationships">'
            f'<workbookPr codeName="{_THIS_WORKBOOK}"/><bookViews><workbookView/></bookViews>'
            f'<sheets><sheet name="{_ONLY_SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relations(_WORKBOOK_RELATIONS),
        "xl/worksheets/sheet1.xml": (
            f'{_HEAD}<worksheet xmlns="{_SHEET}"><sheetPr codeName="{_ONLY_SHEET}"/>'
            '<sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetData/></worksheet>'
        ),
        "xl/styles.xml": _styles(),
        RIBBON_PART: ribbon_xml(language),
        "docProps/core.xml": (
            f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>sheets-sync</dc:creator>'
            f"<dc:description>Checks and flags the action plan in the workbook in front of you. Macro version "
            f"{MACRO_VERSION}.</dc:description><dc:title>sheets-sync</dc:title></cp:coreProperties>"
        ),
        "docProps/app.xml": (
            f'{_HEAD}<Properties xmlns="{_DOCUMENT}/extended-properties"><Application>Microsoft Excel</Application>'
            "</Properties>"
        ),
    }


def _content_types() -> str:
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in _OVERRIDES)
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: tuple[tuple[str, str], ...]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _styles() -> str:
    return (
        f'{_HEAD}<styleSheet xmlns="{_SHEET}">'
        '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
