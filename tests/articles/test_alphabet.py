"""Titles in the order readers expect."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerdesk.articles.alphabet import Alphabet
from answerdesk.articles.article import Article


def made(title: str, path: str = "account/a") -> Article:
    return Article(
        path=path, title=title, summary="s", category="account", owner="o", reviewed=date(2026, 1, 1), review_every=1
    )


def groups(titles: list[str], language: str) -> list[tuple[str, list[str]]]:
    found = Alphabet().group([made(title, f"account/{number}") for number, title in enumerate(titles)], language)
    return [(label, [article.title for article in articles]) for label, articles in found]


@pytest.mark.parametrize(
    ("language", "title", "letter"),
    [
        ("en", "“VPN” drops", "V"),
        ("en", "printer", "P"),
        ("en", "Écran", "É"),
        ("en", "2-step sign-in", "0–9"),
        ("en", "…", "0–9"),
        ("tr", "çıktı", "Ç"),
        ("tr", "Çıktı", "Ç"),
        ("tr", "ğ", "Ğ"),
        ("tr", "internet", "İ"),
        ("tr", "İnternet", "İ"),
        ("tr", "Işık", "I"),
        ("tr", "ışık", "I"),
        ("tr", "şifre", "Ş"),
        ("ko", "비밀번호", "ㅂ"),
        ("ko", "빠른 시작", "ㅂ"),
        ("ko", "까닭", "ㄱ"),
        ("ko", "와이파이", "ㅇ"),
        ("ko", "휴대폰", "ㅎ"),
        ("ko", "VPN 연결", "V"),
        ("zh-Hans", "密码", "M"),
        ("zh-Hans", "会议室", "H"),
        ("zh-Hans", "长度", "C"),
        ("zh-Hans", "重新启动", "C"),
        ("zh-Hans", "VPN 连接", "V"),
        ("zh-Hant", "密碼", "ㄇ"),
        ("zh-Hant", "印表機", "ㄧ"),
        ("zh-Hant", "重新啟動", "ㄔ"),
        ("zh-Hant", "Wi-Fi 連線", "W"),
        ("ar", "كلمة المرور", "ك"),
        ("ar", "الطابعة", "ط"),
        ("ar", "إعداد البريد", "ا"),
        ("ar", "أجهزة", "ا"),
        ("ar", "«الطابعة»", "ط"),
        ("ar", "VPN", "V"),
    ],
)
def test_a_title_stands_under_its_letter(language: str, title: str, letter: str) -> None:
    assert groups([title], language) == [(letter, [title])]


@pytest.mark.parametrize(
    ("language", "ordered"),
    [
        ("en", ["A", "M", "Z", "0–9"]),
        ("tr", ["A", "B", "C", "Ç", "D", "G", "Ğ", "H", "I", "İ", "O", "Ö", "S", "Ş", "U", "Ü", "Z", "0–9"]),
    ],
)
def test_letters_follow_the_alphabet_and_digits_come_last(language: str, ordered: list[str]) -> None:
    titles = ["9 tips" if letter == "0–9" else letter + "xx" for letter in reversed(ordered)]
    assert [letter for letter, _ in groups(titles, language)] == ordered


@pytest.mark.parametrize(
    ("language", "titles", "ordered"),
    [
        ("ko", ["Zoom", "휴가", "가입", "9", "나무"], ["ㄱ", "ㄴ", "ㅎ", "Z", "0–9"]),
        ("zh-Hans", ["邮件", "安全", "3", "密码", "VPN"], ["A", "M", "V", "Y", "0–9"]),
        ("zh-Hant", ["VPN", "郵件", "安全", "3", "密碼"], ["ㄇ", "ㄧ", "ㄢ", "V", "0–9"]),
        ("ar", ["Zoom", "ياء", "الباب", "5", "أمن"], ["ا", "ب", "ي", "Z", "0–9"]),
    ],
)
def test_latin_titles_come_after_the_languages_own(language: str, titles: list[str], ordered: list[str]) -> None:
    assert [letter for letter, _ in groups(titles, language)] == ordered


@pytest.mark.parametrize(
    ("language", "ordered"),
    [
        ("en", ["Printer", "printer paper", "“Printers”"]),
        ("ko", ["비밀번호", "비상 연락", "빠른 시작"]),
        ("tr", ["Sac", "Saç", "Sad"]),
        ("zh-Hans", ["密码", "面试"]),
        ("ar", ["الطابعة", "طبق"]),
    ],
)
def test_titles_of_one_letter_are_in_order(language: str, ordered: list[str]) -> None:
    assert [titles for _, titles in groups(ordered[::-1], language)] == [ordered]


def test_titles_that_are_the_same_are_in_the_order_of_their_paths() -> None:
    found = Alphabet().group([made("A", "account/z"), made("A", "account/b")], "en")
    assert [article.path for article in found[0][1]] == ["account/b", "account/z"]


def test_no_articles_make_no_letters() -> None:
    assert Alphabet().group([], "en") == ()


@settings(deadline=None)
@given(
    titles=st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=6), max_size=8),
    language=st.sampled_from(["en", "zh-Hans", "zh-Hant", "ko", "tr", "ar"]),
)
def test_every_article_stands_under_exactly_one_letter(titles: list[str], language: str) -> None:
    found = groups(titles, language)
    assert sorted(title for _, group in found for title in group) == sorted(titles)
    assert len({letter for letter, _ in found}) == len(found)
    assert all(letter for letter, _ in found)


def test_an_alphabet_that_has_grouped_before_groups_other_titles_like_a_new_one() -> None:
    alphabet = Alphabet()
    alphabet.group([made("重置密码", "account/a"), made("打印机", "account/b")], "zh-Hans")
    articles = [made("打印机", "account/a"), made("长途电话", "account/b"), made("登录", "account/c")]
    assert alphabet.group(articles, "zh-Hans") == Alphabet().group(articles, "zh-Hans")
