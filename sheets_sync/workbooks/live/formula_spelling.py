"""Formulas as Excel shows them, spelled as its files hold them, so that open workbook and saved one agree. Pure.

In a file newer functions carry a prefix (_xlfn.XLOOKUP), and a table's own row is spelled out
(Table1[[#This Row],[Due]] for [@Due]). What Excel also rewrites, and is not understood here: names inside LET and
LAMBDA (_xlpm.), and links to other workbooks ([1] for [Other.xlsx]). Source of the functions: [MS-XLSX] 2.2.2.
"""

import re
from collections.abc import Iterable

from sheets_sync.core.snapshot import Table
from sheets_sync.workbooks.ooxml.formula_text import LONGEST_FORMULA, relative_text

_NAMES = """
    ACOT ACOTH AGGREGATE ANCHORARRAY ARABIC ARRAYTOTEXT BASE BETA.DIST BETA.INV BINOM.DIST BINOM.DIST.RANGE
    BINOM.INV BITAND BITLSHIFT BITOR BITRSHIFT BITXOR BYCOL BYROW CEILING.MATH CEILING.PRECISE CHISQ.DIST
    CHISQ.DIST.RT CHISQ.INV CHISQ.INV.RT CHISQ.TEST CHOOSECOLS CHOOSEROWS COMBINA CONCAT CONFIDENCE.NORM
    CONFIDENCE.T COT COTH COVARIANCE.P COVARIANCE.S CSC CSCH DAYS DECIMAL DROP ENCODEURL ERF.PRECISE ERFC.PRECISE
    EXPAND EXPON.DIST F.DIST F.DIST.RT F.INV F.INV.RT F.TEST FILTERXML FLOOR.MATH FLOOR.PRECISE FORECAST.ETS
    FORECAST.ETS.CONFINT FORECAST.ETS.SEASONALITY FORECAST.ETS.STAT FORECAST.LINEAR FORMULATEXT GROUPBY GAMMA
    GAMMA.DIST GAMMA.INV GAMMALN.PRECISE GAUSS HSTACK HYPGEOM.DIST IFNA IFS IMCOSH IMCOT IMCSC IMCSCH IMSEC IMSECH
    IMSINH IMTAN ISFORMULA ISOMITTED ISOWEEKNUM LAMBDA LET LOGNORM.DIST LOGNORM.INV MAKEARRAY MAP MAXIFS MINIFS
    MODE.MULT MODE.SNGL MUNIT NEGBINOM.DIST NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV NUMBERVALUE PDURATION
    PERCENTILE.EXC PERCENTILE.INC PERCENTRANK.EXC PERCENTRANK.INC PERCENTOF PERMUTATIONA PHI PIVOTBY POISSON.DIST
    QUARTILE.EXC QUARTILE.INC QUERYSTRING RANDARRAY RANK.AVG RANK.EQ REDUCE RRI SCAN SEC SECH SEQUENCE SHEET SHEETS
    SINGLE SKEW.P SORTBY STDEV.P STDEV.S SWITCH T.DIST T.DIST.2T T.DIST.RT T.INV T.INV.2T T.TEST TAKE TEXTAFTER
    TEXTBEFORE TEXTJOIN TEXTSPLIT TOCOL TOROW UNICHAR UNICODE UNIQUE VALUETOTEXT VAR.P VAR.S VSTACK WEBSERVICE
    WEIBULL.DIST WRAPCOLS WRAPROWS XLOOKUP XMATCH XOR Z.TEST
"""
_FUTURE = frozenset(_NAMES.split())
_SHEET_FUNCTIONS = frozenset({"FILTER", "SORT"})
"""These carry a second prefix, _xlws."""
_PIECE = re.compile(
    r"""
      "(?:[^"]|"")*"                                     # a text
    | '(?:[^']|'')*'                                     # a quoted tab name
    | (?P<table>[A-Za-z_\\][\w.\\]*)?(?P<own>\[@(?:\[(?:'.|[^\[\]'])*\]|(?:'.|[^\[\]'])*)\])   # [@Due], [@[Due date]]
    | \[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\]          # another table column
    | (?<![\w.])(?P<function>[A-Za-z][A-Za-z0-9.]*)(?=\()
    """,
    re.VERBOSE,
)


class FormulaSpelling:
    """Spells the formulas of one tab. `tables` are the tab's own, which [@...] without a name stands for."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self._tables = tuple(tables)
        self._shapes: dict[str, str] = {}
        self._spelled: dict[str, str] = {}

    def canonical(self, formula: str, row: int, column: int) -> str:
        """The canonical text of a formula (without "=") of this cell."""
        if len(formula) > LONGEST_FORMULA:
            return formula
        if "(" in formula or "[" in formula:
            formula = self._as_in_file(formula, row, column)
        return relative_text(formula, row, self._shapes)

    def _as_in_file(self, formula: str, row: int, column: int) -> str:
        own = "[@" in formula
        known = None if own else self._spelled.get(formula)
        if known is None:
            known = _PIECE.sub(lambda piece: self._piece(piece, row, column), formula)
            if not own and len(self._spelled) < 10_000:
                self._spelled[formula] = known
        return known

    def _piece(self, piece: re.Match[str], row: int, column: int) -> str:
        function, own = piece["function"], piece["own"]
        if function:
            return _prefix(function.upper()) + function
        if own:
            return self._own_row(piece["table"] or self._table_at(row, column), own[2:-1])
        return piece[0]

    def _own_row(self, table: str, column: str) -> str:
        if not column:
            return f"{table}[#This Row]"
        inner = column if column.startswith("[") else f"[{column}]"
        return f"{table}[[#This Row],{inner}]"

    def _table_at(self, row: int, column: int) -> str:
        return next((table.name for table in self._tables if table.area.holds(row, column)), "")


def _prefix(function: str) -> str:
    if function in _SHEET_FUNCTIONS:
        return "_xlfn._xlws."
    return "_xlfn." if function in _FUTURE else ""
