"""ACT: is it clear what will be done? The word lists behind these rules are in the lexicon."""

from collections.abc import Iterable

from sheets_sync.core.model import Action, Field, Severity
from sheets_sync.rules.context import Parameters, Sight
from sheets_sync.rules.example import SAMPLE, rows
from sheets_sync.rules.lead_form import hidden_verb
from sheets_sync.rules.not_an_action import is_question, start_of_measure, start_of_problem
from sheets_sync.rules.outcome import has_outcome, is_completable
from sheets_sync.rules.reading import Reading, is_placeholder, spoken
from sheets_sync.rules.rule import Hit, Rule, wordings
from sheets_sync.rules.several_actions import further_verbs, split_text
from sheets_sync.rules.similarity import repeated
from sheets_sync.rules.tables import phrase_at


def _no_action(action: Action, sight: Sight) -> tuple[Hit, ...]:
    text = action.action
    if text and not is_placeholder(text):
        return ()
    told = (action.owner, action.due.text, action.status.text, action.done_when, action.start.text, action.note)
    if not any(told) and action.due.date is None:
        return ()
    return (Hit((("text", text),), "placeholder" if text.strip() else "blank"),)


NO_ACTION = Rule(
    code="ACT001",
    name="no-action",
    severity=Severity.E,
    title="No action text",
    summary="The action is blank or a placeholder (TBD, ?, idem, a definir ...) while another cell is filled.",
    why="Unclear actions are often where a plan breaks first; a row without one cannot be done or checked by anybody.",
    field=Field.ACTION,
    row=_no_action,
    facts=("text",),
    kinds=("blank", "placeholder"),
    collapses=True,
    bad=rows(SAMPLE._replace(action="TBD")),
    good=rows(SAMPLE._replace(action="Publish the price list on the intranet")),
    wordings=wordings("ACT001"),
)


def _too_short(reading: Reading, parameters: Parameters) -> Hit | None:
    if reading.done_when:
        return None
    least, words = parameters["min_words"], 0
    for token in reading.tokens:
        words += token[0].isalnum()
        if words >= least:
            return None
    return Hit((("text", reading.text),)) if least else None


TOO_SHORT = Rule(
    code="ACT002",
    name="too-short",
    severity=Severity.W,
    title="Too short to be clear",
    summary="The action has fewer than min_words words and nothing stands in Done when.",
    why="Two words seldom tell another person what needs to be done; the owner does what he or she thinks was meant.",
    field=Field.ACTION,
    text=_too_short,
    parameters=(("min_words", 3.0),),
    facts=("text",),
    any_language=True,
    collapses=True,
    bad=rows(SAMPLE._replace(action="Review stock")),
    good=rows(SAMPLE._replace(action="Count stock of the 40 A items")),
    wordings=wordings("ACT002"),
)


def _no_verb(reading: Reading, parameters: Parameters) -> Hit | None:
    if reading.lead >= 0 or not reading.tokens:
        return None
    verb = hidden_verb(reading)
    if not verb:
        return Hit(kind="none")
    return Hit((("word", spoken(reading, reading.start)), ("verb", verb.capitalize())), "form")


NO_VERB = Rule(
    code="ACT003",
    name="no-leading-verb",
    severity=Severity.H,
    title="Does not start with a verb",
    summary="No action verb in front: a title, a gerund or a noun. A verb after an intro clause or after will counts.",
    why="A title says what it is about, a verb says what to do; requirements are written in the active voice for the "
    "same reason (NASA, INCOSE).",
    field=Field.ACTION,
    text=_no_verb,
    facts=("word", "verb"),
    kinds=("form", "none"),
    collapses=True,
    bad=rows(SAMPLE._replace(action="Supplier portal")),
    good=rows(SAMPLE._replace(action="Launch the supplier portal for 20 vendors")),
    wordings=wordings("ACT003"),
)


def _open_ended(reading: Reading, parameters: Parameters) -> Hit | None:
    if reading.lead < 0:
        return None
    length = phrase_at(reading.tokens, reading.lead, reading.tables.vague_phrases)
    if not length and reading.verb not in reading.tables.vague:
        return None
    return None if has_outcome(reading) else Hit((("verb", spoken(reading, reading.lead, length or 1)),))


OPEN_ENDED = Rule(
    code="ACT004",
    name="open-ended-verb",
    severity=Severity.W,
    title="Open-ended verb without an outcome",
    summary="The action starts with a verb without an end (improve, support, monitor, ensure ...) and names no number, "
    "no frequency, nothing that can be handed over, and Done when is blank.",
    why="An action without an end is a record of good intentions: it is never done and never late.",
    field=Field.ACTION,
    text=_open_ended,
    facts=("verb",),
    collapses=True,
    bad=rows(SAMPLE._replace(action="Improve communication with the plant")),
    good=rows(SAMPLE._replace(action="Hold a 15-min shift handover at 14:00, checklist signed")),
    wordings=wordings("ACT004"),
)


def _weak_words(reading: Reading, parameters: Parameters) -> Hit | None:
    known = reading.tables
    if known.weak_heads.isdisjoint(reading.words):
        return None
    heads = known.weak_heads
    for place, token in enumerate(reading.tokens):
        length = phrase_at(reading.tokens, place, known.weak) if token in heads else 0
        if length:
            return Hit((("words", spoken(reading, place, length)),))
    return None


