"""Search the site's indexes, for visitors without JavaScript and for article titles."""

from pathlib import Path

from answerdesk.search import Results, Searcher, SearchError, open_index
from ticket_form.portal.file_cache import FileCached


class Searches:
    """One index for each language, opened on first use and reopened after a build."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._searchers: dict[str, FileCached[Searcher]] = {}

    def search(self, text: str, *, language: str, limit: int = 10) -> Results:
        """Return the best articles of a language.

        Raises:
            SearchError: the index cannot be read.
        """
        return self._searcher(language).search(text, limit=limit)

    def title_of(self, article: str, *, language: str) -> str:
        """Return the title of an article, or its path if the index does not contain it."""
        try:
            searcher = self._searcher(language)
        except SearchError:
            return article
        return searcher.title_of(article) or searcher.title_of(f"{article}/") or article

    def _searcher(self, language: str) -> Searcher:
        return self._searchers.setdefault(language, _cached(self._root / language / "search")).get()


def _cached(folder: Path) -> FileCached[Searcher]:
    return FileCached(folder / "manifest.json", read=lambda: open_index(folder), failures=SearchError)
