"""Marks on a translation's page: the steps that changed, with the current source beside them."""

import re
from html.parser import HTMLParser

import pytest
from markdown import Markdown

from answerdesk.translations.drift import find_drift
from answerdesk.translations.drift_markers import Original, count_blocks, mark_page
from answerdesk.translations.sections import split_article

WORDS = {
    "drift_changed": "CHANGED",
    "drift_added": "ADDED",
    "drift_removed": "REMOVED",
    "drift_moved": "MOVED",
    "drift_arrived": "ARRIVED",
    "drift_section": "SECTION",
    "drift_section_gone": "GONE",
    "drift_section_new": "NEW",
}
OLD = "Intro.\n\n## Steps\n\n1. One\n2. Two\n    - inner\n3. Three\n\n## End\n\nCall.\n"
TRANSLATION = "머리말.\n\n## 단계\n\n1. 하나\n2. 둘\n    - 안\n3. 셋\n\n## 끝\n\n전화.\n"


def html_of(markdown: str) -> str:
    return Markdown(extensions=["tables", "admonition", "pymdownx.superfences"]).convert(markdown)


def marked(source: str, translation: str = TRANSLATION, *, made_from: str = OLD, title: str = "T") -> str:
    sections = split_article(title, "S", source)
    html = html_of(translation)
    recorded = [section.hashes for section in split_article("T", "S", made_from)]
    drift = find_drift([section.hashes for section in sections], recorded, count_blocks(html))
    original = Original(sections=sections, language="en", direction="ltr", render=html_of)
    return mark_page(html, drift, original, WORDS)


class _Items(HTMLParser):
    """Collects the text of each element that is marked, and the notes."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, str]] = []
        self.texts: dict[str, list[str]] = {"drifted": [], "drift": []}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "hr":
            return
        name = (dict(attrs).get("class") or "").split(" ")[0]
        self.stack.append((tag, name))
        if name in self.texts:
            self.texts[name].append("")

    def handle_endtag(self, tag: str) -> None:
        open_, _ = self.stack.pop()
        assert open_ == tag

    def handle_data(self, data: str) -> None:
        names = [name for _, name in self.stack]
        if "drift" in names:
            self.texts["drift"][-1] += f"{data.strip()} " if data.strip() else ""
        elif "drifted" in names:
            self.texts["drifted"][-1] += data.strip()


def read(html: str) -> tuple[list[str], list[str]]:
    """Return the texts that are marked, and the notes on them."""
    items = _Items()
    items.feed(html)
    assert items.stack == []
    return items.texts["drifted"], [text.strip() for text in items.texts["drift"]]


def test_nothing_is_marked_where_nothing_changed() -> None:
    assert marked(OLD) == html_of(TRANSLATION)


def test_exactly_the_step_that_changed_is_marked_with_the_current_one_below() -> None:
    assert read(marked(OLD.replace("Three", "**Drei**"))) == (["셋"], ["CHANGED Drei"])


def test_the_current_source_has_its_own_language_direction_and_number() -> None:
    html = marked(OLD.replace("Three", "Drei"))
    assert '<div lang="en" dir="ltr"><ol start="3"><li><p>Drei</p></li></ol></div>' in html


def test_a_step_with_steps_in_it_is_marked_before_them() -> None:
    html = marked(OLD.replace("Two", "Zwei"))
    assert read(html)[1] == ["CHANGED Zwei"]
    assert html.index("Zwei") < html.index("안")


def test_a_step_in_a_step_is_marked_alone() -> None:
    assert read(marked(OLD.replace("inner", "innen"))) == (["안"], ["CHANGED innen"])


def test_a_new_step_stands_after_the_one_before_it_which_is_not_marked() -> None:
    html = marked(OLD.replace("2. Two", "2. New\n3. Two"))
    assert read(html) == ([], ["ADDED New"])
    assert html.index("하나") < html.index("New") < html.index("둘")


def test_a_step_that_is_gone_is_marked() -> None:
    assert read(marked(OLD.replace("1. One\n", ""))) == (["하나"], ["REMOVED"])


LONG = """## Steps

