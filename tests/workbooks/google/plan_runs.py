"""Runs of a little plan on the local server: what a run decides; what people left, told apart from what we wrote."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from contract.person_at_google import make_book
from contract.plan_tab import PLAN, literal, plan_of
from sheets_server.grid import Cell
from sheets_server.gspread_client import local_client
from sheets_server.server import BookHandle, SheetsServer

from sheets_sync.core.cells import BLANK, text_value
from sheets_sync.core.decision import CellRef, Changes, ColumnState, Edit, KeyColumn, Receipt, Structure, StructureKind
from sheets_sync.core.snapshot import Role, Row, Snapshot, Stamp, Tab
from sheets_sync.core.witness import row_witness
from sheets_sync.errors import WorkbookChanged
from sheets_sync.workbooks.google.http_calls import HttpCalls, Waiting
from sheets_sync.workbooks.google_sheet import GoogleSheet
from sheets_sync.workbooks.plain_values import Value

WORDS = ("ref", "action", "owner", "due", "done", "cost")
HEADERS = {Role.ID: "ID", Role.FLAG: "Flag", Role.NEXT_FIX: "Next fix"}


class Bench(NamedTuple):
    """A spreadsheet, the people at it (`book.human`), and our side of it."""

    server: SheetsServer
    book: BookHandle
    sheet: GoogleSheet

    def at_next(self, method: str, act: Callable[[], None]) -> None:
        """Let people act once, right before the next call of this method is answered."""

        def once(name: str) -> None:
            if name.endswith(method):
                self.server.between(None)
                act()

        self.server.between(once)


def bench_of(
    server: SheetsServer,
    content: Mapping[str, Sequence[Sequence[Value]]],
    *,
    rows: int = 24,
    columns: int = 16,
    versions: bool = False,
    **options: object,
) -> Bench:
    """A new spreadsheet with these tabs. Waiting pushes the server's clock instead."""
    book = make_book(server, content, rows=rows, columns=columns)
    return Bench(server, book, sheet_of(server, book, versions=versions, **options))


def sheet_of(server: SheetsServer, book: BookHandle, *, versions: bool = False, **options: object) -> GoogleSheet:
    """Our side of a spreadsheet."""
    http = local_client(server.url).http_client
    waiting = Waiting(server.clock.advance, server.clock.seconds, lambda: 0.5)
    calls = HttpCalls(book.id, http, drive_version=versions, waiting=waiting)
    return GoogleSheet(calls, **({"wait": server.clock.advance} | options))


def read_all(sheet: GoogleSheet) -> Snapshot:
    """Everything in the spreadsheet."""
    return sheet.read([title.key for title in sheet.titles()])


def decide(seen: Snapshot, day: str, *, mint: bool = False) -> Changes:
    """What a run would want: beside each row its action with the day as flag and its key as next fix; `mint` gives
    rows an id of ours, else the Ref column has the keys."""
    tab = plan_of(seen)
    header = _header(tab)
    if header is None:
        return Changes((), (), ())
    columns = {literal(cell).text.lower(): at for at, cell in header.cells.items() if at not in tab.marks.values()}
    if not {"action", "ref"} <= columns.keys():
        return Changes((), (), ())
    witness = tuple(sorted(((columns[word], word) for word in WORDS[1:] if word in columns), key=lambda one: one[1]))
    roles = (Role.ID, Role.FLAG, Role.NEXT_FIX) if mint else (Role.FLAG, Role.NEXT_FIX)
    added = _added(tab, header, roles, max(columns.values()))
    key_column = tab.marks.get(Role.ID) if mint else columns["ref"]
    ready = set(tab.marks) | {structure.after.role for structure in added}
    edits = [
        edit
        for row in tab.rows
        if row.number > header.number
        for edit in _row_edits(tab, row, witness, key_column, columns["action"], day, ready)
    ]
    if mint and Role.ID in ready:
        edits = _with_ids(tab, edits, key_column)
    stamp = Stamp("plan", "store", int(seen.stamp.write if seen.stamp else 0) + 1, "1.0.0")
    return Changes(tuple(edits), added, (KeyColumn(tab.key, key_column, witness),), stamp)


def _header(tab: Tab) -> Row | None:
    return next((row for row in tab.rows if any(literal(cell).text == "Action" for cell in row.cells.values())), None)


