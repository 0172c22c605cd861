"""Reasons why a workbook cannot be read, in words for a person. What is refused for what is decided by the callers."""

from collections.abc import Iterator
from contextlib import contextmanager

from sheets_sync.errors import WorkbookRefused

SAVE_AGAIN = "Open it in Excel, choose File > Save As > Excel Workbook (.xlsx) and use the new file."
_RESTORE = "Open it in Excel and save it again, or restore an earlier version of the file."
_MISTRUST = "Ask the sender what it is. If you trust it, open it in Excel, save it under a new name and use that file."


class Unreadable(WorkbookRefused):
    """A refusal that does not name its workbook yet; `naming` adds the name."""


@contextmanager
def naming(workbook: str) -> Iterator[None]:
    """Put the workbook's name before the reason of any `Unreadable` raised inside."""
    try:
        yield
    except Unreadable as refusal:
        raise WorkbookRefused(f"{workbook}: {refusal.message}", refusal.remedy) from None


def damaged(detail: str) -> Unreadable:
    """The workbook is broken: cut off, half written, or inconsistent."""
    return Unreadable(f"the workbook is damaged: {detail}", _RESTORE)


def hostile(detail: str) -> Unreadable:
    """The workbook is built in a way no spreadsheet program builds one, as an attack would be."""
    return Unreadable(f"the workbook is not safe to open: {detail}", _MISTRUST)


def too_big(detail: str, limit: str) -> Unreadable:
    """The workbook asks for more than a limit allows; `limit` is the name of the setting."""
    return Unreadable(f"the workbook is too big: {detail}", f"If this is as it should be, raise {limit}.")


def not_a_workbook(detail: str, remedy: str = SAVE_AGAIN) -> Unreadable:
    """The file is something else than an .xlsx or .xlsm workbook."""
    return Unreadable(f"this is not an .xlsx or .xlsm workbook: {detail}", remedy)
