"""Measure what builds a site takes: from nothing, and after one article has changed."""

import shutil
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.build.edits import Edit, Editor, Kind
from bench.build.tools import Site
from bench.measure import CommandFailed, Usage, count_bytes, count_index, run_command


@dataclass(frozen=True, slots=True, kw_only=True)
class Cold:
    """What cold builds of a site took, and the bytes of the last."""

    site: Site
    usages: tuple[Usage, ...]
    output: int
    index: int

    @property
    def seconds(self) -> float:
        """Return the median."""
        return statistics.median(usage.seconds for usage in self.usages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How long it took until changes of single articles were there, and the memory that it took at most."""

    site: Site
    what: str
    seconds: tuple[float, ...]
    largest: int | None
    together: int | None


def measure_cold(site: Site, repeat: int) -> Cold:
    """Build a site from nothing, so many times.

    Raises:
        CommandFailed: a command ended with an error, or the page of an article is not there.
    """
    usages = []
    for _ in range(repeat):
        for folder in (*site.outputs, *site.caches):
            shutil.rmtree(folder, ignore_errors=True)
        usages.append(_in_turn([run_command(command.words, site.log) for command in site.commands]))
    for article in site.sample.articles:
        if not site.page(article).is_file():
            raise CommandFailed(f"{site.tool} has not built {site.page(article)}; {site.log} is what it said last.")
    indexes = [found for folder in site.outputs for found in folder.glob(site.index)]
    return Cold(
        site=site,
        usages=tuple(usages),
        output=sum(map(count_bytes, site.outputs)),
        index=sum(count_index(found) for found in indexes),
    )


def measure_changes(site: Site, editor: Editor, kind: Kind, count: int) -> Changes:
    """Edit articles one by one, and build after each what must be built by hand: all that one edit may concern.

    Raises:
        CommandFailed: a command ended with an error, or the article's page does not show the edit.
    """
    usages = []
    for _ in range(count):
        edit = editor.think(kind)
        edit.save()
        usages.append(_in_turn([run_command(words, site.log) for words in _concerned(site, edit)]))
        if edit.mark not in site.page(edit.article).read_text("utf-8"):
            raise CommandFailed(f"{site.tool}: {site.page(edit.article)} does not show the edit of {edit.file}.")
    return Changes(
        site=site,
        what=f"{kind}, built again",
        seconds=tuple(usage.seconds for usage in usages),
        largest=largest_of(usages),
        together=together_of(usages),
    )


def largest_of(usages: Iterable[Usage]) -> int:
    """Return the most memory that one process took."""
    return max(usage.largest for usage in usages)


def together_of(usages: Iterable[Usage]) -> int | None:
    """Return the most memory that all processes of one time took, if the system tells."""
    return max((usage.together for usage in usages if usage.together), default=None)


def _concerned(site: Site, edit: Edit) -> list[tuple[str, ...]]:
    return [command.words for command in site.commands if edit.article.language in command.languages]


def _in_turn(usages: Sequence[Usage]) -> Usage:
    """Return what commands used that ran one after another."""
    seconds = sum(usage.seconds for usage in usages)
    return Usage(seconds=seconds, largest=largest_of(usages), together=together_of(usages))
