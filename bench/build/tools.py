"""The tools that are measured: how each is set up for the same articles, and what commands build them."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench.build.hugo import write_hugo_site
from bench.build.sample import Article, Sample
from bench.sites import write_bare_config, write_material_config, write_our_config, write_zensical_config

MKDOCS = [sys.executable, "-m", "mkdocs", "build", "-q", "-f"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that builds some languages of a site, or all of them."""

    words: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site that a tool is set up to build; without what its builds leave, the next is a cold one."""

    tool: str
    sample: Sample
    commands: tuple[Command, ...]
    """Run one after another."""
    source: Callable[[Article], Path]
    """The file of an article that this tool reads."""
    page: Callable[[Article], Path]
    """The file that it makes of an article."""
    outputs: tuple[Path, ...]
    caches: tuple[Path, ...] = ()
    index: str = "*/search"
    """Where search indexes lie in the outputs: folders or files."""
    config: Path | None = None
    """What else may be done with it than build it."""

    @property
    def log(self) -> Path:
        """Return the file for what its commands print."""
        return self.sample.folder / "log.txt"


def set_up_answerdesk(sample: Sample) -> Site:
    """Set up our portal."""
    folder = sample.folder / "answerdesk"
    config = write_our_config(folder, sample.content, sample.languages)
    words = (answerdesk(), "build", "--no-strict", "-f", str(config))
    return Site(
        tool="Answerdesk",
        sample=sample,
        commands=(Command(words=words, languages=tuple(sample.languages)),),
        source=sample.source,
        page=lambda article: folder / "site" / article.language / article.path / "index.html",
        outputs=(folder / "site",),
        caches=(folder / ".answerdesk-cache",),
        config=config,
    )


def answerdesk() -> str:
    """Return our program, from the environment that runs this."""
    return str(Path(sys.executable).with_name("answerdesk"))


def set_up_material(sample: Sample) -> Site:
    """Set up stock Material for MkDocs."""
    folder = sample.folder / "material"
    configs = {code: write_material_config(folder, sample.content, code) for code in sample.languages}
    return _mkdocs_site(f"Material for MkDocs {version('mkdocs-material')}", sample, folder, configs)


def set_up_bare(sample: Sample) -> Site:
    """Set up MkDocs with its own theme, and a navigation of one page."""
    folder = sample.folder / "bare"
    configs = {code: write_bare_config(folder, sample.content, code, sample.first(code)) for code in sample.languages}
    return _mkdocs_site(f"MkDocs {version('mkdocs')} without navigation", sample, folder, configs)


def set_up_zensical(sample: Sample, program: str, *, has_navigation: bool) -> Site:
    """Set up Zensical: with its default navigation, which is the tree of all pages, or one of a single page."""
    folder = sample.folder / ("zensical" if has_navigation else "zensical-bare")
    commands = []
    for code in sample.languages:
        first = None if has_navigation else sample.first(code)
        config = write_zensical_config(folder, sample.content, code, first)
        commands.append(Command(words=(program, "build", "-f", str(config)), languages=(code,)))
    return Site(
        tool=f"Zensical {_version(program, '--version')}{'' if has_navigation else ' without navigation'}",
        sample=sample,
        commands=tuple(commands),
        source=lambda article: folder / article.language / "docs" / f"{article.path}.md",
        page=lambda article: folder / article.language / "site" / article.path / "index.html",
        outputs=tuple(folder / code / "site" for code in sample.languages),
        caches=tuple(folder / code / ".cache" for code in sample.languages),
        index="search.json",
    )


def set_up_hugo(sample: Sample, program: str) -> Site:
    """Set up Hugo with a small theme: one site of all languages."""
    folder = sample.folder / "hugo"
    write_hugo_site(folder, sample.content, sample.languages)
    words = (program, "--quiet", "--source", str(folder))
    return Site(
        tool=f"Hugo {_version(program, 'version')}",
        sample=sample,
        commands=(Command(words=words, languages=tuple(sample.languages)),),
        source=sample.source,
        page=lambda article: folder / "public" / article.language.lower() / article.path / "index.html",
        outputs=(folder / "public",),
        caches=(folder / "resources",),
    )


def _mkdocs_site(tool: str, sample: Sample, folder: Path, configs: dict[str, Path]) -> Site:
    return Site(
        tool=tool,
        sample=sample,
        commands=tuple(Command(words=(*MKDOCS, str(path)), languages=(code,)) for code, path in configs.items()),
        source=sample.source,
        page=lambda article: folder / "site" / article.language / article.path / "index.html",
        outputs=(folder / "site",),
    )


def _version(program: str, word: str) -> str:
    said = subprocess.run([program, word], capture_output=True, text=True).stdout
    match = re.search(r"\d+(\.\d+)+", said)
    return match[0] if match else "of unknown version"
