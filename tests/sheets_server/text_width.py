"""How wide a column becomes that is fitted to a text: advance widths of the font Google measures with.

One recorded reply fixes font, size and border: 1,024 times "A" gives 8,691 pixels.
"""

_EM_UNITS, _EM_PIXELS, _BORDER = 2048, 13, 7
_ANY = 1150
_CAPITALS = (
    "1336 1275 1333 1343 1164 1132 1395 1460 557 1130 1284 1102 1788 1460 1408 1292 1408 1261 1215 1222 1328 1303 1817 "
    "1284 1230 1226"
)
_SMALL = (
    "1114 1149 1072 1155 1085 711 1149 1128 497 489 1038 497 1795 1130 1168 1149 1164 693 1057 669 1129 992 1538 1015 "
    "969 1015"
)
_WIDTHS = (
    {" ": 507}
    | {chr(65 + at): int(width) for at, width in enumerate(_CAPITALS.split())}
    | {chr(97 + at): int(width) for at, width in enumerate(_SMALL.split())}
)


def fitted_width(text: str) -> int:
    """Pixels of a column that the widest line of a text fits into."""
    widest = max(sum(_WIDTHS.get(letter, _ANY) for letter in line) for line in text.split("\n"))
    return round(widest * _EM_PIXELS / _EM_UNITS) + _BORDER
