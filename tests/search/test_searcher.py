"""What a visitor finds, and in which order."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.search import Document, Searcher, Section, build_index, open_index


@pytest.fixture
def searcher(small_index: Path) -> Searcher:
    return open_index(small_index)


def urls(searcher: Searcher, text: str) -> list[str]:
    return [result.url.split("#")[0] for result in searcher.search(text).results]


def make(*texts: tuple[str, str], language: str = "en") -> Searcher:
    documents = [Document(url=title, title=title, sections=(Section(text=text),)) for title, text in texts]
    return Searcher(build_index(documents, language))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("forgot my password", "password/"),
        ("i forgot my password how do i reset it", "password/"),
        ("vpn", "vpn/"),
        ("0X0000011B", "printer/"),
        ("print", "printer/"),
    ],
)
def test_the_article_that_says_it_comes_first(searcher: Searcher, query: str, first: str) -> None:
    assert urls(searcher, query)[0] == first


def test_a_word_in_the_title_weighs_more_than_one_in_the_text() -> None:
    assert urls(make(("Other things", "about the printer"), ("Printer", "other things")), "printer")[0] == "Printer"


def test_an_article_with_all_words_comes_before_one_with_a_single_rare_word() -> None:
    found = urls(
        make(("a", "reset mail"), ("b", "reset mail password"), ("c", "password"), ("d", "mail")), "reset mail password"
    )
    assert found[0] == "b"


def test_one_missing_word_does_not_hide_an_article() -> None:
    assert urls(make(("Reset the password", ""), ("Printer", "")), "reset forgotten password quickly")[:1] == [
        "Reset the password"
    ]


@pytest.mark.parametrize("length", range(3, 9))
def test_a_word_is_found_while_it_is_being_typed(searcher: Searcher, length: int) -> None:
    assert "password/" in urls(searcher, "password"[:length])


def test_a_finished_word_is_not_taken_for_a_beginning(searcher: Searcher) -> None:
    assert urls(searcher, "passw ") == []


def test_a_single_latin_letter_begins_no_word(searcher: Searcher) -> None:
    assert urls(searcher, "p") == []


def test_a_korean_syllable_without_its_final_consonant_begins_a_word() -> None:
    assert urls(make(("비밀번호", ""), ("프린터", ""), language="ko"), "비미") == ["비밀번호"]


def test_a_begun_arabic_word_is_no_conjunction_before_other_words() -> None:
    searcher = make(("الواي فاي", ""), ("الطابعة", "والشبكة والجهاز والبريد"), language="ar")
    assert urls(searcher, "واي") == urls(searcher, "وا") == ["الواي فاي"]
    assert urls(searcher, "الطاب") == ["الطابعة"]


def test_a_single_chinese_character_begins_a_word() -> None:
    assert urls(make(("网络设置", ""), ("打印机", ""), language="zh-Hans"), "网") == ["网络设置"]


def test_traditional_and_simplified_find_each_other() -> None:
    searcher = make(("忘記密碼", ""), ("其他", ""), language="zh-Hant")
    assert urls(searcher, "忘记密码") == urls(searcher, "忘記密碼") == ["忘記密碼"]


def test_turkish_is_found_without_its_own_letters() -> None:
    searcher = make(("Şifremi unuttum", ""), ("Yazıcı", ""), language="tr")
    assert urls(searcher, "SIFREMI UNUTTUM")[0] == urls(searcher, "şifremi unuttum")[0] == "Şifremi unuttum"


def test_matches_are_marked_in_the_excerpt(searcher: Searcher) -> None:
    [result, *_] = searcher.search("choose password").results
    assert ("password", True) in result.excerpt
    assert "".join(text for text, _ in result.excerpt).strip("…")


def test_a_result_opens_at_the_heading_that_answers(searcher: Searcher) -> None:
    found = {result.url for result in searcher.search("password windows").results}
    assert "password/#windows" in found


def test_an_excerpt_of_a_long_text_is_short_and_holds_the_match() -> None:
    text = "filler words here. " * 400 + "The needle is here. " + "more filler again. " * 400
    [result] = make(("Hay", text)).search("needle").results
    assert ("needle", True) in result.excerpt
    assert sum(len(text) for text, _ in result.excerpt) < 260


def test_tiers_say_how_the_query_was_met(searcher: Searcher) -> None:
    assert searcher.search("password ").results[0].tier == "exact"
    assert searcher.search("passwo").results[0].tier == "prefix"
    assert searcher.search("password vpn printer ").results[0].tier == "partial"


def test_a_query_with_unknown_words_is_met_in_part_and_scores_less(searcher: Searcher) -> None:
    known, unknown = (searcher.search(text).results[0] for text in ("password ", "qwxzv password zzxxyy "))
    assert unknown.tier == "partial"
    assert unknown.score < known.score


def test_nothing_typed_finds_nothing(searcher: Searcher) -> None:
    assert [searcher.search(text).total for text in ["", "   ", "?!", "\u0000"]] == [0, 0, 0, 0]


def test_limit_cuts_results_but_not_the_total() -> None:
    found = make(*[(f"password {i}", "") for i in range(9)]).search("password", limit=3)
    assert (len(found.results), found.total) == (3, 9)


def test_a_very_long_query_is_answered(searcher: Searcher) -> None:
    assert urls(searcher, "password " * 2000)[0] == "password/"


@given(st.text(max_size=200))
def test_no_query_fails(text: str) -> None:
    found = make(("Reset a password", "on Windows"), ("打印机", "프린터 yazıcı طابعة")).search(text)
    assert json.dumps([result.score for result in found.results])
    assert [r.score for r in found.results] == sorted((r.score for r in found.results), reverse=True)


@given(st.text(min_size=1, max_size=40))
def test_an_excerpt_is_cut_from_the_text_and_nothing_else(text: str) -> None:
    searcher = make(("Title", text), ("Other", "words"))
    for result in searcher.search("title " + text).results[:1]:
        cut = "".join(piece for piece, _ in result.excerpt).strip("…")
        assert cut.strip("…") in text or cut == result.summary
