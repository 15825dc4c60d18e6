"""Normalise e-mail addresses for comparison, and find them in text.

Databases differ in case folding (SQLite's lower() handles ASCII only), so the normal form is computed here and stored.
"""

import re
import unicodedata
from functools import lru_cache

import idna

_DOT_ABOVE = "\u0307"  # the second character of a case-folded İ


def address_key(address: str) -> str:
    """Return the normal form: NFKC and case-folded, with the domain in ASCII (IDNA 2008, UTS 46).

    All spellings of one address have the same form; other text is folded alike. İ, I and i count as one letter; ı does
    not, since with i in its place an address may be another person's.
    """
    local, at, domain = unicodedata.normalize("NFKC", address.strip()).rpartition("@")
    return f"{_fold(local)}{at}{_ascii(domain)}"


@lru_cache(maxsize=8)
def address_pattern(address: str) -> re.Pattern[str]:
    """Return a pattern that finds an address in text: in any case and composition, with either form of its domain."""
    local, _, domain = address_key(address).rpartition("@")
    domains = "|".join(dict.fromkeys(_spellings(name) for name in (domain, _unicode(domain))))
    return re.compile(f"{_spellings(local)}[@\uff20](?:{domains})")


def is_ascii_pattern(address: str) -> bool:
    """Return whether the spellings of an address differ only in ASCII case, so that databases can search for it."""
    key = address_key(address)
    return key.isascii() and "xn--" not in key


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return folded.replace(f"i{_DOT_ABOVE}", "i")


def _ascii(domain: str) -> str:
    # Not case-folded: ß and ς are letters of their own in a domain, and belong to somebody else than ss and σ do.
    name = unicodedata.normalize("NFC", domain.replace("İ", "i").lower()).removesuffix(".")
    name = name.replace(f"i{_DOT_ABOVE}", "i")
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):  # a name of an internal network
        return _fold(name)


def _unicode(domain: str) -> str:
    try:
        return idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return domain


def _spellings(text: str) -> str:
    return "".join(f"(?:{'|'.join(_letters(letter))})" for letter in text)


def _letters(letter: str) -> list[str]:
    """Return the spellings of a folded letter as patterns, longest first."""
    found = {letter, letter.upper(), letter.title()}
    if letter == "i":
        found |= {"İ", f"i{_DOT_ABOVE}", f"I{_DOT_ABOVE}"}
    if letter == ".":
        found |= {"。", "．", "｡"}
    found |= {unicodedata.normalize("NFD", written) for written in found}
    return [re.escape(written) for written in sorted(found, key=lambda written: (-len(written), written))]
