"""The pure middle of a run: from a snapshot and its past to a decision. No clock, no file, no network."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sheets_sync.core.decide import Decision, Wanted, decide
from sheets_sync.core.guards import MassChange, mass_change, mass_change_finding
from sheets_sync.core.history import History, Known, Remembered
from sheets_sync.core.identity import Identified, Place, identify
from sheets_sync.core.kept_years import with_kept_years
from sheets_sync.core.lifecycle import NO_OWNER_CODES, Today, assess, with_predecessors
from sheets_sync.core.model import Action, Assessment, Finding, Flag, Severity
from sheets_sync.core.parse import parse_plan
from sheets_sync.core.plan import Plan
from sheets_sync.core.remember import Moment, first_day, is_silent, remember, see
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Role, Snapshot
from sheets_sync.core.workdays import Calendar
from sheets_sync.rules.check import Checked, Context, check_plan
from sheets_sync.rules.messages import NO_HEADERS, render_fix
from sheets_sync.words.flags import flag_words

GRACE_CODES = frozenset({"DUE001", *NO_OWNER_CODES})
GRACE_FAMILY = "ACT"
MOST_CODES = 3


class Choices(NamedTuple):
    """What the person who runs allows this time."""

    accept_changes: bool = False
    restore_columns: bool = False
    elsewhere: bool = False
    """Somebody else wrote the workbook last and is taken over: which ids were given there is not known."""
    red_after: str | None = None
    """See `core.decide.Wanted`."""


NO_CHOICES = Choices()


class Judgement(NamedTuple):
    """All that a run found out, and what it would write and remember.

    `findings` are about rows, worst first per row; `plan_findings` about the plan. `read_only` is why nothing may be
    written ("" when it may): "DAT007", "DAT008" or "". `in_grace` counts new rows whose findings start later.
    `history` is what was known before this run, `seen` what is known now, by key; `settings` and `moment` are what the
    plan was judged by.
    """

    plan: Plan
    identified: Identified
    findings: tuple[Finding, ...]
    plan_findings: tuple[Finding, ...]
    assessments: tuple[Assessment, ...]
    decision: Decision
    remembered: Remembered
    mass: MassChange | None
    read_only: str
    in_grace: int
    adopting: bool
    language: str
    history: History
    seen: Mapping[str, Known]
    settings: PlanSettings
    moment: Moment


def judge(
    snapshot: Snapshot,
    history: History,
    settings: PlanSettings,
    *,
    as_of: dt.date,
    now: dt.datetime,
    choices: Choices = NO_CHOICES,
) -> Judgement:
    """Parse, check, assess and decide. Bad rows become findings; nothing is raised for them."""
    moment = Moment(as_of, now, Calendar(settings.calendar))
    rows = _understand(snapshot, history, settings, moment, elsewhere=choices.elsewhere)
    identified = rows.identified
    checked = _check(rows, history, settings, moment)
    young = frozenset() if history.adopted_on is None else _young(identified.actions, rows.seen, settings, now)
    findings = (*identified_rows(identified), *(_graced(finding, young) for finding in checked.findings))
    today = Today(as_of, moment.calendar, settings, history.adopted_on, rows.plan.can_say_done, history.pauses)
    assessments = _assess_all(identified.actions, _counting_codes(findings), rows.seen, silent=rows.silent, today=today)
    decision = decide(
        snapshot,
        rows.plan,
        identified,
        wanted=_wanted(rows, findings, assessments, settings=settings, as_of=as_of, choices=choices),
        settings=settings,
        dropped=history.dropped_columns,
        restore=choices.restore_columns,
    )
    mass_findings = (mass_change_finding(rows.mass),) if rows.mass is not None else ()
    plan_findings = (
        *mass_findings, *rows.plan.findings, *identified_plan(identified), *checked.plan_findings,
    )  # fmt: skip
    remembered = remember(
        identified,
        history,
        rows.seen,
        moment=moment,
        findings=(*findings, *plan_findings),
        text_marks=checked.text_marks,
        collapsed=checked.collapsed,
        dropped_columns=decision.dropped,
    )
    return Judgement(
        plan=rows.plan,
        identified=identified,
        findings=findings,
        plan_findings=plan_findings,
        assessments=assessments,
        decision=decision,
        remembered=remembered,
        mass=rows.mass,
        read_only=_read_only(identified, rows.mass, choices),
        in_grace=len(young),
        adopting=history.adopted_on is None,
        language=settings.language,
        history=history,
        seen=rows.seen,
        settings=settings,
        moment=moment,
    )


class _Understood(NamedTuple):
    """A plan read, its ids settled, its past brought up to what this run sees."""

    plan: Plan
    identified: Identified
    mass: MassChange | None
    seen: Mapping[str, Known]
    silent: frozenset[Place]


def _understand(
    snapshot: Snapshot, history: History, settings: PlanSettings, moment: Moment, *, elsewhere: bool
) -> _Understood:
    plan = parse_plan(snapshot, settings, as_of=moment.as_of)
    identified = identify(plan, history, settings, elsewhere=elsewhere)
    kept = with_kept_years(identified.actions, history.known, moment.calendar)
    identified = identified._replace(actions=kept)
    mass = mass_change(identified.actions, history) if history.adopted_on is not None else None
    seen = see(identified, history, settings, moment=moment, pressed=_pressed(snapshot, identified, history))
    silent = frozenset((a.tab, a.row) for a in identified.actions if is_silent(a, history))
    return _Understood(plan, identified, mass, seen, silent)


def _pressed(snapshot: Snapshot, identified: Identified, history: History) -> frozenset[Place]:
    """Rows no run has seen yet that carry their own id and a flag of ours: somebody pressed the button on them."""
    new = [
        (action.tab, action.row)
        for action in identified.actions
        if action.key not in history.known and identified.shown[action.tab, action.row] == action.key
    ]
    if history.adopted_on is None or not new:
        return frozenset()
    flags = {tab.key: tab.marks.get(Role.FLAG, 0) for tab in snapshot.tabs}
    flagged = {(tab.key, row.number) for tab in snapshot.tabs for row in tab.rows if flags[tab.key] in row.cells}
    return frozenset(new) & flagged


def _check(rows: _Understood, history: History, settings: PlanSettings, moment: Moment) -> Checked:
    context = Context(
        settings=settings,
        as_of=moment.as_of,
        calendar=moment.calendar,
        actions=rows.identified.actions,
        first_seen={key: first_day(known, settings) for key, known in rows.seen.items() if not known.adopted},
        collapsed=history.collapsed,
        silent=rows.silent,
        remembered={known.witness: known.judged for known in history.known.values() if known.judged},
    )
    return check_plan(rows.plan, context)


def identified_rows(identified: Identified) -> tuple[Finding, ...]:
    """Findings of the identity step that are about one row (duplicate ids)."""
    return tuple(finding for finding in identified.findings if finding.row)


def identified_plan(identified: Identified) -> tuple[Finding, ...]:
    """Findings of the identity step that are about the plan (swapped ids)."""
    return tuple(finding for finding in identified.findings if not finding.row)


def _read_only(identified: Identified, mass: MassChange | None, choices: Choices) -> str:
    if identified.unsolved and not choices.accept_changes:
        return "DAT008"
    return "DAT007" if mass is not None and not choices.accept_changes else ""


def _young(
    actions: Iterable[Action], seen: Mapping[str, Known], settings: PlanSettings, now: dt.datetime
) -> frozenset[Place]:
    """Rows first seen less than the typing grace ago: somebody may still be typing them."""
    grace = dt.timedelta(minutes=settings.typing_grace_minutes)
    return frozenset(
        (action.tab, action.row)
        for action in actions
        if (known := seen.get(action.key)) is not None and not known.adopted and now - known.first_seen < grace
    )


def _graced(finding: Finding, young: frozenset[Place]) -> Finding:
    waits = finding.code in GRACE_CODES or finding.code.startswith(GRACE_FAMILY)
    if waits and not finding.silenced and (finding.tab, finding.row) in young:
        return finding._replace(silenced="grace")
    return finding


def _counting_codes(findings: Iterable[Finding]) -> dict[Place, set[str]]:
    """The codes that decide a row's flag: neither ignored nor in grace (a collapsed finding still counts)."""
    codes: dict[Place, set[str]] = {}
    for finding in findings:
        if finding.silenced in ("", "collapsed"):
            codes.setdefault((finding.tab, finding.row), set()).add(finding.code)
    return codes


