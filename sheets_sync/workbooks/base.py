"""The one protocol every kind of workbook fulfils. Implementations: memory, excel_file (later google, excel_live)."""

from collections.abc import Collection
from typing import Protocol

from sheets_sync.core.decision import Changes, Receipt
from sheets_sync.core.snapshot import Snapshot, TabTitle


class Workbook(Protocol):
    """A workbook that can be listed, read and changed. Never holds state between calls that a run would rely on."""

    def titles(self) -> tuple[TabTitle, ...]:
        """List the tabs, in workbook order. Raises WorkbookError."""

    def fingerprint(self) -> str:
        """Identify the current bytes or version, cheaper than a read. Raises WorkbookError."""

    def read(self, tabs: Collection[str]) -> Snapshot:
        """Read the tabs with these keys, in workbook order; unknown keys are left out. Raises WorkbookError."""

    def apply(self, changes: Changes, seen: Snapshot) -> Receipt:
        """Write `changes`, which were decided on `seen`, and nothing else.

        Each edit is made only if its cell still holds `before` and its row is still the same row (key or witness);
        otherwise it is refused in the receipt. An adapter may instead raise WorkbookChanged with nothing written.
        All or nothing per call as far as the kind allows. Raises WorkbookBusy, WorkbookRefused.
        """
