"""A hash of what a snapshot's tabs hold, for sheets whose version Drive does not tell. Pure.

The formatting of our own cells does not count: what a write will lead to can then be told before it is read.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b

from sheets_sync.core.cells import CellStyle, CellValue
from sheets_sync.core.log_layout import Place
from sheets_sync.core.snapshot import Stamp, Tab


def content_hash(
    tabs: Iterable[Tab],
    styles: tuple[CellStyle, ...],
    stamp: Stamp | None,
    log: Mapping[Place, CellValue] | None = None,
) -> str:
    """32 hex digits that differ when a cell, a tab's name or frame, one of our traces, the stamp, or a cell of the Sync
    log differs (None: there is none)."""
    digest = blake2b(repr(stamp).encode("utf-8", "surrogatepass"), digest_size=16)
    if log is not None:
        digest.update(repr(sorted(log.items())).encode("utf-8", "surrogatepass"))
    for tab in tabs:
        digest.update(_frame(tab).encode("utf-8", "surrogatepass"))
        ours = frozenset(tab.marks.values())
        for row in tab.rows:
            parts = [f"{row.number}{'h' if row.hidden else ''}"]
            for column, (literal, seen, style) in row.cells.items():
                shown = "" if column in ours or seen == literal[1] else repr(seen)
                struck = "s" if column not in ours and styles[style].struck else ""
                parts.append(f"{column}\x1f{literal[0]}\x1f{literal[1]}\x1f{shown}\x1f{struck}")
            digest.update("\x1e".join((*parts, "\n")).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _frame(tab: Tab) -> str:
    marks = sorted(tab.marks.items())
    facts = (tab.key, tab.name, tab.hidden, tab.merged, tab.tables, tab.filter, tab.computed, tab.highlights)
    return repr((*facts, tab.drop_downs, marks, sorted(tab.lost_marks)))
