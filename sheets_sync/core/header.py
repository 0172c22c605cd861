"""Where a tab's header stands and which column is which. Reads no row as an action; see `binding` for the matching."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from sheets_sync.core.binding import Binding, Clash, Column, bind, charted, header_fields
from sheets_sync.core.cells import Cell
from sheets_sync.core.content import sample
from sheets_sync.core.dates import shown
from sheets_sync.core.highlights import letters
from sheets_sync.core.model import Field, Finding, Severity
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Row, Tab
from sheets_sync.words.columns import meaning_of

SEARCHED_ROWS = 15
LEAST_MATCHES = 2
LONGEST_HEADER = 200
SAMPLED_ROWS = 2000
"""Rows looked at for the cells of a column whose header does not say enough."""


class Header(NamedTuple):
    """A tab's header as understood.

    `row` is its last row: the plan's rows stand below. `columns` are the fields bound, without the id; `ids` are
    columns that could hold ids. `headers` are all header cells as (column, text). `findings` make the tab unusable.
    `unchecked` are fields that two columns could be, with both headers. `unmapped` are (field, header) of the config's
    column map that this tab lacks. `revised` tells that a blank due date stands for the original one.
    """

    row: int
    columns: tuple[tuple[Field, int], ...]
    ids: tuple[int, ...]
    headers: tuple[tuple[int, str], ...]
    language: str
    findings: tuple[Finding, ...]
    unchecked: tuple[tuple[Field, str], ...]
    unmapped: tuple[tuple[Field, str], ...]
    revised: bool

    def column(self, field: Field) -> int | None:
        """The column number that holds this field, or None."""
        return dict(self.columns).get(field)


def find_header(tab: Tab, settings: PlanSettings) -> Header | None:
    """Find and understand the tab's header, or None when no row names an action and one column more.

    Our own columns are known by their marks and never matched. Never raises.
    """
    own = frozenset(tab.marks.values())
    place = _header_place(tab, settings, own)
    if place is None:
        return None
    texts = _texts(tab, place, own)
    place, texts, groups = _with_second_line(tab, place, texts, settings, own)
    columns = _columns(tab, place, texts, groups)
    binding = bind(columns, settings)
    row = tab.rows[place].number
    return Header(
        row=row,
        columns=tuple(sorted(((name, column) for name, column in binding.bound.items() if name is not Field.ID))),
        ids=tuple(binding.ids),
        headers=tuple(sorted((texts | _own_texts(tab, place, own)).items())),
        language=_language(binding, settings),
        findings=_findings(tab, row, binding),
        unchecked=tuple((clash.field, named(clash.columns, row)) for clash in binding.doubtful if clash.field),
        unmapped=tuple(binding.unmapped),
        revised=binding.revised,
    )


def named(columns: Sequence[Column], row: int) -> str:
    """Headers with their cells, for a person: "Data" (C3), "Prazo" (F3)."""
    return ", ".join(f'"{" ".join(column.shown.split())}" ({letters(column.number)}{row})' for column in columns)


def _header_place(tab: Tab, settings: PlanSettings, own: frozenset[int]) -> int | None:
    """The place in `tab.rows` of the row with the most distinct matches (the fuller, then the lower one on a tie)."""
    if settings.header_row is not None:
        return next((place for place, row in enumerate(tab.rows) if row.number == settings.header_row), None)
    best: tuple[int, int] = (0, 0)
    found: int | None = None
    for place in range(min(SEARCHED_ROWS, len(tab.rows))):
        texts = _texts(tab, place, own)
        fields = {field for text in texts.values() for field in _fields_of(text, settings)[:1]}
        fields |= {Field(name) for name in charted(texts.values()).values() if name}
        actions = {field for text in texts.values() for field in _fields_of(text, settings)}
        score = (len(fields | (actions & {Field.ACTION})), len(texts))
        if Field.ACTION not in actions or score[0] < LEAST_MATCHES or score < best:
            continue
        if score == best and found is not None and texts == _texts(tab, found, own):
            continue
        best, found = score, place
    return found


def _fields_of(text: str, settings: PlanSettings) -> tuple[Field, ...]:
    return _known_fields(text, settings.column_map)


@lru_cache(4096)
def _known_fields(text: str, column_map: tuple[tuple[Field, str], ...]) -> tuple[Field, ...]:
    return header_fields(text, PlanSettings("", column_map=column_map))


def _texts(tab: Tab, place: int, own: frozenset[int]) -> dict[int, str]:
    """The header texts of a row by column; a blank cell below a cell merged downwards has that cell's text."""
    row = tab.rows[place]
    texts = {column: text for column, cell in row.cells.items() if column not in own and (text := _text(cell))}
    for area in tab.merged:
        if area.top < row.number <= area.bottom and area.left not in texts and area.left not in own:
            above = next((other for other in tab.rows[:place] if other.number == area.top), None)
            if above is not None and (cell := above.cells.get(area.left)) and (text := _text(cell)):
                texts[area.left] = text
    return texts


