"""One plan seen with this week's mails in mind: made once, read by both weekly mails."""

from dataclasses import dataclass

from sheets_sync.core.notices import PlanFacts
from sheets_sync.core.workdays import Calendar
from sheets_sync.notify.decisions import Decisions
from sheets_sync.notify.matter import Matter
from sheets_sync.notify.readers import Readers, readers_of
from sheets_sync.notify.standing import Standing, standings_of


@dataclass(frozen=True, slots=True)
class Outlook:
    """A plan's rows, its readers, and when its leaders are asked about what is late."""

    matter: Matter
    plan: PlanFacts
    readers: Readers
    standings: tuple[Standing, ...]
    decisions: Decisions


def outlook_of(matter: Matter) -> Outlook | None:
    """None where nobody may be mailed: there is no keeper, the plan has no way to say what is done (DOMAIN 1.1), or
    it is not clear which column is which (DOMAIN 5.6)."""
    unclear = any(finding.code == "DAT001" for finding in matter.plan.findings)
    keeper = matter.mail.keeper
    if keeper is None or unclear or not matter.plan.can_say_done:
        return None
    calendar = Calendar(matter.settings.calendar)
    readers = readers_of(matter, keeper, calendar=calendar)
    plan = PlanFacts(
        uid=matter.settings.uid,
        name=matter.settings.name,
        language=matter.settings.language,
        timezone=matter.settings.timezone,
        day=matter.as_of,
        read_at=matter.now,
        keeper_name=keeper.name,
        keeper_address=keeper.address,
        link=matter.mail.link,
        headers=tuple((layout.tab, tuple(sorted(layout.named().items()))) for layout in matter.plan.layouts),
    )
    decisions = Decisions(matter.as_of, calendar, readers=readers)
    return Outlook(matter, plan, readers, standings_of(matter, calendar), decisions)
