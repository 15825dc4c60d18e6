"""Read a query as if the keyboard had been set to another language. `runtime/keyboard.js` does the same.

A rule's `keyboard` has two strings of equal length: what the keys give on a Latin keyboard, and on the script's own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
ROWS = (
    "ㅗㅏㅘ", "ㅗㅐㅙ", "ㅗㅣㅚ", "ㅜㅓㅝ", "ㅜㅔㅞ", "ㅜㅣㅟ", "ㅡㅣㅢ", "ㄱㅅㄳ", "ㄴㅈㄵ", "ㄴㅎㄶ", "ㄹㄱㄺ",
    "ㄹㅁㄻ", "ㄹㅂㄼ", "ㄹㅅㄽ", "ㄹㅌㄾ", "ㄹㅍㄿ", "ㄹㅎㅀ", "ㅂㅅㅄ",
)  # fmt: skip
PAIRS = {row[:2]: row[2] for row in ROWS}  # two keys that are one letter


def retyped(text: str, rules: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the same keys give with each other keyboard: `vmflsxj` is 프린터."""
    for rule in rules.values():
        if "keyboard" in rule:
            latin, own = rule["keyboard"]
            typed = compose(_mapped(text, latin, own))
            for other in (typed, _mapped(decompose(text), own, latin)):
                if other != text:
                    yield other


def compose(text: str) -> str:
    """Return a text in which Hangul letters typed one by one are syllables."""
    found = ""
    at = 0
    while at < len(text):
        vowel, after = _longest(text, at + 1, VOWELS)
        if text[at] not in LEADS or not vowel:
            found += text[at]
            at += 1
            continue
        final, end = _longest(text, after, FINALS)
        if final and end < len(text) and text[end] in VOWELS:  # its last letter begins the next syllable
            final, end = (text[after], after + 1) if end - after > 1 else ("", after)
        last = FINALS.index(final) + 1 if final else 0
        found += chr(0xAC00 + (LEADS.index(text[at]) * 21 + VOWELS.index(vowel)) * 28 + last)
        at = end
    return found


def decompose(text: str) -> str:
    """Return a text with Hangul syllables as the letters that are typed."""
    parts = {pair: keys for keys, pair in PAIRS.items()}
    found = ""
    for char in text:
        at = ord(char) - 0xAC00
        letters = [char]
        if 0 <= at <= 11171:
            final = FINALS[at % 28 - 1] if at % 28 else ""
            letters = [LEADS[at // 588], VOWELS[at % 588 // 28], final]
        found += "".join(parts.get(letter, letter) for letter in letters)
    return found


def _longest(text: str, at: int, kind: str) -> tuple[str, int]:
    """Return the letter of a kind at a place, of two keys if it can be, and where it ends."""
    pair = PAIRS.get(text[at : at + 2], " ")
    if pair in kind:
        return pair, at + 2
    return (text[at], at + 1) if at < len(text) and text[at] in kind else ("", at)


def _mapped(text: str, keys: str, others: str) -> str:
    table = {key: other for key, other in zip(keys, others, strict=True) if other != " "}
    return "".join(
        table.get(char, table.get(char.lower(), char)) if char.isascii() else table.get(char, char) for char in text
    )
