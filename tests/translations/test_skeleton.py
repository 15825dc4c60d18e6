"""The skeleton of a translation: with each note's own text in its place it is the source again."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.sections import split_sections as rendered_sections
from answerdesk.articles.source import split_source
from answerdesk.build.configuration import load_site_config
from answerdesk.translations.notes import find_notes, open_notes, strip_notes
from answerdesk.translations.render import Renderer
from answerdesk.translations.sections import split_article
from answerdesk.translations.skeleton import write_skeleton

ROOT = Path(__file__).parents[2]
TAKEN_IN = os.environ.get("ANSWERDESK_TAKEN_IN", "")
STARTER = sorted((ROOT / "content" / "en").rglob("*.md"))


@pytest.fixture(scope="module")
def render() -> Renderer:
    """Return the Markdown converter of the starter site."""
    config = load_site_config(ROOT / "mkdocs.yml")
    return Renderer(config.markdown_extensions, config.mdx_configs)


def skeleton_of(markdown: str, render: Renderer) -> str:
    """Return the body of a skeleton, made as the command makes it."""
    sections = split_article("", "", markdown)
    anchors = [section.anchor for section in rendered_sections(render(markdown)) if section.anchor]
    numbers = [number for number, section in enumerate(sections) if section.level]
    known = dict(zip(numbers, anchors, strict=True)) if len(anchors) == len(numbers) else {}
    return write_skeleton("title: T\n", markdown, known).split("---\n", 2)[2].strip("\n")


def counts(markdown: str) -> list[int]:
    return [len(section.blocks) for section in split_article("", "", markdown)]


def assert_mirrored(markdown: str, render: Renderer) -> None:
    """Check that a skeleton has the blocks of its source, and renders as its source does when it is filled."""
    skeleton = skeleton_of(markdown, render)
    assert render(open_notes(skeleton)) == render(markdown)
    assert counts(open_notes(skeleton)) == counts(markdown)
    assert counts(skeleton) == counts(markdown)


CASES = {
    "a picture in a step": "1. Open it.\n\n    ![The window](window.png)\n\n2. Close it.\n",
    "a paragraph in a step": "1. Open it.\n\n    It takes\n    a while.\n2. Close it.\n",
    "tabs in a step": '1. Start.\n\n'
    '    === "Windows"\n\n        Press **R**.\n\n    === "macOS"\n\n        1. Press.\n\n2. End.\n',
    "steps in a step": "1. One\n    1. Inner\n        - Deep\n    2. Inner\n2. Two\n",
    "code in a step": "1. Type\n\n    ```sh\n    # no heading\n\n    ls -l\n    ```\n\n2. Enter\n",
    "a box in a step": '1. One\n\n    !!! warning "Take care"\n        Do not.\n\n        - Never\n\n2. Two\n',
    "a closed box": '???+ note\n    Text.\n\n    1. Step\n\n        ```\n        code\n        ```\n',
    "a table in a step": "1. Choose\n\n    | A | B |\n    | --- | --- |\n    | 1 | `a\\|b` |\n\n2. Two\n",
    "wide and narrow indents": "-   Wide\n\n    More.\n\n*  Other\n   lazy\n\n+ Plus\n  - two\n",
    "indents by tabs": "1.\tOne\n\n\tMore\n\n\t\tcode\n2.\tTwo\n",
    "a list from seven": "7. Seven\n8. Eight\n\n    > Quoted\n    > on\n",
    "quotes": "> A quote\n> goes on\n>\n> - with a list\n> - of two\n\n> > deep\n",
    "a definition": "Term\n:   What it is,\n    at length.\n\n    More.\n\n:   Another\n",
    "the author's comments": "Text <!-- aside --> more.\n\n<!-- a long\n\ncomment -->\n\n"
    "1. One\n\n    <!-- inner -->\n\n    Two\n",
    "footnotes": "Text[^1].\n\n[^1]: A note\n    that goes on.\n\n    And on.\n",
    "tasks": "- [ ] Open\n- [x] Done\n    - [ ] Inner\n",
    "headings": "Title\n-----\n\nText\n\n### Other { .wide }\n\nText\n#### Fourth\nText\n\n## Known {#own}\n",
    "indented code": "Text:\n\n    code\n\n    more\n\nText\n",
    "attributes": "Text\n{: .wide }\n\n![a](b.png){ width=20 }\n",
    "html": '<div class="grid" markdown>\n\nText\n\n</div>\n\n<details>\n<summary>More</summary>\n\nText\n</details>\n',
    "references": "See [it][1].\n\n[1]: https://example.com/ \"It\"\n",
    "a blank line with spaces": "Text\n   \nMore\n\n!!! note\n    \n    Text\n",
    "a great title": "Great\n=====\n\nText\n",
    "a rule": "One\n\n---\n\n* * *\n\nTwo\n",
    "an arrow": "Choose File --> Open.\n\n1. A --> B\n",
}  # fmt: skip


@pytest.mark.parametrize("markdown", CASES.values(), ids=CASES.keys())
def test_a_skeleton_filled_with_its_own_text_is_built_like_its_source(markdown: str, render: Renderer) -> None:
    assert_mirrored(markdown, render)


@pytest.mark.parametrize("file", STARTER, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_the_skeleton_of_every_starter_article_mirrors_it(file: Path, render: Renderer) -> None:
    assert_mirrored(body_of(file), render)


@pytest.mark.skipif(not TAKEN_IN, reason="ANSWERDESK_TAKEN_IN names no folder of articles of other sites")
def test_the_skeletons_of_articles_of_other_sites_mirror_them(render: Renderer) -> None:
    files = sorted(Path(TAKEN_IN).rglob("*.md"))
    assert files
    for file in files:
        assert_mirrored(body_of(file), render)


def body_of(file: Path) -> str:
    split = split_source(file.name, file.read_text("utf-8"))
    assert not isinstance(split, ContentProblem)
    return split[1]


WORDS = st.sampled_from(
    ["Open the window", "Wait **a** minute", "![A picture](a.png)", "Press `Ctrl`", "See [it](x.md)"]
)


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> list[str]:
    """Draw lines of Markdown, of which lists, boxes and tabs hold further ones."""
    kinds = ["text", "wrapped", "fence", "table", "quote", "comment", "definition"]
    kinds += ["list", "tasks", "box", "tabs"] if depth < 3 else []
    lines: list[str] = []
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3)):
        lines += [*draw_block(draw, kind, depth), ""]
    return lines


def draw_block(draw: st.DrawFn, kind: str, depth: int) -> list[str]:
    """Draw one block of a kind."""
    text = draw(WORDS)
    inner = [f"    {line}" if line else "" for line in draw(blocks(depth + 1))] if kind in HOLDERS else []
    marker = draw(st.sampled_from(["1.  ", "7. ", "-   ", "* ", "+\t"]))
    return {
        "text": [text],
        "wrapped": [text, draw(WORDS), draw(WORDS)],
        "fence": [draw(st.sampled_from(["```", "~~~ text", "```py"])), "# code", "", "- no item", "    deep", "```"],
        "table": ["| A | B |", "| --- | :-: |", f"| {text} | 2 |"],
        "quote": [f"> {text}", f"> {draw(WORDS)}", ">", f"> - {text}"],
        "comment": ["<!-- what an author", "", "noted -->"],
        "definition": ["Term", f":   {text}"],
        "list": [f"{marker}{text}", "", *inner, f"{marker}{draw(WORDS)}", f"    - {text}"],
        "tasks": [f"- [ ] {text}", "- [x] Done"],
        "box": [draw(st.sampled_from(['!!! note "Title"', "??? tip", '???+ warning "T"'])), *inner],
        "tabs": ['=== "One"', "", *inner, "", '=== "Two"', "", f"    {text}"],
    }[kind]


HOLDERS = {"list", "box", "tabs"}


@given(blocks(), st.sampled_from(["", "## A heading\n\n", "Text\n\n## A heading\n\n"]))
def test_skeletons_mirror_whatever_is_nested(lines: list[str], before: str) -> None:
    markdown = before + "\n".join(lines)
    skeleton = write_skeleton("title: T\n", markdown, {}).split("---\n", 2)[2].strip("\n")
    assert open_notes(skeleton).strip("\n") == markdown.strip("\n")
    assert counts(skeleton) == counts(markdown)


def test_a_skeleton_leaves_out_nothing_that_readers_read(render: Renderer) -> None:
    markdown = CASES["tabs in a step"]
    assert find_notes(skeleton_of(markdown, render)) == ["Start.", "Windows", "Press **R**.", "macOS", "Press.", "End."]


def test_code_and_structure_stand_outside_of_notes(render: Renderer) -> None:
    shown = strip_notes(skeleton_of(CASES["code in a step"], render))
    assert shown == "1. \n\n    ```sh\n    # no heading\n\n    ls -l\n    ```\n\n2. "
