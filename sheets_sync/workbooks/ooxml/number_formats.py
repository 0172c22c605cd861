"""Which number formats show a date and which a percentage. Source: ECMA-376 part 1, 18.8.30 and 18.8.31."""

import re

_BUILTIN_DATES = frozenset({*range(14, 18), 22, *range(27, 32), *range(34, 37), *range(50, 59)})
"""18-21, 32, 33 and 45-47 show a time of day or a duration only: not a day."""
_BUILTIN_PERCENTS = frozenset({9, 10})
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[[^\]]*\]")
_DAY_HALF = re.compile(r"am/pm|a/p", re.IGNORECASE)


def is_date_format(number: int, codes: dict[int, str]) -> bool:
    """Whether the format shows a day, month or year. `codes` are the workbook's own formats by number."""
    code = codes.get(number)
    if code is None:
        return number in _BUILTIN_DATES
    shown = _shown(code)
    if shown.strip() == "general":
        return False
    if "y" in shown or "d" in shown or "mmm" in shown:
        return True
    if re.search(r"e|g", shown) and not re.search(r"[0#?]", shown):
        return True
    return "m" in shown and "h" not in shown and "s" not in shown


def is_percent_format(number: int, codes: dict[int, str]) -> bool:
    """Whether the format shows a percentage."""
    code = codes.get(number)
    return number in _BUILTIN_PERCENTS if code is None else "%" in _shown(code)


def _shown(code: str) -> str:
    """The first section of a format code (positive numbers), lower case, without texts, colours, locales and spacing.

    Elapsed time such as [mm] becomes "h", so that it is told from a month.
    """
    code = _LITERAL.sub("", code)
    code = _BRACKETS.sub(lambda part: "h" if set(part[0].lower()) <= set("[hms]") else "", code)
    return _DAY_HALF.sub("", code).split(";")[0].lower()
