"""Keeping the Sync log in a run: whether it is written, and with what facts. What stands in it is core.sync_log's."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from sheets_sync.core.decision import Changes, Receipt, Structure, StructureKind
from sheets_sync.core.snapshot import LogTab, Snapshot
from sheets_sync.core.sync_log import (
    LogFacts,
    LogLine,
    ended_log,
    is_due,
    kept_log,
    newest_line,
    own_log,
    red_after,
    rested_log,
    ticks_of,
)
from sheets_sync.core.workdays import Calendar
from sheets_sync.run.outcome import Looked
from sheets_sync.run.site import Site
from sheets_sync.words.log_words import log_words

TOLD = ("mailed", "failed", "paused", "resumed")
"""Events of earlier runs that get a line; what a run wrote it tells itself, as it writes."""
MOST_TOLD = 60
ACCEPTED = "accepted"
"""Noted for a plan: the tick "Accept changes" that stands there was taken for a yes."""


def with_log(site: Site, looked: Looked, *, restore: bool) -> Changes:
    """What the run would write, with what brings the Sync log up to date. A log that people deleted stays deleted
    unless `restore` is given; one that is not kept any more gets a last word, so that it never turns red."""
    changes = looked.judgement.decision.changes
    structure = _log_change(site, looked, restore=restore)
    return changes if structure is None else replace(changes, structures=(*changes.structures, structure))


def with_pause_told(site: Site, looked: Looked, *, until: dt.date | None) -> Changes | None:
    """What tells in the Sync log that the plan is paused; None when that stands there, or there is no log."""
    seen, words = own_log(looked.snapshot), log_words(site.settings.language)
    if seen is None:
        return None
    if site.log.is_kept():
        structure = rested_log(seen, _resting_facts(site, looked, seen, until), words, until=until)
    else:
        structure = ended_log(seen, words)
    changes = looked.judgement.decision.changes
    return replace(changes, edits=(), structures=(structure,)) if structure is not None else None


def keeps_log_alone(changes: Changes) -> bool:
    """Whether a log that is there is brought up to date, and nothing else is written."""
    if changes.edits or changes.stamp_alone or changes.remove_stamp or not changes.structures:
        return False
    return all(one.kind is StructureKind.LOG and one.before is not None for one in changes.structures)


def red_after_of(site: Site, snapshot: Snapshot, *, restore: bool) -> str | None:
    """How formulas name the log's day; "" where there is and will be none that is kept, None where that is not ours to
    say."""
    is_unknown = snapshot.log is not None and own_log(snapshot) is None
    if is_unknown or (snapshot.log_lost and not restore):
        return ""
    return snapshot.log_day if site.log.is_kept() and snapshot.log_day else None


def is_accepted(site: Site, snapshot: Snapshot) -> bool:
    """Whether somebody ticked "Accept changes" since it was last taken for a yes: a tick that cannot be cleared is none
    for the next time."""
    if not ticks_of(own_log(snapshot)).accept_changes:
        return False
    return site.log.is_kept() and ACCEPTED not in site.store.state(site.settings.uid).told


def remember_accepted(site: Site, snapshot: Snapshot) -> None:
    """Note after a write that a ticked "Accept changes" was taken for a yes, or that it is not ticked any more."""
    if ticks_of(own_log(snapshot)).accept_changes:
        site.store.tell_once(site.settings.uid, ACCEPTED)
    elif ACCEPTED in site.store.state(site.settings.uid).told:
        site.store.untell(site.settings.uid, ACCEPTED)


def log_notes(site: Site, snapshot: Snapshot) -> tuple[str, ...]:
    """What is to be told of the log, once."""
    if not site.log.is_kept():
        return ()
    if snapshot.log is not None and own_log(snapshot) is None:
        return (f"log_unknown:{snapshot.log.name}",)
    return (f"log_deleted:{log_words(site.settings.language).tab}",) if snapshot.log_lost else ()


def without_log(receipt: Receipt) -> tuple[Receipt, tuple[str, ...]]:
    """The receipt without a Sync log that could not be written, and a note that says so: that is no failure of a run,
    whose flags and mails are as good without it."""
    logs = [one for one in receipt.refused if isinstance(one.what, Structure) and one.what.kind is StructureKind.LOG]
    others = tuple(one for one in receipt.refused if one not in logs)
    return replace(receipt, refused=others), tuple(f"log_refused:{one.reason}" for one in logs)


def _log_change(site: Site, looked: Looked, *, restore: bool) -> Structure | None:
    snapshot, judgement = looked
    seen, words = own_log(snapshot), log_words(site.settings.language)
    if snapshot.log is not None and seen is None:
        return None
    if not site.log.is_kept():
        return ended_log(seen, words) if seen is not None else None
    if seen is None and (not snapshot.log_day or (snapshot.log_lost and not restore)):
        return None
    if seen is not None and not is_due(seen, judgement.moment.as_of, words) and not _writes_more(site, looked):
        return None
    return kept_log(seen, _facts(site, looked, seen), words)


def _writes_more(site: Site, looked: Looked) -> bool:
    """Whether the run may write something besides the log: not only what the last run was refused, for else the log
    would be all that every run writes."""
    changes = looked.judgement.decision.changes
    if not changes or changes.stamp_alone or changes.remove_stamp:
        return bool(changes)
    refused = site.store.written.refused(site.settings.uid)
    return not refused.issuperset((*changes.edits, *changes.structures))


def _facts(site: Site, looked: Looked, seen: LogTab | None) -> LogFacts:
    judgement = looked.judgement
    zone = ZoneInfo(site.settings.timezone)
    now = site.clock.now().astimezone(zone)
    following = site.log.next_check(now)
    following = following.astimezone(zone) if following is not None else None
    saved = seen.saved.astimezone(zone) if seen is not None and seen.saved is not None else None
    return LogFacts(
        now=now,
        red_after=red_after(
            judgement.moment.as_of,
            Calendar(judgement.settings.calendar),
            next_check=following.date() if following is not None else None,
        ),
        next_check=following,
        asked=saved,
        lines=(*_own_line(looked, now), *_earlier(site, seen, zone, now)),
        boxes=looked.snapshot.log_boxes,
    )


def _resting_facts(site: Site, looked: Looked, seen: LogTab, until: dt.date | None) -> LogFacts:
    """The facts of a plan that is paused: the next check is the first one on that day or later; without such a day
    none is missed."""
    facts = _facts(site, looked, seen)
    lines = tuple(line for line in facts.lines if line.kind in TOLD)
    if until is None:
        return facts._replace(lines=lines, next_check=None, red_after=None)
    zone = ZoneInfo(site.settings.timezone)
    following = site.log.next_check(dt.datetime.combine(until, dt.time(), zone))
    following = following.astimezone(zone) if following is not None else None
    last = red_after(
        until,
        Calendar(looked.judgement.settings.calendar),
        next_check=following.date() if following is not None else None,
    )
    return facts._replace(lines=lines, next_check=following, red_after=last)


def _own_line(looked: Looked, now: dt.datetime) -> tuple[LogLine, ...]:
    """The line of this run, if it writes anything but the log."""
    judgement = looked.judgement
    changes = judgement.decision.changes
    if not changes:
        return ()
    flagged = sum(assessment.flag is not None for assessment in judgement.assessments)
    counts = (("cells", len(changes.edits)), ("flagged", flagged), ("actions", len(judgement.assessments)))
    return (LogLine(now, "wrote", counts),)


def _earlier(site: Site, seen: LogTab | None, zone: ZoneInfo, now: dt.datetime) -> tuple[LogLine, ...]:
    """The lines of what happened since the newest one that stands there."""
    newest = newest_line(seen, zone)
    lines: list[LogLine] = []
    for event in site.store.health.events(site.settings.uid, MOST_TOLD):
        at = event.at.astimezone(zone)
        if event.kind not in TOLD or at > now or (newest is not None and at < newest):
            continue
        counts = tuple((name, number) for name, number in event.facts.items() if isinstance(number, int))
        reason = event.facts.get("reason", "")
        lines.append(LogLine(at, event.kind, counts, str(reason)))
    return tuple(lines)
