"""Running the catalogue: severities, silence, collapse, crashes, what is remembered."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules.ruling import about_plan, check, day, distinct, plan_of, row, shown

from sheets_sync.core.model import Field, Ignore, Severity, Status, StatusReading
from sheets_sync.core.settings import RuleChoice
from sheets_sync.rules.catalogue import CATALOGUE
from sheets_sync.rules.clarity import OPEN_ENDED, WEAK_WORDS
from sheets_sync.rules.deadlines import NO_DUE, PILE_UP
from sheets_sync.rules.example import DAY
from sheets_sync.rules.messages import render_fix, render_what
from sheets_sync.rules.reading import LONGEST_TEXT

VAGUE = "Improve safety in the hall"


def severities(checked, number: int = 2) -> list[str]:
    """Code and severity of what is shown for a row."""
    return [f"{f.code} {f.severity}" for f in checked.findings if f.row == number and not f.silenced]


def test_worst_first() -> None:
    """A row's findings come worst first, and among equals first those its flag speaks of."""
    bad = row(action="Improve safety as needed", owner="", due="", problems=())
    assert severities(check(bad)) == ["OWN001 E", "DUE001 E", "ACT004 W", "ACT005 I", "ACT007 I"]
    unreadable = row(action="TBD", owner="", due="Ongoing")
    assert severities(check(unreadable)) == ["ACT001 E", "DUE002 E", "OWN001 E"]


def test_rows_keep_their_order() -> None:
    """Findings follow the rows as they stand in the plan."""
    rows = [row(number, owner="") for number in (9, 3, 5)]
    assert [f.row for f in check(*rows).findings] == [9, 3, 5]


def test_chosen_severity_and_off() -> None:
    """A plan's own severity replaces the rule's, for every kind of hit; a rule that is off says nothing."""
    actions = (row(2, action=VAGUE), row(3, action="Buy gloves and send the list"))
    rules = [
        RuleChoice("ACT004", severity=Severity.E),
        RuleChoice("ACT006", severity=Severity.I),
        RuleChoice("ACT007", off=True),
    ]
    checked = check(*actions, rules=rules)
    assert (severities(checked), severities(checked, 3)) == (["ACT004 E"], ["ACT006 I"])


def test_chosen_parameters() -> None:
    """A plan's own parameter replaces the default, and the text is judged anew."""
    first = check(row(action="Count A stock"))
    again = check(
        row(action="Count A stock"),
        rules=[RuleChoice("ACT002", parameters=(("min_words", 5.0),))],
        remembered=first.text_marks,
    )
    assert ("ACT002" in shown(first), "ACT002" in shown(again)) == (False, True)


def test_proposed_rows_get_hints_only() -> None:
    """What is not yet promised gets clarity hints, none of them grave; owner and date are not asked for."""
    proposed = row(action="Improve safety as needed", owner="", due="", status=Status.PROPOSED, progress=100.0)
    assert severities(check(proposed)) == ["ACT004 I", "ACT005 I", "ACT007 I"]


@pytest.mark.parametrize("status", [Status.DONE, Status.VERIFIED, Status.INEFFECTIVE, Status.CANCELLED])
def test_closed_rows(status: Status) -> None:
    """Of finished and cancelled rows nothing is said."""
    assert shown(check(row(action=VAGUE, owner="", due="", status=status))) == []


def test_unknown_status_counts_as_live() -> None:
    """A row whose status nobody knows is checked like an open one."""
    unknown = row(action=VAGUE, owner="", status=StatusReading(Status.UNKNOWN, "Doing it"))
    assert shown(check(unknown)) == ["OWN001", "ACT004", "ACT007"]


def test_silent_rows() -> None:
    """Of rows that were closed at adoption nothing is said."""
    assert check(row(2, owner=""), row(3, owner=""), silent=frozenset({("plan", 2)})).findings[0].row == 3


