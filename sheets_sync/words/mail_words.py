"""The phrases of the mails, one catalogue per language, with plural forms. Which phrase is said when is decided by
whoever words a mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from sheets_sync.words.packaged import word_list

LANGUAGES = ("en", "pt", "es")


@dataclass(frozen=True, slots=True)
class MailWords:
    """All phrases of one language. `locale` writes its dates and numbers, `fixes` are short corrections by rule code.

    A phrase's places in braces take facts, which are never read as phrases themselves.
    """

    language: str
    locale: str
    phrases: Mapping[str, str]
    counted: Mapping[str, Mapping[str, str]]
    fixes: Mapping[str, str]

    def say(self, key: str, /, **facts: str) -> str:
        """The phrase; KeyError for an unknown key or a fact that is missing."""
        return self.phrases[key].format(**facts)

    def count(self, key: str, number: int, /, **facts: str) -> str:
        """The phrase in the form that fits `number`, which stands at its place {n}."""
        from babel import Locale

        forms = self.counted[key]
        form = Locale.parse(self.locale).plural_form(number)
        return forms.get(form, forms["other"]).format(n=self.number(number), **facts)

    def number(self, number: int) -> str:
        """ "12,345" as this language groups digits."""
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self.locale)

    def joined(self, pieces: Sequence[str]) -> str:
        """ "a, b and c"."""
        from babel.lists import format_list

        return format_list(pieces, locale=self.locale)

    def percent(self, percent: float) -> str:
        """60 as "60%", in Spanish "60 %"; a part of a percent is dropped."""
        from babel.numbers import format_percent

        return format_percent(int(percent) / 100, locale=self.locale)


def mail_language(*wanted: str) -> str:
    """The first shipped language among those wanted ("pt-BR" is "pt"); English when there is none."""
    plain = (name.strip().lower().replace("_", "-").partition("-")[0] for name in wanted)
    return next((name for name in plain if name in LANGUAGES), LANGUAGES[0])


@cache
def mail_words(language: str) -> MailWords:
    """The phrases of a language of LANGUAGES. An error of the packaged file is an error of the installation."""
    shipped = word_list(f"mail-{language}")
    return MailWords(
        language=language,
        locale=cast("str", shipped["locale"]),
        phrases=cast("dict[str, str]", shipped["say"]),
        counted=cast("dict[str, dict[str, str]]", shipped["count"]),
        fixes=cast("dict[str, str]", shipped["fixes"]),
    )
