"""What a judged plan has to say to people: its persons brought together, then asked what each of them needs.

Whoever is chosen, and what for: `notify`. When and whether it is mailed: `mailing`.
"""

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import replace
from zoneinfo import ZoneInfo

from sheets_sync.core.notices import Kind, LeaderSection, Notice, Wanted
from sheets_sync.core.people import person_problems, persons_in_sheet
from sheets_sync.core.persons import Directory, Person, PlanMail, added_by_sheet, plan_directory
from sheets_sync.core.snapshot import Snapshot
from sheets_sync.errors import StoreError
from sheets_sync.notify.choose import wanted
from sheets_sync.notify.matter import Matter
from sheets_sync.notify.timing import DAY_ENDS, instant, period_of, week_begins
from sheets_sync.run.judge import Judgement
from sheets_sync.run.post import given_up
from sheets_sync.run.site import Site

log = logging.getLogger("sheets_sync.mail")

WEEK = dt.timedelta(days=7)


def wanted_notices(
    site: Site, snapshot: Snapshot, judgement: Judgement, *, now_too: tuple[Kind, ...] = ()
) -> Wanted | None:
    """The notices this reading asks for; None where a mistake of ours keeps them from being chosen: that never stops
    the run.

    `now_too` are kinds to be told at once, whatever the day of the week, still once in this period.
    """
    try:
        matter = _matter(site, snapshot, judgement)
        late_before = _late_before(site, judgement.moment.as_of)
        chosen = wanted(matter, late_before=late_before)._replace(people_to_mend=_people_to_mend(site, snapshot))
        if not now_too:
            return chosen
        early = replace(matter, now=week_begins(matter.as_of, matter.settings.timezone))
        return _with_those_now(chosen, wanted(early, late_before=late_before), now_too, matter=matter)
    except StoreError:
        raise
    except Exception:
        log.exception("the mails of a plan could not be chosen")
        return None


def _matter(site: Site, snapshot: Snapshot, judgement: Judgement) -> Matter:
    refused = given_up(site.store.outbox, judgement.moment.now)
    directory = plan_directory(site.mail, _released_or_held(site, snapshot, judgement.moment.now))
    readers = Directory(_stood_in(directory.persons, refused))
    return matter_of(judgement, mail=_without(site.mail, refused), directory=readers)


def matter_of(judgement: Judgement, *, mail: PlanMail, directory: Directory) -> Matter:
    """What a judged plan brings to the choice of its mails."""
    return Matter(
        settings=judgement.settings,
        mail=mail,
        directory=directory,
        plan=judgement.plan,
        actions=judgement.identified.actions,
        assessments=judgement.assessments,
        findings=judgement.findings,
        history=judgement.history,
        seen=judgement.seen,
        as_of=judgement.moment.as_of,
        now=judgement.moment.now,
    )


def _released_or_held(site: Site, snapshot: Snapshot, now: dt.datetime) -> tuple[Person, ...]:
    """The persons the People tab adds, where the plan takes them, each held until the keeper released it."""
    if not site.mail.people_from_sheet:
        return ()
    added = added_by_sheet(site.mail, persons_in_sheet(snapshot))
    return site.store.outbox.hold_new(site.settings.uid, added, now)


def _people_to_mend(site: Site, snapshot: Snapshot) -> int:
    if not site.mail.people_from_sheet:
        return 0
    return len({(one.tab, one.row) for one in person_problems(snapshot)})


def _stood_in(persons: Iterable[Person], refused: frozenset[str]) -> list[Person]:
    """The persons, those whose address is refused again and again as inactive: others are told instead."""
    return [person._replace(active=False) if person.identity in refused else person for person in persons]


def _without(mail: PlanMail, refused: frozenset[str]) -> PlanMail:
    return replace(mail, leaders=tuple(_stood_in(mail.leaders, refused)))


def _late_before(site: Site, day: dt.date) -> int | None:
    """How many rows were late in the leader's week before; None when none of it is kept."""
    readers = site.mail.leaders or ((site.mail.keeper,) if site.mail.keeper is not None else ())
    before = period_of(day - WEEK)
    for reader in readers:
        for waiting, _, _ in site.store.outbox.all_notices(reader.identity):
            notice = waiting.notice
            ours = (notice.plan, notice.period) == (site.settings.uid, before)
            if ours and isinstance(notice.section, LeaderSection):
                return notice.section.late
    return None


def _with_those_now(chosen: Wanted, early: Wanted, kinds: tuple[Kind, ...], *, matter: Matter) -> Wanted:
    """What was chosen, with all of this week's notices of these kinds, to be told from now on and until tonight."""
    tonight = instant(matter.as_of, DAY_ENDS, ZoneInfo(matter.settings.timezone))
    others = [notice for notice in chosen.notices if notice.kind not in kinds]
    asked = [_from_now(notice, matter.now, tonight) for notice in early.notices if notice.kind in kinds]
    looked_at = dict.fromkeys((*chosen.looked_at, *(pair for pair in early.looked_at if pair[0] in kinds)))
    return chosen._replace(notices=(*others, *asked), looked_at=tuple(looked_at))


def _from_now(notice: Notice, now: dt.datetime, tonight: dt.datetime) -> Notice:
    return read_at(notice, now)._replace(not_before=now, expires=max(notice.expires, tonight))


def read_at(notice: Notice, now: dt.datetime) -> Notice:
    """The notice of a plan that was read at this instant."""
    section = notice.section
    return notice._replace(section=section._replace(plan=section.plan._replace(read_at=now)))
