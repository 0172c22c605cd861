"""What differs by spreadsheet locale when people type and read: day or month first, decimal sign, currency."""

from typing import NamedTuple


class Locale(NamedTuple):
    """How one locale writes numbers and dates."""

    day_first: bool
    decimal: str
    thousands: str
    date_pattern: str
    currency: str


_ENGLISH = Locale(False, ".", ",", "M/d/yyyy", "$")
LOCALES = {
    "en_US": _ENGLISH,
    "en_GB": Locale(True, ".", ",", "dd/MM/yyyy", "£"),
    "pt_PT": Locale(True, ",", " ", "dd/MM/yyyy", "€"),
    "pt_BR": Locale(True, ",", ".", "dd/MM/yyyy", "R$"),
    "de_DE": Locale(True, ",", ".", "dd.MM.yyyy", "€"),
    "fr_FR": Locale(True, ",", " ", "dd/MM/yyyy", "€"),
    "es_ES": Locale(True, ",", ".", "d/M/yyyy", "€"),
}


def locale_of(name: str) -> Locale:
    """The conventions of a locale; those of en_US where it is not known here."""
    return LOCALES.get(name, LOCALES.get(name.replace("-", "_"), _ENGLISH))
