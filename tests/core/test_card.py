"""The card a workbook carries of its plan."""

import datetime as dt
import json
from dataclasses import fields, replace

import pytest

from sheets_sync.core.card import LONGEST, CardUnreadable, card_of, settings_of, uid_of
from sheets_sync.core.model import Field, Severity, Status
from sheets_sync.core.settings import CalendarSettings, PlanSettings, RuleChoice

DAY = dt.date(2026, 11, 20)
FULL = PlanSettings(
    uid="p-3f9a1c2b7d04",
    language="pt",
    timezone="America/Sao_Paulo",
    tabs=("Ações", "Obra 2"),
    header_row=4,
    column_map=((Field.ACTION, 'O "que"\nfazer'), (Field.DUE, "Quando")),
    status_map=(("Feito", Status.DONE),),
    date_order="dmy",
    struck="ignore",
    id_prefix="B",
    calendar=CalendarSettings(frozenset({1, 2, 3, 4}), frozenset({dt.date(2026, 12, 24)}), "previous"),
    rules=(RuleChoice("ACT003", off=True), RuleChoice("ACT002", Severity.W, parameters=(("min_words", 4.0),))),
    hints=True,
    highlight="row",
    drop_downs=True,
    stale_days=5,
    verify_after=30,
    baseline_grace=1,
    typing_grace_minutes=0,
)


def changed(**values):
    """The card of FULL with other values in it, as text."""
    return json.dumps(json.loads(card_of(FULL, DAY)) | values)


def test_a_card_gives_the_settings_back():
    """All that rules and dates need comes back as it was."""
    assert settings_of(card_of(FULL, DAY)) == FULL
    assert uid_of(card_of(FULL, DAY)) == FULL.uid


def test_every_setting_was_thought_of():
    """A new setting must differ from its default in this test, so that somebody decides whether the card carries it."""
    left_out = {field.name for field in fields(PlanSettings) if getattr(FULL, field.name) == field.default}
    assert left_out == {"name", "people"}


def test_a_card_holds_no_person_and_no_name_of_the_plan():
    """A workbook travels: people the configuration lists and what the plan is called stay at home."""
    card = card_of(replace(FULL, name="Secret plan", people=("Ana Silva",)), DAY)
    assert "Secret" not in card
    assert "Ana" not in card
    assert card.isascii()


def test_only_the_holidays_around_the_day_are_carried():
    """A calendar of decades would not fit into the workbook."""
    far = frozenset({dt.date(2020, 1, 1), dt.date(2025, 1, 1), dt.date(2028, 12, 25), dt.date(2029, 1, 1)})
    card = card_of(replace(FULL, calendar=replace(FULL.calendar, holidays=far)), DAY)
    assert settings_of(card).calendar.holidays == {dt.date(2025, 1, 1), dt.date(2028, 12, 25)}


def test_settings_too_many_for_a_card_make_none():
    """Better none than half a card."""
    assert card_of(replace(FULL, tabs=("x" * LONGEST,)), DAY) == ""


@pytest.mark.parametrize(
    "card",
    [
        "",
        "[]",
        "{",
        "[" * 5000,
        "x" * (LONGEST + 1),
        changed(version=2),
        changed(uid=7),
        changed(language="fr"),
        changed(hints="yes"),
        changed(header_row=-1),
        changed(stale_days=True),
        changed(stale_days=10**9),
        changed(tabs="Actions"),
        changed(tabs=[1]),
        changed(workdays=[0]),
        changed(workdays=None),
        changed(holidays=["2026-13-01"]),
        changed(roll="somewhere"),
        changed(columns={"colour": "Red"}),
        changed(columns=[]),
        changed(status={"Feito": "finished"}),
        changed(rules=[["ACT001"]]),
        changed(rules=[["ACT001", "X", False, []]]),
        changed(rules=[["ACT001", "", False, [["min_words", "many"]]]]),
    ],
)
def test_a_card_that_somebody_wrote_by_hand_is_refused_whole(card):
    """What a workbook says of its plan is believed only if all of it makes sense."""
    with pytest.raises(CardUnreadable):
        settings_of(card)
