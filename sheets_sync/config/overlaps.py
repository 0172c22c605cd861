"""Mistakes between the plans of one file: a uid or name twice, a workbook that two plans would write, the same tab of
the same workbook in two plans; and a plan that moved to where it was.

A workbook carries one stamp, by which a plan knows that nobody else wrote it (HAZARDS 6): of two plans that write it
each would be refused after the other.

Looks at the file as parsed, before its shape is known to be right, so that all mistakes are told at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sheets_sync.config.positions import KeyPath
from sheets_sync.config.toml_text import toml_value
from sheets_sync.core.google import looks_like_address, read_address
from sheets_sync.places import file_name

NOTHING = "none"
"""A plan of which nothing is ever written into its workbook."""
Overlap = tuple[KeyPath, str]
"""The key that repeats an earlier one, and what is wrong."""


def overlaps(plans: object, folder: Path) -> Iterator[Overlap]:
    """Every uid, name and tab that an earlier plan of the file already has. `folder` is where the file lies."""
    if not isinstance(plans, list):
        return
    uids: dict[str, int] = {}
    names: dict[str, int] = {}
    tabs: dict[str, dict[str, int]] = {}
    writers: dict[str, int] = {}
    for number, plan in enumerate(plans):
        if not isinstance(plan, Mapping):
            continue
        uid = plan.get("uid")
        if isinstance(uid, str) and uids.setdefault(uid, number) != number:
            yield ("plan", number, "uid"), f"plan {uids[uid] + 1} has the same uid; every plan needs its own"
        name = plan.get("name", "plan")
        if isinstance(name, str) and names.setdefault(name.casefold(), number) != number:
            yield ("plan", number, "name"), f"plan {names[name.casefold()] + 1} has the same name; tell them apart"
        workbook = plan.get("workbook")
        moved_from = plan.get("moved_from")
        if isinstance(workbook, str) and isinstance(moved_from, str) and _is_same(workbook, moved_from, folder):
            yield ("plan", number, "moved_from"), "the plan is in this very file; take this line out"
        if isinstance(workbook, str):
            place = same_place(workbook, folder)
            if plan.get("writes") != NOTHING and writers.setdefault(place, number) != number:
                yield ("plan", number, "workbook"), _two_writers(plans[writers[place]], plan, writers[place])
                continue
            yield from _taken(plan.get("tabs", []), number, tabs.setdefault(place, {}))


def _two_writers(first: Mapping[str, object], second: Mapping[str, object], number: int) -> str:
    both = dict.fromkeys((*_names(first), *_names(second)))
    named = bool(_names(first) and _names(second))
    tabs = ", ".join(toml_value(name) for name in both) if named else "..."
    return (
        f"plan {number + 1} is in the same workbook, which only one plan can write: put the tabs of both into that "
        f"one, tabs = [{tabs}], and take this table out"
    )


def _names(plan: Mapping[str, object]) -> tuple[str, ...]:
    names = plan.get("tabs")
    return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()


def _taken(names: object, number: int, known: dict[str, int]) -> Iterator[Overlap]:
    """Tabs of one workbook that an earlier plan has; without names nobody can tell which tab is meant."""
    if not isinstance(names, Sequence) or isinstance(names, str):
        return
    earlier = dict(known)
    words = [name for name in names if isinstance(name, str)]
    for word in words or [""]:
        known.setdefault(word.casefold(), number)
    if not earlier:
        return
    if not words or "" in earlier:
        first = min(earlier.values())
        key: KeyPath = ("plan", number, "workbook") if not words else ("plan", number, "tabs")
        yield key, f"plan {first + 1} is in the same workbook: name the tabs of both with tabs = [...]"
    for word in words:
        if word.casefold() in earlier:
            yield ("plan", number, "tabs"), f"plan {earlier[word.casefold()] + 1} already has this tab"


def _is_same(workbook: str, other: str, folder: Path) -> bool:
    return same_place(workbook, folder) == same_place(other, folder)


def same_place(workbook: str, folder: Path) -> str:
    """A name of a workbook that is the same however it is written; `folder` is where relative ones begin."""
    if looks_like_address(workbook):
        try:
            return str(read_address(workbook))
        except ValueError:
            return workbook
    try:
        return file_name(folder / Path(workbook).expanduser())
    except (OSError, RuntimeError, ValueError):
        return workbook  # what is wrong with it is told where the plan is read
