"""How the mails look in a browser: they fit every width, can be read in light and dark, and need no styles.

SHEETS_SYNC_PICTURES=FOLDER keeps a picture of every mail looked at.
"""

import functools
import os
import re
from itertools import pairwise
from pathlib import Path

import pytest
from notify.mail_samples import (
    NOW,
    RUI,
    hostile_leader,
    hostile_section,
    leader_section,
    notice,
    owner_section,
    plain_section,
    plan,
    quiet_section,
)

from sheets_sync.core.notices import OwnerSection
from sheets_sync.notify.render import Waiting, render, render_keeper_preview

pytestmark = pytest.mark.chromium

WIDTHS = (800, 375, 320)
SMALLEST_TEXT = 12


def _merged():
    other = plan("en", "Warehouse move", link="", uid="warehouse")
    return [leader_section(), owner_section(), owner_section(facts=other)]


def _one_plan():
    return [OwnerSection(plan(), stand_in=owner_section().stand_in), leader_section()]


MAILS = {
    "owner-en": [owner_section()],
    "owner-pt": [owner_section("pt")],
    "leader-en": [leader_section()],
    "leader-pt": [leader_section("pt")],
    "leader-es": [leader_section("es")],
    "quiet-en": [quiet_section()],
    "plain": [plain_section()],
    "merged": _merged(),
    "one-plan": _one_plan(),
    "hostile-owner": [hostile_section()],
    "hostile-leader": [hostile_leader()],
}


@functools.cache
def page(name):
    """The HTML of a mail."""
    if name == "keeper":
        names = ("Ana Lima", "Dora Silva", "x" * 70)
        return render_keeper_preview([Waiting(plan(), names, 3, 1)], keeper=RUI, now=NOW).html
    return render([notice(section) for section in MAILS[name]], now=NOW).html


def stripped(html):
    """The page as a program shows it that drops every style."""
    bare = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return re.sub(r' (?:style|class|width|bgcolor)="[^"]*"', "", bare)


def look(browser, name, width, **given):
    """Show a mail, and keep its picture when asked to."""
    browser.show(page(name), width, **given)
    folder = os.environ.get("SHEETS_SYNC_PICTURES")
    if folder:
        kind = "-".join(word for word, wanted in given.items() if wanted) or "light"
        browser.picture(Path(folder) / f"{name}-{width}-{kind}.png")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [*MAILS, "keeper"])
def test_a_mail_is_never_wider_than_its_window(browser, name, width):
    """Nothing is cut off and nothing scrolls sideways, whatever cells hold."""
    look(browser, name, width)
    assert browser.ask("[document.documentElement.scrollWidth, document.documentElement.clientWidth]") == [width, width]
    assert browser.ask(OVER_THE_EDGE) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", [*MAILS, "keeper"])
def test_every_text_can_be_read(browser, name, dark):
    """Each text has a contrast of 4.5 to what is behind it (WCAG AA) and at least 12 pixels; marks have 3."""
    look(browser, name, 375, dark=dark)
    texts = browser.ask(CONTRASTS)
    assert len(texts) > 5
    faint = [one for one in texts if one["contrast"] < (3 if one["text"] == "■" else 4.5)]
    assert not faint
    assert not [one for one in texts if one["size"] < SMALLEST_TEXT]


def test_the_measure_of_contrast_finds_a_faint_text(browser):
    """The measure itself can fail."""
    browser.show("<body style='background:#fff'><p style='color:#999'>faint</p><p>clear</p>", 375)
    assert [round(one["contrast"], 1) for one in browser.ask(CONTRASTS)] == [2.8, 21.0]


def test_the_measure_of_width_finds_what_sticks_out(browser):
    """The measure itself can fail."""
    browser.show("<body style='margin:0;overflow:hidden'><p style='width:900px'>wide</p>", 800)
    assert browser.ask(OVER_THE_EDGE) == ["P"]


@pytest.mark.parametrize("name", ["leader-en", "leader-pt", "leader-es"])
def test_a_leader_sees_headline_and_first_decision_at_once(browser, name):
    """On a small telephone, 375 by 667, without scrolling (DOMAIN 5.4)."""
    look(browser, name, 375)
    assert browser.ask("document.querySelector('h1').getBoundingClientRect().top") < 100
    assert browser.ask("document.querySelector('.card').getBoundingClientRect().bottom") <= 667


def test_colours_turned_by_the_program_stay_readable(browser):
    """A mail program that darkens mails by itself finds one that survives it."""
    look(browser, "owner-en", 800, forced_dark=True)
    assert browser.ask("document.documentElement.scrollWidth") == 800


@pytest.mark.parametrize("name", ["owner-en", "leader-pt", "hostile-owner"])
def test_without_any_style_the_mail_still_reads_in_order(browser, name):
    """Headline, then what is most pressing, then the rest; nothing is told by place or colour alone."""
    browser.show(stripped(page(name)), 800)
    said = browser.ask("document.body.innerText")
    browser.show(page(name), 800)
    headings = browser.ask("[...document.querySelectorAll('h1,h2,h3')].map(e => e.textContent.trim())")
    places = [said.find(heading) for heading in headings]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("name", [*MAILS, "keeper"])
def test_headings_step_down_and_layout_says_that_it_is_none(browser, name):
    """One first heading, no rank left out; every table is presentation; the language is named."""
    browser.show(page(name), 800)
    ranks = browser.ask("[...document.querySelectorAll('h1,h2,h3')].map(e => Number(e.tagName[1]))")
    assert ranks.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(ranks))
    assert browser.ask("document.querySelectorAll('table:not([role=presentation])').length") == 0
    assert browser.ask("document.documentElement.lang") in ("en", "pt", "es")
    assert browser.ask("document.title.length") > 5


def test_text_from_right_to_left_runs_its_own_way(browser):
    """An Arabic title is laid out from the right and turns nothing around it."""
    browser.show(page("hostile-leader"), 375)
    directions = browser.ask(
        "[...document.querySelectorAll('[dir=auto]')].filter(e => /^[\\u0600-\\u06ff]/.test(e.textContent))"
        ".map(e => getComputedStyle(e).direction)"
    )
    assert directions
    assert set(directions) == {"rtl"}
    assert browser.ask("getComputedStyle(document.querySelector('.card')).direction") == "ltr"


OVER_THE_EDGE = """
[...document.body.querySelectorAll('*')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && (box.right > document.documentElement.clientWidth + 1 || box.left < -1);
}).map(e => e.tagName)
"""

CONTRASTS = """
(() => {
  const parse = c => { const n = c.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const light = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const lum = c => 0.2126 * light(c[0]) + 0.7152 * light(c[1]) + 0.0722 * light(c[2]);
  const behind = e => {
    for (let at = e; at; at = at.parentElement) {
      const c = parse(getComputedStyle(at).backgroundColor);
      if (c[3] > 0) return c;
    }
    return [255, 255, 255, 1];
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.replace(/\\u00a0/g, ' ').trim();
    const e = walk.currentNode.parentElement;
    if (!text || !e.getClientRects().length) continue;
    const style = getComputedStyle(e);
    const [a, b] = [lum(parse(style.color)), lum(behind(e))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    found.push({ text: text.slice(0, 40), contrast, size: parseFloat(style.fontSize) });
  }
  return found;
})()
"""
