"""Rank articles for the tokens of a query by adding integers. `runtime/rank.js` is the twin: same order, same scores.

1. every term of the query becomes a group: the term itself, and for a word still being typed the terms it may become
2. an article gets from each group its best impact × how rare the group is × how much the term weighs in the query
3. the sum shrinks with what the article leaves out of the query (soft AND), by a table: nothing is rounded twice
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from answerdesk.search.analyse import Token
from answerdesk.search.builder import code_units
from answerdesk.search.index import Index

EXACT, PREFIX = 16, 6  # how much an impact counts when its term was typed, or only begun
MOST_TERMS = 32  # of a query; what comes after is not asked
MOST_BEGUN = 64  # terms that one begun word may become: the most frequent ones
SHORTEST_BEGUN = 2  # Latin letters; one syllable or character is enough elsewhere
# What is left of a score when an article covers i/64 of the query's weight: 1024 × √(i/64).
COVERAGE = tuple(int(128 * math.sqrt(i)) for i in range(65))
WEAKEST = 16  # an article that scores less than this part of the best is no answer
FIRST_SYLLABLE, LAST_SYLLABLE, FINALS = 0xAC00, 0xD7A3, 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One term of a query: its weight, and the terms that answer it with their shares in sixteenths, if any do."""

    weight: int
    answers: tuple[tuple[int, int], ...]
    is_main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An article with its score; `tier` is `exact`, `prefix` (its last word was only begun) or `partial`."""

    article: int
    score: int
    tier: str


class Dictionary:
    """The terms of an index, by name and by beginning."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._numbers = {term: number for number, term in enumerate(index.terms)}
        self._terms = [code_units(term) for term in index.terms]
        self._forms = [code_units(form) for form, _ in index.forms]

    def begun(self, start: str) -> list[int]:
        """Return the terms that a word beginning so may become, most frequent first."""
        low, high = code_units(start), code_units(_after(start))
        numbers = set(range(bisect_left(self._terms, low), bisect_left(self._terms, high)))
        for form in range(bisect_left(self._forms, low), bisect_left(self._forms, high)):
            numbers.add(self._index.forms[form][1])
        return sorted(numbers, key=lambda n: (-len(self._index.postings[n]), n))[:MOST_BEGUN]

    def groups(self, tokens: Sequence[Token], *, is_begun: bool) -> list[Group]:
        """Return the groups of a query; `is_begun` says that its last word may go on."""
        groups = list(self._groups(tokens, is_begun=is_begun))
        return groups[:MOST_TERMS]

    def _groups(self, tokens: Sequence[Token], *, is_begun: bool) -> Iterator[Group]:
        seen = set()
        for place, token in enumerate(tokens):
            for rank, (term, weight) in enumerate(token.terms):
                answers = {}
                if rank == 0 and is_begun and place == len(tokens) - 1:
                    answers = dict.fromkeys(self._completions(token), PREFIX)
                number = self._numbers.get(term)
                if number is not None:
                    answers[number] = EXACT
                if (answers or rank == 0) and term not in seen:
                    seen.add(term)
                    yield Group(weight=weight, answers=tuple(sorted(answers.items())), is_main=rank == 0)

    def _completions(self, token: Token) -> list[int]:
        """Return what a begun word may become; a word that is complete and a mere filler stays what it is."""
        main, weight = token.terms[0]
        is_filler = weight < EXACT and main in self._numbers
        too_short = len(token.form) < SHORTEST_BEGUN and token.form.isascii()
        if is_filler or too_short:
            return []
        has_prefix = not token.form.isascii() and not token.form.startswith(main)
        return self.begun(main if has_prefix else token.form)


def rank(index: Index, groups: Sequence[Group]) -> list[Match]:
    """Return the articles that answer a query, best first."""
    scores: dict[int, int] = {}
    covered: dict[int, int] = {}
    exact: dict[int, int] = {}
    total = 0
    for group in groups:
        best: dict[int, int] = {}
        for term, share in group.answers:
            for article, impact in index.postings[term]:
                best[article] = max(best.get(article, 0), share * impact)
                if share == EXACT and group.is_main:
                    exact[article] = exact.get(article, 0) + 1
        value = group.weight * rarity(index, len(best))
        total += value
        for article, impact in best.items():
            scores[article] = scores.get(article, 0) + value * impact
            covered[article] = covered.get(article, 0) + value
    mains = sum(1 for group in groups if group.is_main)
    matches = [
        Match(
            article=article,
            score=score * COVERAGE[64 * covered[article] // total] // 1024,
            tier=_tier(exact.get(article, 0), mains, is_covered=covered[article] == total),
        )
        for article, score in scores.items()
    ]
    matches.sort(key=lambda match: (-match.score, match.article))
    return [match for match in matches if match.score * WEAKEST >= matches[0].score]


def rarity(index: Index, articles: int) -> int:
    """Return how rare something is that so many articles have: the number of limits not below it."""
    low, high = 0, len(index.rarities)
    while low < high:
        middle = (low + high) // 2
        if index.rarities[middle] >= articles:
            low = middle + 1
        else:
            high = middle
    return low


def _tier(exact: int, mains: int, *, is_covered: bool) -> str:
    if exact == mains:
        return "exact"
    return "prefix" if is_covered else "partial"


def _after(start: str) -> str:
    """Return the first string after all that begin with `start`.

    A Hangul syllable without a final consonant may still get one: 비미 goes on to 비밀.
    """
    last = ord(start[-1])
    is_open = FIRST_SYLLABLE <= last <= LAST_SYLLABLE and (last - FIRST_SYLLABLE) % FINALS == 0
    return start[:-1] + chr(last + (FINALS if is_open else 1))
