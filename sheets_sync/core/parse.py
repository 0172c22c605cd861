"""From a snapshot to a plan: every chosen tab's rows as actions. Bad data never raises; it becomes findings, problems
and notes. Tabs are chosen in `tabs`, headers understood in `header`, rows sorted in `headings`, read in `reading`."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from sheets_sync.core.column_cells import column_cells
from sheets_sync.core.header import Header
from sheets_sync.core.headings import SortedRows, sort_rows
from sheets_sync.core.keys import KeyChoice, choose_key, shared_between_tabs
from sheets_sync.core.model import Field, Finding, Severity, Status
from sheets_sync.core.people import people
from sheets_sync.core.plan import Plan, UnknownStatus
from sheets_sync.core.reading import Means, ReadTab, read_tab
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Snapshot, Tab
from sheets_sync.core.tabs import Selection, plan_tabs
from sheets_sync.core.workdays import Calendar
from sheets_sync.words.normalise import plain
from sheets_sync.words.statuses import status_key

Note = tuple[str, tuple[tuple[str, str], ...]]

TOLD_WHEN_ABSENT = (Field.OWNER, Field.DUE, Field.STATUS)
SAYS_DONE = frozenset({Field.STATUS, Field.DONE_ON, Field.PROGRESS})


class _Understood(NamedTuple):
    """A tab whose header and rows are clear."""

    tab: Tab
    header: Header
    rows: SortedRows
    key: KeyChoice


def parse_plan(snapshot: Snapshot, settings: PlanSettings, *, as_of: dt.date | None = None) -> Plan:
    """Understand the plan in a snapshot. `as_of` gives the year to periods typed without one ("Q4").

    A tab that cannot be understood has a DAT001 finding and neither layout nor actions.
    """
    selection = plan_tabs(snapshot, settings)
    findings = [*_selection_findings(selection, settings), *_unmapped_findings(selection)]
    understood: list[_Understood] = []
    for tab, header in zip(selection.chosen, selection.headers, strict=True):
        found = _clear_header(tab, header, findings)
        if found is not None:
            rows = sort_rows(tab, found, snapshot.styles)
            key = choose_key(tab, found, rows.actions, settings)
            findings += [key.finding] if key.finding else []
            understood += [] if key.finding else [_Understood(tab, found, rows, key)]
    means = Means(snapshot.styles, settings, Calendar(settings.calendar), as_of.year if as_of else None)
    keys = _keys(understood)
    tabs = [read_tab(u.tab, u.header, u.rows, key=key, means=means) for u, key in zip(understood, keys, strict=True)]
    return Plan(
        layouts=tuple(tab.layout for tab in tabs),
        actions=tuple(action for tab in tabs for action in tab.actions),
        headings=tuple((tab.layout.tab, row) for tab in tabs for row in tab.headings),
        unknown_statuses=_unknown_statuses(tabs),
        status_values=_status_values(tabs),
        findings=tuple(findings),
        date_order=settings.date_order or _proved_order(tabs),
        can_say_done=all(_can_say_done(tab) for tab in tabs),
        notes=tuple(_notes(understood, tabs)),
        people=people(snapshot) | frozenset(map(plain, settings.people)),
    )


def _selection_findings(selection: Selection, settings: PlanSettings) -> Iterable[Finding]:
    """DAT001 about the plan: no tab looks like one, several do, or a named one is not there."""
    if selection.reason == "none":
        yield _unclear("missing", Field.ACTION)
    if selection.reason == "several":
        names = ", ".join(f'"{candidate.tab.name}"' for candidate in selection.candidates if not candidate.aside)
        yield _unclear("tabs", Field.ACTION, ("columns", names))
    for name in selection.missing:
        yield _unclear("no_tab", Field.ACTION, ("columns", name), ("wanted", name))


def _clear_header(tab: Tab, header: Header | None, findings: list[Finding]) -> Header | None:
    """The header when it settles every column that must be known; otherwise why not, as findings."""
    if header is None or header.column(Field.ACTION) is None:
        clashes = header.findings if header else ()
        findings += clashes or (_unclear("missing", Field.ACTION, tab=tab.key),)
        return None
    findings += header.findings
    usable = not header.findings and not any(finding.tab == tab.key for finding in findings)
    return header if usable else None


def _unmapped_findings(selection: Selection) -> Iterable[Finding]:
    """DAT001 for a header the config maps and no tab has, with the nearest header there is."""
    headers = [header for header in selection.headers if header is not None]
    for field, wanted in headers[0].unmapped if headers else ():
        if all((field, wanted) in header.unmapped for header in headers):
            texts = [" ".join(text.split()) for header in headers for _, text in header.headers]
            nearest = get_close_matches(wanted, texts, n=1, cutoff=0)
            facts = (("wanted", wanted), ("nearest", nearest[0] if nearest else ""), ("columns", ", ".join(texts)))
            for tab, header in zip(selection.chosen, selection.headers, strict=True):
                if header is not None:
                    yield _unclear("missing", field, *facts, tab=tab.key, row=header.row)


def _unclear(kind: str, field: Field, *facts: tuple[str, str], tab: str = "", row: int = 0) -> Finding:
    named = (("kind", kind), ("cell", str(field)), ("name", str(field)), *facts)
    return Finding("DAT001", Severity.E, tab, row, field, named)


def _keys(understood: Sequence[_Understood]) -> list[KeyChoice]:
    """Each tab's id column. Columns that number every tab anew are no keys of the plan."""
    theirs = {
        u.tab.key: column_cells(u.rows.actions, u.key.column).texts()
        for u in understood
        if u.key.column is not None and not u.key.is_ours and not u.key.settled
    }
    if not shared_between_tabs(theirs):
        return [u.key for u in understood]
    return [KeyChoice(None, is_ours=True) if u.tab.key in theirs else u.key for u in understood]


