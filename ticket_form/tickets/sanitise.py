"""Sanitise visitor text for storage and display, without changing its meaning."""

import re
import unicodedata

# Unicode's control characters and surrogates, except newline and tab.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_UNPLAIN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_LINE_BREAKS = str.maketrans({"\n": " ", "\t": " ", "\u2028": " ", "\u2029": " "})

# Overrides show letters in the wrong order; embeddings and isolates are closed at the end of the line.
_OVERRIDES = re.compile("[\u202d\u202e]")
_RUNS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}

# Visible format characters: number signs and marks that enclose what follows.
_DRAWN = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
# Unicode's Default_Ignorable_Code_Point outside of the format characters, noncharacters, and blank symbols: the
# Braille blank, the null note head, and the object replacement character.
_UNDRAWN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufdd0-\ufdef\ufe00-\ufe0f\uffa0\ufff0-\ufff8\ufffc"
    "\ufffe\uffff\U0001d159\U000e0000-\U000e0fff]"
)


def clean_text(text: str) -> str:
    """Normalise newlines and drop control characters and lone surrogates, except newline and tab.

    Text without a visible character becomes empty.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    cleaned = _HARMFUL.sub("", unified).strip()
    return "" if is_invisible(cleaned) else cleaned


def clean_line(text: str) -> str:
    """Clean text of one line: newlines and tabs become spaces, and open changes of direction are closed."""
    line = _OVERRIDES.sub("", clean_text(text).translate(_LINE_BREAKS)).strip()
    return "" if is_invisible(line) else line + _ends_of_runs(line)


def is_invisible(text: str) -> bool:
    """Return whether a text has no visible character."""
    return not any(_is_drawn(character) for character in text)


def _is_drawn(character: str) -> bool:
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs"):
        return _DRAWN.match(character) is not None
    return _UNDRAWN.match(character) is None


def _ends_of_runs(line: str) -> str:
    """Return the characters that close the open embeddings and isolates of a line, innermost first."""
    opened: list[str] = []
    for character in line:
        if character in _RUNS:
            opened.append(_RUNS[character])
        elif character in opened:
            while opened.pop() != character:
                pass
    return "".join(reversed(opened))


def has_control_characters(text: str) -> bool:
    """Return whether a text contains control characters, surrogates or line separators."""
    return _UNPLAIN.search(text) is not None
