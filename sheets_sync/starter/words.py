"""The words of the starter workbooks, one packaged file per language: names of tabs, headers, examples, explanation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pkgutil import get_data

from sheets_sync.words.flags import flag_words

LANGUAGES = ("en", "pt", "es")

Cells = Mapping[str, str | int]
"""The cells of an example row, by the key of their column."""


@dataclass(frozen=True, slots=True)
class StarterWords:
    """All words of one language.

    `tabs` and `file_names` are by key and method. `headers` are by tab and column key; `method_headers` replace those
    of the actions in one method. `lists` are the drop-downs by kind. `examples` are rows by tab key; those of the
    actions by method. `explained` are the lines of the tab that explains, with `explained_by_method` before
    them and `closing` after; their places in braces take headers of the actions, names of tabs and statuses.
    """

    language: str
    date_format: str
    date_hint: str
    example_mark: str
    tabs: Mapping[str, str]
    file_names: Mapping[str, str]
    headers: Mapping[str, Mapping[str, str]]
    method_headers: Mapping[str, Mapping[str, str]]
    lists: Mapping[str, tuple[str, ...]]
    examples: Mapping[str, tuple[Cells, ...]]
    actions: Mapping[str, tuple[Cells, ...]]
    title: str
    explained: tuple[str, ...]
    explained_by_method: Mapping[str, tuple[str, ...]]
    closing: tuple[str, ...]

    def header(self, tab: str, column: str, method: str) -> str:
        """The header of a column of a tab, as this method calls it."""
        own = self.method_headers.get(method, {}) if tab == "actions" else {}
        return own.get(column) or self.headers[tab][column]


@cache
def starter_words(language: str) -> StarterWords:
    """The words of a language of LANGUAGES. A missing or broken file is an error of the installation (OSError)."""
    content = get_data("sheets_sync.starter", f"data/{language}.json")
    if content is None:
        raise FileNotFoundError(f"the words of the starter workbooks in {language} are not installed")
    shipped = json.loads(content)
    statuses = flag_words(language).statuses
    return StarterWords(
        language=language,
        date_format=shipped["date_format"],
        date_hint=shipped["date_hint"],
        example_mark=shipped["example_mark"],
        tabs=shipped["tabs"],
        file_names=shipped["file_names"],
        headers=shipped["headers"],
        method_headers=shipped["method_headers"],
        lists={"status": statuses} | {kind: tuple(words) for kind, words in shipped["lists"].items()},
        examples={tab: tuple(rows) for tab, rows in shipped["examples"].items()},
        actions={method: tuple(rows) for method, rows in shipped["actions"].items()},
        title=shipped["title"],
        explained=tuple(shipped["explained"]),
        explained_by_method={method: tuple(lines) for method, lines in shipped["explained_by_method"].items()},
        closing=tuple(shipped["closing"]),
    )
