"""Notices: what a run wants to tell waits, is replaced, dropped or left."""

from outbox_samples import (
    BOTH,
    RUI,
    WEEK,
    leader,
    notice,
    the_waiting,
    want,
)
from store_samples import PLAN, changes, instant, known, receipt, remembered, start

from sheets_sync.core.notices import Kind, Notice, Wanted
from sheets_sync.store.store import Store

NOTHING = changes()
LEADERS = Notice(PLAN, RUI, Kind.LEADER_WEEK, WEEK, instant(-1), instant(3), leader())


def test_a_notice_comes_back_as_it_was(store: Store) -> None:
    """Every field of person, section and times, odd texts included, in the order of their times."""
    want(store, notice(), LEADERS)
    assert [one.notice for one in store.outbox.waiting(instant(0), route="smtp")] == [LEADERS, notice()]
    assert [one.notice for one, _, _ in store.outbox.all_notices()] == [notice(), LEADERS]
    assert [one.notice for one, _, _ in store.outbox.all_notices("rui@example.com")] == [LEADERS]


def test_notices_enter_with_the_run(store: Store) -> None:
    """Finishing a run takes in what it wants to tell."""
    run = store.begin(start(), NOTHING, remembered(known("A-0001")), next_number=1)
    wanted = Wanted((notice(),), BOTH)
    store.finish(run, receipt(NOTHING), remembered(known("A-0001")), finished=instant(0), settled=True, wanted=wanted)
    assert the_waiting(store.outbox).notice == notice()
