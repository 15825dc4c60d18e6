"""Cut an index into its parts, and read them back: shards of terms, blocks of articles, the head that knows them all.

`docs/search-index.md` specifies every byte; `runtime/shards.js` is the twin that reads.
"""

import json
import zlib
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, overload

from answerdesk.search.binary_codec import (
    Postings,
    Reader,
    gaps,
    pack_postings,
    prefixed,
    shared_start,
    varint,
    varints,
)
from answerdesk.search.constants import INDEX_FORMAT
from answerdesk.search.documents import Document, Section
from answerdesk.search.index import Index, Term, Word, code_units

SHARD = 3_000  # bytes of a shard of terms before compression, about; it may end at a term from half of that
BLOCK = 3_000  # bytes of a block of articles before compression, about
CUT = 8  # one term in so many may end a shard, by its checksum: so a changed article moves few ends


class Packed(Sequence[bytes]):
    """Parts of one kind, each packed when it is asked for: all at once they would fill the memory a second time."""

    def __init__(self, pieces: Sequence[Sequence[Any]], pack: Callable[[Any], bytes]) -> None:
        self._pack = pack
        self.pieces = pieces
        """What goes into each part; the same objects always make the same part."""

    def __len__(self) -> int:
        return len(self.pieces)

    @overload
    def __getitem__(self, at: int) -> bytes: ...
    @overload
    def __getitem__(self, at: slice) -> list[bytes]: ...
    def __getitem__(self, at: int | slice) -> bytes | list[bytes]:
        return self._pack(self.pieces[at]) if isinstance(at, int) else [self._pack(one) for one in self.pieces[at]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """An index as bytes: the head without the names of the others, shards of terms, blocks of articles, facets."""

    head: dict[str, Any]
    terms: Packed
    texts: Packed
    facets: bytes


def cut_index(index: Index) -> Parts:
    """Cut an index into its parts."""
    shards = list(_cut_terms(index.terms))
    each = _articles_a_block(index.documents)
    blocks = [(at, *index.documents[at : at + each]) for at in range(0, len(index.documents), each)]
    facets = _facets(index.documents)
    head = {
        "format": INDEX_FORMAT,
        "language": index.language,
        "articles": len(index.documents),
        "analysis": index.analysis,
        "rarities": gaps(index.rarities[::-1]),
        "impacts": gaps(index.impacts),
        "coverage": gaps(index.coverage),
        "words": _front_coded([word.spelling for word in index.words]),
        "frequencies": "".join(chr(48 + word.articles.bit_length() - 1) for word in index.words),
        "synonyms": [[s.typed] if s.typed == s.found else [s.typed, s.found] for s in index.synonyms],
        "starts": _front_coded(_separators(shards)),
        "each": each,
        "hasFacets": bool(facets),
    }
    return Parts(
        head=head,
        terms=Packed(shards, _pack_shard),
        texts=Packed(blocks, _pack_block),
        facets=dump(facets),
    )


def read_shard(data: bytes) -> dict[str, Term]:
    """Read the terms of a shard.

    Raises:
        ValueError: it is no shard, or cut off.
    """
    reader = Reader(data)
    count = reader.varint()
    keys: list[bytes] = []
    for _ in range(count):
        shared = reader.varint()
        keys.append((keys[-1][:shared] if keys else b"") + reader.bytes(reader.varint()))
    spellings = []
    for key in keys:
        shared = reader.varint()
        spellings.append((key[: shared - 1] + reader.bytes(reader.varint()) if shared else key).decode())
    articles = reader.varints(count)
    lengths = reader.varints(count)
    lists = [reader.varints(length) for length in lengths]
    terms = {}
    for key, spelling, number, numbers in zip(keys, spellings, articles, lists, strict=True):
        levels = reader.bytes(len(numbers))
        postings = tuple(zip(sums(numbers), levels, strict=True))
        terms[key.decode()] = Term(name=key.decode(), spelling=spelling, articles=number, postings=postings)
    reader.bytes(reader.varint())  # what later versions add
    if not reader.is_done:
        raise ValueError("there is more than a shard")
    return terms


def read_words(head: Mapping[str, Any], fold: Any) -> list[Word]:
    """Read the dictionary of a head; `fold` returns a spelling as it is matched."""
    spellings = unfold_front(head["words"])
    return [
        Word(form=fold(spelling), spelling=spelling, articles=1 << (ord(size) - 48))
        for spelling, size in zip(spellings, head["frequencies"], strict=True)
    ]


def read_block(data: bytes, first: int) -> list[Document]:
    """Read the articles of a block that begins with the article `first`.

    Raises:
        ValueError: it is no block, or another one.
    """
    try:
        number, *rows = load(data)
        if number != first:
            raise ValueError(f"a block that begins with {number}")
        return [
            Document(
                url=url, id=id, title=title, summary=summary, breadcrumb=tuple(breadcrumb),
                sections=tuple(Section(heading=h, anchor=a, text=t) for h, a, t, *_ in sections),
            )
            for url, id, title, summary, breadcrumb, sections, *_ in rows
        ]  # fmt: skip
    except (TypeError, AttributeError) as error:
        raise ValueError("no articles") from error


def shard_of(term: str, starts: Sequence[bytes]) -> int:
    """Return the number of the shard that would have a term; `starts` are the shards' first terms as code units."""
    return max(bisect_right(starts, code_units(term)) - 1, 0)


def sums(numbers: Sequence[int]) -> list[int]:
    """Return the numbers whose gaps these are."""
    total, found = 0, []
    for number in numbers:
        total += number
        found.append(total)
    return found


def unfold_front(text: str) -> list[str]:
    """Return the strings of a front-coded list."""
    found: list[str] = []
    for line in text.split("\n") if text else []:
        found.append((found[-1] if found else "")[: ord(line[0]) - 48] + line[1:])
    return found


def dump(value: object) -> bytes:
    """Return JSON without white space; halves of surrogate pairs, which are no text, become question marks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def load(data: bytes) -> Any:
    """Read JSON."""
    return json.loads(data.decode())


def _cut_terms(terms: Mapping[str, Term]) -> Iterator[list[Term]]:
    shard: list[Term] = []
    size = 0
    for name, term in terms.items():
        extra = len(name) + 4 + 2 * len(term.postings)
        may_end = size >= SHARD // 2 and zlib.crc32(code_units(name)) % CUT == 0
        if shard and (may_end or size + extra > SHARD):
            yield shard
            shard, size = [], 0
        shard.append(term)
        size += extra
    yield shard


def _separators(shards: Sequence[Sequence[Term]]) -> list[str]:
    """Return for each shard the shortest string that its terms do not precede and those before it do."""
    found = [""]
    for before, shard in pairwise(shards):
        name = shard[0].name
        found.append(name[: shared_start(before[-1].name, name) + 1])
    return found


def _pack_shard(terms: Sequence[Term]) -> bytes:
    keys = [term.name.encode() for term in terms]
    out = [varint(len(terms))]
    for before, key in zip([b"", *keys], keys, strict=False):
        shared = shared_start(before, key)
        out += (varint(shared), prefixed(key[shared:]))
    for key, term in zip(keys, terms, strict=True):
        if term.spelling == term.name:
            out.append(varint(0))
        else:
            spelling = term.spelling.encode()
            shared = shared_start(key, spelling)
            out += [varint(shared + 1), prefixed(spelling[shared:])]
    out.append(varints(term.articles for term in terms))
    out.append(varints(len(term.postings) for term in terms))
    lists = [_packed(term.postings) for term in terms]
    out += (postings.gaps for postings in lists)
    out += (postings.levels for postings in lists)
    out.append(varint(0))
    return b"".join(out)


def _packed(postings: Collection[tuple[int, int]]) -> Postings:
    if isinstance(postings, Postings):
        return postings
    return pack_postings([article for article, _ in postings], (level for _, level in postings))


def _pack_block(block: tuple[Any, ...]) -> bytes:
    first, *documents = block
    return dump([first, *(_row(document) for document in documents)])


def _articles_a_block(documents: Sequence[Document]) -> int:
    size = sum(len(dump(_row(document))) for document in documents[:: max(1, len(documents) // 500)])
    sampled = len(documents[:: max(1, len(documents) // 500)])
    return max(1, min(64, round(BLOCK * sampled / size))) if size else 1


def _row(document: Document) -> list[Any]:
    sections = [[section.heading, section.anchor, section.text] for section in document.sections]
    id = "" if document.id == document.url else document.id
    return [document.url, id, document.title, document.summary, document.breadcrumb, sections]


def _facets(documents: Sequence[Document]) -> dict[str, list[tuple[str, list[int]]]]:
    """Return name of the facet → (value, articles as gaps) in the order of the first article that has it."""
    facets: dict[str, dict[str, list[int]]] = {}
    for number, document in enumerate(documents):
        rows = [("category", value) for value in document.breadcrumb[:1]]
        rows += [("appliesTo", value) for value in document.applies_to]
        for facet, value in rows:
            facets.setdefault(facet, {}).setdefault(value, []).append(number)
    return {facet: [(value, gaps(numbers)) for value, numbers in rows.items()] for facet, rows in facets.items()}


def _front_coded(strings: Sequence[str]) -> str:
    """Return strings a line each, without what they share with the line before: its length is the first character."""
    lines = []
    for before, string in zip(["", *strings], strings, strict=False):
        shared = min(shared_start(before, string), 78)
        lines.append(chr(48 + shared) + string[shared:])
    return "\n".join(lines)
