"""A site with every construct that we know of is taken in, builds without a warning, and passes what stops a build."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from answerdesk.build.site_build import build_site
from answerdesk.commands.check import check
from answerdesk.commands.take_in import take_in

ROOT = Path(__file__).parents[2]
SETTINGS = """\
INHERIT: base.yml
site_name: !ENV [NO_SUCH_NAME, 'Ünïted Desk']
site_url: !ENV [NO_SUCH_URL, 'https://old.example.com/docs/']
docs_dir: !ENV [NO_SUCH_FOLDER, docs]
edit_uri: edit/main/docs/
use_directory_urls: false
theme:
  name: material
  custom_dir: overrides
  icon: { logo: material/library }
  palette: [{ scheme: default, toggle: { icon: material/weather-sunny, name: Dark } }]
nav:
  - Home: index.md
  - Basics:
      - basics/index.md
      - 'All of it': basics/All Of It.md
      - Elsewhere: https://example.com/
      - Deep: [{ Deeper: [tables.md] }]
  - Gone: not/there.md
  - Folder: missing/
plugins:
  search: { lang: [en, tr] }
  macros: { include_dir: snippets }
  redirects: { redirect_maps: { 'former.md': 'tables.md', 'x.md': 'https://example.com' } }
  awesome-pages:
  i18n: { docs_structure: suffix, languages: [{ locale: en, default: true, name: English, build: true }] }
  blog: { blog_dir: blog }
  tags: { tags_file: tags.md }
  literate-nav: { nav_file: SUMMARY.md }
  gen-files: { scripts: [gen.py] }
  git-revision-date-localized: { enabled: !ENV [CI, false] }
  include-markdown:
  glightbox:
  privacy: { enabled: !ENV [CI, false] }
  social: { cards: !ENV [CARDS, false] }
  minify: { minify_html: true }
  multirepo: { cleanup: true }
