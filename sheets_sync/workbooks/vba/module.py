"""A macro module: its name, its kind and its source, and the text in which a project stores it.

A stored text begins with attributes that VBA hides. `Module.source` leaves out those that every module of the kind
has: the line with VB_Name, and for classes and documents the eight further lines of a new module. Attributes that
say something else (VB_PredeclaredId = True ...) stay at the beginning of the source, and member attributes (a
keyboard shortcut) stay where they are. An exported .bas or .cls file can be given as it is.
"""

import re
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

LONGEST_NAME = 31


class ModuleKind(Enum):
    """What a module is. A form is only ever read and kept: its window is stored beside its source."""

    DOCUMENT = "document"
    STANDARD = "standard"
    CLASS = "class"
    FORM = "form"


class Module(NamedTuple):
    """One module. Lines of the source end in \\n, the last one too."""

    name: str
    kind: ModuleKind
    source: str


class DocumentHost(Enum):
    """What a document module belongs to, by the class that Excel gives it."""

    WORKBOOK = "0{00020819-0000-0000-C000-000000000046}"
    SHEET = "0{00020820-0000-0000-C000-000000000046}"
    CHART = "0{00020821-0000-0000-C000-000000000046}"


_WORKBOOK_NAME = "thisworkbook"
_CLASS_BASE = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"
_NAME = re.compile(r"[^\W\d_]\w*")
_CODE_NAME = re.compile(r"[^\W\d_][\w ]*")
"""Excel takes blanks in the code name of a sheet, though not in the name of a module that somebody adds."""
_HEADER_LINE = re.compile(r"Attribute (VB_\w+) = (.*)")
_EXPORT_PREAMBLE = re.compile(r"VERSION [\d.]+ CLASS\nBEGIN\n(?:.*\n)*?END\n")
_NEWLINE = re.compile(r"\r\n?|\n")


def document_module(name: str, host: DocumentHost) -> Module:
    """An empty document module, as every workbook and every sheet must have one in a workbook with macros."""
    source = "" if host is _usual_host(name) else f'Attribute VB_Base = "{host.value}"\n'
    return Module(name, ModuleKind.DOCUMENT, source)


def stored_text(module: Module) -> str:
    """The text in which a project stores a module, with \\r\\n. Raises ValueError."""
    if module.kind is ModuleKind.FORM:
        raise ValueError(f"{module.name}: forms cannot be made, only kept")
    if not is_name(module.name, module.kind):
        raise ValueError(f"{module.name!r} cannot be the name of a module: at most 31 letters, digits and _")
    if "\0" in module.source:
        raise ValueError(f"{module.name}: the source holds a NUL character")
    header, body = _split(_EXPORT_PREAMBLE.sub("", _NEWLINE.sub("\n", module.source), count=1))
    usual = _usual_header(module.name, module.kind)
    told = {key: value for key, value in header if key in usual}
    if told.get("VB_Name", usual["VB_Name"]) != usual["VB_Name"]:
        raise ValueError(f"{module.name}: the source says that the module has another name")
    further = [(key, value) for key, value in header if key not in usual]
    text = _lines([*(usual | told).items(), *further]) + body
    return (text if text.endswith("\n") else text + "\n").replace("\n", "\r\n")


def read_module(name: str, kind: ModuleKind, text: str) -> Module:
    """The module that a stored text holds."""
    header, body = _split(_NEWLINE.sub("\n", text))
    usual = _usual_header(name, kind)
    return Module(name, kind, _lines((key, value) for key, value in header if usual.get(key) != value) + body)


def is_name(text: str, kind: ModuleKind = ModuleKind.STANDARD) -> bool:
    """Whether a module of this kind can be called this; a project can be called what a standard module can."""
    pattern = _CODE_NAME if kind is ModuleKind.DOCUMENT else _NAME
    return pattern.fullmatch(text) is not None and len(text) <= LONGEST_NAME


def repeated_name(names: Iterable[str]) -> str | None:
    """The first name that stands there twice; case makes no difference to VBA."""
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            return name
        seen.add(name.casefold())
    return None


def _usual_host(name: str) -> DocumentHost:
    return DocumentHost.WORKBOOK if name.casefold() == _WORKBOOK_NAME else DocumentHost.SHEET


def _usual_header(name: str, kind: ModuleKind) -> dict[str, str]:
    """The attributes of a new module of this kind, in their order."""
    if kind not in (ModuleKind.DOCUMENT, ModuleKind.CLASS):
        return {"VB_Name": f'"{name}"'}
    document = kind is ModuleKind.DOCUMENT
    return {
        "VB_Name": f'"{name}"',
        "VB_Base": f'"{_usual_host(name).value if document else _CLASS_BASE}"',
        "VB_GlobalNameSpace": "False",
        "VB_Creatable": "False",
        "VB_PredeclaredId": str(document),
        "VB_Exposed": str(document),
        "VB_TemplateDerived": "False",
        "VB_Customizable": str(document),
    }


def _lines(header: Iterable[tuple[str, str]]) -> str:
    return "".join(f"Attribute {key} = {value}\n" for key, value in header)


def _split(text: str) -> tuple[list[tuple[str, str]], str]:
    """The attributes a text begins with, and the rest."""
    header, position = [], 0
    while line := _HEADER_LINE.match(text, position):
        header.append((line[1], line[2]))
        position = min(line.end() + 1, len(text))
    return header, text[position:]
