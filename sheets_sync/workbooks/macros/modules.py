"""The macros a package holds, ours or anybody's."""

from sheets_sync.workbooks.ooxml.macro_part import project_relation
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.vba.module import Module, ModuleKind
from sheets_sync.workbooks.vba.project import read_project


def modules_of(package: Package) -> tuple[Module, ...]:
    """The modules that hold code; the empty ones that a workbook and its sheets must have are left out.

    Raises WorkbookRefused for a macro project that is damaged.
    """
    relation = project_relation(package)
    if relation is None:
        return ()
    modules = read_project(package.read(relation.target)).modules
    return tuple(module for module in modules if module.kind is not ModuleKind.DOCUMENT or module.source.strip())
