"""Whether a workbook has to be calculated anew because formulas in it use cells we wrote."""

from collections.abc import Iterable, Sequence

from sheets_sync.workbooks.ooxml.formula_uses import Formula, Owned, formulas_in, names_column, uses
from sheets_sync.workbooks.ooxml.sheet_draft import SheetDraft
from sheets_sync.workbooks.ooxml.splice import outline

_BUILT_IN = "_xlnm."
_OURS = "_sheets_sync."


def needs_calculation(sheets: Iterable[tuple[str, bytes]], workbook: bytes, owned: Sequence[Owned]) -> bool:
    """Whether some formula uses cells of ours. `sheets` are (tab name, part); `workbook` is the workbook part."""
    if not owned:
        return False
    names = tuple(name for name, text in _names(workbook) if uses(Formula(text), "", owned))
    return any(uses(formula, tab, owned, names) for tab, sheet in sheets for formula in formulas_in(sheet))


def is_named(column: str, sheets: Iterable[bytes], workbook: bytes) -> bool:
    """Whether some formula, or some defined name, names a table's column."""
    if any(names_column(text, column) for _, text in _names(workbook)):
        return True
    return any(names_column(formula.text, column) for sheet in sheets for formula in formulas_in(sheet))


def owned_cells(draft: SheetDraft) -> Owned | None:
    """The cells a draft writes, None when it writes none."""
    areas = draft.written()
    if not areas:
        return None
    tables = []
    for shape in draft.shapes().values():
        inside = [area.left for area in areas if shape.area.left <= area.left <= shape.area.right]
        if inside:
            tables.append((shape.name, tuple(shape.columns[column - shape.area.left] for column in inside)))
    return Owned(draft.tab.name, areas, tuple(tables))


def _names(workbook: bytes) -> list[tuple[str, str]]:
    """The defined names that people made, with what they refer to."""
    found = []
    for node in outline(workbook, 2):
        name = node.attributes.get("name", "") if node.name == "definedName" else ""
        if name and not name.lower().startswith((_BUILT_IN, _OURS)):
            found.append((name, node.text))
    return found
