"""The terms of an index, looked up in its shards. `runtime/lexicon.js` is its JavaScript counterpart."""

from bisect import bisect_left
from collections.abc import Iterator

from answerdesk.search.analyse import Analyser
from answerdesk.search.constants import MAX_COMPLETION_SHARDS, MAX_COMPLETIONS, MIN_STEM_LETTERS
from answerdesk.search.dictionary import Dictionary, after, nearest
from answerdesk.search.index import MARKS, Term, Word, code_units
from answerdesk.search.shards import read_shard, read_words, shard_of, unfold_front
from answerdesk.search.store import Store


class Lexicon:
    """Terms by name, by beginning and by likeness; shards are kept once read."""

    def __init__(self, store: Store, analyser: Analyser) -> None:
        self._store = store
        self._analyser = analyser
        self._starts = [code_units(start) for start in unfold_front(store.head["starts"])]
        self._shards: dict[int, dict[str, Term]] = {}
        self.dictionary = Dictionary(read_words(store.head, analyser.fold))

    def term(self, name: str) -> Term | None:
        """Return a term, or None if no article has it."""
        return self._shard(shard_of(name, self._starts)).get(name)

    def all(self, names: tuple[str, ...]) -> tuple[Term, ...]:
        """Return terms, or nothing unless there are all."""
        terms = tuple(term for term in map(self.term, names) if term)
        return terms if len(terms) == len(names) else ()

    def begun(self, form: str) -> list[Term]:
        """Return the terms that a begun word may become, those in the most articles first.

        The dictionary says which, and the shard in which the word itself lies; no more than
        `MAX_COMPLETION_SHARDS` others are asked.
        """
        home = shard_of(form, self._starts)
        limit = 0 if form in self.dictionary else MAX_COMPLETION_SHARDS
        near: set[int] = set()
        found: dict[str, Term] = {}
        for word in self.dictionary.begun(form):
            name = self.term_of(word)
            shard = shard_of(name, self._starts)
            if shard != home and shard not in near and len(near) == limit:
                continue
            near |= {shard} - {home}
            if term := self._shard(shard).get(name):
                found[name] = term
        for name, term in self._begun_at_home(home, form):
            found[name] = term
        return sorted(found.values(), key=lambda term: -term.articles)[:MAX_COMPLETIONS]

    def near(self, form: str) -> list[tuple[int, Word]]:
        """Return what a misspelt form may have been meant to be, with the number of edits, the best first."""
        shard = self._shard(shard_of(form, self._starts))
        own = [
            Word(form=self._analyser.fold(term.spelling), spelling=term.spelling, articles=term.articles)
            for name, term in shard.items()
            if name[0] not in MARKS
        ]
        known = dict.fromkeys(word for _, word in self.dictionary.near(form))
        return nearest(form, [*known, *(word for word in own if word.form not in self.dictionary)])

    def term_of(self, word: Word) -> str:
        """Return the name of a word's term."""
        return next(terms[0][0] for _, terms in self._analyser.words(word.spelling))

    def _begun_at_home(self, home: int, form: str) -> Iterator[tuple[str, Term]]:
        shard = self._shard(home)
        names = list(shard)
        keys = [code_units(name) for name in names]
        low, high = bisect_left(keys, code_units(form)), bisect_left(keys, code_units(after(form)))
        for name in names[low:high]:
            yield name, shard[name]

    def stem(self, form: str) -> Term | None:
        """Return the longest term that a begun word goes beyond: `installi` is on the way from `instal`."""
        shard = self._shard(shard_of(form, self._starts))
        stems = (name for name in shard if form.startswith(name) and len(name) >= MIN_STEM_LETTERS)
        return shard.get(max(stems, key=len, default=""))

    def _shard(self, number: int) -> dict[str, Term]:
        if number not in self._shards:
            try:
                shard = read_shard(self._store.terms(number))
            except ValueError as error:
                raise self._store.damaged(f"terms/{number}") from error
            if any(shard_of(name, self._starts) != number for name in shard):  # another shard under this one's name
                raise self._store.damaged(f"terms/{number}")
            self._shards[number] = shard
        return self._shards[number]
