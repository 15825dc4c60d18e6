"""Rules `long-sentence` and `hard-to-read`: sentences and articles that readers of a language cannot follow at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from answerdesk.checks.reading.content import Content
from answerdesk.checks.reading.page import CheckedPage
from answerdesk.checks.reading.sentences import WORD, length, prose, sentences
from answerdesk.checks.report.finding import Finding, Level

# The longest sentence, in words (in characters for Chinese). Style guides ask for far less (GOV.UK: 25 words;
# plainlanguage.gov: 20 on average; 中文 40 to 50 characters); these are where nearly everybody reads twice.
MAX_SENTENCE_LENGTH = {"en": 50, "tr": 35, "ar": 50, "ko": 35, "zh-Hans": 120, "zh-Hant": 120}
# The highest mean length of an article's sentences, where no formula is used.
MEAN = {"ar": 30, "ko": 18, "zh-Hans": 60, "zh-Hant": 60}
HARDEST_LIX = 60  # C. H. Björnsson, Läsbarhet (1968): from 60 on “very difficult”, the language of laws
HARDEST_ATESMAN = 30  # E. Ateşman, Türkçede okunabilirliğin ölçülmesi (1997): below 30 “very difficult”
FEWEST = 10  # sentences; a formula says nothing of fewer
LONG_WORD = 6  # letters; LIX counts longer ones
WHOLE = re.compile(r"[.!?。！？؟][\"'”’»)\]）」』]*\Z")
VOWELS = re.compile("[aeıioöuüâîû]")
NAME = re.compile(r"[…/_@\d]|[a-z][A-Z]|[A-Z]{2}")  # what is code, an address or a name, and no word


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How hard a text is to read: what was measured, in words, and whether it is too hard."""

    text: str
    is_hard: bool


def check_sentences(content: Content) -> Iterator[Finding]:
    """Yield a finding for each sentence that is much too long."""
    for page in content.pages:
        longest = MAX_SENTENCE_LENGTH.get(page.language)
        if longest is None:
            continue
        unit = "characters" if page.language.startswith("zh") else "words"
        for line, text in prose(page):
            for place, sentence in sentences(text):
                size = length(sentence, page.language)
                if size > longest and not _is_list(sentence, size, page.language):
                    yield Finding(
                        rule="long-sentence",
                        file=page.file,
                        line=line + text.count("\n", 0, place),
                        what=f"the sentence “{_start(sentence)}…” has {size} {unit}",
                        why="Style guides ask for half of that at most; readers have lost the beginning",
                        cure="Make two or three of it, or a list",
                        level=Level.WARNING,
                    )


def check_reading(content: Content) -> Iterator[Finding]:
    """Yield a finding for each article that is very hard to read as a whole."""
    for page in content.articles:
        score = score_of(page)
        if score and score.is_hard:
            yield Finding(
                rule="hard-to-read",
                file=page.file,
                line=page.start + 1,
                what="the text is very hard to read",
                why=f"{score.text}; people in trouble do not read it to the end",
                cure="Write shorter sentences and everyday words; put what to do before why",
                level=Level.WARNING,
            )


def score_of(page: CheckedPage) -> Score | None:
    """Return how hard a page is to read, or None if it is too short to say."""
    texts = [block.prose for block in page.blocks.blocks if block.kind == "paragraph"]
    found = [sentence for text in texts for _, sentence in sentences(text) if WHOLE.search(sentence)]
    if len(found) < FEWEST:
        return None
    mean = sum(length(sentence, page.language) for sentence in found) / len(found)
    words = [word for sentence in found for word in WORD.findall(sentence) if not NAME.search(word)]
    if page.language == "en" and words:
        lix = mean + 100 * sum(len(word) > LONG_WORD for word in words) / len(words)
        return Score(text=f"Its LIX is {lix:.0f}, and {HARDEST_LIX} is very difficult", is_hard=lix >= HARDEST_LIX)
    if page.language == "tr" and words:
        syllables = sum(len(VOWELS.findall(word.replace("I", "ı").lower())) for word in words) / len(words)
        ease = 198.825 - 40.175 * syllables - 2.610 * mean
        text = f"Ateşman's formula gives {ease:.0f}, and less than {HARDEST_ATESMAN} is very difficult"
        return Score(text=text, is_hard=ease < HARDEST_ATESMAN)
    if page.language in MEAN:
        most = MEAN[page.language]
        unit = "characters" if page.language.startswith("zh") else "words"
        text = f"Its sentences have {mean:.0f} {unit} on average, and {most} is very difficult"
        return Score(text=text, is_hard=mean >= most)
    return None


def _start(sentence: str) -> str:
    words = " ".join(sentence.split())
    return words[:40].rstrip()


def _is_list(sentence: str, size: int, language: str) -> bool:
    """Tell whether most of a sentence is things named one after the other; readers pass over those at once."""
    marks = len(re.findall("[,،、;:；：|]" if not language.startswith("zh") else "[、；;|]", sentence))
    return marks * (12 if language.startswith("zh") else 6) > size