hooks: [hooks.py]
extra: { desk: 'the old desk', nested: { a: 1 } }
extra_css: [stylesheets/extra.css]
extra_javascript: [{ path: app.js, type: module }, https://cdn.example.com/x.js]
exclude_docs: |
  hidden/
not_in_nav: |
  /loose.md
draft_docs: |
  draft-*.md
validation: { anchors: warn, unrecognized_links: warn }
watch: [snippets]
"""
BASE = """\
markdown_extensions:
  - pymdownx.extra: { markdown.extensions.footnotes: { BACKLINK_TEXT: '^' } }
  - codehilite: { guess_lang: false }
  - fenced_code
  - pymdownx.inlinehilite
  - pymdownx.arithmatex: { generic: true }
  - pymdownx.critic: { mode: view }
  - pymdownx.emoji: { emoji_index: !!python/name:materialx.emoji.twemoji , emoji_generator: !!python/name:materialx.emoji.to_svg }
  - pymdownx.highlight: { anchor_linenums: true, use_pygments: true, no_such_option: 1 }
  - pymdownx.snippets: { base_path: [!relative $config_dir, snippets], auto_append: [snippets/abbr.md], check_paths: true }
  - pymdownx.superfences:
      custom_fences: [{ name: mermaid, class: mermaid, format: !!python/name:pymdownx.superfences.fence_code_format }]
  - pymdownx.tabbed: { alternate_style: true, slugify: !!python/object/apply:pymdownx.slugs.slugify { kwds: { case: lower } } }
  - pymdownx.tasklist: { custom_checkbox: true }
  - pymdownx.betterem: { smart_enable: all }
  - pymdownx.smartsymbols
  - pymdownx.magiclink: { repo_url_shorthand: true, user: a, repo: b }
  - mdx_truly_sane_lists
  - markdown.extensions.toc: { permalink: '#', toc_depth: 3, title: Here }
  - attr_list
  - plantuml_markdown: { server: 'https://plantuml.example.com' }
  - mkdocs-click
  - no.such.extension
"""
ALL = r"""# All of it {#top .big}

Text[^1] and ^[inline], ==mark==, ++ctrl+alt+del++, ^^ins^^, ~~del~~, H~2~O, x^2^, HTML, :smile: :material-wifi:{ .lg }
:no-such-emoji: :octicons-nope-16: (c) --> 1/2 "quoted" and $f[f](1 \le a)$, \(a_1\), {++add++} {--gone--} {>>note<<}.

$$
\frac{1}{2} \nosuch
$$

\begin{align} a &= b \\ c &= d \end{align}

- [ ] open
- [x] done
    1. nested
        ```sh title="a b" linenums="1" hl_lines="1"
        echo "{{ not_a_variable }}" # (1)!
        ```

        1. remark

```mermaid
graph TD
  A --> B
```

```mermaid
what is this
```

```plantuml
a -> b
```

```{.python .extra #id attr="1"}
print("[not](a-link.md)")
```

=== "One"
    Text

    === "Inner"
        ![A picture](../img/My%20Picture.PNG){ width="300" loading=lazy }

=== "Two"

    !!! unknown-kind inline end "Title **bold**"
        Text

??? note
    Folded

???+ tip "Open"
    Text

> [!NOTE]
> Callout

/// caption
Caption
///

/// unknown-block
Text
///

Term
:   Definition

| a | b |
|--:|:-:|
| `a|b` | [x](../tables.md#no-such) |

*[HTML]: Language

[TOC]

::: package.module.Thing
    options: {}

[[wiki]] and [[wiki|named]] %%comment%% {{ desk }} {{ nested.a }} {{ f("x") }} {% if x %}Shown{% endif %}
{%
   include-markdown "../snippets/part.md"
%}

--8<-- "part.md"
--8<-- "nowhere.md"

[link over
two lines](
../tables.md) and [another](../tables.md
"Title") and ![pic][remote] ![local][here] [text][gone] [gone] [same line](#top) [Two](<../tables.md>)
[spaces](My Page.md) [percent](My%20Page.md) [up](../../outside.md) [abs](/tables/) [abs html](/docs/tables.html)
[old site](https://old.example.com/docs/tables.html#rows) [mail](mailto:a@example.com) [js](javascript:alert(1)) <https://example.com>
[case](my%20page.md) [html](../page.html) [empty]() [](../tables.md) [unclosed](../tables.md

[remote]: https://pictures.example.com/a.png "T"
[here]: ../img/My%20Picture.PNG
[gone]: nowhere.md

![other](https://pictures.example.com/b.png) ![data](data:image/png;base64,iVBORw0KGgo=) ![missing](no.png)
![theme](../images/logo.png)
<img src="https://pictures.example.com/c.png" onerror="x()"> <iframe src="https://video.example.com"></iframe>
<div class="grid cards" markdown>

-   Card [link](../tables.md){ .md-button .md-button--primary }

</div>
<div style="background: url(x)" onclick="x()">raw</div> <script>alert(1)</script> <style>p{}</style> <br/> <unknown-tag>
<details><summary>Raw</summary>

Inside **Markdown**

</details> <!-- comment > with < signs --> <form><input></form> <a name="named"></a> <video src="a.mp4" controls></video>
<kbd>Ctrl</kbd> <sub>2</sub> a < b && c > d &nbsp; &copy; &#x27; <? php ?> <!DOCTYPE x> <![CDATA[x]]>

# Second title

#No space

#### Jump

[^1]: Note with `code`

    and a second paragraph.
[^unused]: Nobody refers to it.
"""
PAGES: dict[str, str | bytes] = {
    "index.md": "---\ntemplate: home.html\nhide: [navigation, toc]\ntags: [a, 1, null]\ntitle: 'Home: \"sweet\" #1'\n---\n",
    "basics/index.md": "# Basics\n\nRead [all](All Of It.md).\n",
    "basics/All Of It.md": ALL,
    "basics/My Page.md": "\ufeff---\r\ntitle: Windows\r\n---\r\n\r\nText with CRLF [here](my page.md).\r\n",
    "basics/my page.md": "# Small\n\nDiffers in case alone.\n",
    "tables.md": "# Tables\n\n" + "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 400 + "\n## Rows\n",
    "empty.md": "", "only-front.md": "---\ntitle: Only\n---\n", "README.md": "# Read me\n", "loose.md": "Loose text\n",
    "latin1.md": "# Caf\xe9\n\nT\xfcr\n".encode("latin-1"),
    "toml.md": "+++\ntitle = 'TOML'\n+++\n\n# Toml\n",
    "broken-front.md": "---\ntitle: [unclosed\n---\n\n# Broken\n",
    "list-front.md": "---\n- a\n- b\n---\n\n# List\n",
    "odd-front.md": "---\ntitle: {a: b}\ndescription: [x]\ntags: {a: b}\ndate: 2026-13-45\nowner: 5\n---\n\nOdd\n",
    "設定 ガイド.md": "# 設定\n\n[表](tables.md)\n", "Ärger/Größe & Co.md": "# Größe\n\nText\n", "a'b(c)[d].md": "Quote\n",
    "blog/index.md": "# Blog\n", "blog/posts/one.md": "---\ndate: 2026-01-01\nauthors: [x]\n---\n# Post\n\nA\n\n<!-- more -->\n\nB\n",
    "tags.md": "# Tags\n\n[TAGS]\n<!-- material/tags -->\n", "page.tr.md": "# Türkçe\n", "page.html": "<html>raw</html>",
    "SUMMARY.md": "* [Home](index.md)\n", ".pages": "title: x\n", "hidden/x.md": "# x\n", "draft-a.md": "# Draft\n",
    "unclosed.md": "# U\n\n```python\nnever closed\n\n<div>\n\n<!-- never closed\n", "deep.md": "> " * 60 + "x\n" + "    " * 30 + "- y\n",
    "long.md": "# " + "Very long title " * 20 + "\n\n" + "word " * 200 + "\n", "control.md": "# C\x07\n\nText \x00 \x0b\x1f end\n",
    "only-html.md": "<p>Only <b>HTML</b>.</p>\n", "only-picture.md": "![x](img/My Picture.PNG)\n", "nested/a/b/c/d/e.md": "# E\n\n[t](../../../../../tables.md)\n",
    "img/My Picture.PNG": b"\x89PNG", "stylesheets/extra.css": "p{}", "app.js": "x()", "notes.txt": "n",
}  # fmt: skip
OTHERS: dict[str, str | bytes] = {
    "mkdocs.yml": SETTINGS, "base.yml": BASE, "snippets/part.md": "A *part* with [t](tables.md).\n",
    "snippets/abbr.md": "*[VPN]: Virtual private network\n", "overrides/main.html": "{% extends 'base.html' %}",
    "overrides/images/logo.png": b"\x89PNG", "overrides/.icons/own/x.svg": "<svg/>", "hooks.py": "boom(", "gen.py": "boom(",
}  # fmt: skip


@pytest.fixture(scope="module", params=["en", "tr"])
def taken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    old = tmp_path_factory.mktemp("old")
    for name, content in {**OTHERS, **{f"docs/{name}": content for name, content in PAGES.items()}}.items():
        (old / name).parent.mkdir(parents=True, exist_ok=True)
        (old / name).write_bytes(content.encode() if isinstance(content, str) else content)
    given = [str(old), "--into", str(old / "new"), "-f", str(ROOT / "mkdocs.yml"), "--reviewed", "2026-10-01"]
    result = CliRunner().invoke(take_in, [*given, "--lang", request.param], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return old / "new"


def test_it_builds_without_a_warning(taken: Path) -> None:
    (outcome,) = build_site(taken / "mkdocs.yml", strict=True)
    assert (outcome.is_built, outcome.messages) == (True, ())


def test_pages_are_read_and_not_only_shown(taken: Path) -> None:
    losses = json.loads((taken / "taken-in.json").read_text("utf-8"))["losses"]
    assert [loss for loss in losses if "as it was written" in loss["what"]] == []
    (own,) = [path for path in (taken / "content").iterdir() if (path / "basics").is_dir()]
    text = (own / "basics/all-of-it.md").read_text("utf-8")
    for kept in (
        ":material-wifi:{ .lg }",
        "$f[f](1 \\le a)$",
        "++ctrl+alt+del++",
        'class="grid cards"',
        "[pic](https:",
    ):
        assert kept in text
    assert (own / "images/logo.png").is_file()  # of the old theme's folder
    assert "two lines](tables.md)" in text
    assert "Café" in (own / "general/latin1.md").read_text("utf-8")
    assert "Ünïted Desk" in (taken / "mkdocs.yml").read_text("utf-8")


def test_a_kind_of_loss_is_one_line_with_its_count_and_examples(taken: Path) -> None:
    report = (taken / "taken-in.md").read_text("utf-8")
    (row,) = [line for line in report.split("\n") if "times: the page has no text" in line]
    assert row.startswith("- 8 times")
    assert "`empty.md:1`" in row
    assert "3 more are in taken-in.json" in row


def test_check_names_nothing_that_stops_a_build(taken: Path) -> None:
    result = CliRunner().invoke(check, ["-f", str(taken / "mkdocs.yml"), "--json"], catch_exceptions=False)
    stops = {"contract", "active-html", "link", "anchor", "image", "redirect"}
    found = json.loads(result.stdout)
    assert [row for row in found if row["level"] == "error" and row["rule"] in stops] == []


def test_links_to_the_headings_of_a_page_that_is_shown_as_written_lead_to_the_page(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    drawing = "    <svg>\n        <title>Drawn</title>\n    </svg>\n"
    (tmp_path / "docs/a.md").write_text(
        f"# A\n\n## Part\n\n<div>\n\n{drawing}\n</div>\n\n[x]{{ href=javascript:y() }}\n\n[y](b.md){{ href=javascript:y() }}\n"
    )
    (tmp_path / "docs/b.md").write_text("# B\n\nSee [the part](a.md#part).\n")
    given = [str(tmp_path), "--into", str(tmp_path / "new"), "-f", str(ROOT / "mkdocs.yml"), "--reviewed", "2026-10-01"]
    assert CliRunner().invoke(take_in, given, catch_exceptions=False).exit_code == 0
    (outcome,) = build_site(tmp_path / "new/mkdocs.yml", strict=True)
    assert (outcome.is_built, outcome.messages) == (True, ())
    losses = json.loads((tmp_path / "new/taken-in.json").read_text("utf-8"))["losses"]
    assert [loss["file"] for loss in losses if "as it was written" in loss["what"]] == ["a.md"]
    assert [loss["file"] for loss in losses if loss["kind"] == "anchor"] == ["b.md"]
