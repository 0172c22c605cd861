"""Which plans of this user are kept in a file, and which file a plan moved to from there.

Looks at the registered configurations, and the one in use. One that is broken or not trusted says nothing.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sheets_sync.config.load import FILE_NAME, find_config, load_config
from sheets_sync.config.registry import entries
from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.errors import SheetsSyncError, UsageError

_ANY = re.compile(rb"")
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
    for loaded in _configurations(None, holding=_MOVED):
        for plan in loaded.plans:
            if plan.moved_from is None or not is_same_file(plan.moved_from, workbook):
                continue
            now = plan.workbook.name if isinstance(plan.workbook, Path) else str(plan.workbook)
            raise UsageError(
                f"{workbook.name}: this plan moved to {now}",
                f"use {plan.workbook}; where {workbook.name} is another plan now, take the line moved_from out of "
                f"{loaded.file}",
            )


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one place, whether or not something is there."""
    return _place(one) == _place(other)


def _place(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path.expanduser()))


def _configurations(config: Path | None, *, holding: re.Pattern[bytes] = _ANY) -> Iterator[Config]:
    """The configuration in use and all registered ones, each once; of these, those whose text has `holding`."""
    seen: set[str] = set()
    for file in _files(config):
        place = _place(file)
        if place in seen:
            continue
        seen.add(place)
        try:
            if holding.search(file.read_bytes()):
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
