"""What the rules say, one catalogue of messages per language. Which facts fill them is the business of the rules."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple, TypedDict, cast

from sheets_sync.words.packaged import word_list

COLLAPSED = "collapsed"
"""The message kind of a text rule that hits so many rows that it is said once (DOMAIN 3, manner c)."""
CRASHED = "crashed"
"""The message kind of a rule that failed; it says so instead of its findings."""


class Message(NamedTuple):
    """What is wrong, and one plain sentence telling what to type.

    Places in braces take facts; "{due:date}", "{count:number}", "{percent:percent}", "{split:list}",
    "{columns:long}" and "{cell:field}" are written in their own way, "{owner:column}" is no fact but the name of that
    column, and all others are the shortened content of a cell.
    """

    what: str
    fix: str


class Wording(NamedTuple):
    """A rule's words in one language, messages by kind ("" when there is only one).

    `bad` and `good` are action texts for rules that judge a text, "" for others.
    """

    messages: Mapping[str, Message]
    bad: str = ""
    good: str = ""


class RuleWords(NamedTuple):
    """Everything the rules say in one language. `cells` are the names of the columns as messages use them, by field."""

    rules: Mapping[str, Wording]
    crashed: Message
    cells: Mapping[str, str]


class _Entry(TypedDict, total=False):
    messages: dict[str, dict[str, str]]
    bad: str
    good: str


@cache
def rule_words(language: str) -> RuleWords:
    """The words of a language of LANGUAGES. An error of the packaged file is an error of the installation."""
    catalogue = word_list(f"rule-words-{language}")
    rules = cast("dict[str, _Entry]", catalogue["rules"])
    return RuleWords(
        rules={code: _wording(entry) for code, entry in rules.items()},
        crashed=Message(**cast("dict[str, str]", catalogue["crashed"])),
        cells=cast("dict[str, str]", catalogue["cells"]),
    )


def _wording(entry: _Entry) -> Wording:
    messages = {kind: Message(**said) for kind, said in entry["messages"].items()}
    return Wording(messages, entry.get("bad", ""), entry.get("good", ""))
