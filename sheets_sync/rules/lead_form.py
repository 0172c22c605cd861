"""The verb hidden in a gerund or noun at the start of an action: "Reviewing" and "Revisão" want "Review", "Revisar"."""

from sheets_sync.rules.reading import Reading
from sheets_sync.rules.tables import Tables


def hidden_verb(reading: Reading) -> str:
    """The listed verb from which the first word is made, as it is written; "" when none is found."""
    if reading.start >= len(reading.tokens):
        return ""
    word, known = reading.tokens[reading.start], reading.tables
    if word in known.noun_or_verb and word in known.verbs:
        return known.verbs[word]
    for ending, verb_endings in known.forms:
        stem = word.removesuffix(ending)
        if stem == word or not stem or (len(ending) < 3 and word in known.deliverables):
            continue
        verb = _made_from(stem, verb_endings, known)
        if verb:
            return verb
    return ""


def _made_from(stem: str, verb_endings: tuple[str, ...], known: Tables) -> str:
    for ending in verb_endings:
        spelled = known.verbs.get(stem + ending)
        if spelled is not None:
            return spelled
    # "planning" doubles the last letter of "plan".
    doubled = "" in verb_endings and stem[-1:] == stem[-2:-1]
    return known.verbs.get(stem[:-1], "") if doubled else ""
