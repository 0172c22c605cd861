"""How long what people typed is kept (HAZARDS 28)."""

from store_samples import PLAN, changes, day, edit, instant, known, remembered, run, stamp, start

from sheets_sync.core.retention import Retention
from sheets_sync.store.store import Pruned, Store

NOTHING = changes()


def test_journals_are_kept_thirty_days(store: Store) -> None:
    """On the 30th day a write can still be undone, after it not; the run's facts stay, later runs stay whole."""
    run(store, 0, changes(edit("A-0001"), stamp=stamp(store, 1)), remembered(known("A-0001")))
    assert store.prune(instant(30)) == Pruned(0, 0, 0, 0)
    assert store.written.last(PLAN) is not None
    assert store.prune(instant(30.01)) == Pruned(journals=1, versions=0, actions=0, runs=0)
    assert store.written.last(PLAN) is None
    assert (last := store.state(PLAN).last) is not None
    assert (last.applied, last.fingerprint) == (1, "left 0")
    assert store.prune(instant(30.01)) == Pruned(0, 0, 0, 0)
    run(store, 31, changes(edit("A-0001"), stamp=stamp(store, 2)), remembered(known("A-0001")))
    assert store.prune(instant(60)) == Pruned(0, 0, 0, 0)
    assert store.written.last(PLAN) is not None


def test_what_was_typed_is_in_no_table(store: Store) -> None:
    """Texts whose time is over are in no table any more."""
    run(store, 0, changes(edit("A-0001", after="SENTINEL")), remembered(known("A-0002", owner="SENTINEL")))
    run(store, 1, NOTHING, remembered(known("A-0002", owner="Ana", gone=day(1))))
    store.abandon(
        store.begin(start(1), changes(edit("A-0001", after="SENTINEL")), remembered(), next_number=1),
        finished=instant(1),
        reason="open in Excel",
    )
    run(store, 800, NOTHING, remembered(known("A-0003")))
    store.prune(instant(801))
    assert [row.key for row in store.versions.rows(PLAN)] == ["A-0003"]
    assert store.written.last(PLAN) is None
    assert set(store.history(PLAN).known) == {"A-0003"}


def test_an_open_run_is_never_pruned(store: Store) -> None:
    """However old, what is needed to settle a crash stays."""
    made = changes(edit("A-0001"))
    store.begin(start(), made, remembered(known("A-0001")), next_number=1)
    assert store.prune(instant(3000)) == Pruned(0, 0, 0, 0)
    assert [one.changes for one in store.open_runs(PLAN)] == [made]


def test_earlier_versions_are_kept_24_months_after_they_closed(store: Store) -> None:
    """A closed version goes two years after its end, a missing action two years after it went; the present stays,
    however old."""
    run(store, 0, NOTHING, remembered(known("A-0001"), known("A-0002"), known("A-0003")))
    run(store, 10, NOTHING, remembered(known("A-0001", owner="Rui"), known("A-0002", gone=day(10))))
    assert store.prune(instant(740)) == Pruned(journals=2, versions=0, actions=0, runs=1)
    assert len(list(store.versions.rows(PLAN))) == 4
    assert store.prune(instant(741)) == Pruned(journals=0, versions=1, actions=1, runs=0)
    assert [(row.key, row.owner) for row in store.versions.rows(PLAN)] == [("A-0001", "Rui"), ("A-0003", "Ana Lima")]
    assert set(store.history(PLAN).known) == {"A-0001", "A-0003"}


def test_old_runs_go_and_the_last_stays(store: Store) -> None:
    """Runs of more than two years ago are deleted, but never the last of a plan: it tells what was done last."""
    for number in (0, 1, 2):
        run(store, number, NOTHING, remembered(known("A-0001")))
    assert store.prune(instant(2000)).runs == 2
    assert (last := store.state(PLAN).last) is not None
    assert last.as_of == day(2)
    assert store.history(PLAN).last_checked == day(2)


def test_the_configuration_says_for_how_long(store: Store) -> None:
    """Journals and the past are kept for the configured time, and no day longer."""
    kept = Retention(journal_days=7, versions_months=12)
    run(store, 0, changes(edit("A-0001")), remembered(known("A-0001")))
    run(store, 1, changes(), remembered(known("A-0001", owner="Rui")))
    assert store.prune(instant(6.99), kept) == Pruned(0, 0, 0, 0)
    assert store.prune(instant(8.01), kept).journals == 2
    assert store.prune(instant(365), kept).versions == 0
    assert store.prune(instant(368), kept).versions == 1
