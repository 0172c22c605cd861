"""Several actions in one text: where the further verbs stand, and the text split before them (DOMAIN 3.1 step 4)."""

from typing import NamedTuple

from sheets_sync.rules.reading import Reading
from sheets_sync.rules.tables import CLAUSE_MARKS, TOKEN, is_adverb, is_verb, phrase_at


class Further(NamedTuple):
    """A further verb: the place of its token, and where the separator before it begins."""

    gap: int
    verb: int


def further_verbs(reading: Reading) -> tuple[Further, ...]:
    """Verbs after a conjunction, comma, semicolon or full stop, before the first purpose marker.

    Text in brackets does not count, nor words as often noun as verb (unless an article follows), nor the second verb
    of a doublet.
    """
    tokens, known, language = reading.tokens, reading.tables, reading.language
    if reading.words.isdisjoint(known.gaps):
        return ()
    found: list[Further] = []
    last_verb = reading.lead
    place = max(reading.lead, reading.start - 1) + 1
    depth = 0
    while place < len(tokens):
        word = tokens[place]
        if word not in known.joints:
            place += 1
            continue
        depth += (word == "(") - (word == ")")
        if depth <= 0 and word in known.turns and _turns_to_purpose(reading, place):
            break
        gap_end = _gap_end(reading, place) if depth <= 0 and word in known.gaps else place
        if gap_end >= len(tokens):
            break
        if gap_end == place:
            place += 1
            continue
        if is_verb(tokens[gap_end], language) and not _may_be_noun(reading, gap_end):
            doublet = last_verb == place - 1 == gap_end - 2 and (tokens[last_verb], tokens[gap_end]) in known.doublets
            if not (doublet and word not in CLAUSE_MARKS):
                found.append(Further(place, gap_end))
            last_verb = gap_end
        place = gap_end
    # Without a leading verb the first one found is the action itself.
    return tuple(found if reading.lead >= 0 else found[1:])


def _turns_to_purpose(reading: Reading, place: int) -> bool:
    tokens, known = reading.tokens, reading.tables
    if phrase_at(tokens, place, known.purpose):
        return True
    if tokens[place] not in known.purpose_before_verb or place + 1 >= len(tokens):
        return False
    follower = tokens[place + 1]
    if is_adverb(follower, known) and place + 2 < len(tokens):
        follower = tokens[place + 2]
    return is_verb(follower, reading.language)


def _gap_end(reading: Reading, place: int) -> int:
    """The first token after a run of separators, conjunctions and adverbs that starts here; `place` when none does."""
    tokens, known = reading.tokens, reading.tables
    end = place
    while end < len(tokens):
        word = tokens[end]
        if word == "." and end and tokens[end - 1] in known.abbreviations:
            return place
        length = int(word in CLAUSE_MARKS) or phrase_at(tokens, end, known.conjunctions)
        if not length and end > place:
            length = int(is_adverb(word, known))
        if not length:
            return end
        end += length
    return end


def _may_be_noun(reading: Reading, place: int) -> bool:
    tokens, known = reading.tokens, reading.tables
    if tokens[place] not in known.noun_or_verb:
        return False
    return place + 1 >= len(tokens) or tokens[place + 1] not in known.articles


def split_text(reading: Reading, further: tuple[Further, ...]) -> tuple[str, ...]:
    """The text as one sentence per action, to paste; () when the pieces cannot be told apart.

    A bare verb borrows what follows the next one: "Buy and install scanner" gives "Buy scanner", "Install scanner".
    """
    spans = [match.span() for match in TOKEN.finditer(reading.text)]
    if len(spans) != len(reading.tokens) or not further:
        return ()
    first = reading.lead if reading.lead >= 0 else reading.start
    starts = [first, *(one.verb for one in further)]
    ends = [one.gap for one in further]
    pieces = [reading.text[spans[a][0] : spans[b - 1][1]] for a, b in zip(starts, ends, strict=False)]
    pieces.append(reading.text[spans[starts[-1]][0] :].rstrip(" .;,"))
    bare = [end - start == 1 for start, end in zip(starts, ends, strict=False)]
    for number in reversed(range(len(bare))):
        if bare[number]:
            thing = _object_start(reading, starts[number + 1])
            rest = pieces[number + 1][spans[thing][0] - spans[starts[number + 1]][0] :] if thing < len(spans) else ""
            pieces[number] = f"{pieces[number]} {rest}".rstrip()
    if any(" " not in piece for piece in pieces):
        return ()
    return tuple(piece[:1].upper() + piece[1:] for piece in pieces)


def _object_start(reading: Reading, verb: int) -> int:
    """The place after a verb, or after both verbs of a doublet."""
    tokens = reading.tokens
    if verb + 2 < len(tokens) and (tokens[verb], tokens[verb + 2]) in reading.tables.doublets:
        return verb + 3
    return verb + 1
