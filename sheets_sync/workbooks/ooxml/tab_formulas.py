"""The formulas of one tab while it is read: shared formulas filled into their copies, areas that formulas fill."""

from collections.abc import Mapping

from sheets_sync.core.cells import CellValue, Kind
from sheets_sync.core.snapshot import Area
from sheets_sync.workbooks.ooxml.formula_text import FormulaTemplate, relative_text, template
from sheets_sync.workbooks.ooxml.grid import parse_area

_KEPT_LITERALS = 10_000


class TabFormulas:
    """Turns the <f> elements of one tab, met in order, into literals.

    A literal's text is the formula with references to the cell's own row written "#" (see formula_text). The copies of
    a shared formula get the text it has when filled into them; a copy whose master is missing gets "". The master of
    a data table gets "TABLE(row input, column input)".
    """

    def __init__(self) -> None:
        self.computed: list[Area] = []
        """Areas filled by array, spilled or data-table formulas, master cell included."""
        self._masters: dict[str, FormulaTemplate] = {}
        self._same_down: dict[str, dict[int, CellValue]] = {}
        self._shapes: dict[str, str] = {}
        self._literals: dict[str, CellValue] = {}

    def literal(self, attributes: Mapping[str, str], text: str, row: int, column: int) -> CellValue | None:
        """The literal of the formula in this cell; None when the element says nothing. Raises Unreadable."""
        kind, ref = attributes.get("t", "normal"), attributes.get("ref", "")
        if kind == "shared":
            return self._shared(attributes.get("si", ""), text, row, column)
        if kind in ("array", "dataTable") and ref:
            self.computed.append(parse_area(ref))
        if kind == "dataTable":
            inputs = [attributes[name] for name in ("r1", "r2") if attributes.get(name)]
            return self._interned(f"TABLE({','.join(inputs)})")
        if not text and kind != "array":
            return None
        return self._interned(relative_text(text, row, self._shapes))

    def _shared(self, group: str, text: str, row: int, column: int) -> CellValue:
        """The literal of a master (with text) or a copy; one that is the same all the way down is made once."""
        if text:
            self._masters[group] = template(text, row, column)
            self._same_down[group] = {}
        master = self._masters.get(group)
        if master is None:
            return self._interned("")
        known = self._same_down[group]
        if column in known:
            return known[column]
        literal = self._interned(master.text_at(row, column))
        if master.stays_in_row:
            known[column] = literal
        return literal

    def _interned(self, text: str) -> CellValue:
        literal = self._literals.get(text)
        if literal is None:
            literal = CellValue(Kind.FORMULA, text)
            if len(self._literals) < _KEPT_LITERALS:
                self._literals[text] = literal
        return literal
