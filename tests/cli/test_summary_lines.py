"""The lines that tell a person what a run came to."""

import datetime as dt
from pathlib import Path

import pytest

from sheets_sync.cli.mail_summary import mail_lines
from sheets_sync.cli.summary import note_line, preview_lines, receipt_lines, summary
from sheets_sync.core.cells import BLANK, text_value
from sheets_sync.core.decision import (
    CellRef,
    Changes,
    Edit,
    LogCell,
    LogState,
    Receipt,
    Refused,
    Structure,
    StructureKind,
)
from sheets_sync.core.snapshot import Role
from sheets_sync.run.outcome import Ended, Outcome
from sheets_sync.run.post import MailOutcome
from sheets_sync.store.outbox import Trouble


def an_edit(row: int) -> Edit:
    """A flag to be written."""
    return Edit(f"A-{row:04}", CellRef("1", row, Role.FLAG), BLANK, text_value("ON TRACK"))


def told(*, applied: int, refused: int) -> list[str]:
    """The summary of a run that wrote so many cells and was refused so many."""
    refusals = tuple(Refused(an_edit(row), "the row is gone") for row in range(refused))
    receipt = Receipt(tuple(map(an_edit, range(applied))), (), refusals, "f", parts_changed=min(applied, 1))
    return summary(Outcome("Plan", Ended.WRITTEN, receipt=receipt))


def test_names_and_ids_are_told_on_a_terminal_only() -> None:
    """Who has the workbook open, which rows changed: a pipe ends in mails of cron (HAZARDS 26)."""
    outcome = Outcome("Plan", Ended.DEFERRED, "P.xlsx is open in Excel", "close it", aside="by Maria")
    assert summary(outcome)[-2:] == ["P.xlsx is open in Excel (by Maria)", "  close it"]
    assert "Maria" not in "".join(summary(outcome, counts_only=True))


LOGIN = Trouble(dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC), "The login was refused.")
HEADLINES = [
    (MailOutcome("smtp", left=2), "2 mails sent"),
    (MailOutcome("redirect", left=2), "2 mails redirected to one address, nobody else was mailed"),
    (MailOutcome("redirect"), "no mail was due"),
    (MailOutcome("smtp", next=5, trouble=LOGIN), "no mail could be sent, 5 wait"),
    (MailOutcome("smtp", trouble=LOGIN), "no mail could be sent"),
]


@pytest.mark.parametrize(("mailed", "line"), HEADLINES)
def test_what_became_of_the_mails_in_one_line(mailed: MailOutcome, line: str) -> None:
    """Whether anybody was mailed, whether anything was due at all, or nothing could leave."""
    assert next(mail_lines(mailed, Path("mails"))) == line


def test_refused_cells_are_told_also_when_nothing_else_was_written() -> None:
    """A run that could write nothing does not say that it wrote."""
    lines = told(applied=0, refused=2)
    assert lines[0] == "Plan: nothing could be written"
    assert lines[-2:] == ["  not written: row 0, flag: the row is gone", "  not written: row 1, flag: the row is gone"]


@pytest.mark.parametrize(("refused", "listed"), [(8, 8), (9, 9), (2000, 9)])
def test_many_refusals_are_not_listed_one_by_one(refused: int, listed: int) -> None:
    """The first eight are, and how many more there are."""
    lines = [line for line in told(applied=1, refused=refused) if "not written" in line]
    assert len(lines) == listed
    assert lines[-1].endswith("more" if refused > 8 else "gone")


@pytest.mark.parametrize(
    ("note", "line"),
    [
        (
            "restored:flag=2,next_fix=1",
            "put back after somebody typed over them (DAT004): Flag cells: 2, Next fix cells: 1",
        ),
        ("column_deleted:1:next_fix", "the next fix column was deleted in the sheet and stays away; "),
        ("tab_not_written:Plan:no_room:3:D", "tab Plan: free 3 columns right of D, then run again"),
    ],
)
def test_notes_in_words(note: str, line: str) -> None:
    """What is worth a line is told in plain words."""
    assert note_line(note).startswith(line)


LOG = LogState("Protocol", (LogCell(1, 1, text_value("Sync log")),))


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (None, LOG, "  add: the tab 'Protocol'"),
        (LOG, LOG, "  bring up to date: the tab 'Protocol'"),
        (LOG, None, "  remove: the tab 'Protocol'"),
        (LogState("", ()), None, "  remove: what names the Sync log"),
    ],
)
def test_the_sync_log_in_a_preview(before: LogState | None, after: LogState | None, line: str) -> None:
    """What becomes of the Sync log is a line of its own, and so is why it did not."""
    structure = Structure(StructureKind.LOG, "", before, after)
    assert list(preview_lines(Changes((), (structure,), ()), {})) == ["0 cells and 1 other changes:", line]
    refused = Receipt((), (), (Refused(structure, "somebody wrote into it"),), "")
    assert "  not written: the Sync log: somebody wrote into it" in list(receipt_lines(refused))
