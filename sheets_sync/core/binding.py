"""Which column is which: headers matched in the order of DOMAIN 1.1, ties and doubts left to a person.

Config map > exact > whole-word prefix > one letter wrong. The header row is found in `header`; the id column is chosen
in `keys`, because its rows decide.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from sheets_sync.core.cells import Cell
from sheets_sync.core.content import DATES, fits, holds_dates, is_list_of_words
from sheets_sync.core.highlights import letters
from sheets_sync.core.model import Field
from sheets_sync.core.settings import PlanSettings
from sheets_sync.words.columns import Meaning, column_words, header_key, meaning_of, near_meaning, prefix_meaning
from sheets_sync.words.flags import LANGUAGES, flag_words

DECISIVE = (Field.ACTION, Field.OWNER, Field.DUE, Field.STATUS, Field.START, Field.DONE_ON)
"""Two headers for one of these is DAT001; so is it for ids (chosen in `keys`). For any other column it counts as
absent."""


class Strength(IntEnum):
    """How well a header matches."""

    NEAR = 1
    PREFIX = 2
    FITTING = 3
    """An exact match of a word with other meanings too, whose cells fit."""
    EXACT = 4


class Column(NamedTuple):
    """A column with its header. `texts` are ways to read the header (under a group header there are several);
    `group` is the group header above it; `cells` is a sample of its filled cells; `block` counts the blocks of
    neighbouring columns from the left."""

    number: int
    shown: str
    texts: tuple[str, ...]
    group: str
    cells: tuple[Cell, ...]
    block: int


class Clash(NamedTuple):
    """Columns that cannot be told apart, or that may not be there. `kind` is "ambiguous" or "taken"."""

    kind: str
    field: Field | None
    columns: tuple[Column, ...]


@dataclass(slots=True)
class Binding:
    """What is bound so far. `unmapped` are (field, header) of the config's map that no header here has; `doubtful` are
    fields other than the decisive ones that two columns could be; `unsettled` are single headers whose cells did not
    say which decisive field they hold; `ids` are columns that could hold ids. `revised` tells that the due column
    revises an earlier one."""

    bound: dict[Field, int] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)
    unmapped: list[tuple[Field, str]] = field(default_factory=list)
    doubtful: list[Clash] = field(default_factory=list)
    unsettled: list[Clash] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)
    revised: bool = False


class _Candidate(NamedTuple):
    field: Field
    column: Column
    strength: Strength
    meaning: Meaning


def bind(columns: Sequence[Column], settings: PlanSettings) -> Binding:
    """Bind fields to columns. Never raises; what cannot be settled is in `clashes` and `doubtful`."""
    binding = Binding()
    taken = _own_headers()
    binding.clashes += [Clash("taken", None, (column,)) for column in columns if header_key(column.shown) in taken]
    free = _mapped(columns, settings, binding)
    candidates = [found for column in free if (found := _candidate(column, free, settings, binding)) is not None]
    by_field: dict[Field, list[_Candidate]] = {}
    for candidate in candidates:
        by_field.setdefault(candidate.field, []).append(candidate)
    for name in sorted(by_field, key=_turn):
        if name in binding.bound:
            continue
        if name is Field.ID:
            binding.ids += [candidate.column.number for candidate in by_field[name]]
        else:
            _choose(name, by_field[name], columns, binding)
    if Field.ACTION not in by_field and Field.ACTION not in binding.bound:
        _fall_back(free, binding)
    for clash in binding.unsettled:
        (binding.doubtful if clash.field in binding.bound else binding.clashes).append(clash)
    _lone_dates(free, columns, binding)
    return binding


def _turn(name: Field) -> int:
    """The action goes first, for the others stand around it; a first due date goes before its revision."""
    return {Field.ACTION: 0, Field.ORIGINAL_DUE: 1}.get(name, 2)


def header_fields(text: str, settings: PlanSettings) -> tuple[Field, ...]:
    """The fields a header text could stand for, judged without its cells."""
    key, words = header_key(text), column_words()
    for name, wanted in settings.column_map:
        if header_key(wanted) == key:
            return (name,)
    if key in words.fallback_action:
        return (Field.ACTION,)
    if key in words.lone_dates or key in words.lone_dates_without_due:
        return (Field.DUE,)
    found = meaning_of(text) or prefix_meaning(text) or near_meaning(text)
    return tuple(map(Field, found.fields)) if found else ()


def _own_headers() -> frozenset[str]:
    roles = ("flag", "next_fix")
    return frozenset(header_key(flag_words(language).headers[role]) for language in LANGUAGES for role in roles)


def _mapped(columns: Sequence[Column], settings: PlanSettings, binding: Binding) -> list[Column]:
    """Bind what the config maps, by header or column letters; the columns left are returned."""
    used: set[int] = set()
    for name, wanted in settings.column_map:
        found = [column for column in columns if column.shown.strip() == wanted.strip()]
        found = found or [column for column in columns if header_key(column.shown) == header_key(wanted)]
        found = found or [column for column in columns if letters(column.number) == wanted.strip()]
        if len(found) == 1:
            binding.bound[name] = found[0].number
            if name is Field.ID:
                binding.ids = [found[0].number]
            if name is Field.DUE:
                binding.revised = header_key(found[0].shown) in column_words().revised
            used.add(found[0].number)
        elif found:
            binding.clashes.append(Clash("ambiguous", name, tuple(found)))
        else:
            binding.unmapped.append((name, wanted))
    return [column for column in columns if column.number not in used]


def _candidate(
    column: Column, columns: Sequence[Column], settings: PlanSettings, binding: Binding
) -> _Candidate | None:
    meaning = _charted(column, columns) or next(filter(None, map(meaning_of, column.texts)), None)
    if meaning is not None:
        name = _settled(meaning, column, settings, binding)
        name = _planned_or_done(name, column.group) if name else None
        if name is None or (meaning.fitting and not fits(name, column.cells, settings.status_map)):
            return None
        return _Candidate(name, column, Strength.FITTING if meaning.fitting else Strength.EXACT, meaning)
    for strength, find in ((Strength.PREFIX, prefix_meaning), (Strength.NEAR, near_meaning)):
        meaning = next(filter(None, map(find, column.texts)), None)
        if meaning is not None and fits(Field(meaning.fields[0]), column.cells, settings.status_map):
            return _Candidate(Field(meaning.fields[0]), column, strength, meaning)
    return None


def charted(texts: Iterable[str]) -> Mapping[str, str]:
    """The field names of a responsibility chart's headers, by header key (RACI: the A is the owner, the R supports);
    empty when the headers make no whole chart."""
    keys = {header_key(text) for text in texts}
    return next((chart for chart in column_words().charts if chart.keys() <= keys), {})


def _charted(column: Column, columns: Sequence[Column]) -> Meaning | None:
    name = charted(other.shown for other in columns).get(header_key(column.shown))
    return Meaning((name,)) if name is not None else None


def _settled(meaning: Meaning, column: Column, settings: PlanSettings, binding: Binding) -> Field | None:
    """The field a header of several meanings has by its cells; doubts about a decisive field are noted."""
    fields = [Field(name) for name in meaning.fields if name]
    if not meaning.by_content:
        if len(fields) > 1:
            binding.doubtful.append(Clash("ambiguous", fields[0], (column,)))
        return fields[0] if len(fields) == 1 else None
    if not column.cells:
        return fields[0]
    fitting = [name for name in fields if fits(name, column.cells, settings.status_map)]
    if fitting and not _alike(fitting):
        return fitting[0]
    if not fitting and Field.STATUS in fields and not meaning.fitting and is_list_of_words(column.cells):
        return Field.STATUS
    decisive = fields[0] in DECISIVE and not meaning.fitting
    (binding.unsettled if decisive else binding.doubtful).append(Clash("ambiguous", fields[0], (column,)))
    return None


def _alike(fields: Sequence[Field]) -> bool:
    """Whether cells cannot tell these fields apart, both being texts."""
    return set(fields) == {Field.WHY, Field.SLIP_REASON}


def _planned_or_done(name: Field, group: str) -> Field | None:
    """Under a group header "Actual" an end is the day of completion, and a start is no plan."""
    if name in (Field.DUE, Field.START) and not column_words().actual.isdisjoint(header_key(group).split()):
        return Field.DONE_ON if name is Field.DUE else None
    return name


def _choose(name: Field, candidates: list[_Candidate], columns: Sequence[Column], binding: Binding) -> None:
    best = max(candidate.strength for candidate in candidates)
    strongest = [candidate for candidate in candidates if candidate.strength == best]
    rivals = [candidate for candidate in candidates if candidate.strength is Strength.PREFIX]
    if name is Field.ACTION and best >= Strength.FITTING and rivals:
        strongest = [*strongest, *rivals]
    if len(strongest) > 1:
        strongest = _narrowed(name, strongest, columns, binding)
    if len(strongest) == 1:
        _take(name, strongest[0], binding)
    else:
        clash = Clash("ambiguous", name, tuple(candidate.column for candidate in strongest))
        (binding.clashes if name in DECISIVE else binding.doubtful).append(clash)


def _narrowed(
    name: Field, candidates: list[_Candidate], columns: Sequence[Column], binding: Binding
) -> list[_Candidate]:
    """Rivals that are none: beside the plan's block, a duration beside a date, a first date beside its revision."""
    action = binding.bound.get(Field.ACTION)
    block = next((column.block for column in columns if column.number == action), None)
    near = [candidate for candidate in candidates if candidate.column.block == block]
    candidates = near or candidates
    firm = [c for c in candidates if not (c.meaning.yields and c.column.cells) or holds_dates(c.column.cells)]
    candidates = firm or candidates
    if name is Field.DUE and Field.ORIGINAL_DUE not in binding.bound and len(candidates) == 2:
        revised = [c for c in candidates if header_key(c.column.shown) in column_words().revised]
        if len(revised) == 1:
            (first,) = [c for c in candidates if c is not revised[0]]
            binding.bound[Field.ORIGINAL_DUE] = first.column.number
            return revised
    return candidates


