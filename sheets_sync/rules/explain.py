"""The page of each rule, made from the rule itself: what it looks for, why, a row that fails and one that passes."""

import re
from collections.abc import Iterator

from sheets_sync.core.model import Severity
from sheets_sync.rules.catalogue import CATALOGUE, rule_for
from sheets_sync.rules.example import shown_together
from sheets_sync.rules.messages import column_text
from sheets_sync.rules.rule import Rule
from sheets_sync.rules.silence import COLLAPSE_ROWS, COLLAPSE_SHARE, IGNORE_DAYS, RETURN_SHARE

SEVERITIES = {
    Severity.E: "cannot be managed as written",
    Severity.W: "likely to slip or not to work",
    Severity.I: "could be better",
    Severity.H: "style",
}
_COLUMN = re.compile(r"\{(\w+):column\}")
FAMILIES = {
    "ACT": "Clarity: is it clear what will be done?",
    "OWN": "Ownership: does one person answer for it?",
    "DUE": "Deadlines: is there a date that means something?",
    "DAT": "Data: can the cells be read, and do they agree?",
}


def explain(code: str) -> str:
    """The page of a rule as Markdown. Raises KeyError for a code that no rule has."""
    return "\n".join(_page(rule_for(code))) + "\n"


def all_pages() -> tuple[tuple[str, str], ...]:
    """Every rule's code with its page, in the order of the catalogue."""
    return tuple((rule.code, explain(rule.code)) for rule in CATALOGUE)


def listing() -> str:
    """One line for each rule, by family: code, severity, title."""
    lines: list[str] = []
    family = ""
    for rule in CATALOGUE:
        if rule.family != family:
            family = rule.family
            lines += ["", FAMILIES[family]]
        lines.append(f"  {rule.code}  {_severities(rule):<4} {rule.title}")
    return "\n".join(lines[1:])


def _severities(rule: Rule) -> str:
    return "/".join((rule.severity, *rule.also))


def _page(rule: Rule) -> Iterator[str]:
    bad, good = shown_together(rule.bad, rule.good)
    words = rule.wordings["en"].messages[rule.kinds[0]]
    meanings = ", ".join(f"{severity} {SEVERITIES[severity]}" for severity in (rule.severity, *rule.also))
    yield f"# {rule.code} {rule.name}"
    yield ""
    yield f"**{rule.title}.** Severity {meanings}. Since {rule.since}."
    yield ""
    yield rule.summary
    if rule.made_by:
        yield f"Found while {rule.made_by}, not row by row."
    yield ""
    yield f"**Why.** {rule.why}"
    yield ""
    yield f"**Fails:** {bad}"
    yield f"**Passes:** {good}"
    yield ""
    yield f"**What the row says:** {_plain_places(words.fix)}"
    yield ""
    yield from _parameters(rule)
    yield from _silencing(rule)


def _plain_places(template: str) -> str:
    """A template for a reader: columns by their usual names, other places as <words>."""
    plain = _COLUMN.sub(lambda place: column_text(place[1], "en"), template)
    for kind in (":date", ":number", ":percent", ":list", ":long", ":field"):
        plain = plain.replace(kind, "")
    return plain.replace("{", "<").replace("}", ">")


def _parameters(rule: Rule) -> Iterator[str]:
    if rule.parameters:
        yield "**Parameters:** " + ", ".join(f"{name} = {value:g}" for name, value in rule.parameters)
        yield ""


def _silencing(rule: Rule) -> Iterator[str]:
    if rule.guard:
        yield "**To silence it:** it protects the plan and is not silenced row by row."
    elif rule.made_by:
        yield "**To silence it:** mend the header or choose the column; there is no row to spare."
    else:
        yield (
            f"**To silence it:** in one row type `{rule.code} until 2027-01-31: reason` in its Ignore cell (without a "
            f'date it counts {IGNORE_DAYS} working days); in the whole plan set `{rule.code} = "off"` or another '
            "severity below `[plan.rules]`."
        )
    if rule.collapses:
        yield ""
        yield (
            f"When it hits more than {COLLAPSE_SHARE:.0%} of the open rows (and at least {COLLAPSE_ROWS}) it is said "
            f"once for the plan, until fewer than {RETURN_SHARE:.0%} are left."
        )
