"""The two highlight rules of a tab: red and amber, keyed on the flag and on the live cells, so that a highlight goes
out as the person mends the row. Formulas use only comparison, * and +, and functions of at most one argument, so that
no locale's argument separator can break them (DOMAIN 1.2, 2.3)."""

import re
from collections.abc import Iterable

from sheets_sync.core.model import AMBER, CLOSED, RED, Field, Flag
from sheets_sync.core.plan import Plan, TabLayout
from sheets_sync.core.settings import PlanSettings
from sheets_sync.core.snapshot import Area, HighlightRule
from sheets_sync.words.flags import FlagWords

LAST_ROW = 1_048_576
STALE = "stale"
"""The colour of what is red because the plan is not checked any more."""
MOST_WORDS = 12
LONGEST_WORD = 40
"""At most so many status words, of so many characters, are tested, so that a formula stays far below the 8,192
characters of a cell."""
MOST_OWNERS = 40
MOST_OF_OWNERS = 3_000
"""Characters that owner texts may take up in a formula, for the same reason."""
LONGEST_LITERAL = 255
"""Characters of one text in a formula; Excel takes a workbook with a longer one for damaged."""
STARTS_WITH = frozenset({Flag.OVERDUE, Flag.AT_RISK, Flag.RE_DATED})
"""Flags that carry a date, a reason or a count after their word."""


_SPACES = re.compile(" {2,}")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def marker(colour: str) -> str:
    """The term by which our rules are recognised; it is always true."""
    return f'(N("sheets-sync:{colour}")=0)'


def highlight_rules(
    plan: Plan,
    layout: TabLayout,
    flag_column: int,
    *,
    settings: PlanSettings,
    words: FlagWords,
    group_owners: tuple[str, ...] = (),
) -> tuple[HighlightRule, ...]:
    """The rules this tab should have, red first. `flag_column` is where our flag stands or will stand;
    `group_owners` are owner texts that name no single owner today, most frequent first."""
    row = layout.header_row + 1
    columns = {field: layout.column(field) for field in (Field.OWNER, Field.DUE, Field.ACTION, Field.STATUS)}
    shown = _areas(layout, flag_column, columns, row, whole_row=settings.highlight == "row")
    flag = f"${letters(flag_column)}{row}"
    still_open = _still_open(plan, layout, row, words)
    red = [
        _is(flag, words.flags[f], prefix=f in STARTS_WITH)
        for f in sorted(RED - {Flag.NO_OWNER, Flag.NO_DATE, Flag.OVERDUE})
    ]
    red.append(_is(flag, words.flags[Flag.OVERDUE], prefix=True) + _times(_still_past(layout, row), *still_open))
    red.append(_is(flag, words.flags[Flag.NO_OWNER]) + _times(_still_unowned(layout, row, group_owners)))
    red.append(_is(flag, words.flags[Flag.NO_DATE]) + _times(_blank(layout, Field.DUE, row)))
    amber = [_is(flag, words.flags[Flag.VERIFY])]
    amber += [
        _is(flag, words.flags[f], prefix=f in STARTS_WITH) + _times(*still_open) for f in sorted(AMBER - {Flag.VERIFY})
    ]
    red_terms = [marker("red"), f"({'+'.join(red)}>0)"]
    action = columns[Field.ACTION]
    if action is not None and settings.highlight != "row":
        red_terms.append(f"((COLUMN()<>COLUMN(${letters(action)}{row}))+{_is(flag, words.flags[Flag.FIX_ROW])}>0)")
    without_action = tuple(area for area in shown if settings.highlight == "row" or area.left != action)
    return (
        HighlightRule("red", shown, "*".join(red_terms)),
        HighlightRule("amber", without_action, f"{marker('amber')}*({'+'.join(amber)}>0)"),
    )


def stale_formula(red_after: str) -> str:
    """Whether the day that `red_after` names is over: it is that of the Sync log, and blank when nothing is checked."""
    return f"{marker(STALE)}*({red_after}>0)*(TODAY()>{red_after})"