def _take(name: Field, candidate: _Candidate, binding: Binding) -> None:
    binding.bound[name] = candidate.column.number
    binding.languages.update(candidate.meaning.languages)
    if name is Field.DUE:
        binding.revised = header_key(candidate.column.shown) in column_words().revised


def _fall_back(columns: Iterable[Column], binding: Binding) -> None:
    """Without any header for the action, a description of several words is one."""
    words = column_words().fallback_action
    found = [
        _Candidate(Field.ACTION, column, Strength.FITTING, words[key])
        for column in columns
        if (key := header_key(column.shown)) in words
        and column.number not in binding.bound.values()
        and fits(Field.ACTION, column.cells)
    ]
    if len(found) == 1:
        _take(Field.ACTION, found[0], binding)
    elif found:
        binding.clashes.append(Clash("ambiguous", Field.ACTION, tuple(candidate.column for candidate in found)))


def _lone_dates(free: Iterable[Column], columns: Sequence[Column], binding: Binding) -> None:
    """ "Data", "Fecha" alone: the due date when it is the only date column, otherwise nobody knows (DOMAIN 1.1)."""
    words = column_words()
    keys: Mapping[int, str] = {column.number: header_key(column.shown) for column in columns}
    unbound = [column for column in free if column.number not in binding.bound.values()]
    settled = Field.DUE in binding.bound and Field.START in binding.bound
    lone = [column for column in unbound if keys[column.number] in words.lone_dates and not settled]
    if Field.DUE not in binding.bound:
        lone += [column for column in unbound if keys[column.number] in words.lone_dates_without_due]
    lone = [column for column in lone if holds_dates(column.cells) or (not column.cells and _is_ours(binding))]
    if not lone or any(clash.field is Field.DUE for clash in binding.clashes):
        return
    dated = {number for name, number in binding.bound.items() if name in DATES}
    others = [
        column for column in columns if column.number in dated or (column not in lone and holds_dates(column.cells))
    ]
    if len(lone) == 1 and not others:
        binding.bound[Field.DUE] = lone[0].number
    else:
        certain = any(keys[column.number] in words.lone_dates for column in lone)
        (binding.clashes if certain else binding.doubtful).append(Clash("ambiguous", Field.DUE, (*lone, *others)))


def _is_ours(binding: Binding) -> bool:
    """Whether the headers are Portuguese or Spanish: an empty "Data" is then a date, and not English data."""
    return max(binding.languages["pt"], binding.languages["es"]) > binding.languages["en"]
