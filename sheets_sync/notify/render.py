"""From the notices that wait for one person to the wording of one mail. How its values are worded: `mail_view` and the
part modules; how they look: the templates."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sheets_sync.core.mails import Rendered
from sheets_sync.core.notices import Notice, PlanFacts
from sheets_sync.core.persons import Person


class Waiting(NamedTuple):
    """The first mails of one plan, which wait for its keeper. `names` are the people they are for, `unreached` counts
    the rows that reach nobody."""

    plan: PlanFacts
    names: tuple[str, ...]
    mails: int
    unreached: int = 0


def render(
    notices: Sequence[Notice], *, templates: Path | None = None, mailbox: bool = False, now: dt.datetime
) -> Rendered:
    """One mail of all that waits for one person, in their language (else the first plan's).

    `templates` is the team's own template folder, None without one; UsageError names file and line when one of its
    files cannot be trusted or used. `mailbox` tells that answers are read. `now` is aware.
    """
    raise NotImplementedError


def render_keeper_preview(
    waiting: Sequence[Waiting], *, keeper: Person, templates: Path | None = None, now: dt.datetime
) -> Rendered:
    """The mail that tells a keeper what waits to be released: whom it is for, how many mails, what to type."""
    raise NotImplementedError
