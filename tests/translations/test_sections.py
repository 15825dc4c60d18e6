"""Sections and blocks of an article: what counts as a change, and what does not."""

import pytest

from answerdesk.translations.sections import Kind, TextSection, split_article


def split(markdown: str) -> tuple[TextSection, ...]:
    return split_article("Title", "Summary.", markdown)


def texts(markdown: str) -> list[list[str]]:
    return [[block.text for block in section.blocks] for section in split(markdown)]


def test_title_summary_and_what_stands_before_the_first_heading_are_a_section() -> None:
    assert texts("\nIntro.\n\n## One\n\nText.\n") == [["Title", "Summary.", "Intro."], ["One", "Text."]]


def test_headings_of_level_2_and_3_begin_sections_and_deeper_ones_are_blocks() -> None:
    assert texts("## A\n### B\n#### C\n") == [["Title", "Summary."], ["A"], ["B", "#### C"]]
    assert [section.level for section in split("## A\n### B\n")] == [0, 2, 3]


def test_a_heading_may_be_underlined_and_may_name_its_anchor() -> None:
    assert texts("First\n-----\n\n## Second {#two}\n") == [["Title", "Summary."], ["First"], ["Second"]]


def test_every_step_is_a_block_with_what_belongs_to_it() -> None:
    markdown = "1. Open it.\n   More.\n\n    ![x](x.png)\n\n2. Close it.\n    - this\n    - that\n"
    blocks = split(markdown)[0].blocks[2:]
    assert [(block.marker, block.number, block.text) for block in blocks] == [
        ("1.", 1, "Open it.\nMore.\n\n ![x](x.png)"),
        ("1.", 2, "Close it."),
        ("-", 1, "this"),
        ("-", 2, "that"),
    ]


@pytest.mark.parametrize(
    ("markdown", "kinds"),
    [
        ("```\n# no heading\n\n- no item\n```\n\nText\n", [Kind.CODE, Kind.TEXT]),
        ('!!! tip "Do"\n    One.\n\n    - two\n\nText\n', [Kind.ADMONITION, Kind.TEXT]),
        ('=== "Windows"\n    A\n\n=== "Mac"\n    B\n', [Kind.TAB]),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n", [Kind.TEXT]),
        ("> one\n\n> two\n", [Kind.QUOTE]),
        ("Text\n- still the same paragraph\n", [Kind.TEXT]),
        ("Text [a][1]\n\n[1]: https://example.com\n", [Kind.TEXT]),
        ("    code\n\n    more code\n", [Kind.CODE]),
    ],
)
def test_blocks_end_where_markdown_ends_them(markdown: str, kinds: list[Kind]) -> None:
    assert [block.kind for block in split(markdown)[0].blocks[2:]] == kinds


def test_a_step_that_is_put_in_before_others_changes_none_of_them() -> None:
    before, after = split("1. One\n2. Two\n")[0].hashes, split("1. New\n2. One\n3. Two\n")[0].hashes
    assert set(before) < set(after)


def test_how_a_text_is_wrapped_makes_no_difference_but_where_a_link_leads_does() -> None:
    assert split("Read [this](a.md)\nnow.\n")[0].hashes == split("Read  [this](a.md) now.\n")[0].hashes
    assert split("Read [this](a.md) now.\n")[0].hashes != split("Read [this](b.md) now.\n")[0].hashes


def test_a_block_says_after_which_line_the_next_may_be_put_in() -> None:
    lines = ["## A", "", "Text.", "", "", "1. One", "2. Two", ""]
    ends = [block.end for section in split("\n".join(lines)) for block in section.blocks[section.level == 0 and 2 :]]
    assert [lines[end - 1] for end in ends] == ["## A", "Text.", "1. One", "2. Two"]
