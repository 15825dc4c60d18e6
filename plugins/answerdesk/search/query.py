"""Take apart what a visitor typed: words, phrases, synonyms, words written apart. `runtime/query.js` does the same."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from answerdesk.search.analyse import Analyser, Token
from answerdesk.search.constants import MAX_QUERY_CHARACTERS, MAX_QUERY_TOKENS, MAX_SYNONYM_PHRASES
from answerdesk.search.dictionary import Dictionary
from answerdesk.search.index import Synonym

QUOTED = re.compile('["“”„«»「」『』]([^"“”„«»「」『』]+)["“”„«»「」『』]')
APART = re.compile(r"[ \u00a0]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Neighbouring tokens, from `start` up to `end`, with the phrases that stand for the same: terms in a row each."""

    start: int
    end: int
    phrases: tuple[tuple[str, tuple[str, ...]], ...]  # (spelling, terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query's tokens; whether its last word may go on; the phrases quoted among these tokens as terms in a row."""

    text: str
    tokens: tuple[Token, ...]
    is_begun: bool
    phrases: tuple[tuple[str, ...], ...]


def parse(text: str, analyser: Analyser) -> Query:
    """Take a query apart."""
    text = text[:MAX_QUERY_CHARACTERS]
    tokens = tuple(analyser.tokens(text)[:MAX_QUERY_TOKENS])
    names = {token.terms[0][0] for token in tokens}
    phrases = (tuple(token.terms[0][0] for token in analyser.tokens(quoted)) for quoted in QUOTED.findall(text))
    return Query(
        text=text,
        tokens=tokens,
        is_begun=bool(tokens) and tokens[-1].end == len(text),
        phrases=tuple(phrase for phrase in phrases if phrase and names.issuperset(phrase)),
    )


class Thesaurus:
    """The synonyms of an index, found by the terms of what is typed."""

    def __init__(self, synonyms: Sequence[Synonym], analyser: Analyser) -> None:
        terms: dict[str, tuple[str, ...]] = {}
        self._entries: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}
        for synonym in synonyms:
            for phrase in (*synonym.typed, *synonym.found):
                if phrase not in terms:
                    terms[phrase] = tuple(token.terms[0][0] for token in analyser.tokens(phrase))
            for typed in synonym.typed:
                if terms[typed]:
                    others = [(found, terms[found]) for found in synonym.found if terms[found] != terms[typed]]
                    self._entries.setdefault(terms[typed], []).extend(others)
        self._longest = max(map(len, self._entries), default=0)

    def stretches(self, tokens: Sequence[Token]) -> Iterator[Stretch]:
        """Yield the stretches of a query that have synonyms, the longest first; none overlaps another."""
        names = [token.terms[0][0] for token in tokens]
        start = 0
        while start < len(names):
            for length in range(min(self._longest, len(names) - start), 0, -1):
                phrases = self._entries.get(tuple(names[start : start + length]))
                if phrases:
                    yield Stretch(
                        start=start, end=start + length, phrases=tuple(dict.fromkeys(phrases))[:MAX_SYNONYM_PHRASES]
                    )
                    start += length - 1
                    break
            start += 1


def joins(query: Query, analyser: Analyser, dictionary: Dictionary) -> Iterator[Stretch]:
    """Yield two neighbouring words that the dictionary has as one: `wi fi` is also `wifi`."""
    for place, (one, two) in enumerate(zip(query.tokens, query.tokens[1:], strict=False)):
        if one.form + two.form in dictionary and APART.fullmatch(query.text[one.end : two.start]):
            ((_, terms),) = analyser.words(one.form + two.form)
            yield Stretch(start=place, end=place + 2, phrases=(("", (terms[0][0],)),))


def answers_by_place(stretches: Sequence[Stretch]) -> Mapping[int, list[tuple[str, tuple[str, ...]]]]:
    """Return for each token's place the phrases that may stand for it."""
    found: dict[int, list[tuple[str, tuple[str, ...]]]] = {}
    for stretch in stretches:
        for place in range(stretch.start, stretch.end):
            found.setdefault(place, []).extend(stretch.phrases)
    return found
