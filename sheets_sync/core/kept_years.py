"""A period typed without a year ("Q4", "March") keeps the year in which it was first read: it must not move on its own
at New Year. Who types another year, or a day, is followed at once."""

from collections.abc import Mapping

from sheets_sync.core.dates import in_year
from sheets_sync.core.history import Known
from sheets_sync.core.model import Action, Precision
from sheets_sync.core.workdays import Calendar


def with_kept_years(actions: tuple[Action, ...], known: Mapping[str, Known], calendar: Calendar) -> tuple[Action, ...]:
    """The actions, with due dates that lack a year in the year they are remembered in.

    A due cell counts as untouched while its row is, or while it says in the remembered year just what is remembered
    (somebody wrote in another cell). Start and original due were typed with the due date and go with it.
    """
    return tuple(
        action if action.due.precision is Precision.DAY else _kept(action, known.get(action.key), calendar)
        for action in actions
    )


def _kept(action: Action, past: Known | None, calendar: Calendar) -> Action:
    if past is None or past.due is None or action.due.date is None or past.due.year == action.due.date.year:
        return action
    year = past.due.year
    due = in_year(action.due, year, calendar)
    if due.date != past.due and action.witness != past.witness:
        return action
    if due == action.due:
        return action
    original, start = (in_year(reading, year, calendar) for reading in (action.original_due, action.start))
    return action._replace(due=due, original_due=original, start=start)
