"""The parts of an index: what is cut and packed is read again, by both readers, and nothing else is."""

import base64
import json
from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerdesk.search import Document, Section, shards
from answerdesk.search.binary_codec import prefixed, shared_start
from answerdesk.search.index import Index, Term, Word, code_units
from answerdesk.search.shards import Parts, cut_index, dump, read_block, read_shard, read_words, shard_of, unfold_front

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9)
likely = st.text("abcß한비网𠮷", min_size=1, max_size=9)  # much in common at the beginning, one to four bytes a letter
postings = st.dictionaries(st.integers(0, 10**6), st.integers(0, 99), min_size=1, max_size=9)
READ = """
  const { readShard, unfoldFront, shardOf, readWords } = await load("shards");
  const bytes = (packed) => Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const row = ({ name, spelling, articles, postings, levels }) =>
    [name, spelling, articles, [...postings], [...levels]];
  const starts = unfoldFront(argument.starts);
  const read = (packed) =>
    [...readShard(bytes(packed)).entries()].map(([name, term]) => (name === term.name ? row(term) : name));
  return {
    shards: argument.shards.map((packed) => { try { return read(packed); } catch (error) { return error.name; } }),
    places: argument.names.map((name) => shardOf(name, starts)),
    words: readWords(argument, (text) => text).map(({ form, spelling, articles }) => [form, spelling, articles]),
  };
"""


@st.composite
def indexes(draw: st.DrawFn) -> Index:
    found = sorted(draw(st.sets(st.one_of(names, likely), max_size=60)), key=code_units)
    terms = {}
    for name in found:
        rows = tuple(sorted(draw(postings).items()))
        spelling = draw(st.one_of(st.just(name), names))
        terms[name] = Term(name=name, spelling=spelling, articles=draw(st.integers(1, 10**6)), postings=rows)
    spellings = [name for name in found if "\n" not in name]
    words = tuple(Word(form=name, spelling=name, articles=terms[name].articles) for name in spellings)
    return Index(language="en", analysis={}, documents=(), terms=terms, words=words)


def read_all(parts: Parts) -> dict[str, Term]:
    return {name: term for shard in parts.terms for name, term in read_shard(shard).items()}


def index_of(found: Sequence[str]) -> Index:
    terms = {
        name: Term(name=name, spelling=name, articles=1, postings=((0, 7),)) for name in sorted(found, key=code_units)
    }
    return Index(language="en", analysis={}, documents=(), terms=terms)


def ascii_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def ask(laboratory, parts: Parts, found: Sequence[str] = (), packed: Sequence[bytes] | None = None) -> dict:
    data = [ascii_of(shard) for shard in (parts.terms if packed is None else packed)]
    return laboratory.run(READ, {**parts.head, "shards": data, "names": list(found)})


@given(indexes())
def test_terms_come_out_as_they_went_in(index: Index) -> None:
    assert read_all(cut_index(index)) == index.terms


@given(indexes())
def test_words_come_out_with_about_the_number_of_their_articles(index: Index) -> None:
    read = read_words(cut_index(index).head, fold=lambda spelling: spelling)
    assert [word.spelling for word in read] == [word.spelling for word in index.words]
    assert all(one.articles <= word.articles < 2 * one.articles for one, word in zip(read, index.words, strict=True))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(index=indexes())
def test_javascript_reads_the_same_terms_and_words(laboratory, index: Index) -> None:
    parts = cut_index(index)
    found = ask(laboratory, parts, list(index.terms))
    rows = [
        [t.name, t.spelling, t.articles, [a for a, _ in t.postings], [level for _, level in t.postings]]
        for t in read_all(parts).values()
    ]
    assert [row for shard in found["shards"] for row in shard] == rows
    words = read_words(parts.head, fold=lambda spelling: spelling)
    assert found["words"] == [[word.form, word.spelling, word.articles] for word in words]


@pytest.fixture
def tiny_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "SHARD", 200)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.sets(st.one_of(names, likely), min_size=30, max_size=120))
def test_every_term_lies_in_the_shard_that_the_separators_name(tiny_shards, found: set[str]) -> None:
    parts = cut_index(index_of(list(found)))
    starts = [code_units(start) for start in unfold_front(parts.head["starts"])]
    assert len(starts) == len(parts.terms)
    for number, shard in enumerate(parts.terms):
        assert {shard_of(name, starts) for name in read_shard(shard)} <= {number}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.sets(st.one_of(names, likely), min_size=30, max_size=120), others=st.lists(names, max_size=60))
def test_javascript_looks_in_the_same_shards(tiny_shards, laboratory, found: set[str], others: list[str]) -> None:
    parts = cut_index(index_of(list(found)))
    starts = [code_units(start) for start in unfold_front(parts.head["starts"])]
    asked = [*found, *others, ""]
    assert ask(laboratory, parts, asked)["places"] == [shard_of(name, starts) for name in asked]


def test_a_separator_is_no_longer_than_it_must_be(tiny_shards) -> None:
    parts = cut_index(index_of([f"password{number:03}extraordinary" for number in range(90)]))
    starts = unfold_front(parts.head["starts"])
    keys = [list(read_shard(shard)) for shard in parts.terms]
    assert starts[0] == ""
    for start, before, own in zip(starts[1:], keys[:-1], keys[1:], strict=True):
        assert len(start) == shared_start(before[-1], own[0]) + 1
        assert before[-1] < start <= own[0]


