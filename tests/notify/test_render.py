"""What a mail says, and what it never says."""

import datetime as dt
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from notify.mail_samples import (
    ANA,
    EVIL,
    LINK,
    NOW,
    RUI,
    day,
    hostile_leader,
    hostile_section,
    leader_section,
    notice,
    owner_section,
    plan,
    quiet_section,
    row,
    swollen_section,
)

from sheets_sync.core.model import Flag, Status
from sheets_sync.core.notices import OwnerSection
from sheets_sync.notify.render import LARGEST_HTML, Waiting, first_name, render, render_keeper_preview

VOID = {"meta", "br", "img", "hr", "input", "link"}
KNOWN = {"html", "head", "meta", "title", "style", "body", "div", "span", "p", "h1", "h2", "h3", "a", "b", "ul", "li"}
KNOWN |= {"table", "tbody", "tr", "td"}


class Page(HTMLParser):
    """The elements, attributes and texts of a page."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.attributes, self.texts, self.comments, self._open = [], [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if data.strip() and self._open[-1] != "style":
            self.texts.append((self._open[-1], " ".join(data.split())))

    def handle_comment(self, data):
        self.comments.append(data)

    def blocks(self):
        """The text of the page, one line for each block element."""
        return [text for _, text in self.texts]


def mail(*sections, person=ANA, **given):
    """One mail of these sections."""
    return render([notice(section, person) for section in sections], now=NOW, **given)


HOSTILE = {"owner": hostile_section(), "leader": hostile_leader()}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_sheet_adds_no_element_handler_or_host(name):
    """Whatever cells hold: elements, attributes and hosts of the mail are only ours."""
    section = HOSTILE[name]
    page = Page(mail(section).html)
    assert set(page.elements) <= KNOWN
    handlers = [attribute for _, attribute, _ in page.attributes if attribute.startswith("on")]
    assert not handlers
    assert {value for _, attribute, value in page.attributes if attribute in ("href", "src")} == {LINK}
    assert {comment for comment in page.comments if not comment.startswith("[if mso]")} == set()
    assert page.elements.count("style") == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_sheet_gets_no_address_a_mail_program_would_link(name):
    """No address outside the plan's own link stands in the mail in a form that becomes a link by itself."""
    made = mail(HOSTILE[name])
    for text in (made.subject, made.text, made.html):
        assert "evil.test/" not in text
        assert "://evil" not in text


@pytest.mark.parametrize("name", HOSTILE)
def test_cells_never_become_templates(name):
    """Braces in a cell are text."""
    made = mail(HOSTILE[name])
    assert "{{ 7 * 7 }}" in made.text or "{{ mail }}" in made.text
    assert "012345678" not in made.text


