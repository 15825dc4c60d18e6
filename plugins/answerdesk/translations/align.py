"""Find for each block of a source what became of it: kept, changed, gone, moved; and which blocks are new.

1. Blocks stay in their order that are the same, or have most in common by their sketches, all of them together: a step
   that is put in before a changed one does not take its place.
2. Of the others, one that is the same in another place has moved.
3. What is left between blocks of 1 pairs by its order: a step that was written anew from the first word to the last.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from answerdesk.translations.sections import key_of, sketch_of
from answerdesk.translations.text_fingerprint import likeness

ALIKE = 0.3  # of two blocks; others have so much in common by chance
SAME = 1.5  # counts for more than any likeness
MAX_PAIRS = 10_000  # pairs that are looked at; in more, nothing is known again but what is the same

Moves = dict[int, int]  # number before → now


class Pair(NamedTuple):
    """A block before and now, by number; None where there is none. A new one stands behind the block `behind`."""

    before: int | None
    now: int | None
    behind: int = 0


def align(before: Sequence[str], now: Sequence[str]) -> tuple[list[Pair], Moves]:
    """Return the blocks of a section that are not as they were, from above to below, and those that only moved."""
    keys, new_keys = [key_of(block) for block in before], [key_of(block) for block in now]
    anchors = _alike(before, now) if len(keys) * len(new_keys) <= MAX_PAIRS else _same(keys, new_keys)
    moves = _moves(dict(anchors), keys, new_keys)
    pairs: list[Pair] = []
    start = new_start = 0
    for number, partner in [*anchors, (len(keys), len(new_keys))]:
        pairs += _between(range(start, number), range(new_start, partner), moves)
        if number < len(keys) and keys[number] != new_keys[partner]:
            pairs.append(Pair(number, partner))
        start, new_start = number + 1, partner + 1
    return pairs, moves


def kinship(before: Sequence[str], now: Sequence[str]) -> float:
    """Return how much of two sections is alike, block by block in their order: 0 to 1; 0 if it may be chance."""
    if not before or not now or len(before) * len(now) > MAX_PAIRS:
        return 0.0
    gained = sum(min(1.0, _gain(before[one], now[other])) for one, other in _alike(before, now))
    kin = gained / max(len(before), len(now))
    return kin if kin >= ALIKE else 0.0


def _moves(anchors: Mapping[int, int], keys: Sequence[str], new_keys: Sequence[str]) -> Moves:
    taken = set(anchors.values())
    waiting: dict[str, list[int]] = {}
    for number, key in enumerate(new_keys):
        if number not in taken:
            waiting.setdefault(key, []).append(number)
    moved = (number for number in range(len(keys)) if number not in anchors)
    return {number: waiting[keys[number]].pop(0) for number in moved if waiting.get(keys[number])}


def _between(old: range, new: range, moves: Moves) -> Iterator[Pair]:
    """Yield what became of a stretch in which nothing is known again."""
    arrived = set(moves.values())
    left, right = [n for n in old if n not in moves], [n for n in new if n not in arrived]
    partners = dict(zip(left, right, strict=False))
    made, behind = new.start, max(old.start - 1, 0)
    for number in old:
        if number in partners:
            yield from (Pair(None, other, behind) for other in range(made, partners[number]))
            made = partners[number] + 1
        yield Pair(number, partners.get(number))
        behind = number
    yield from (Pair(None, other, behind) for other in range(made, new.stop))


def _same(keys: Sequence[str], new_keys: Sequence[str]) -> list[tuple[int, int]]:
    blocks = SequenceMatcher(None, keys, new_keys, autojunk=False).get_matching_blocks()
    return [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]


def _alike(before: Sequence[str], now: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of blocks, in their order, that have most in common together."""
    gains = [[_gain(one, other) for other in now] for one in before]
    best = [[0.0] * (len(now) + 1) for _ in range(len(before) + 1)]  # of what is left from a pair on
    for i in reversed(range(len(before))):
        for j in reversed(range(len(now))):
            paired = gains[i][j] + best[i + 1][j + 1] if gains[i][j] else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(before) and j < len(now):
        if gains[i][j] and best[i][j] == gains[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _gain(one: str, other: str) -> float:
    if key_of(one) == key_of(other):
        return SAME
    alike = likeness(sketch_of(one), sketch_of(other))
    return alike if alike >= ALIKE else 0.0
