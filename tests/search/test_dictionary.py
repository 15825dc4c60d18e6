"""What a begun or misspelt word may have been meant to be; the same in both languages."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerdesk.search.dictionary import Dictionary, after, distance, edits, letters, nearest
from answerdesk.search.index import Word, code_units

letters_of = st.text("abcdé", max_size=8)
forms = st.one_of(
    st.text("abcdeklmnoprst", min_size=1, max_size=11),
    st.text("비밀번호프린터각갈가나다", min_size=1, max_size=6),
    st.text("شبكةطابعهمنال", min_size=1, max_size=9),
    st.text("网络密码a1-.𠮷", min_size=1, max_size=5),
)
ASK = """
  const { Dictionary, after, edits, nearest } = await load("dictionary");
  const words = argument.words.map(([form, articles]) => ({ form, spelling: form.toUpperCase(), articles }));
  const dictionary = new Dictionary(words);
  const row = ([gap, { form }]) => [gap, form];
  return argument.forms.map((form) => [
    edits(form), after(form), dictionary.has(form), dictionary.begun(form).map(({ form }) => form),
    dictionary.near(form).map(row), nearest(form, [...words].reverse()).map(row),
  ]);
"""


def word(form: str, articles: int = 1) -> Word:
    return Word(form=form, spelling=form.upper(), articles=articles)


def dictionary(**articles: int) -> Dictionary:
    return Dictionary([word(form, articles[form]) for form in sorted(articles)])


def edits_between(one: str, other: str) -> int:
    """Count edits as the definition says, without a thought of speed."""
    if not one or not other:
        return len(one) + len(other)
    ways = [
        edits_between(one[1:], other) + 1,
        edits_between(one, other[1:]) + 1,
        edits_between(one[1:], other[1:]) + (one[0] != other[0]),
    ]
    if one[:2] == other[:2][::-1] and len(one) > 1:
        ways.append(edits_between(one[2:], other[2:]) + 1)
    return min(ways)


@settings(max_examples=60)
@given(one=st.text("abc", max_size=5), other=st.text("abc", max_size=5), most=st.integers(0, 3))
def test_the_distance_is_the_number_of_edits(one: str, other: str, most: int) -> None:
    assert distance(one, other, most) == min(edits_between(one, other), most + 1)


@given(letters_of, letters_of)
def test_the_distance_is_the_same_both_ways(one: str, other: str) -> None:
    assert distance(one, other, 2) == distance(other, one, 2)


@pytest.mark.parametrize(
    ("form", "allowed"),
    [
        ("vpn", 0), ("wifi", 1), ("printer", 1), ("password", 2), ("şifre", 1), ("طابعة", 1),
        ("80070005", 0), ("kb5034441", 0), ("2.3.1", 0), ("sign-in", 0), ("user's", 0),
        ("网络", 0), ("パスワード", 0), ("비밀", 0), ("비밀번", 1), ("비밀번호", 1),
    ],
)  # fmt: skip
def test_long_words_of_letters_may_be_misspelt_and_codes_may_not(form: str, allowed: int) -> None:
    assert edits(form) == allowed


def test_the_nearest_word_comes_first_then_the_one_in_more_articles() -> None:
    words = dictionary(printer=3, pointer=9, painter=5)
    assert [found.form for _, found in words.near("prinetr")] == ["printer"]
    assert [found.form for _, found in words.near("pninter")] == ["pointer", "painter", "printer"]


def test_a_word_with_the_same_first_letter_comes_before_a_commoner_one() -> None:
    assert [found.form for _, found in dictionary(hotel=50, motel=1, model=3).near("mosel")] == ["model", "motel"]


def test_a_hangul_word_is_compared_key_by_key() -> None:
    words = Dictionary([word("비밀번호", 2), word("비상연락")])
    assert words.near("비밀벊호") == [(1, word("비밀번호", 2))]
    assert letters("각") == "\u1100\u1161\u11a8"


def test_a_begun_word_goes_on_to_the_commonest() -> None:
    assert [found.form for found in dictionary(print=1, printer=9, printing=3, pin=8).begun("pri")] == [
        "printer", "printing", "print",
    ]  # fmt: skip


def test_an_open_syllable_may_get_its_final_consonant() -> None:
    words = Dictionary([word("비밀번호"), word("비바")])
    assert [found.form for found in words.begun("비미")] == ["비밀번호"]
    assert [found.form for found in words.begun("비밈")] == []


@given(st.lists(forms, max_size=30), forms)
def test_a_dictionary_goes_on_with_what_begins_so_and_nothing_else(found: list[str], start: str) -> None:
    words = Dictionary([word(form) for form in sorted(set(found), key=code_units)])
    begun = {each.form for each in words.begun(start)}
    wanted = {form for form in found if form.startswith(start)}
    assert wanted <= begun or len(begun) == 16
    assert all(form.startswith(start[:-1]) and code_units(form) < code_units(after(start)) for form in begun)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.dictionaries(forms, st.integers(1, 9), max_size=40), others=st.lists(forms, min_size=1, max_size=40))
def test_javascript_has_the_same_words_in_the_same_order(laboratory, rows: dict[str, int], others: list[str]) -> None:
    words = [word(form, rows[form]) for form in sorted(rows, key=code_units)]
    here = Dictionary(words)
    asked = [*others, *rows]
    found = laboratory.run(ASK, {"words": [[each.form, each.articles] for each in words], "forms": asked})
    assert found == [
        [
            edits(form), after(form), form in here, [each.form for each in here.begun(form)],
            [[gap, each.form] for gap, each in here.near(form)],
            [[gap, each.form] for gap, each in nearest(form, words)],
        ]
        for form in asked
    ]  # fmt: skip
