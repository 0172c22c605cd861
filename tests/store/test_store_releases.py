"""What the keeper has to release before it is mailed (HAZARDS 23)."""

import pytest
from outbox_samples import ANA, RUI
from store_samples import PLAN, changes, instant, remembered, run

from sheets_sync.core.persons import Person
from sheets_sync.store.outbox import Outbox
from sheets_sync.store.store import Store

NEW = RUI._replace(held=False)


@pytest.fixture
def outbox(store: Store) -> Outbox:
    """An empty outbox."""
    return store.outbox


def _held(outbox: Outbox, *persons: Person, plan: str = PLAN) -> list[bool]:
    found = outbox.hold_new(plan, persons, instant(0))
    assert [one._replace(held=False) for one in found] == [one._replace(held=False) for one in persons]
    return [one.held for one in found]


def test_a_plan_is_released_by_itself(outbox: Outbox) -> None:
    """Another plan's mails go to the keeper alone until it is released, too; a release can be taken back."""
    assert not outbox.released(PLAN)
    outbox.release(PLAN, instant(0))
    outbox.release(PLAN, instant(1))
    assert outbox.released(PLAN)
    assert not outbox.released("other")
    outbox.hold(PLAN)
    assert not outbox.released(PLAN)


def test_a_new_person_waits_until_released(outbox: Outbox) -> None:
    """Held at every run until the keeper releases the name, for this plan alone."""
    assert _held(outbox, NEW, ANA) == [True, True]
    assert _held(outbox, NEW, ANA) == [True, True]
    assert _held(outbox, NEW, plan="other") == [True]
    waits = Person(RUI.name, RUI.address, leader=RUI.leader, source="sheet", held=True)
    assert outbox.held_persons("other") == (("other", waits),)
    assert [plan for plan, _ in outbox.held_persons()] == [PLAN, PLAN, "other"]
    assert outbox.release_person(PLAN, "rui sa", instant(1)) == 1
    assert outbox.release_person(PLAN, "Rui Sá", instant(1)) == 0
    assert outbox.release_person("unheard of", "Rui Sá", instant(1)) == 0
    assert _held(outbox, NEW, ANA) == [False, True]
    assert _held(outbox, NEW, plan="other") == [True]
    assert [(plan, one.name) for plan, one in outbox.held_persons()] == [(PLAN, ANA.name), ("other", RUI.name)]


CHANGES = [
    pytest.param({"address": "rui@example.org"}, True, id="address"),
    pytest.param({"leader": "Eva"}, True, id="leader"),
    pytest.param({"name": "Rui S."}, True, id="name"),
    pytest.param({"address": "RUI@example.com"}, False, id="the same address"),
    pytest.param({"language": "es", "timezone": "UTC", "held": True}, False, id="language"),
]


@pytest.mark.parametrize(("change", "held"), CHANGES)
def test_a_changed_address_or_leader_waits_again(outbox: Outbox, change: dict[str, object], held: bool) -> None:
    """What was released is exactly this name, address and leader."""
    _held(outbox, NEW)
    outbox.release_person(PLAN, NEW.name, instant(0))
    assert _held(outbox, NEW._replace(**change)) == [held]
    assert outbox.is_person_released(PLAN, NEW._replace(**change)) is not held
    assert _held(outbox, NEW) == [False]


def test_who_left_the_sheet_waits_no_more(outbox: Outbox) -> None:
    """The keeper is not asked about a name that is gone, and need not say again what was released."""
    _held(outbox, NEW, ANA)
    outbox.release_person(PLAN, NEW.name, instant(0))
    _held(outbox)
    assert outbox.held_persons() == ()
    assert _held(outbox, NEW, ANA) == [False, True]


def test_two_of_one_name_are_released_together(outbox: Outbox) -> None:
    """The number tells that there were two."""
    _held(outbox, NEW, NEW._replace(address="other@example.com"))
    assert outbox.release_person(PLAN, NEW.name, instant(0)) == 2


def test_after_a_person_was_released_the_plan_is_read_again(store: Store) -> None:
    """An untouched workbook would be skipped, and the person told nothing until somebody types."""
    run(store, 1, changes(), remembered())
    _held(store.outbox, NEW)
    assert store.skip_check(PLAN).settled
    store.outbox.release_person(PLAN, NEW.name, instant(2))
    assert not store.skip_check(PLAN).settled
