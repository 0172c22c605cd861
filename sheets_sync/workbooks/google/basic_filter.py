"""People's filter over the plan: it grows with our columns and shrinks when they go, so that sorting by it moves whole
rows. Pure.

A filter is set anew as a whole, so only one that can be told exactly as it was read is touched; one that remembers a
sort is not, for setting it might sort rows again.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sheets_sync.core.decision import ColumnState, Structure
from sheets_sync.core.snapshot import Tab
from sheets_sync.workbooks.google.calls import Json
from sheets_sync.workbooks.google.column_heads import columns_before
from sheets_sync.workbooks.google.effects import is_removal
from sheets_sync.workbooks.google.look import Look
from sheets_sync.workbooks.google.moved_rows import header_row_again
from sheets_sync.workbooks.google.structure_requests import Request
from sheets_sync.workbooks.google.tab_reading import area_of
from sheets_sync.workbooks.google.value_requests import Head

_KNOWN = frozenset({"range", "criteria", "filterSpecs"})
_ENDS = frozenset({"startRowIndex", "startColumnIndex", "endColumnIndex"})


def can_be_set(basic: Json | None) -> bool:
    """Whether setting this filter as it was read leaves it what it was."""
    if basic is None or not basic.keys() <= _KNOWN or "endColumnIndex" not in basic.get("range", {}):
        return False
    return all("columnIndex" in one or one.keys() <= {"filterCriteria"} for one in basic.get("filterSpecs", ()))


def filters_grown(structures: Sequence[Structure], look: Look) -> tuple[Request, ...]:
    """The requests by which filters that end right before our new columns take these in."""
    return tuple(_set(key, look, _ranged(basic, right=right)) for key, basic, right in _grown(structures, look))


def heads_of_grown(structures: Sequence[Structure], look: Look) -> tuple[Head, ...]:
    """The headers in filters that grow: they tell whether the columns stand where they stood."""
    heads: list[Head] = []
    for key, basic, _ in _grown(structures, look):
        area = area_of(basic["range"])
        row = next((row for row in look.snapshot.tab(key).rows if row.number == area.top), None)
        cells = sorted(row.cells.items()) if row is not None else ()
        heads += (Head(key, area.top, at, cell.literal) for at, cell in cells if area.left <= at <= area.right)
    return tuple(heads)


def filters_put_right(structures: Sequence[Structure], before: Look, now: Look) -> tuple[Request, ...]:
    """The requests that put grown filters over the columns they are for, when people moved these at that moment."""
    tabs = {tab.key: tab for tab in now.snapshot.tabs}
    requests: list[Request] = []
    for key, basic, _ in _grown(structures, before):
        if key in tabs:
            wanted = _moved(basic, before.snapshot.tab(key), tabs[key])
            held = now.facts[key].filter
            if wanted is not None and held is not None and _plain(held) != _plain(wanted):
                requests.append(_set(key, now, wanted))
    return tuple(requests)


def filters_shrunk(structures: Iterable[Structure], look: Look) -> tuple[Request, ...]:
    """The requests by which filters let go of columns given up at their right end, with what they filtered by these."""
    requests: list[Request] = []
    removed = [
        (one.tab, one.before.role) for one in structures if is_removal(one) and isinstance(one.before, ColumnState)
    ]
    for key in dict.fromkeys(key for key, _ in removed):
        basic = look.facts[key].filter if key in look.facts else None
        if basic is None or not can_be_set(basic):
            continue
        tab, area = look.snapshot.tab(key), area_of(basic["range"])
        gone = {tab.marks.get(role) for at, role in removed if at == key}
        right = area.right
        while right in gone and right > area.left:
            right -= 1
        if right < area.right:
            requests.append(_set(key, look, _ranged(basic, right=right)))
    return tuple(requests)


def _grown(structures: Sequence[Structure], look: Look) -> list[tuple[str, Json, int]]:
    """Tab, filter and its new last column, of the filters that grow."""
    added: dict[str, list[ColumnState]] = {}
    for one in structures:
        if one.before is None and isinstance(one.after, ColumnState):
            added.setdefault(one.tab, []).append(one.after)
    found: list[tuple[str, Json, int]] = []
    for key, states in added.items():
        basic = look.facts[key].filter
        if basic is None or not can_be_set(basic):
            continue
        area = area_of(basic["range"])
        right = area.right
        for state in sorted(states, key=lambda one: one.column):
            if state.header_row == area.top and state.column == right + 1:
                right = state.column
        if right > area.right and all(state.column > area.right for state in states):
            found.append((key, basic, right))
    return found


def _ranged(basic: Json, *, right: int) -> Json:
    """The filter ending at another column; what it filters by columns beyond that goes."""
    return _specified({**basic, "range": {**basic["range"], "endColumnIndex": right}}, {at: at for at in range(right)})


def _specified(basic: Json, columns: Mapping[int, int]) -> Json:
    """The filter with the criteria of these columns (from 0) only, each at its new place."""
    specs = [
        spec | {"columnIndex": columns[at]}
        for spec in basic.get("filterSpecs", ())
        if (at := spec.get("columnIndex", 0)) in columns
    ]
    criteria = {str(columns[int(at)]): one for at, one in basic.get("criteria", {}).items() if int(at) in columns}
    told: dict[str, Any] = {"range": basic["range"]}
    if specs:
        return told | {"filterSpecs": specs}
    return told | {"criteria": criteria} if criteria else told


def _moved(basic: Json, before: Tab, now: Tab) -> Json | None:
    """The filter where its columns and its header stand now, our columns right of them taken in; None where they are
    not known again."""
    area = area_of(basic["range"])
    row = next((row for row in before.rows if row.number == area.top), None)
    again = header_row_again(now, {at: cell.literal for at, cell in row.cells.items()}) if row is not None else None
    if again is None:
        return None
    places = {was: at for at, was in columns_before(before, now, area.top).items() if area.left <= was <= area.right}
    if not places:
        return None
    ours = set(now.marks.values())
    right = last = max(places.values())
    while last < max(ours, default=0) and (last + 1 in ours or last + 1 not in again.cells):
        last += 1
        right = last if last in ours else right
    left = min(places.values())
    down = again.number - area.top
    span = basic["range"] | {
        "startRowIndex": again.number - 1,
        "startColumnIndex": left - 1,
        "endColumnIndex": right,
    }
    if "endRowIndex" in span:
        span = span | {"endRowIndex": span["endRowIndex"] + down}
    return _specified({**basic, "range": span}, {was - 1: at - 1 for was, at in places.items()})


def _plain(basic: Json) -> Json:
    """What two filters are compared by."""
    span = {name: basic["range"].get(name, 0) for name in _ENDS}
    specs = {one.get("columnIndex", 0): one.get("filterCriteria") for one in basic.get("filterSpecs", ())}
    return {"range": span, "specs": specs or {int(at): one for at, one in basic.get("criteria", {}).items()}}


def _set(key: str, look: Look, basic: Json) -> Request:
    return {"setBasicFilter": {"filter": {**basic, "range": basic["range"] | {"sheetId": look.facts[key].gid}}}}