def _assess_all(
    actions: tuple[Action, ...],
    codes: Mapping[Place, set[str]],
    seen: Mapping[str, Known],
    *,
    silent: frozenset[Place],
    today: Today,
) -> tuple[Assessment, ...]:
    nothing: frozenset[str] = frozenset()
    assessed: dict[Place, Assessment] = {}
    for action in actions:
        place = (action.tab, action.row)
        if place in silent:
            assessed[place] = Assessment(action.tab, action.row, None)
        else:
            found = frozenset(codes[place]) if place in codes else nothing
            assessed[place] = assess(action, found, seen.get(action.key), today=today)
    return with_predecessors(assessed, actions)


def _wanted(
    rows: _Understood,
    findings: tuple[Finding, ...],
    assessments: tuple[Assessment, ...],
    *,
    settings: PlanSettings,
    as_of: dt.date,
    choices: Choices,
) -> Wanted:
    actions = rows.identified.actions
    flags = {(a.tab, a.row): flag_text(a, as_of, settings.language) for a in assessments if a.flag is not None}
    fixes = next_fixes(findings, settings, headers=rows.plan.headers())
    computed = flag_words(settings.language).computed_row
    fixes |= {(action.tab, action.row): computed for action in actions if action.computed}
    owners: dict[str, Counter[str]] = {}
    no_owner = Flag.NO_OWNER
    for action, assessment in zip(actions, assessments, strict=True):
        if (assessment.flag is no_owner or no_owner in assessment.secondary) and action.owner:
            owners.setdefault(action.tab, Counter())[action.owner] += 1
    ranked = {tab: tuple(sorted(counts, key=lambda text: (-counts[text], text))) for tab, counts in owners.items()}
    return Wanted(flags, fixes, ranked, choices.red_after)