def _status_values(tabs: Sequence[ReadTab]) -> tuple[tuple[str, Status, int], ...]:
    counts: Counter[tuple[str, Status]] = Counter()
    for tab in tabs:
        for reading, count in tab.statuses:
            counts[reading.text, reading.status] += count
    return tuple((text, status, count) for (text, status), count in sorted(counts.items(), key=_most_first) if text)


def _most_first(counted: tuple[tuple[str, Status], int]) -> tuple[int, str]:
    return -counted[1], counted[0][0]


def _unknown_statuses(tabs: Sequence[ReadTab]) -> tuple[UnknownStatus, ...]:
    """Distinct unknown words, spellings of one word together."""
    spelt: dict[str, Counter[str]] = {}
    for tab in tabs:
        for reading, count in tab.statuses:
            if reading.status is Status.UNKNOWN:
                spelt.setdefault(status_key(reading.text), Counter())[reading.text] += count
    words = [UnknownStatus(texts.most_common(1)[0][0], texts.total()) for texts in spelt.values()]
    return tuple(sorted(words, key=lambda word: (-word.count, word.text)))


def _proved_order(tabs: Sequence[ReadTab]) -> str:
    orders = {order for tab in tabs for _, order in tab.orders}
    return orders.pop() if len(orders) == 1 else ""


def _can_say_done(tab: ReadTab) -> bool:
    return any(field in SAYS_DONE for field, _ in tab.layout.columns)


def _notes(understood: Sequence[_Understood], tabs: Sequence[ReadTab]) -> Iterable[Note]:
    """What a person should be told once: columns not checked, no way to say done, struck rows, proved orders."""
    for known, tab in zip(understood, tabs, strict=True):
        name = ("tab", tab.layout.name)
        doubtful = dict(known.header.unchecked)
        for field, columns in doubtful.items():
            yield "not_checked_unclear", (("column", str(field)), ("columns", columns), name)
        for field in TOLD_WHEN_ABSENT:
            if tab.layout.column(field) is None and field not in doubtful:
                yield "not_checked", (("column", str(field)), name)
        if not _can_say_done(tab):
            yield "cannot_say_done", (name,)
        if tab.struck:
            yield "struck", (("count", str(tab.struck)), name)
        for field, order in tab.orders:
            yield "date_order", (("order", order), ("column", str(field)), name)
