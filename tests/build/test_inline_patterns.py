"""A page is tried only for patterns whose marks it holds, and looks as if it had been tried for all."""

from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from markdown.treeprocessors import InlineProcessor
from mkdocs.config.base import load_config

from answerdesk.build.inline_patterns import MARKS, PatternChoice

PROJECT = Path(__file__).parent.parent.parent
PIECES = sorted(
    {*"".join(MARKS.values())} | {*" \n!()/>@#;.:1aB", "http://a.b", "![", "](", "  \n", "^]: ", "==", "~~", "++"}
)


def converter() -> Markdown:
    config = load_config(str(PROJECT / "mkdocs.yml"))
    return Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)


@pytest.fixture(scope="module")
def every() -> Markdown:
    return converter()


@pytest.fixture(scope="module")
def chosen() -> Markdown:
    markdown = converter()
    PatternChoice(markdown)
    return markdown


def convert(markdown: Markdown, text: str) -> str:
    markdown.reset()
    for step in markdown.preprocessors:
        if isinstance(step, PatternChoice):
            step.written = text
    return markdown.convert(text)


def test_every_pattern_that_has_marks_is_known_by_its_name(every: Markdown) -> None:
    assert [name for name in MARKS if name not in every.inlinePatterns] == []


@pytest.mark.parametrize("name", MARKS)
def test_a_pattern_is_tried_only_where_one_of_its_marks_is(chosen: Markdown, name: str) -> None:
    pattern, inline = chosen.inlinePatterns[name], cast(InlineProcessor, chosen.treeprocessors["inline"])

    for mark in MARKS[name]:
        convert(chosen, f"One {mark} here")
        assert pattern in inline.inlinePatterns

    convert(chosen, "Nothing here")
    assert pattern not in inline.inlinePatterns


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_becomes_what_all_patterns_make_of_it(every: Markdown, chosen: Markdown, text: str) -> None:
    assert convert(chosen, text) == convert(every, text)
