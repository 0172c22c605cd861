"""What is said of the row a person is in: its flag, and for each finding what is wrong, why it matters, what to do."""

from collections.abc import Iterator
from dataclasses import replace

from sheets_sync.button.one_press import Press
from sheets_sync.button.plan_of import Guest, Installed
from sheets_sync.core.history import History
from sheets_sync.core.model import Severity
from sheets_sync.core.settings import PlanSettings
from sheets_sync.rules.catalogue import rule_for
from sheets_sync.rules.messages import NO_HEADERS, render_fix, render_what
from sheets_sync.run.clock import plan_day
from sheets_sync.run.judge import Judgement, flag_text, judge
from sheets_sync.run.press import refuse_senseless
from sheets_sync.run.tabs_read import followed, read_plan
from sheets_sync.words.button_words import LANGUAGES

MOST_FINDINGS = 3
"""So that a message stays within a dozen lines."""


def row_lines(one: Press) -> tuple[str, ...]:
    """The message about the row of the active cell. Raises WorkbookError, StoreError, GuardError."""
    selected = one.book.app.selection
    tab, row = str(one.book.sheets.active.name), int(selected.row) if selected is not None else 1
    if isinstance(one.found, Guest):
        refuse_senseless(one.settings)
    snapshot = read_plan(one.live, one.settings)
    settings, _ = followed(snapshot, replace(one.settings, typing_grace_minutes=0))
    now = one.clock.now()
    judgement = judge(snapshot, _history(one), settings, as_of=plan_day(now, settings.timezone), now=now)
    key = next((title.key for title in snapshot.titles if title.name == tab), "")
    if not any((action.tab, action.row) == (key, row) for action in judgement.identified.actions):
        return (one.words.say("row_is_none", row=row, tab=tab),)
    return tuple(_said(one, judgement, settings, key=key, row=row))


def _history(one: Press) -> History:
    if not isinstance(one.found, Installed):
        return History()
    with one.opened(one.found) as at:
        return at.store.history(one.settings.uid)


def _said(one: Press, judgement: Judgement, settings: PlanSettings, *, key: str, row: int) -> Iterator[str]:
    words, language = one.words, settings.language
    as_of = judgement.moment.as_of
    flags = [flag_text(a, as_of, language) for a in judgement.assessments if (a.tab, a.row) == (key, row)]
    shown = isinstance(one.found, Installed) and flags and flags[0]
    yield words.say("row", row=row, flag=flags[0]) if shown else words.say("row_without_flag", row=row)
    findings = [f for f in judgement.findings if (f.tab, f.row) == (key, row) and not f.silenced]
    findings.sort(key=lambda finding: list(Severity).index(finding.severity))
    headers = judgement.plan.headers().get(key, NO_HEADERS)
    for finding in findings[:MOST_FINDINGS]:
        yield f"{finding.code}  {render_what(finding, language, headers=headers)}"
        if words.language == LANGUAGES[0]:  # the reasons of the rules are told in English alone
            yield words.say("why", why=rule_for(finding.code).why)
        yield words.say("type", fix=render_fix(finding, language, headers=headers))
    if len(findings) > MOST_FINDINGS:
        yield words.count("more", len(findings) - MOST_FINDINGS)
    if not findings:
        yield words.say("row_is_well")
    if not isinstance(one.found, Installed):
        yield words.say("guest")
