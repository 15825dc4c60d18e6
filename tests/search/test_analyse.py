"""Which words meet, and that the case files hold."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.search.analyse import Analyser, Token, analysis_of

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
ANALYSERS = {
    language: Analyser(analysis_of(language)) for language in ["en", "zh-Hans", "zh-Hant", "ko", "tr", "ar", "de"]
}


def terms(text: str, language: str) -> list[str]:
    return [token.terms[0][0] for token in ANALYSERS[language].tokens(text)]


def test_there_are_at_least_three_thousand_cases() -> None:
    assert sum(len(json.loads(path.read_text("utf-8"))["cases"]) for path in CASES) >= 3000


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_case_has_its_tokens(path: Path) -> None:
    file = json.loads(path.read_text("utf-8"))
    analyser = Analyser(analysis_of(file["language"]))
    wrong = {
        text: found
        for text, wanted in file["cases"]
        if (found := [[t.form, t.start, t.end, [list(term) for term in t.terms]] for t in analyser.tokens(text)])
        != wanted
    }
    assert not wrong


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "passwords", "password"),
        ("en", "installed", "installation"),
        ("en", "printing", "prints"),
        ("en", "setting", "settings"),
        ("en", "policies", "policy"),
        ("en", "forgot", "forgotten"),
        ("en", "sharing", "shared"),
        ("en", "E-MAIL", "email"),
        ("en", "Wi-Fi", "wifi"),
        ("en", "0x80070005", "80070005"),
        ("en", "v2.3.1", "2.3.1"),
        ("en", "can’t", "can't"),
        ("en", "café", "cafe\u0301"),
        ("en", "ＶＰＮ", "vpn"),
        ("tr", "ŞİFRE", "şifre"),
        ("tr", "SIFRE", "şifre"),
        ("tr", "yazıcıya", "yazıcı"),
        ("tr", "YAZICI", "yazıcım"),
        ("tr", "bağlantısı", "bağlantı"),
        ("tr", "Windows'ta", "Windows"),
        ("tr", "hatası", "hata"),
        ("ko", "비밀번호가", "비밀번호"),
        ("ko", "프린터를", "프린터"),
        ("ko", "\u1107\u1175\u1106\u1175\u11af\u1107\u1165\u11ab\u1112\u1169", "비밀번호"),
        ("zh-Hant", "忘記密碼", "忘记密码"),
        ("zh-Hans", "網路", "网路"),
        ("ar", "الطابعة", "طابعة"),
        ("ar", "بالطابعة", "الطابعات"),
        ("ar", "والشبكة", "الشبكة"),
        ("ar", "إعدادات", "اعدادات"),
        ("ar", "كلمةُ", "كلمه"),
        ("ar", "٣٤", "34"),
        ("de", "Straße", "strasse"),
    ],
)  # fmt: skip
def test_two_spellings_of_a_word_meet(language: str, one: str, other: str) -> None:
    assert terms(one, language) == terms(other, language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "printer", "print"),
        ("en", "news", "new"),
        ("tr", "ağ", "ağa"),
        ("tr", "hata", "hat"),
        ("zh-Hans", "网络", "网页"),
    ],
)
def test_two_words_stay_apart(language: str, one: str, other: str) -> None:
    assert terms(one, language) != terms(other, language)


def test_a_korean_particle_glued_to_a_latin_word_is_no_word() -> None:
    assert terms("VPN에 연결", "ko") == ["vpn", "연결"]


def test_chinese_is_indexed_by_pairs_and_a_lone_character_by_itself() -> None:
    assert terms("忘记密码", "zh-Hans") == ["忘记", "记密", "密码"]
    assert terms("网", "zh-Hans") == ["网"]


def test_a_compound_is_found_whole_and_by_its_parts() -> None:
    [token] = ANALYSERS["en"].tokens("sign-in")
    assert [term for term, _ in token.terms] == ["signin", "sign", "in"]


def test_a_question_word_weighs_less_than_a_word_that_says_something() -> None:
    how, reset = ANALYSERS["en"].tokens("how reset")
    assert how.terms[0][1] < reset.terms[0][1]


def spans(tokens: list[Token]) -> list[tuple[int, int]]:
    return [(token.start, token.end) for token in tokens]


@given(text=st.text(max_size=80), language=st.sampled_from(sorted(ANALYSERS)))
def test_every_token_stands_where_it_says(text: str, language: str) -> None:
    tokens = ANALYSERS[language].tokens(text)
    assert all(0 <= start < end <= len(text) for start, end in spans(tokens))
    assert spans(tokens) == sorted(spans(tokens))


@given(text=st.text(max_size=80), language=st.sampled_from(sorted(ANALYSERS)))
def test_indexing_sees_the_words_that_queries_see(text: str, language: str) -> None:
    analyser = ANALYSERS[language]
    assert [(token.form, token.terms) for token in analyser.tokens(text)] == list(analyser.words(text))


@given(st.text(max_size=40))
def test_case_never_matters(text: str) -> None:
    upper = "".join(char.upper() if len(char.upper()) == 1 and char.upper().lower() == char else char for char in text)
    assert terms(upper, "en") == terms(text, "en")
