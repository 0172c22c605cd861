"""The mails as they read, word for word. A diff to look at; SHEETS_SYNC_ACCEPT=1 accepts what is there now.

Texts are compared whole. Of the HTML the styles are left out: how it looks is looked at in tests/look.
"""

import datetime as dt
import os
import re
from pathlib import Path

import pytest
from notify.mail_samples import (
    ANA,
    NOW,
    RUI,
    hostile_leader,
    hostile_section,
    leader_section,
    notice,
    owner_section,
    plan,
    quiet_section,
)

from sheets_sync.core.health import Cause, PlanHealth
from sheets_sync.core.notices import OwnerSection
from sheets_sync.notify.render import Failing, Waiting, render, render_keeper_failing, render_keeper_preview
from sheets_sync.words.causes import cause_words

GOLDEN = Path(__file__).parents[1] / "golden" / "mails"
LANGUAGES = ("en", "pt", "es")


def _keeper(language, again):
    waiting = Waiting(plan(language), ("Ana Lima", "Dora Silva"), mails=3, unreached=1, again=again)
    return render_keeper_preview([waiting], keeper=RUI._replace(language=language), now=NOW)


def _merged():
    other = plan("en", "Warehouse move", link="", uid="warehouse")
    return [notice(section) for section in (leader_section(), owner_section(), owner_section(facts=other))]


def _one_plan(language):
    """A leader who looks after two rows, one of which asks for a decision as well."""
    led, looked_after = leader_section(language), owner_section(language).stand_in
    section = OwnerSection(plan(language), stand_in=(*looked_after, led.decisions[1]))
    return [notice(section, RUI), notice(led, RUI)]


def _in_google():
    """The ordinary week of an owner whose plan is a Google Sheet: each row can be opened by itself."""
    section = owner_section(facts=plan(link="https://docs.google.com/spreadsheets/d/1AbC/edit"))
    lists = ("finished", "late", "blocked", "due_soon", "waiting", "fixes", "stand_in")
    keyed = {name: tuple(row._replace(tab_key="77") for row in getattr(section, name)) for name in lists}
    return [notice(section._replace(**keyed))]


MAILS = {
    **{f"owner-{language}": [notice(owner_section(language))] for language in LANGUAGES},
    **{f"leader-{language}": [notice(leader_section(language), RUI)] for language in LANGUAGES},
    **{f"quiet-{language}": [notice(quiet_section(language), RUI)] for language in LANGUAGES},
    "owner-no-link": [notice(owner_section(facts=plan(link="")))],
    "owner-google": _in_google(),
    "merged": _merged(),
    **{f"one-plan-{language}": _one_plan(language) for language in LANGUAGES},
    "hostile-owner": [notice(hostile_section(), ANA)],
    "hostile-leader": [notice(hostile_leader(), RUI)],
}
IN_HTML = ("owner-en", "leader-en", "hostile-leader")


def compare(name, text):
    """Compare with the golden file of this name, or write it when asked to."""
    path = GOLDEN / name
    if os.environ.get("SHEETS_SYNC_ACCEPT"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("name", MAILS)
def test_the_text_of_a_mail_is_as_accepted(name):
    """Subject and text part, word for word."""
    made = render(MAILS[name], now=NOW)
    compare(f"{name}.txt", f"Subject: {made.subject}\n\n{made.text}")


@pytest.mark.parametrize("name", IN_HTML)
def test_the_page_of_a_mail_is_as_accepted(name):
    """The HTML part without its styles."""
    html = render(MAILS[name], now=NOW).html
    bare = re.sub(r"<style>.*?</style>| style=\"[^\"]*\"", "", html, flags=re.DOTALL)
    compare(f"{name}.html", re.sub(r"\n\s*\n+", "\n", bare) + "\n")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("again", [False, True])
def test_the_keepers_preview_is_as_accepted(language, again):
    """Subject and text part, word for word: the first mails, and far more than before."""
    made = _keeper(language, again)
    compare(f"keeper-{'again-' if again else ''}{language}.txt", f"Subject: {made.subject}\n\n{made.text}")


def _failing(language, cause, **more):
    since = NOW - dt.timedelta(days=2)
    return Failing(plan(language, **more), PlanHealth(since, since, NOW, 7, cause.value, since))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_about_plans_that_got_no_runs_is_as_accepted(language):
    """Subject and text part, word for word: since when, how often, why and what to do, for each plan."""
    never = _failing(language, Cause.MASS, name="Warehouse", uid="warehouse", link="")
    both = [_failing(language, Cause.OPEN), never._replace(health=never.health._replace(checked=None))]
    made = render_keeper_failing(both, keeper=RUI._replace(language=language), now=NOW)
    compare(f"keeper-failing-{language}.txt", f"Subject: {made.subject}\n\n{made.text}")
    assert all(part in made.html for part in ("Warehouse", "sheets-sync status"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_words_in_every_language(language, cause):
    """No run can end for a reason that cannot be told."""
    assert all(cause_words(language)[cause.value])
    assert cause_words(language).keys() == {one.value for one in Cause}
