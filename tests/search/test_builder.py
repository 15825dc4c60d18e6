"""A builder's index is always that of a new builder with the same documents, whatever happened in between."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from answerdesk.search import Document, Section, build_index, builder, open_index, store, write_index
from answerdesk.search.analyse import Analyser, analysis_of
from answerdesk.search.bm25 import FIELDS, LEVELS, LOWEST, STEP, TITLE_RARITY
from answerdesk.search.builder import Builder, field_text
from answerdesk.search.index import Index, Synonym
from answerdesk.search.store import Writer

TEXTS = {
    "en": "the printer prints no page when printing over the network password reset sign-in VPN tunnel 0x80070005 café",
    "ko": "비밀번호를 바꾸세요 프린터가 인쇄하지 않아요 네트워크에 연결하려면 VPN을 켜세요 회의실 예약은 캘린더에서",
    "tr": "şifrenizi sıfırlayın yazıcı ağa bağlanmıyor İstanbul ofisinde kâğıt sıkıştı SIFRE sifre toplantı odası",
    "ar": "أعد تعيين كلمة المرور الطابعة لا تطبع إلى الشبكة إعادة الاتصال بالشبكة كلمه",
    "zh-Hans": "重置密码 打印机 無法 打印 网络连接 VPN 会议室 預約 邮箱已满",
}
SYNONYMS = [Synonym(typed=("printer", "şifre"), found=("VPN", "network"))]


def make(language: str, chance: random.Random, number: int) -> Document:
    words = TEXTS[language].split()

    def some(most: int) -> str:
        return " ".join(chance.choices(words, k=chance.randint(0, most)))

    return Document(
        url=f"{number}/", title=some(4), summary=some(8), breadcrumb=(some(1),), aliases=(some(3),), tags=(some(1),),
        prior=chance.randint(0, 8), sections=(Section(text=some(30)), Section(heading=some(3), text=some(30))),
    )  # fmt: skip


def change(document: Document, language: str, chance: random.Random) -> Document:
    other = make(language, chance, 0)
    kinds: list[Callable[[], Document]] = [
        lambda: replace(document, title=other.title),
        lambda: replace(document, sections=other.sections),
        lambda: replace(document, title=document.title.upper()),
        lambda: replace(document, sections=(*document.sections, Section(text="unheardof"))),
        lambda: replace(document, aliases=other.aliases, tags=other.tags, prior=other.prior),
        lambda: replace(other, url=document.url),
        lambda: Document(url=document.url),
        lambda: document,
    ]
    return chance.choice(kinds)()


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def built(documents: Sequence[Document], language: str = "en") -> Builder:
    made = Builder(language)
    for document in documents:
        made.add(document)
    return made


def assert_same(one: Index, other: Index) -> None:
    assert list(one.terms) == list(other.terms)
    assert one == other


@pytest.fixture
def in_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "ONE_FILE", 0)
    monkeypatch.setattr("answerdesk.search.shards.SHARD", 300)
    monkeypatch.setattr("answerdesk.search.shards.BLOCK", 600)


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("seed", range(2))
def test_an_index_kept_up_to_date_is_byte_for_byte_that_of_a_clean_build(
    language: str, seed: int, tmp_path: Path, in_shards
) -> None:
    chance = random.Random(seed)
    documents = [make(language, chance, number) for number in range(30)]
    kept = Builder(language, SYNONYMS)
    for document in documents:
        kept.add(document)
    writer = Writer(tmp_path / "kept")
    for step in range(15):
        at = chance.randrange(len(documents))
        if chance.random() < 0.1:
            kept.remove(documents.pop(at).url)
        elif chance.random() < 0.1:
            documents.append(make(language, chance, 100 + step))
            kept.put(documents[-1])
        else:
            documents[at] = change(documents[at], language, chance)
            kept.put(documents[at])
        if chance.random() < 0.3:
            continue  # several changes before the next index
        index = kept.index()
        assert_same(index, build_index(documents, language, SYNONYMS))
        writer.write(index)
        write_index(build_index(documents, language, SYNONYMS), tmp_path / "clean")
        assert files(tmp_path / "kept") == files(tmp_path / "clean")


def test_an_article_put_in_its_own_place_keeps_every_term_the_object_it_is() -> None:
    chance = random.Random(1)
    documents = [make("en", chance, number) for number in range(30)]
    kept = built(documents)
    before = kept.index()
    kept.put(replace(documents[3]))
    after = kept.index()
    assert all(term is before.terms[name] for name, term in after.terms.items())


def test_a_changed_word_makes_few_terms_anew() -> None:
    documents = [
        Document(url=f"{i}/", title=f"Number{i}", sections=(Section(text=f"word{i % 7} other{i % 5} text"),))
        for i in range(60)
    ]
    kept = built(documents)
    before = kept.index()
    kept.put(replace(documents[9], sections=(Section(text="word3 other4 text"),)))
    after = kept.index()
    anew = {name for name, term in after.terms.items() if term is not before.terms.get(name)}
    assert {"word2", "word3"} <= anew <= {"word2", "word3", "other4", "text", "word", "other"}


def test_an_unchanged_part_is_not_compressed_again(tmp_path: Path, in_shards, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [
        Document(url=f"{i}/", title=f"Number{i}", sections=(Section(text=f"word{i * 31 % 97} other{i % 45} text"),))
        for i in range(200)
    ]
    kept, writer = built(documents), Writer(tmp_path)
    writer.write(kept.index())
    compressed: list[bytes] = []
    compress = store.compress

    def note(data: bytes, level: int = 9) -> bytes:
        compressed.append(data)
        return compress(data, level)

    monkeypatch.setattr(store, "compress", note)
    writer.write(kept.index())
    unchanged = len(compressed)
    kept.put(replace(documents[9], sections=(Section(text=f"word{9 * 31 % 97} other{(9 + 1) % 45} text"),)))
    writer.write(kept.index())
    assert unchanged <= 3  # the head, the facets and the script
    assert unchanged < len(compressed) - unchanged < 12
    assert len(list(tmp_path.rglob("*.bin"))) > 40


def test_files_that_went_missing_are_written_again(tmp_path: Path, in_shards) -> None:
    kept, writer = built([make("en", random.Random(2), number) for number in range(40)]), Writer(tmp_path)
    writer.write(kept.index())
    before = files(tmp_path)
    for path in sorted(tmp_path.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    writer.write(kept.index())
    assert files(tmp_path) == before


def test_an_article_that_was_removed_is_not_found(tmp_path: Path) -> None:
    kept = built([Document(url="a/", title="Printer jam"), Document(url="b/", title="Printer ink")])
    kept.remove("a/")
    kept.remove("nowhere/")
    write_index(kept.index(), tmp_path)
    assert [result.url for result in open_index(tmp_path).search("printer").results] == ["b/"]
    assert "jam" not in kept.index().terms


def test_articles_at_one_url_stay_two_where_nobody_replaces_them() -> None:
    documents = [Document(url="a/", id="1", title="Printer"), Document(url="a/", id="2", title="Scanner")]
    assert build_index(documents, "en").documents == tuple(documents)


def test_the_order_of_articles_is_the_order_in_which_they_came() -> None:
    kept = built([Document(url=url, title="Printer") for url in ("b/", "a/")])
    kept.put(Document(url="c/", title="Printer"))
    kept.put(Document(url="b/", title="Scanner"))
    assert [document.url for document in kept.index().documents] == ["b/", "a/", "c/"]


def test_a_term_keeps_the_articles_in_which_it_counts_most(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [
        Document(url=f"{i}/", title="x", sections=(Section(text="printer " * (1 + i % 7) + "tray " * 9),))
        for i in range(60)
    ]
    every = list(build_index(documents, "en").terms["printer"].postings)
    monkeypatch.setattr(builder, "MOST_ARTICLES", 20)
    term = build_index(documents, "en").terms["printer"]
    best = sorted(every, key=lambda posting: (-posting[1], posting[0]))[:20]
    assert list(term.postings) == sorted(best)
    assert term.articles == 60


def test_a_level_is_bm25_of_each_field_weighted_and_summed() -> None:
    chance = random.Random(4)
    documents = [make("en", chance, number) for number in range(50)]
    index = build_index(documents, "en")
    analyser = Analyser(analysis_of("en"))
    counts = [
        [[term for _, terms in analyser.words(field_text(document, field)) for term, _ in terms] for field in FIELDS]
        for document in documents
    ]
    means = [
        float(f"{sum(map(len, column)) / sum(map(bool, column)):.2g}") if any(column) else 1
        for column in zip(*counts, strict=True)
    ]

    def idf(articles: int) -> float:
        return math.log(1 + (50 - articles + 0.5) / (articles + 0.5))

    for name, term in index.terms.items():
        everywhere = sum(any(name in field for field in fields) for fields in counts)
        in_titles = sum(name in fields[0] for fields in counts)
        assert term.articles == everywhere
        rarity = idf(in_titles) / idf(everywhere) if in_titles else 0
        factor = round(1 - TITLE_RARITY + TITLE_RARITY * rarity, 2)
        for article, level in term.postings:
            impact = 0.0
            for number, (weight, k1, b) in enumerate(FIELDS.values()):
                field = counts[article][number]
                norm = k1 * (1 - b + b * len(field) / means[number])
                part = weight * (k1 + 1) * field.count(name) / (field.count(name) + norm)
                impact += part if number else part * factor
            impact *= 1 + documents[article].prior / 64
            exact = min(max(math.log(impact / LOWEST) / STEP, 0), LEVELS - 1)
            assert abs(level - exact) < 0.5001


def test_words_are_shown_as_they_are_written_most_often() -> None:
    texts = ["şifre şifre sifre", "sifre şifre", "kâğıt"]
    documents = [Document(url=f"{i}/", sections=(Section(text=text),)) for i, text in enumerate(texts)]
    kept = built(documents, "tr")
    assert {word.spelling for word in kept.index().words if word.form == "sifre"} == {"şifre"}
    for document in documents:
        kept.put(replace(document, sections=(Section(text="sifre"),)))
    assert {word.spelling for word in kept.index().words if word.form == "sifre"} == {"sifre"}
