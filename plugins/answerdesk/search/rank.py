"""Rank articles by adding integers. `runtime/rank.js` is its JavaScript counterpart: same order, same scores.

1. an article gets from each group of the query its best answer's impact × how rare the group is × what it weighs
2. the sum shrinks with what the article leaves out of the query (soft AND), by a table: nothing is rounded twice
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from answerdesk.search.constants import COVERAGE_STEPS, COVERAGE_UNIT, MATCH_TIERS, MAX_SCORE_RATIO, PARTIAL_TIER
from answerdesk.search.index import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Terms that an article must all have to answer a group, the share that counts, and the kind of match."""

    terms: tuple[Term, ...]
    share: int
    kind: int  # in MATCH_TIERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One term of a query: its weight, what answers it, and whether an article without it lacks a word.

    `word` is the folded word that it comes from, for authors who ask why.
    """

    weight: int
    answers: tuple[Answer, ...]
    is_main: bool
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An article with its score and tier: the weakest kind of match among its words, or `partial` if it lacks one."""

    article: int
    score: int
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The numbers of an index that turn levels and frequencies into integers: see `Index`."""

    rarities: Sequence[int]
    impacts: Sequence[int]
    coverage: Sequence[int]


def rank(groups: Sequence[Group], scale: Scale) -> list[Match]:
    """Return the articles that answer a query, best first."""
    scores: dict[int, int] = {}
    covered: dict[int, int] = {}
    weakest: dict[int, int] = {}
    words: dict[int, int] = {}
    total = mains = 0
    for group in groups:
        best = _best(group, scale)
        value = worth(group, scale)
        total += value
        mains += group.is_main
        for article, (impact, kind) in best.items():
            scores[article] = scores.get(article, 0) + value * impact
            covered[article] = covered.get(article, 0) + value
            if group.is_main:
                words[article] = words.get(article, 0) + 1
                weakest[article] = max(weakest.get(article, 0), kind)
    matches = [
        Match(
            article=article,
            score=score * scale.coverage[COVERAGE_STEPS * covered[article] // total] // COVERAGE_UNIT,
            tier=MATCH_TIERS[weakest.get(article, 0)] if words.get(article, 0) == mains else PARTIAL_TIER,
        )
        for article, score in scores.items()
    ]
    matches.sort(key=lambda match: (-match.score, match.article))
    return [match for match in matches if match.score * MAX_SCORE_RATIO >= matches[0].score]


def worth(group: Group, scale: Scale) -> int:
    """Return what a group is worth: its weight × the rarity of what was typed, or of the commonest stand-in for it.

    A common synonym must not make a rare word count less.
    """
    answers = [answer for answer in group.answers if not answer.kind] or group.answers
    articles = max((min(term.articles for term in answer.terms) for answer in answers), default=0)
    return group.weight * rarity(scale.rarities, articles)


def rarity(limits: Sequence[int], articles: int) -> int:
    """Return how rare something is that so many articles have: the number of limits not below it."""
    low, high = 0, len(limits)
    while low < high:
        middle = (low + high) // 2
        if limits[middle] >= articles:
            low = middle + 1
        else:
            high = middle
    return low


def _best(group: Group, scale: Scale) -> dict[int, tuple[int, int]]:
    """Return for each article the impact, times its share, and the kind of the answer that counts most."""
    best: dict[int, tuple[int, int]] = {}
    for answer in group.answers:
        for article, level in _postings(answer.terms):
            impact = answer.share * scale.impacts[level]
            known, kind = best.get(article, (0, len(MATCH_TIERS)))
            best[article] = (max(impact, known), min(answer.kind, kind))
    return best


def _postings(terms: Sequence[Term]) -> Iterable[tuple[int, int]]:
    """Return the articles that have all of the terms, with the lowest level of each."""
    first, *others = terms
    levels = dict(first.postings)
    for other in others:
        levels = {article: min(levels[article], level) for article, level in other.postings if article in levels}
    return first.postings if not others else sorted(levels.items())
