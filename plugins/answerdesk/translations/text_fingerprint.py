"""A similarity hash of a text: a few digits that change little when some words change.

A hash tells that two texts differ, and not whether one was made from the other. Of the runs of three letters of a text,
sorted by chance into PLACES groups, the sketch keeps a digit for the least of each; of texts that share most runs, most
digits are the same (minhash in one permutation).
"""

from zlib import crc32

PLACES = 12
EMPTY = "0"  # no run fell into the group


def sketch(text: str) -> str:
    """Return a text's sketch; how it is wrapped and capital letters make no difference."""
    plain = f" {' '.join(text.casefold().split())} "
    least: dict[int, int] = {}
    for start in range(max(1, len(plain) - 2)):
        rank, place = divmod(crc32(plain[start : start + 3].encode("utf-8", "surrogatepass")), PLACES)
        least[place] = min(rank, least.get(place, rank))
    return "".join(f"{1 + least[place] % 15:x}" if place in least else EMPTY for place in range(PLACES))


def likeness(one: str, other: str) -> float:
    """Return how much of two texts is the same, by their sketches: 0 for nothing, 1 for all of it."""
    pairs = [pair for pair in zip(one, other, strict=False) if pair != (EMPTY, EMPTY)]
    return sum(left == right for left, right in pairs) / len(pairs) if pairs else 0.0
