"""Mass change (DAT007) and foreign stamps (HAZARDS 6)."""

import datetime as dt

import pytest
from core.making import a_history, a_known, an_action

from sheets_sync.core.guards import foreign_stamp, mass_change
from sheets_sync.core.model import Status
from sheets_sync.core.snapshot import Stamp


def ten_known(**more):
    return a_history(*(a_known(f"A-00{n:02d}", **more) for n in range(2, 12)))


def rows(count, **more):
    return tuple(an_action(n, key=f"A-00{n:02d}", **more) for n in range(2, 2 + count))


@pytest.mark.parametrize(
    ("actions", "stops"),
    [
        (rows(10), False),
        (rows(5), True),
        (rows(6), False),
        (rows(6) + rows(10, owner="Rui", witness="x")[6:], False),
        (rows(4) + rows(10, owner="Rui", witness="x")[4:], True),
        (rows(4) + rows(10, due="12-24", witness="x")[4:], True),
        (rows(10, witness="note"), False),
    ],
)
def test_a_mass_change_is_more_than_30_percent_and_at_least_five_rows(actions, stops):
    """Vanished rows, other owners and other dues count; edited notes do not."""
    assert (mass_change(actions, ten_known()) is not None) is stops


def test_formula_dues_and_closed_rows_are_no_mass_change():
    """Dates that a formula moves, and rows that were not live, never stop a run."""
    moved = rows(10, due="12-24", witness="x")
    computed = tuple(a._replace(due=a.due._replace(computed=True)) for a in moved)
    assert mass_change(computed, ten_known()) is None
    assert mass_change((), ten_known(status=Status.DONE)) is None
    assert mass_change((), ten_known(gone=dt.date(2026, 11, 2))) is None


def test_the_finding_counts_and_gives_five_examples():
    """The keeper sees what changed and where to look."""
    found = mass_change(rows(2), ten_known())
    assert found is not None
    assert (found.vanished, found.rows, found.live, len(found.examples)) == (8, 8, 10, 5)


@pytest.mark.parametrize(
    ("stamp", "write", "fits"),
    [
        (None, 0, True),
        (Stamp("p", "s", 4, "1.2.0"), 4, True),
        (Stamp("p", "s", 3, "1.2.0"), 4, True),
        (Stamp("p", "s", 2, "1.2.0"), 4, False),
        (Stamp("p", "s", 5, "1.2.0"), 4, False),
        (Stamp("p", "other", 4, "1.2.0"), 4, False),
        (Stamp("q", "s", 4, "1.2.0"), 4, False),
        (Stamp("p", "s", 4, "1.10.0"), 4, False),
        (None, 1, True),
        (None, 2, False),
    ],
)
def test_a_workbook_written_elsewhere_is_only_checked(stamp, write, fits):
    """Another store or plan, a store behind the workbook, an old copy, a newer program: all check-only."""
    why = foreign_stamp(stamp, plan="p", stores=frozenset({"s"}), write=write, version="1.2.0")
    assert (why == "") is fits
