"""One press with all that an action needs: the open workbook, its plan, the screen, the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sheets_sync.button.plan_of import Guest, Installed
from sheets_sync.button.screen import Screen
from sheets_sync.core.settings import PlanSettings
from sheets_sync.run.clock import Clock
from sheets_sync.run.site import Site
from sheets_sync.run.wiring import open_store, site
from sheets_sync.words.button_words import ButtonWords, button_words
from sheets_sync.workbooks.excel_live import ExcelLive


@dataclass(frozen=True, slots=True)
class Press:
    """One press. `book` is an xlwings.Book, `live` the same one as our adapter."""

    book: Any
    live: ExcelLive
    found: Installed | Guest
    screen: Screen
    clock: Clock

    @property
    def settings(self) -> PlanSettings:
        """The plan's settings, its own or those its workbook carries."""
        return self.found.plan.settings if isinstance(self.found, Installed) else self.found.settings

    @property
    def words(self) -> ButtonWords:
        """The sentences in the plan's language."""
        return button_words(self.settings.language)

    @contextmanager
    def opened(self, found: Installed) -> Iterator[Site]:
        """The installed plan with its store, the open workbook in the place of its file. Raises UsageError,
        StoreError."""
        store = open_store(found.config)
        try:
            at = site(found.config, found.plan, store, clock=self.clock)
            yield replace(at, workbook=self.live, why_not_written=lambda: "", backup_of=lambda _: "")
        finally:
            store.close()
