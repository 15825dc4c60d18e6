"""The visitor's trail: searches tried and articles read before the ticket."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ticket_form.tickets.sanitise import clean_line

TRAIL_LIMIT = 5
QUERY_LIMIT = 200
ARTICLE_LIMIT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """Searches and article paths, in the order of the request."""

    searches: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def as_parameters(self) -> list[tuple[str, str]]:
        """Return the trail as the parameters of a link to the form."""
        return [("article", article) for article in self.articles] + [("q", search) for search in self.searches]


def read_trail(*, searches: Iterable[str], articles: Iterable[str]) -> Trail:
    """Return the first five valid values of each."""
    return Trail(
        searches=_first_five(searches, lambda search: clean_line(search)[:QUERY_LIMIT].strip()),
        articles=_first_five(articles, _article_path),
    )


def category_of(trail: Trail) -> str | None:
    """Return the category of the article read last; links to the form list the newest first."""
    return trail.articles[0].split("/")[0] if trail.articles else None


def _first_five(values: Iterable[str], clean: Callable[[str], str]) -> tuple[str, ...]:
    kept = dict.fromkeys(cleaned for value in values if (cleaned := clean(value)))
    return tuple(kept)[:TRAIL_LIMIT]


def _article_path(value: str) -> str:
    """Return a path within the language's folder, or an empty text if it could lead elsewhere."""
    path = clean_line(value).split("#")[0].split("?")[0].strip()
    segments = path.removesuffix("/").split("/")
    is_path = len(path) <= ARTICLE_LIMIT and all(segment not in ("", ".", "..") for segment in segments)
    # A colon could start a scheme, a backslash a host.
    return path if is_path and not set(path) & set(':\\<>"') else ""
