"""Rule `near-duplicate`: articles that say almost the same.

1. A page's text is its shingles: every run of five words (of eight characters in Chinese), as a number.
2. One shingle of eight is kept, by its number, so that pages which share text keep the same ones.
3. Pages that share many of those are compared whole. Each page meets at most the first FEW pages of a shingle, so the
   work grows with the text, not with the pairs.
"""

import re
from collections import Counter
from collections.abc import Iterator
from zlib import crc32

from answerdesk.checks.reading.content import Content
from answerdesk.checks.reading.page import CheckedPage
from answerdesk.checks.report.finding import Finding, Level

WORDS, CHARACTERS = 5, 8
SHINGLES_KEPT = 8
MAX_PAGES_PER_SHINGLE = 20
MIN_SHINGLES = 60  # shingles; shorter texts are alike by chance
MIN_SIMILARITY = 0.75  # of the shingles of both together (Jaccard)
WORD = re.compile(r"\w+")


def check_duplicates(content: Content) -> Iterator[Finding]:
    """Yield a finding for each article whose text is, for the most part, another one's."""
    for language, pages in content.in_language():
        texts = [shingles(page, language) for page in pages]
        firsts: dict[int, list[int]] = {}
        for number, page in enumerate(pages):
            own = texts[number]
            if len(own) < MIN_SHINGLES:
                continue
            shared: Counter[int] = Counter()
            for shingle in own:
                if shingle % SHINGLES_KEPT == 0:
                    others = firsts.setdefault(shingle, [])
                    shared.update(others)
                    if len(others) < MAX_PAGES_PER_SHINGLE:
                        others.append(number)
            likely = sorted(shared, key=lambda other: (-shared[other], other))[:3]
            likeness, other = max(((_likeness(own, texts[other]), -other) for other in likely), default=(0.0, 0))
            if likeness >= MIN_SIMILARITY:
                yield _finding(page, pages[-other], likeness)


def shingles(page: CheckedPage, language: str) -> frozenset[int]:
    """Return a page's text as numbers, one for each run of words."""
    text = " ".join(block.text for block in page.blocks.blocks).casefold()
    is_chinese = language.startswith("zh")
    parts = [char for char in text if char.isalnum()] if is_chinese else WORD.findall(text)
    size = CHARACTERS if is_chinese else WORDS
    numbers = [crc32(part.encode("utf-8", "surrogatepass")) for part in parts]
    # Tuples of numbers have the same hash in every process; texts have not.
    return frozenset(map(hash, zip(*(numbers[i:] for i in range(size)), strict=False)))


def _likeness(one: frozenset[int], other: frozenset[int]) -> float:
    both = len(one & other)
    return both / (len(one) + len(other) - both)


def _finding(page: CheckedPage, other: CheckedPage, likeness: float) -> Finding:
    return Finding(
        rule="near-duplicate",
        file=page.file,
        line=page.start + 1,
        what=f"it says nearly the same as {other.source}",
        why=f"{likeness:.0%} of their words are the same; readers find both, and one of them will be forgotten",
        cure="Make one article of both, or say in one only what is different and link to the other",
        level=Level.WARNING,
    )
