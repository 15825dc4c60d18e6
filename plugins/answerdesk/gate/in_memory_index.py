"""Index a language's content in memory, rendered as the site renders it, without building the site."""

from dataclasses import dataclass
from pathlib import Path

from answerdesk.articles.build_audience import Edition
from answerdesk.build.build_cache import Cache
from answerdesk.build.configuration import load_site_config
from answerdesk.build.dry_run import index_language, read_language
from answerdesk.build.fingerprint import basis_of
from answerdesk.build.language_build import BuildState
from answerdesk.search import Searcher, hold_index


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A language's searcher, and the paths of its articles by their number in the index."""

    searcher: Searcher
    paths: tuple[str, ...]


def hold_language(config_file: Path, language: str, edition: Edition, state: BuildState | None = None) -> Held:
    """Index a language as the next build of an edition will.

    Raises:
        ContentError: it cannot be built; the message says why.
    """
    state = state or last_state(config_file, language, edition)
    index = index_language(read_language(config_file, language, edition, state))
    paths = tuple(document.url.strip("/") for document in index.documents)
    return Held(searcher=Searcher(hold_index(index)), paths=paths)


def last_state(config_file: Path, language: str, edition: Edition) -> BuildState:
    """Return what the last build left, to render only what is new; it is left as it is."""
    config = load_site_config(config_file, suffix=edition.suffix)
    state = Cache(config).read(language)
    basis = basis_of(config_file, config, edition)
    return state if isinstance(state, BuildState) and state.basis == basis else BuildState(basis=basis)
