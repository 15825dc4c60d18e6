"""One converter for all pages: nothing of a page is left in the next, and unknown extensions get one each."""

from pathlib import Path

from markdown import Markdown
from markdown.extensions import Extension
from mkdocs.config.base import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from answerdesk.build.page_converter import PageConverter

EVERYTHING = """# Title

Text[^1] with an ABBR, ==marked==, $x^2$ and `#!python code`.[^2] [Down](#deep) ![picture](a.png) [other](other.md#part)

*[ABBR]: Abbreviation

[^1]: Note

[^2]: Other

=== "One"
    1. Step

        ```python linenums="1"
        print()
        ```

=== "Two"
    - [x] Done

## Deep {#deep}

<div id="raw" markdown="block">
Within
</div>
"""
PLAIN = "# Other\n\nText with an ABBR, [^1] and [name][ref].\n\n## Deep\n\n## Deep\n"
REFERENCE = "# Third\n\n[name][ref]\n\n[ref]: https://example.com/\n"


class Counting(Extension):
    """Keeps what a well-behaved extension would forget."""

    made = 0

    def extendMarkdown(self, md: Markdown) -> None:
        Counting.made += 1


def read(folder: Path, texts: dict[str, str], extensions: list[object]) -> tuple[MkDocsConfig, Files, list[Page]]:
    """Return pages that have been read and not converted."""
    docs = folder / "docs"
    docs.mkdir()
    (folder / "mkdocs.yml").write_text("site_name: Help\nplugins: []\n", "utf-8")
    config = load_config(config_file=str(folder / "mkdocs.yml"))
    config.markdown_extensions.extend(extensions)  # type: ignore[arg-type]
    files = []
    for name, text in texts.items():
        (docs / name).write_text(text, "utf-8")
        files.append(File(name, str(docs), config.site_dir, use_directory_urls=True))
    pages = [Page(None, file, config) for file in files]
    for page in pages:
        page.read_source(config)
    return config, Files(files), pages


def shown(page: Page) -> tuple[object, ...]:
    toc = [(item.title, item.id) for item in page.toc]
    return page.content, toc, page.title, page.present_anchor_ids, page.links_to_anchors


def test_a_page_is_what_a_converter_of_its_own_would_make_of_it(tmp_path: Path) -> None:
    site = load_config(config_file=str(Path(__file__).parents[2] / "mkdocs.yml"))
    texts = {"a.md": EVERYTHING, "b.md": PLAIN, "other.md": REFERENCE, "d.md": PLAIN, "e.md": EVERYTHING}
    config, files, pages = read(tmp_path, texts, site.markdown_extensions)
    config.mdx_configs = site.mdx_configs
    converter = PageConverter(config)
    for page in pages:
        converter.convert(page, files)
    together = [shown(page) for page in pages]
    for page in pages:
        page.render(config, files)
    assert together == [shown(page) for page in pages]


def test_an_extension_of_others_gets_a_converter_for_each_page(tmp_path: Path) -> None:
    config, files, pages = read(tmp_path, {"a.md": PLAIN, "b.md": PLAIN}, [Counting()])
    converter = PageConverter(config)
    before = Counting.made
    for page in pages:
        converter.convert(page, files)
    assert Counting.made == before + 2
