"""Which button a workbook gets: on which tabs, where their headers are, in which language, with which card."""

import datetime as dt
from collections.abc import Iterator

from sheets_sync.core.card import card_of
from sheets_sync.core.parse import parse_plan
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Snapshot
from sheets_sync.errors import UsageError
from sheets_sync.run.tabs_read import followed
from sheets_sync.words.button_words import button_words
from sheets_sync.workbooks.ooxml.button import ButtonTab, ButtonWish
from sheets_sync.workbooks.ooxml.button_shape import Face

_TAGS = {"en": "en-US", "pt": "pt-PT", "es": "es-ES"}


def plan_button(snapshot: Snapshot, settings: PlanSettings, day: dt.date) -> ButtonWish:
    """The button of a plan: on each of its tabs, with its card. Raises UsageError where its tabs are not found."""
    settings, _ = followed(snapshot, settings)
    tabs = _plan_tabs(snapshot, settings, day)
    if not tabs:
        raise UsageError(f"the tabs of the plan {settings.name} are not found in its workbook", "sheets-sync doctor")
    return ButtonWish(tabs, button_face(settings.language), card_of(settings, day))


def plain_button(snapshot: Snapshot, day: dt.date) -> ButtonWish:
    """The button of a workbook that is not set up: on what looks like a plan, else on the first tab that is shown.
    No tab at all where there is none."""
    guess = PlanSettings(uid="")
    layouts = parse_plan(snapshot, guess, as_of=day).layouts
    language = layouts[0].language if layouts else guess.language
    return ButtonWish(_plan_tabs(snapshot, guess, day) or tuple(_first_tab(snapshot)), button_face(language))


def button_face(language: str) -> Face:
    """What stands on a button in this language."""
    label = button_words(language).ribbon["sync"]
    return Face(label.name, label.tip, _TAGS.get(language, _TAGS["en"]))


def _plan_tabs(snapshot: Snapshot, settings: PlanSettings, day: dt.date) -> tuple[ButtonTab, ...]:
    layouts = parse_plan(snapshot, settings, as_of=day).layouts
    return tuple(ButtonTab(layout.tab, layout.header_row, layout.last_header) for layout in layouts)


def _first_tab(snapshot: Snapshot) -> Iterator[ButtonTab]:
    """The first tab that is shown, its first row taken for the headers."""
    for tab in [tab for tab in snapshot.tabs if not tab.hidden][:1]:
        row = next(iter(tab.rows), None)
        yield ButtonTab(tab.key, row.number if row else 1, max(row.cells) if row else 1)
