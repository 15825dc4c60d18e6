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
# The blocks whose characters people type or paste: Latin to Arabic, letterlike signs, circled digits, kana, Arabic
# presentation forms (from PDF files), full width. More would weigh more than all the rest of the reader.
FOLDED = (
    (0x41, 0x6FF), (0x750, 0x77F), (0x1E00, 0x206F), (0x2070, 0x218F), (0x2460, 0x249B), (0x3000, 0x30FF),
    (0xFB00, 0xFB06), (0xFB50, 0xFBFF), (0xFE70, 0xFEFF), (0xFF00, 0xFFEF),
)  # fmt: skip
SCRIPTS = {
    "HIRAGANA": "hiragana",
    "KATAKANA": "katakana",
    "IDEOGRAPHIC": "han",
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
        if unicodedata.category(part) == "Mn" and name.startswith(MARKLESS) and not name.endswith("SOUND MARK"):
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


def is_folded(point: int) -> bool:
    """Tell whether a code point has a place in the table; Hangul is composed by arithmetic."""
    return any(start <= point <= end for start, end in FOLDED)


def is_skipped(point: int) -> bool:
    """Tell whether a code point may lie inside a range of letters though it is none: nothing is assigned to it."""
    return unicodedata.category(chr(point)) == "Cn"


def fold_ranges() -> Iterator[tuple[int, list[str]]]:
    """Yield runs of consecutive folded code points: the first one, and what each becomes."""
    start, row = 0, list[str]()
    for point in range(0x41, 0x10000):
        char = chr(point)
        folded = fold(char) if is_folded(point) else char
        changed = folded != char and not folded.isspace() and " " not in folded
        if changed and not row:
            start = point
        if changed:
            row.append(folded)
        elif row:
            yield start, row
            row = []


def class_ranges() -> dict[str, list[int]]:
    """Return for each class its ranges as gaps: from 0 to the first character, to the last, to the next first …"""
    found: dict[str, list[int]] = {}
    kinds = [None if 0xD800 <= point <= 0xF8FF else script(chr(point)) for point in range(0x10000)]
    edges = [0, *(i for i, (a, b) in enumerate(pairwise(kinds), 1) if a != b), len(kinds)]
    for first, after in pairwise(edges):
        if kind := kinds[first]:
            ranges = found.setdefault(kind, [])
            if ranges and all(is_skipped(point) for point in range(ranges[-1] + 1, first)):
                ranges[-1] = after - 1
            else:
                ranges.extend((first, after - 1))
    for kind, extra in SCRIPT_ENDS.items():
        for pair in extra:
            found[kind].extend(pair)
    return {kind: [end - start for start, end in pairwise([0, *ends])] for kind, ends in found.items()}


def characters() -> dict[str, object]:
    """Return the whole table as it stands in the file."""
    return {
        "unicode": unicodedata.unidata_version,
        "fold": [[start, " ".join(row)] for start, row in fold_ranges()],
        "classes": class_ranges(),
    }


if __name__ == "__main__":
    TARGET.write_text(json.dumps(characters(), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
