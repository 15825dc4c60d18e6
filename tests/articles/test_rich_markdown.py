"""Everyday Markdown is drawn when the site is built: without a script, a style or another host."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import fromstring

import pytest
from markdown import Markdown

from answerdesk.articles.active_html import find_active
from answerdesk.articles.admonition_titles import BoxTitles
from answerdesk.articles.diagrams import DiagramError, draw_diagram
from answerdesk.articles.math import MathError, draw_math
from answerdesk.articles.sections import split_sections
from answerdesk.articles.ui_messages import load_words
from answerdesk.build.configuration import load_site_config

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "zh-Hans", "zh-Hant", "ko", "tr", "ar")
CONFIG = load_site_config(ROOT / "mkdocs.yml")


def convert(text: str, language: str = "en") -> str:
    boxes = BoxTitles(load_words(ROOT / "portal/words", language))
    return Markdown(extensions=[*CONFIG.markdown_extensions, boxes], extension_configs=CONFIG.mdx_configs).convert(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("==word==", "<mark>word</mark>"),
        ("^^new^^ x^2^", "<ins>new</ins> x<sup>2</sup>"),
        ("H~2~O ~~old~~", "H<sub>2</sub>O <del>old</del>"),
        ("++ctrl+alt+del++", '<kbd class="key-control">Ctrl</kbd>'),
        ("(c) -->", "&copy; &rarr;"),
        (":smile: :+1:", "😄 👍"),
        (":material-wifi:", '<span aria-label="wifi" class="icon" role="img"><svg'),
        (":material-wifi:{ .large }", '<span aria-label="wifi" class="icon large" role="img"><svg'),
        (":fontawesome-brands-github:", '<span aria-label="github" class="icon" role="img"><svg'),
        ("HTML\n\n*[HTML]: Language", '<abbr tabindex="0" title="Language">HTML</abbr>'),
        ("Term\n:   What it is", "<dd>What it is</dd>"),
        ("[Go](x.md){ .md-button }", '<a class="md-button" href="x.md">Go</a>'),
        ('<div class="grid cards" markdown>\n\n- **a**\n\n</div>', "<strong>a</strong>"),
        ("![x](y.png)\n/// caption\nA picture\n///", "<figcaption>\n<p>A picture</p>"),
        ("/// note | Mind\nText\n///", '<p class="admonition-title">Mind</p>'),
        ("> [!WARNING]\n> Text", '<div class="admonition warning">'),
        ("| a |\n|--:|\n| 1 |", '<td align="right">1</td>'),
        ('``` py title="a.py"\nx = 1\n```', '<span class="filename">a.py</span>'),
        ('``` py linenums="1" hl_lines="1"\nx = 1\n```', 'data-linenos="1 "'),
        ("``` py\nx = 1 # (1)!\n```", '<span class="code-note">1</span>'),
        ("`#!py x = 1`", '<code class="highlight">'),
        ('=== "A"\n    a\n\n=== "B"\n    b', 'class="tabbed-set tabbed-alternate"'),
        ("Text[^1].\n\n[^1]: Note", '<a class="footnote-ref" href="#fn:1">'),
    ],
)
def test_what_authors_know_from_material_is_read(text: str, shown: str) -> None:
    html = convert(text)
    assert shown in html or shown.replace('tabindex="0" title="Language"', 'title="Language" tabindex="0"') in html
    assert find_active(html) == []


@pytest.mark.parametrize(
    "text", ["월~금/9~18시", "10~20、30~40", "9:00~12:00/13:00~18:00", "~/.bashrc, ~/.profile", "C++ and C++",
             "a == b == c", "US$5–US$10", "$HOME/$USER", "$5, $6", "10:30:45", ":nothing-known:"]
)  # fmt: skip
def test_ranges_prices_paths_and_comparisons_stay_as_they_are(text: str) -> None:
    assert convert(text) == f"<p>{text}</p>"


@pytest.mark.parametrize("text", ["$a^2$", "\\(a^2\\)", "$$\na^2\n$$", "\\[ a^2 \\]", "```math\na^2\n```"])
def test_formulas_are_mathml_with_a_text(text: str) -> None:
    html = convert(text)
    assert "<msup><mi>a</mi><mn>2</mn></msup>" in html
    assert 'alttext="a^2"' in html
    assert find_active(html) == []


def test_a_formula_carries_nothing_that_runs_or_leads_away() -> None:
    tex = r"\href{javascript:x()}{a} \text{<script>y()</script> & b} \style{color:red}{c}"
    assert find_active(convert(f"${tex}$")) == []
    assert "<script" not in draw_math(tex)
    assert "javascript" not in draw_math(tex)


@pytest.mark.parametrize("tex", [r"\frac{", r"\nosuch{x}", r"x^", r"\left( a"])
def test_a_formula_that_cannot_be_drawn_is_shown_as_code(tex: str) -> None:
    with pytest.raises(MathError):
        draw_math(tex)
    assert '<code class="math-source">' in convert(f"$${tex}$$".replace("$$", "$$\n", 1).replace("$$", "$$"))


DIAGRAMS = {
    "flowchart": "graph TD\n  A[Start] --> B{On?}\n  click A href \"https://x.example\"",
    "sequence": "sequenceDiagram\n  User->>Desk: Hello",
    "state": "stateDiagram-v2\n  [*] --> New",
    "class": "classDiagram\n  Animal <|-- Duck",
    "entities": "erDiagram\n  A ||--o{ B : has",
    "plan": "gantt\n  dateFormat YYYY-MM-DD\n  section S\n  Task :a1, 2024-01-01, 30d",
    "pie": 'pie title Pets\n  "Dogs" : 3',
    "journey": "journey\n  title Day\n  section Work\n    Tea: 5: Me",
    "mind map": "mindmap\n  root((help))\n    A",
}  # fmt: skip


@pytest.mark.parametrize("source", DIAGRAMS.values(), ids=list(DIAGRAMS))
def test_diagrams_are_pictures_in_the_page(source: str) -> None:
    html = convert(f"```mermaid\n{source}\n```")
    picture = re.search(
        r'<img class="diagram" src="data:image/svg\+xml,([^"]+)" alt="[^"]+" width="\d+" height="\d+">', html
    )
    assert picture
    assert find_active(html) == []
    fromstring(unquote(unescape(picture[1])))  # as a browser reads it
    assert draw_diagram(source) == draw_diagram.__wrapped__(source)


def test_a_diagram_that_cannot_be_drawn_is_shown_as_its_source_and_says_so() -> None:
    with pytest.raises(DiagramError):
        draw_diagram("nope")
    html = convert("```mermaid\nnope\n```", "tr")
    assert "<code>nope</code>" in html
    assert "kaynak metniyle" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_extensions_say_is_in_the_language_of_the_page(language: str) -> None:
    words = load_words(ROOT / "portal/words", language)
    html = convert(
        'a[^1]\n\n- [x] b\n- [ ] c\n\n> [!TIP]\n> d\n\n```mermaid\npie\n "A": 1\n```\n\n[^1]: Note', language
    )
    assert f'title="{words["footnote_back"].replace("{number}", "1")}"' in html
    assert f'<span class="task done" role="img" aria-label="{words["task_done"]}"></span> b' in html
    assert f'<span class="task" role="img" aria-label="{words["task_open"]}"></span> c' in html
    assert f'<p class="admonition-title">{words["box_tip"]}</p>' in html
    assert f"<summary>{words['diagram_source']}</summary>" in html
    assert "data-word" not in html
    assert "<input" not in html


def test_search_finds_the_words_of_notes_and_drawings_and_no_syntax() -> None:
    diagram = "```mermaid\ngraph TD\n  A[Iron] --> B[Lead]\n```"
    text = f"Zinc[^1] is $\\frac{{1}}{{2}}$.\n\n| Ore |\n|---|\n| Tin |\n\n{diagram}\n\n[^1]: Gold"
    (section,) = split_sections(convert(text))
    for word in ("Zinc", "Tin", "Iron", "Lead", "Gold", "1/2"):
        assert word in section.text
    for syntax in ("graph TD", "-->", "frac", "↩", "svg"):
        assert syntax not in section.text


def test_a_converter_that_is_used_again_keeps_nothing_of_the_page_before() -> None:
    md = Markdown(extensions=CONFIG.markdown_extensions, extension_configs=CONFIG.mdx_configs)
    text = 'a[^1] $x$ :smile: H~2~O\n\n[^1]: Note\n\n*[a]: b\n\n```mermaid\npie\n "A": 1\n```'
    first = md.convert(text)
    md.reset().convert("Something else[^2].\n\n[^2]: Other")
    assert md.reset().convert(text) == first
