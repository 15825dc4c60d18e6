"""What the same keys give with another keyboard."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerdesk.search.keyboard import compose, decompose, retyped

DUBEOLSIK = (
    "qwertyuiopasdfghjklzxcvbnmQWERTOP",
    "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ",
)
ARABIC = ("qwertyuiopasdfghjklzxcvnm", "ضصثقفغعهخحشسيبلاتنمئءؤرىة")
RETYPE = """
  const { retyped } = await load("keyboard");
  return argument.texts.map((text) => [...retyped(text, argument.rules)]);
"""
RULES = {"latin": {}, "hangul": {"keyboard": DUBEOLSIK}, "arabic": {"keyboard": ARABIC}}
syllables = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=9)
hostile = st.text(max_size=30)
typed = st.text("vmflsxjㅔㄱㅑㅜㅅㄷㄱQWㅏㅗㅐㄹㅎ ء123ب프린각값𠮷", max_size=20)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("vmflsxj", "프린터"),
        ("qlalfqjsgh", "비밀번호"),
        ("dksgdk", "않아"),
        ("rkqtdl", "값이"),
        ("dmlwk", "의자"),
        ("Rhkr", "꽉"),
        ("VMFLSXJ", "프린터"),
        ("ㅔㄱㅑㅜㅅㄷㄱ", "printer"),
        ("ㅔ갸ㅜㅅㄷㄱ", "printer"),
        ("ㅖ갸ㅜㅅㄷㄱ", "Printer"),
        ("fhrmdls dhfb", "로그인 오류"),
        ("حشسسصخقي", "password"),
    ],
)
def test_a_word_is_read_as_the_other_keyboard_gives_it(text: str, wanted: str) -> None:
    assert wanted in retyped(text, RULES)


@given(syllables)
def test_syllables_taken_apart_and_put_together_are_the_same(text: str) -> None:
    assert compose(decompose(text)) == text


@given(hostile)
def test_a_text_without_hangul_letters_stays_as_it_is(text: str) -> None:
    kept = "".join(char for char in text if not "\u3131" <= char <= "\u3163" and not "가" <= char <= "힣")
    assert compose(kept) == decompose(kept) == kept


def test_without_another_keyboard_nothing_is_read_otherwise() -> None:
    assert list(retyped("vmflsxj", {"latin": {}})) == []


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(typed, hostile, syllables), min_size=1, max_size=40))
def test_javascript_reads_the_same(laboratory, texts: list[str]) -> None:
    found = laboratory.run(RETYPE, {"texts": texts, "rules": RULES})
    assert found == [list(retyped(text, RULES)) for text in texts]
