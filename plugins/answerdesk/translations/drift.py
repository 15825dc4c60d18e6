"""Compare a source with what a translation was made from, and say what of the translation is no longer true.

1. Each recorded section finds its source section: first one that has not changed, then one that shares most blocks,
   then one whose blocks are alike, then the one that stands in its place.
2. Inside a pair that differs, each block is compared with what became of it (see `align`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from answerdesk.translations.align import align, kinship
from answerdesk.translations.sections import key_of

Hashes = tuple[str, ...]  # of the blocks of a section; none: the translation's own section, which has no source


class DriftState(StrEnum):
    """How a translation stands to its source."""

    CURRENT = "current"
    DRIFTED = "drifted"
    MISSING = "missing"
    UNKNOWN = "unknown"  # nobody recorded what it was made from


class Change(StrEnum):
    """What became of a block of the source."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"  # from here
    ARRIVED = "arrived"  # it moved here

    @property
    def is_between(self) -> bool:
        """Tell whether it concerns no block of the translation, but the place behind one."""
        return self in (Change.ADDED, Change.ARRIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A change at a block of a translated section; what was added or moved there comes after it.

    `source` numbers today's blocks.
    """

    change: Change
    at: int
    source: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionDrift:
    """A translated section that is no longer true. Without marks it is not known where, so all of it is meant.

    `source` is None if the source has the section no more.
    """

    section: int
    source: int | None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSection:
    """A section of the source that the translation lacks; it comes after the translated section `after`."""

    source: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """All that changed in a source since it was translated."""

    sections: tuple[SectionDrift, ...] = ()
    new: tuple[NewSection, ...] = ()

    @property
    def state(self) -> DriftState:
        """Return whether anything changed."""
        return DriftState.DRIFTED if self.sections or self.new else DriftState.CURRENT

    @property
    def size(self) -> int:
        """Return how many sections are concerned."""
        return len(self.sections) + len(self.new)


def keys_of(sections: Sequence[Hashes]) -> tuple[Hashes, ...]:
    """Return what of sections tells whether they have changed."""
    return tuple(tuple(key_of(block) for block in hashes) for hashes in sections)


def find_drift(source: Sequence[Hashes], recorded: Sequence[Hashes], counts: Sequence[int]) -> Drift:
    """Return what changed in the source since its translation, whose sections have `counts` blocks, was recorded."""
    keys, recorded_keys = keys_of(source), keys_of(recorded)
    if keys == recorded_keys:
        return Drift()
    partners = match_sections(source, recorded)
    is_placed = len(recorded) == len(counts)  # else nobody knows which section of the translation is which
    changed = [
        _section_drift(number, partner, source, hashes, counts[number] if is_placed else 0)
        for number, (hashes, partner) in enumerate(zip(recorded, partners, strict=True))
        if hashes and (partner is None or keys[partner] != recorded_keys[number])
    ]
    lacking = [number for number in range(len(source)) if number not in partners]
    if not is_placed:
        lacking = sorted({*lacking, *(drift.source for drift in changed if drift.source is not None)})
        return Drift(new=tuple(NewSection(source=number, after=max(len(counts) - 1, 0)) for number in lacking))
    new = tuple(NewSection(source=number, after=_place(number, partners)) for number in lacking)
    return Drift(sections=tuple(changed), new=new)


def match_sections(source: Sequence[Hashes], recorded: Sequence[Hashes]) -> list[int | None]:
    """Return for each recorded section the number of its section in today's source, if there is one."""
    keys, recorded_keys = keys_of(source), keys_of(recorded)
    partners: list[int | None] = [None] * len(recorded)
    free = dict.fromkeys(range(len(source)))
    open_ = [number for number, hashes in enumerate(recorded) if hashes]

    def pair(number: int, partner: int) -> None:
        partners[number] = partner
        free.pop(partner)
        open_.remove(number)

    if recorded and recorded[0] and source:
        pair(0, 0)  # title and summary begin every article
    for number in list(open_):
        if (same := next((other for other in free if keys[other] == recorded_keys[number]), None)) is not None:
            pair(number, same)
    likeness = {
        (number, other): like
        for number in open_
        for other in free
        if (like := _likeness(recorded[number], source[other]))
    }
    for number, other in sorted(likeness, key=lambda both: (-likeness[both], both)):
        if number in open_ and other in free:
            pair(number, other)
    names = [-1 - number if partner is None else partner for number, partner in enumerate(partners)]
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, names, range(len(source)), autojunk=False).get_opcodes():
        left = [number for number in range(a1, a2) if number in open_]
        right = [number for number in range(b1, b2) if number in free]
        for number, other in zip(left, right, strict=False) if tag == "replace" else ():
            pair(number, other)
    return partners


def _likeness(recorded: Hashes, source: Hashes) -> float:
    """Return how many blocks two sections share; of those that share none, how much is alike in all: less than one."""
    shared = (Counter(map(key_of, recorded)) & Counter(map(key_of, source))).total()
    return shared or kinship(recorded, source) / 2


def _section_drift(
    number: int, partner: int | None, source: Sequence[Hashes], recorded: Hashes, count: int
) -> SectionDrift:
    if partner is None or count != len(recorded):
        return SectionDrift(section=number, source=partner)
    return SectionDrift(section=number, source=partner, marks=tuple(_marks(recorded, source[partner])))


def _marks(before: Hashes, now: Hashes) -> list[Mark]:
    pairs, moves = align(before, now)
    arrived = set(moves.values())
    marks: list[Mark] = []
    for pair in pairs:
        if pair.now is None:
            change = Change.MOVED if pair.before in moves else Change.REMOVED
            marks.append(Mark(change=change, at=pair.before or 0))
        elif pair.before is not None:
            marks.append(Mark(change=Change.CHANGED, at=pair.before, source=(pair.now,)))
        else:
            change = Change.ARRIVED if pair.now in arrived else Change.ADDED
            last = marks.pop() if marks and (marks[-1].change, marks[-1].at) == (change, pair.behind) else None
            source = (*last.source, pair.now) if last else (pair.now,)
            marks.append(Mark(change=change, at=pair.behind, source=source))
    return marks


def _place(number: int, partners: Sequence[int | None]) -> int:
    """Return after which translated section a new one belongs: the one whose source comes before it."""
    earlier = [(partner, at) for at, partner in enumerate(partners) if partner is not None and partner < number]
    return max(earlier)[1] if earlier else 0
