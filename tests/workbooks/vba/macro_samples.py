"""Macro projects to test with: modules of ours, and the projects of other people's workbooks."""

import warnings
import zipfile
from importlib.util import find_spec
from pathlib import Path

from sheets_sync.workbooks.vba.project import DocumentHost, Module, ModuleKind, document_module

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from oletools import olevba

WHEEL = Path(find_spec("xlwings").origin).parent
WHEEL_FILES = (
    "quickstart_standalone.xlsm",
    "quickstart.xlsm",
    "quickstart_addin.xlam",
    "quickstart_addin_ribbon.xlam",
    "addin/xlwings.xlam",
)
CORPUS_FILES = (
    "016_xlwings_integration_write.xlsm",
    "022_ClosedXML_tdf111974.xlsm",
    "040_umya-spreadsheet_libre.xlsm",
    "044_xlwings_database.xlsm",
    "070_xlwings_engines.xlsm",
)

WORKBOOK = document_module("ThisWorkbook", DocumentHost.WORKBOOK)
SHEET = document_module("Sheet1", DocumentHost.SHEET)
MACRO = Module(
    "PlanButton",
    ModuleKind.STANDARD,
    "Option Explicit\n\nSub SyncPlan()\n"
    'Attribute SyncPlan.VB_ProcData.VB_Invoke_Func = "Y\\n14"\n'
    '    MsgBox "caf\u00e9"\nEnd Sub\n',
)
CLASS = Module("PlanRow", ModuleKind.CLASS, "Option Explicit\n\nPublic Key As String\n")
PLAN = (WORKBOOK, SHEET, MACRO, CLASS)
OURS = (MACRO, CLASS, document_module("Sheet99", DocumentHost.SHEET))


def xlwings_module() -> Module:
    """A long module of somebody else, as it is exported."""
    return Module("xlwings", ModuleKind.STANDARD, (WHEEL / "xlwings.bas").read_text("utf-8"))


def dictionary_class() -> Module:
    """A class of somebody else, as it is exported: with a preamble and attributes of its own."""
    return Module("Dictionary", ModuleKind.CLASS, (WHEEL / "addin" / "Dictionary.cls").read_text("utf-8"))


def project_in(workbook: Path) -> bytes:
    """The macro project of a workbook."""
    return zipfile.ZipFile(workbook).read("xl/vbaProject.bin")


def unfolded_by_olevba(container: bytes) -> bytes:
    """What a compressed container holds, as olevba reads it."""
    return bytes(olevba.decompress_stream(bytearray(container)))


def texts_by_olevba(project: bytes) -> dict[str, str]:
    """The stored text of every module by its name, as olevba reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parser = olevba.VBA_Parser("vbaProject.bin", data=project)
        found = {stream.rpartition("/")[2]: text for _, stream, _, text in parser.extract_macros()}
        parser.close()
    return found
