"""Which tabs hold the plan: the named ones, else the single tab that looks like one (DOMAIN 1.1)."""

from collections.abc import Iterable
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from sheets_sync.core.column_cells import text_of
from sheets_sync.core.header import SAMPLED_ROWS, Header, find_header
from sheets_sync.core.model import Field
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Snapshot, Tab
from sheets_sync.core.views import computed_rows, view_source
from sheets_sync.words.normalise import plain
from sheets_sync.words.tab_names import is_set_aside, other_tab


class Aside(StrEnum):
    """Why a tab that looks like a plan is not taken unless it is named."""

    NO = ""
    HIDDEN = "hidden"
    NAME = "name"
    """Its name says copy, archive, template or old."""
    VIEW = "view"
    OTHER = "other"
    """Its name is that of another tab of the model: Problems, Check-ins."""
    EMPTY = "empty"


class Candidate(NamedTuple):
    """A tab that looks like a plan, with its header and why it may not be taken unasked."""

    tab: Tab
    header: Header
    aside: Aside


class Selection(NamedTuple):
    """The tabs of the plan, in workbook order. `headers` maps the chosen tabs' keys to their headers (None: no header
    was found). `reason` is "" or why nothing is chosen: "none" looks like a plan, "several" do, or "missing" names.
    `missing` are names in the settings that no tab has."""

    chosen: tuple[Tab, ...]
    headers: tuple[Header | None, ...]
    candidates: tuple[Candidate, ...]
    reason: str = ""
    missing: tuple[str, ...] = ()


def plan_tabs(snapshot: Snapshot, settings: PlanSettings) -> Selection:
    """Choose the plan's tabs. Never raises and never guesses: with several candidates nothing is chosen."""
    if settings.tabs:
        return _named(snapshot, settings)
    candidates = tuple(_candidates(snapshot.tabs, settings))
    for allowed in ((Aside.NO,), (Aside.EMPTY,), (Aside.OTHER,), (Aside.VIEW,)):
        fit = [candidate for candidate in candidates if candidate.aside in allowed]
        if len(fit) == 1:
            return Selection((fit[0].tab,), (fit[0].header,), candidates)
        if fit:
            return Selection((), (), candidates, "several")
    return Selection((), (), candidates, "none")


def _named(snapshot: Snapshot, settings: PlanSettings) -> Selection:
    chosen: list[Tab] = []
    missing: list[str] = []
    for name in settings.tabs:
        tab = _by_name(snapshot.tabs, name)
        if tab is None:
            missing.append(name)
        elif tab not in chosen:
            chosen.append(tab)
    tabs = tuple(tab for tab in snapshot.tabs if any(tab is one for one in chosen))
    headers = tuple(find_header(tab, settings) for tab in tabs)
    candidates = tuple(
        Candidate(tab, header, Aside.NO) for tab, header in zip(tabs, headers, strict=True) if header is not None
    )
    return Selection(tabs, headers, candidates, "missing" if missing else "", tuple(missing))


def _by_name(tabs: Iterable[Tab], name: str) -> Tab | None:
    """The tab of this name; else the only one whose name differs in case and accents alone."""
    alike = [tab for tab in tabs if plain(tab.name) == plain(name)]
    exact = [tab for tab in alike if tab.name == name]
    return exact[0] if exact else alike[0] if len(alike) == 1 else None


def _candidates(tabs: Iterable[Tab], settings: PlanSettings) -> Iterable[Candidate]:
    for tab in tabs:
        header = find_header(tab, settings)
        if header is not None:
            yield Candidate(tab, header, _aside(tab, header))


def _aside(tab: Tab, header: Header) -> Aside:
    if tab.hidden:
        return Aside.HIDDEN
    if is_set_aside(tab.name):
        return Aside.NAME
    column = header.column(Field.ACTION)
    if column is None:
        return Aside.OTHER if other_tab(tab.name) else Aside.NO
    below = (row for row in tab.rows if row.number > header.row and text_of(row.cells.get(column)))
    rows = list(islice(below, SAMPLED_ROWS))
    cells = [row.cells.get(column) for row in rows]
    if view_source(computed_rows(tab, column, [row.number for row in rows], cells), len(rows)):
        return Aside.VIEW
    if other_tab(tab.name):
        return Aside.OTHER
    return Aside.NO if rows else Aside.EMPTY
