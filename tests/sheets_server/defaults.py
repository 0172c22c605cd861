"""The default format and theme every new spreadsheet tells of, as recorded."""

from .errors import Json

WHITE: Json = {"red": 1, "green": 1, "blue": 1}

DEFAULT_FORMAT: Json = {
    "backgroundColor": WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": WHITE},
}


def _accent(kind: str, red: float, green: float, blue: float) -> Json:
    levels = {"red": red, "green": green, "blue": blue}
    return {"colorType": kind, "color": {"rgbColor": {name: level for name, level in levels.items() if level}}}


THEME: Json = {
    "primaryFontFamily": "Arial",
    "themeColors": [
        _accent("TEXT", 0, 0, 0),
        _accent("BACKGROUND", 1, 1, 1),
        _accent("ACCENT1", 0.25882354, 0.52156866, 0.95686275),
        _accent("ACCENT2", 0.91764706, 0.2627451, 0.20784314),
        _accent("ACCENT3", 0.9843137, 0.7372549, 0.015686275),
        _accent("ACCENT4", 0.20392157, 0.65882355, 0.3254902),
        _accent("ACCENT5", 1, 0.42745098, 0.003921569),
        _accent("ACCENT6", 0.27450982, 0.7411765, 0.7764706),
        _accent("LINK", 0.06666667, 0.33333334, 0.8),
    ],
}
ROW_PIXELS, COLUMN_PIXELS = 21, 100
