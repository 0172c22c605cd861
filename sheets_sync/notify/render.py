"""From the notices that wait for one person to the wording of one mail. How a plan's part is worded: `owner_part`,
`leader_part`; how it looks: the templates."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sheets_sync.core.mails import Rendered
from sheets_sync.core.notices import Kind, LeaderSection, Notice, OwnerSection, Section
from sheets_sync.core.persons import Person
from sheets_sync.notify.footer import closing_lines, footer_lines
from sheets_sync.notify.format_dates import Dates
from sheets_sync.notify.keeper_failing import Failing, failing_view
from sheets_sync.notify.keeper_preview import Waiting, keeper_view
from sheets_sync.notify.leader_part import leader_headline, leader_part, leader_short
from sheets_sync.notify.mail_view import FailingView, KeeperView, MailView, Part
from sheets_sync.notify.owner_part import greeted, owner_headline, owner_part, owner_short
from sheets_sync.notify.plain_text import LONGEST_NAME, cell_text, one_line
from sheets_sync.notify.room import Room, Share, shares
from sheets_sync.notify.row_words import BETWEEN, Voice, capitalised
from sheets_sync.notify.template_files import filled
from sheets_sync.words.mail_words import mail_language, mail_words

LARGEST_HTML = 80_000
"""Bytes. Some mail programs cut a mail off at about 102,000."""
SEVERAL = "week"
"""The templates of a mail that holds both kinds."""

__all__ = ["Failing", "Waiting", "render", "render_keeper_failing", "render_keeper_preview"]


class _Letter(NamedTuple):
    """What one mail is made of. Owner's parts come first, each kind by plan."""

    person: Person
    sections: tuple[Section, ...]
    voices: tuple[Voice, ...]
    mailbox: bool

    @property
    def template(self) -> str:
        """The stem of the template files."""
        kinds = {kind_of(section) for section in self.sections}
        return kinds.pop().value if len(kinds) == 1 else SEVERAL


def render(
    notices: Sequence[Notice], *, templates: Path | None = None, mailbox: bool = False, now: dt.datetime
) -> Rendered:
    """One mail of all that waits for one person, in their language (else the first plan's).

    `templates` is the team's own template folder, None without one; UsageError names file and line when one of its
    files cannot be trusted or used. `mailbox` tells that answers are read. `now` is aware.
    """
    letter = _letter(notices, mailbox)
    room = Room()
    while True:
        view = _view(letter, room, now)
        html = _styled(filled(f"{letter.template}-body.html.j2", templates, mail=view))
        if len(html.encode()) < LARGEST_HTML or not room.rows:
            break
        room = room.halved()
    subject = one_line(filled(f"{letter.template}-subject.txt.j2", templates, mail=view))
    return Rendered(subject, _tidy(filled(f"{letter.template}-body.txt.j2", templates, mail=view)), html)


def render_keeper_preview(
    waiting: Sequence[Waiting], *, keeper: Person, templates: Path | None = None, now: dt.datetime
) -> Rendered:
    """The mail that tells a keeper what waits to be released: whom it is for, how many mails, what to type."""
    return _to_keeper("keeper-preview", keeper_view(waiting, keeper, now), templates)


def render_keeper_failing(
    failing: Sequence[Failing], *, keeper: Person, templates: Path | None = None, now: dt.datetime
) -> Rendered:
    """The mail that tells a keeper which plans did not get their runs, why, and what to do."""
    return _to_keeper("keeper-failing", failing_view(failing, keeper, now), templates)


def _to_keeper(stem: str, view: KeeperView | FailingView, templates: Path | None) -> Rendered:
    return Rendered(
        one_line(filled(f"{stem}-subject.txt.j2", templates, mail=view)),
        _tidy(filled(f"{stem}-body.txt.j2", templates, mail=view)),
        _styled(filled(f"{stem}-body.html.j2", templates, mail=view)),
    )


def kind_of(section: Section) -> Kind:
    """Which kind of mail a section belongs to."""
    return Kind.OWNER_WEEK if isinstance(section, OwnerSection) else Kind.LEADER_WEEK


def _letter(notices: Sequence[Notice], mailbox: bool) -> _Letter:
    person = notices[0].person
    ordered = sorted(notices, key=lambda notice: (notice.kind is not Kind.OWNER_WEEK, notice.section.plan.name))
    sections = _each_row_once([notice.section for notice in ordered])
    words = mail_words(mail_language(person.language, sections[0].plan.language))
    several = len({section.plan.uid for section in sections}) > 1
    voices = (
        Voice(words, Dates(words.locale, section.plan.day), section.plan, several=several) for section in sections
    )
    return _Letter(person, sections, tuple(voices), mailbox)