def test_rows_whose_language_has_no_lexicon() -> None:
    """In a language without a lexicon the rules about words are off; those about text and its length are not."""
    french = row(2, action="Améliorer la sécurité as needed", language=None)
    short = row(3, action="Réviser stock", language=None)
    blank = row(4, action="TBD", language=None)
    checked = check(french, short, blank)
    assert [shown(checked, number) for number in (2, 3, 4)] == [[], ["ACT002"], ["ACT001"]]


def test_settled_ids_replace_those_of_the_plan() -> None:
    """Rules see the rows with their settled ids."""
    plan = plan_of([row(2, key="", owner=""), row(3, key="", action="Paint the wall")])
    seen = {"A-0007": dt.date(2026, 10, 5)}
    settled = (row(2, key="A-0007", due="2026-10-01"),)
    assert shown(check(plan=plan, actions=settled, first_seen=seen)) == ["DUE006"]


IGNORED = [
    ((Ignore(("ACT004",), None, "agreed"),), {}, ["ACT007"]),
    ((Ignore((), None, "agreed"),), {}, []),
    ((Ignore(("ACT004", "ACT007"), dt.date(2026, 10, 5), "agreed"),), {}, []),
    ((Ignore(("ACT004",), dt.date(2026, 10, 4), "agreed"),), {}, ["ACT004", "ACT007"]),
    ((Ignore(("OWN001",), None, "agreed"),), {}, ["ACT004", "ACT007"]),
    ((Ignore(("ACT007",), None, "a"), Ignore(("ACT004",), dt.date(2027, 1, 1), "b")), {}, []),
    ((Ignore((), None, "agreed"),), {"A-0002": dt.date(2026, 7, 6)}, []),
    ((Ignore((), None, "agreed"),), {"A-0002": dt.date(2026, 7, 3)}, ["ACT004", "ACT007"]),
]


@pytest.mark.parametrize(("entries", "seen", "expected"), IGNORED)
def test_ignore_cell(entries, seen, expected: list[str]) -> None:
    """An ignore cell silences its codes, or all, until its date, else for 65 working days from first sight."""
    checked = check(row(action=VAGUE, ignore=entries), first_seen=seen)
    assert shown(checked) == expected
    assert {f.silenced for f in checked.findings} <= {"", "ignored"}
    assert [f.code for f in checked.findings] == ["ACT004", "ACT007"]


