"""What `mail preview` does: the mails of this week as pages to look at, in a private folder; nothing is sent."""

import datetime as dt
import webbrowser
from collections.abc import Iterable, Sequence
from pathlib import Path

from sheets_sync.cli.console import Console, clean, console
from sheets_sync.cli.mail_desk import Desk, desk, no_keeper, one_person, plan_persons
from sheets_sync.cli.mail_look import reach, unreached_line
from sheets_sync.config.values import PlanConfig
from sheets_sync.core.persons import Person
from sheets_sync.errors import WorkbookError
from sheets_sync.run.clock import SystemClock
from sheets_sync.run.mail_pages import Page, letters_of, write_pages
from sheets_sync.run.mail_reach import Reach
from sheets_sync.run.wiring import chosen_plans


def preview_mails(config: Path | None, names: tuple[str, ...], word: str | None) -> int:
    """Write the mails of this week, of one person or of everybody, and say where they are."""
    out = console()
    now = SystemClock().now()
    with desk(config) as at:
        plans = chosen_plans(at.config, names)
        _warn_of_no_keeper(out, plans)
        looked, failed = _looked(at, out, plans, now=now)
        chosen = one_person(word, _everybody(plans, looked), out) if word is not None else None
        letters = letters_of(one.wanted.notices for one in looked)
        if chosen is not None:
            letters = tuple(letter for letter in letters if letter.person.identity == chosen.identity)
        pages = write_pages(at.config, letters, now=now)
    _tell(out, pages)
    for one in looked if chosen is None else ():
        _tell_reach(out, one)
    if chosen is not None and pages and out.terminal:
        webbrowser.open(pages[0].html.as_uri())
    return 3 if failed else 0


def _warn_of_no_keeper(out: Console, plans: Sequence[PlanConfig]) -> None:
    """Name the plans nobody is mailed about. Raises UsageError when all are."""
    if all(plan.mail.keeper is None for plan in plans):
        raise no_keeper()
    for plan in plans:
        if plan.mail.keeper is None:
            out.warn(clean(f"{plan.settings.name}: no keeper is configured, so nobody is mailed"))


def _looked(at: Desk, out: Console, plans: Sequence[PlanConfig], *, now: dt.datetime) -> tuple[tuple[Reach, ...], bool]:
    """The plans that could be read, and whether one could not."""
    looked: list[Reach] = []
    for plan in plans:
        try:
            looked.append(reach(at.config, plan, at.store.history(plan.settings.uid), now=now))
        except WorkbookError as error:
            out.warn(clean(f"{plan.settings.name}: {error.message}"))
    return tuple(looked), len(looked) < len(plans)


def _everybody(plans: Iterable[PlanConfig], looked: Iterable[Reach]) -> tuple[Person, ...]:
    from_sheets = (person for one in looked for person in one.matter.directory.persons)
    return (*(person for plan in plans for person in plan_persons(plan)), *from_sheets)


def _tell_reach(out: Console, seen: Reach) -> None:
    """Which owners no mail reaches, and what is to be mended in the People tab; counts where nobody looks."""
    plan = seen.matter.settings.name
    out.say(clean(f"{plan}: {unreached_line(seen, counts_only=out.counts_only)}"))
    if not seen.problems:
        return
    rows = len({(one.tab, one.row) for one in seen.problems})
    where = " (on a terminal they are listed)" if out.counts_only else ""
    out.say(clean(f"{plan}: rows of the People tab to mend: {rows}{where}"))
    for one in () if out.counts_only else seen.problems:
        out.say(clean(f"  {one.tab} row {one.row}: {one.reason}"))


def _tell(out: Console, pages: Sequence[Page]) -> None:
    """Where the pages are; whose they are on a terminal only."""
    if not pages:
        out.say("Nothing needs anybody: no mail this week.")
        return
    if out.counts_only:
        for page in pages:
            out.say(str(page.html))
    else:
        out.table(("Person", "File"), [(page.person.name, str(page.html)) for page in pages])
    out.say(f"{len(pages)} mail{'s' if len(pages) > 1 else ''} written, each as .html and .txt; nothing was sent")
