"""Format dates in a language."""

from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_date


@cache
def long_date(day: date, language: str) -> str:
    """Return a day in words, such as 12 October 2026."""
    return format_date(
        day, "long", locale=Locale.parse("en_GB" if language == "en" else language, sep=_separator(language))
    )


def _separator(language: str) -> str:
    return "-" if "-" in language else "_"