def _added(tab: Tab, header: Row, roles: tuple[Role, ...], last: int) -> tuple[Structure, ...]:
    missing = [role for role in roles if role not in tab.marks and role not in tab.lost_marks]
    first = max([last, *tab.marks.values()]) + 1
    if any(at in row.cells for row in tab.rows for at in range(first, first + len(missing))):
        return ()
    states = [
        ColumnState(role, at, header.number, HEADERS[role], tab.rows[-1].number)
        for at, role in enumerate(missing, first)
    ]
    return tuple(Structure(StructureKind.COLUMN, tab.key, None, state) for state in states)


def _row_edits(
    tab: Tab, row: Row, witness: tuple[tuple[int, str], ...], key_column: int | None, action: int, day: str, ready: set
) -> list[Edit]:
    key = literal(row.cells.get(key_column or 0)).text
    text = literal(row.cells.get(action)).text
    wanted = {Role.FLAG: f"{day}: {text}" if text else "", Role.NEXT_FIX: f"fix {text}" if text else ""}
    edits = []
    for role, after in wanted.items():
        before = literal(row.cells.get(tab.marks.get(role, 0)))
        if role in ready and before != text_value(after):
            ref = CellRef(tab.key, row.number, role)
            edits.append(Edit(key, ref, before, text_value(after), row_witness(row, witness)))
    return edits


def _with_ids(tab: Tab, edits: list[Edit], key_column: int | None) -> list[Edit]:
    held = [literal(row.cells.get(key_column or 0)).text for row in tab.rows]
    number = max([int(key[2:]) for key in held if key.startswith("A-")], default=0)
    given = []
    for edit in edits:
        if edit.ref.role is Role.FLAG and not edit.key and edit.after != BLANK:
            number += 1
            ref = edit.ref._replace(role=Role.ID)
            given.append(edit._replace(ref=ref, before=BLANK, after=text_value(f"A-{number:04}")))
    return [*given, *edits]


def run(sheet: GoogleSheet, day: str, *, mint: bool = False) -> Receipt | None:
    """One run; None when the sheet changed before anything was written."""
    seen = read_all(sheet)
    try:
        return sheet.apply(decide(seen, day, mint=mint), seen)
    except WorkbookChanged:
        return None


def flags(book: BookHandle) -> list[tuple[str, str]]:
    """Action and flag of every row below the header, as they stand in the spreadsheet."""
    cells = book.human.cells(PLAN)
    flag_column = own_columns(book, PLAN).get("flag", 0)
    header = next(((row, column) for (row, column), cell in sorted(cells.items()) if cell.value == "Action"), (0, 0))
    rows = sorted({row for row, _ in cells if row > header[0]})
    pairs = [(_text(cells, row, header[1]), _text(cells, row, flag_column)) for row in rows]
    return [pair for pair in pairs if pair != ("", "")]


def _text(cells: dict[tuple[int, int], Cell], row: int, column: int) -> str:
    cell = cells.get((row, column))
    return str(cell.value) if cell is not None and cell.value is not None else ""


def own_columns(book: BookHandle, tab: str) -> dict[str, int]:
    """Where our columns stand in a tab, by role."""
    gid = book.human.sheet(tab).id
    found = {}
    for metadata in book.metadata():
        span = metadata["location"].get("dimensionRange")
        if metadata["metadataKey"] == "sheets-sync.column" and span and span.get("sheetId", 0) == gid:
            found[metadata["metadataValue"].partition(":")[0]] = span["startIndex"] + 1
    return found


def human_grid(book: BookHandle) -> dict[str, dict[tuple[int, int], object]]:
    """What people left in every tab of theirs: values, formats and checks, as if our columns were not there."""
    found = {}
    for sheet in book.inside.sheets:
        if sheet.title.startswith("_sheets-sync"):
            continue
        ours = sorted(own_columns(book, sheet.title).values())
        cells = {}
        for (row, column), cell in book.human.cells(sheet.title).items():
            if column not in ours and cell.value is not None:
                place = (row, column - sum(own < column for own in ours))
                cells[place] = (cell.value, repr(cell.format), repr(cell.validation))
        found[sheet.title] = cells
    return found
