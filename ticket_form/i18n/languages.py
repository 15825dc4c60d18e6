"""Choose the language of a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError

_TRADITIONAL_REGIONS = {"tw", "hk", "mo"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language of the site."""

    code: str
    name: str
    direction: str


def choose_language(wanted: Iterable[str], offered: Sequence[Language]) -> Language:
    """Return the best match for the first wanted language tag that the site offers, else the site's default."""
    for tag in wanted:
        language = match_language(tag, offered)
        if language:
            return language
    return offered[0]


def match_language(tag: str, offered: Sequence[Language]) -> Language | None:
    """Return the offered language that matches a tag: exactly, by a shorter tag, or by another variant."""
    parts = _with_script(tag.replace("_", "-").lower().split("-"))
    by_code = {language.code.lower(): language for language in offered}
    for length in range(len(parts), 0, -1):
        language = by_code.get("-".join(parts[:length]))
        if language:
            return language
    relatives = (language for language in offered if language.code.lower().split("-")[0] == parts[0])
    return next(relatives, None)


@lru_cache(64)
def locale_of(code: str) -> Locale:
    """Return Babel's locale for a language code; English for an unknown one."""
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):  # a site may use a private language code
        return Locale("en")


def _with_script(parts: list[str]) -> list[str]:
    """Add the script that browsers omit for Chinese: zh-TW means zh-Hant-TW."""
    if parts[0] != "zh" or set(parts) & {"hans", "hant"}:
        return parts
    script = "hant" if _TRADITIONAL_REGIONS & set(parts) else "hans"
    return ["zh", script, *parts[1:]]
