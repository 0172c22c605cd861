"""One write into a spreadsheet: structures, then values part by part, each answer checked, rows that moved put right.

What may be written at all is decided before (`memory_changes`), on what was just read. Nothing is ever sent twice: a
request without an answer is followed by looking again until its effect shows or can no longer come (HAZARDS 15).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sheets_sync.core.decision import (
    Changes,
    ColumnState,
    DropDownState,
    Edit,
    HighlightState,
    KeyColumn,
    Refused,
    Structure,
)
from sheets_sync.core.snapshot import Role, Stamp, Tab
from sheets_sync.errors import WorkbookChanged, WorkbookError
from sheets_sync.workbooks.google.calls import LATEST_EFFECT, Calls, LostReply, Rejected
from sheets_sync.workbooks.google.look import Look, tab_pairs
from sheets_sync.workbooks.google.moved_rows import has_effect, moved_keys, own_literal, settlement
from sheets_sync.workbooks.google.structure_requests import (
    Request,
    batches,
    stamp_tab_added,
    stamp_tab_removed,
    stamp_tab_renamed,
    stamp_written,
    wrongly_deleted,
)
from sheets_sync.workbooks.google.traces import mark_id
from sheets_sync.workbooks.google.value_requests import OwnCell, Part, Texts, Watch, met_its_rows, parts
from sheets_sync.workbooks.memory_changes import Outcome

_ROUNDS = 4
"""How often rows that move while we write are followed."""
_PAUSES = (10.0, 50.0, LATEST_EFFECT - 60.0)
"""Seconds between looks for a late effect."""
_GONE = "the row was moved, changed or deleted while it was written"
_NOT_MADE = "it could not be made after the cells were written"
_REPLIES = "replies(deleteConditionalFormatRule)"


@dataclass
class Writing:
    """A write under way. `again` looks at the spreadsheet once more; `wait` waits seconds.

    `may_have_written` tells whether anything was, or may have been, written so far; `clean` whether all went as told.
    """

    calls: Calls
    base: Look
    changes: Changes
    allowed: Outcome
    again: Callable[[], Look]
    wait: Callable[[float], None]
    may_have_written: bool = False
    clean: bool = True
    _wanted: dict[OwnCell, str] = field(default_factory=dict)
    _written: dict[OwnCell, str] = field(default_factory=dict)
    _edit_at: dict[OwnCell, Edit] = field(default_factory=dict)
    _sure: set[OwnCell] = field(default_factory=set)
    _keys: dict[str, KeyColumn] = field(default_factory=dict)
    _header_rows: dict[str, int] = field(default_factory=dict)
    _lost: list[Edit | Structure] = field(default_factory=list)
    _stamp: Stamp | None = None

    def make(self) -> tuple[Refused, ...]:
        """Write all that is allowed; returns what was refused on the way: the sheet changed, or Google stopped us.

        Raises WorkbookChanged, WorkbookBusy and WorkbookRefused only when nothing was written.
        """
        self._keys = {known.tab: known for known in self.changes.keys}
        self._stamp = None if self.changes.remove_stamp else self.changes.stamp
        texts = self._texts()
        stopped: list[Refused] = []
        try:
            self._make(texts)
        except WorkbookError as error:
            if not self.may_have_written:
                raise
            self.clean = False
            unsure = (edit for cell, edit in self._edit_at.items() if cell not in self._sure)
            stopped = [Refused(edit, error.message) for edit in unsure if edit not in self._lost]
        lost = (Refused(what, _GONE if isinstance(what, Edit) else _NOT_MADE) for what in self._lost)
        return *lost, *stopped

    def _make(self, texts: dict[OwnCell, str]) -> None:
        sent = batches(self.allowed.structures, self.base.facts)
        made_last = [one for one in self.allowed.structures if _is_removal(one) or not sent.before]
        made_first = [one for one in self.allowed.structures if one not in made_last]
        before = list(sent.before)
        if self._stamp is not None and not self.base.has_stamp_tab:
            before += stamp_tab_added(None if texts else self._stamp)
            self._stamp = self._stamp if texts else None
        elif self._stamp is not None and before and not texts:
            before.append(stamp_written(self._stamp))
            self._stamp = None
        self._restructure(before, lambda now: _stand(made_first, now) if made_first else now.has_stamp_tab)
        self._write_values(texts)
        try:
            self._finish(list(sent.after), made_last)
        except WorkbookError:
            self._lost += [one for one in made_last if one not in self._lost]
            raise

    def _finish(self, after: list[Request], made_last: list[Structure]) -> None:
        """Make the changes that come after the values. A column in which a text of ours is left keeps its mark, and
        the spreadsheet its stamp: without them nobody would know that text for ours."""
        kept = self._still_held(made_last) if not self.clean else []
        if kept:
            self._lost += kept
            made_last = [one for one in made_last if one not in kept]
            sent = batches(made_last, self.base.facts)
            after = [*sent.before, *sent.after]
        elif self.changes.remove_stamp and self.base.has_stamp_tab:
            after.append(stamp_tab_removed())
        self._restructure(after, lambda now: _stand(made_last, now) if made_last else not now.has_stamp_tab)

    def _still_held(self, structures: Iterable[Structure]) -> list[Structure]:
        """The columns to be given up in which, looking again, a text that was to be cleared still stands."""
        removed = [one for one in structures if _is_removal(one)]
        now = {tab.key: tab for tab in self.again().snapshot.tabs} if removed else {}
        return [one for one in removed if one.tab in now and self._holds_ours(one, now[one.tab])]

    def _holds_ours(self, structure: Structure, now: Tab) -> bool:
        if not isinstance(structure.before, ColumnState):
            return False
        role = structure.before.role
        rows = {row.number: row for row in self.base.snapshot.tab(structure.tab).rows}
        cleared = self._cleared(structure.tab, structure.before)
        ours = {own_literal(self.base.snapshot.tab(structure.tab), rows[cell.row], role).text for cell in cleared}
        return any(own_literal(now, row, role).text in ours for row in now.rows)

    def _texts(self) -> dict[OwnCell, str]:
        """All cells to write: edits, renamed headers, columns to clear. New headers go with the batch of columns."""
        self._edit_at = {OwnCell(*edit.ref): edit for edit in self.allowed.applied}
        texts = {cell: edit.after.text for cell, edit in self._edit_at.items()}
        for structure in self.allowed.structures:
            if isinstance(structure.after, ColumnState):
                self._header_rows[structure.tab] = structure.after.header_row
            match structure.before, structure.after:
                case None, ColumnState() as added:
                    header = OwnCell(structure.tab, added.header_row, added.role)
                    self._wanted[header] = self._written[header] = added.header
                case ColumnState() as before, ColumnState() as after if before.header != after.header:
                    texts[OwnCell(structure.tab, after.header_row, after.role)] = after.header
                case ColumnState() as removed, None:
                    texts |= self._cleared(structure.tab, removed)
        self._wanted.update(texts)
        return texts

    def _cleared(self, key: str, state: ColumnState) -> dict[OwnCell, str]:
        tab = self.base.snapshot.tab(key)
        column = tab.marks.get(state.role)
        rows = (row for row in tab.rows if state.header_row <= row.number <= state.last_row)
        return {OwnCell(key, row.number, state.role): "" for row in rows if column in row.cells}

    def _restructure(self, requests: Sequence[Request], is_done: Callable[[Look], bool]) -> None:
        if not requests:
            return
        try:
            reply = self.calls.change(requests, reply_fields=_REPLIES)
        except LostReply:
            if not self._shows(is_done):
                raise WorkbookChanged("Google did not answer, and nothing was written") from None
            return
        except Rejected as rejected:
            self._raise_if_changed()
            renamed = stamp_tab_renamed(requests) if "addSheet" in rejected.said else ()
            if not renamed:
                raise
            self._restructure(renamed, is_done)
            return
        self.may_have_written = True
        back = wrongly_deleted(requests, reply)
        if back:
            self.clean = False
            self.calls.change(back, reply_fields=_REPLIES)

    def _shows(self, is_done: Callable[[Look], bool]) -> bool:
        """After a request without an answer: whether its effect shows, or that it cannot come any more."""
        had_written, self.may_have_written = self.may_have_written, True
        for pause in (0.0, *_PAUSES):
            if pause:
                self.wait(pause)
            if is_done(self.again()):
                return True
        self.may_have_written = had_written
        return False

    def _raise_if_changed(self) -> None:
        """After a request that Google refused: WorkbookChanged when the sheet is no longer what was read."""
        if not self.may_have_written and self.again().snapshot.fingerprint != self.base.snapshot.fingerprint:
            raise WorkbookChanged("the sheet was changed while it was about to be written")

    def _write_values(self, texts: Texts) -> None:
        """Write the parts, each after the one before was found in its rows; put right what moved."""
        look = self.base
        for _ in range(_ROUNDS):
            if not texts and self._stamp is None:
                return
            watches = self._watches(look, texts)
            todo = parts(texts, watches, self._stamp)
            if all(self._met(part, look, watches) for part in todo):
                return
            self.clean = False
            fresh = self.again()
            texts = self._put_right(look, fresh)
            look = fresh
        self._lost += [edit for cell, edit in self._edit_at.items() if cell in texts]

    def _met(self, part: Part, look: Look, watches: Mapping[str, Watch]) -> bool:
        """Write one part; whether it is known to have met its rows."""
        self._written.update(part.texts)
        try:
            reply = self.calls.write_values(part.body, {"fields": "responses"})
        except LostReply:
            self._shows(lambda now: any(has_effect(tab, at, part.texts) for tab, at in tab_pairs(look, now)))
            return False
        except Rejected:
            self._raise_if_changed()
            if not self.may_have_written:
                raise
            return False
        self.may_have_written = True
        if part.has_stamp:
            self._stamp = None
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
        self._lost += [edit for cell, edit in self._edit_at.items() if cell not in places]
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


def _is_removal(structure: Structure) -> bool:
    return isinstance(structure.before, ColumnState) and structure.after is None


def _stand(structures: Iterable[Structure], look: Look) -> bool:
    """Whether a batch of these changes was made: as it is made whole or not at all, one of them tells."""
    return any(_stands(structure, look) for structure in structures)


def _stands(structure: Structure, look: Look) -> bool:
    tab = next((tab for tab in look.snapshot.tabs if tab.key == structure.tab), None)
    match structure.before, structure.after:
        case _ if tab is None:
            return False
        case _, ColumnState() as wanted:
            return wanted.role in tab.marks
        case ColumnState() as removed, None:
            return removed.role not in tab.marks
        case None | HighlightState(), HighlightState() as rules:
            return tab.highlights == rules.rules
        case HighlightState(), None:
            return not tab.highlights
        case None | DropDownState(), DropDownState() as lists:
            return tab.drop_downs == lists.lists
    return not tab.drop_downs
