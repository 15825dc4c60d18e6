"""The words of some documents: their forms, the terms these stand for, how often each is used and how it is written."""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain

from answerdesk.search.analyse import Analyser

NOTHING = array("I")
WRITTEN = re.compile("[a-z'\u00df-\u06ff\u1e00-\u1eff]+")  # words that folding may change


class Vocabulary:
    """Numbers forms and terms as they are met, and keeps count of what is used as texts come and go."""

    def __init__(self, analyser: Analyser) -> None:
        self.analyser = analyser
        """Is not stored: who reads a vocabulary that was stored gives it another."""
        self.names: list[str] = []
        """The terms, by number."""
        self.terms: list[tuple[int, ...]] = []
        """For each form, by number, the terms it stands for; the first is its own."""
        self._forms: list[str] = []
        self._uses: list[int] = []
        self._form_numbers: dict[str, int] = {}
        self._term_numbers: dict[str, int] = {}
        self._own: defaultdict[int, list[int]] = defaultdict(list)  # term → forms whose own it is
        self._folded: dict[str, str] = {}
        self._writings: defaultdict[str, Counter[str]] = defaultdict(Counter)  # form → words that folding made it of

    def __getstate__(self) -> dict[str, object]:
        """Return what is to be stored."""
        return vars(self) | {"analyser": None}

    def count(self, text: str) -> tuple[int, "array[int]"]:
        """Return of how many terms a text is made, and its forms: number, count, number, count …"""
        if not text:
            return 0, NOTHING
        length = 0
        counts: dict[int, int] = {}
        for form, terms, count in self.analyser.counts(text):
            number = self._form_numbers.get(form)
            if number is None:
                number = self._meet(form, [term for term, _ in terms])
            counts[number] = counts.get(number, 0) + count
            length += count * len(terms)
        return length, array("I", chain.from_iterable(counts.items()))

    def use(self, counted: "array[int]", times: int) -> None:
        """Note that a text's forms are used; `times` is -1 when they no longer are."""
        uses = self._uses
        for form, count in pairs(counted):
            uses[form] += times * count

    def write(self, text: str, times: int) -> Iterator[int]:
        """Note how a text writes its words, and yield the terms whose spelling that may change."""
        if text.isascii():
            return
        for word, count in Counter(WRITTEN.findall(text.lower())).items():
            if word.isascii():
                continue
            form = self._folded.get(word)
            if form is None:
                form = self._folded[word] = self.analyser.fold(word)
            if form != word:
                self._writings[form][word] += times * count
                if form in self._form_numbers:
                    yield self.terms[self._form_numbers[form]][0]

    def forms(self, term: int) -> list[tuple[int, str]]:
        """Return the forms of which a term is the own, as (uses, form), most used first."""
        found = ((self._uses[form], self._forms[form]) for form in self._own.get(term, ()))
        return sorted((pair for pair in found if pair[0] > 0), reverse=True)

    def spelling(self, form: str) -> str:
        """Return the natural spelling of a form that folding has changed: sifre → şifre."""
        found = self._writings.get(form)
        count, word = max((count, word) for word, count in found.items()) if found else (0, "")
        return word if count > 0 else form

    def _meet(self, form: str, terms: Iterable[str]) -> int:
        number = self._form_numbers[form] = len(self._forms)
        numbers = tuple(self._number(term) for term in terms)
        self._forms.append(form)
        self._uses.append(0)
        self.terms.append(numbers)
        self._own[numbers[0]].append(number)
        return number

    def _number(self, term: str) -> int:
        number = self._term_numbers.setdefault(term, len(self.names))
        if number == len(self.names):
            self.names.append(term)
        return number


def pairs(flat: "array[int]") -> Iterator[tuple[int, int]]:
    """Yield what stands in pairs: form and count."""
    return zip(flat[::2], flat[1::2], strict=True)
