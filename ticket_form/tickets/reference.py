"""Format and parse ticket references: 50 random bits, made to be read out on the telephone."""

import re

# Crockford's base 32: no I, L, O or U, so that nobody confuses 1 with I or 0 with O.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_BITS = 50

_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SPACING = re.compile(r"[\s\-\u2010-\u2015]+")


def format_reference(number: int) -> str:
    """Format a number of 50 bits as AD-XXXX-XXXX-XX."""
    if not 0 <= number < 1 << REFERENCE_BITS:
        raise ValueError(f"{number}: a reference holds {REFERENCE_BITS} bits")
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(REFERENCE_BITS - 5, -1, -5))
    return f"AD-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def parse_reference(typed: str) -> str | None:
    """Return the canonical form of a typed reference, or None if it is not one."""
    letters = _SPACING.sub("", typed).upper().removeprefix("AD").translate(_MISREAD)
    if len(letters) != 10 or not set(letters) <= set(ALPHABET):
        return None
    return f"AD-{letters[:4]}-{letters[4:8]}-{letters[8:]}"
