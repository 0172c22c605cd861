"""Any value a store may be given, as Hypothesis makes them up. Not tests."""

import datetime as dt

from hypothesis import strategies as st

from sheets_sync.core.cells import BLANK, CellValue, Kind
from sheets_sync.core.decision import (
    CellRef,
    Changes,
    ColumnState,
    DropDownState,
    Edit,
    HighlightState,
    KeyColumn,
    Receipt,
    Refused,
    Structure,
    StructureKind,
)
from sheets_sync.core.history import Known, Remembered
from sheets_sync.core.model import Status
from sheets_sync.core.snapshot import Area, DropDown, HighlightRule, Role, Stamp

texts = st.text(st.characters(exclude_categories=()), max_size=12)
numbers = st.integers(1, 1_048_576)
days = st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1))
instants = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2200, 1, 1), timezones=st.just(dt.UTC))
values = st.one_of(st.just(BLANK), st.builds(CellValue, st.sampled_from(Kind), texts))
roles = st.sampled_from(Role)
edits = st.builds(Edit, texts, st.builds(CellRef, texts, numbers, roles), values, values, texts)
areas = st.builds(Area, numbers, numbers, numbers, numbers)
highlights = st.builds(HighlightRule, st.sampled_from(["red", "amber"]), st.lists(areas, max_size=2).map(tuple), texts)
drop_downs = st.builds(DropDown, areas, st.lists(texts, max_size=2).map(tuple))
STATES = {
    StructureKind.COLUMN: st.builds(ColumnState, roles, numbers, numbers, texts, numbers),
    StructureKind.HIGHLIGHTS: st.builds(HighlightState, st.lists(highlights, max_size=2).map(tuple)),
    StructureKind.DROP_DOWNS: st.builds(DropDownState, st.lists(drop_downs, max_size=2).map(tuple)),
}
structures = st.one_of(
    st.builds(Structure, st.just(kind), texts, st.none() | state, st.none() | state) for kind, state in STATES.items()
)
key_columns = st.builds(
    KeyColumn, texts, st.none() | numbers, st.lists(st.tuples(numbers, texts), max_size=3).map(tuple)
)
some_changes = st.builds(
    Changes,
    st.lists(edits, max_size=4).map(tuple),
    st.lists(structures, max_size=3).map(tuple),
    st.lists(key_columns, max_size=2).map(tuple),
    st.none() | st.builds(Stamp, texts, texts, numbers, texts),
    st.booleans(),
    st.booleans(),
)
receipts = st.builds(
    Receipt,
    st.lists(edits, max_size=4).map(tuple),
    st.lists(structures, max_size=3).map(tuple),
    st.lists(st.builds(Refused, edits | structures, texts), max_size=3).map(tuple),
    texts,
    st.integers(0, 99),
    st.integers(0, 99),
    texts,
)
keys = st.sampled_from(["A-0001", "A-0002", "A-0003", "Ação 7", "\ud83d", "\x00", "\x1bx", "\ud83d\ude00", "😀"])
some_known = st.builds(
    Known,
    keys,
    texts,
    instants,
    texts,
    texts,
    st.none() | days,
    st.sampled_from(Status),
    st.booleans(),
    st.booleans(),
    st.none() | days,
    st.none() | days,
    st.none() | days,
    st.none() | days,
    texts,
)
some_remembered = st.builds(
    Remembered,
    st.lists(some_known, max_size=4, unique_by=lambda one: one.key).map(tuple),
    st.frozensets(texts, max_size=3),
    st.frozensets(st.tuples(keys, texts), max_size=3),
    st.frozensets(texts, max_size=3),
    st.frozensets(texts, max_size=3),
    days,
)
