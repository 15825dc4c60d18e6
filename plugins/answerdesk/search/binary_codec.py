"""Bytes of an index: variable-length integers, compression, names that change with content.

`docs/search-index.md` specifies every byte; `runtime/pack.js` is the twin that reads.
"""

import gzip
import hashlib
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from operator import sub
from typing import TypeVar

from answerdesk.search.constants import GZIP_TRAILER_BYTES

T = TypeVar("T")


@lru_cache(1 << 14)
def varint(number: int) -> bytes:
    """Return a number from 0 up as LEB128: seven bits a byte, lowest first, the high bit says that more follow."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def varints(numbers: Iterable[int]) -> bytes:
    """Return numbers one after the other."""
    found = list(numbers)
    return bytes(found) if max(found, default=0) < 128 else b"".join(map(varint, found))


def prefixed(data: bytes) -> bytes:
    """Return bytes behind their number."""
    return varint(len(data)) + data


class Reader:
    """Takes values from the front of some bytes; `ValueError` when they end too early."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def varint(self) -> int:
        """Return the next number."""
        number, shift = 0, 0
        while True:
            if self._at >= len(self._data):
                raise ValueError("a number is cut off")
            byte = self._data[self._at]
            self._at += 1
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += 7

    def varints(self, count: int) -> list[int]:
        """Return the next numbers."""
        return [self.varint() for _ in range(count)]

    def bytes(self, length: int) -> bytes:
        """Return the next bytes."""
        if self._at + length > len(self._data):
            raise ValueError("a field is cut off")
        self._at += length
        return self._data[self._at - length : self._at]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self._at == len(self._data)


def gaps(numbers: Sequence[int]) -> list[int]:
    """Return ascending numbers as differences to the one before, the first to zero."""
    return [*numbers[:1], *map(sub, numbers[1:], numbers)]


@dataclass(slots=True)  # not frozen, since that is slow to read again, and there are many
class Postings(Collection[tuple[int, int]]):
    """Pairs of (article, level) as they are written: the articles' gaps as varints, the levels as bytes."""

    gaps: bytes
    levels: bytes

    def __reduce__(self) -> tuple[type["Postings"], tuple[bytes, bytes]]:
        return Postings, (self.gaps, self.levels)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(accumulate(_unpack(self.gaps)), self.levels, strict=True)

    def __len__(self) -> int:
        return len(self.levels)

    def __contains__(self, pair: object) -> bool:
        return any(pair == own for own in self)


def pack_postings(articles: Sequence[int], levels: Iterable[int]) -> Postings:
    """Pack articles, ascending, and their levels."""
    return Postings(varints(gaps(articles)), bytes(levels))


def _unpack(data: bytes) -> Iterator[int]:
    """Yield the numbers of which these bytes are the varints; many times quicker than a reader, which must not trust
    them."""
    number = shift = 0
    for byte in data:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield number
            number = shift = 0


def shared_start(one: Sequence[T], other: Sequence[T]) -> int:
    """Return how many elements two sequences have in common at their beginning."""
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length


def compress(data: bytes, level: int = 9) -> bytes:
    """Return a gzip file that depends on its content alone."""
    return gzip.compress(data, level, mtime=0)


def expand(data: bytes) -> bytes:
    """Return the content of a gzip file.

    Raises:
        ValueError: it is no gzip file, cut off or changed.
    """
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError("not what was compressed") from error


def name_of(files: Sequence[bytes]) -> str:
    """Return the name of a file or of a folder of files: for one file its CRC-32 as gzip states it, then of all the
    first eight digits of SHA-256. A reader compares the CRC with the file's end: another file is found out at once.
    """
    digest = hashlib.sha256(b"".join(files)).hexdigest()
    return checksum(files[0]) + digest[:8] if len(files) == 1 else digest[:16]


def checksum(data: bytes) -> str:
    """Return the CRC-32 that a gzip file states for its content, as eight hexadecimal digits."""
    return data[-GZIP_TRAILER_BYTES : -GZIP_TRAILER_BYTES // 2][::-1].hex()
