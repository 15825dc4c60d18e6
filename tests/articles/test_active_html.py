"""What could run in a reader's browser."""

import re
from unittest.mock import patch

import markdown
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from answerdesk.articles import active_html
from answerdesk.articles.active_html import find_active

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "<script\n>alert(1)</script>",
    "<script/x>alert(1)</script>",
    "<<script>alert(1)</script>",
    "<p>text<script type=module>x</script></p>",
    "<img src=x onerror=alert(1)>",
    "<img src=x OnErRoR=alert(1)>",
    "<img src=x onerror = 'alert(1)'>",
    "<img src=x\nonerror\n=\nalert(1)>",
    '<img/src="x"/onerror=alert(1)>',
    '<img src="x"onerror="alert(1)">',
    "<img src=x onerror\x0c=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><title><img src=x onerror=alert(1)></title></svg>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<p onclick=''>x</p>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    "<a href=javascript:alert(1)>x</a>",
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="java&#9;script:alert(1)">x</a>',
    '<a href="java&NewLine;script:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="&#x6A;&#x61;vascript:alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    '<a href="https://fine.example/" ping="javascript:x">x</a>',
    '<iframe src="data:text/html,x">',
    '<a href="file:///etc/passwd">x</a>',
    '<iframe src="https://evil.example/"></iframe>',
    '<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;"></iframe>',
    '<p srcdoc="x">',
    '<object data="x.swf"></object>',
    '<embed src="x.swf">',
    '<base href="https://evil.example/">',
    '<form action="https://evil.example/"><button>x</button></form>',
    '<button formaction="javascript:alert(1)">x</button>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    "<style>body { background: url(//evil.example/) }</style>",
    "<frameset><frame src=x></frameset>",
    "<applet code=x></applet>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<svg><a><set attributeName="href" to="javascript:alert(1)"/><text>x</text></a></svg>',
    "<svg><a><animate attributeName=href values=javascript:alert(1) /><text>x</text></a></svg>",
    '<math href="javascript:alert(1)">x</math>',
    '<video poster="javascript:alert(1)"></video>',
    '<table background="javascript:alert(1)"></table>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<textarea><p title="</textarea><img src=x onerror=alert(1)>"></textarea>',
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp>',
    "<?x ><img src=x onerror=alert(1)>?>",
    "<!DOCTYPE x><img src=x onerror=alert(1)>",
]
HIDDEN = [
    "<!--><img src=x onerror=alert(1)>-->",
    "<!---><script>alert(1)</script>-->",
    "<![CDATA[><img src=x onerror=alert(1)>]]>",
    "<div>\n<img src=x onerror=alert(1)\n",
    "<a\x00 onclick=alert(1)>x</a>",
]
LOADING = [
    '<img src="https://evil.example/pixel.png">',
    '<img src="//evil.example/pixel.png">',
    '<img srcset="https://evil.example/pixel.png 2x">',
    '<video src="https://evil.example/x.mp4"></video>',
    '<img src=" //evil.example/pixel.png">',
    '<img src="&#47;/evil.example/pixel.png">',
    '<img srcset="a.png 1x, //evil.example/pixel.png 2x">',
    '<video poster="http://evil.example/pixel.png"></video>',
]
LOADING_UNSEEN = [
    '<p style="background: url(https://evil.example/pixel.png)">x</p>',
    '<svg><image href="https://evil.example/pixel.png"/></svg>',
    '<img src="\\\\evil.example/pixel.png">',
    '<img src="/\t/evil.example/pixel.png">',
]
HARMLESS = [
    "",
    "<p>Plain text.</p>",
    "<p>Set onclick = x, and href = mailto: or data: as you like.</p>",
    "<p>Never paste javascript:alert(1) into the address bar.</p>",
    "<pre><code>&lt;script&gt;alert(1)&lt;/script&gt;</code></pre>",
    "<p><code>&lt;img src=x onerror=alert(1)&gt;</code></p>",
    '<div class="highlight"><pre><span></span><code><span class="na">onerror</span>=<span>x</span></code></pre></div>',
    '<a href="https://example.com/?a=1&amp;b=2:3">x</a>',
    '<a href="http://example.com/">x</a>',
    '<a href="mailto:help@example.com?subject=a&amp;body=b">x</a>',
    '<a href="tel:+12025550143">x</a>',
    '<a href="../network/vpn/#step-2">x</a>',
    '<a href="#fn:1">1</a>',
    '<a href="http://[x">x</a>',
    '<a href="page?q=a:b">x</a>',
    '<img alt="A: b" src="../images/a.png">',
    '<img alt="" src="data:image/png;base64,iVBORw0KGgo=">',
    '<img alt="javascript:" title="onclick=x" src="a.png">',
    '<table><tr><td style="text-align: left">on = off</td></tr></table>',
    '<div class="admonition warning"><p class="admonition-title">Note: data</p></div>',
    "<details><summary>More</summary><p>x</p></details>",
    '<input checked="checked" id="__tabbed_1_1" name="__tabbed_1" type="radio" /><label for="__tabbed_1_1">Mac</label>',
    '<ol start="3"><li>x</li></ol>',
]
EXTENSIONS = [
    "admonition", "attr_list", "def_list", "tables", "toc", "pymdownx.details", "pymdownx.superfences",
    "pymdownx.tabbed",
]  # fmt: skip


