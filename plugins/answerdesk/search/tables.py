"""Make `analysis/characters.json` from the Unicode data of the running Python.

Run `python -m answerdesk.search.tables` after changing a rule here. Python's and a browser's Unicode versions differ,
so neither is asked at search time: both read this one table.
"""

import json
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

TARGET = Path(__file__).parent / "analysis" / "characters.json"

# In these scripts people leave marks out; in others (Devanagari, Thai, kana) marks make another word.
MARKLESS = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW", "COMBINING")
# Letters without a decomposition that people type with the plain letter, or with another form of the same letter.
PLAIN = {
    "ı": "i", "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
    "ى": "ي", "ة": "ه", "ٱ": "ا", "ی": "ي", "ک": "ك", "ھ": "ه", "ە": "ه", "ـ": "", "’": "'", "‘": "'", "ʼ": "'",
    "＇": "'", "‐": "-", "‑": "-", "−": "-", "\u200c": "", "\u200d": "", "\u200e": "", "\u200f": "", "\u00ad": "",
    "\ufeff": "", "\u2060": "", "\u200b": "",
}  # fmt: skip
SKIPPED = ((0xAC00, 0xD7A3), (0x1100, 0x11FF), (0x3130, 0x318F), (0xD800, 0xF8FF))
SCRIPTS = {
    "HIRAGANA": "kana",
    "KATAKANA": "kana",
    "CJK": "han",
    "HANGUL": "hangul",
    "ARABIC": "arabic",
    "LATIN": "latin",
}
SCRIPT_ENDS = {"han": ((0x20000, 0x323AF),)}


def fold(char: str) -> str:
    """Return what `char` is matched as: compatibility form, lower case, without marks, plain letter."""
    if char in PLAIN:
        return PLAIN[char]
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).lower())
    parts = []
    for part in unicodedata.normalize("NFD", text):
        name = unicodedata.name(part, "")
        if unicodedata.category(part) == "Mn" and name.startswith(MARKLESS):
            continue
        digit = unicodedata.digit(part, None) if unicodedata.category(part) == "Nd" else None
        parts.append(PLAIN.get(part, part) if digit is None else str(digit))
    return unicodedata.normalize("NFC", "".join(parts))


def script(char: str) -> str | None:
    """Return the class of a folded character: a script, `digit`, `other` letters, or None for separators."""
    if char.isascii() and char.isdigit():
        return "digit"
    category = unicodedata.category(char)
    if category[0] not in "LM" and category not in ("Nd", "Nl"):
        return None
    name = unicodedata.name(char, "")
    return next((value for key, value in SCRIPTS.items() if name.startswith(key)), "other")


def is_skipped(point: int) -> bool:
    """Tell whether a code point stays as it is: Hangul is composed by arithmetic, the rest is no text."""
    return any(start <= point <= end for start, end in SKIPPED)


def fold_ranges() -> Iterator[tuple[int, list[str]]]:
    """Yield runs of consecutive folded code points: the first one, and what each becomes."""
    start, row = 0, list[str]()
    for point in range(0x41, 0x10000):
        char = chr(point)
        folded = char if is_skipped(point) else fold(char)
        changed = folded != char and not folded.isspace() and " " not in folded
        if changed and not row:
            start = point
        if changed:
            row.append(folded)
        elif row:
            yield start, row
            row = []


def class_ranges() -> dict[str, list[int]]:
    """Return for each class its ranges as a flat list: first, last, first, last …"""
    found: dict[str, list[int]] = {}
    kinds = [None if 0xD800 <= point <= 0xF8FF else script(chr(point)) for point in range(0x10000)]
    edges = [0, *(i for i, (a, b) in enumerate(pairwise(kinds), 1) if a != b), len(kinds)]
    for first, after in pairwise(edges):
        if kind := kinds[first]:
            found.setdefault(kind, []).extend((first, after - 1))
    for kind, extra in SCRIPT_ENDS.items():
        for pair in extra:
            found[kind].extend(pair)
    return found


def characters() -> dict[str, object]:
    """Return the whole table as it stands in the file."""
    return {
        "unicode": unicodedata.unidata_version,
        "fold": [[start, " ".join(row)] for start, row in fold_ranges()],
        "classes": class_ranges(),
    }


if __name__ == "__main__":
    TARGET.write_text(json.dumps(characters(), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