1. Open the settings of your phone.
2. Choose **Network** and then **Wi-Fi**.
3. Enter the name of the network.
4. Type the password that the service desk gave you.
5. Restart the phone when it asks you to.
"""
LONG_TRANSLATION = "## 단계\n\n1. 하나\n2. 둘\n3. 셋\n4. 넷\n5. 다섯\n"
NETWORK, NAME, PASSWORD = (LONG.split("\n")[number] for number in (3, 4, 5))
NETWORK_CHANGED = "2. Choose **Network & internet** and then **Wi-Fi**."
CHANGED = "4. Type the new password that the service desk gave you by telephone."
NEW = "9. Move closer to the access point, and wait a minute."
NEWER = "9. Switch flight mode off."


OUTLINE = re.compile("하나|둘|셋|넷|다섯|[A-Z]{5,}|Move|internet|new|Hold|Choose|flight")


@pytest.mark.parametrize(
    ("edits", "drifted", "outline"),
    [
        ({NETWORK: f"{NEW}\n{NETWORK_CHANGED}"}, "둘", "하나 ADDED Move 둘 CHANGED Choose internet 셋 넷 다섯"),
        (
            {NETWORK: f"{NEW}\n{NEWER}\n{NETWORK_CHANGED}"},
            "둘",
            "하나 ADDED Move flight 둘 CHANGED Choose internet 셋 넷 다섯",
        ),
        ({NETWORK: f"{NETWORK_CHANGED}\n{NEW}"}, "둘", "하나 둘 CHANGED Choose internet ADDED Move 셋 넷 다섯"),
        ({f"{NETWORK}\n{NAME}\n": "", PASSWORD: CHANGED}, "둘 셋 넷", "하나 둘 REMOVED 셋 REMOVED 넷 CHANGED new 다섯"),
        (
            {NETWORK: NETWORK_CHANGED, PASSWORD: f"{NEW}\n{CHANGED}"},
            "둘 넷",
            "하나 둘 CHANGED Choose internet 셋 ADDED Move 넷 CHANGED new 다섯",
        ),
        (
            {NETWORK: f"{NEW}\n{NETWORK_CHANGED}", f"{NAME}\n": ""},
            "둘 셋",
            "하나 ADDED Move 둘 CHANGED Choose internet 셋 REMOVED 넷 다섯",
        ),
        ({f"{NETWORK}\n": "", PASSWORD: f"{PASSWORD}\n{NETWORK}"}, "둘", "하나 둘 MOVED 셋 넷 ARRIVED Choose 다섯"),
        (
            {f"{NETWORK}\n": "", PASSWORD: f"{CHANGED}\n{NETWORK}"},
            "둘 넷",
            "하나 둘 MOVED 셋 넷 CHANGED new ARRIVED Choose 다섯",
        ),
        ({PASSWORD: "4. Hold both keys."}, "넷", "하나 둘 셋 넷 CHANGED Hold 다섯"),
    ],
    ids=[
        "new before changed", "two new before changed", "new after changed", "gone before changed",
        "changed, new, changed", "new, changed, gone", "moved", "moved behind changed", "written anew",
    ],
)  # fmt: skip
def test_the_marked_steps_are_those_that_changed_wherever_others_came_or_went(
    edits: dict[str, str], drifted: str, outline: str
) -> None:
    source = LONG
    for before, after in edits.items():
        assert before in source
        source = source.replace(before, after)
    html = marked(source, LONG_TRANSLATION, made_from=LONG)
    assert " ".join(read(html)[0]) == drifted
    assert " ".join(OUTLINE.findall(re.sub("<[^>]*>", " ", html))) == outline


def test_a_record_without_sketches_still_finds_what_changed() -> None:
    source = LONG.replace(NETWORK, NETWORK_CHANGED)
    html = html_of(LONG_TRANSLATION)
    sections = split_article("T", "S", source)
    drift = find_drift(
        [section.hashes for section in sections],
        [section.keys for section in split_article("T", "S", LONG)],
        count_blocks(html),
    )
    original = Original(sections=sections, language="en", direction="ltr", render=html_of)
    assert read(mark_page(html, drift, original, WORDS))[0] == ["둘"]


def test_where_the_blocks_do_not_match_the_whole_section_is_marked() -> None:
    drifted, notes = read(marked(OLD.replace("Three", "Drei"), TRANSLATION.replace("3. 셋", "3. 셋\n4. 넷")))
    assert drifted == ["단계", "하나", "둘", "안", "셋", "넷"]
    assert notes == ["SECTION Steps One Two inner Drei"]


def test_a_new_section_stands_in_its_place() -> None:
    html = marked(OLD.replace("## End", "## More\n\nText.\n\n## End"))
    assert read(html) == ([], ["NEW More Text."])
    assert html.index("셋") < html.index("More") < html.index("끝")


def test_a_section_of_which_every_block_changed_is_known_again_behind_a_new_one() -> None:
    changed = (
        "## Steps to take\n\n1. Open the settings of your telephone.\n2. Choose **Networks** and then **Wi-Fi**.\n"
    )
    old = "## Steps\n\n1. Open the settings of your phone.\n2. Choose **Network** and then **Wi-Fi**.\n"
    source = f"## Before you begin\n\nHave your password ready, and a charger.\n\n{changed}"
    html = marked(source, "## 단계\n\n1. 하나\n2. 둘\n", made_from=old)
    drifted, notes = read(html)
    assert drifted == ["단계", "하나", "둘"]
    assert [note.partition(" ")[0] for note in notes] == ["NEW", "CHANGED", "CHANGED", "CHANGED"]


def test_a_section_that_is_gone_is_marked() -> None:
    assert read(marked(OLD.replace("## End\n\nCall.\n", ""))) == (["끝", "전화."], ["GONE"])


def test_a_changed_title_is_told_at_the_top() -> None:
    html = marked(OLD, title="T2")
    assert read(html) == ([], ["CHANGED T2"])
    assert html.index("T2") < html.index("머리말")


def test_notes_are_numbered_from_above_so_that_a_notice_can_lead_to_the_first() -> None:
    html = marked(OLD.replace("Call", "Ring").replace("One", "Eins"))
    assert html.index('id="source-change-1"') < html.index("Eins") < html.index('id="source-change-2"')


def test_headings_of_the_source_are_no_headings_of_the_page_and_bring_no_anchors() -> None:
    html = marked(OLD.replace("## End", "## More\n\n#### Deep {#deep}\n\n## End"))
    assert html.count("<h2") == 2
    assert 'id="deep"' not in html


def test_a_class_that_a_block_has_is_kept() -> None:
    source, translation = "!!! tip\n    Do it.\n", "!!! tip\n    하세요.\n"
    html = marked(source.replace("Do", "Leave"), translation, made_from=source)
    assert '<div class="drifted admonition tip">' in html


@pytest.mark.parametrize(
    "block",
    ["Text", "- a\n- b", "1. a\n\n    more\n\n2. b", "| a |\n|---|\n| b |", "```\ncode\n```", "> said", "* * *"],
)
def test_blocks_of_a_page_are_counted_as_in_its_markdown(block: str) -> None:
    markdown = f"## A\n\n{block}\n\nEnd.\n"
    counts = [len(section.blocks) for section in split_article("T", "S", markdown)]
    assert count_blocks(html_of(markdown)) == counts