def vague(count: int, total: int):
    """A plan in which this many of the rows are open-ended."""
    rows = distinct(total)
    texts = [f"Improve the hall of block {chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(count)]
    return [action._replace(action=text) for action, text in zip(rows, texts, strict=False)] + rows[count:]


@pytest.mark.parametrize(
    ("count", "total", "before", "collapsed"),
    [
        (10, 24, False, True),
        (10, 25, False, False),
        (9, 12, False, False),
        (41, 100, False, True),
        (40, 100, False, False),
        (30, 100, True, True),
        (29, 100, True, False),
        (40, 100, True, True),
    ],
)
def test_collapse(count: int, total: int, before: bool, collapsed: bool) -> None:
    """A text rule that hits more than 40 % of the rows and at least ten is said once, until it is below 30 %."""
    kept = frozenset({"ACT004"}) if before else frozenset()
    checked = check(*vague(count, total), collapsed=kept, rules=[RuleChoice("ACT007", off=True)])
    silenced = [f.silenced for f in checked.findings if f.code == "ACT004"]
    assert silenced == (["collapsed"] if collapsed else [""]) * count
    assert checked.collapsed == (frozenset({"ACT004"}) if collapsed else frozenset())
    assert about_plan(checked) == (["ACT004 collapsed"] if collapsed else [])


def test_proposed_rows_do_not_count_for_the_share() -> None:
    """Ideas in the house's style do not make the plan's rows collapse."""
    rows = vague(14, 30)
    ideas = [action._replace(status=StatusReading(Status.PROPOSED, "Idea")) for action in rows[:5]]
    checked = check(*ideas, *rows[5:], rules=[RuleChoice("ACT007", off=True)])
    assert checked.collapsed == frozenset()


def test_several_actions_weigh_more_the_more_they_are() -> None:
    """One further action is style, two and more are a warning; the limit is a parameter."""
    one, two = row(2, action="Buy gloves and send the list"), row(3, action="Buy gloves, send the list and train staff")
    checked = check(one, two)
    assert (severities(checked), severities(checked, 3)) == (["ACT006 H"], ["ACT006 W"])
    stricter = [RuleChoice("ACT006", parameters=(("many", 1.0),))]
    assert severities(check(one, rules=stricter)) == ["ACT006 W"]


def test_short_action_with_an_end() -> None:
    """Two words are enough where Done when says the rest."""
    assert shown(check(row(action="Review stock", done_when="list of the 40 A items signed"))) == []


def test_collapsed_finding_tells_the_share() -> None:
    """The one finding has the counts, the rule's severity and its words."""
    checked = check(*vague(63, 100), rules=[RuleChoice("ACT007", off=True)])
    (found,) = checked.plan_findings
    assert dict(found.facts) == {"kind": "collapsed", "count": "63", "total": "100", "percent": "63"}
    assert (found.severity, found.tab, found.row, found.field) == (Severity.W, "", 0, Field.ACTION)
    assert "63%" in render_what(found, "en")


def test_only_text_rules_collapse() -> None:
    """However many rows lack an owner, each of them is told."""
    checked = check(*[action._replace(owner="") for action in distinct(30)])
    assert (sum(not f.silenced for f in checked.findings), checked.collapsed) == (30, frozenset())


def test_ignored_rows_stay_ignored_when_the_rule_collapses() -> None:
    """Why a finding is not shown is what the person chose, where a person chose."""
    rows = vague(20, 20)
    rows[0] = rows[0]._replace(ignore=(Ignore((), None, "agreed"),))
    checked = check(*rows)
    assert {f.silenced for f in checked.findings if f.row == rows[0].row} == {"ignored"}


def broken(*_anything):
    """A rule that cannot work."""
    raise ZeroDivisionError("secret cell content")


@pytest.mark.parametrize(
    "rule",
    [replace(OPEN_ENDED, text=broken), replace(NO_DUE, row=broken), replace(PILE_UP, plan=broken)],
    ids=lambda rule: rule.code,
)
def test_crashing_rule(rule) -> None:
    """A rule that fails is one finding about the plan with the error's type; all others still speak."""
    catalogue = tuple(rule if known.code == rule.code else known for known in CATALOGUE)
    checked = check(row(2, action="Train staff as needed", owner=""), row(3, action=VAGUE), catalogue=catalogue)
    assert about_plan(checked) == [f"{rule.code} crashed"]
    assert dict(checked.plan_findings[0].facts)["error"] == "ZeroDivisionError"
    assert shown(checked)[0] == "OWN001"
    assert "ZeroDivisionError" in render_what(checked.plan_findings[0], "pt")
    assert all(
        "secret" not in text for f in checked.plan_findings for text in (render_what(f, "en"), render_fix(f, "es"))
    )


def test_crash_is_not_remembered() -> None:
    """A text that a rule failed on is judged again in the next run."""
    catalogue = tuple(replace(rule, text=broken) if rule.code == "ACT005" else rule for rule in CATALOGUE)
    assert check(row(action=VAGUE), catalogue=catalogue).text_marks == {"w2": ""}


def test_second_run_judges_no_text_again() -> None:
    """With what was remembered the result is the same, and no text rule is asked."""
    rows = [*vague(5, 12), row(50, action="Buy, install and test it; then train staff"), row(51, action="TBD")]
    rows += [row(52, action="Réviser", language=None), row(53, action=VAGUE, done_when="list", status=Status.PROPOSED)]
    first = check(*rows)
    refusing = tuple(replace(rule, text=broken) if rule.text else rule for rule in CATALOGUE)
    assert check(*rows, remembered=first.text_marks) == first
    assert check(*rows, remembered=first.text_marks, catalogue=refusing) == first
    assert about_plan(check(*rows, catalogue=refusing)) != about_plan(first)


@pytest.mark.parametrize(
    "changed",
    [{"language": "pt"}, {"done_when": "signed list"}, {"language": None}],
)
def test_what_a_judgement_depends_on(changed) -> None:
    """Another language, or a done-when cell that is filled now, makes a judgement worthless."""
    kept = check(row(action=VAGUE)).text_marks
    action = row(action=VAGUE, **changed)
    assert check(action, remembered=kept) == check(action)


@pytest.mark.parametrize("kept", ["", "nonsense", "1234:en::ACT004", "\x1e\x1f"])
def test_broken_memory_is_no_memory(kept: str) -> None:
    """Whatever stands in the store, a row is judged as if nothing were remembered."""
    assert check(row(action=VAGUE), remembered={"w2": kept}) == check(row(action=VAGUE))


def test_memory_of_this_version_that_is_damaged() -> None:
    """A judgement that starts well and ends in nonsense is made anew."""
    kept = check(row(action=VAGUE)).text_marks["w2"]
    for damaged in (kept + "\x1e", kept.replace("verb", "verb\x1fand"), kept + "\x1eACT005\x1f\x1fQ"):
        assert check(row(action=VAGUE), remembered={"w2": damaged}) == check(row(action=VAGUE))


def test_only_checked_rows_are_remembered() -> None:
    """Closed rows leave no judgement behind; a row without a hit leaves one that says so."""
    marks = check(row(2), row(3, status=Status.DONE)).text_marks
    assert list(marks) == ["w2"]
    assert marks["w2"].endswith("::")


def test_text_with_the_separators_of_the_memory() -> None:
    """Control characters in a cell do not mix up what is remembered."""
    odd = row(action="Improve \x1e safety \x1f as needed")
    first = check(odd)
    assert check(odd, remembered=first.text_marks) == first
    assert WEAK_WORDS.code in shown(first)


@given(st.text(max_size=80), st.text(max_size=40), st.text(max_size=30), st.sampled_from(["en", "pt", "es", None]))
def test_nothing_in_a_row_makes_a_rule_fail(action: str, owner: str, due: str, language: str | None) -> None:
    """Whatever people type, every rule comes to an end, and its findings can be told in every language."""
    rows = [row(2, action=action, owner=owner, due=day(due), language=language), row(3, action=owner, owner=action)]
    checked = check(*rows)
    assert [f for f in checked.plan_findings if dict(f.facts).get("kind") == "crashed"] == []
    for found in checked.findings:
        assert all(render_what(found, spoken) and render_fix(found, spoken) for spoken in ("en", "pt", "es"))
    assert check(*rows, remembered=checked.text_marks) == checked


PAGES = ["[" * 32000, "a" * 32000, " " * 32000 + "x", "a, " * 10000, "- " * 16000, "1." * 16000, "(" * 32000]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page[:3])
def test_of_a_page_pasted_into_a_cell_the_beginning_is_judged(page: str) -> None:
    """A cell as full as a spreadsheet allows is checked to the end of what a person would read, and no rule fails."""
    rows = [row(2, action=page, owner=page), row(3, action=page + "b", owner=page), row(4, action=page, done_when=page)]
    checked = check(*rows)
    assert checked.plan_findings == ()
    text_codes = {rule.code for rule in CATALOGUE if rule.text is not None}
    begun = check(row(2, action=page[:LONGEST_TEXT], owner=page))
    assert [set(shown(found, 2)) & text_codes for found in (checked, begun)] == [set(shown(begun, 2)) & text_codes] * 2


def test_same_input_same_output() -> None:
    """Checking twice gives equal results, whatever was checked before."""
    rows = vague(12, 20)
    first = check(*rows)
    check(*reversed(rows))
    assert check(*rows) == first


def test_rows_of_tabs_with_other_columns() -> None:
    """Each tab is checked by the columns it has."""
    with_owner, without = row(2, owner=""), row(3, owner="", tab="other")
    plan = plan_of([with_owner, without])
    bare = plan.layouts[1]._replace(columns=((Field.ACTION, 1),))
    checked = check(plan=plan._replace(layouts=(plan.layouts[0], bare)))
    assert [(f.tab, f.code) for f in checked.findings] == [("plan", "OWN001")]
    assert DAY.year == 2026
