"""An owner's part of a mail in words: what needs them first, what comes soon, who waits, what to correct."""

from collections.abc import Sequence

from sheets_sync.core.notices import Kind, OwnerSection, Row
from sheets_sync.notify.mail_view import ListView, Notes, Part, RowView, Tile
from sheets_sync.notify.room import Share
from sheets_sync.notify.row_words import Voice, capitalised, card, correction, listed

LONGEST_IN_SENTENCE = 80
MOST_FINISHED = 3


def owner_part(section: OwnerSection, voice: Voice, share: Share, first_name: str = "") -> Part:
    """The part for a reader who is greeted as `first_name`, "" where the mail greets them once for all parts."""
    words = voice.words
    return Part(
        kind=Kind.OWNER_WEEK.value,
        plan=voice.plan_name,
        link=voice.link,
        section=words.say("section_owner" if owns_in(section) else "section_stand_in"),
        headline=greeted(first_name, owner_headline((section,), voice), voice),
        subline=_subline(section, voice),
        thanks=_finished(section.finished, voice),
        tiles=_tiles(section, voice),
        first=_cards(section, voice, share.cards),
        bar_heading="",
        bar=(),
        lists=_lists(section, voice, share),
        notes=_later(section, voice),
        closing=(),
    )


def owns_in(section: OwnerSection) -> bool:
    """Whether anything in this section is the reader's own, not only what they look after for others."""
    own = (section.finished, section.late, section.blocked, section.due_soon, section.waiting, section.fixes)
    return any(own) or bool(section.later)


def owner_short(sections: Sequence[OwnerSection], voice: Voice) -> str:
    """What a subject says: "2 late, 1 blocked, 2 due soon"."""
    counts = _added(sections)
    said = [voice.words.count(f"short_{name}", number) for name, number in counts if number]
    return ", ".join(said[:3]) or voice.words.say("short_nothing")


def owner_headline(sections: Sequence[OwnerSection], voice: Voice) -> str:
    """ "2 actions are late and 1 blocked": the two most pressing things of all sections."""
    words = voice.words
    pressing = [(name, number) for name, number in _added(sections) if number]
    if not pressing:
        return words.say("headline_finished")
    (name, number), *others = pressing
    text = words.count(f"headline_{name}", number)
    if name == "late" and others and others[0][0] == "blocked":
        return words.say("two", first=text, second=words.count("short_blocked", others[0][1]))
    return text


def _added(sections: Sequence[OwnerSection]) -> list[tuple[str, int]]:
    """Counts over all sections, most pressing first."""
    return [
        ("late", sum(len(section.late) for section in sections)),
        ("blocked", sum(len(section.blocked) for section in sections)),
        ("due", sum(len(section.due_soon) for section in sections)),
        ("stand_in", sum(len(section.stand_in) for section in sections)),
        ("waiting", sum(len(section.waiting) for section in sections)),
        ("fixes", sum(len(section.fixes) for section in sections)),
    ]


def greeted(first_name: str, what: str, voice: Voice) -> str:
    """The headline with the reader's name in front; without one it starts with a capital."""
    if not first_name:
        return capitalised(what)
    return voice.words.say("headline_named", name=first_name, what=what)


def _subline(section: OwnerSection, voice: Voice) -> str:
    words, said = voice.words, []
    if len(section.late) > 1:
        said.append(words.say("oldest", title=voice.text(section.late[0].title, LONGEST_IN_SENTENCE)))
    if section.due_soon and (section.late or section.blocked):
        said.append(words.count("more_due", len(section.due_soon)))
    elif len(section.due_soon) > 1:
        said.append(words.say("first_due", title=voice.text(section.due_soon[0].title, LONGEST_IN_SENTENCE)))
    return " ".join(said)


def _finished(rows: tuple[Row, ...], voice: Voice) -> str:
    if not rows:
        return ""
    titles = [f"“{voice.text(row.title, LONGEST_IN_SENTENCE)}”" for row in rows[:MOST_FINISHED]]
    if len(rows) > MOST_FINISHED:
        titles.append(voice.words.count("and_more", len(rows) - MOST_FINISHED))
    return voice.words.count("done_lately", len(rows), titles=voice.words.joined(titles))


def _tiles(section: OwnerSection, voice: Voice) -> tuple[Tile, ...]:
    words = voice.words
    counts = (
        (len(section.late), "late", "red"),
        (len(section.blocked), "blocked", "amber"),
        (len(section.due_soon), "due", "plain"),
        (section.later, "later", "plain"),
    )
    tiles = [Tile(words.number(n), words.count(f"tile_{word}", n), tone) for n, word, tone in counts if n]
    return tuple(tiles) if len(tiles) > 1 else ()


def _cards(section: OwnerSection, voice: Voice, room: int) -> tuple[ListView, ...]:
    words = voice.words
    shown = (*section.late, *section.blocked)[:room]
    if not shown:
        return ()
    late = sum(row.days_late > 0 for row in shown)
    ask = words.count("ask_late", late) if late else words.count("ask_blocked_only", len(shown))
    if 0 < late < len(shown):
        ask = f"{ask} {words.say('ask_blocked')}"
    cards = tuple(card(row, voice) for row in shown)
    return (ListView(words.say("needs_first"), cards, ask),)


def _lists(section: OwnerSection, voice: Voice, share: Share) -> tuple[ListView, ...]:
    further = (*section.late, *section.blocked)[share.cards :]
    lists = (
        ("also_late", "", further),
        ("due_heading", "", section.due_soon),
        ("stand_in_heading", "stand_in_lead", section.stand_in),
        ("waiting_heading", "waiting_lead", section.waiting),
        ("fixes_heading", "", section.fixes),
    )
    said = []
    for (heading, lead, rows), room in zip(lists, share.rows, strict=True):
        if rows:
            said.append(_list(heading, lead, rows, voice, room))
    return tuple(said)


def _list(heading: str, lead: str, rows: Sequence[Row], voice: Voice, room: int) -> ListView:
    words = voice.words
    shown: tuple[RowView, ...] = tuple(
        correction(row, voice) if heading == "fixes_heading" else listed(row, voice) for row in rows[:room]
    )
    left = len(rows) - len(shown)
    return ListView(
        words.say(heading),
        shown,
        words.say(lead) if lead else "",
        words.count("more_in_plan", left) if left else "",
    )


def _later(section: OwnerSection, voice: Voice) -> tuple[Notes, ...]:
    return (Notes("", (voice.words.count("later", section.later),)),) if section.later else ()
