"""What a rule is: a pure function with its metadata, examples and words. It does not load without all of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import NamedTuple

from sheets_sync.core.model import Action, Field, Severity
from sheets_sync.rules.context import Parameters, Sight
from sheets_sync.rules.example import Example
from sheets_sync.rules.reading import Reading
from sheets_sync.words.lexicon import LANGUAGES
from sheets_sync.words.rule_words import COLLAPSED, Message, Wording, rule_words

Facts = tuple[tuple[str, str], ...]
SHARE_FACTS = ("count", "total", "percent")
"""The facts of a collapsed finding: rows hit, rows checked, and the one in hundredths of the other."""


class IncompleteRule(ValueError):
    """A rule lacks metadata, an example or words of some language, or says what it cannot know."""


class Hit(NamedTuple):
    """A rule found something. `kind` chooses the message; `severity` and `field` replace the rule's own."""

    facts: Facts = ()
    kind: str = ""
    severity: Severity | None = None
    field: Field | None = None


TextJudge = Callable[[Reading, Parameters], Hit | None]
"""Looks only at the words of the row."""
RowJudge = Callable[[Action, Sight], tuple[Hit, ...]]
"""Looks at one row."""
PlanJudge = Callable[[tuple[Action, ...], Sight], Iterable[tuple[Action | None, Hit]]]
"""Looks at all live rows together; gives the row of each hit, None when it is about the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. Exactly one of `text`, `row` and `plan` judges; none when `made_by` tells where it is found instead.

    `severity` is the default, `also` what single hits may have instead. `needs` are columns without which the rule is
    silent. `reads` names all that `row` looks at in an action, so that rows alike in it are judged once; () = it may
    look at anything. `facts` are the names its hits give, `kinds` the values that choose the message ("" when there is
    one). `any_language` marks one that judges a text by no words of its language; `collapses` a text rule of DOMAIN 3,
    manner c; `timed` one that needs to know what today means for the row; `also_closed` one that looks at finished
    rows too; `guard` one that makes a run read-only or repairs ids.
    """

    code: str
    name: str
    severity: Severity
    title: str
    summary: str
    why: str
    bad: Example
    good: Example
    wordings: Mapping[str, Wording]
    since: str = "0.1"
    field: Field | None = None
    text: TextJudge | None = None
    row: RowJudge | None = None
    plan: PlanJudge | None = None
    made_by: str = ""
    also: tuple[Severity, ...] = ()
    parameters: tuple[tuple[str, float], ...] = ()
    needs: tuple[Field, ...] = ()
    reads: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("",)
    kind_fact: str = "kind"
    any_language: bool = False
    collapses: bool = False
    timed: bool = False
    also_closed: bool = False
    guard: bool = False

    def __post_init__(self) -> None:
        """Refuse an incomplete rule. Raises IncompleteRule."""
        lacks = [*_lacking_metadata(self), *_lacking_words(self)]
        if lacks:
            raise IncompleteRule(f"{self.code}: " + "; ".join(lacks))

    @property
    def family(self) -> str:
        """The three letters in front of the code."""
        return self.code[:3]


def wordings(code: str) -> Mapping[str, Wording]:
    """The words of a rule by language. A language without words for it is left out, which the rule then refuses."""
    told = {language: rule_words(language).rules for language in LANGUAGES}
    return {language: words[code] for language, words in told.items() if code in words}


def _lacking_metadata(rule: Rule) -> Iterable[str]:
    for name in ("code", "name", "title", "summary", "why", "since"):
        if not str(getattr(rule, name)).strip():
            yield f"no {name}"
    judges = sum(judge is not None for judge in (rule.text, rule.row, rule.plan))
    if judges != (0 if rule.made_by else 1):
        yield "needs exactly one function that judges, or the place where it is made"
    if rule.reads and (rule.row is None or not set(rule.reads) <= set(Action._fields)):
        yield "reads what no action holds, or judges no row"
    if not rule.bad.is_told() or not rule.good.is_told():
        yield "no example"


def _lacking_words(rule: Rule) -> Iterable[str]:
    allowed = {*rule.facts, *(name for name, _ in rule.parameters)}
    wanted = {*rule.kinds, *((COLLAPSED,) if rule.collapses else ())}
    for language in LANGUAGES:
        wording = rule.wordings.get(language)
        if wording is None:
            yield f"no words in {language}"
            continue
        if set(wording.messages) != wanted:
            yield f"{language} has messages for {sorted(wording.messages)} instead of {sorted(wanted)}"
        if rule.text is not None and language != "en" and not (wording.bad and wording.good):
            yield f"no example in {language}"
        for kind, message in wording.messages.items():
            yield from _wrong_message(message, f"{language} {kind}".rstrip(), allowed | set(SHARE_FACTS))


def _wrong_message(message: Message, place: str, allowed: set[str]) -> Iterable[str]:
    for text in message:
        if not text.strip():
            yield f"{place}: an empty message"
        for _, name, kind, _ in Formatter().parse(text):
            if name is not None and name not in (set(Field) if kind == "column" else allowed):
                yield f"{place}: {name!r} is no {'column' if kind == 'column' else 'fact of this rule'}"
