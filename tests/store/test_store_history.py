"""What finished runs remember: actions as last seen, and every earlier owner, due and status with its days."""

import datetime as dt
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import MONDAY, PLAN, changes, day, edit, instant, known, minted, receipt, remembered, run, start
from store_strategies import days, instants, keys, texts

from sheets_sync.core.history import History, Known
from sheets_sync.core.model import Status
from sheets_sync.store.store import Store, VersionRow

NOTHING = changes()
DUE = day(20)


def test_an_unknown_plan_has_an_empty_history(store: Store) -> None:
    """Nothing is known of a plan before its first run finishes."""
    assert store.history(PLAN) == History()
    store.begin(start(), NOTHING, remembered(known("A-0001")), next_number=1)
    assert store.history(PLAN) == History()


def test_a_finished_run_is_remembered(store: Store) -> None:
    """Actions, sets, adoption, the next number and the day come back as given."""
    adds = remembered(
        known("A-0001", adopted=True, silent=True, baseline_due=DUE, done_seen=MONDAY, judged="1:ACT001"),
        known("A-0002", due=None, gone=MONDAY, last_change=None),
        silent_witnesses=frozenset({"w1", "w2"}),
        baseline=frozenset({("A-0001", "OWN001"), ("A-0001", "DUE001"), ("", "DAT001")}),
        collapsed=frozenset({"ACT005"}),
        dropped_columns=frozenset({"tab 1 flag"}),
    )
    run(store, 0, changes(edit("A-0001")), adds, next_number=3)
    assert store.history(PLAN) == History(
        known={one.key: one for one in adds.changed},
        adopted_on=MONDAY,
        next_number=3,
        silent_witnesses=adds.silent_witnesses,
        baseline=adds.baseline,
        collapsed=adds.collapsed,
        dropped_columns=adds.dropped_columns,
        last_checked=MONDAY,
    )


def test_plans_do_not_mix(store: Store) -> None:
    """Two plans with the same ids in one store have each their own history."""
    for plan in (PLAN, "another"):
        adds = remembered(known("A-0001", owner=plan), baseline=frozenset({("A-0001", plan)}))
        store.finish(
            store.begin(start(plan=plan), NOTHING, adds, next_number=2),
            receipt(NOTHING),
            adds,
            finished=instant(0),
            settled=True,
        )
    for plan in (PLAN, "another"):
        history = store.history(plan)
        assert history.known["A-0001"].owner == plan
        assert history.baseline == {("A-0001", plan)}
        assert [row.owner for row in store.versions.rows(plan)] == [plan]


def test_changed_due_dates_are_kept_with_the_day_they_were_seen(store: Store) -> None:
    """The worked example of slips: 13 Nov, then 17 seen on the 11th, back to 13 seen on the 12th."""
    eleventh, twelfth = dt.date(2026, 11, 11), dt.date(2026, 11, 12)
    seen = [(day(-10), dt.date(2026, 11, 13)), (eleventh, dt.date(2026, 11, 17)), (twelfth, dt.date(2026, 11, 13))]
    for when, due in seen:
        run(store, (when - MONDAY).days, NOTHING, remembered(known("A-0001", due=due)))
    run(store, 1, NOTHING, remembered(known("A-0001", due=seen[-1][1], owner="Rui", judged="1:")))
    run(store, 2, NOTHING, remembered(known("A-0001", due=None, owner="Rui", status=Status.DONE)))
    assert store.versions.dues(PLAN, "A-0001") == (*seen, (day(2), None))
    assert store.versions.owners(PLAN, "A-0001") == ((day(-10), "Ana Lima"), (day(1), "Rui"))
    assert store.versions.statuses(PLAN, "A-0001") == ((day(-10), Status.PLANNED), (day(2), Status.DONE))
    assert store.versions.dues(PLAN, "A-0002") == store.versions.dues("another plan", "A-0001") == ()


def test_what_is_not_owner_due_or_status_makes_no_version(store: Store) -> None:
    """A new text, witness or judgement replaces the action as last seen and leaves its versions alone."""
    run(store, 0, NOTHING, remembered(known("A-0001")))
    run(store, 3, NOTHING, remembered(known("A-0001", action="Mend it better", witness="other", judged="2:")))
    assert list(store.versions.rows(PLAN)) == [VersionRow("A-0001", day(0), None, "Ana Lima", DUE, Status.PLANNED)]
    assert store.history(PLAN).known["A-0001"].action == "Mend it better"


def test_a_gone_action_ends_and_may_come_back(store: Store) -> None:
    """The version of a missing action ends on the day it was gone; back again, it opens a new one."""
    run(store, 0, NOTHING, remembered(known("A-0001")))
    run(store, 1, NOTHING, remembered(known("A-0001", gone=day(1))))
    assert [row.until for row in store.versions.rows(PLAN)] == [day(1)]
    run(store, 4, NOTHING, remembered(known("A-0001")))
    assert [(row.seen, row.until) for row in store.versions.rows(PLAN)] == [(day(0), day(1)), (day(4), None)]
    assert store.versions.dues(PLAN, "A-0001") == ((day(0), DUE),)


def test_the_last_of_two_with_one_key_counts(store: Store) -> None:
    """A key given twice in one run is stored once."""
    run(store, 0, NOTHING, remembered(known("A-0001", owner="Ana"), known("A-0001", owner="Rui")))
    assert store.history(PLAN).known["A-0001"].owner == "Rui"


