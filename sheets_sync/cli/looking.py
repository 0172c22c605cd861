"""What check and export do: look at plans and print what is found. Nothing is written into a workbook or store."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import click

from sheets_sync.cli.console import clean, console
from sheets_sync.cli.google_options import chosen_sign_in
from sheets_sync.cli.sources import configured_sign_in, source_of
from sheets_sync.cli.summary import finding_lines
from sheets_sync.config.load import find_config, load_config
from sheets_sync.core.google import GoogleAddress
from sheets_sync.core.model import Finding, Severity
from sheets_sync.errors import WorkbookBusy, WorkbookError
from sheets_sync.rules.messages import NO_HEADERS, render_fix, render_what
from sheets_sync.run.clock import SystemClock, plan_day
from sheets_sync.run.export import ExportRow, export_rows, safe_json, to_csv, to_json
from sheets_sync.run.look import Look, look, look_unconfigured
from sheets_sync.run.wiring import chosen_plans, open_store, workbook_of

Plain = dict[str, str | int | bool | None]
"""One finding as JSON."""


class Asked(NamedTuple):
    """What a person wants to look at. `workbook` is looked at without configuration."""

    workbook: Path | GoogleAddress | None
    config: Path | None
    plans: tuple[str, ...]
    as_of: dt.date | None
    google_key: Path | None = None
    impersonate: str | None = None


def looks(asked: Asked) -> Iterator[Look]:
    """Judge the workbook asked for, or the configured plans one by one. Raises UsageError, WorkbookError.

    A workbook that is busy is a failure here: nothing was checked, and no later run makes up for it.
    """
    try:
        yield from _looks(asked)
    except WorkbookBusy as busy:
        raise WorkbookError(busy.message, "try again in a while") from None


def _looks(asked: Asked) -> Iterator[Look]:
    now = SystemClock().now()
    if asked.workbook is not None:
        day = asked.as_of or dt.datetime.now().astimezone().date()
        google = chosen_sign_in(asked.google_key, asked.impersonate, configured_sign_in(asked.config))
        source = source_of(asked.workbook, google, folder=Path())
        seen = look_unconfigured(source.workbook, name=source.name, as_of=day, now=now)
        yield seen._replace(link=_link(asked.workbook))
        return
    config = load_config(find_config(asked.config))
    store = open_store(config)
    try:
        for plan in chosen_plans(config, asked.plans):
            settings = plan.settings
            day = asked.as_of or plan_day(now, settings.timezone)
            workbook = workbook_of(config, plan, read_only=True)
            seen = look(workbook, settings, store.history(settings.uid), as_of=day, now=now)
            yield seen._replace(link=_link(plan.workbook))
    finally:
        store.close()


def _link(place: Path | GoogleAddress) -> str:
    return str(place) if isinstance(place, GoogleAddress) else ""


def check_plans(asked: Asked, *, form: str, fail_on: str, everything: bool) -> int:
    """Print the findings; returns 1 when one of at least severity `fail_on` is neither ignored nor in the baseline."""
    out = console()
    fails = list(Severity)[: list(Severity).index(Severity(fail_on)) + 1] if fail_on != "never" else []
    failed = 0
    printed: list[Plain] = []
    for seen in looks(asked):
        judged = [*seen.judgement.plan_findings, *seen.judgement.findings]
        baseline = _baseline_of(seen)
        known = frozenset(f for f in judged if (f.tab, f.row, f.code) in baseline)
        failed += sum(1 for f in judged if f.severity in fails and not f.silenced and f not in known)
        shown = [f for f in judged if everything or (_is_grave(f) and not f.silenced and f not in known)]
        names = {title.key: title.name for title in seen.looked.snapshot.titles}
        headers = seen.judgement.plan.headers()
        if form == "json":
            printed += [
                _plain(f, seen, names, headers=headers.get(f.tab, NO_HEADERS), baseline=f in known) for f in shown
            ]
            continue
        link = "" if out.counts_only else seen.link
        for line in finding_lines(shown, names, "en", headers=headers, link=link):
            out.say(clean(line))
        hidden = len(judged) - len(shown)
        rows = len(seen.judgement.assessments)
        out.say(clean(f"{seen.settings.name}: {rows} actions, {len(shown)} findings shown, {hidden} not shown"))
    if form == "json":
        click.echo(safe_json(printed), nl=False)
    return 1 if failed else 0


def _is_grave(finding: Finding) -> bool:
    return finding.severity in (Severity.E, Severity.W)


def _baseline_of(seen: Look) -> frozenset[tuple[str, int, str]]:
    """(tab, row, code) of the findings that were already there when the plan was taken over."""
    baseline = seen.history.baseline
    places = {action.key: (action.tab, action.row) for action in seen.judgement.identified.actions if action.key}
    return frozenset((*places.get(key, ("", 0)), code) for key, code in baseline if not key or key in places)


def _plain(
    finding: Finding, seen: Look, names: dict[str, str], *, headers: Mapping[str, str], baseline: bool
) -> dict[str, str | int | bool | None]:
    return {
        "plan": seen.settings.name,
        "tab": names.get(finding.tab, finding.tab),
        "row": finding.row or None,
        "column": finding.field.value if finding.field else None,
        "code": finding.code,
        "severity": finding.severity.value,
        "what": render_what(finding, "en", headers=headers),
        "fix": render_fix(finding, "en", headers=headers),
        "silenced": finding.silenced,
        "baseline": baseline,
    }


def export_plans(asked: Asked, *, form: str, output: Path | None, raw: bool) -> int:
    """Write the judged actions of all plans as one table."""
    rows: list[ExportRow] = []
    for seen in looks(asked):
        rows += export_rows(seen.judgement, seen.history, seen.settings, as_of=seen.as_of)
    text = to_csv(rows, raw=raw) if form == "csv" else to_json(rows)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
        console().say(f"{len(rows)} actions written to {output}")
    return 0
