"""Excel held still while it is read and written: no repainting, no calculation, no macros of others; all put back."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from sheets_sync.workbooks.live.native import Book, Native

_HELD: Final[tuple[tuple[str, object], ...]] = (
    ("screen_updating", False),
    ("enable_events", False),
    ("calculation", "manual"),
)
"""In this order; put back in reverse. People are not locked out: should we be killed, Excel would take no key any more,
and on Windows the macro that waits for us keeps them from typing anyway."""


@contextmanager
def held_still(native: Native, book: Book, *, writing: bool) -> Iterator[None]:
    """Hold Excel still. What it was like comes back whatever happens inside: settings, status bar, active tab and
    selection. Raises WorkbookBusy before anything is changed."""
    app = book.app
    native.make_ready(app)
    held = _HELD if writing else _HELD[:2]
    before = [(name, value) for name, _ in held if (value := _asked(app, name)) is not None]
    status_bar = _asked(app, "status_bar")
    active, selected = book.sheets.active, app.selection
    try:
        for name, value in held:
            if (name, value) not in before:
                _order(app, name, value)
        yield
    finally:
        with suppress(Exception):
            _stand_again(book, active, selected)
        _order(app, "status_bar", False if status_bar is None else status_bar)
        for name, was in reversed(before):
            _order(app, name, was)


def show(book: Book, text: str) -> None:
    """Show a line in the status bar, until Excel is let go."""
    _order(book.app, "status_bar", text)


def _stand_again(book: Book, active: Any, selected: Any) -> None:  # noqa: ANN401 (xlwings' objects)
    if book.sheets.active != active:
        active.activate()
    if selected is not None and book.app.selection != selected:
        selected.select()


def _asked(app: Any, name: str) -> Any:  # noqa: ANN401
    """A setting of Excel, None where the platform does not know it."""
    with suppress(Exception):
        return getattr(app, name)
    return None


def _order(app: Any, name: str, value: object) -> None:  # noqa: ANN401
    """Change a setting; one that Excel does not take must not keep the others from being put back."""
    with suppress(Exception):
        setattr(app, name, value)