def test_an_interrupted_run_is_recorded_with_its_own_day(store: Store) -> None:
    """A run settled two days later is history of the day it was begun on."""
    opened = store.begin(start(1), NOTHING, remembered(known("A-0001")), next_number=2)
    store.finish(opened, receipt(NOTHING, 1), remembered(known("A-0001")), finished=instant(3), settled=False)
    assert store.versions.dues(PLAN, "A-0001") == ((day(1), DUE),)
    assert store.history(PLAN).last_checked == day(1)


def test_an_undo_looks_at_nothing(store: Store) -> None:
    """The day of the last check is not moved by an undo."""
    run(store, 0, NOTHING, remembered(known("A-0001")))
    run(store, 2, changes(edit("A-0001")), remembered(), kind="undo")
    assert store.history(PLAN).last_checked == day(0)


def test_ids_of_an_abandoned_run_stay_with_their_rows(store: Store) -> None:
    """Ids that were planned and never written are kept by the row's witness, until a run finishes."""
    for number, ids in enumerate([("A-0001", "A-0002"), ("A-0001", "A-0003")]):
        made = changes(minted("w1", ids[0], 5), minted(f"w{number + 2}", ids[1], 6), edit("A-0009"))
        opened = store.begin(start(number), made, remembered(), next_number=4)
        store.abandon(opened, finished=instant(number), reason="the workbook is open")
    assert store.history(PLAN).reserved == {"w1": "A-0001", "w2": "A-0002", "w3": "A-0003"}
    assert store.history(PLAN).next_number == 4
    run(store, 5, changes(minted("w1", "A-0001", 5)), remembered(known("A-0001")))
    assert store.history(PLAN).reserved == {}


def test_of_equal_rows_the_first_keeps_the_reserved_id(store: Store) -> None:
    """Two rows with the same human cells share a witness; one id can wait for them, the first."""
    made = changes(minted("w", "A-0001", 5), minted("w", "A-0002", 6))
    store.abandon(store.begin(start(), made, remembered(), next_number=3), finished=instant(0), reason="")
    assert store.history(PLAN).reserved == {"w": "A-0001"}


@pytest.mark.parametrize("text", ["\ud83d", "\x00", "\x1b[31m", "\ud83d\ude00", "😀", "Ação\r\n\t", "\\x1b"])
def test_odd_text_comes_back(store: Store, text: str) -> None:
    """Halves of surrogate pairs, NUL and ESC, which bad files hold, come back as they were, and as keys find their
    action."""
    odd = known(text, witness="5f", action=text, owner=text, judged=text)
    plain = known("A-0001")
    run(store, 0, changes(edit(text, after=text)), remembered(odd, plain, baseline=frozenset({(text, "ACT001")})))
    history = store.history(PLAN)
    assert history.known == {text: odd, "A-0001": plain}
    assert history.baseline == {(text, "ACT001")}
    assert {row.key: row.owner for row in store.versions.rows(PLAN)} == {text: text, "A-0001": "Ana Lima"}
    run(store, 1, NOTHING, remembered(odd._replace(due=None)))
    assert store.versions.dues(PLAN, text) == ((day(0), DUE), (day(1), None))
    assert (written := store.written.last(PLAN)) is not None
    assert written.changes.edits == (edit(text, after=text),)


odd_known = st.builds(
    Known,
    keys,
    st.text("0123456789abcdef", max_size=4),
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
steps = st.lists(
    st.tuples(
        st.lists(odd_known, max_size=4, unique_by=lambda one: one.key),
        st.frozensets(st.tuples(keys, st.sampled_from(["ACT001", "OWN001"])), max_size=4),
    ),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Iterator[str]]]:
    """One store for all examples, and a new plan for each."""
    store = Store.open(tmp_path_factory.mktemp("store") / "state")
    yield store, (f"plan {number}" for number in range(1_000_000))
    store.close()


@settings(max_examples=40, deadline=None)
@given(steps)
def test_any_sequence_of_runs_is_remembered_exactly(
    plans: tuple[Store, Iterator[str]], runs: list[tuple[list[Known], frozenset[tuple[str, str]]]]
) -> None:
    """Whatever texts, days and statuses runs see: the history is what they saw last, each action's versions follow
    one another, differ from one to the next, and the last is the present."""
    store, names = plans
    plan = next(names)
    model: dict[str, Known] = {}
    for number, (seen, baseline) in enumerate(runs):
        adds = remembered(*seen, baseline=baseline)
        opened = store.begin(start(number, plan=plan), NOTHING, adds, next_number=1)
        assert [one.remembered for one in store.open_runs(plan)] == [adds]
        store.finish(opened, receipt(NOTHING, number), adds, finished=instant(number), settled=True)
        model |= {one.key: one for one in seen}
        history = store.history(plan)
        assert history.known == model
        assert history.baseline == baseline
    versions: dict[str, list[VersionRow]] = {}
    for row in store.versions.rows(plan):
        versions.setdefault(row.key, []).append(row)
    assert set(versions) == set(model)
    for key, rows in versions.items():
        assert (rows[-1].owner, rows[-1].due, rows[-1].status) == (model[key].owner, model[key].due, model[key].status)
        assert rows[-1].until == model[key].gone
        assert [row.seen for row in rows] == sorted(row.seen for row in rows)
        assert all(earlier.until is not None for earlier in rows[:-1])
        assert store.versions.dues(plan, key)[-1][1] == model[key].due
        assert store.versions.owners(plan, key)[-1][1] == model[key].owner
