"""What init understood of a workbook, as lines for a person, and the questions that are still open."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from sheets_sync.cli.plan_notes import plan_notes
from sheets_sync.core.highlights import letters
from sheets_sync.core.model import CLOSED, Field, Finding, Status
from sheets_sync.core.plan import Plan
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Snapshot
from sheets_sync.core.tabs import Aside, plan_tabs
from sheets_sync.rules.messages import render_what

MOST_OWNERS = 12
MANY_STRUCK = 5


class Answer(NamedTuple):
    """One way to answer: as a person reads it, as the option to add, and what it does to the settings."""

    label: str
    option: str
    apply: Callable[[PlanSettings], PlanSettings]


class Question(NamedTuple):
    """Something the workbook does not say. Without answers nothing can be offered and `hint` is what to add."""

    text: str
    answers: tuple[Answer, ...]
    hint: str = ""


def next_question(plan: Plan, snapshot: Snapshot, settings: PlanSettings) -> Question | None:
    """The first thing that must be chosen before the plan is clear; None when it is."""
    selection = plan_tabs(snapshot, settings)
    if selection.reason == "missing":
        names = tuple(tab.name for tab in snapshot.tabs)
        text = f"there is no tab named {', '.join(map(repr, selection.missing))}"
        return Question(text, tuple(_tab_answer(name) for name in names))
    if selection.reason == "several":
        names = tuple(c.tab.name for c in selection.candidates if c.aside is Aside.NO) or tuple(
            c.tab.name for c in selection.candidates
        )
        return Question("several tabs look like a plan; which one is it?", tuple(_tab_answer(name) for name in names))
    if selection.reason == "none":
        return Question(
            "no tab looks like a plan: a header row needs an action column and one column more",
            (),
            '--tab NAME  and, where the headers are others:  --map action="YOUR HEADER"',
        )
    for finding in plan.findings:
        if finding.code == "DAT001":
            return _column_question(finding)
    struck = sum(int(dict(facts)["count"]) for kind, facts in plan.notes if kind == "struck")
    if struck >= MANY_STRUCK and not settings.struck:
        return Question(
            f"{struck} rows are struck through; what does that mean?",
            (
                Answer("they are done", "--struck done", lambda chosen: replace(chosen, struck="done")),
                Answer("they do not count", "--struck ignore", lambda chosen: replace(chosen, struck="ignore")),
            ),
        )
    return None


def _tab_answer(name: str) -> Answer:
    return Answer(name, f'--tab "{name}"', lambda settings: replace(settings, tabs=(name,)))


def _column_question(finding: Finding) -> Question:
    field = finding.field
    headers = tuple(dict.fromkeys(header for header in dict(finding.facts).get("headers", "").split("\n") if header))
    text = render_what(finding, "en")
    if field is None or len(headers) < 2:
        return Question(text, (), '--map FIELD="HEADER"')

    def mapped(header: str) -> Callable[[PlanSettings], PlanSettings]:
        return lambda settings: replace(settings, column_map=(*settings.column_map, (field, header)))

    answers = tuple(Answer(f"{field} is {header!r}", f'--map {field}="{header}"', mapped(header)) for header in headers)
    return Question(text, answers)


def understanding(
    plan: Plan, snapshot: Snapshot, settings: PlanSettings, *, counts_only: bool = False
) -> Iterator[str]:
    """Tabs, columns, headings, status words and owners, as understood; with `counts_only` no owner is named."""
    yield from _tabs(plan, snapshot, settings)
    for layout in plan.layouts:
        headers = dict(layout.headers)
        yield ""
        yield f"Tab {layout.name!r}: header in row {layout.header_row}, last row {layout.last_row}"
        for field, column in layout.columns:
            if field is Field.ID:
                continue
            yield f"  {field.value:<13} {letters(column):<3} {headers.get(column, '')!r}"
        if layout.id_is_ours:
            yield "  id            a new column of ours"
        elif layout.id_column is not None:
            header = headers.get(layout.id_column, "")
            yield f"  id            {letters(layout.id_column):<3} {header!r} (yours; never written)"
        if layout.view_of:
            yield f"  this tab is a view ({layout.view_of}): it is checked and never written"
    yield ""
    yield f"{len(plan.actions)} actions, {len(plan.headings)} rows taken as headings{_heading_rows(plan)}"
    yield from (f"  {line}" for line in plan_notes(plan))
    yield from _statuses(plan)
    yield from _owners(plan, counts_only=counts_only)


def _tabs(plan: Plan, snapshot: Snapshot, settings: PlanSettings) -> Iterator[str]:
    chosen = {layout.tab for layout in plan.layouts}
    others = plan_tabs(snapshot, replace(settings, tabs=())).candidates
    left = [c for c in others if c.tab.key not in chosen]
    yield "Taken as the plan: " + ", ".join(repr(layout.name) for layout in plan.layouts)
    for candidate in left:
        why = f" ({candidate.aside.value})" if candidate.aside else ""
        yield f"  also looks like a plan{why}: {candidate.tab.name!r}"


def _heading_rows(plan: Plan) -> str:
    rows = [str(row) for _, row in plan.headings[:12]]
    return f" (row {', '.join(rows)}{' …' if len(plan.headings) > len(rows) else ''})" if rows else ""


def _statuses(plan: Plan) -> Iterator[str]:
    if not plan.status_values:
        yield "No status column: nothing is called late until there is one"
        return
    yield ""
    yield "Status words"
    for text, status, count in plan.status_values:
        meaning = "not known: nothing with it is called late" if status is Status.UNKNOWN else status.value
        note = "  (closed)" if status in CLOSED else ""
        yield f"  {count:>5}  {text or '(blank)':<24} {meaning}{note}"
    unknown = [value.text for value in plan.unknown_statuses]
    if unknown:
        yield "  say what a word means with, for example: --status " + f'"{unknown[0]}=done"'


def _owners(plan: Plan, *, counts_only: bool) -> Iterator[str]:
    counts = Counter(action.owner for action in plan.actions)
    yield ""
    if counts_only:
        yield f"Owners: {len(counts) - ('' in counts)}, of {counts.total() - counts['']} rows"
        return
    yield "Owners and their rows"
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    for owner, count in ranked[:MOST_OWNERS]:
        yield f"  {count:>5}  {owner or '(blank)'}"
    if len(ranked) > MOST_OWNERS:
        yield f"  … and {len(ranked) - MOST_OWNERS} more"
