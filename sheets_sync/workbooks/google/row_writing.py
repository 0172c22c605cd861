"""Texts of ours written part by part, each answer checked, rows that moved put right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sheets_sync.core.decision import Changes, ColumnState, Edit, KeyColumn, Structure
from sheets_sync.core.snapshot import Role, Stamp
from sheets_sync.workbooks.google.calls import LostReply, Rejected
from sheets_sync.workbooks.google.column_heads import heads_read
from sheets_sync.workbooks.google.look import Look, tab_pairs
from sheets_sync.workbooks.google.moved_rows import has_effect, moved_keys, settlement
from sheets_sync.workbooks.google.sending import Sending
from sheets_sync.workbooks.google.traces import mark_id
from sheets_sync.workbooks.google.value_requests import (
    Head,
    OwnCell,
    Part,
    Watch,
    heads_stand,
    met_its_rows,
    parts,
)
from sheets_sync.workbooks.memory_changes import Outcome

_ROUNDS = 4
"""How often rows that move while we write are followed."""


@dataclass
class RowWriting:
    """The cells of one write: `texts` are all to be written with the values, `stamp` goes with the last of them.

    `heads` are cells of people that tell whether their columns stand where they stood: `moved` tells that an answer
    showed they do not. `lost` are the edits whose rows are gone or not known again.
    """

    sending: Sending
    changes: Changes
    allowed: Outcome
    stamp: Stamp | None
    heads: tuple[Head, ...] = ()
    moved: bool = False
    lost: list[Edit] = field(default_factory=list)
    texts: dict[OwnCell, str] = field(init=False)
    _unproved: tuple[Head, ...] = ()
    _wanted: dict[OwnCell, str] = field(default_factory=dict)
    _written: dict[OwnCell, str] = field(default_factory=dict)
    _edit_at: dict[OwnCell, Edit] = field(default_factory=dict)
    _sure: set[OwnCell] = field(default_factory=set)
    _keys: dict[str, KeyColumn] = field(default_factory=dict)
    _header_rows: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._keys = {known.tab: known for known in self.changes.keys}
        self._edit_at = {OwnCell(*edit.ref): edit for edit in self.allowed.applied}
        self.texts = {cell: edit.after.text for cell, edit in self._edit_at.items()}
        for structure in self.allowed.structures:
            self._take_column(structure)
        self._wanted.update(self.texts)

    def _take_column(self, structure: Structure) -> None:
        """Renamed headers and columns to clear are texts too; a new header goes with the batch of columns."""
        if isinstance(structure.after, ColumnState):
            self._header_rows[structure.tab] = structure.after.header_row
        match structure.before, structure.after:
            case None, ColumnState() as added:
                header = OwnCell(structure.tab, added.header_row, added.role)
                self._wanted[header] = self._written[header] = added.header
            case ColumnState() as before, ColumnState() as after if before.header != after.header:
                self.texts[OwnCell(structure.tab, after.header_row, after.role)] = after.header
            case ColumnState() as removed, None:
                self.texts |= dict.fromkeys(cleared(self.sending.base, structure.tab, removed), "")

    def unsure(self) -> tuple[Edit, ...]:
        """The edits of which no answer showed that they were made."""
        return tuple(edit for cell, edit in self._edit_at.items() if cell not in self._sure and edit not in self.lost)

    def write(self) -> None:
        """Write the parts, each after the one before was found in its rows; put right what moved."""
        look, texts = self.sending.base, self.texts
        for _ in range(_ROUNDS):
            if not texts and self.stamp is None:
                return
            watches = self._watches(look, texts)
            todo = parts(texts, watches, self.stamp, self.heads)
            if all(self._met(part, look, watches) for part in todo):
                return
            self.sending.clean = False
            fresh = self.sending.again()
            self.moved = self.moved or not heads_read(self._unproved, fresh)
            texts = self._put_right(look, fresh)
            look = fresh
        self.lost += [edit for cell, edit in self._edit_at.items() if cell in texts]

    def _met(self, part: Part, look: Look, watches: Mapping[str, Watch]) -> bool:
        """Write one part; whether it is known to have met its rows."""
        sending = self.sending
        self._written.update(part.texts)
        try:
            reply = sending.calls.write_values(part.body, {"fields": "responses"})
        except LostReply:
            sending.shown(lambda now: any(has_effect(tab, at, part.texts) for tab, at in tab_pairs(look, now)))
            return False
        except Rejected:
            sending.raise_if_changed()
            if not self.heads and not sending.may_have_written:
                raise
            # Asking for cells that people protected may be what was refused: look at them instead.
            self._unproved, self.heads = (*self._unproved, *self.heads), ()
            return False
        sending.may_have_written = True
        if part.has_stamp:
            self.stamp = None
        if part.heads:
            self.moved = not heads_stand(part, reply)
        met = met_its_rows(part, reply, watches)
        if met:
            self._sure |= part.texts.keys()
        return met

    def _put_right(self, look: Look, fresh: Look) -> dict[OwnCell, str]:
        """What to write now that `look` is behind; what is wanted moves along to where it stands in `fresh`."""
        fixes: dict[OwnCell, str] = {}
        places: dict[OwnCell, OwnCell] = {}
        for base, now in tab_pairs(look, fresh):
            known = self._keys.get(base.key)
            if known is not None:
                header = self._header_rows.pop(base.key, None)
                found = settlement(base, now, known, wanted=self._wanted, written=self._written, header_row=header)
                fixes |= found.fixes
                places |= found.now_at
                self._keys[base.key] = moved_keys(base, now, known, header)
                self._header_rows |= {at.tab: at.row for cell, at in found.now_at.items() if cell.row == header}
        self.lost += [edit for cell, edit in self._edit_at.items() if cell not in places]
        self._edit_at = {places[cell]: edit for cell, edit in self._edit_at.items() if cell in places}
        self._wanted = {places[cell]: text for cell, text in self._wanted.items() if cell in places} | fixes
        self._sure = set(self._edit_at) - fixes.keys()
        self._written = {}
        return fixes

    def _watches(self, look: Look, texts: Iterable[OwnCell]) -> dict[str, Watch]:
        unkeyed = {cell.tab for cell, edit in self._edit_at.items() if cell.role is Role.ID or not edit.key}
        watches: dict[str, Watch] = {}
        for key in {cell.tab for cell in texts}:
            tab, facts = look.snapshot.tab(key), look.facts[key]
            marks = {role: facts.marks.get(role, mark_id(facts.gid, role)) for role in Role}
            columns: list[int | Role] = []
            known = self._keys.get(key)
            if known is not None and known.column is not None:
                columns.append(Role.ID if known.column == tab.marks.get(Role.ID) else known.column)
            if known is not None and (key in unkeyed or not columns):
                columns += [column for column, _ in known.witness_columns]
            watches[key] = Watch(tab, marks, tuple(dict.fromkeys(columns)))
        return watches


def cleared(look: Look, key: str, state: ColumnState) -> tuple[OwnCell, ...]:
    """The filled cells of a column of ours that is given up."""
    tab = look.snapshot.tab(key)
    column = tab.marks.get(state.role)
    rows = (row for row in tab.rows if state.header_row <= row.number <= state.last_row)
    return tuple(OwnCell(key, row.number, state.role) for row in rows if column in row.cells)