@pytest.mark.parametrize("payload", HOSTILE)
def test_what_could_run_is_found(payload: str) -> None:
    assert find_active(f"<p>before</p>{payload}<p>after</p>")


@pytest.mark.parametrize("payload", HIDDEN)
def test_what_only_browsers_see_is_found(payload: str) -> None:
    assert find_active(payload)


@pytest.mark.parametrize("payload", LOADING)
def test_what_loads_from_another_host_is_found(payload: str) -> None:
    assert find_active(payload)


@pytest.mark.parametrize("payload", LOADING_UNSEEN)
def test_what_loads_from_another_host_in_rarer_ways_is_found(payload: str) -> None:
    assert find_active(payload)


@pytest.mark.parametrize("html", HARMLESS)
def test_what_is_harmless_passes(html: str) -> None:
    assert find_active(html) == []


@pytest.mark.parametrize(
    "source",
    [
        "Text with `<script>alert(1)</script>` in code.",
        "    <script>alert(1)</script>",
        "```html\n<img src=x onerror=alert(1)>\n```",
        "```\n<iframe srcdoc=x>\n```",
        '!!! warning "Never run `<script>`: it\'s bad"\n    Text.',
        "| a | b |\n|---|--:|\n| `<style>` | on = off |",
        '=== "Mac"\n\n    Text\n\n=== "Windows"\n\n    Text',
        "??? note\n    Text",
        "<help@example.com> and <https://example.com/a:b>",
        "[Call](tel:+1202) [mail](mailto:a@example.com) [here](other.md#part)",
        "Term\n:   Definition",
    ],
    ids=["code", "block", "fence", "frame", "admonition", "table", "tabs", "details", "auto", "links", "definition"],
)
def test_markdown_that_authors_write_passes(source: str) -> None:
    assert find_active(markdown.markdown(source, extensions=EXTENSIONS)) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("[x](javascript:alert(1))", 'href="javascript:alert(1)"'),
        ("![x](javascript:x)", 'src="javascript:x"'),
        ("Text\n{: onclick='alert(1)' }", "onclick="),
        ("<script>alert(1)</script>", "<script>"),
        ("a <b onmouseover=alert(1)>b</b>", "onmouseover="),
        ("[x][1]\n\n[1]: vbscript:x", 'href="vbscript:x"'),
    ],
    ids=["link", "image", "attribute list", "block", "inline", "reference"],
)
def test_markdown_that_could_run_is_named(source: str, found: str) -> None:
    assert find_active(markdown.markdown(source, extensions=EXTENSIONS)) == [found]


def test_all_that_is_found_is_named_in_order() -> None:
    html = '<script></script><p onclick="x"><a href="data:x">x</a></p>'
    assert find_active(html) == ["<script>", "onclick=", 'href="data:x"']


def test_a_long_address_is_cut() -> None:
    (found,) = find_active(f'<a href="data:{"x" * 999}">x</a>')
    assert len(found) < 60


PIECES = [
    *("<p>", "</p>", '<a href="x">', '<a href="https://x">', ' class="a"', ' id="b">', "<li", "/>"),
    *"<>/=\"' \n\t:&;#",
    *("a", "p", "img", "script", "style", "svg", "iframe", "href", "src", "srcdoc", "data", "xlink:href", "ping"),
    *("onclick=", "onerror =", "javascript:", "data:", "https://", "http:", "mailto:", "&#106;", "&colon;", "x", "</"),
    *("<a ", "<img ", "</a>", 'href="', "src='", "<!--", "-->", "<![CDATA[", "]]>", "<?"),
]


@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14))
@example(pieces=["<a ", "href", "=", " ", "'", "&#106;", "x"])
@example(pieces=["<a ", "href=", "=", "javascript:", ">"])
@example(pieces=["&", "#", "</"])
def test_the_quick_look_never_changes_the_answer(pieces: list[str]) -> None:
    html = "".join(pieces) + ">"
    with patch.object(active_html, "INNOCENT", re.compile("(?!)")):
        full = find_active(html)
    assert find_active(html) == full


@pytest.mark.parametrize("html", [*HARMLESS, *HOSTILE, *LOADING])
def test_the_quick_look_agrees_on_every_known_case(html: str) -> None:
    with patch.object(active_html, "INNOCENT", re.compile("(?!)")):
        full = find_active(html)
    assert find_active(html) == full


@settings(deadline=None)
@given(text=st.text())
def test_no_text_raises(text: str) -> None:
    assert isinstance(find_active(f"<a href={text}><script>"), list)


def test_attributes_that_only_end_like_an_event_are_none() -> None:
    assert find_active('<p aria-controls="x" data-mdx-component="y">z</p>') == []
    assert find_active('<p onclick="x">z</p>') == ["onclick="]