def test_a_shard_is_of_a_size_that_is_quickly_fetched() -> None:
    parts = cut_index(index_of([f"term{number * 7919 % 10007:05}" for number in range(9000)]))
    sizes = [len(shard) for shard in parts.terms]
    assert len(sizes) > 5
    assert max(sizes) <= shards.SHARD
    assert min(sizes[:-1]) > shards.SHARD // 10


def test_a_term_that_comes_or_goes_moves_few_ends_of_shards() -> None:
    found = [f"term{number * 7919 % 10007:05}" for number in range(9000)]
    before, after = (set(cut_index(index_of(each)).terms) for each in (found, [*found[1:], "new", "term03"]))
    assert len(before) > 10
    assert len(before - after) <= 5


@pytest.mark.parametrize("more", [b"x", b"what a later version adds" * 20])
def test_what_later_versions_add_to_a_shard_is_skipped(laboratory, more: bytes) -> None:
    parts = cut_index(index_of(["password", "printer"]))
    [shard] = parts.terms
    longer = shard[:-1] + prefixed(more)
    assert read_shard(longer) == read_shard(shard)
    found = ask(laboratory, parts, packed=[shard, longer])["shards"]
    assert found[0] == found[1] != []


def test_what_later_versions_add_to_an_article_is_skipped(laboratory) -> None:
    document = Document(url="a/", id="a", title="A", sections=(Section(heading="H", anchor="h", text="T"),))
    [[_, row]] = [json.loads(cut_index(Index(language="en", analysis={}, documents=(document,), terms={})).texts[0])]
    longer = dump([0, [*row[:5], [[*section, "later"] for section in row[5]], {"later": 1}]])
    assert read_block(longer, 0) == [document]
    script = 'const { readBlock } = await load("shards"); return readBlock(new TextEncoder().encode(argument), 0);'
    [found] = laboratory.run(script, longer.decode())
    assert found["sections"] == [{"heading": "H", "anchor": "h", "text": "T"}]


def test_a_shard_that_is_cut_off_anywhere_is_refused(laboratory) -> None:
    parts = cut_index(index_of(["password", "passwort", "비밀번호", "网络"]))
    [shard] = parts.terms
    for end in range(len(shard)):
        with pytest.raises(ValueError, match=r"cut off|utf-8|start byte|more than"):
            read_shard(shard[:end])
    found = ask(laboratory, parts, packed=[shard[:end] for end in range(len(shard))])["shards"]
    assert set(found) == {"RangeError"}


def test_a_shard_with_more_behind_it_is_refused(laboratory) -> None:
    parts = cut_index(index_of(["password"]))
    with pytest.raises(ValueError, match="there is more than a shard"):
        read_shard(parts.terms[0] + b"x")
    assert ask(laboratory, parts, packed=[parts.terms[0] + b"x"])["shards"] == ["RangeError"]


@given(st.binary(max_size=60))
def test_bytes_that_are_no_shard_are_refused_or_read_but_nothing_else_happens(data: bytes) -> None:
    with suppress(ValueError):
        assert isinstance(read_shard(data), dict)


anything = st.text(max_size=30)
sections = st.builds(Section, heading=anything, anchor=anything, text=anything)
documents = st.builds(
    Document, url=names, id=text, title=anything, summary=anything,
    breadcrumb=st.lists(text, max_size=2).map(tuple), sections=st.lists(sections, max_size=3).map(tuple),
)  # fmt: skip


def as_text(value: str) -> str:
    return value.encode("utf-8", "replace").decode()


@given(st.lists(documents, max_size=12))
def test_articles_come_out_as_they_went_in_but_halves_of_surrogate_pairs(found: list[Document]) -> None:
    parts = cut_index(Index(language="en", analysis={}, documents=tuple(found), terms={}))
    each = parts.head["each"]
    read = [document for number, block in enumerate(parts.texts) for document in read_block(block, number * each)]
    assert [(d.url, d.id or d.url) for d in read] == [(d.url, d.id or d.url) for d in found]
    assert [(d.title, d.summary, d.breadcrumb) for d in read] == [
        (as_text(d.title), as_text(d.summary), d.breadcrumb) for d in found
    ]
    assert [s.text for d in read for s in d.sections] == [as_text(s.text) for d in found for s in d.sections]


@pytest.mark.parametrize(
    "data", [b"", b"{", b"7", b"null", b"[8]", b"[7,7]", b'[7,["a"]]', b'["abcdef"]', b'{"a":1}', b"\xff"]
)
def test_bytes_that_are_no_block_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_block(data, 7)


def test_blocks_hold_many_short_articles_or_one_long_one() -> None:
    def each(length: int) -> int:
        long = tuple(Document(url=f"{i}/", sections=(Section(text="x" * length),)) for i in range(200))
        return cut_index(Index(language="en", analysis={}, documents=long, terms={})).head["each"]

    assert each(50) > 20
    assert each(50_000) == 1
