"""Change one article after another, as an author would: a sentence more, or another title."""

import random
import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle
from pathlib import Path

import yaml

from bench.build.sample import Article

TITLE = re.compile(r"^title: .*$", re.MULTILINE)
SUMMARY = re.compile(r"^summary: (.*)$", re.MULTILINE)
BORROWED = 80  # characters
LONGEST = 60  # characters of a title before the mark


class Kind(StrEnum):
    """What an edit changes."""

    TEXT = "text"
    TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """An article's file with its new text; `mark` is a word that its page shows only once it is built again."""

    article: Article
    file: Path
    text: str
    mark: str

    def save(self) -> None:
        """Write the file."""
        self.file.write_text(self.text, "utf-8")


class Editor:
    """Thinks of edits: of articles by chance, the languages in turn, the same for every tool."""

    def __init__(self, articles: Sequence[Article], source: Callable[[Article], Path], seed: int = 1) -> None:
        self._source = source
        self._chance = random.Random(seed)
        by_language: dict[str, list[Article]] = {}
        for article in articles:
            by_language.setdefault(article.language, []).append(article)
        self._turns = cycle(by_language.values())

    def think(self, kind: Kind) -> Edit:
        """Return the next edit, which borrows words from another article: most that authors write is known words."""
        articles = next(self._turns)
        article, other = self._chance.choice(articles), self._chance.choice(articles)
        mark = "".join(random.choices(string.ascii_lowercase, k=12))  # another tool may read the same file
        file = self._source(article)
        text, words = file.read_text("utf-8"), borrow(self._source(other).read_text("utf-8"))
        text = add_sentence(text, f"{words} {mark}.") if kind is Kind.TEXT else replace_title(text, words, mark)
        return Edit(article=article, file=file, text=text, mark=mark)


def borrow(text: str) -> str:
    """Return the first words of an article's summary, without anything that is markup."""
    match = SUMMARY.search(text)
    return " ".join(re.sub(r"[\W_]+", " ", match[1] if match else "").split())[:BORROWED].strip()


def add_sentence(text: str, sentence: str) -> str:
    """Return an article with a paragraph more at its end."""
    return f"{text.rstrip()}\n\n{sentence}\n"


def replace_title(text: str, words: str, mark: str) -> str:
    """Return an article with another title, and nothing else changed."""
    title = yaml.safe_dump({"title": f"{words[:LONGEST].strip()} {mark}"}, allow_unicode=True, width=10_000)
    return TITLE.sub(lambda _match: title.rstrip(), text, count=1)
