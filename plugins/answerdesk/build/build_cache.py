"""What builds leave for the next ones, in a folder beside `mkdocs.yml` that may be deleted at any time."""

import gc
import hashlib
import json
import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from answerdesk.support.atomic_write import write_whole

CACHE = ".answerdesk-cache"
SAFE_TO_READ = "mkdocs.yml can run code too, so whoever can write here needs no pickle for that"


class Cache:
    """The files that one site's builds leave."""

    def __init__(self, config: MkDocsConfig) -> None:
        site = hashlib.sha256(str(Path(config.site_dir).parent).encode()).hexdigest()[:8]
        self._folder = Path(config.config_file_path or ".").parent / CACHE / site

    @property
    def templates(self) -> Path:
        """Return the folder for compiled templates."""
        return self._folder / "templates"

    def read_mark(self, language: str) -> tuple[str, int, tuple[str, ...]]:
        """Return what a language's site was built from, how many warnings it had, and what the build had to say."""
        try:
            mark, warnings, messages = json.loads(self._mark(language).read_text("utf-8"))
            return str(mark), int(warnings), tuple(map(str, messages))
        except (OSError, ValueError, TypeError):
            return "", 0, ()

    def write_mark(self, language: str, mark: str, warnings: int, messages: Sequence[str]) -> None:
        """Note what a language's site was built from, and what was said of it."""
        written = json.dumps([mark, warnings, list(messages)]).encode()
        write_whole(self._mark(language), written, is_durable=False)

    def forget(self, language: str) -> None:
        """Let a language be built again, whatever it was built from."""
        self._mark(language).unlink(missing_ok=True)

    def read(self, name: str) -> Any:
        """Return what was stored under a name, or None; what an earlier version stored is nothing."""
        try:
            with _without_garbage():
                return pickle.loads((self._folder / f"{name}.pickle").read_bytes())  # noqa: S301 - see SAFE_TO_READ
        except Exception:  # a torn file or one of another version raises anything; without it all is built anew
            return None

    def write(self, name: str, value: object) -> None:
        """Store something under a name, whole or not at all."""
        with _without_garbage():
            content = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        write_whole(self._folder / f"{name}.pickle", content, is_durable=False)

    def remove(self, name: str) -> None:
        """Forget what was stored under a name."""
        (self._folder / f"{name}.pickle").unlink(missing_ok=True)

    def _mark(self, language: str) -> Path:
        return self._folder / f"{language}.mark"


@contextmanager
def _without_garbage() -> Iterator[None]:
    """Keep the search for garbage away meanwhile: to store or load many small objects takes twice as long with it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