def _text(cell: Cell) -> str:
    text = cell.seen.strip() if isinstance(cell.seen, str) else ""
    return text if len(text) <= LONGEST_HEADER else ""


def _with_second_line(
    tab: Tab, place: int, texts: dict[int, str], settings: PlanSettings, own: frozenset[int]
) -> tuple[int, dict[int, str], dict[int, str]]:
    """The header with its second line ("Start", "End" below "Dates"), and the group headers above single columns."""
    row = tab.rows[place]
    following = tab.rows[place + 1] if place + 1 < len(tab.rows) else None
    if following is not None and following.number == row.number + 1:
        below = {column: text for column in _filled(following, own) if (text := _text(following.cells[column]))}
        actions = {column for column, text in texts.items() if Field.ACTION in _fields_of(text, settings)}
        names = all(meaning_of(text) is not None for text in below.values())
        if len(below) > 1 and names and actions.isdisjoint(below) and len(below) == len(_filled(following, own)):
            return place + 1, texts | below, _groups(tab, row, texts, below)
    above = tab.rows[place - 1] if place and tab.rows[place - 1].number == row.number - 1 else None
    return place, texts, _groups(tab, above, {}, texts) if above else {}


def _filled(row: Row, own: frozenset[int]) -> set[int]:
    return {column for column, cell in row.cells.items() if column not in own and shown(cell.seen)}


def _groups(tab: Tab, row: Row, texts: Mapping[int, str], columns: Iterable[int]) -> dict[int, str]:
    """For each of the columns, the header of the group it stands under: its own in `texts`, else one merged over it."""
    wanted = sorted(columns)
    groups = {column: texts[column] for column in wanted if column in texts}
    for area in tab.merged:
        if area.top <= row.number <= area.bottom and area.right > area.left and (cell := row.cells.get(area.left)):
            groups |= {column: _text(cell) for column in wanted if area.left <= column <= area.right}
    return groups


def _columns(tab: Tab, place: int, texts: Mapping[int, str], groups: Mapping[int, str]) -> list[Column]:
    rows = tab.rows[place + 1 : place + 1 + SAMPLED_ROWS]
    used = set(texts).union(*(row.cells for row in rows))
    columns: list[Column] = []
    block = 0
    for column in sorted(used):
        block += column - 1 not in used
        if column in texts:
            text, group = texts[column], groups.get(column, "")
            ways = (text, f"{group} {text}", f"{text} {group}") if group and group != text else (text,)
            cells = sample([row.cells.get(column) for row in rows])
            columns.append(Column(column, text, ways, group, cells, block))
    return columns


def _own_texts(tab: Tab, place: int, own: frozenset[int]) -> dict[int, str]:
    return {column: _text(cell) for column, cell in tab.rows[place].cells.items() if column in own}


def _language(binding: Binding, settings: PlanSettings) -> str:
    """The language most headers are in; on a tie the plan's own."""
    most = max(binding.languages.values(), default=0)
    leaders = [language for language, count in binding.languages.items() if count == most]
    return settings.language if settings.language in leaders or not leaders else leaders[0]


def _findings(tab: Tab, row: int, binding: Binding) -> tuple[Finding, ...]:
    return tuple(_finding(tab, row, clash) for clash in binding.clashes)


def _finding(tab: Tab, row: int, clash: Clash) -> Finding:
    headers = "\n".join(" ".join(column.shown.split()) for column in clash.columns)
    facts = [("kind", clash.kind), ("columns", named(clash.columns, row)), ("headers", headers)]
    if clash.field is not None:
        facts += [("cell", str(clash.field)), ("name", str(clash.field))]
    return Finding("DAT001", Severity.E, tab.key, row, clash.field, tuple(facts))
