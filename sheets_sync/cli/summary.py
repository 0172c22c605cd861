"""What a run found and did, as plain lines for a person. With `counts_only` no cell content is in them (HAZARDS 26)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from sheets_sync.cli.plan_notes import plan_notes
from sheets_sync.core.decision import Changes, Edit, LogState, Receipt, Structure, StructureKind
from sheets_sync.core.google import row_address
from sheets_sync.core.highlights import letters
from sheets_sync.core.model import AMBER, RED, Finding, Flag, Severity
from sheets_sync.core.snapshot import Role
from sheets_sync.rules.messages import NO_HEADERS, render_fix, render_what
from sheets_sync.run.judge import Judgement
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.words.flags import flag_words

WORST = 8
NOTES = {
    "tab_renamed": "the plan's tab is now called {0}; the configuration still has its old name",
    "in_grace": "new rows: {0}; missing owners, dates and texts are judged an hour after a row appeared",
    "restored": "put back after somebody typed over them (DAT004): {0}",
    "mails_not_chosen": "what is to be mailed could not be told; the log says where, and the next run tries again",
    "log_refused": "the Sync log could not be written: {0}",
    "log_unknown": "the tab {0} does not read like the Sync log any more and is left alone; delete it, then a new one "
    "comes with --restore-columns",
    "log_deleted": "the tab {0} was deleted in the workbook and stays away; bring it back with --restore-columns",
    "column_deleted": "the {0} column was deleted in the sheet and stays away; bring it back with --restore-columns",
}
NOT_WRITTEN = {
    "view": "tab {0} is a view ({1}) and is never written",
    "ambiguous": "tab {0} is not written until its columns are clear (see DAT001 above)",
    "no_room": "tab {0}: free {1} columns right of {2}, then run again",
}


def summary(outcome: Outcome, *, counts_only: bool = False) -> list[str]:
    """The whole summary of one plan's run."""
    lines = [heading(outcome)]
    if outcome.looked is not None:
        judgement = outcome.looked.judgement
        lines += flag_counts(judgement)
        lines += plan_lines(judgement, counts_only=counts_only)
        lines += (f"  {note}" for note in plan_notes(judgement.plan, counts_only=counts_only))
        if not counts_only:
            lines += worst_findings(judgement)
    if outcome.receipt is not None and (outcome.receipt.parts_changed or outcome.receipt.refused):
        lines += ["", *receipt_lines(outcome.receipt)]
    lines += [note_line(note) for note in outcome.notes]
    if outcome.reason:
        aside = f" ({outcome.aside})" if outcome.aside and not counts_only else ""
        lines.append(outcome.reason + aside)
    if outcome.remedy:
        lines.append(f"  {outcome.remedy}")
    return lines


def heading(outcome: Outcome) -> str:
    """One line: the plan and how its run ended."""
    words = {
        Ended.UNCHANGED: "nothing changed since the last run",
        Ended.NOTHING: "checked; everything stands as it should",
        Ended.WRITTEN: "written",
        Ended.PREVIEW: "a dry run, nothing was written",
        Ended.UNCONFIRMED: "not written yet",
        Ended.DEFERRED: "put off",
        Ended.PAUSED: "paused, nothing was written",
        Ended.READ_ONLY: "checked only, nothing was written",
        Ended.FAILED: "failed, nothing was written",
    }
    receipt = outcome.receipt
    if receipt is not None and receipt.refused and not (receipt.applied or receipt.structures):
        return f"{outcome.plan}: nothing could be written"
    return f"{outcome.plan}: {words[outcome.ended]}"


def flag_counts(judgement: Judgement) -> Iterator[str]:
    """How many rows carry each flag, in order of precedence."""
    words = flag_words(judgement.language)
    counts = Counter(assessment.flag for assessment in judgement.assessments if assessment.flag is not None)
    yield f"{sum(counts.values())} of {len(judgement.assessments)} actions flagged"
    for flag in Flag:
        if counts[flag]:
            colour = "red" if flag in RED else "amber" if flag in AMBER else ""
            yield f"  {counts[flag]:>5}  {words.flags[flag]}{f'  ({colour})' if colour else ''}"


def plan_lines(judgement: Judgement, *, counts_only: bool) -> Iterator[str]:
    """Findings about the plan as a whole."""
    headers = judgement.plan.headers()
    for finding in judgement.plan_findings:
        what = render_what(finding, "en", headers=headers.get(finding.tab, NO_HEADERS))
        text = "" if counts_only else f" {what}"
        yield f"  {finding.severity} {finding.code}{text}"


def worst_findings(judgement: Judgement) -> Iterator[str]:
    """The worst rows with what to type, at most `WORST` of them."""
    shown = [f for f in judgement.findings if not f.silenced and f.severity in (Severity.E, Severity.W)]
    if not shown:
        return
    yield ""
    yield "Worst findings"
    headers = judgement.plan.headers()
    ordered = sorted(shown, key=lambda f: (f.severity, f.tab, f.row))
    for finding in ordered[:WORST]:
        fix = render_fix(finding, "en", headers=headers.get(finding.tab, NO_HEADERS))
        yield f"  row {finding.row:<4} {finding.severity} {finding.code}  {fix}"
    if len(ordered) > WORST:
        yield f"  … and {len(ordered) - WORST} more: sheets-sync check"