WEAK_WORDS = Rule(
    code="ACT005",
    name="weak-words",
    severity=Severity.I,
    title="Escape clause or weak word",
    summary="The action holds words that leave it open (as needed, if possible, etc., adequate, ASAP ...).",
    why="Vague terms, escape clauses and open ends are what requirements engineers strike out first (INCOSE R7 to R9): "
    "everybody reads them in his or her own favour.",
    field=Field.ACTION,
    text=_weak_words,
    facts=("words",),
    collapses=True,
    bad=rows(SAMPLE._replace(action="Train staff as needed")),
    good=rows(SAMPLE._replace(action="Train the 12 line-2 operators by 30 Oct")),
    wordings=wordings("ACT005"),
)


def _several(reading: Reading, parameters: Parameters) -> Hit | None:
    further = further_verbs(reading)
    if not further:
        return None
    pieces = split_text(reading, further)
    facts = (("count", str(len(further) + 1)), ("split", "\n".join(pieces)))
    severity = Severity.W if len(further) >= parameters["many"] else Severity.H
    return Hit(facts, "split" if pieces else "plain", severity)


SEVERAL = Rule(
    code="ACT006",
    name="several-actions",
    severity=Severity.W,
    also=(Severity.H,),
    title="Several actions in one row",
    summary="More verbs follow the first after and, a comma, a semicolon or a full stop, before the purpose is told: W "
    "from many further verbs on, H below. Usual pairs (develop and maintain) count once.",
    why="One row has one owner and one date; when it holds several actions nobody can say how far it is. Small goals "
    "get done (INCOSE: singular statements).",
    field=Field.ACTION,
    text=_several,
    parameters=(("many", 2.0),),
    facts=("count", "split"),
    kinds=("split", "plain"),
    collapses=True,
    bad=rows(SAMPLE._replace(action="Buy, install and validate scanner and train staff")),
    good=rows(SAMPLE._replace(action="Install the scanner in dock 3")),
    wordings=wordings("ACT006"),
)


def _no_end(reading: Reading, parameters: Parameters) -> Hit | None:
    return None if has_outcome(reading) or is_completable(reading) else Hit()


NO_END = Rule(
    code="ACT007",
    name="no-done-when",
    severity=Severity.I,
    title="Nothing tells when it is done",
    summary="No number, frequency or thing to hand over in the text, Done when is blank, and the verb does not name "
    "its own end (publish, install, hire ...).",
    why="What cannot be seen to be finished is left half done.",
    field=Field.DONE_WHEN,
    text=_no_end,
    collapses=True,
    bad=rows(SAMPLE._replace(action="Coordinate with the sales people")),
    good=rows(SAMPLE._replace(action="Coordinate with the sales people", done_when="signed forecast for Nov")),
    wordings=wordings("ACT007"),
)


def _not_an_action(reading: Reading, parameters: Parameters) -> Hit | None:
    for kind, start in (("measure", start_of_measure(reading)), ("problem", start_of_problem(reading))):
        if start[1]:
            return Hit((("text", spoken(reading, *start)),), kind)
    return Hit(kind="question") if is_question(reading) else None


NOT_AN_ACTION = Rule(
    code="ACT008",
    name="not-an-action",
    severity=Severity.W,
    title="A measure, a problem or a question, not an action",
    summary="The text starts as a measure (number of, percentage of ...) or a problem (lack of, delay in ...), or ends "
    "with a question mark.",
    why="Watching a number is not managing it, and knowing a problem is not solving it: neither says what to do.",
    field=Field.ACTION,
    text=_not_an_action,
    facts=("text",),
    kinds=("measure", "problem", "question"),
    collapses=True,
    bad=rows(SAMPLE._replace(action="Number of late orders")),
    good=rows(SAMPLE._replace(action="Release orders daily at 10:00")),
    wordings=wordings("ACT008"),
)


def _repeated(actions: tuple[Action, ...], sight: Sight) -> Iterable[tuple[Action | None, Hit]]:
    found = repeated(actions, sight.parameters["dup"], many=int(sight.parameters["many"]))
    for action, other, same in found.pairs:
        yield action, Hit((("other", other.key or f"#{other.row}"),), "same" if same else "near")
    for group in found.crowds:
        yield None, Hit((("count", str(len(group))), ("text", group[0].action)), "many")


REPEATED = Rule(
    code="ACT009",
    name="repeated-action",
    severity=Severity.W,
    title="Says the same as another row",
    summary="Another open row of the same goal (or also without one) has the same text; or one of the same owner "
    "shares at least dup of its words and all its numbers. More than many identical rows are reported once.",
    why="Two rows for one action get two owners, two dates and half the attention; the same matters come up again.",
    field=Field.ACTION,
    plan=_repeated,
    parameters=(("dup", 0.85), ("many", 20.0)),
    facts=("other", "count", "text"),
    kinds=("same", "near", "many"),
    collapses=True,
    bad=rows(SAMPLE._replace(action="Update SOP 12"), SAMPLE._replace(action="Update SOP 12")),
    good=rows(SAMPLE._replace(action="Update SOP 12")),
    wordings=wordings("ACT009"),
)

RULES = (NO_ACTION, TOO_SHORT, NO_VERB, OPEN_ENDED, WEAK_WORDS, SEVERAL, NO_END, NOT_AN_ACTION, REPEATED)
