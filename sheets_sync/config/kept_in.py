"""Which plans of this user are kept in a file, and which file a plan moved to from there.

Looks at the registered configurations, and the one in use. One that is broken or not trusted says nothing.
"""

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sheets_sync.config.load import FILE_NAME, find_config, load_config
from sheets_sync.config.registry import entries
from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.core.google import GoogleAddress
from sheets_sync.errors import SheetsSyncError, UsageError

_MOVED = re.compile(rb"""^[ \t]*["']?moved_from""", re.MULTILINE)


class KeptPlan(NamedTuple):
    """A plan and the configuration it stands in."""

    config: Config
    plan: PlanConfig


def plans_in(workbook: Path, config: Path | None = None) -> tuple[KeptPlan, ...]:
    """The plans kept in this file. `config` is the configuration in use, where one is named."""
    return tuple(
        KeptPlan(loaded, plan)
        for loaded in _configurations(config)
        for plan in loaded.plans
        if isinstance(plan.workbook, Path) and is_same_file(plan.workbook, workbook)
    )


def refuse_moved(workbook: Path) -> None:
    """Raise UsageError for a file that a plan of this user has moved away from, with the file it is in now."""
    for file in _files(None):
        try:
            seen = file.stat()
        except OSError:
            continue
        for moved in _moved_plans(file.absolute(), seen.st_mtime_ns, seen.st_size):
            if moved.place != _place(workbook):
                continue
            now = moved.now.name if isinstance(moved.now, Path) else str(moved.now)
            raise UsageError(
                f"{workbook.name}: this plan moved to {now}",
                f"use {moved.now}; where {workbook.name} is another plan now, take the line moved_from out of "
                f"{moved.config}",
            )


class _Moved(NamedTuple):
    """A plan that is not where it was: the place it left, where it is now, and the configuration that says so."""

    place: str
    now: Path | GoogleAddress
    config: Path


@lru_cache(maxsize=64)
def _moved_plans(file: Path, changed: int, size: int) -> tuple[_Moved, ...]:
    """The plans of a configuration file that moved, read once however many plans are run (`changed` and `size` are
    those of the file)."""
    try:
        loaded = load_config(file) if _MOVED.search(file.read_bytes()) else None
    except (OSError, SheetsSyncError):
        return ()
    plans = loaded.plans if loaded is not None else ()
    return tuple(_Moved(_place(one.moved_from), one.workbook, file) for one in plans if one.moved_from is not None)


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one place, whether or not something is there."""
    return _place(one) == _place(other)


def _place(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path.expanduser()))


def _configurations(config: Path | None) -> Iterator[Config]:
    """The configuration in use and all registered ones, each once."""
    seen: set[str] = set()
    for file in _files(config):
        place = _place(file)
        if place in seen:
            continue
        seen.add(place)
        try:
            yield load_config(file)
        except (OSError, SheetsSyncError):
            continue


def _files(config: Path | None) -> Iterator[Path]:
    try:
        yield find_config(config)
    except UsageError:
        if config is not None:
            raise
    try:
        registered = entries()
    except UsageError:
        return
    for _, folder in registered:
        yield folder / FILE_NAME