@pytest.mark.parametrize("name", HOSTILE)
def test_no_line_of_the_text_starts_a_formula(name):
    """A line of the mail can be pasted into a sheet (HAZARDS 27)."""
    made = mail(HOSTILE[name])
    lines = made.text.splitlines()
    assert not [line for line in lines if re.match(r"[ •“]*[=+@-]", line)]
    assert not [text for text in Page(made.html).blocks() if text.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_control_or_direction_character_stays(name):
    """Nothing invisible or direction-changing from a cell is in the mail; a subject is one line."""
    made = mail(HOSTILE[name])
    assert not re.search(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\r]", made.subject + made.text + made.html)
    assert "\n" not in made.subject
    assert "=?" not in made.subject


def test_a_mail_stays_small_however_much_there_is_to_say():
    """At most ten cards and twenty-five rows, and what is left is counted."""
    made = mail(hostile_section(4000), hostile_section(400, plan("en", "Second", uid="second")))
    assert len(made.html.encode()) < LARGEST_HTML
    ordinary = owner_section()
    many = ordinary._replace(late=ordinary.late * 200)
    made = mail(many)
    assert made.html.count("Row 14 when this was sent") + made.html.count("Row 21 when this was sent") == 10
    assert "more in the plan" in made.text
    assert len(re.findall(r"• ", made.text)) == 35


def test_a_mail_of_swollen_texts_shows_fewer_rows():
    """Where even ten cards would be cut off on the way, there are fewer; one row at least is named."""
    made = mail(swollen_section())
    assert len(made.html.encode()) < LARGEST_HTML
    assert 1 <= made.html.count('class="what"') < 10


@pytest.mark.parametrize(
    ("late", "asked", "headline"),
    [
        (0, 0, "Nothing is late and nothing needs your decision"),
        (3, 0, "3 actions are late, none needs your decision"),
        (0, 1, "1 decision waits for you"),
        (1, 2, "1 action is late, 2 decisions wait for you"),
    ],
)
def test_the_leaders_headline_counts_what_is_late_and_what_is_asked(late, asked, headline):
    """Decisions are not said to be among the late: a blocked row asks for one too."""
    section = leader_section()
    section = section._replace(late=late, decisions=section.decisions[:asked])
    assert mail(section, person=RUI).text.splitlines()[2] == headline


def test_dealing_leaves_room_for_every_plan():
    """A plan with hundreds of late rows does not take the place of another plan's few."""
    other = owner_section(facts=plan("en", "Warehouse move", uid="warehouse"))
    made = mail(owner_section()._replace(late=owner_section().late * 200), other)
    assert made.text.count("Warehouse move A-021") == 1
    assert made.text.count("Warehouse move A-025") == 1


def test_a_late_row_says_since_when_and_what_happens_next():
    """Working days, since when, who decides when unless it is updated."""
    text = mail(owner_section()).text
    assert "6 working days late · High priority" in text
    assert "since Fri 13 Nov" in text
    assert "Goes to Rui Costa’s decisions on Mon 30 Nov unless updated." in text
    assert "“Auditor offered 2 or 9 December. Please pick one.” (note seen Thu 19 Nov)" in text


def test_a_row_among_this_weeks_decisions_says_so():
    """A decision day that has come is not announced."""
    section = owner_section()
    now = section.late[0]._replace(next_step_on=day(23))
    assert "It is among Rui Costa’s decisions this week." in mail(section._replace(late=(now,))).text


def test_a_button_only_where_there_is_a_link():
    """With a link the button opens the plan; without one plan, tab and id are named as text."""
    linked, plain = mail(owner_section()), mail(owner_section(facts=plan(link="")))
    assert "Open A-014" in linked.html
    assert "Row 14 when this was sent; look for A-014." in linked.text
    assert "href" not in plain.html
    assert "Plan Product launch, tab Actions, A-014 (row 14 when this was sent)" in plain.text


def test_an_address_that_is_not_https_is_no_link():
    """A link from a setting that slipped through is not offered."""
    assert "href" not in mail(owner_section(facts=plan(link="http://sheets.example.com"))).html


def test_leaders_get_the_need_word_for_word_or_the_five_choices():
    """The ask is the row's own, never invented."""
    text = mail(leader_section(), person=RUI).text
    assert "Help asked for: “Auditor offered 2 or 9 December. Please pick one.”" in text
    assert text.count("do it now, set a new date, hand it over, cut its scope, or cancel it") == 1


@pytest.mark.parametrize("language", ["en", "pt", "es"])
def test_no_figure_stands_beside_a_name_in_a_leaders_mail(language):
    """In no line and no element a person's name meets a digit (HAZARDS 24)."""
    made = mail(leader_section(language), person=RUI._replace(language=language))
    names = re.compile("Ana Lima|Ben Weber|Dora Silva")
    beside = [line for line in (*made.text.splitlines(), *Page(made.html).blocks()) if names.search(line)]
    assert beside
    assert not [line for line in beside if re.search(r"\d", line)]


def test_a_thanked_title_with_a_figure_is_not_quoted_beside_the_name():
    """Thanks stay without figures even when the title has one."""
    section = leader_section()
    titled = section.finished[0]._replace(title="Close 12 findings")
    text = mail(section._replace(finished=(titled,)), person=RUI).text
    assert "Thank you, Dora Silva, for finishing by the promised day." in text


def test_nothing_that_needs_the_leader_makes_three_lines():
    """A quiet week: headline, the week, thanks; no lists and no figures of quality."""
    made = mail(quiet_section(), person=RUI)
    body = made.text.split("\n\n")[1]
    assert body.splitlines() == [
        "Nothing is late and nothing needs your decision",
        "1 action was finished last week and 3 are due this week.",
        "Thank you, Dora Silva: “Close the penetration-test findings” was finished by its date.",
    ]
    assert "<h2" not in made.html


def test_figures_that_are_not_known_are_left_out():
    """A row of which little is known shows no empty figure."""
    bare = owner_section()._replace(late=(), blocked=(row(5, "Ask the supplier", status=Status.BLOCKED),), later=0)
    made = mail(bare._replace(due_soon=(), waiting=(), fixes=(), stand_in=(), finished=()))
    assert "None" not in made.text + made.html
    assert "% done" not in made.text
    assert "tile" not in made.html.partition("</head>")[2]


def test_a_merged_mail_has_the_owners_part_first_and_every_plan_with_its_keeper():
    """One mail for several plans and both kinds: own sections, own links, ids with the plan's name."""
    other = plan("en", "Warehouse move", link="https://other.example.com/w", uid="warehouse")
    other = other._replace(keeper_name="Ben Weber", keeper_address="ben@example.org")
    made = mail(leader_section(), owner_section(facts=other), owner_section())
    heads = [line for line in made.text.splitlines() if line.startswith(("Product launch ·", "Warehouse move ·"))]
    assert [head.rpartition("· ")[2] for head in heads] == ["Your actions", "Your actions", "The week of the plan"]
    assert "Keeper: Ben Weber (ben@example.org)" in made.text
    assert "Warehouse move A-014" in made.text
    assert made.subject == "4 late, 2 blocked, 4 due soon; 3 late, 2 decisions for you - Product launch and 1 more plan"
    assert made.text.count("Ana, ") == 1


def test_the_footer_offers_only_what_works():
    """Stopping goes to the keeper unless answers are read; the keeper is not sent to themselves."""
    assert "To stop or pause, write to Rui Costa (rui@example.org)" in mail(owner_section()).text
    assert "answer this mail with “stop”" in mail(owner_section(), mailbox=True).text
    assert "write to Rui Costa" not in mail(owner_section(), person=RUI).text


def test_somebody_who_only_stands_in_is_told_so():
    """Who owns nothing in a plan does not read that they do."""
    section = OwnerSection(plan(), stand_in=owner_section().stand_in)
    assert "because you look after Product launch where no mail reaches" in mail(section).text


def test_one_plan_says_once_why_and_who_can_stop_it():
    """Own and leader's part of one plan: each reason, one keeper, one time of reading."""
    made = mail(owner_section(), leader_section(), person=ANA)
    footer = made.text.rpartition("____")[2]
    assert "in the Owner column of Product launch" in footer
    assert "because you lead Product launch" in footer
    assert "these plans" not in made.text
    assert made.text.count("Rui Costa (rui@example.org)") == 1
    assert made.text.count("Read from the sheet") == 1


def test_a_keeper_of_every_plan_is_not_sent_to_themselves():
    """Of several plans; where one is kept by somebody else the sentence names the keepers."""
    other = plan("en", "Warehouse move", uid="warehouse")
    sections = (owner_section(), owner_section(facts=other))
    assert "You keep these plans" in mail(*sections, person=RUI).text
    assert "write to the keeper" not in mail(*sections, person=RUI).text
    kept = other._replace(keeper_address="ben@example.org")
    assert "write to the keeper" in mail(owner_section(), owner_section(facts=kept), person=RUI).text


def test_rows_to_look_after_are_not_called_ones_own():
    """A part of nothing but rows of others has a heading of its own."""
    section = OwnerSection(plan(), stand_in=owner_section().stand_in)
    text = mail(section, leader_section(), person=RUI).text
    assert "Product launch · To look after" in text
    assert "Your actions" not in text


def test_a_row_stands_in_one_place_of_a_mail():
    """A row that asks for a decision is not asked to be looked after as well; a part left empty is gone."""
    rows = owner_section().stand_in
    led = leader_section()._replace(decisions=rows)
    both = mail(OwnerSection(plan(), stand_in=rows), led, person=RUI)
    assert both == mail(led, person=RUI)
    elsewhere = OwnerSection(plan("en", "Warehouse move", uid="warehouse"), stand_in=rows)
    assert mail(elsewhere, led, person=RUI).text.count(rows[0].title) == 2


def test_no_headline_is_said_twice():
    """A part that would say what the whole mail says has no headline; its lists move up a rank."""
    made = mail(owner_section(), leader_section())
    assert made.text.count("2 actions are late and 1 blocked") == 1
    assert made.html.count("2 actions are late and 1 blocked") == 1
    ranks = re.findall(r"<h([123])", made.html)
    assert ranks[:2] == ["1", "2"]
    assert all(int(after) - int(before) <= 1 for before, after in pairwise(ranks))


@pytest.mark.parametrize("language", ["en", "pt", "es"])
def test_the_reason_names_the_owner_column_as_the_sheet_does(language):
    """Whatever the reader's language; each header once where tabs differ."""
    headers = tuple((tab, (("owner", header),)) for tab, header in (("1", "Who"), ("2", "Quem"), ("3", "Who")))
    text = mail(owner_section(language, facts=plan(language)._replace(headers=headers))).text
    assert "Who / Quem " in text.rpartition("____")[2]


@pytest.mark.parametrize(
    ("language", "name", "place"),
    [
        ("en", "Plan B", "  Plan B, tab"),
        ("pt", "Plano B", "  Plano B, aba"),
        ("pt", "Obra", "  Plano Obra, aba"),
        ("es", "Plan B", "  Plan B, pestaña"),
    ],
)
def test_a_name_that_says_plan_is_not_called_a_plan_again(language, name, place):
    """Where a row stands, in words."""
    assert place in mail(owner_section(language, facts=plan(language, name, link=""))).text


def test_a_day_that_is_over_has_its_month():
    """A weekday alone would read as one to come."""
    late = row(40, "Sign", days_late=4, due=day(1, 12))
    facts = plan()._replace(day=day(7, 12))
    text = mail(OwnerSection(facts, due_soon=(row(2, "Book", due=day(9, 12)),), stand_in=(late,))).text
    assert "• 1 Dec: Sign" in text
    assert "• Wed 9: Book" in text


def test_a_sentence_begins_with_a_capital():
    """Also where a language counts in the middle of it."""
    assert "\nLe esperan 2 decisiones\n" in mail(leader_section("es")._replace(late=0)).text


@pytest.mark.parametrize(
    ("person", "of_plan", "says"),
    [
        ("", "pt", "O que precisa de você"),
        ("es", "pt", "Lo que requiere su atención"),
        ("pt-BR", "en", "O que precisa de você"),
    ],
)
def test_the_language_is_the_readers_else_the_plans(person, of_plan, says):
    """A person's language goes before the plan's."""
    made = mail(owner_section(of_plan), person=ANA._replace(language=person))
    assert says in made.html


def test_days_and_shares_are_written_in_the_readers_language():
    """Dates by the reader's locale, without points that meet those of sentences."""
    assert "desde sex, 13 de nov · 60% feito" in mail(owner_section("pt")).text
    assert "desde el vie, 13 nov · 60\u00a0% hecho" in mail(owner_section("es")).text
    assert ".." not in mail(owner_section("pt")).text + mail(leader_section("pt")).text


def test_the_time_of_reading_is_the_plans():
    """Freshness in the plan's own time zone."""
    facts = plan()._replace(timezone="America/Sao_Paulo")
    assert "Read from the sheet Mon 23 Nov 04:28." in mail(owner_section(facts=facts)).text


@pytest.mark.parametrize(
    ("name", "greeted"),
    [("Ana Lima", "Ana"), ("Lima, Ana Maria", "Ana"), ("Dr. Lima", "Dr. Lima"), ("Ana", "Ana"), ("Lima,", "Lima")],
)
def test_people_are_greeted_by_first_name(name, greeted):
    """The first name, whichever way the directory writes it."""
    assert first_name(name) == greeted


def test_the_same_notices_make_the_same_mail_in_any_order():
    """Same input, same bytes."""
    sections = [owner_section(), leader_section(), owner_section(facts=plan("en", "Warehouse move", uid="w"))]
    assert mail(*sections) == mail(*reversed(sections))


def test_a_correction_is_worded_in_the_readers_language():
    """A correction reads in the reader's language."""
    assert "A-031" in mail(owner_section("pt"), person=ANA._replace(language="es")).text
    assert "Acción" in mail(owner_section("pt"), person=ANA._replace(language="es")).text


def test_a_correction_names_columns_as_the_sheet_does():
    """What to type names the sheet's own header, whatever the reader's language."""
    facts = plan("en")._replace(headers=(("Actions", (("action", "What <b>to</b> do"),)),))
    made = mail(owner_section("en", facts), person=ANA._replace(language="es"))
    assert '"What <b>to</b> do"' in made.text
    assert "Acción" not in made.text
    assert "What &lt;b&gt;to&lt;/b&gt; do" in made.html


def test_a_blocked_row_that_is_late_says_both():
    """Blocked does not hide lateness."""
    both = row(2, "Sign", status=Status.BLOCKED, flag=Flag.OVERDUE, days_late=1, due=day(20), blocker="No budget")
    text = mail(owner_section()._replace(late=(both,), blocked=())).text
    assert "1 working day late · Blocked" in text
    assert "What blocks it: No budget" in text


def test_the_keepers_preview_names_people_without_figures():
    """Names in alphabetical order, each alone on its line; counts apart; the two commands to type."""
    waiting = Waiting(plan(), ("Rui Costa", "ana lima", "Dora Silva", EVIL[0]), mails=4, unreached=2)
    made = render_keeper_preview([waiting], keeper=RUI, now=NOW)
    names = [line[2:] for line in made.text.splitlines() if line.startswith("• ")]
    assert names[1:] == ["ana lima", "Dora Silva", "Rui Costa"]
    assert "4 mails wait." in made.text.splitlines()
    assert "sheets-sync mail preview NAME" in made.html
    assert "sheets-sync mail release" in made.html
    assert set(Page(made.html).elements) <= KNOWN


def test_the_preview_of_far_more_people_than_last_time_says_so():
    """Somebody was mailed before: these are no first mails, and each plan says why its own wait."""
    first = Waiting(plan(), ("Ana Lima",), mails=1)
    more = Waiting(plan("en", "Warehouse move", uid="warehouse"), ("Dora Silva",), mails=40, again=True)
    jumped = render_keeper_preview([more], keeper=RUI, now=NOW)
    assert jumped.subject == "Mails wait for your word - Warehouse move"
    assert "Far more people than last time would be mailed about Warehouse move" in jumped.text
    assert not re.search("first mails|nobody but you", jumped.text + jumped.html, re.IGNORECASE)
    both = render_keeper_preview([first, more], keeper=RUI, now=NOW).text
    assert "nobody but you has been mailed about Product launch." in both
    assert "would be mailed about Warehouse move," in both


def test_rendering_asks_for_no_network(monkeypatch):
    """No style, picture or font comes from elsewhere."""
    html = mail(owner_section()).html
    assert not re.search(r"@import|url\(|<img|<link|<script", html)


def test_a_day_is_shown_in_the_zone_of_the_plan():
    """The date on top is the plan's day, not the machine's."""
    late = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)
    facts = plan()._replace(timezone="Asia/Tokyo")
    assert "Tue 24 Nov" in render([notice(owner_section(facts=facts))], now=late).text.splitlines()[0]
