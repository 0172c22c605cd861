"""The traces we leave in a Google spreadsheet: marks, the stamp, highlights, drop-downs, header warnings. Pure.

- A mark is developer metadata on the column: key `sheets-sync.column`, value `<role>:<gid>`. It moves with the column
  and goes with it; a copied tab has another gid, so a copied mark does not count. Its id is told by tab and role, so
  that the same column cannot be added twice, not even by a request that takes effect late.
- The tab remembers each mark by developer metadata of its own (`sheets-sync.had`), so that a deleted column is known.
- The stamp is the text of the one cell of a hidden tab with a gid of its own: only a cell can be written together with
  values, in one call.
- The Sync log is the tab with a gid of its own, whatever its name. Developer metadata on it lets one reading find it;
  metadata on the hidden tab remembers that it was made, so that a deleted one is known. A named range is on the day
  after which red shows: formulas of other tabs name it so, and it tells where the block of cells stands.
- A highlight carries N("sheets-sync:<colour>")=0 in its formula, a drop-down and a header's warning our name.
"""

from hashlib import blake2b
from typing import Any

from sheets_sync.core.snapshot import Role, Stamp
from sheets_sync.workbooks.google.calls import Json

MARK_KEY = "sheets-sync.column"
HAD_KEY = "sheets-sync.had"
STAMP_KEY = "sheets-sync.stamp"
STAMP_TAB = 1_937_337_955
"""The gid of the hidden tab; one no tab gets by chance."""
STAMP_TITLE = "_sheets-sync"
STAMP_NOTE = "This hidden tab belongs to sheets-sync. It tells which run wrote last."
LOG_TAB = 1_937_337_956
"""The gid of the Sync log; one no tab gets by chance."""
LOG_KEY = "sheets-sync.log"
HAD_LOG_KEY = "sheets-sync.had-log"
RED_AFTER_NAME = "sheets_sync_red_after"
RED_AFTER = f'INDIRECT("{RED_AFTER_NAME}")'
"""How a formula of any tab names the day; in rules for colours only INDIRECT reaches another tab."""
FOREIGN_STAMP = Stamp("", "", 0, "")
"""Stands for a stamp that cannot be read: it equals nobody's, so the workbook counts as written by somebody else."""
HEADER_WARNING = "sheets-sync: this column is filled by a program"
LIST_MESSAGE = "Choose one of these words; others are allowed. (sheets-sync)"
DOCUMENT = "DOCUMENT"


def mark_value(gid: int, role: Role) -> str:
    """What the mark of a column says."""
    return f"{role}:{gid}"


def mark_id(gid: int, role: Role, key: str = MARK_KEY) -> int:
    """The id under which the metadata of this column is made: positive, 31 bits."""
    digest = blake2b(f"{key}:{mark_value(gid, role)}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) % 0x7FFF_FFFE + 1


def marked_role(metadata: Json, gid: int, key: str = MARK_KEY) -> Role | None:
    """The role that developer metadata with this key names for this tab; None when it is not ours there."""
    if metadata.get("metadataKey") != key:
        return None
    return next((role for role in Role if metadata.get("metadataValue") == mark_value(gid, role)), None)


def mark_lookup(metadata_id: int) -> dict[str, Any]:
    """The data filter for the column, or the metadata, with this id."""
    return {"developerMetadataLookup": {"metadataId": metadata_id}}


def stamp_text(stamp: Stamp) -> str:
    """The stamp as the text of its cell. Its parts hold no ";"."""
    return f"{stamp.plan};{stamp.store};{stamp.write};{stamp.version}"


def parse_stamp(text: str) -> Stamp:
    """The stamp of a text; FOREIGN_STAMP when it cannot be read. Further fields, of a newer program, are ignored."""
    fields = text.split(";")
    if len(fields) < 4 or not (fields[2].isascii() and fields[2].isdigit() and len(fields[2]) < 19):
        return FOREIGN_STAMP
    return Stamp(fields[0], fields[1], int(fields[2]), fields[3])
