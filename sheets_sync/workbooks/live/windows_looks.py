"""One cell's look given to another one through COM, without the clipboard."""

from typing import Any

_NONE = -4142
_FONT = ("Name", "Size", "Bold", "Italic", "Underline", "Color")
_PLACING = ("HorizontalAlignment", "VerticalAlignment", "WrapText", "Orientation", "IndentLevel")
_EDGES = (7, 8, 9, 10)


def copy_look(source: Any, target: Any) -> None:  # noqa: ANN401 (COM ranges)
    """Number format, font, fill, borders and alignment; what differs within the source stays as it is."""
    _copy(source, target, ("NumberFormat", *_PLACING))
    _copy(source.Font, target.Font, _FONT)
    if source.Interior.Pattern not in (None, _NONE):
        _copy(source.Interior, target.Interior, ("Pattern", "Color"))
    for edge in _EDGES:
        if source.Borders(edge).LineStyle not in (None, _NONE):
            _copy(source.Borders(edge), target.Borders(edge), ("LineStyle", "Weight", "Color"))


def _copy(source: Any, target: Any, names: tuple[str, ...]) -> None:  # noqa: ANN401
    for name in names:
        value = getattr(source, name)
        if value is not None and value != getattr(target, name):
            setattr(target, name, value)
