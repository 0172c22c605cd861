"""How wide a text is in the default font, 10 point Arial: the advance widths of its letters."""

_EM = 13
"""Pixels per em at 10 point."""
_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500 334 260 334 584"
)
_BY_LETTER = {chr(32 + at): int(width) for at, width in enumerate(_WIDTHS.split())}


def text_width(text: str) -> float:
    """Pixels of the widest line of a text."""
    return max(sum(_BY_LETTER.get(letter, 556) for letter in line) for line in text.split("\n")) * _EM / 1000
