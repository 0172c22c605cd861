"""Changes, receipts and what is to be remembered as bytes (JSON, compressed), and back with their types.

Values are written as lists in the order of their fields: a change of any of these types needs a new `FORMAT`.
Not here: known actions as the history keeps them, which have columns of their own (`history_rows`).
"""

import datetime as dt
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from sheets_sync.core.cells import CellValue, Kind
from sheets_sync.core.decision import (
    CellRef,
    Changes,
    ColumnState,
    DropDownState,
    Edit,
    HighlightState,
    KeyColumn,
    LogCell,
    LogState,
    Receipt,
    Refused,
    State,
    Structure,
    StructureKind,
)
from sheets_sync.core.history import History, Known, Remembered
from sheets_sync.core.model import Status
from sheets_sync.core.snapshot import Area, DropDown, HighlightRule, Role, Stamp
from sheets_sync.errors import StoreError

FORMAT = 1
_FASTEST = 1
Member = TypeVar("Member", str, tuple[str, str])


def encode_changes(changes: Changes) -> bytes:
    """All of a run's changes."""
    return _pack(
        "changes",
        _edit_rows(changes.edits),
        changes.structures,
        changes.keys,
        changes.stamp,
        changes.remove_stamp,
        changes.stamp_alone,
    )


def decode_changes(data: bytes) -> Changes:
    """The changes again. Raises StoreError when the bytes are damaged or of another format."""
    with _readable("changes"):
        edits, structures, keys, stamp, remove_stamp, stamp_alone = _unpack("changes", data)
        return Changes(
            edits=tuple(map(_edit, edits)),
            structures=tuple(map(_structure, structures)),
            keys=tuple(map(_key_column, keys)),
            stamp=Stamp(*stamp) if stamp is not None else None,
            remove_stamp=remove_stamp,
            stamp_alone=stamp_alone,
        )


def encode_receipt(receipt: Receipt) -> bytes:
    """All of a receipt; a refused edit and a refused structure are told apart by a word before them."""
    refused = [
        ("edit", *_edit_rows([what]), reason) if isinstance(what, Edit) else ("structure", what, reason)
        for what, reason in receipt.refused
    ]
    return _pack(
        "receipt",
        _edit_rows(receipt.applied),
        receipt.structures,
        refused,
        receipt.fingerprint,
        receipt.parts_changed,
        receipt.parts_untouched,
        receipt.backup,
    )


def decode_receipt(data: bytes) -> Receipt:
    """The receipt again. Raises StoreError when the bytes are damaged or of another format."""
    with _readable("receipt"):
        applied, structures, refused, fingerprint, changed, untouched, backup = _unpack("receipt", data)
        return Receipt(
            applied=tuple(map(_edit, applied)),
            structures=tuple(map(_structure, structures)),
            refused=tuple(
                Refused(_edit(what) if kind == "edit" else _structure(what), reason) for kind, what, reason in refused
            ),
            fingerprint=fingerprint,
            parts_changed=changed,
            parts_untouched=untouched,
            backup=backup,
        )


def encode_remembered(remembered: Remembered, history: History) -> bytes:
    """What a run adds to the history; of the two sets that can be large only what differs from `history`."""
    silent, baseline = remembered.silent_witnesses, remembered.baseline
    return _pack(
        "remembered",
        _known_rows(remembered.changed),
        (only_in(silent, history.silent_witnesses), only_in(history.silent_witnesses, silent)),
        (only_in(baseline, history.baseline), only_in(history.baseline, baseline)),
        sorted(remembered.collapsed),
        sorted(remembered.dropped_columns),
        remembered.adopted_on.isoformat(),
    )


def decode_remembered(data: bytes, history: History) -> Remembered:
    """The same again, given the same `history`. Raises StoreError when the bytes are damaged or of another format."""
    with _readable("remembered"):
        changed, silent, baseline, collapsed, dropped, adopted_on = _unpack("remembered", data)
        new_pairs, old_pairs = (frozenset((key, code) for key, code in pairs) for pairs in baseline)
        return Remembered(
            changed=tuple(map(_known, changed)),
            silent_witnesses=(history.silent_witnesses - frozenset(silent[1])) | frozenset(silent[0]),
            baseline=(history.baseline - old_pairs) | new_pairs,
            collapsed=frozenset(collapsed),
            dropped_columns=frozenset(dropped),
            adopted_on=dt.date.fromisoformat(adopted_on),
        )