def receipt_lines(receipt: Receipt) -> Iterator[str]:
    """What was written: cells, columns, parts, backup, refusals."""
    roles = {edit.ref.role for edit in receipt.applied}
    yield (
        f"{len(receipt.applied)} cells written in {len(roles)} columns, "
        f"{receipt.parts_changed} parts changed, {receipt.parts_untouched} untouched"
    )
    columns = sum(1 for s in receipt.structures if s.kind is StructureKind.COLUMN)
    if columns:
        yield f"{columns} columns of ours added, removed, named or marked again"
    for refused in receipt.refused[:WORST]:
        yield f"  not written: {place(refused.what)}: {refused.reason}"
    if len(receipt.refused) > WORST:
        yield f"  not written: … and {len(receipt.refused) - WORST} more"
    if receipt.backup:
        yield f"Backup: {receipt.backup}"


def place(what: object) -> str:
    """Where an edit or structure stands, in words."""
    if isinstance(what, Structure):
        return f"{what.kind} of tab {what.tab}" if what.tab else "the Sync log"
    ref = getattr(what, "ref", None)
    return f"row {ref.row}, {ref.role}" if ref is not None else str(what)


def preview_lines(changes: Changes, names: dict[str, str], *, counts_only: bool = False) -> Iterator[str]:
    """Every edit and every change of structure, one a line. `names` maps tab keys to tab names."""
    yield f"{len(changes.edits)} cells and {len(changes.structures)} other changes:"
    for structure in changes.structures:
        where = f"{names.get(structure.tab, structure.tab)}: " if structure.tab else ""
        yield f"  {where}{structure_words(structure)}"
    for edit in changes.edits:
        where = f"{names.get(edit.ref.tab, edit.ref.tab)} row {edit.ref.row} {edit.ref.role}"
        if counts_only:
            yield f"  {where}: {_without_quotes(edit)}"
        else:
            yield f"  {where}: {edit.before.text or 'blank'!r} -> {edit.after.text or 'blank'!r}"


def _without_quotes(edit: Edit) -> str:
    """What an edit writes, without what a person typed: a fix quotes cells, so only its codes are told."""
    text = edit.after.text or "blank"
    return text[text.rfind("[") :] if edit.ref.role is Role.NEXT_FIX and "[" in text else text


def structure_words(structure: Structure) -> str:
    """A change of structure in words."""
    after, before = structure.after, structure.before
    state = after or before
    if structure.kind is StructureKind.COLUMN:
        verb = "add" if before is None else "remove" if after is None else "rename"
        header, column = getattr(state, "header", ""), getattr(state, "column", 0)
        return f"{verb} column {header!r} at {letters(column)}"
    verb = "add" if before is None else "remove" if after is None else "replace"
    if structure.kind is StructureKind.LOG:
        name = state.name if isinstance(state, LogState) else ""
        shown = f"the tab {name!r}" if name else "what names the Sync log"
        return f"{'bring up to date' if verb == 'replace' else verb}: {shown}"
    return f"{verb} our {'highlight rules' if structure.kind is StructureKind.HIGHLIGHTS else 'drop-down lists'}"


def note_line(note: str) -> str:
    """A note of the run in words."""
    kind, _, fact = note.partition(":")
    if kind == "tab_not_written":
        name, _, why = fact.partition(":")
        reason, _, rest = why.partition(":")
        count, _, column = rest.partition(":")
        return NOT_WRITTEN[reason].format(name, count, column)
    if kind == "column_deleted":
        fact = fact.rpartition(":")[2].replace("_", " ")
    if kind == "restored":
        headers = flag_words("en").headers
        counts = (counted.partition("=") for counted in fact.split(","))
        fact = ", ".join(f"{headers[role]} cells: {count}" for role, _, count in counts)
    return NOTES[kind].format(fact)


def finding_lines(
    findings: Iterable[Finding],
    names: dict[str, str],
    language: str,
    *,
    headers: Mapping[str, Mapping[str, str]],
    link: str = "",
) -> Iterator[str]:
    """Findings as a linter prints them: place, code, what is wrong, what to type. `headers` are `Plan.headers`; with
    the `link` of a Google Sheet the address of each row follows what was found in it."""
    for (tab, row), found in groupby(findings, key=lambda finding: (finding.tab, finding.row)):
        named = headers.get(tab, NO_HEADERS)
        where = f"{names.get(tab, tab)}:{row}" if row else "plan"
        for finding in found:
            yield f"{where}: {finding.severity} {finding.code} {render_what(finding, language, headers=named)}"
            yield f"    {render_fix(finding, language, headers=named)}"
        if link and row:
            yield f"    {row_address(link, tab, row)}"
