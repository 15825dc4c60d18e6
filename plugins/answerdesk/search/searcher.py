"""Search an index. `runtime/searcher.js` is the twin: same results, same scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from answerdesk.search.analyse import Analyser
from answerdesk.search.excerpt import Piece, cut_excerpt
from answerdesk.search.index import Index, read_index
from answerdesk.search.rank import EXACT, Dictionary, Group, Match, rank, rarity

LONGEST = 1000  # code points of a query; what comes after is not read


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
    """The best articles for a query, the corrected query if there is one, and how many articles answer in all."""

    results: tuple[Result, ...]
    corrected: str | None
    total: int


class Searcher:
    """Answers queries from one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._analyser = Analyser(index.analysis)
        self._dictionary = Dictionary(index)

    def search(self, text: str, limit: int = 10) -> Results:
        """Return the best articles for what a visitor typed; the last word may be only begun."""
        groups = self._groups(text)
        matches = rank(self._index, groups)
        values = self._values(groups)
        return Results(
            results=tuple(self._result(match, values) for match in matches[:limit]),
            corrected=None,
            total=len(matches),
        )

    def find(self, text: str, limit: int = 10) -> list[tuple[int, int]]:
        """Return (article number, score) of the best articles, without cutting excerpts: for runs in bulk."""
        return [(match.article, match.score) for match in rank(self._index, self._groups(text))[:limit]]

    def id(self, article: int) -> str:
        """Return what runs in bulk name an article by."""
        return self._index.articles[article].id

    def title_of(self, url: str) -> str | None:
        """Return the title of the article at a URL, or None if the index has none there."""
        return next((article.title for article in self._index.articles if article.url == url), None)

    def _groups(self, text: str) -> list[Group]:
        text = text[:LONGEST]
        tokens = self._analyser.tokens(text)
        return self._dictionary.groups(tokens, is_begun=bool(tokens) and tokens[-1].end == len(text))

    def _values(self, groups: Sequence[Group]) -> dict[str, int]:
        """Return what each term is worth in an excerpt: its weight × its rarity."""
        values: dict[str, int] = {}
        for group in groups:
            if group.is_main:
                for term, share in group.answers:
                    worth = group.weight * rarity(self._index, len(self._index.postings[term])) * share // EXACT
                    values[self._index.terms[term]] = max(worth, values.get(self._index.terms[term], 0))
        return values

    def _result(self, match: Match, values: dict[str, int]) -> Result:
        article = self._index.articles[match.article]
        excerpt = cut_excerpt(article, self._analyser, values)
        return Result(
            url=f"{article.url}#{excerpt.anchor}" if excerpt.anchor else article.url,
            title=article.title,
            summary=article.summary,
            excerpt=excerpt.pieces,
            breadcrumb=article.breadcrumb,
            score=match.score,
            tier=match.tier,
        )


def open_index(folder: Path) -> Searcher:
    """Open the index in a folder.

    Raises:
        SearchError: it is missing, damaged or of another format.
    """
    return Searcher(read_index(folder))
