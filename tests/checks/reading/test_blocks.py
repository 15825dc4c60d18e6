"""Reading Markdown with its lines, and anchors as the built pages have them."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pymdownx.slugs import slugify

from answerdesk.articles.catalogue import load_catalogue
from answerdesk.articles.library import article_files
from answerdesk.checks.reading.blocks import Blocks, read_blocks
from answerdesk.checks.reading.page import CheckedPage, read_page

ROOT = Path(__file__).parents[3]
LANGUAGES = ["en", "zh-Hans", "zh-Hant", "ko", "tr", "ar"]


def blocks(markdown: str, start: int = 0) -> Blocks:
    return read_blocks(markdown, slugify(case="lower"), start)


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_have_the_anchors_of_the_built_pages(real_site: Path, language: str) -> None:
    folder = ROOT / "content"
    catalogue = load_catalogue(folder)
    for source, file in article_files(folder / language):
        page = read_page(
            source, language, source, file.read_text("utf-8"), catalogue=catalogue, slug=slugify(case="lower")
        )
        html = (real_site / language / page.path / "index.html").read_text("utf-8")
        body = html[html.index("<article") : html.rindex("</article>")] if "<article" in html else html
        for heading in page.blocks.headings:
            assert f'<h{heading.level} id="{heading.anchor}"' in body, (source, heading)


@pytest.mark.parametrize(
    "markdown",
    [
        "## One\n\n## One\n\n## One\n",
        "## With `code` and **bold** and [a link](x.md)\n",
        "## Own {#mine}\n\n## Mine\n",
        "## Mine\n\n## Other {#mine}\n",
        '!!! note "Mind"\n    ## Inside\n\n    ### Deeper\n\n## After\n',
        '=== "Windows"\n\n    ## Tab\n\n=== "Mac"\n\n    ## Tab\n',
        "??? info\n    - item\n\n        ## In a list\n",
        "##Tight\n\ntext\n##In the text\nmore\n",
        "Underlined\n==========\n\nTwice\n-----\n",
        "## Şifre & ключ – 密码?\n",
        "```\n## Code\n```\n\n## Text\n",
        "!!! note\n    ```bash\n    # no heading\n    ```\n\n## After\n",
        "Underlined\n===\n\n    ## in code\n",
        '!!! warning ""\n    ## Without a title\n',
        "!!!note\n    ## Tight mark\n",
        "## A &amp; B <sub>2</sub>\n",
        "## I/O - it *can* make_a_difference\n",
        "1. Step\n\n    ```\n    ## code\n    ```\n\n2. Next\n\n## End\n",
    ],
)
def test_anchors_are_those_that_python_markdown_makes(
    markdown: str, read: Callable[..., CheckedPage], render: Callable[[CheckedPage], Any]
) -> None:
    page = read("en/account/a.md", markdown)
    made = {anchor for anchor in render(page).anchors if not anchor.startswith("__tabbed")}
    assert {heading.anchor for heading in page.blocks.headings} == made


def test_everything_has_the_line_where_it_stands() -> None:
    text = "Text\nwith a [link](a.md) and\n![image](b.png)\n\n## Heading\n\n- one\n- two [three](c.md)\n"
    found = blocks(text, start=10)
    assert [(link.target, link.line) for link in found.links] == [("a.md", 12), ("c.md", 18)]
    assert [(image.target, image.line) for image in found.images] == [("b.png", 13)]
    assert [(heading.text, heading.line) for heading in found.headings] == [("Heading", 15)]
    assert [(block.kind, block.line) for block in found.blocks] == [
        ("paragraph", 11), ("heading", 15), ("item", 17), ("item", 18),
    ]  # fmt: skip


def test_links_in_admonitions_tabs_and_details_are_found_on_their_lines() -> None:
    text = '!!! tip\n    [a](a.md)\n\n    ??? note "More"\n        [b](b.md)\n\n=== "Mac"\n\n    1. [c](c.md)\n'
    assert [(link.target, link.line) for link in blocks(text).links] == [("a.md", 2), ("b.md", 5), ("c.md", 9)]


def test_what_stands_in_code_is_no_link() -> None:
    text = "`[a](a.md)`\n\n```\n[b](b.md)\n![](c.png)\n```\n\n!!! note\n    ```\n    [d](d.md)\n    ```\n"
    assert (blocks(text).links, blocks(text).images) == ([], [])


def test_links_and_images_of_raw_html_are_found() -> None:
    text = 'Text\n\n<p>\n<a href="a.md" id="here">x</a>\n<img src="b.png">\n</p>\n\n<img src="c.png" alt="">\n'
    found = blocks(text)
    assert [(link.target, link.line) for link in found.links] == [("a.md", 4)]
    assert [(image.target, image.text, image.line) for image in found.images] == [("b.png", None, 5), ("c.png", "", 8)]
    assert found.anchors == {"here"}


def test_an_image_that_is_a_link_is_both() -> None:
    found = blocks("[![Chart](a.png)](a-large.png)\n")
    assert ([one.target for one in found.images], [one.target for one in found.links]) == (["a.png"], ["a-large.png"])


def test_attributes_are_no_text() -> None:
    assert [block.text for block in blocks("![x](a.png){ width=200 } Text {: .lead }\n\n## H {#h}\n").blocks] == [
        "Text", "H",
    ]  # fmt: skip


def test_company_values_are_filled_in_before_anchors_are_made(read: Callable[..., CheckedPage]) -> None:
    page = read("en/account/a.md", "## Call {{ company }}\n")
    assert [heading.anchor for heading in page.blocks.headings] == ["call-example"]


def test_no_line_moves() -> None:
    text = re.sub("x", "text\n", '!!! note\n    x\n\n    x\n\n=== "T"\n    - x\n\n        x\n\n# x')
    assert blocks(text).blocks[-1].line == text.split("\n").index("# text") + 1
