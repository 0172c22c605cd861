"""What the button in Excel says, one catalogue per language. Which sentence is said when is decided in `button`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, cast

from sheets_sync.words.packaged import word_list

LANGUAGES = ("en", "pt", "es")


class Label(NamedTuple):
    """A button of the ribbon: its name, and the sentence shown when a person rests on it."""

    name: str
    tip: str


@dataclass(frozen=True, slots=True)
class ButtonWords:
    """All sentences of one language. `ribbon` is keyed by "tab", "group" and the actions; a sentence's places in braces
    take facts, which are never read as sentences themselves."""

    language: str
    ribbon: Mapping[str, Label]
    phrases: Mapping[str, str]

    def say(self, key: str, /, **facts: str | int) -> str:
        """The sentence; KeyError for an unknown key or a fact that is missing."""
        return self.phrases[key].format(**facts)

    def count(self, key: str, number: int, /, **facts: str | int) -> str:
        """The sentence for one ("key.one") or for several ("key.other"), with the number at its place {n}."""
        return self.say(f"{key}.{'one' if number == 1 else 'other'}", n=number, **facts)


@cache
def button_words(language: str) -> ButtonWords:
    """The sentences of a language; one that is not shipped reads as English."""
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    shipped = word_list(f"button-{chosen}")
    ribbon = cast("dict[str, list[str]]", shipped["ribbon"])
    return ButtonWords(
        language=chosen,
        ribbon={name: Label(*said) for name, said in ribbon.items()},
        phrases=cast("dict[str, str]", shipped["say"]),
    )
