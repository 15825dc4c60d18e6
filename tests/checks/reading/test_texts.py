"""Headings, titles, steps, sentences and words: what makes an article easy to use."""

from collections.abc import Callable

import pytest

from answerdesk.articles.errors import ContentError
from answerdesk.checks.reading.sentences import length, sentences
from answerdesk.checks.report.finding import Finding
from answerdesk.checks.rules.terminology import read_terminology

A, B = "en/account/a.md", "en/account/b.md"
Find = Callable[..., list[Finding]]
Seen = Callable[..., list[str]]

# headings


def test_headings_that_go_down_one_by_one_are_good(seen: Seen) -> None:
    assert seen("heading-order", "## One\n\n### Two\n\n#### Three\n\n## Four\n") == []


def test_a_level_left_out_is_named_once(find: Find) -> None:
    (found,) = find("heading-order", "## One\n\n#### Two\n\n#### Three\n")
    assert (found.line, found.what, found.cure) == (11, "“Two” has level 4, below level 2", "Write ### Two")


def test_the_first_heading_stands_below_the_title(seen: Seen) -> None:
    assert seen("heading-order", "### One\n") == ["“One” has level 3, below level 1"]


def test_a_second_title_and_an_empty_heading_are_named(seen: Seen) -> None:
    assert seen("heading-order", "# One\n\n##\n") == [
        "a heading of level 1 stands in the text: “One”",
        "a heading is empty",
    ]


# titles


def test_two_articles_of_a_language_have_different_titles(find: Find, article: Callable[..., str]) -> None:
    files = {A: article("Reset it"), B: article("reset  IT"), "ko/account/a.md": article("Reset it")}
    (found,) = find("title", files)
    assert (found.file, found.line) == ("content/en/account/b.md", 7)
    assert "account/a.md" in found.what


# near-duplicates

LONG = " ".join(f"Word{n} stands beside word{n * 7 % 50} in sentence {n}." for n in range(60))


def test_articles_that_say_nearly_the_same_are_named(find: Find) -> None:
    files = {A: LONG, B: LONG.replace("Word17", "Other"), "en/account/c.md": LONG[::-1]}
    (found,) = find("near-duplicate", files)
    assert (found.file, found.what) == ("content/en/account/b.md", "it says nearly the same as account/a.md")


def test_articles_of_different_languages_may_be_alike(seen: Seen) -> None:
    assert seen("near-duplicate", {A: LONG, "ko/account/a.md": LONG}) == []


def test_articles_that_share_a_part_are_no_duplicates(seen: Seen) -> None:
    other = " ".join(f"Something else {n * 3} is said here about {n}." for n in range(60))
    assert seen("near-duplicate", {A: LONG, B: LONG[: len(LONG) // 3] + other}) == []


def test_chinese_articles_are_compared_by_their_characters(seen: Seen) -> None:
    text = "".join(chr(0x4E00 + n * 37 % 2000) for n in range(300))
    files = {"zh-Hans/account/a.md": text, "zh-Hans/account/b.md": text[:150] + "不" + text[150:]}
    assert len(seen("near-duplicate", files)) == 1


def test_many_copies_are_all_named(seen: Seen) -> None:
    assert len(seen("near-duplicate", {f"en/account/a{n}.md": LONG for n in range(60)})) == 59


# steps


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "- Open **Settings**.\n- Select **Network**.\n- Type your name.\n"),
        ("en", "* Then click **OK**.\n\n* Choose a printer.\n\n* Restart the computer.\n"),
        ("en", "Open Settings. Select Network. Choose the Wi-Fi. Enter your password.\n"),
        ("zh-Hans", "- 打开设置。\n- 点击网络。\n- 输入密码。\n"),
        ("zh-Hant", "- 開啟設定。\n- 點選網路。\n- 請輸入密碼。\n- 選擇確定。\n- 儲存變更。\n"),
        ("ko", "- 설정을 여세요.\n- 네트워크를 선택하세요.\n- 암호를 입력합니다.\n"),
        ("tr", "- Ayarları açın.\n- **Ağ** seçeneğini seçin.\n- Parolanızı girin.\n"),
        ("ar", "- افتح الإعدادات.\n- اختر الشبكة.\n- أدخل كلمة المرور.\n"),
    ],
)
def test_steps_without_numbers_are_named(find: Find, language: str, body: str) -> None:
    assert [finding.line for finding in find("steps", {f"{language}/account/a.md": body})] == [9]


