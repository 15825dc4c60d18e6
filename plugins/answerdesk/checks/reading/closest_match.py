"""Suggest what a broken link was probably meant to point to."""

from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property
from posixpath import dirname

CLOSE = 0.88  # of two names: one letter more or less, or two exchanged, and no other word


class Folder:
    """The files of a language's folder, by their paths below it; `originals` are those of the source language."""

    def __init__(
        self, files: Iterable[str], *, originals: Collection[str] = (), redirects: Mapping[str, str] | None = None
    ) -> None:
        self.files = frozenset(files)
        self._originals = originals
        self._redirects = redirects or {}

    def cure(self, source: str, show: Callable[[str], str]) -> str:
        """Return a cure that names the file which is probably meant by another one, or nothing; `show` writes it."""
        if moved := self._redirects.get(source.removesuffix(".md")):
            return f"It has moved; write {show(f'{moved}.md')}"
        name = source.rpartition("/")[2]
        if "@" in name and "." in name:
            return f"Write mailto:{name}"
        stem = source.rstrip("/").removesuffix(".html").removesuffix(".md")
        for candidate in (f"{stem}.md", f"{stem}/index.md"):
            if candidate in self.files:
                return f"Write {show(candidate)}"
        if spelled := self._spellings.get(source.casefold()):
            return f"Mind capital letters: write {show(spelled)}"
        same = self._by_name.get(name, [])
        if len(same) == 1:
            return f"Did you mean {show(same[0])}?"
        if source in self._originals:
            return "It is not translated yet: translate it, or take the link out"
        siblings = {file.rpartition("/")[2]: file for file in self._by_folder.get(dirname(source), [])}
        close = get_close_matches(name, siblings, n=1, cutoff=CLOSE)
        return f"Did you mean {show(siblings[close[0]])}?" if close else ""

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        return {file.casefold(): file for file in self.files}

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        return _grouped(self.files, lambda file: file.rpartition("/")[2])

    @cached_property
    def _by_folder(self) -> Mapping[str, list[str]]:
        return _grouped(self.files, dirname)


def relative(here: str, there: str) -> str:
    """Return how an article's file writes a link to another file of its language's folder."""
    folders, target = [part for part in dirname(here).split("/") if part], there.split("/")
    while folders and len(target) > 1 and folders[0] == target[0]:
        folders, target = folders[1:], target[1:]
    return "../" * len(folders) + "/".join(target)


def _grouped(files: Iterable[str], key: Callable[[str], str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in sorted(files):
        found.setdefault(key(file), []).append(file)
    return found
