"""A small calculator for formulas: numbers, texts, references, + - * / ^ &, comparisons and a few functions.

Only as much as plans and recordings need; any other function is #NAME?. Not here: who asks, or remembers results.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from .formulas import Corner, corner


class SheetError(NamedTuple):
    """An error value: the code people see, its name in the API, and what the program says about it."""

    code: str
    type: str
    message: str = ""


NAME = SheetError("#NAME?", "NAME", "Unknown function.")
DIVISION = SheetError("#DIV/0!", "DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero.")
NOT_AVAILABLE = SheetError("#N/A", "N_A", "Did not find value.")
REFERENCE = SheetError("#REF!", "REF", "Reference does not exist.")
WRONG_VALUE = SheetError("#VALUE!", "VALUE", "Function parameter expects number values.")
NOT_A_FORMULA = SheetError("#ERROR!", "ERROR", "Formula parse error.")
NUMBER = SheetError("#NUM!", "NUM", "Result was not a number.")

Result = str | int | float | bool | SheetError | None
Grid = list[list[Result]]
Lookup = Callable[[str, Corner, Corner], Grid]
Named = Callable[[str], Grid]

_TOKENS = re.compile(
    r"""\s*(?:(?P<number>[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+)|(?P<text>"(?:[^"]|"")*")
      |(?P<error>\#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!))
      |(?P<range>(?P<tab>'(?:[^']|'')*'!|[A-Za-z_][\w.]*!)?
        (?P<first>\$?[A-Za-z]{1,3}\$?[1-9][0-9]*)(?::(?P<last>\$?[A-Za-z]{1,3}\$?[1-9][0-9]*))?(?![\w(]))
      |(?P<word>[A-Za-z_][\w.]*)|(?P<sign><=|>=|<>|[-+*/^&=<>(),;%]))""",
    re.X,
)
_ERRORS = {error.code: error for error in (NAME, DIVISION, NOT_AVAILABLE, REFERENCE, WRONG_VALUE, NUMBER)}


class _Stop(Exception):
    def __init__(self, error: SheetError) -> None:
        self.error = error


def worth(formula: str, lookup: Lookup, named: Named, today: dt.datetime) -> Result:
    """The result of a formula (with its "="). `today` is the local time of the spreadsheet; INDIRECT knows names
    only."""
    try:
        reader = _Reader(_tokens(formula[1:]), lookup, named, today)
        value = reader.comparison()
        if reader.position < len(reader.tokens):
            return NOT_A_FORMULA
        return _single(value)
    except _Stop as stop:
        return stop.error
    except RecursionError:
        return REFERENCE


def _tokens(text: str) -> list[tuple[str, re.Match[str]]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        token = _TOKENS.match(text, at)
        if not token or token.end() == at:
            raise _Stop(NOT_A_FORMULA)
        found.append(
            (token.lastgroup if token.lastgroup in {"number", "text", "error", "word", "sign"} else "range", token)
        )
        at = token.end()
    return found


def _single(value: "Result | Grid") -> Result:
    if isinstance(value, list):
        return value[0][0] if value and value[0] else None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _number(value: "Result | Grid") -> float:
    value = _single(value)
    if isinstance(value, SheetError):
        raise _Stop(value)
    if value is None:
        return 0
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            raise _Stop(WRONG_VALUE) from None
    return value


def _text(value: "Result | Grid") -> str:
    value = _single(value)
    if isinstance(value, SheetError):
        raise _Stop(value)
    if isinstance(value, bool):
        return str(value).upper()
    return "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)


class _Reader:
    """Reads tokens by precedence. Holds the place it has come to."""

    def __init__(
        self, tokens: Sequence[tuple[str, re.Match[str]]], lookup: Lookup, named: Named, today: dt.datetime
    ) -> None:
        self.tokens = tokens
        self.position = 0
        self.lookup = lookup
        self.named = named
        self.today = today

    def sign(self, *wanted: str) -> str:
        """The next sign, taken, when it is one of these; else ""."""
        if self.position < len(self.tokens):
            kind, token = self.tokens[self.position]
            if kind == "sign" and token["sign"] in wanted:
                self.position += 1
                return token["sign"]
        return ""

    def comparison(self) -> "Result | Grid":
        left = self.joined()
        while sign := self.sign("=", "<>", "<=", ">=", "<", ">"):
            left = _compared(sign, _single(left), _single(self.joined()))
        return left

    def joined(self) -> "Result | Grid":
        left = self.sum()
        while self.sign("&"):
            left = _text(left) + _text(self.sum())
        return left

    def sum(self) -> "Result | Grid":
        left = self.product()
        while sign := self.sign("+", "-"):
            one, other = _number(left), _number(self.product())
            left = one + other if sign == "+" else one - other
        return left

    def product(self) -> "Result | Grid":
        left = self.power()
        while sign := self.sign("*", "/"):
            one, other = _number(left), _number(self.power())
            if sign == "/" and other == 0:
                raise _Stop(DIVISION)
            left = one * other if sign == "*" else one / other
        return left

    def power(self) -> "Result | Grid":
        left = self.signed()
        while self.sign("^"):
            left = _number(left) ** _number(self.signed())
        return left

    def signed(self) -> "Result | Grid":
        if self.sign("-"):
            return -_number(self.signed())
        if self.sign("+"):
            return self.signed()
        value = self.operand()
        while self.sign("%"):
            value = _number(value) / 100
        return value

    def operand(self) -> "Result | Grid":
        if self.sign("("):
            value = self.comparison()
            if not self.sign(")"):
                raise _Stop(NOT_A_FORMULA)
            return value
        if self.position >= len(self.tokens):
            raise _Stop(NOT_A_FORMULA)
        kind, token = self.tokens[self.position]
        self.position += 1
        match kind:
            case "number":
                return float(token["number"])
            case "text":
                return token["text"][1:-1].replace('""', '"')
            case "error":
                return _ERRORS[token["error"]]
            case "range":
                first = corner(token["first"])
                return self.lookup(token["tab"] or "", first, corner(token["last"]) if token["last"] else first)
            case "word":
                return self.word(token["word"].upper())
        raise _Stop(NOT_A_FORMULA)

    def word(self, name: str) -> "Result | Grid":
        if not self.sign("("):
            if name in ("TRUE", "FALSE"):
                return name == "TRUE"
            raise _Stop(NAME._replace(message=f"Unknown range name: '{name}'."))
        arguments: list[Result | Grid] = []
        while not self.sign(")"):
            try:
                arguments.append(self.comparison())
            except _Stop as stop:
                if name not in ("IFERROR", "ISERROR", "IF"):
                    raise
                arguments.append(stop.error)
            if not self.sign(",", ";") and not (self.tokens[self.position : self.position + 1] and self.at(")")):
                raise _Stop(NOT_A_FORMULA)
        if name == "INDIRECT" and arguments:
            return self.named(_text(arguments[0]))
        return _call(name, arguments, self.today)

    def at(self, sign: str) -> bool:
        """Whether this sign comes next."""
        kind, token = self.tokens[self.position]
        return kind == "sign" and token["sign"] == sign


def _compared(sign: str, one: Result, other: Result) -> bool:
    for value in (one, other):
        if isinstance(value, SheetError):
            raise _Stop(value)

    def rank(value: Result, beside: Result) -> tuple[int, float | str]:
        if value is None:
            return (1, "") if isinstance(beside, str) else (0, 0)
        if isinstance(value, str):
            return 1, value.casefold()
        return (2 if isinstance(value, bool) else 0), value  # type: ignore[return-value]

    left, right = rank(one, other), rank(other, one)
    return {"=": left == right, "<>": left != right, "<": left < right, ">": left > right}.get(
        sign, left <= right if sign == "<=" else left >= right
    )


def _flat(arguments: Iterable["Result | Grid"]) -> list[Result]:
    values: list[Result] = []
    for argument in arguments:
        values += [value for row in argument for value in row] if isinstance(argument, list) else [argument]
    for value in values:
        if isinstance(value, SheetError):
            raise _Stop(value)
    return values


def _numbers(arguments: Iterable["Result | Grid"]) -> list[float]:
    return [value for value in _flat(arguments) if isinstance(value, int | float) and not isinstance(value, bool)]


def _call(name: str, given: list["Result | Grid"], today: dt.datetime) -> "Result | Grid":
    day = (today.date() - dt.date(1899, 12, 30)).days
    simple: dict[str, Callable[[], Result | Grid]] = {
        "TODAY": lambda: day,
        "NOW": lambda: day + (today.hour * 3600 + today.minute * 60 + today.second) / 86400,
        "NA": lambda: NOT_AVAILABLE,
        "SUM": lambda: sum(_numbers(given)),
        "MIN": lambda: min(_numbers(given), default=0),
        "MAX": lambda: max(_numbers(given), default=0),
        "AVERAGE": lambda: sum(_numbers(given)) / len(_numbers(given)) if _numbers(given) else DIVISION,
        "COUNT": lambda: len(_numbers(given)),
        "COUNTA": lambda: sum(value is not None for value in _flat(given)),
        "N": lambda: _number(given[0]) if not isinstance(_single(given[0]), str) else 0,
        "IF": lambda: given[1] if _number(given[0]) else given[2] if len(given) > 2 else False,
        "IFERROR": lambda: (given[1] if len(given) > 1 else None) if _is_error(given[0]) else given[0],
        "ISERROR": lambda: _is_error(given[0]),
        "ISBLANK": lambda: _single(given[0]) is None,
        "NOT": lambda: not _number(given[0]),
        "AND": lambda: all(_flat(given)),
        "OR": lambda: any(_flat(given)),
        "CONCATENATE": lambda: "".join(_text(value) for value in _flat(given)),
        "UPPER": lambda: _text(given[0]).upper(),
        "LEN": lambda: len(_text(given[0])),
        "ROUND": lambda: round(_number(given[0]), int(_number(given[1])) if len(given) > 1 else 0),
        "HYPERLINK": lambda: given[-1],
        "DATE": lambda: (
            (
                dt.date(*(int(_number(part)) for part in given[:3])) - dt.date(1899, 12, 30)  # type: ignore[arg-type]
            ).days
        ),
    }
    if name not in simple:
        raise _Stop(NAME._replace(message=f"Unknown function: '{name}'."))
    try:
        return simple[name]()
    except (IndexError, TypeError, ValueError, OverflowError):
        return NOT_AVAILABLE


def _is_error(value: "Result | Grid") -> bool:
    return isinstance(_single(value), SheetError)