@pytest.mark.parametrize(
    "body",
    [
        "1. Open **Settings**.\n2. Select **Network**.\n3. Type your name.\n",
        "- Open **Settings**.\n- Select **Network**.\n",
        "Do one of these:\n\n- Open the app.\n- Select the icon.\n- Type its name.\n",
        "- Open the app, or\n- select the icon, or\n- type its name.\n",
        "- The screen is black.\n- Open windows stay open.\n- Nothing prints.\n",
        "- Check the cable.\n- Use another port.\n- Ask a colleague.\n",
        "Open the box. It is heavy. Select a good place.\n",
    ],
)
def test_what_is_no_procedure_needs_no_numbers(seen: Seen, body: str) -> None:
    assert seen("steps", body) == []


# sentences


def test_sentences_end_where_readers_think_they_do() -> None:
    text = "Call e.g. Dr. Kim. It costs 3.5 GB! “Really?” Yes. See v1.2.3 and help.example.com now."
    assert [sentence for _, sentence in sentences(text)] == [
        "Call e.g. Dr. Kim.", "It costs 3.5 GB!", "“Really?”", "Yes.", "See v1.2.3 and help.example.com now.",
    ]  # fmt: skip
    text = "It is 2023.1. Then 1. 2. 3. go? Plan B. Look at etc. and so on, I/O etc. The end.[^4] [^5] New."
    assert [sentence for _, sentence in sentences(text)][-3:] == [
        "Look at etc. and so on, I/O etc.", "The end.[^4] [^5]", "New.",
    ]  # fmt: skip
    assert [sentence for _, sentence in sentences("打开设置。点击网络！好吗？")] == [
        "打开设置。",
        "点击网络！",
        "好吗？",
    ]
    assert [sentence for _, sentence in sentences("هل نسيت؟ اتصل بنا.")] == ["هل نسيت؟", "اتصل بنا."]


def test_chinese_is_counted_by_characters() -> None:
    assert (length("打开 Windows 设置", "zh-Hans"), length("Open the settings now", "en")) == (6, 4)


@pytest.mark.parametrize(
    ("language", "word", "count"),
    [("en", "word ", 60), ("ko", "단어 ", 40), ("tr", "kelime ", 40), ("zh-Hant", "字", 130)],
)
def test_a_sentence_that_is_much_too_long_is_named(find: Find, language: str, word: str, count: int) -> None:
    text = f"Short.\nAlso short.\nX {word * count}end.\n"
    (found,) = find("long-sentence", {f"{language}/account/a.md": text})
    assert found.line == 11
    assert find("long-sentence", {f"{language}/account/a.md": f"{word * (count // 2)}end.\n"}) == []


def test_a_list_of_names_is_not_long(seen: Seen) -> None:
    assert seen("long-sentence", "We have " + ", ".join(f"printer {n}" for n in range(40)) + ".") == []


HARD = (
    "Notwithstanding aforementioned organisational responsibilities, authentication infrastructure administrators "
    "periodically reconfigure interdepartmental synchronisation mechanisms throughout international subsidiaries. "
)


def test_a_text_of_long_words_and_sentences_is_hard_to_read(find: Find) -> None:
    (found,) = find("hard-to-read", HARD * 12)
    assert "LIX" in found.why
    assert find("hard-to-read", "Open the app. Type your name and wait a bit. " * 12) == []


def test_turkish_has_a_formula_of_its_own(find: Find) -> None:
    hard = "Kurumsallaştırılamayanların bilgilendirilmelerinin yapılandırılabilirliği değerlendirilmektedir. "
    (found,) = find("hard-to-read", {"tr/account/a.md": hard * 12})
    assert "Ateşman" in found.why
    assert find("hard-to-read", {"tr/account/a.md": "Kapıyı aç ve içeri gel, sonra otur. " * 12}) == []