def _each_row_once(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections without rows to look after that the same mail asks to be decided, and without what is empty then."""
    decided = {
        (section.plan.uid, row.tab, row.row)
        for section in sections
        if isinstance(section, LeaderSection)
        for row in section.decisions
    }
    kept: list[Section] = []
    for section in sections:
        if isinstance(section, OwnerSection) and decided:
            uid = section.plan.uid
            rest = tuple(row for row in section.stand_in if (uid, row.tab, row.row) not in decided)
            if rest != section.stand_in and not section._replace(stand_in=rest):
                continue
            kept.append(section._replace(stand_in=rest))
        else:
            kept.append(section)
    return tuple(kept)


def _view(letter: _Letter, room: Room, now: dt.datetime) -> MailView:
    parts = tuple(
        _part(section, voice, share, letter)
        for section, voice, share in zip(letter.sections, letter.voices, shares(letter.sections, room), strict=True)
    )
    voice = letter.voices[0]
    headline = _headline(letter) if len(parts) > 1 else ""
    name = first_name(letter.person.name) if _owned(letter) else ""
    day = now.astimezone(ZoneInfo(voice.plan.timezone)).date()
    return MailView(
        language=voice.words.language,
        subject=one_line(_subject(letter)),
        preheader=_preheader(parts),
        day=voice.dates.full(day),
        headline=greeted(name, headline, voice),
        new_word=voice.words.say("new"),
        parts=tuple(part._replace(headline="") if part.headline == capitalised(headline) else part for part in parts),
        footer=footer_lines(letter.person, letter.sections, letter.voices, mailbox=letter.mailbox),
    )


def _part(section: Section, voice: Voice, share: Share, letter: _Letter) -> Part:
    if isinstance(section, OwnerSection):
        part = owner_part(section, voice, share, "" if len(letter.sections) > 1 else first_name(letter.person.name))
    else:
        part = leader_part(section, voice, share)
    return part._replace(closing=closing_lines(voice)) if voice.several else part


def first_name(name: str) -> str:
    """How to greet somebody: "Ana" for "Ana Lima" and "Lima, Ana"; all of it where it starts with a title."""
    shown = cell_text(name, LONGEST_NAME)
    family, comma, given = shown.partition(",")
    words = (given if comma and given.strip() else family).split()
    return words[0] if words and not words[0].endswith(".") else shown


def _owned(letter: _Letter) -> list[OwnerSection]:
    return [section for section in letter.sections if isinstance(section, OwnerSection)]


def _led(letter: _Letter) -> list[LeaderSection]:
    return [section for section in letter.sections if isinstance(section, LeaderSection)]


def _subject(letter: _Letter) -> str:
    voice = letter.voices[0]
    owned, led = _owned(letter), _led(letter)
    said = [owner_short(owned, voice)] if owned else []
    said += [leader_short(led, voice)] if led else []
    plans = list(dict.fromkeys(one.plan_name for one in letter.voices))
    named = plans[0]
    if len(plans) > 1:
        named = voice.words.count("subject_more_plans", len(plans) - 1, first=named)
    what = "; ".join(dict.fromkeys(said))
    return voice.words.say("subject", what=what[:1].upper() + what[1:], plans=named)


def _headline(letter: _Letter) -> str:
    """The headline over several parts: the reader's own actions first. A part that says the same has none."""
    owned, voice = _owned(letter), letter.voices[0]
    return owner_headline(owned, voice) if owned else leader_headline(_led(letter), voice)


def _preheader(parts: Sequence[Part]) -> str:
    """The line a mail program shows beside the subject: the first row and what is asked."""
    for part in parts:
        for shown in (*part.first, *part.lists):
            for row in shown.rows:
                return BETWEEN.join(filter(None, (row.title, row.state or row.day)))
    return parts[0].subline


def _styled(html: str) -> str:
    """The page with its styles written into its elements; what depends on the screen stays in its head."""
    from css_inline import CSSInliner

    inliner = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, minify_css=True)
    return inliner.inline(html)


def _tidy(text: str) -> str:
    """No spaces at line ends, never more than one empty line, one line break at the end."""
    lines = [line.rstrip() for line in text.splitlines()]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept).strip("\n") + "\n"
