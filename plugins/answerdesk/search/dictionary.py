"""The words of an index: what a begun word may become, and what a misspelt one may have been meant to be.

`runtime/dictionary.js` is the twin: same words in the same order.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from answerdesk.search.constants import (
    FIRST_HANGUL_SYLLABLE,
    FIRST_KANA,
    HANGUL_FINALS,
    LAST_HANGUL_SYLLABLE,
    MAX_COMPLETIONS,
    MAX_CORRECTIONS,
    MIN_LETTERS_FOR_ONE_EDIT,
    MIN_LETTERS_FOR_TWO_EDITS,
    MIN_SYLLABLES_FOR_ONE_EDIT,
)
from answerdesk.search.index import Word, code_units

NO_LETTER = re.compile("[0-9._'-]")


class Dictionary:
    """Words in the order of their forms' UTF-16 code units."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._keys = [code_units(word.form) for word in words]
        self._letters = [letters(word.form) for word in words]
        self._lengths: dict[int, list[int]] = {}
        for number, word in enumerate(self._letters):
            self._lengths.setdefault(len(word), []).append(number)

    def __contains__(self, form: str) -> bool:
        at = bisect_left(self._keys, code_units(form))
        return at < len(self._words) and self._words[at].form == form

    def begun(self, start: str) -> list[Word]:
        """Return the words that begin so, those in the most articles first."""
        low = bisect_left(self._keys, code_units(start))
        high = bisect_left(self._keys, code_units(after(start)))
        return sorted(self._words[low:high], key=_by_articles)[:MAX_COMPLETIONS]

    def near(self, form: str) -> list[tuple[int, Word]]:
        """Return the words that a form may be a misspelling of, with their distance: the nearest alone, best first."""
        wanted = letters(form)
        most = edits(form)
        numbers = (
            n for length in range(len(wanted) - most, len(wanted) + most + 1) for n in self._lengths.get(length, ())
        )
        return nearest(form, (self._words[number] for number in sorted(numbers)))


def nearest(form: str, words: Iterable[Word]) -> list[tuple[int, Word]]:
    """Return those of the other words that are nearest to a form, with their distance, best first."""
    wanted, most = letters(form), edits(form)
    found = []
    for word in words:
        other = letters(word.form)
        if abs(len(other) - len(wanted)) <= most and 0 < (gap := distance(wanted, other, most)) <= most:
            found.append((gap, other[0] != wanted[0], -word.articles, word))
    found.sort(key=lambda row: (row[:3], code_units(row[3].form)))
    return [(gap, word) for gap, _, _, word in found if gap == found[0][0]][:MAX_CORRECTIONS]


def edits(form: str) -> int:
    """Return how many edits a form is allowed: none if it is short or has anything but letters."""
    if not is_word(form):
        return 0
    if _is_syllable(form[0]):
        return int(len(form) >= MIN_SYLLABLES_FOR_ONE_EDIT)
    return (len(form) >= MIN_LETTERS_FOR_ONE_EDIT) + (len(form) >= MIN_LETTERS_FOR_TWO_EDITS)


def is_word(form: str) -> bool:
    """Tell whether people may misspell a form: letters alone, of a script that writes words."""
    return (ord(form[0]) < FIRST_KANA or _is_syllable(form[0])) and not NO_LETTER.search(form)


def letters(form: str) -> str:
    """Return what is typed key by key: Hangul syllables as their letters."""
    if not _is_syllable(form[0]):
        return form
    keys = []
    for char in form:
        at = ord(char) - FIRST_HANGUL_SYLLABLE
        if 0 <= at <= LAST_HANGUL_SYLLABLE - FIRST_HANGUL_SYLLABLE:
            keys += [chr(0x1100 + at // 588), chr(0x1161 + at % 588 // HANGUL_FINALS)]
            keys += [chr(0x11A7 + at % HANGUL_FINALS)] if at % HANGUL_FINALS else []
        else:
            keys.append(char)
    return "".join(keys)


def distance(one: str, other: str, most: int) -> int:
    """Return the number of letters left out, put in, changed or swapped with a neighbour; `most + 1` if there are more.

    Damerau (1964), in the restricted form: no letter is edited twice.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, last[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def after(start: str) -> str:
    """Return the first string after all that begin with `start`.

    A Hangul syllable without a final consonant may still get one: 비미 goes on to 비밀.
    """
    last = ord(start[-1])
    is_open = _is_syllable(start[-1]) and (last - FIRST_HANGUL_SYLLABLE) % HANGUL_FINALS == 0
    return start[:-1] + chr(last + (HANGUL_FINALS if is_open else 1))


def _is_syllable(char: str) -> bool:
    return FIRST_HANGUL_SYLLABLE <= ord(char) <= LAST_HANGUL_SYLLABLE


def _by_articles(word: Word) -> tuple[int, bytes]:
    return -word.articles, code_units(word.form)
