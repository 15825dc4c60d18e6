"""Choose the section of an article that answers a query best, and cut its words around the matches.

`runtime/excerpt.js` is the twin: same section, same pieces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from answerdesk.search.analyse import Analyser, Token
from answerdesk.search.constants import ELLIPSIS, EXCERPT_COLUMNS, EXCERPT_LEAD_COLUMNS, MAX_EXCERPT_MATCHES
from answerdesk.search.documents import Document

Piece = tuple[str, bool]
Hit = tuple[int, int, str]  # start, end, term


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Pieces of text, each with whether it is to be marked, and the anchor to open the article at ("" for its top)."""

    pieces: tuple[Piece, ...]
    anchor: str


def cut_excerpt(article: Document, analyser: Analyser, values: Mapping[str, int]) -> Excerpt:
    """Cut the excerpt of an article for a query, given as term → value."""
    best_value, best_text, best_hits, anchor = 0, article.summary, find_hits(article.summary, analyser, values), ""
    for section in article.sections:
        hits = find_hits(section.text, analyser, values)
        in_heading = {term for *_, term in find_hits(section.heading, analyser, values)}
        heading_value = sum(values[term] for term in in_heading)
        value = sum(values[term] for term in in_heading | {term for *_, term in hits})
        if value > best_value:
            best_value, best_text, best_hits = value, section.text or section.heading, hits
            anchor = section.anchor if 2 * heading_value >= sum(values.values()) else ""
    return Excerpt(pieces=tuple(_cut(best_text, best_hits, values)), anchor=anchor)


def find_hits(text: str, analyser: Analyser, values: Mapping[str, int]) -> list[Hit]:
    """Return the places of a text whose main term is asked for."""
    return [_hit(token) for token in analyser.tokens(text) if token.terms[0][0] in values]


def mark(text: str, hits: Sequence[Hit]) -> list[Piece]:
    """Split a text into pieces, marked and not; touching and overlapping hits become one."""
    pieces: list[Piece] = []
    at = 0
    for start, end, _ in hits:
        if start > at:
            pieces.append((text[at:start], False))
        if end > at:
            first = max(start, at)
            touches = bool(pieces) and pieces[-1][1] and first == at
            pieces[-1:] = (
                [(pieces[-1][0] + text[first:end], True)] if touches else [*pieces[-1:], (text[first:end], True)]
            )
            at = end
    if at < len(text):
        pieces.append((text[at:], False))
    return pieces


def _hit(token: Token) -> Hit:
    return token.start, token.end, token.terms[0][0]


def _cut(text: str, hits: Sequence[Hit], values: Mapping[str, int]) -> list[Piece]:
    start = _back(text, _densest(text, hits, values))
    end = _forward(text, start)
    inside = [(max(s, start) - start, min(e, end) - start, term) for s, e, term in hits if s < end and e > start]
    pieces = mark(text[start:end], inside)
    before: list[Piece] = [(ELLIPSIS, False)] if start > 0 else []
    after: list[Piece] = [(ELLIPSIS, False)] if end < len(text) else []
    return [*before, *pieces, *after]


def _densest(text: str, hits: Sequence[Hit], values: Mapping[str, int]) -> int:
    """Return where the window begins that holds the most of the query: the first of the best."""
    best_value, best_start = 0, 0
    for i, (start, *_) in enumerate(hits[:MAX_EXCERPT_MATCHES]):
        end = _forward(text, start)
        value = sum(values[term] for term in {term for s, _, term in hits[i:] if s < end})
        if value > best_value:
            best_value, best_start = value, start
    return best_start


def _back(text: str, at: int) -> int:
    """Step back from a match for some context, to the beginning of a word or line."""
    first, columns = at, 0
    while first > 0 and columns < EXCERPT_LEAD_COLUMNS and text[first - 1] != "\n":
        first -= 1
        columns += _columns(text[first])
    if first == 0 or text[first - 1] == "\n":
        return first
    space = text.find(" ", first, at)
    return space + 1 if space >= 0 else first


def _forward(text: str, start: int) -> int:
    """Return where a window of the full width ends, at the end of a word if it can."""
    end, columns = start, 0
    while end < len(text) and columns < EXCERPT_COLUMNS:
        columns += _columns(text[end])
        end += 1
    space = text.rfind(" ", start, end)
    return space if end < len(text) and space > start + (end - start) // 2 else end


def _columns(char: str) -> int:
    return 2 if "\u1100" <= char <= "\uffdc" else 1
