"""Search an index. `runtime/searcher.js` is its JavaScript counterpart: same results, same scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from answerdesk.search.analyse import Analyser, Token
from answerdesk.search.constants import (
    DEFAULT_RESULTS,
    EXACT_SHARE,
    MAX_PHRASE_ARTICLES,
    MAX_RARE_ARTICLES,
    MAX_SHOWN_SYNONYMS,
    MIN_COMMON_RATIO,
    PARTIAL_TIER,
)
from answerdesk.search.dictionary import edits
from answerdesk.search.documents import Document
from answerdesk.search.excerpt import Piece, cut_excerpt
from answerdesk.search.explain import Explanation
from answerdesk.search.index import Synonym
from answerdesk.search.keyboard import retyped
from answerdesk.search.lexicon import Lexicon
from answerdesk.search.plan import Plan, Planner
from answerdesk.search.query import Query, Thesaurus, parse
from answerdesk.search.rank import Match, Scale, rank, rarity
from answerdesk.search.shards import load, read_block, sums
from answerdesk.search.store import Store

Facets = Mapping[str, Mapping[str, frozenset[int]]]  # facet → value → the articles that have it


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An article found. `url` is relative to the site's language folder; excerpt pieces say whether they are marked."""

    url: str
    title: str
    summary: str
    excerpt: tuple[Piece, ...]
    breadcrumb: tuple[str, ...]
    score: int
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The best articles for a query and how many answer in all.

    `corrected` is the query as it was understood, if words of it were unknown; `also` what was found besides the typed
    words; `facets` (category, appliesTo) the values that all answers have with their numbers.
    """

    results: tuple[Result, ...]
    corrected: str | None
    suggested: str | None
    also: tuple[str, ...]
    total: int
    facets: dict[str, list[tuple[str, int]]] | None = None


class Searcher:
    """Answers queries from one index."""

    def __init__(self, store: Store) -> None:
        head = store.head
        self._store = store
        try:
            self._analyser = Analyser(head["analysis"])
            self._lexicon = Lexicon(store, self._analyser)
            synonyms = [Synonym(typed=tuple(row[0]), found=tuple(row[-1])) for row in head["synonyms"]]
            self._thesaurus = Thesaurus(synonyms, self._analyser)
            self._scale = Scale(
                rarities=sums(head["rarities"])[::-1], impacts=sums(head["impacts"]), coverage=sums(head["coverage"])
            )
            self._each, self._count = int(head["each"]), int(head["articles"])
        except (KeyError, TypeError, ValueError) as error:
            raise store.damaged("head") from error
        self._planner = Planner(self._lexicon, self._thesaurus, self._analyser)
        self._blocks: dict[int, list[Document]] = {}

    def search(
        self, text: str, limit: int = DEFAULT_RESULTS, offset: int = 0, filters: Mapping[str, str] | None = None, *,
        with_facets: bool = False,
    ) -> Results:  # fmt: skip
        """Return the best articles for what a visitor typed; the last word may be only begun.

        `filters` takes the values of `category` and `appliesTo` that an article must have.
        """
        corrected, (query, plan, matches) = self._understand(text)
        if query.phrases:
            matches = self._with_phrases(query.phrases, matches)
        facets: Facets = self._facets() if filters or with_facets else {}
        answers, matches = matches, _filtered(matches, facets, filters or {})
        values = self._values(plan)
        return Results(
            results=tuple(self._result(match, values) for match in matches[offset : offset + limit]),
            corrected=corrected if matches else None,
            suggested=None if corrected else self._suggestion(query),
            also=self._also(plan, matches),
            total=len(matches),
            facets=_counted(facets, answers, filters or {}) if with_facets else None,
        )

    def find(self, text: str, limit: int = DEFAULT_RESULTS) -> list[tuple[int, int]]:
        """Return (article number, score) of the best articles, without cutting excerpts: for runs in bulk."""
        return [(match.article, match.score) for match in self._ask(text)[2][:limit]]

    def explain(self, text: str) -> Explanation:
        """Return all articles that answer a query, and why: for the authors' search gate."""
        _, (_, plan, matches) = self._understand(text)
        return Explanation(groups=plan.groups, scale=self._scale, matches=tuple(matches))

    def id(self, article: int) -> str:
        """Return what runs in bulk name an article by."""
        document = self._document(article)
        return document.id or document.url

    def title_of(self, url: str) -> str | None:
        """Return the title of the article at a URL, or None if the index has none there."""
        return self._titles.get(url)

    @cached_property
    def _titles(self) -> dict[str, str]:
        blocks = (self._read_block(number) for number in range(-(-self._count // self._each)))
        return {document.url: document.title for block in blocks for document in block}

    def _understand(self, text: str) -> tuple[str | None, tuple[Query, Plan, list[Match]]]:
        """Return what a query was read as, if not as typed, and what it found; on another keyboard if it must."""
        asked = query, plan, _ = self._ask(text)
        if not any(group.answers for group in plan.groups):
            for other in retyped(query.text, self._store.head["analysis"]["rules"]):
                retry = self._ask(other)
                if retry[2] and retry[2][0].tier != PARTIAL_TIER:
                    return other, retry
        return _corrected(query, plan), asked

    def _ask(self, text: str) -> tuple[Query, Plan, list[Match]]:
        query = parse(text, self._analyser)
        plan = self._planner.plan(query)
        return query, plan, rank(plan.groups, self._scale)

    def _document(self, article: int) -> Document:
        number = article // self._each
        if number not in self._blocks:
            self._blocks[number] = self._read_block(number)
        return self._blocks[number][article % self._each]

    def _read_block(self, number: int) -> list[Document]:
        try:
            block = read_block(self._store.texts(number), number * self._each)
        except ValueError as error:
            raise self._store.damaged(f"texts/{number}") from error
        if len(block) != min(self._each, self._count - number * self._each):
            raise self._store.damaged(f"texts/{number}")
        return block

    def _with_phrases(self, phrases: Sequence[Sequence[str]], matches: Sequence[Match]) -> list[Match]:
        """Return the articles with the phrases. Reading takes time: for one word the index tells, and of the articles
        that it rules out for a longer phrase none is read."""
        for phrase in phrases:
            for name in phrase:
                term = self._lexicon.term(name)
                articles = {article for article, _ in term.postings} if term else set()
                if not term or len(phrase) == 1 or len(articles) == term.articles:  # of a common word not all are known
                    matches = [match for match in matches if match.article in articles]
        longer = [phrase for phrase in phrases if len(phrase) > 1]
        if not longer:
            return list(matches)
        return [match for match in matches[:MAX_PHRASE_ARTICLES] if self._has_phrases(match.article, longer)]

    def _has_phrases(self, article: int, phrases: Sequence[Sequence[str]]) -> bool:
        document = self._document(article)
        parts = (text for section in document.sections for text in (section.heading, section.text))
        missing = phrases
        for text in (document.title, document.summary, *parts):
            row = [terms[0][0] for _, terms in self._analyser.words(text)]
            missing = [phrase for phrase in missing if not _holds(row, phrase)]
            if not missing:
                return True
        return False

    def _values(self, plan: Plan) -> dict[str, int]:
        """Return what each term is worth in an excerpt: its weight × its rarity × its share."""
        values: dict[str, int] = {}
        for group in plan.groups:
            for answer in group.answers if group.is_main else ():
                for term in answer.terms:
                    worth = group.weight * rarity(self._scale.rarities, term.articles) * answer.share // EXACT_SHARE
                    values[term.name] = max(worth, values.get(term.name, 0))
        return values

    def _result(self, match: Match, values: dict[str, int]) -> Result:
        document = self._document(match.article)
        excerpt = cut_excerpt(document, self._analyser, values)
        return Result(
            url=f"{document.url}#{excerpt.anchor}" if excerpt.anchor else document.url,
            title=document.title,
            summary=document.summary,
            excerpt=excerpt.pieces,
            breadcrumb=document.breadcrumb,
            score=match.score,
            tier=match.tier,
        )

    def _also(self, plan: Plan, matches: Sequence[Match]) -> tuple[str, ...]:
        """Return the spellings of the synonyms by which the best articles were found."""
        best = {match.article for match in matches[:MAX_SHOWN_SYNONYMS]}
        found = []
        for spelling, names in plan.synonyms:
            terms = self._lexicon.all(names)
            if terms and best.intersection(*({article for article, _ in term.postings} for term in terms)):
                found.append(spelling)
        return tuple(found[:MAX_SHOWN_SYNONYMS])

    def _suggestion(self, query: Query) -> str | None:
        """Return the query with words that are rarer than a likely misspelling of them replaced by what is common."""
        changes = []
        for token in query.tokens:
            term = self._lexicon.term(token.terms[0][0])
            words = (
                self._lexicon.near(token.form)
                if term and term.articles <= MAX_RARE_ARTICLES and edits(token.form)
                else []
            )
            if term and words and words[0][0] and words[0][1].articles >= MIN_COMMON_RATIO * term.articles:
                changes.append((token, words[0][1].spelling))
        return _replaced(query.text, changes) if changes else None

    def _facets(self) -> Facets:
        try:
            rows = load(self._store.facets()) if self._store.head["hasFacets"] else {}
            return {facet: {v: frozenset(sums(n)) for v, n in values} for facet, values in rows.items()}
        except (TypeError, ValueError, AttributeError) as error:
            raise self._store.damaged("facets") from error


def open_index(folder: Path) -> Searcher:
    """Open the index in a folder.

    Raises:
        SearchError: it is missing, damaged or of another format.
    """
    return Searcher(Store(folder))


def _corrected(query: Query, plan: Plan) -> str | None:
    return _replaced(query.text, plan.corrections) if plan.corrections else None


def _replaced(text: str, changes: Sequence[tuple[Token, str]]) -> str:
    for token, spelling in reversed(changes):
        text = text[: token.start] + spelling + text[token.end :]
    return text


def _holds(row: Sequence[str], phrase: Sequence[str]) -> bool:
    return any(tuple(row[at : at + len(phrase)]) == tuple(phrase) for at in range(len(row) - len(phrase) + 1))


def _filtered(matches: Sequence[Match], facets: Facets, asked: Mapping[str, str]) -> list[Match]:
    wanted = [facets.get(facet, {}).get(value, frozenset()) for facet, value in asked.items()]
    return [match for match in matches if all(match.article in articles for articles in wanted)]


def _counted(facets: Facets, matches: Sequence[Match], asked: Mapping[str, str]) -> dict[str, list[tuple[str, int]]]:
    """Count each facet's values among what the other facets leave: so another value can be chosen instead."""
    counts = {}
    for facet, values in facets.items():
        left = _filtered(matches, facets, {other: value for other, value in asked.items() if other != facet})
        found = [match.article for match in left]
        rows = ((value, sum(1 for article in found if article in articles)) for value, articles in values.items())
        counts[facet] = [row for row in rows if row[1]]
    return counts
