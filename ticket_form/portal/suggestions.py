"""Find help pages that may answer a ticket not yet sent. `static/suggest.js` does the same in the browser."""

from collections.abc import Collection, Iterable

from answerdesk.search import MAX_QUERY_CHARACTERS, Result
from ticket_form.portal.search_indexes import Searches

MAX_SUGGESTIONS = 3
# A page that shares nothing but everyday words with a whole description scores 2.0 million at most; one that fits
# scores 2.4 to 13.5 million (measured with descriptions in all six languages, half of them about what has no page).
WEAKEST = 2_200_000
SHARE = 0.45  # of the best: beside a page that fits well, one that fits half as well is no help
_QUOTES = str.maketrans(dict.fromkeys('"“”„«»「」『』', " "))


def suggest(
    searches: Searches, *, language: str, subject: str, description: str, seen: Collection[str] = ()
) -> tuple[Result, ...]:
    """Return the few pages that fit well what a visitor wrote, but none that was read already.

    Raises:
        SearchError: the index cannot be read.
    """
    found = searches.search(query_of(subject, description), language=language, limit=MAX_SUGGESTIONS + len(seen))
    return choose(found.results, seen=seen)


def query_of(subject: str, description: str) -> str:
    """Return what to search for: quotation marks would ask for their exact words, and no word is only begun."""
    return f"{subject} {description}".translate(_QUOTES)[: MAX_QUERY_CHARACTERS - 1].strip() + " "


def choose(results: Iterable[Result], *, seen: Collection[str] = ()) -> tuple[Result, ...]:
    """Return the results, which come best first, that are good enough to be shown."""
    read = {article.rstrip("/") for article in seen}
    good = [result for result in results if result.score >= WEAKEST]
    least = good[0].score * SHARE if good else 0
    return tuple(result for result in good if result.score >= least and result.url.rstrip("/") not in read)[
        :MAX_SUGGESTIONS
    ]
