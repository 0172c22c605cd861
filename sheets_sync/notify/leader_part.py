"""A leader's part of a mail in words: headline, a line of thanks, the decisions asked; then how the plan stands. When
nothing needs the leader it is three lines. No figure ever stands in one line with a person's name (HAZARDS 24)."""

from collections.abc import Iterable, Sequence

from sheets_sync.core.model import Field
from sheets_sync.core.notices import Kind, LeaderSection
from sheets_sync.notify.mail_view import Bar, ListView, Notes, Part, Tile
from sheets_sync.notify.room import Share
from sheets_sync.notify.row_words import Voice, capitalised, decision, finished
from sheets_sync.words.rule_words import rule_words

MOST_THANKED = 4
UNCHECKED = ("not_checked", "not_checked_unclear", "cannot_say_done")


def leader_part(section: LeaderSection, voice: Voice, share: Share) -> Part:
    """The part for anybody who leads this plan."""
    part = Part(
        kind=Kind.LEADER_WEEK.value,
        plan=voice.plan_name,
        link=voice.link,
        section=voice.words.say("section_leader"),
        headline=leader_headline((section,), voice),
        subline=_week(section, voice),
        thanks=_thanks(section, voice),
        tiles=(),
        first=(),
        bar_heading="",
        bar=(),
        lists=(),
        notes=(),
        closing=(),
    )
    if not section.decisions:
        return part
    bar = _bar(section, voice)
    return part._replace(
        tiles=_tiles(section, voice),
        first=(_decisions(section, voice, share.cards),),
        bar_heading=voice.words.count("stand_heading", section.live + section.done) if bar else "",
        bar=bar,
        lists=_finished(section, voice, share),
        notes=tuple(_notes(section, voice)),
    )


def leader_headline(sections: Sequence[LeaderSection], voice: Voice) -> str:
    """ "3 actions are late, 2 decisions wait for you"."""
    words = voice.words
    late, asked = sum(section.late for section in sections), decisions_in(sections)
    if not late and not asked:
        return words.say("leader_quiet")
    if not late:
        return capitalised(words.count("leader_decide", asked))
    decide = words.count("leader_decide", asked) if asked else words.say("leader_none_decide")
    return words.say("leader_headline", late=words.count("leader_late", late), decide=decide)


def leader_short(sections: Sequence[LeaderSection], voice: Voice) -> str:
    """What a subject says: "3 late, 2 decisions for you"."""
    words = voice.words
    late, asked = sum(section.late for section in sections), decisions_in(sections)
    said = [words.count("short_late", late)] if late else []
    said += [words.count("short_decisions", asked)] if asked else []
    return ", ".join(said) or words.say("short_nothing")


def decisions_in(sections: Iterable[LeaderSection]) -> int:
    """How many rows ask for a decision, shown or not."""
    return sum(len(section.decisions) + section.more_decisions for section in sections)


def _week(section: LeaderSection, voice: Voice) -> str:
    """What became of the week, in one or two sentences."""
    words, done = voice.words, len(section.finished)
    first = words.count("week_done", done) if done else words.say("week_none_done")
    due = words.count("week_due", section.due_next) if section.due_next else words.say("week_none_due")
    sentence = words.say("two", first=first, second=due)
    before = section.late_before
    if before is None or (before == section.late and not before):
        return sentence
    if before == section.late:
        return f"{sentence} {words.say('late_same')}"
    facts = {"before": words.number(before), "now": words.number(section.late)}
    return f"{words.say('late_changed', **facts)} {sentence}"


def _thanks(section: LeaderSection, voice: Voice) -> str:
    """One line for those who finished by the promised day; a title with a figure in it is not quoted beside a name."""
    rows = [row for row in section.finished if row.owner]
    names = sorted({voice.text(row.owner) for row in rows}, key=str.casefold)
    if not names:
        return ""
    words, title = voice.words, voice.text(rows[0].title)
    if len(rows) == 1 and not any(letter.isnumeric() for letter in title):
        return words.say("thanks_title", names=names[0], title=title)
    shown = names[:MOST_THANKED] + ([words.say("others")] if len(names) > MOST_THANKED else [])
    return words.say("thanks", names=words.joined(shown))


def _decisions(section: LeaderSection, voice: Voice, room: int) -> ListView:
    words = voice.words
    shown = tuple(decision(row, voice) for row in section.decisions[:room])
    left = len(section.decisions) - len(shown) + section.more_decisions
    return ListView(words.say("decisions_heading"), shown, more=words.count("more_in_plan", left) if left else "")


def _tiles(section: LeaderSection, voice: Voice) -> tuple[Tile, ...]:
    words = voice.words
    total = words.number(section.live + section.done)
    counts = (
        (section.done, "done", "green"),
        (section.late, "late", "red"),
        (section.blocked, "blocked", "amber"),
        (section.due_next, "due_week", "plain"),
    )
    return tuple(
        Tile(words.number(n), words.count(f"tile_{word}", n, all=total), tone if n else "plain")
        for n, word, tone in counts
    )


def _bar(section: LeaderSection, voice: Voice) -> tuple[Bar, ...]:
    """Pieces that add up to a hundred percent; none where the counts overlap and a bar would not be true."""
    rest = section.live - section.late - section.blocked
    total = section.live + section.done
    if rest < 0 or not total:
        return ()
    pieces = (
        (section.done, "bar_done", "green"),
        (rest, "bar_open", "blue"),
        (section.blocked, "bar_blocked", "amber"),
        (section.late, "bar_late", "red"),
    )
    shown = [piece for piece in pieces if piece[0]]
    edges = [round(100 * sum(piece[0] for piece in shown[:place]) / total) for place in range(len(shown) + 1)]
    words = voice.words
    return tuple(
        Bar(words.say(word), words.number(count), max(1, end - start), tone)
        for (count, word, tone), start, end in zip(shown, edges, edges[1:], strict=False)
    )


def _finished(section: LeaderSection, voice: Voice, share: Share) -> tuple[ListView, ...]:
    if not section.finished:
        return ()
    words, dates = voice.words, voice.dates
    heading = words.say("done_heading", first=dates.short(section.first), last=dates.short(section.last))
    (room,) = share.rows
    left = len(section.finished) - room
    rows = tuple(finished(row, voice) for row in section.finished[:room])
    return (ListView(heading, rows, more=words.count("more_in_plan", left) if left > 0 else ""),)


def _notes(section: LeaderSection, voice: Voice) -> Iterable[Notes]:
    words = voice.words
    fixes = tuple(
        words.count("fix_rows", fix.rows, what=words.fixes[fix.code])
        for fix in section.commonest_fixes
        if fix.code in words.fixes
    )
    if fixes:
        yield Notes(words.say("quality_heading"), fixes, words.count("flagged", section.flagged))
    unchecked = [_unchecked(key, dict(facts), voice) for key, facts in section.unchecked if key in UNCHECKED]
    if section.unreached:
        unchecked.append(words.count("unreached", section.unreached))
    if unchecked:
        yield Notes(words.say("unchecked_heading"), tuple(dict.fromkeys(unchecked)))


def _unchecked(key: str, facts: dict[str, str], voice: Voice) -> str:
    shown = {name: voice.text(fact) for name, fact in facts.items()}
    column = facts.get("column", "")
    if column in tuple(Field):
        shown["column"] = rule_words(voice.words.language).cells[column]
    return voice.words.say(key, **shown)
