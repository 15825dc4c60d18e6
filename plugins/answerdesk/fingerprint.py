"""Know whether a language must be built again: by the content of all that its pages are made from."""

import hashlib
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from answerdesk.articles.context import find_twins
from answerdesk.articles.theme import portal_folder

CACHE = ".answerdesk-cache"  # beside mkdocs.yml; holds one small file a language and may be deleted at any time
INHERIT = re.compile(r"""^INHERIT:\s*["']?(.+?)["']?\s*$""", re.MULTILINE)
PACKAGES = ("babel", "jinja2", "markdown", "mkdocs", "mkdocs-material", "pymdown-extensions", "pypinyin", "rjsmin")


def fingerprint(config_file: Path, config: MkDocsConfig, language: str) -> str:
    """Return a digest of a language's articles, the other languages' public paths, shared files, templates and code."""
    content = Path(config.docs_dir).parent
    digest = hashlib.sha256()
    for package in PACKAGES:
        digest.update(f"{package} {version(package)}\n".encode())
    options = config.plugins["answerdesk/articles"].config
    digest.update(repr((config.site_url, sorted(options.items()))).encode())  # may come from the environment
    for file in _inputs(config_file, config, content / language):
        digest.update(file.as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    for folder in sorted(path for path in content.iterdir() if path.is_dir() and path.name != language):
        digest.update("\n".join([folder.name, *sorted(find_twins(folder))]).encode())
    return digest.hexdigest()


def is_current(config: MkDocsConfig, language: str, mark: str) -> bool:
    """Tell whether a language's site was built from just this."""
    is_there = (_site(config, language) / "index.html").is_file()
    memory = _memory(config, language)
    return is_there and memory.is_file() and memory.read_text("ascii") == mark


def forget(config: MkDocsConfig, language: str) -> None:
    """Let a language be built again, whatever it was built from."""
    _memory(config, language).unlink(missing_ok=True)


def remember(config: MkDocsConfig, language: str, mark: str) -> None:
    """Note what a language's site was built from."""
    memory = _memory(config, language)
    memory.parent.mkdir(exist_ok=True)
    memory.write_text(mark, "ascii")


def _inputs(config_file: Path, config: MkDocsConfig, articles: Path) -> Iterator[Path]:
    yield from _inherited(config_file)
    yield from sorted(articles.parent.glob("*.yml"))
    yield from articles.parent.glob(f"synonyms/{articles.name}.yml")
    for folder in (articles, portal_folder(config), Path(__file__).parent):
        yield from sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix != ".pyc")


def _inherited(config_file: Path) -> Iterator[Path]:
    """Yield a configuration file and those it inherits from."""
    seen: set[Path] = set()
    while config_file.is_file() and config_file not in seen:
        seen.add(config_file)
        yield config_file
        match = INHERIT.search(config_file.read_text("utf-8"))
        config_file = config_file.parent / match.group(1) if match else config_file


def _site(config: MkDocsConfig, language: str) -> Path:
    return Path(config.site_dir).parent / language


def _memory(config: MkDocsConfig, language: str) -> Path:
    site = hashlib.sha256(str(_site(config, language)).encode()).hexdigest()[:8]
    return Path(config.config_file_path or ".").parent / CACHE / f"{language}-{site}"
