"""Suggest articles before a ticket is sent. `static/suggest.js` is the counterpart in the browser."""

from collections.abc import Collection, Iterable

from answerdesk.search import MAX_QUERY_CHARACTERS, Result
from ticket_form.portal.search_indexes import Searches

MAX_SUGGESTIONS = 3
# Search scores: an article that shares only common words with a whole description scores 2.0 million at most, a
# relevant one 2.4 to 13.5 million (measured with descriptions in six languages, half of them without an article).
MIN_SCORE = 2_200_000
MIN_SHARE_OF_BEST = 0.45  # of the best score: next to a good match, one half as good is no help
_QUOTES = str.maketrans(dict.fromkeys('"“”„«»「」『』', " "))


def suggest(
    searches: Searches, *, language: str, subject: str, description: str, seen: Collection[str] = ()
) -> tuple[Result, ...]:
    """Return the few articles that match a ticket's text well, without those that the visitor has read.

    Raises:
        SearchError: the index cannot be read.
    """
    found = searches.search(query_of(subject, description), language=language, limit=MAX_SUGGESTIONS + len(seen))
    return choose(found.results, seen=seen)


def query_of(subject: str, description: str) -> str:
    """Return the search query: without quotation marks, which mean phrases, and with a space after the last word."""
    return f"{subject} {description}".translate(_QUOTES)[: MAX_QUERY_CHARACTERS - 1].strip() + " "


def choose(results: Iterable[Result], *, seen: Collection[str] = ()) -> tuple[Result, ...]:
    """Return those of the results, ordered best first, that are good enough to be shown."""
    read = {article.rstrip("/") for article in seen}
    good = [result for result in results if result.score >= MIN_SCORE]
    least = good[0].score * MIN_SHARE_OF_BEST if good else 0
    return tuple(result for result in good if result.score >= least and result.url.rstrip("/") not in read)[
        :MAX_SUGGESTIONS
    ]
