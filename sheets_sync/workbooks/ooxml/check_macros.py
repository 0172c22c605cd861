"""What Excel would repair or refuse around macros and drawings: types, relationships, code names, macros that are not
there. Sentences name parts and places, no content.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.ooxml.code_names import code_name_of
from sheets_sync.workbooks.ooxml.macro_part import PROJECT_TYPE, WITH_MACROS
from sheets_sync.workbooks.ooxml.package import Package, SheetEntry
from sheets_sync.workbooks.ooxml.splice import Node, as_utf8
from sheets_sync.workbooks.vba.module import ModuleKind
from sheets_sync.workbooks.vba.project import Project, read_project

_CODE_NAME = re.compile(r"[^\W\d_]\w{0,30}")
_SHAPE_IDS = re.compile(rb"""<(?:[\w.-]+:)?cNvPr\s[^<>]*?\bid\s*=\s*["'](\d+)["']""")
_STARTED = re.compile(rb"""<(?:[\w.-]+:)?\w+\s[^<>]*?\bmacro\s*=\s*"\[0\]!([^"]+)\"""")
_DECLARED = r"^[ \t]*(?:(?:Public|Private|Friend|Static)[ \t]+)*(?:Sub|Function)[ \t]+{}\b"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
_WITH_CODE = ("worksheet", "chartsheet")


def macros_of(package: Package) -> bytes:
    """The bytes of the macro project, b"" where there is none."""
    return next((package.read(part) for part in _projects(package)), b"")


def check_macros(package: Package, *, look_inside: bool) -> Iterator[str]:
    """Check the macro project around, and with `look_inside` its modules against code names and shapes."""
    projects = _projects(package)
    declared = package.content_type(package.workbook_part) == WITH_MACROS
    if projects and not declared:
        yield "there are macros in a workbook that is declared as one without"
    if len(projects) > 1:
        yield "there are several macro projects"
    for part in projects:
        if package.content_type(part) != PROJECT_TYPE:
            yield f"{part}: is not declared as a macro project"
    names = _code_names(package)
    yield from _check_code_names(names)
    if not look_inside:
        return
    try:
        project = read_project(package.read(projects[0])) if projects else None
    except WorkbookRefused:
        yield f"{projects[0]}: cannot be read"
        return
    if project is not None:
        yield from _check_modules(project, names)
    for macro in sorted(_started(package)):
        if project is None or not _is_declared(project, macro):
            yield f"a shape starts the macro {macro}, which is not there"


def check_drawing(package: Package, entry: SheetEntry, nodes: tuple[Node, ...]) -> Iterator[str]:
    """Check that a sheet's drawing is there, is declared, and has different shapes. `nodes` are the sheet's outline."""
    drawings = [node for node in nodes if node.name == "drawing" and node.depth == 1]
    if len(drawings) > 1:
        yield "the sheet has several drawings"
    for drawing in drawings:
        link = drawing.attributes.get(_LINK, "")
        relation = next((one for one in package.related(entry.part) if one.id == link), None)
        if relation is None or relation.kind != "drawing":
            yield "its drawing has no relationship"
        elif package.has(relation.target):
            yield from _check_shapes(package, relation.target)


def _check_shapes(package: Package, part: str) -> Iterator[str]:
    if package.content_type(part) != _DRAWING_TYPE:
        yield f"{part}: is not declared as a drawing"
    xml = as_utf8(package.read(part))
    if b"AlternateContent" in xml:
        return  # each alternative repeats the ids of the others
    for number, times in Counter(_SHAPE_IDS.findall(xml)).items():
        if times > 1:
            yield f"{part}: shape {number.decode()} is there {times} times"


def _projects(package: Package) -> list[str]:
    related = package.related(package.workbook_part)
    return [one.target for one in related if one.kind == "vbaProject" and package.has(one.target)]


def _code_names(package: Package) -> Mapping[str, str]:
    """The code names by part, of the workbook and of the sheets that have one."""
    sheets = (entry.part for entry in package.sheets if entry.kind in _WITH_CODE)
    names = {part: _code_name(package, part) for part in (package.workbook_part, *sheets)}
    return {part: name for part, name in names.items() if name}


def _code_name(package: Package, part: str) -> str:
    try:
        return code_name_of(package, part)
    except WorkbookRefused:
        return ""


def _check_code_names(names: Mapping[str, str]) -> Iterator[str]:
    for name, times in Counter(name.casefold() for name in names.values()).items():
        if times > 1:
            yield f"the code name {name} is given {times} times"
    for part, name in names.items():
        if not _CODE_NAME.fullmatch(name):
            yield f"{part}: its code name is not legal"


def _check_modules(project: Project, names: Mapping[str, str]) -> Iterator[str]:
    documents = {name.casefold() for name in project.document_names}
    known = {name.casefold() for name in names.values()}
    for name in sorted(known - documents):
        yield f"the code name {name} has no module"
    for name in sorted(documents - known):
        yield f"the module {name} belongs to no sheet"
    for name, times in Counter(module.name.casefold() for module in project.modules).items():
        if times > 1:
            yield f"the macro module {name} is there {times} times"


def _started(package: Package) -> set[str]:
    """The macros of this workbook that its shapes start."""
    drawings = {
        relation.target
        for entry in package.sheets
        if entry.part
        for relation in package.related(entry.part)
        if relation.kind == "drawing" and package.has(relation.target)
    }
    return {name.decode("utf-8", "replace") for part in drawings for name in _STARTED.findall(package.read(part))}


def _is_declared(project: Project, macro: str) -> bool:
    module, _, name = macro.rpartition(".")
    pattern = re.compile(_DECLARED.format(re.escape(name)), re.IGNORECASE | re.MULTILINE)
    return any(
        pattern.search(one.source)
        for one in project.modules
        if (one.name.casefold() == module.casefold() if module else one.kind is ModuleKind.STANDARD)
    )
