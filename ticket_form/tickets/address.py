"""The normal form of an e-mail address, by which addresses are compared, and how one is found in a text.

Databases fold letters each in its own way: SQLite's lower() knows ASCII alone. So the form is made here, and stored.
"""

import re
import unicodedata
from functools import lru_cache

import idna

_DOT_ABOVE = "\u0307"  # what is left of İ when it is folded


def address_key(address: str) -> str:
    """Return the normal form: composed and case-folded (NFKC), the domain in ASCII (IDNA 2008, UTS 46).

    Two spellings of one address have one form; what is no address is folded alike. İ, I and i are one letter, ı is
    another: with i in its place an address may be somebody else's.
    """
    local, at, domain = unicodedata.normalize("NFKC", address.strip()).rpartition("@")
    return f"{_fold(local)}{at}{_ascii(domain)}"


@lru_cache(maxsize=8)
def address_pattern(address: str) -> re.Pattern[str]:
    """Return a pattern that finds an address in a text, in any capitals, composed or not, the domain in either form."""
    local, _, domain = address_key(address).rpartition("@")
    domains = "|".join(dict.fromkeys(_spellings(name) for name in (domain, _unicode(domain))))
    return re.compile(f"{_spellings(local)}[@\uff20](?:{domains})")


def is_ascii_pattern(address: str) -> bool:
    """Tell whether all spellings of an address but for capitals are one ASCII text, which databases can look for."""
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
    except (idna.IDNAError, UnicodeError):  # a name that only an inner network knows
        return _fold(name)


def _unicode(domain: str) -> str:
    try:
        return idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return domain


def _spellings(text: str) -> str:
    return "".join(f"(?:{'|'.join(_letters(letter))})" for letter in text)


def _letters(letter: str) -> list[str]:
    """Return how a folded letter may be written, as patterns, the longest first."""
    found = {letter, letter.upper(), letter.title()}
    if letter == "i":
        found |= {"İ", f"i{_DOT_ABOVE}", f"I{_DOT_ABOVE}"}
    if letter == ".":
        found |= {"。", "．", "｡"}
    found |= {unicodedata.normalize("NFD", written) for written in found}
    return [re.escape(written) for written in sorted(found, key=lambda written: (-len(written), written))]
