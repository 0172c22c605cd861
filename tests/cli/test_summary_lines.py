"""The lines that tell a person what a run came to."""

import pytest

from sheets_sync.cli.summary import note_line, summary
from sheets_sync.core.cells import BLANK, text_value
from sheets_sync.core.decision import CellRef, Edit, Receipt, Refused
from sheets_sync.core.snapshot import Role
from sheets_sync.run.outcome import Ended, Outcome


def an_edit(row: int) -> Edit:
    """A flag to be written."""
    return Edit(f"A-{row:04}", CellRef("1", row, Role.FLAG), BLANK, text_value("ON TRACK"))


def told(*, applied: int, refused: int) -> list[str]:
    """The summary of a run that wrote so many cells and was refused so many."""
    refusals = tuple(Refused(an_edit(row), "the row is gone") for row in range(refused))
    receipt = Receipt(tuple(map(an_edit, range(applied))), (), refusals, "f", parts_changed=min(applied, 1))
    return summary(Outcome("Plan", Ended.WRITTEN, receipt=receipt))


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
