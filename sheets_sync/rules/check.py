"""Runs the catalogue over a plan. A rule that fails becomes a finding; nothing in a plan raises.

Not here: findings of parsing and identity (DAT001, DAT004, DAT007, DAT008), the typing grace, flags.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from operator import attrgetter
from typing import NamedTuple

from sheets_sync.core.lifecycle import FIX_ROW_CODES, NO_OWNER_CODES
from sheets_sync.core.model import LIVE, Action, Finding, Severity, Status
from sheets_sync.core.plan import Plan
from sheets_sync.rules.catalogue import CATALOGUE
from sheets_sync.rules.choices import Active, active_rules
from sheets_sync.rules.context import Context, Sight
from sheets_sync.rules.rule import Hit, RowJudge, Rule
from sheets_sync.rules.silence import collapsed_finding, ignored_codes, is_collapsed, silence
from sheets_sync.rules.text_marks import Crash, Judged, marks_version, remembered, text_marks, text_rules
from sheets_sync.words.rule_words import CRASHED

__all__ = ("Checked", "Context", "check_plan")

CLARITY = "ACT"
_RANK = {severity: rank for rank, severity in enumerate(Severity)}
_UNKNOWN = Status.UNKNOWN
"""Bound once, for it is asked for in every row: Python 3.11 finds a member on its enumeration slowly."""

Place = tuple[str, int]


class Checked(NamedTuple):
    """What the rules found.

    `findings` are about rows: in the order of the rows, worst first per row, silenced ones included. `plan_findings`
    are about the plan. `collapsed` and `text_marks` (by witness) are to be remembered for the next run.
    """

    findings: tuple[Finding, ...]
    plan_findings: tuple[Finding, ...]
    collapsed: frozenset[str]
    text_marks: Mapping[str, str]


@dataclass(slots=True)
class _Found:
    """What is collected while the rules run."""

    by_row: dict[Place, list[Finding]] = field(default_factory=lambda: defaultdict(list))
    about_plan: list[Finding] = field(default_factory=list)
    rows_hit: Counter[str] = field(default_factory=Counter)
    crashes: dict[str, str] = field(default_factory=dict)
    ignored: dict[Place, frozenset[str] | None] = field(default_factory=dict)

    def note_crashes(self, crashes: Iterable[Crash]) -> None:
        """Keep the first error of each rule."""
        for crash in crashes:
            self.crashes.setdefault(crash.code, crash.error)


class _Rows(NamedTuple):
    """The rows by what is said of them."""

    live: tuple[Action, ...]
    proposed: tuple[Action, ...]
    closed: tuple[Action, ...]


def check_plan(plan: Plan, context: Context, *, catalogue: tuple[Rule, ...] = CATALOGUE) -> Checked:
    """Check every row that is not silent. Pure: the same plan and context give the same result."""
    active = active_rules(catalogue, context.settings.rules)
    actions = plan.actions if context.actions is None else context.actions
    rows = _sorted_out(actions, context.silent)
    found = _Found()
    found.ignored = {_place(action): ignored_codes(action, context) for action in actions if action.ignore}
    marks = _check_texts(rows, active, context, found)
    _check_rows(rows, active, Sight(context, plan, None, {}), found)
    _check_together(rows, active, Sight(context, plan, None, {}), found)
    collapsed = _collapse(active, len(rows.live), context.collapsed, found)
    order = {one.rule.code: one.order for one in active}
    findings: list[Finding] = []
    for action in actions:
        of_row = found.by_row.get(_place(action))
        if of_row is not None:
            of_row.sort(key=lambda finding: _precedence(finding, order))
            findings += silence(of_row, collapsed) if collapsed else of_row
    crashed = [_crash_finding(one, found.crashes[one.rule.code]) for one in active if one.rule.code in found.crashes]
    return Checked(tuple(findings), (*found.about_plan, *crashed), collapsed, marks)


def _place(action: Action) -> Place:
    return action.tab, action.row


def _sorted_out(actions: Iterable[Action], silent: frozenset[Place]) -> _Rows:
    """An unknown status counts as live; only rules that need to know the time leave such rows alone."""
    live: list[Action] = []
    proposed: list[Action] = []
    closed: list[Action] = []
    for action in actions:
        status = action.status.status
        if silent and _place(action) in silent:
            continue
        if status in LIVE or status is _UNKNOWN:
            live.append(action)
        else:
            (proposed if status is Status.PROPOSED else closed).append(action)
    return _Rows(tuple(live), tuple(proposed), tuple(closed))


def _add(found: _Found, action: Action, one: Active, hit: Hit, *, hint: bool = False) -> None:
    rule, place = one.rule, _place(action)
    severity = one.severity(hit)
    if hint and severity in (Severity.E, Severity.W):
        severity = Severity.I
    silenced = ""
    if place in found.ignored:
        codes = found.ignored[place]
        silenced = "ignored" if codes is None or rule.code in codes else ""
    facts = (("kind", hit.kind), *hit.facts) if hit.kind else hit.facts
    found.by_row[place].append(
        Finding(rule.code, severity, action.tab, action.row, hit.field or rule.field, facts, silenced)
    )
    if rule.collapses and not hint:
        found.rows_hit[rule.code] += 1


def _check_texts(rows: _Rows, active: tuple[Active, ...], context: Context, found: _Found) -> dict[str, str]:
    """Judge each distinct text once, or take the judgement remembered; returns what to remember by witness."""
    rules = text_rules(active)
    version = marks_version(rules)
    running = {one.rule.code: one for one in active}
    recalled = cache(partial(remembered, version=version))
    judged: dict[tuple[str, str, str | None], Judged] = {}
    memory: dict[str, str] = {}
    for group, hint in ((rows.live, False), (rows.proposed, True)):
        for action in group:
            text = (action.action, action.done_when, action.language)
            known = judged.get(text)
            if known is None:
                kept = context.remembered.get(action.witness, "")
                known = recalled(kept, bool(action.done_when), action.language) if kept else None
                if known is None:
                    known = text_marks(*text, rules=rules, version=version)
                judged[text] = known
                found.note_crashes(known.crashes)
            memory[action.witness] = known.marks
            for code, hit in known.hits:
                _add(found, action, running[code], hit, hint=hint)
    return memory


def _check_rows(rows: _Rows, active: tuple[Active, ...], sight: Sight, found: _Found) -> None:
    """Run the rules that look at one row, with the columns its tab has."""
    for group, wanted in (
        (rows.live, lambda rule: True),
        (rows.proposed, lambda rule: rule.family == CLARITY),
        (rows.closed, lambda rule: rule.also_closed),
    ):
        of_group = [one for one in active if wanted(one.rule)]
        tabs: dict[str, list[Action]] = defaultdict(list)
        for action in group:
            tabs[action.tab].append(action)
        for tab, actions in tabs.items():
            understood = [action for action in actions if action.status.status is not _UNKNOWN]
            for bound in _bound(of_group, sight, tab):
                one = bound.active
                judged = understood if one.rule.timed else actions
                keys = _alike(judged, one.rule.reads)
                hits = _hits(bound, dict(zip(keys, judged, strict=True)), found)
                for key, action in zip(keys, judged, strict=True) if hits else ():
                    for hit in hits.get(key, ()):
                        _add(found, action, one, hit, hint=group is rows.proposed)


def _alike(actions: Sequence[Action], reads: tuple[str, ...]) -> Sequence[object]:
    """A key for each row, the same for rows that hold the same values in what a rule reads; without that all differ.

    Equal cells are read into one value, so that its identity tells as much as the value, and much quicker.
    """
    if not reads:
        return range(len(actions))
    return list(zip(*(map(id, map(attrgetter(name), actions)) for name in reads), strict=True))


def _hits(bound: "_Bound", rows: Mapping[object, Action], found: _Found) -> dict[object, tuple[Hit, ...]]:
    """What a rule finds in these rows, by their keys; those in which it finds nothing are left out."""
    one, judge, sight = bound
    hits: dict[object, tuple[Hit, ...]] = {}
    for key, action in rows.items():
        try:
            told = judge(action, sight)
        except Exception as error:  # one broken rule must not silence the others
            found.note_crashes((Crash(one.rule.code, type(error).__name__),))
            continue
        if told:
            hits[key] = told
    return hits


class _Bound(NamedTuple):
    """A rule about one row, ready for the rows of one tab."""

    active: Active
    judge: RowJudge
    sight: Sight


def _bound(active: Iterable[Active], sight: Sight, tab: str) -> tuple[_Bound, ...]:
    layout = sight.plan.layout(tab)
    bound: list[_Bound] = []
    for one in active:
        rule = one.rule
        missing = any(layout.column(needed) is None for needed in rule.needs)
        if rule.row is None or missing or (rule.timed and not sight.plan.can_say_done):
            continue
        bound.append(_Bound(one, rule.row, replace(sight, layout=layout, parameters=one.parameters)))
    return tuple(bound)


def _check_together(rows: _Rows, active: tuple[Active, ...], sight: Sight, found: _Found) -> None:
    """Run the rules that look at all live rows. A hit without a row counts for as many rows as its "count" says."""
    for one in active:
        judge = one.rule.plan
        if judge is None:
            continue
        try:
            hits = tuple(judge(rows.live, replace(sight, parameters=one.parameters)))
        except Exception as error:  # one broken rule must not silence the others
            found.note_crashes((Crash(one.rule.code, type(error).__name__),))
            continue
        for action, hit in hits:
            if action is not None:
                _add(found, action, one, hit)
                continue
            facts = (("kind", hit.kind), *hit.facts)
            found.about_plan.append(
                Finding(one.rule.code, one.severity(hit), field=hit.field or one.rule.field, facts=facts)
            )
            found.rows_hit[one.rule.code] += int(dict(hit.facts)["count"])


def _collapse(active: tuple[Active, ...], total: int, before: frozenset[str], found: _Found) -> frozenset[str]:
    """Say text rules that hit too many rows once, instead of all they said; returns their codes."""
    collapsed: set[str] = set()
    for one in active:
        code = one.rule.code
        hit = found.rows_hit[code]
        if one.rule.collapses and is_collapsed(code, hit, total, before=before):
            collapsed.add(code)
            found.about_plan = [finding for finding in found.about_plan if finding.code != code]
            found.about_plan.append(collapsed_finding(one, hit, total))
    return frozenset(collapsed)


def _precedence(finding: Finding, order: Mapping[str, int]) -> tuple[int, int, int]:
    """Worst first; among equals first what the flag speaks of (FIX ROW, then NO OWNER), then the catalogue's order."""
    flagged = 0 if finding.code in FIX_ROW_CODES else 1 if finding.code in NO_OWNER_CODES else 2
    return _RANK[finding.severity], flagged, order[finding.code]


def _crash_finding(one: Active, error: str) -> Finding:
    return Finding(one.rule.code, one.severity(Hit()), facts=(("kind", CRASHED), ("error", error)))
