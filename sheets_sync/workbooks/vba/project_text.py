"""The PROJECT and PROJECTwm streams (MS-OVBA 2.3.1, 2.3.3): what a macro project says about itself in plain lines.

Lines that are not changed keep their bytes.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sheets_sync.workbooks.vba import project_keys
from sheets_sync.workbooks.vba.code_pages import codec, decode
from sheets_sync.workbooks.vba.module import ModuleKind

_NEWLINE = "\r\n"
_WORKSPACE = b"[workspace]"
_CLOSED_WINDOW = "=0, 0, 0, 0, C"
_KINDS = {
    "document": ModuleKind.DOCUMENT,
    "module": ModuleKind.STANDARD,
    "class": ModuleKind.CLASS,
    "baseclass": ModuleKind.FORM,
}
_WORDS = {ModuleKind.DOCUMENT: "Document", ModuleKind.STANDARD: "Module", ModuleKind.CLASS: "Class"}


class NamedKind(NamedTuple):
    """A module's name and kind."""

    name: str
    kind: ModuleKind


@dataclass(frozen=True, slots=True)
class ProjectText:
    """The PROJECT stream, line by line, each with the line end it has."""

    code_page: int
    lines: tuple[bytes, ...]

    @staticmethod
    def read(stream: bytes, code_page: int) -> "ProjectText":
        """The lines of a stream."""
        return ProjectText(code_page, tuple(stream.splitlines(keepends=True)))

    def stored(self) -> bytes:
        """The stream."""
        return b"".join(self.lines)

    @property
    def modules(self) -> tuple[NamedKind, ...]:
        """The modules in the order in which they stand here."""
        found = (self._module(line) for line in self.lines[: self._end_of_properties()])
        return tuple(module for module in found if module is not None)

    @property
    def is_locked(self) -> bool:
        """Whether a password or the program that made it keeps people from seeing or changing the macros.

        Values that cannot be understood count as locked, as they do in Excel; values that are not there do not.
        """
        told = dict(self._property(line) for line in self.lines[: self._end_of_properties()])
        project_id = told.get("id", "")
        return any(
            key in told and project_keys.decrypted(told[key], project_id) != open_value
            for key, open_value in (
                ("cmg", project_keys.UNPROTECTED),
                ("dpb", project_keys.NO_PASSWORD),
                ("gc", project_keys.VISIBLE),
            )
        )

    def with_modules(self, added: Iterable[NamedKind]) -> "ProjectText":
        """With lines for further modules, after those of the modules there are. Raises UnicodeEncodeError."""
        lines = list(self.lines)
        properties = lines[: self._end_of_properties()]
        place = 1 + max((n for n, line in enumerate(properties) if self._module(line)), default=0)
        new = list(added)
        lines[place:place] = [self._line(_module_line(module)) for module in new]
        windows = [self._line(module.name + _CLOSED_WINDOW) for module in new]
        if any(line.strip().lower() == _WORKSPACE for line in lines):
            end = max(n for n, line in enumerate(lines, 1) if line.strip())
            if not lines[end - 1].endswith((b"\r", b"\n")):
                lines[end - 1] += self._line("")
            lines[end:end] = windows
        return ProjectText(self.code_page, tuple(lines))

    def without_modules(self, names: Collection[str]) -> "ProjectText":
        """Without the lines of the modules of these names, given casefolded."""
        kept = []
        sections = self._end_of_properties()
        in_workspace = False
        for number, line in enumerate(self.lines):
            in_workspace = in_workspace or line.strip().lower() == _WORKSPACE
            module = self._module(line) if number < sections else None
            name = self._property(line)[0] if in_workspace else module.name if module else ""
            if name.casefold() not in names:
                kept.append(line)
        return ProjectText(self.code_page, tuple(kept))

    def _line(self, text: str) -> bytes:
        return (text + _NEWLINE).encode(codec(self.code_page))

    def _end_of_properties(self) -> int:
        """The line of the first section; the properties stand before it."""
        return next((n for n, line in enumerate(self.lines) if line.startswith(b"[")), len(self.lines))

    def _property(self, line: bytes) -> tuple[str, str]:
        key, _, value = decode(line, self.code_page).partition("=")
        return key.strip().lower(), value.strip().strip('"')

    def _module(self, line: bytes) -> NamedKind | None:
        key, value = self._property(line)
        return NamedKind(value.partition("/")[0], _KINDS[key]) if key in _KINDS else None


def new_project_text(name: str, project_id: str, code_page: int) -> ProjectText:
    """The lines of a new project without modules that anybody may look at and change."""
    lines = (
        f'ID="{project_id}"',
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{project_keys.encrypted(project_keys.UNPROTECTED, project_id)}"',
        f'DPB="{project_keys.encrypted(project_keys.NO_PASSWORD, project_id)}"',
        f'GC="{project_keys.encrypted(project_keys.VISIBLE, project_id)}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
    )
    return ProjectText.read("".join(line + _NEWLINE for line in lines).encode(codec(code_page)), code_page)


def name_map(names: Sequence[str], code_page: int) -> bytes:
    """The PROJECTwm stream: every module's name in the code page and in Unicode."""
    pairs = (name.encode(codec(code_page), "replace") + b"\0" + name.encode("utf-16-le") + b"\0\0" for name in names)
    return b"".join(pairs) + b"\0\0"


def _module_line(module: NamedKind) -> str:
    return f"{_WORDS[module.kind]}={module.name}" + ("/&H00000000" if module.kind is ModuleKind.DOCUMENT else "")
