"""What a person in Excel sees of us: messages with one way out, questions with two, a line in the status bar."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sheets_sync.workbooks.live.quiet import show

TITLE = "sheets-sync"
MOST_LINES = 12
LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Screen:
    """The screen of the Excel that a book, an xlwings.Book, is open in."""

    book: Any

    def tell(self, *lines: str) -> None:
        """Show a message of a few lines; the person closes it."""
        self.book.app.alert(text_of(lines), TITLE, buttons="ok", mode="info")

    def ask(self, *lines: str) -> bool:
        """Show a question that is answered with yes or no."""
        return bool(self.book.app.alert(text_of(lines), TITLE, buttons="yes_no", mode="info") == "yes")

    def busy(self, line: str) -> None:
        """Say in the status bar what is being done."""
        show(self.book, line)

    def free(self) -> None:
        """Give the status bar back to Excel."""
        with suppress(Exception):  # an Excel that does not listen any more has shown what it had to
            self.book.app.status_bar = False


def text_of(lines: tuple[str, ...]) -> str:
    """The lines as one text that fits a message: long ones are cut, too many too."""
    kept = [line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…" for line in lines]
    return "\n".join(kept if len(kept) <= MOST_LINES else [*kept[: MOST_LINES - 1], "…"])
