"""Rule `house-word`: words that the house does not use, from `content/words.yml`."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from answerdesk.articles.errors import ContentError
from answerdesk.checks.reading.content import Content, Terminology
from answerdesk.checks.reading.page import CheckedPage
from answerdesk.checks.report.finding import Finding, Level
from answerdesk.support import safe_yaml

QUOTED = re.compile(r"“[^”\n]*”|「[^」\n]*」|『[^』\n]*』|«[^»\n]*»|\"[^\"\n]*\"|\{\{.*?\}\}|https?://\S+")
FORM = "Write “avoid:”, below it a language's code, and below that “word: what to write instead” a line."


def check_terminology(content: Content) -> Iterator[Finding]:
    """Yield a finding for each word that the house does not use; code and quotations are others' words."""
    for page in content.pages:
        avoided = content.terminology.get(page.language)
        if not avoided:
            continue
        pattern = _pattern(tuple(avoided), page.language)
        instead = {_fold(word, page.language): (word, better) for word, better in avoided.items()}
        for place, text in _texts(page):
            folded = _fold(QUOTED.sub(_blank, text), page.language)
            for match in pattern.finditer(folded):
                word, better = instead[match.group(1)]
                first = page.line_of(place) if isinstance(place, str) else place
                yield Finding(
                    rule="house-word",
                    file=page.file,
                    line=first + folded.count("\n", 0, match.start()),
                    what=f"“{word}” is a word that this house does not use",
                    why="One plain word for a thing is what readers know and search for",
                    cure=_cure(better),
                    level=Level.WARNING,
                )


def read_terminology(table: object, name: str) -> Terminology:
    """Return the words of `words.yml`, given as parsed.

    Raises:
        ContentError: it has another form.
    """
    avoid = table.get("avoid", {}) if isinstance(table, dict) else None
    if not isinstance(avoid, dict):
        raise ContentError(f"{name}: avoid is {safe_yaml.kind(avoid)}. {FORM}")
    for language, words in avoid.items():
        if not isinstance(words, dict):
            raise ContentError(f"{name}: {language} is {safe_yaml.show(words)}. {FORM}")
        for word, better in words.items():
            if not isinstance(word, str) or not isinstance(better, str) or not word.strip():
                raise ContentError(
                    f"{name}: {language} has {safe_yaml.show({word: better})}; put both in quotes. {FORM}"
                )
    return {str(language): dict(words) for language, words in avoid.items()}


def _texts(page: CheckedPage) -> Iterator[tuple[int | str, str]]:
    """Yield what readers read, each with its line, or with its field: to look for that in a file takes long."""
    for field in ("title", "summary"):
        if isinstance(text := page.meta.get(field), str):
            yield field, text
    for block in page.blocks.blocks:
        yield block.line, block.prose


@cache
def _pattern(words: tuple[str, ...], language: str) -> re.Pattern[str]:
    """Return what finds the words: whole ones, the longest first.

    Chinese has no spaces; Korean words take particles behind, and Arabic ones و ف ب ك ل and ال before.
    """
    found = "|".join(re.escape(_fold(word, language)) for word in sorted(words, key=len, reverse=True))
    if language.startswith("zh"):
        return re.compile(f"({found})")
    if language == "ko":
        return re.compile(rf"(?<!\w)({found})")
    if language == "ar":
        return re.compile(rf"(?<!\w)[وف]?[بكل]?(?:ال)?({found})(?!\w)")
    return re.compile(rf"(?<![\w-])({found})(?![\w-])")


def _fold(text: str, language: str) -> str:
    """Return a text in small letters; every letter stays one letter, so that places stay the same."""
    text = unicodedata.normalize("NFC", text)
    if language == "tr":
        text = text.replace("I", "ı").replace("İ", "i")
    whole = text.lower()
    if len(whole) == len(text):
        return whole
    return "".join(lower if len(lower := char.lower()) == 1 else char for char in text)


def _blank(match: re.Match[str]) -> str:
    """Return as many signs as were found, so that places stay the same."""
    return re.sub(r"[^\n]", "…", match.group())


def _cure(better: str) -> str:
    """Return what to do: a word to write instead, advice in brackets, or nothing but to leave it out."""
    if not better.strip():
        return "Leave it out"
    return f"Write “{better}”" if better[0] not in "(（" else better.strip("()（）").capitalize()
