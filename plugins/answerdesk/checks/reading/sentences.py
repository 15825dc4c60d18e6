"""Sentences of a language, and how long they are."""

import re
from collections.abc import Iterator

from answerdesk.checks.reading.page import CheckedPage

END = re.compile(r"(?<=[.!?。！？؟])(?:[\"'”’»)\]）」』]|\[\^[^\]\s]*\])*(?:\s+|(?<=[。！？])|$)(?:\[\^[^\]\s]*\]\s*)*")
# What ends in a full stop and ends no sentence, and a number that begins a line.
SHORT = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|cf|approx|fig|no|dr|mr|mrs|ms|prof|st|incl|min|max|dept|ext|vb|örn|bkz|vd|yak|sn)|(?:^|\n)\d+)\.\s*$",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
CJK = re.compile(r"[\u3400-\u9fff]")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\{\{.*?\}\}")


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a text with the places where they begin."""
    begin = place = 0
    for match in END.finditer(text):
        if match.end() == match.start() and match.end() != len(text) and not CJK.search(text[place : match.start()]):
            continue
        if match.end() < len(text) and (SHORT.search(text[begin : match.start()]) or text[match.end()].islower()):
            continue
        if part := text[begin : match.end()].strip():
            yield begin + len(text[begin : match.end()]) - len(text[begin : match.end()].lstrip()), part
        begin = place = match.end()
    if part := text[begin:].strip():
        yield begin + len(text[begin:]) - len(text[begin:].lstrip()), part


def length(sentence: str, language: str) -> int:
    """Return how long a sentence is: characters in Chinese, words elsewhere. A word of Latin letters counts for two."""
    bare = ADDRESS.sub("x", sentence)
    if language.startswith("zh"):
        return len(CJK.findall(bare)) + 2 * len(WORD.findall(CJK.sub(" ", bare)))
    return len(WORD.findall(bare))


def prose(page: CheckedPage) -> Iterator[tuple[int, str]]:
    """Yield the pieces of a page that are sentences, with their lines: no headings, tables or code."""
    for block in page.blocks.blocks:
        if block.kind in ("paragraph", "item"):
            yield block.line, block.prose
