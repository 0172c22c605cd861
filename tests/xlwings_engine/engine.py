"""The engine, its application and its books, as xlwings' base classes want them; and how to switch it on."""

import datetime as dt
import itertools
import numbers
from collections import Counter
from pathlib import Path
from typing import Any

import xlwings as xw
from xlwings import base_classes

from xlwings_engine import loading
from xlwings_engine.cell_content import Error
from xlwings_engine.names import Names
from xlwings_engine.native import OpenpyxlNative
from xlwings_engine.sheets import Sheets
from xlwings_engine.troubles import ExcelBusyError

_PIDS = itertools.count(90_001)


class Engine:
    """What xlwings calls an engine."""

    name, type = "openpyxl-test", "desktop"

    def __init__(self) -> None:
        self.apps = Apps(self)
        self.native = OpenpyxlNative()

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: Any) -> Any:
        """Blank is an empty text, a date a moment."""
        if value is None:
            return ""
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return dt.datetime(value.year, value.month, value.day)
        return value

    @staticmethod
    def clean_value_data(
        data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool
    ) -> list[list[Any]]:
        """As COM hands over: numbers as float, errors as None unless asked for."""

        def one(value: Any) -> Any:
            match value:
                case None | "":
                    return empty_as
                case Error():
                    return str(value) if err_to_str else None
                case dt.datetime():
                    parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
                    return datetime_builder(**{part: getattr(value, part) for part in parts}, tzinfo=None)
                case bool():
                    return value
                case numbers.Number():
                    return number_builder(value) if number_builder else float(value)
            return value

        return [[one(value) for value in row] for row in data]


class Apps(base_classes.Apps):
    """The running instances."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._list: list[App] = []

    def keys(self) -> list[int]:
        return [app.pid for app in self._list]

    def add(self, **given: Any) -> "App":
        self._list.insert(0, App(self._engine, self, add_book=given.get("add_book", True)))
        return self._list[0]

    def drop(self, app: "App") -> None:
        self._list.remove(app)

    def __iter__(self) -> Any:
        return iter(self._list)

    def __len__(self) -> int:
        return len(self._list)

    def __getitem__(self, pid: int) -> "App":
        return next(app for app in self._list if app.pid == pid)

    def cleanup(self) -> None:
        self._list.clear()


class App(base_classes.App):
    """One Excel. `journal` lists what was set of its settings; `calls` counts orders for ranges by kind.

    `answers` are what a person answers to the next messages, "ok" to all others.
    `editing`: a person is in the middle of typing into a cell; then nothing can be set.
    `keeps_apostrophe`: whether a leading apostrophe typed into a cell formatted as Text is part of the text.
    """

    version = "16.0"
    hwnd = 1
    visible = display_alerts = True
    engine = pid = books = selection = None
    screen_updating = enable_events = interactive = calculation = status_bar = None

    def __init__(self, engine: Engine, apps: Apps, *, add_book: bool) -> None:
        self._settings: dict[str, Any] = {
            "screen_updating": True,
            "enable_events": True,
            "interactive": True,
            "calculation": "automatic",
            "status_bar": False,
        }
        self.engine, self._apps, self.pid = engine, apps, next(_PIDS)
        self.journal: list[tuple[str, Any]] = []
        self.calls: Counter[str] = Counter()
        self.alerts: list[str] = []
        self.answers: list[str] = []
        self.editing = False
        self.keeps_apostrophe = False
        self.books = Books(self)
        if add_book:
            self.books.add()

    @property
    def api(self) -> "App":
        return self

    @property
    def selection(self) -> Any:  # noqa: F811 (shadows the base class's property)
        book = self.books.active
        return book.sheets.active.selected() if book else None

    def activate(self, steal_focus: bool = False) -> None:
        """Nothing to see."""

    def calculate(self) -> None:
        """Results stay as they were loaded."""

    def quit(self) -> None:
        self._apps.drop(self)

    def kill(self) -> None:
        self._apps.drop(self)

    def alert(self, prompt: str, title: Any, buttons: Any, mode: Any, callback: Any) -> str:
        self.alerts.append(prompt)
        return self.answers.pop(0) if self.answers else "ok"


def _setting(name: str) -> property:
    def get(app: App) -> Any:
        return app._settings[name]

    def put(app: App, value: Any) -> None:
        if app.editing:
            raise ExcelBusyError
        app.journal.append((name, value))
        app._settings[name] = value

    return property(get, put)


for _name in ("screen_updating", "enable_events", "interactive", "calculation", "status_bar"):
    setattr(App, _name, _setting(_name))


class Books(base_classes.Books):
    """The open workbooks of one instance; the last one is active."""

    active = None

    def __init__(self, app: App) -> None:
        self.app = app
        self._list: list[Book] = []

    @property
    def api(self) -> "Books":
        return self

    @property
    def active(self) -> "Book | None":  # noqa: F811
        return self._list[-1] if self._list else None

    def add(self) -> "Book":
        return self._with(Book(self.app, loading.new(), f"Book{len(self._list) + 1}"))

    def open(self, fullname: str, *_others: Any, **_given: Any) -> "Book":
        path = Path(fullname).absolute()
        return self._with(Book(self.app, loading.load(path), str(path)))

    def drop(self, book: "Book") -> None:
        self._list.remove(book)

    def _with(self, book: "Book") -> "Book":
        self._list.append(book)
        return book

    def __iter__(self) -> Any:
        return iter(self._list)

    def __len__(self) -> int:
        return len(self._list)

    def __call__(self, key: int | str) -> "Book":
        if isinstance(key, int):
            return self._list[key - 1]
        for book in self._list:
            if key.lower() in (book.name.lower(), book.fullname.lower()):
                return book
        raise KeyError(key)


class Book(base_classes.Book):
    """One open workbook. `workbook` is openpyxl's; `saves` counts how often it was saved."""

    app = fullname = name = sheets = names = None

    def __init__(self, app: App, loaded: loading.Loaded, fullname: str) -> None:
        self.app, self.fullname = app, fullname
        self.workbook, self.results = loaded
        self.saves = 0
        self.sheets = Sheets(self)
        self.names = Names(self)

    @property
    def api(self) -> "Book":
        return self

    @property
    def name(self) -> str:  # noqa: F811
        return Path(self.fullname).name

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Save as a person would."""
        self.fullname = str(Path(path).absolute()) if path else self.fullname
        self.workbook.save(self.fullname)
        self.saves += 1

    def close(self) -> None:
        self.app.books.drop(self)

    def activate(self) -> None:
        """Nothing to see."""


ENGINE = Engine()


def switch_on() -> xw.Engine:
    """Make this the engine of xlwings' front end."""
    engine = next((known for known in xw.engines if known.impl is ENGINE), None)
    if engine is None:
        engine = xw.Engine(impl=ENGINE)
        xw.engines.add(engine)
    engine.activate()
    return engine


def open_book(path: Path | None = None) -> xw.Book:
    """A workbook opened in an Excel of its own, through xlwings; without a path a new one that was never saved."""
    switch_on()
    app = xw.App(visible=True, add_book=False)
    return app.books.open(str(path)) if path else app.books.add()