def test_few_sentences_are_not_measured(seen: Seen) -> None:
    assert seen("hard-to-read", HARD * 2) == []


# words of the house

WORDS = {"en": {"utilise": "use", "click here": "(say what it is)", "simply": ""}, "tr": {"iptal": "vazgeç"}}


@pytest.mark.parametrize(
    ("body", "cure"),
    [
        ("Please Utilise it.", "Write “use”"),
        ("[Click here](a.md).", "Say what it is"),
        ("Simply open it.", "Leave it out"),
    ],
)
def test_words_that_the_house_does_not_use_are_named(find: Find, body: str, cure: str) -> None:
    (found,) = find("house-word", {A: f"Text.\n{body}\n"}, terminology=WORDS)
    assert (found.line, found.cure) == (10, cure)


@pytest.mark.parametrize("body", ["`utilise`", "It says “utilise”.", "Utilised.", "```\nsimply\n```", "over-simply"])
def test_code_quotations_and_other_words_are_let_be(seen: Seen, body: str) -> None:
    assert seen("house-word", body, terminology=WORDS) == []


def test_title_and_summary_are_read_too(find: Find, article: Callable[..., str]) -> None:
    found = find("house-word", {A: article("Utilise it")}, terminology=WORDS)
    assert [finding.line for finding in found] == [6, 7]


@pytest.mark.parametrize(
    ("language", "word", "text"),
    [
        ("ko", "패스워드", "패스워드를 잊었습니다."),
        ("zh-Hans", "帐号", "您的帐号已锁定。"),
        ("ar", "باسورد", "نسيت الباسورد وبالباسورد."),
        ("tr", "ISI", "ısı"),
    ],
)
def test_words_are_found_as_a_language_writes_them(seen: Seen, language: str, word: str, text: str) -> None:
    assert seen("house-word", {f"{language}/account/a.md": text}, terminology={language: {word: "x"}})


@pytest.mark.parametrize(
    "table", [[], {"avoid": []}, {"avoid": {"en": []}}, {"avoid": {"en": {"a": 1}}}, {"avoid": {"en": {True: "b"}}}]
)
def test_a_list_of_words_in_another_form_is_named(table: object) -> None:
    with pytest.raises(ContentError, match=r"words\.yml"):
        read_terminology(table, "words.yml")


# orphans


def test_an_article_that_nothing_leads_to_is_named(find: Find, article: Callable[..., str]) -> None:
    files = {A: "[b](b.md)", B: "Text.", "en/account/c.md": article("C", aliases=["see"])}
    assert [finding.file for finding in find("orphan", files)] == ["content/en/account/a.md"]


def test_a_category_that_is_read_by_its_list_has_no_orphans(find: Find, article: Callable[..., str]) -> None:
    apps = {f"en/network/{name}.md": article(name, category="network") for name in "xyz"}
    files = {A: "[b](b.md)", B: "Text.", "en/account/c.md": article("C", aliases=["see"])}
    assert [finding.file for finding in find("orphan", files | apps)] == ["content/en/account/a.md"]


def test_a_link_in_raw_html_leads_to_an_article_too(seen: Seen, article: Callable[..., str]) -> None:
    def files(link: str) -> dict[str, str]:
        named = {A: article("A", link, aliases=["x"]), "en/account/c.md": article("C", aliases=["y"])}
        return named | {B: "Text."}

    assert seen("orphan", files('<a href="../b/">B</a>\n')) == []
    assert len(seen("orphan", files("Text.\n"))) == 1


def test_where_hardly_anything_is_linked_nothing_is_an_orphan(seen: Seen) -> None:
    assert seen("orphan", {A: "Text.", B: "Text.", "en/account/c.md": "[b](b.md)"}) == []


def test_a_draft_need_not_be_linked_yet(seen: Seen, article: Callable[..., str]) -> None:
    assert seen("orphan", {A: article("A", draft=True)}) == []


def test_related_articles_lead_to_one_another(seen: Seen, article: Callable[..., str]) -> None:
    assert seen("orphan", {A: article("A", related=["account/b"]), B: article("B", related=["account/a"])}) == []
