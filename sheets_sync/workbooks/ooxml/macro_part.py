"""The macro project of a workbook: our modules put into it and taken out, and when neither may be.

What a project's bytes mean is in workbooks.vba, what our macros say in workbooks.macros.
"""

import re
from collections.abc import Sequence

from sheets_sync.workbooks.macros.sources import MACRO, is_current, is_ours, workbook_modules
from sheets_sync.workbooks.ooxml.code_names import CodeNames, DocumentKind, code_names
from sheets_sync.workbooks.ooxml.package import Package, Relationship, relationships_part
from sheets_sync.workbooks.ooxml.package_draft import PackageDraft
from sheets_sync.workbooks.ooxml.refusals import Unreadable
from sheets_sync.workbooks.vba.module import DocumentHost, Module, document_module
from sheets_sync.workbooks.vba.project import new_project, read_project, with_modules, without_modules

WITH_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
WITHOUT_MACROS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
PROJECT_TYPE = "application/vnd.ms-office.vbaProject"
PROJECT_KIND = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_PROJECT_PART = "/xl/vbaProject.bin"
_HOSTS = {
    DocumentKind.WORKBOOK: DocumentHost.WORKBOOK,
    DocumentKind.WORKSHEET: DocumentHost.SHEET,
    DocumentKind.CHARTSHEET: DocumentHost.CHART,
}
_DECLARES = re.compile(
    rf"^[ \t]*(?:(?:Public|Private|Friend|Static)[ \t]+)*(?:Sub|Function)[ \t]+{MACRO}\b", re.IGNORECASE | re.MULTILINE
)
_ADD_IN = "use the button of the add-in instead, which puts nothing into the workbook: sheets-sync excel addin"
_SAVE_PLAIN = "in Excel choose File > Save As > Excel Workbook (.xlsx), not Strict, and use the new file"


def project_relation(package: Package) -> Relationship | None:
    """The relationship of the workbook to its macro project, None where it has none."""
    for relation in package.related(package.workbook_part):
        if relation.kind == "vbaProject" and not relation.external and package.has(relation.target):
            return relation
    return None


def refuse_macros(package: Package) -> None:
    """Raise Unreadable when this workbook must not or cannot get our macro."""
    if package.write_refusal:
        raise Unreadable(package.write_refusal, _ADD_IN)
    if b"purl.oclc.org/ooxml" in package.read(package.workbook_part)[:4000]:
        raise Unreadable("the workbook is saved as Strict Open XML, which cannot hold macros", _SAVE_PLAIN)
    if package.content_type(package.workbook_part) not in (WITH_MACROS, WITHOUT_MACROS):
        raise Unreadable("this is a template or an add-in, not a workbook", _SAVE_PLAIN)
    relation = project_relation(package)
    if relation is not None:
        _refuse_project(package, relation.target)


def _refuse_project(package: Package, part: str) -> None:
    if any(relation.kind.startswith("vbaProjectSignature") for relation in package.related(part)):
        raise Unreadable("its macros are digitally signed, and any change would break the signature", _ADD_IN)
    project = read_project(package.read(part))
    if project.is_locked:
        raise Unreadable("its macros are locked with a password", f"unlock them in Excel (Alt+F11), or {_ADD_IN}")
    ours = {module.name.casefold() for module in workbook_modules()}
    for module in project.modules:
        if is_ours(module):
            continue
        if module.name.casefold() in ours:
            raise Unreadable(
                f"its macros have a module named {module.name} already, which is not ours", f"rename it, or {_ADD_IN}"
            )
        if _DECLARES.search(module.source):
            raise Unreadable(
                f"its macros have a macro named {MACRO} already, in {module.name}", f"rename it, or {_ADD_IN}"
            )


def our_modules(package: Package) -> tuple[Module, ...]:
    """Our modules in the workbook's macro project, of whatever version."""
    relation = project_relation(package)
    if relation is None:
        return ()
    return tuple(module for module in read_project(package.read(relation.target)).modules if is_ours(module))


def put_macros(draft: PackageDraft) -> None:
    """Put our modules in, as they are today. A workbook without macros gets a project, and code names where they are
    missing; with macros of its own its code names stay, since Excel made a module for each."""
    package = draft.package
    draft.declare(package.workbook_part, WITH_MACROS)
    relation = project_relation(package)
    if relation is not None:
        current = {module.name.casefold() for module in our_modules(package) if is_current(module)}
        if any(module.name.casefold() not in current for module in workbook_modules()):
            draft.put(relation.target, with_modules(package.read(relation.target), workbook_modules()))
        return
    names = code_names(package, [module.name for module in workbook_modules()])
    for part, xml in names.parts.items():
        draft.put(part, xml)
    part = draft.free_part("/xl/vbaProject{}.bin") if draft.has(_PROJECT_PART) else _PROJECT_PART
    draft.put(part, new_project((*_documents(names), *workbook_modules())))
    draft.declare(part, PROJECT_TYPE)
    draft.relate(package.workbook_part, PROJECT_KIND, part)


def take_macros(draft: PackageDraft) -> None:
    """Take our modules out; a project that holds nothing else goes as a whole. The workbook stays one with macros."""
    relation = project_relation(draft.package)
    ours = our_modules(draft.package)
    if relation is None or not ours:
        return
    content = draft.package.read(relation.target)
    if _holds_more(read_project(content).modules):
        draft.put(relation.target, without_modules(content, [module.name for module in ours]))
    else:
        draft.remove(relation.target)
        if draft.has(relationships_part(relation.target)):
            draft.remove(relationships_part(relation.target))
        draft.unrelate(draft.package.workbook_part, relation.id)


def _holds_more(modules: Sequence[Module]) -> bool:
    """Whether somebody else's module is there, or something in the module of the workbook or a sheet."""
    empty = ("", *(document_module("Any", host).source.strip() for host in DocumentHost), "Option Explicit")
    return any(not is_ours(module) and module.source.strip() not in empty for module in modules)


def _documents(names: CodeNames) -> tuple[Module, ...]:
    return tuple(document_module(document.code_name, _HOSTS[document.kind]) for document in names.documents)
