"""The error tree. Errors mean "this cannot be done at all"; bad data in a plan is a finding, never an error.

SheetsSyncError            says what is wrong, where, and what to do next
├── UsageError             the command or the configuration must change (exit 2)
│   ├── ConfigError        every mistake of a config file at once, with file, line and key
│   └── NeedsChoice        the plan cannot be understood without a choice; carries the options to add
├── WorkbookError          one workbook failed; others go on (exit 3)
│   ├── WorkbookRefused    permanent: cannot be read or written safely, with the way out
│   ├── WorkbookBusy       transient: open, locked or being saved; deferred and tried again next time
│   └── WorkbookChanged    somebody saved between read and write: read again and decide again
├── GuardError             the plan went read-only for this run: nothing was written (exit 3)
└── StoreError             the store cannot be used (exit 3, or 2 when its place is wrong)
    └── HeldElsewhere      another run holds this plan (exit 4)
"""

from dataclasses import dataclass


class SheetsSyncError(Exception):
    """Base of all our errors. `message` says what is wrong and where; `remedy` what to type or do, "" if nothing."""

    exit_code = 3

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(SheetsSyncError):
    """The command line or the configuration must change."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a config file. `line` is 1-based, 0 when unknown. `private` tells that key or reason may hold a
    name, an address or a word of the sheet, which only a terminal may show."""

    file: str
    line: int
    key: str
    reason: str
    private: bool = False

    @property
    def place(self) -> str:
        """ "jobs/week.toml:4", or the file alone where it is wrong as a whole."""
        return f"{self.file}:{self.line}" if self.line else self.file


class ConfigError(UsageError):
    """All mistakes of the configuration, reported together."""

    def __init__(self, mistakes: tuple[Mistake, ...], remedy: str = "") -> None:
        lines = [f"{m.place}: {m.key}: {m.reason}" for m in mistakes]
        super().__init__("\n".join(lines), remedy)
        self.mistakes = mistakes


class NeedsChoice(UsageError):
    """The plan cannot be understood without a choice by a person. `options` are exact command-line words to add."""

    def __init__(self, message: str, options: tuple[str, ...]) -> None:
        super().__init__(message, "add: " + "  or  ".join(options))
        self.options = options


class WorkbookError(SheetsSyncError):
    """One workbook cannot be worked on now; the others go on."""


class WorkbookRefused(WorkbookError):
    """The workbook cannot be read or written safely, and trying again will not help."""


class WorkbookBusy(WorkbookError):
    """The workbook is open or being saved. The run counts as done; the next one tries again. `holder` may be ""."""

    exit_code = 0

    def __init__(self, message: str, remedy: str = "", holder: str = "") -> None:
        super().__init__(message, remedy)
        self.holder = holder


class WorkbookChanged(WorkbookError):
    """The workbook is no longer what was read: nothing was written."""


class GuardError(SheetsSyncError):
    """Something implausible or foreign: the plan was only read in this run (DESIGN 5.8)."""


class StoreError(SheetsSyncError):
    """The store cannot be opened, trusted or written."""


class HeldElsewhere(StoreError):
    """Another run holds this plan."""

    exit_code = 4
