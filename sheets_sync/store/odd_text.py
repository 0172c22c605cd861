"""Text that a database cannot hold as it is: halves of surrogate pairs (bad files have them) and NUL.

Such a text is kept as ESC and its Python escapes; a text with an ESC of its own likewise, so that each comes back as
it was. Nearly every batch holds none, which one look over all its texts tells.
"""

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

_MARK = "\x1b"
_ODD = re.compile(r"[\x00\x1b\ud800-\udfff]")


def any_odd(rows: Sequence[Sequence[Any]], columns: Iterable[int]) -> bool:
    """Whether any text in these columns of the rows needs `kept`."""
    return any(_ODD.search("".join(map(itemgetter(column), rows))) for column in columns)


def kept(text: str) -> str:
    """The text as the database keeps it."""
    return _MARK + text.encode("unicode_escape").decode("ascii") if _ODD.search(text) else text


def restored(text: str) -> str:
    """The text as it was given to `kept`."""
    return text[1:].encode("ascii").decode("unicode_escape") if text.startswith(_MARK) else text
