"""Loads the word lists that ship with the package. Knows nothing of what they mean."""

import json
from pkgutil import get_data
from typing import cast


def word_list(name: str) -> dict[str, object]:
    """The content of `words/data/<name>.json`. A missing or broken list is an error of the installation (OSError)."""
    content = get_data("sheets_sync.words", f"data/{name}.json")
    if content is None:
        raise FileNotFoundError(f"the word list {name} is not installed")
    return cast("dict[str, object]", json.loads(content))
