"""Writing into foreign workbooks: only our cells change, the schema and Excel's rules hold, all can be undone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from other_readers import READERS
from schema import schema_errors
from writing_samples import MAIN, Opened, Wanted, first_run, leaving, opened, written

from sheets_sync.core.decision import Changes, Edit
from sheets_sync.core.snapshot import Role, Tab
from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.ooxml.checker import check_package
from sheets_sync.workbooks.ooxml.sheet_body import split
from sheets_sync.workbooks.ooxml.splice import as_utf8, outline
from sheets_sync.workbooks.ooxml.writer import Patched

pytestmark = [pytest.mark.shared, pytest.mark.slow]

QUERY = "filled by a query or an XML map"
TOTALS = "in the totals row of the table"
REFUSED = {
    ("034_npoi_GLIMP2.xlsx", "Gen. Journal Line"): QUERY,
    ("036_Open-XML-SDK_missingcalcchainpart.xlsx", "P&L Example"): TOTALS,
    ("036_Open-XML-SDK_missingcalcchainpart.xlsx", "P&L Template"): TOTALS,
    ("036_Open-XML-SDK_missingcalcchainpart.xlsx", "Start-Up Costs Example"): TOTALS,
    ("036_Open-XML-SDK_missingcalcchainpart.xlsx", "Start-Up Costs Template"): TOTALS,
    ("064_poi_StructuredRefs-lots-with-lookups.xlsx", "Query"): QUERY,
    ("064_poi_StructuredRefs-lots-with-lookups.xlsx", "query2"): QUERY,
    ("081_Open-XML-SDK_QueryTable.xlsx", "Sheet4"): QUERY,
    ("089_Open-XML-SDK_Revision_NameCommentChange.xlsx", "Sheet1"): "shared in the old way",
    ("089_Open-XML-SDK_Revision_NameCommentChange.xlsx", "Sheet2"): "shared in the old way",
    ("089_Open-XML-SDK_Revision_NameCommentChange.xlsx", "Sheet3"): "shared in the old way",
    ("103_PhpSpreadsheet_issue.3665.xlsx", "Cuenta"): QUERY,
}
"""Tabs of the corpus in which something is refused, with words of the reason."""
WIDTHS_LOST = {"044_xlwings_database.xlsm", "062_review-checklists_review_checklist_empty.xlsx"}
"""Workbooks where a stretch of sized columns is wholly taken over by ours: its own width does not come back."""
READABLE = 55


class Visit(NamedTuple):
    """One foreign workbook: as it was, with all we write, and after we left again."""

    name: str
    before: Opened
    wanted: dict[str, Wanted]
    after: Opened
    done: Patched
    left: Opened
    leave: Patched


@pytest.fixture(scope="module")
def visits(shared: Path) -> list[Visit]:
    """Every readable workbook of the corpus, visited."""
    return list(_visits(shared / "excel-corpus"))


def _visits(folder: Path) -> Iterator[Visit]:
    for path in sorted(folder.glob("*.xls[xm]")):
        try:
            before = opened(path.read_bytes(), path.name)
        except WorkbookRefused:
            continue
        wanted = {tab.key: first_run(tab) for tab in before.seen.tabs}
        after, done = written(before, together([one.changes for one in wanted.values()]))
        ours = [tab for tab in after.seen.tabs if tab.marks or tab.drop_downs]
        left, leave = written(after, together([leaving(tab, wanted[tab.key].columns) for tab in ours]))
        yield Visit(path.name, before, wanted, after, done, left, leave)


def together(several: list[Changes]) -> Changes:
    """Changes of several tabs as one."""
    return Changes(
        tuple(edit for one in several for edit in one.edits),
        tuple(structure for one in several for structure in one.structures),
        tuple(key for one in several for key in one.keys),
        next((one.stamp for one in several if one.stamp), None),
        any(one.remove_stamp for one in several),
    )


def test_the_corpus_is_visited(visits: list[Visit]) -> None:
    """The workbooks that can be read are all written into."""
    assert len(visits) == READABLE


def test_outcomes(visits: list[Visit]) -> None:
    """Everything is written but where the reason is known, and every edit and structure is accounted for."""
    refused: dict[tuple[str, str], set[str]] = {}
    for visit in visits:
        for one in visit.done.refused:
            key = one.what.ref.tab if isinstance(one.what, Edit) else one.what.tab
            refused.setdefault((visit.name, visit.before.tab(key).name), set()).add(one.reason)
        wanted = together([one.changes for one in visit.wanted.values()])
        accounted = len(visit.done.applied) + len(visit.done.structures) + len(visit.done.refused)
        assert accounted == len(wanted.edits) + len(wanted.structures), visit.name
    assert refused.keys() == REFUSED.keys()
    assert not [
        (place, reason) for place, reasons in refused.items() for reason in reasons if REFUSED[place] not in reason
    ]


def test_all_is_read_back(visits: list[Visit]) -> None:
    """What was applied stands in the workbook: values, marks, highlights, drop-downs, stamp."""
    for visit in visits:
        applied = {edit.ref: edit.after for edit in visit.done.applied}
        for tab in visit.after.seen.tabs:
            held = {(row.number, column): cell.literal for row in tab.rows for column, cell in row.cells.items()}
            for ref, after in applied.items():
                if ref.tab == tab.key:
                    assert held[ref.row, tab.marks[ref.role]] == after, (visit.name, ref)
            kinds = {structure.kind for structure in visit.done.structures if structure.tab == tab.key}
            states = {type(s.after): s.after for s in visit.done.structures if s.tab == tab.key}
            assert len(tab.marks) == (3 if "column" in kinds else 0), (visit.name, tab.name)
            assert tab.highlights == next((s.rules for s in states.values() if hasattr(s, "rules")), ())
            assert tab.drop_downs == next((s.lists for s in states.values() if hasattr(s, "lists")), ())
        if visit.done.structures:
            assert visit.after.seen.stamp is not None


def test_other_members_keep_their_bytes(visits: list[Visit]) -> None:
    """Only sheets, tables, styles and the workbook part change; every other member is the same compressed bytes."""
    for visit in visits:
        old, new = members(visit.before), members(visit.after)
        changed = {name for name in old if old[name] != new.get(name)}
        assert list(old) == list(new), visit.name
        assert len(changed) == visit.done.parts_changed
        assert visit.done.parts_changed + visit.done.parts_untouched == len(visit.before.package.parts)
        allowed = {
            visit.before.package.workbook_part,
            *(entry.part for entry in visit.before.package.sheets),
            *(r.target for r in visit.before.package.related(visit.before.package.workbook_part) if r.kind == "styles"),
            *(
                r.target
                for e in visit.before.package.sheets
                for r in visit.before.package.related(e.part)
                if r.kind == "table"
            ),
        }
        assert {"/" + name.replace("\\", "/").lower() for name in changed} <= {part.lower() for part in allowed}


def members(book: Opened) -> dict[str, bytes]:
    """The compressed bytes of every member."""
    data = book.package._archive.data
    return {m.name: data[m.data_start : m.data_start + m.packed] for m in book.package._archive.members}


def test_schema(visits: list[Visit], shared: Path) -> None:
    """No changed part has a schema error that it did not have before, after writing and after leaving."""
    folder = shared / "ooxml-xsd"
    validated = 0
    for visit in visits:
        for part in visit.before.package.parts:
            original = visit.before.package.read(part)
            for book in (visit.after, visit.left):
                changed = book.package.read(part)
                if changed != original:
                    validated += 1
                    assert schema_errors(changed, folder) <= schema_errors(original, folder), (visit.name, part)
    assert validated > 300


def test_nothing_to_repair(visits: list[Visit]) -> None:
    """The checker finds nothing that was not there before, after writing and after leaving."""
    for visit in visits:
        assert check_package(visit.before.package, visit.after.package) == (), visit.name
        assert check_package(visit.before.package, visit.left.package) == (), visit.name


def test_other_cells_are_untouched(visits: list[Visit]) -> None:
    """Every cell outside our columns reads as before, its formatting included."""
    for visit in visits:
        for old, new in zip(visit.before.seen.tabs, visit.after.seen.tabs, strict=True):
            ours = set(new.marks.values())
            assert _cells(old, visit.before, set()) == _cells(new, visit.after, ours), (visit.name, old.name)
            assert (old.name, old.hidden, old.merged, old.computed) == (new.name, new.hidden, new.merged, new.computed)


def _cells(tab: Tab, book: Opened, ours: set[int]) -> dict[tuple[int, int], object]:
    return {
        (row.number, column): (cell.literal, cell.seen, book.seen.styles[cell.style], row.hidden)
        for row in tab.rows
        for column, cell in row.cells.items()
        if column not in ours
    }


@pytest.mark.parametrize("program", READERS)
def test_other_programs_see_the_same(visits: list[Visit], program: str) -> None:
    """Another reader that can open the workbook sees every cell outside our columns as before."""
    read = READERS[program]
    compared = 0
    for visit in visits:
        try:
            old = read(visit.before.package._archive.data)
        except Exception:
            continue
        new = read(visit.after.package._archive.data)
        owned = {tab.name: set(tab.marks.values()) for tab in visit.after.seen.tabs}
        for tab, cells in old.items():
            ours = owned.get(tab, set())
            assert _outside(new[tab], ours) == _outside(cells, ours), (visit.name, tab)
        assert old.keys() == new.keys()
        compared += 1
    assert compared > 40


def _outside(cells: dict[tuple[int, int], object], ours: set[int]) -> dict[tuple[int, int], object]:
    return {place: value for place, value in cells.items() if place[1] not in ours}


def test_a_second_run_changes_nothing(visits: list[Visit]) -> None:
    """With nothing more wanted, or wanted as it stands, the workbook keeps its exact bytes."""
    for visit in visits:
        same = [
            edit._replace(key=_key(visit.after.tab(edit.ref.tab), edit.ref.row), before=edit.after)
            for edit in visit.done.applied
        ]
        keys = tuple(
            key._replace(column=visit.after.tab(key.tab).marks.get(Role.ID))
            for w in visit.wanted.values()
            for key in w.changes.keys
        )
        _, done = written(visit.after, Changes(tuple(same), (), keys, visit.after.seen.stamp))
        assert done.data == visit.after.package._archive.data, visit.name
        assert len(done.applied) == len(same), (visit.name, done.refused[:1])


def _key(tab: Tab, number: int) -> str:
    row = next(row for row in tab.rows if row.number == number)
    return row.cells[tab.marks[Role.ID]].literal.text


def test_leaving_gives_back_what_was(visits: list[Visit]) -> None:
    """After everything of ours is removed, cells, tables, names, rules and validations are what they were."""
    for visit in visits:
        assert not visit.leave.refused, (visit.name, visit.leave.refused[:2])
        for old, new in zip(visit.before.seen.tabs, visit.left.seen.tabs, strict=True):
            assert _cells(old, visit.before, set()) == _cells(new, visit.left, set()), (visit.name, old.name)
            assert (old.tables, old.filter, old.merged) == (new.tables, new.filter, new.merged)
            assert (new.marks, new.lost_marks, new.highlights, new.drop_downs) == ({}, frozenset(), (), ())
        assert visit.left.seen.stamp is None
        for part in visit.before.package.parts:
            if "/tables/" in part.lower():
                assert visit.left.package.read(part) == visit.before.package.read(part), (visit.name, part)
        assert _surroundings(visit.before) == _surroundings(visit.left), visit.name
    widths = {visit.name for visit in visits if _widths(visit.before) != _widths(visit.left)}
    assert widths == WIDTHS_LOST


def _surroundings(book: Opened) -> list[object]:
    """Names, rules, validations: everything around the cells but the dimension and the widths."""
    workbook = as_utf8(book.package.read(book.package.workbook_part))
    found: list[object] = [(node.attributes, node.text) for node in outline(workbook, 2) if node.name == "definedName"]
    return found + _frame_parts(book, lambda name: name not in ("dimension", "cols"))


def _widths(book: Opened) -> list[list[tuple[int, int, dict[str, str]]]]:
    """For every sheet the stretches of columns that look alike."""
    found = []
    for part in _frame_parts(book, lambda name: name == "cols"):
        merged: list[tuple[int, int, dict[str, str]]] = []
        for node in outline(b'<x xmlns="%b">%b</x>' % (MAIN.encode(), part), 2)[2:]:
            look = dict(node.attributes)
            first, last = int(look.pop("min")), int(look.pop("max"))
            if merged and merged[-1][1] + 1 == first and merged[-1][2] == look:
                first = merged.pop()[0]
            merged.append((first, last, look))
        found.append(merged)
    return found


def _frame_parts(book: Opened, wanted: Callable[[str], bool]) -> list[bytes]:
    found = []
    for entry in book.package.sheets:
        if entry.kind == "worksheet":
            frame = split(as_utf8(book.package.read(entry.part))).frame
            nodes = outline(frame, 1)
            found += [frame[node.start : node.end] for node in nodes if node.depth == 1 and wanted(node.name)]
    return found
