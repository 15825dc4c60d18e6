"""What can be wrong with an index.

SearchError
├── MissingIndex
├── WrongFormat
├── DamagedIndex
└── SynonymError
"""

from pathlib import Path


class SearchError(Exception):
    """The search index cannot be used; the message says what to do."""


class MissingIndex(SearchError):
    """There is no index where one was expected."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: there is no search index. Build the site with “answerdesk build”.")


class WrongFormat(SearchError):
    """The index was written by another version."""

    def __init__(self, path: Path, found: object, wanted: int) -> None:
        super().__init__(f"{path}: format is {found}, this version reads {wanted}. Run “answerdesk build” again.")


class DamagedIndex(SearchError):
    """A file of the index is cut off, changed or no index at all."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: the search index is damaged. Run “answerdesk build” again.")


class SynonymError(SearchError):
    """A file of synonyms cannot be used."""

    def __init__(self, path: Path | str, found: str, cure: str) -> None:
        super().__init__(f"{path}: {found}. {cure}")