def flag_text(assessment: Assessment, as_of: dt.date, language: str) -> str:
    """The words in the flag cell. They change only when the flag does, so an untouched row is written once."""
    words = flag_words(language)
    flag = assessment.flag
    if flag is None:
        return ""
    if flag is Flag.OVERDUE and assessment.due_used is not None:
        return words.overdue_since.format(date=words.short_date(assessment.due_used, as_of))
    if flag is Flag.AT_RISK and assessment.reason:
        reason, _, fact = assessment.reason.partition(":")
        return words.at_risk_reasons[reason].format(key=fact)
    return words.flags[flag]


def next_fixes(
    findings: Iterable[Finding], settings: PlanSettings, *, headers: Mapping[str, Mapping[str, str]]
) -> dict[Place, str]:
    """One plain sentence per row for its worst finding, with up to three codes in brackets. `headers` are the sheet's
    own, by tab (`Plan.headers`)."""
    shown = (Severity.E, Severity.W, Severity.I, Severity.H) if settings.hints else (Severity.E, Severity.W)
    by_row: dict[Place, list[Finding]] = {}
    for finding in findings:
        if not finding.silenced and finding.row and finding.severity in shown:
            by_row.setdefault((finding.tab, finding.row), []).append(finding)
    fixes: dict[Place, str] = {}
    for place, found in by_row.items():
        worst = sorted(found, key=lambda f: shown.index(f.severity))
        codes = list(dict.fromkeys(finding.code for finding in worst))[:MOST_CODES]
        fix = render_fix(worst[0], settings.language, headers=headers.get(place[0], NO_HEADERS))
        fixes[place] = f"{fix} [{', '.join(codes)}]"
    return fixes
