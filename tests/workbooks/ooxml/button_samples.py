"""Buttons put into workbooks of tests, and their macros read by another program."""

import warnings
from collections.abc import Sequence

from writing_samples import Opened

from sheets_sync.core.snapshot import Tab
from sheets_sync.workbooks.ooxml.button import ButtonTab, ButtonWish, with_buttons
from sheets_sync.workbooks.ooxml.button_shape import Face
from sheets_sync.workbooks.ooxml.macro_part import project_relation
from sheets_sync.workbooks.ooxml.package import Package

FACE = Face("Sync plan", 'Checks the plan & says "what" needs someone', "en-US")
CARD = '{"version":1,"uid":"p-0123456789ab"}'


def button_tab(tab: Tab) -> ButtonTab:
    """A tab whose first row that holds something is taken for the headers."""
    row = next(iter(tab.rows), None)
    return ButtonTab(tab.key, row.number if row else 1, max(row.cells) if row else 1)


def with_button(book: Opened, tabs: Sequence[ButtonTab] = (), card: str = CARD) -> bytes:
    """The workbook with a button on these tabs, or on all."""
    chosen = tuple(tabs) or tuple(button_tab(tab) for tab in book.seen.tabs)
    return with_buttons(book.package, book.seen, ButtonWish(chosen, FACE, card))


def macros_by_oletools(package: Package) -> dict[str, list[str]]:
    """The lines of every macro module by its name, as oletools reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oletools import olevba

        relation = project_relation(package)
        assert relation is not None
        parser = olevba.VBA_Parser("vbaProject.bin", data=package.read(relation.target))
        found = {stream.rpartition("/")[2]: text.splitlines() for _, stream, _, text in parser.extract_macros()}
        parser.close()
    return found
