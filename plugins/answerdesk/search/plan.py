"""Turn a query into groups of terms: exact, begun, written or meant otherwise. `runtime/plan.js` does the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from answerdesk.search.analyse import Analyser, Token
from answerdesk.search.constants import (
    EDITED_SHARES,
    EXACT_SHARE,
    FULL_WEIGHT,
    JOINED_SHARE,
    MAX_GROUPS,
    MAX_GUESSED_WORDS,
    MIN_COMPLETED_LETTERS,
    MIN_HALF_LETTERS,
    PREFIX_SHARE,
    SYNONYM_SHARE,
)
from answerdesk.search.dictionary import edits
from answerdesk.search.index import MARKS, Term
from answerdesk.search.lexicon import Lexicon
from answerdesk.search.query import Query, Thesaurus, answers_by_place, joins
from answerdesk.search.rank import Answer, Group

BEGUN_KIND, SYNONYM_KIND, CORRECTED_KIND = 1, 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The groups of a query; the words that were read as others, by their place; the synonyms that may have matched."""

    groups: tuple[Group, ...]
    corrections: tuple[tuple[Token, str], ...]
    synonyms: tuple[tuple[str, tuple[str, ...]], ...]


class Planner:
    """Plans queries for one index."""

    def __init__(self, lexicon: Lexicon, thesaurus: Thesaurus, analyser: Analyser) -> None:
        self._lexicon = lexicon
        self._thesaurus = thesaurus
        self._analyser = analyser

    def plan(self, query: Query) -> Plan:
        """Return the plan of a query."""
        synonyms = [] if query.phrases else list(self._thesaurus.stretches(query.tokens))  # who quotes means it
        joined = list(joins(query, self._analyser, self._lexicon.dictionary))
        others = answers_by_place(synonyms)
        written = answers_by_place(joined)
        groups: list[Group] = []
        corrections: list[tuple[Token, str]] = []
        seen: set[str] = set()
        guessed = 0
        for place, token in enumerate(query.tokens):
            is_begun = query.is_begun and place == len(query.tokens) - 1
            answers = list(self._answers(token, is_begun=is_begun))
            answers += self._others(written.get(place, ()), JOINED_SHARE, 0)
            answers += self._others(others.get(place, ()), SYNONYM_SHARE, SYNONYM_KIND)
            if not answers and guessed < MAX_GUESSED_WORDS:
                guessed += 1
                answers, spelling = self._guesses(token)
                if is_begun and (stem := self._lexicon.stem(token.form)):
                    answers.append(Answer(terms=(stem,), share=PREFIX_SHARE, kind=BEGUN_KIND))
                    spelling = ""  # it may go on to be right
                if spelling:
                    corrections.append((token, spelling))
            groups += self._groups(token, answers, seen)
        found = dict.fromkeys(phrase for stretch in synonyms for phrase in stretch.phrases)
        return Plan(groups=tuple(groups[:MAX_GROUPS]), corrections=tuple(corrections), synonyms=tuple(found))

    def _answers(self, token: Token, *, is_begun: bool) -> Iterator[Answer]:
        main, weight = token.terms[0]
        term = self._lexicon.term(main)
        if term:
            yield Answer(terms=(term,), share=EXACT_SHARE, kind=0)
        is_filler = weight < FULL_WEIGHT and term
        is_short = len(token.form) < MIN_COMPLETED_LETTERS and token.form.isascii()
        if is_begun and not is_filler and not is_short:
            has_prefix = not token.form.isascii() and not token.form.startswith(main)
            for other in self._lexicon.begun(main if has_prefix else token.form):
                if other is not term:
                    yield Answer(terms=(other,), share=PREFIX_SHARE, kind=BEGUN_KIND)

    def _others(self, phrases: Sequence[tuple[str, tuple[str, ...]]], share: int, kind: int) -> Iterator[Answer]:
        for _, names in phrases:
            if terms := self._lexicon.all(names):
                yield Answer(terms=terms, share=share, kind=kind)

    def _guesses(self, token: Token) -> tuple[list[Answer], str]:
        """Return what an unknown word may have been meant to be: two words, or others a few letters away."""
        halves = self._halves(token.form)
        if halves:
            return [Answer(terms=halves, share=JOINED_SHARE, kind=0)], ""
        answers, spelling = [], ""
        for gap, word in self._lexicon.near(token.form) if edits(token.form) else []:
            if term := self._lexicon.term(self._lexicon.term_of(word)):
                answers.append(Answer(terms=(term,), share=EDITED_SHARES[gap], kind=CORRECTED_KIND))
                spelling = spelling or word.spelling
        return answers, spelling

    def _halves(self, form: str) -> tuple[Term, ...]:
        """Return the terms of the two words that an unknown one consists of: `voicemail` is `voice mail`."""
        best: tuple[Term, ...] = ()
        for at in range(MIN_HALF_LETTERS, len(form) - MIN_HALF_LETTERS + 1):
            one, two = form[:at], form[at:]
            if one in self._lexicon.dictionary and two in self._lexicon.dictionary:
                names = tuple(terms[0][0] for half in (one, two) for _, terms in self._analyser.words(half))
                terms = self._lexicon.all(names)
                if terms and min(t.articles for t in terms) > min((t.articles for t in best), default=0):
                    best = terms
        return best

    def _groups(self, token: Token, answers: list[Answer], seen: set[str]) -> Iterator[Group]:
        """Yield the groups of a token: its word, and what supports it, each term once a query.

        If no article has the whole of a compound, its parts count as words: `1922-1991`. Not so the beginnings of a
        version: 2.3.2 is not 2.3.
        """
        parts = [name for name, _ in token.terms[1:] if name[0] not in MARKS and "." not in name]
        is_apart = not answers and bool(parts)
        for rank, (name, weight) in enumerate(token.terms):
            if name in seen or (is_apart and rank == 0):
                continue
            is_part = is_apart and name in parts
            if rank == 0:
                seen.add(name)
                yield Group(weight=weight, answers=tuple(answers), is_main=True, word=token.form)
                continue
            term = self._lexicon.term(name)
            if term or is_part:
                seen.add(name)
                own = (Answer(terms=(term,), share=EXACT_SHARE, kind=0),) if term else ()
                own_weight = token.terms[0][1] if is_part else weight
                yield Group(weight=own_weight, answers=own, is_main=is_part, word=name if is_part else token.form)
