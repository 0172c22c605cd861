"""One write into a spreadsheet: structures, then values, then drop-downs, the Sync log, and what is given up; each
answer checked.

What may be written at all is decided before (`memory_changes`), on what was just read. How each step is made is in
`restructuring`, `row_writing` and `list_writing`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sheets_sync.core.decision import Changes, ColumnState, Edit, HighlightState, Refused, Structure
from sheets_sync.core.snapshot import Stamp, Tab
from sheets_sync.errors import WorkbookError
from sheets_sync.workbooks.google.basic_filter import (
    filters_grown,
    filters_put_right,
    filters_shrunk,
    heads_of_grown,
)
from sheets_sync.workbooks.google.calls import Rejected
from sheets_sync.workbooks.google.column_heads import heads_above
from sheets_sync.workbooks.google.effects import is_removal, stand
from sheets_sync.workbooks.google.list_writing import make_lists
from sheets_sync.workbooks.google.log_writing import LogWriting
from sheets_sync.workbooks.google.look import Look
from sheets_sync.workbooks.google.moved_rows import own_literal
from sheets_sync.workbooks.google.restructuring import Restructuring
from sheets_sync.workbooks.google.row_writing import RowWriting, cleared
from sheets_sync.workbooks.google.sending import Sending
from sheets_sync.workbooks.google.structure_requests import (
    Request,
    columns_forgotten,
    missing_rows,
    requests_for,
    stages,
    stamp_tab_added,
    stamp_tab_removed,
    stamp_written,
)
from sheets_sync.workbooks.memory_changes import Outcome

_GONE = "the row was moved, changed or deleted while it was written"
_NOT_MADE = "it could not be made after the cells were written"
_COLUMNS_MOVED = "people moved columns at that moment; the next run tries again"
_RULE_GONE = (
    "a colour rule that somebody changed at that moment was lost and could not be put back: "
    "the sheet's version history still has it"
)


@dataclass
class Writing:
    """A write under way, sent through `sending`. `log` is the change of the Sync log, which is made last, so that it
    tells of nothing that was not written; with the stamp alone it makes one batch."""

    sending: Sending
    changes: Changes
    allowed: Outcome
    log: Structure | None = None
    _lost: dict[Edit | Structure, str] = field(default_factory=dict)
    _log: LogWriting = field(init=False)

    def __post_init__(self) -> None:
        self._log = LogWriting(self.sending, self.log, remembers=self.changes.stamp is not None)

    def make(self) -> tuple[Refused, ...]:
        """Write all that is allowed; returns what was refused on the way: the sheet changed, or Google stopped us.

        Raises WorkbookChanged, WorkbookBusy and WorkbookRefused only when nothing was written.
        """
        stamp = None if self.changes.remove_stamp else self.changes.stamp
        rows = RowWriting(self.sending, self.changes, self.allowed, stamp)
        restructuring = Restructuring(self.sending)
        stopped: tuple[Refused, ...] = ()
        try:
            self._make(rows, restructuring)
        except WorkbookError as error:
            if not self.sending.may_have_written:
                raise
            self.sending.clean = False
            stopped = tuple(Refused(edit, error.message) for edit in rows.unsure())
        restructuring.settle()
        self._lose([self.log] if self.log is not None and self._log.refused else [], self._log.refused)
        self._lose(rows.lost, _GONE)
        self._lose(self._highlights(restructuring.gone), _RULE_GONE)
        return *(Refused(what, reason) for what, reason in self._lost.items()), *stopped

    def _make(self, rows: RowWriting, restructuring: Restructuring) -> None:
        first, lists, last = stages(self.allowed.structures)
        rows.heads = (*heads_above(lists, self.sending.base), *heads_of_grown(first, self.sending.base))
        self._begin(first, rows, restructuring)
        try:
            rows.write()
            self._put_filters_right(first, rows, restructuring)
            if lists and (rows.moved or not make_lists(restructuring, lists)):
                self.sending.clean = False
                self._lose(lists, _COLUMNS_MOVED)
            lists = ()
            self._log.make(restructuring)
            self._finish(last, restructuring)
        except WorkbookError:
            self._lose((*lists, *last), _NOT_MADE)
            raise

    def _begin(self, first: Sequence[Structure], rows: RowWriting, restructuring: Restructuring) -> None:
        """Make what comes before the values; the stamp goes along when there are none."""
        base, stamp = self.sending.base, rows.stamp
        requests = [*missing_rows(self.allowed.structures, base.facts), *requests_for(first, base.facts)]
        requests += filters_grown(first, base)
        alone = stamp if not rows.texts and not rows.heads else None
        log = self._log.requests() if alone is not None else ()
        if self._log.refused and not (requests or rows.texts or self.changes.stamp_alone):
            rows.stamp = None
            return
        if stamp is not None and not base.has_stamp_tab:
            requests += stamp_tab_added(alone)
        elif alone is not None and (requests or log):
            requests.append(stamp_written(alone))
        elif alone is not None:
            return
        if alone is not None:
            rows.stamp = None

        def is_done(now: Look) -> bool:
            if alone is not None:
                return _holds(now, alone)
            return stand(first, now) if first else now.has_stamp_tab

        self._make_with_log(requests, log, is_done, restructuring)

    def _make_with_log(
        self,
        requests: Sequence[Request],
        log: Sequence[Request],
        is_done: Callable[[Look], bool],
        restructuring: Restructuring,
    ) -> None:
        """Make these changes with those of the log, or without them where Google refuses that (a protected tab)."""
        try:
            restructuring.make([*requests, *log], is_done)
        except Rejected as rejected:
            if not log:
                raise
            self._log.refuse(rejected.message)
            if self.allowed.structures or self.changes.stamp_alone:
                restructuring.make(requests, is_done)
        else:
            self._log.change = None if log else self._log.change

    def _put_filters_right(self, first: Sequence[Structure], rows: RowWriting, restructuring: Restructuring) -> None:
        """Columns that moved while filters grew: each filter goes where its columns are."""
        if rows.moved:
            grown = heads_of_grown(first, self.sending.base)
            now = self.sending.again() if grown else self.sending.base
            right = filters_put_right(first, self.sending.base, now)
            restructuring.make(right, lambda later: not filters_put_right(first, self.sending.base, later))

    def _finish(self, last: Sequence[Structure], restructuring: Restructuring) -> None:
        """Make the changes that come after the values. A column in which a text of ours is left keeps its mark, and
        the spreadsheet its stamp: without them nobody would know that text for ours."""
        now = self.sending.base
        if not self.sending.clean and any(is_removal(one) for one in last):
            now = self.sending.again()
        kept = self._still_held(last, now) if not self.sending.clean else []
        self._lose(kept, _NOT_MADE)
        made = [one for one in last if one not in kept]

        def is_done(later: Look) -> bool:
            return stand(made, later) if made else not later.has_stamp_tab

        try:
            restructuring.make(self._given_up(made, self.sending.base, now), is_done)
        except Rejected:
            if not self.sending.may_have_written:
                raise
            # What was to be given up is partly gone by now: people deleted it at that moment.
            self.sending.clean = False
            now = self.sending.again()
            restructuring.make(self._given_up(made, now, now), is_done)

    def _given_up(self, made: Sequence[Structure], look: Look, now: Look) -> list[Request]:
        """The last batch, for the columns as read in `look`; filters are shrunk as they stand `now`.

        With the stamp goes also the memory of columns that people deleted, when no mark is left.
        """
        requests = [
            *requests_for([one for one in made if one.tab in look.facts], look.facts),
            *filters_shrunk(made, now),
        ]
        if self._lost or not self.changes.remove_stamp:
            return requests
        removed = {(one.tab, one.before.role) for one in made if isinstance(one.before, ColumnState)}
        marks = {(key, role) for key, facts in look.facts.items() for role in facts.marks}
        if marks <= removed:
            requests += columns_forgotten(look.facts, removed)
        return [*requests, stamp_tab_removed()] if look.has_stamp_tab else requests

    def _lose(self, what: Iterable[Edit | Structure], reason: str) -> None:
        for one in what:
            self._lost.setdefault(one, reason)

    def _highlights(self, tabs: set[str]) -> list[Structure]:
        states = [(one, one.after or one.before) for one in self.allowed.structures if one.tab in tabs]
        return [one for one, state in states if isinstance(state, HighlightState)]

    def _still_held(self, structures: Iterable[Structure], look: Look) -> list[Structure]:
        """The columns to be given up in which, looking again, a text that was to be cleared still stands."""
        removed = [one for one in structures if is_removal(one)]
        now = {tab.key: tab for tab in look.snapshot.tabs}
        return [one for one in removed if one.tab in now and self._holds_ours(one, now[one.tab])]

    def _holds_ours(self, structure: Structure, now: Tab) -> bool:
        if not isinstance(structure.before, ColumnState):
            return False
        role, base = structure.before.role, self.sending.base
        tab = base.snapshot.tab(structure.tab)
        rows = {row.number: row for row in tab.rows}
        cells = cleared(base, structure.tab, structure.before)
        ours = {own_literal(tab, rows[cell.row], role).text for cell in cells}
        return any(own_literal(now, row, role).text in ours for row in now.rows)


def _holds(now: Look, stamp: Stamp) -> bool:
    return now.snapshot.stamp == stamp
