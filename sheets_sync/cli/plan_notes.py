"""What a plan lacks or leaves open, in words: columns not checked, dates read in a proved order, struck rows."""

from collections.abc import Iterator

from sheets_sync.core.plan import Plan

PLAN_NOTES = {
    "not_checked": "not checked: there is no {column} column in {tab}",
    "not_checked_unclear": "not checked: two columns could be {column} in {tab}: {columns}",
    "cannot_say_done": "nothing is called late: add a Status or Done column to {tab}",
    "struck": "{count} rows of {tab} are struck through",
    "date_order": "dates typed as text in {column} of {tab} are read as {order}, as the column proves",
}


QUOTES_HEADERS = frozenset({"not_checked_unclear"})


def plan_notes(plan: Plan, *, counts_only: bool = False) -> Iterator[str]:
    """What the plan's tabs lack or leave open, one sentence each; with `counts_only` none that quotes a header."""
    for kind, facts in plan.notes:
        if not (counts_only and kind in QUOTES_HEADERS):
            yield PLAN_NOTES[kind].format(**dict(facts))