def only_in(here: frozenset[Member], there: frozenset[Member]) -> list[Member]:
    """The members of `here` that `there` has not, in order. The same set, as in most runs, is not even looked at."""
    return [] if here is there else sorted(here - there)


def _pack(kind: str, *values: object) -> bytes:
    text = json.dumps([FORMAT, kind, values], ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _FASTEST)


def _known_rows(changed: Iterable[Known]) -> list[tuple[object, ...]]:
    """Known actions with their days and instants as text; the same few days come again and again."""
    day, moment = cache(dt.date.isoformat), cache(dt.datetime.isoformat)
    return [
        (
            key,
            witness,
            moment(first_seen),
            action,
            owner,
            due and day(due),
            status,
            adopted,
            silent,
            baseline and day(baseline),
            changed_on and day(changed_on),
            done and day(done),
            gone and day(gone),
            judged,
        )
        for (
            key,
            witness,
            first_seen,
            action,
            owner,
            due,
            status,
            adopted,
            silent,
            baseline,
            changed_on,
            done,
            gone,
            judged,
        ) in changed
    ]


def _unpack(kind: str, data: bytes) -> Any:  # noqa: ANN401 (JSON; each decoder gives it its type)
    form, found, values = json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))
    if (form, found) != (FORMAT, kind):
        raise StoreError(
            f"the store holds {kind} in format {form!r}, this program knows {FORMAT}", "update sheets-sync"
        )
    return values


@contextmanager
def _readable(kind: str) -> Iterator[None]:
    try:
        yield
    except (zlib.error, ValueError, TypeError, KeyError, IndexError) as error:
        raise StoreError(f"the store holds damaged {kind} ({type(error).__name__})") from None


def _edit_rows(edits: Iterable[Edit]) -> list[tuple[object, ...]]:
    """Edits without their inner tuples, which would take half of the time."""
    return [(key, *ref, *before, *after, witness) for key, ref, before, after, witness in edits]


def _edit(raw: Any) -> Edit:  # noqa: ANN401
    key, tab, row, role, before, before_text, after, after_text, witness = raw
    values = CellValue(Kind(before), before_text), CellValue(Kind(after), after_text)
    return Edit(key, CellRef(tab, row, Role(role)), *values, witness)


def _structure(raw: Any) -> Structure:  # noqa: ANN401
    kind, tab, before, after = raw
    kind = StructureKind(kind)
    return Structure(kind, tab, _state(kind, before), _state(kind, after))


def _state(kind: StructureKind, raw: Any) -> State | None:  # noqa: ANN401
    if raw is None:
        return None
    if kind is StructureKind.COLUMN:
        role, *where = raw
        return ColumnState(Role(role), *where)
    if kind is StructureKind.LOG:
        name, cells = raw
        return LogState(name, tuple(LogCell(row, at, CellValue(Kind(value), text)) for row, at, (value, text) in cells))
    (parts,) = raw
    if kind is StructureKind.HIGHLIGHTS:
        return HighlightState(tuple(HighlightRule(c, tuple(Area(*a) for a in areas), f) for c, areas, f in parts))
    return DropDownState(tuple(DropDown(Area(*area), tuple(values)) for area, values in parts))


def _key_column(raw: Any) -> KeyColumn:  # noqa: ANN401
    tab, column, witness_columns = raw
    return KeyColumn(tab, column, tuple((number, header) for number, header in witness_columns))


def _known(raw: Any) -> Known:  # noqa: ANN401
    key, witness, first_seen, action, owner, due, status, adopted, silent, baseline, changed, done, gone, judged = raw
    return Known(
        key,
        witness,
        dt.datetime.fromisoformat(first_seen),
        action,
        owner,
        _day(due),
        Status(status),
        adopted,
        silent,
        _day(baseline),
        _day(changed),
        _day(done),
        _day(gone),
        judged,
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text is not None else None