def letters(column: int) -> str:
    """The column's letters: 1 -> A, 27 -> AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _areas(
    layout: TabLayout, flag_column: int, columns: dict[Field, int | None], row: int, *, whole_row: bool
) -> tuple[Area, ...]:
    if whole_row:
        first = min((column for column, _ in layout.headers), default=1)
        return (Area(row, first, LAST_ROW, max(flag_column, layout.last_header)),)
    wanted = {columns[Field.OWNER], columns[Field.DUE], columns[Field.ACTION], flag_column} - {None}
    return tuple(Area(row, column, LAST_ROW, column) for column in sorted(c for c in wanted if c is not None))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _fits(text: str, longest: int) -> bool:
    """Whether a text can stand in a formula: not blank, not too long, no character that a workbook's parts forbid."""
    return 0 < len(text) <= longest and not _FORBIDDEN.search(text)


def _is(cell: str, word: str, *, prefix: bool = False) -> str:
    """Whether a cell holds a word, or starts with it: between the word and the next word in order."""
    if not prefix:
        return f"({cell}={_quoted(word)})"
    after = word[:-1] + chr(ord(word[-1]) + 1)
    return f"({cell}>={_quoted(word)})*({cell}<{_quoted(after)})"


def _times(*terms: str) -> str:
    return "".join(f"*{term}" for term in terms if term)


def _cell(layout: TabLayout, field: Field, row: int) -> str:
    column = layout.column(field)
    return f"${letters(column)}{row}" if column is not None else ""


def _blank(layout: TabLayout, field: Field, row: int) -> str:
    cell = _cell(layout, field, row)
    return f"ISBLANK({cell})" if cell else ""


def _still_past(layout: TabLayout, row: int) -> str:
    cell = _cell(layout, Field.DUE, row)
    return f"(ISTEXT({cell})+ISNUMBER({cell})*({cell}<TODAY())>0)" if cell else ""


def _still_unowned(layout: TabLayout, row: int, group_owners: tuple[str, ...]) -> str:
    """The owner cell is blank, or still holds one of the texts that name no single owner today, blanks aside."""
    cell = _cell(layout, Field.OWNER, row)
    if not cell:
        return ""
    held = [f"(TRIM({cell})={_quoted(text)})" for text in sorted(_told_in_formula(group_owners))]
    return f"({'+'.join([f'ISBLANK({cell})', *held])}>0)"


def _told_in_formula(owners: tuple[str, ...]) -> Iterable[str]:
    """As many of these texts as a formula can hold, the first ones first; a row with another one is not highlighted."""
    room = MOST_OF_OWNERS
    for text in dict.fromkeys(_SPACES.sub(" ", owner) for owner in owners[:MOST_OWNERS]):
        if _fits(text, LONGEST_LITERAL) and len(_quoted(text)) <= room:
            room -= len(_quoted(text))
            yield text


def _still_open(plan: Plan, layout: TabLayout, row: int, words: FlagWords) -> tuple[str, ...]:
    """Terms that turn false once the status says done or a completion date is typed."""
    terms: list[str] = []
    status = _cell(layout, Field.STATUS, row)
    if status:
        terms += [f"({status}<>{word})" for word in _closed_words(plan, words)]
    if layout.column(Field.DONE_ON) is not None:
        terms.append(_blank(layout, Field.DONE_ON, row))
    return tuple(terms)


def _closed_words(plan: Plan, words: FlagWords) -> Iterable[str]:
    held = {
        text.casefold(): text
        for text, status, _ in plan.status_values
        if status in CLOSED and _fits(text, LONGEST_WORD)
    }
    shipped = {text.casefold(): text for text in words.statuses[5:]}
    chosen = sorted({**held, **shipped}.items())[:MOST_WORDS]
    return ["TRUE" if text.upper() == "TRUE" else _quoted(text) for _, text in chosen]
