"""What a run of one plan came to, as a value that every output (text, JSON, log, exit code) is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from sheets_sync.core.decision import Changes, Receipt
from sheets_sync.core.health import Cause
from sheets_sync.core.snapshot import Snapshot
from sheets_sync.run.judge import Judgement


class Ended(StrEnum):
    """How a run of one plan ended."""

    UNCHANGED = "unchanged"
    """Same workbook, day, configuration and program as the last finished run: nothing was read."""
    NOTHING = "nothing"
    """Checked; everything stands as it should."""
    WRITTEN = "written"
    PREVIEW = "preview"
    """A dry run: nothing was written."""
    UNCONFIRMED = "unconfirmed"
    """The first write needs a yes."""
    DEFERRED = "deferred"
    """The workbook is open or being saved; tried again next time."""
    PAUSED = "paused"
    READ_ONLY = "read_only"
    """A guard stopped the writing; the keeper must look."""
    FAILED = "failed"


EXIT_CODES: Mapping[Ended, int] = {
    Ended.READ_ONLY: 3,
    Ended.FAILED: 3,
    Ended.UNCONFIRMED: 2,
}


class Looked(NamedTuple):
    """What was read and what was found in it."""

    snapshot: Snapshot
    judgement: Judgement


class Done(NamedTuple):
    """How much a receipt tells of."""

    cells: int = 0
    structures: int = 0
    refused: int = 0


NOTHING_DONE = Done()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One plan's run. `reason` and `remedy` say in words why it ended so and what to do; "" when nothing is to say.
    `aside` belongs to the reason and is for a terminal alone: a name, ids of rows; `cause` is the reason as a code,
    None where the run did all it should.

    `changes` is what was or would be written; `receipt` what became of it. `notes` are things worth a line, as
    "kind:fact". `may_mail` tells that the plan was read well, so that what it has to say may be mailed; `unreached`
    counts rows that reach nobody and `people_to_mend` those of the People tab that cannot be used as they are, 0 where
    that is not known.
    """

    plan: str
    ended: Ended
    reason: str = ""
    remedy: str = ""
    looked: Looked | None = None
    changes: Changes | None = None
    receipt: Receipt | None = None
    notes: tuple[str, ...] = ()
    exit_code: int = field(default=-1)
    may_mail: bool = False
    unreached: int = 0
    people_to_mend: int = 0
    aside: str = ""
    cause: Cause | None = None
    kept: Done = NOTHING_DONE
    """What `done` tells of an outcome in short."""

    @property
    def done(self) -> Done:
        """How much was written and refused."""
        if self.receipt is None:
            return self.kept
        return Done(len(self.receipt.applied), len(self.receipt.structures), len(self.receipt.refused))

    def in_short(self) -> "Outcome":
        """The same without the workbook's content: what a command keeps of a plan while it goes on to the next."""
        return replace(self, looked=None, changes=None, receipt=None, kept=self.done)

    @property
    def code(self) -> int:
        """The exit code this outcome asks for: an explicit one, else by how it ended; 3 when edits were refused."""
        if self.exit_code >= 0:
            return self.exit_code
        if self.done.refused:
            return 3
        return EXIT_CODES.get(self.ended, 0)
