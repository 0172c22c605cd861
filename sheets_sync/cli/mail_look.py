"""Whom the mails of a plan reach, in words, and what they would say as the plan's workbook stands."""

import datetime as dt

from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.core.history import History
from sheets_sync.notify.outlook import outlook_of
from sheets_sync.notify.readers import is_mailable
from sheets_sync.run.mail_reach import Reach
from sheets_sync.run.mail_reach import reach as reach_of
from sheets_sync.run.wiring import workbook_of


def reach(config: Config, plan: PlanConfig, history: History, *, now: dt.datetime) -> Reach:
    """What a configured plan has to say this week. Raises WorkbookError when it cannot be read."""
    return reach_of(workbook_of(config, plan, read_only=True), plan, history, now=now)


def unreached_line(seen: Reach, *, counts_only: bool) -> str:
    """How many open rows no mail ever tells their owner of; who those owners are, unless `counts_only`."""
    if not seen.matter.plan.can_say_done:
        return "has no mails, because nothing can be called late or done: add a Status or Done column"
    if not seen.wanted.unreached:
        return "every open row reaches its owner"
    told = f"open rows that reach no owner: {seen.wanted.unreached}"
    if counts_only:
        return f"{told} (on a terminal their owners are named)"
    outlook = outlook_of(seen.matter)
    rows = [one for one in (outlook.standings if outlook is not None else ()) if one.live]
    owners = {one.action.owner or "(blank)" for one in rows if one.person is None or not is_mailable(one.person)}
    return f"{told} ({', '.join(sorted(owners))})"
