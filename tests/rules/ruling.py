"""Short ways to check rows by the rules."""

import datetime as dt
from collections.abc import Iterable

from sheets_sync.core.model import Action, DateProblem, DateReading, Field, Finding, Status, StatusReading
from sheets_sync.core.plan import Plan, TabLayout
from sheets_sync.core.settings import CalendarSettings, PlanSettings
from sheets_sync.core.workdays import Calendar
from sheets_sync.rules.check import Checked, Context, check_plan
from sheets_sync.rules.example import DAY, SAMPLE, Example

ALL_COLUMNS = tuple(Field)
CALENDAR = Calendar(CalendarSettings())


def row(number: int = 2, **changes) -> Action:
    """A row no rule has anything to say about, but for the changes; dates as ISO text, statuses as Status."""
    for name in ("due", "start", "done_on", "original_due"):
        if isinstance(changes.get(name), str):
            changes[name] = day(changes[name])
    if isinstance(changes.get("status"), Status):
        changes["status"] = StatusReading(changes["status"], changes["status"].value)
    facts = {"row": number, "key": f"A-{number:04}", "witness": f"w{number}"}
    facts["action"] = f"Count stock of the 40 A items of hall {number}"
    return SAMPLE._replace(**(facts | changes))


def distinct(count: int, **changes) -> list[Action]:
    """Rows with different actions, owners and due dates that no rule has anything to say about."""
    first = dt.date(2026, 11, 2).toordinal()
    return [
        row(
            number,
            **{
                "action": f"Print label {number * 7919} for shelf {number * 104729}",
                "due": dt.date.fromordinal(first + number).isoformat(),
                **changes,
            },
        )
        for number in range(2, count + 2)
    ]


def day(text: str) -> DateReading:
    """A date cell holding this ISO date; other words are no date, "03/04/2026" is ambiguous, "" is blank."""
    if not text:
        return DateReading()
    try:
        return DateReading(dt.date.fromisoformat(text), text=text)
    except ValueError:
        problem = DateProblem.AMBIGUOUS if text[1:3].strip("0123456789") in ("/", "-", ".") else DateProblem.NOT_A_DATE
        return DateReading(problem=problem, text=text)


def plan_of(actions: Iterable[Action], *, columns=ALL_COLUMNS, language="en", **more) -> Plan:
    """A plan of one tab with these columns."""
    actions = tuple(actions)
    tabs = dict.fromkeys(action.tab for action in actions) or {"plan": None}
    numbered = tuple((field, number) for number, field in enumerate(columns, 1))
    layouts = tuple(
        TabLayout(
            tab=tab,
            name=tab,
            header_row=1,
            columns=numbered,
            headers=(),
            last_header=len(columns),
            last_row=len(actions) + 1,
            witness_columns=(),
            id_is_ours=True,
            id_column=None,
            language=language,
        )
        for tab in tabs
    )
    return Plan(layouts=layouts, actions=actions, headings=(), **more)


def check(*actions: Action, as_of=DAY, rules=(), language="en", plan=None, catalogue=None, **context) -> Checked:
    """Check these rows on the day of the examples."""
    plan = plan or plan_of(actions, language=language)
    settings = PlanSettings(uid="test", language=language, rules=tuple(rules))
    more = {} if catalogue is None else {"catalogue": catalogue}
    return check_plan(plan, Context(settings=settings, as_of=as_of, calendar=CALENDAR, **context), **more)


def shown(checked: Checked, number: int = 2) -> list[str]:
    """The codes shown for a row, in their order."""
    return [finding.code for finding in checked.findings if finding.row == number and not finding.silenced]


def about_plan(checked: Checked) -> list[str]:
    """The codes of the findings about the plan, each with its kind."""
    return [f"{finding.code} {dict(finding.facts).get('kind', '')}".strip() for finding in checked.plan_findings]


def finding(checked: Checked, code: str) -> Finding:
    """The only finding of this code."""
    (found,) = [finding for finding in (*checked.findings, *checked.plan_findings) if finding.code == code]
    return found


def of_example(example: Example, language: str = "en") -> Checked:
    """Check the rows of an example as their page describes them."""
    rows = tuple(action._replace(language=language) for action in example.rows)
    seen = {rows[0].key: example.first_seen} if rows and example.first_seen else {}
    plan = plan_of(rows, language=language, unknown_statuses=example.unknown)
    return check(plan=plan, language=language, first_seen=seen)
