"""Short ways to make the values that the core's tests speak of."""

import datetime as dt

from sheets_sync.core.history import History, Known
from sheets_sync.core.model import Action, DateReading, Status, StatusReading
from sheets_sync.core.plan import Plan, TabLayout

TAB = "1"
NOW = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)


def day(text: str | None) -> DateReading:
    """ "11-13" or "2026-11-13" as a date cell; None as a blank one."""
    if text is None:
        return DateReading()
    return DateReading(dt.date.fromisoformat(text if len(text) > 5 else f"2026-{text}"))


def an_action(row: int = 2, *, due: str | None = None, status: Status = Status.IN_PROGRESS, **more) -> Action:
    """An action in row `row`; dates as "MM-DD" of 2026."""
    for name in ("start", "done_on", "updated_on", "verified_on", "original_due"):
        if isinstance(more.get(name), str):
            more[name] = day(more[name])
    facts = {"tab": TAB, "key": "", "witness": f"w{row}", "action": f"Paint wall {row}", "owner": "Ana Lima"} | more
    return Action(row=row, due=day(due), status=StatusReading(status, status.value), **facts)


def a_known(key: str, **more) -> Known:
    """A remembered action; its witness is that of `an_action(row)` for "A-000<row>"."""
    row = int(key.rsplit("-", 1)[1])
    facts = {
        "witness": f"w{row}",
        "first_seen": NOW - dt.timedelta(days=30),
        "action": f"Paint wall {row}",
        "owner": "Ana Lima",
        "due": None,
        "status": Status.IN_PROGRESS,
    }
    return Known(key=key, **(facts | more))


def a_history(*known: Known, **more) -> History:
    """The history of a plan adopted in October."""
    facts = {"adopted_on": dt.date(2026, 10, 5), "next_number": 1 + len(known), "last_checked": dt.date(2026, 11, 13)}
    return History(known={k.key: k for k in known}, **(facts | more))


def a_layout(*, id_is_ours: bool = True, **more) -> TabLayout:
    """The layout of the one tab."""
    facts = {
        "tab": TAB,
        "name": "Actions",
        "header_row": 1,
        "columns": (),
        "headers": ((1, "Action"), (2, "Owner"), (3, "Due"), (4, "Status")),
        "last_header": 4,
        "last_row": 30,
        "witness_columns": (),
        "id_column": None,
    }
    return TabLayout(id_is_ours=id_is_ours, **(facts | more))


def a_plan(*actions: Action, **more) -> Plan:
    """A plan of these actions in one tab."""
    return Plan(layouts=(more.pop("layout", a_layout()),), actions=actions, headings=(), **more)
