"""The mails of a week as pages to look at, in a private folder; nothing is sent and nothing is remembered."""

import datetime as dt
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from sheets_sync.config.files import create_text
from sheets_sync.config.values import Config
from sheets_sync.core.notices import Notice
from sheets_sync.core.persons import Person
from sheets_sync.notify.render import render
from sheets_sync.run.mail_wiring import template_folder
from sheets_sync.run.preview_folder import empty_folder


class Letter(NamedTuple):
    """All that one person would be told in one mail."""

    person: Person
    notices: tuple[Notice, ...]


class Page(NamedTuple):
    """One mail as files: its HTML, and its text beside it. No name stands in a file's name."""

    person: Person
    html: Path


def letters_of(notices: Iterable[Iterable[Notice]]) -> tuple[Letter, ...]:
    """The notices of several plans by person: one mail each."""
    by_person: dict[str, list[Notice]] = {}
    for notice in chain.from_iterable(notices):
        by_person.setdefault(notice.person.identity, []).append(notice)
    return tuple(Letter(found[0].person, tuple(found)) for found in by_person.values())


def write_pages(config: Config, letters: Iterable[Letter], *, now: dt.datetime) -> tuple[Page, ...]:
    """Write the pages into an empty private folder."""
    folder = empty_folder(config)
    pages = []
    for number, letter in enumerate(letters, start=1):
        rendered = render(letter.notices, templates=template_folder(config), now=now)
        kinds = "-and-".join(dict.fromkeys(notice.kind.value for notice in letter.notices))
        html = folder / f"{number:02}-{kinds}.html"
        create_text(html, rendered.html)
        create_text(html.with_suffix(".txt"), f"{rendered.subject}\n\n{rendered.text}")
        pages.append(Page(letter.person, html))
    return tuple(pages)
