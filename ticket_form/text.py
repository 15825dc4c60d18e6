"""Make visitor text harmless to store and show, without changing what it says."""

import unicodedata

_LINE_BREAKS = str.maketrans({"\n": " ", "\t": " ", "\u2028": " ", "\u2029": " "})


def clean_text(text: str) -> str:
    """Normalise newlines and drop control characters and lone surrogates, except newline and tab."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in unified if _is_kept(character)).strip()


def clean_line(text: str) -> str:
    """Clean text that has one line: newlines and tabs become spaces."""
    return clean_text(text).translate(_LINE_BREAKS)


def has_control_characters(text: str) -> bool:
    """Tell whether anything but plain characters is inside."""
    return any(not _is_kept(character) or character in "\n\t\u2028\u2029" for character in text)


def _is_kept(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
