"""A book's defined names, with what they refer to as Excel would spell it."""

import re
from typing import Any

from openpyxl.workbook.defined_name import DefinedName
from xlwings import base_classes

from xlwings_engine.troubles import ExcelRefusedError

_WHOLE_COLUMNS = re.compile(r"\$([A-Z]+)\$1:\$([A-Z]+)\$1048576$")
_PLAIN_TAB = re.compile(r"'([A-Za-z_][A-Za-z0-9_]*)'!")
_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Z]+\$?\d*(?::\$?[A-Z]+\$?\d*)?)")


class Names(base_classes.Names):
    """The workbook's names; names of one tab only stand behind, with the tab's name before theirs."""

    def __init__(self, book: Any) -> None:
        self.book = book

    @property
    def api(self) -> "Names":
        return self

    def _all(self) -> list[tuple[str, Any]]:
        found = list(self.book.workbook.defined_names.items())
        for sheet in self.book.workbook.worksheets:
            found += [(f"'{sheet.title}'!{name}", known) for name, known in sheet.defined_names.items()]
        return found

    def __len__(self) -> int:
        return len(self._all())

    def __call__(self, key: int | str) -> "Name":
        if isinstance(key, int):
            return Name(self.book, *self._all()[key - 1])
        for name, known in self._all():
            if name.lower() == key.lower():
                return Name(self.book, name, known)
        raise ExcelRefusedError

    def contains(self, key: int | str) -> bool:
        try:
            self(key)
        except ExcelRefusedError:
            return False
        return True

    def add(self, name: str, refers_to: str) -> "Name":
        known = DefinedName(name, attr_text=_as_excel_spells(refers_to))
        self.book.workbook.defined_names[name] = known
        return Name(self.book, name, known)


class Name(base_classes.Name):
    """One name."""

    name = refers_to = None

    def __init__(self, book: Any, name: str, known: Any) -> None:
        self.book, self.known, self.name = book, known, name

    @property
    def api(self) -> Any:
        return self.known

    def delete(self) -> None:
        del self.book.workbook.defined_names[self.known.name]

    @property
    def refers_to(self) -> str:  # noqa: F811
        return "=" + _as_excel_spells(self.known.attr_text)

    @property
    def refers_to_range(self) -> Any:
        reference = _REFERENCE.fullmatch(self.known.attr_text)
        if reference is None:
            raise ExcelRefusedError
        sheet = self.book.sheets(reference[1].replace("''", "'") if reference[1] else reference[2])
        return sheet.range(reference[3].replace("$", ""))


def _as_excel_spells(refers_to: str) -> str:
    """Whole columns without rows, and no quotes around a plain tab name."""
    text = _PLAIN_TAB.sub(r"\1!", refers_to.removeprefix("="), count=1) if '"' not in refers_to else refers_to
    return _WHOLE_COLUMNS.sub(r"$\1:$\2", text.removeprefix("="))
