"""Articles split into sections of plain text."""

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerdesk.articles.sections import split_sections
from answerdesk.search import Section


def test_headings_of_level_two_and_three_begin_sections() -> None:
    found = split_sections(
        '<p>Pre.</p><h2 id="a">A</h2><p>One.</p><h3 id="b">B</h3><p>Two.</p><h4 id="c">C</h4><p>3.</p>'
    )
    assert found == (
        Section(text="Pre."),
        Section(heading="A", anchor="a", text="One."),
        Section(heading="B", anchor="b", text="Two.\nC\n3."),
    )


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a &amp; b &lt;c&gt; &#x4e2d;&nbsp;d</p>", "a & b <c> 中 d"),
        ("<p>Use <code>&lt;script&gt;</code> now</p>", "Use <script> now"),
        ("<pre><code>one\ntwo</code></pre>", "one\ntwo"),
        ("<p>Select <strong>Set<em>tings</em></strong>.</p>", "Select Settings."),
        ("<ol><li>One</li><li>Two<ul><li>Three</li></ul></li></ol>", "One\nTwo\nThree"),
        ("<table><tr><th>Code</th><td>0x1</td></tr><tr><td>a</td><td>b</td></tr></table>", "Code\n0x1\na\nb"),
        ("<dl><dt>VPN</dt><dd>A tunnel</dd></dl>", "VPN\nA tunnel"),
        ("<p>one<br>two<br/>three</p>", "one\ntwo\nthree"),
        ("<details><summary>More</summary><p>Text</p></details>", "More\nText"),
        ('<div><label for="a">Windows</label><label for="b">Mac</label></div>', "Windows\nMac"),
        ('<p>See <a href="x">this <b>page</b></a>.</p>', "See this page."),
        ("<p>  lots \t of\r\n   space </p>\n\n<p>b</p>", "lots of\nspace\nb"),
        ("<p>a<!-- not this -->b</p>", "ab"),
        ("<p>never closed", "never closed"),
        ("<blockquote><div><p>deep</p></div></blockquote>", "deep"),
    ],
)
def test_markup_becomes_plain_lines(markup: str, text: str) -> None:
    assert split_sections(markup) == (Section(text=text),)


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ('<h2 id="a"><a href="/x">Link</a> here</h2>', "Link here"),
        ('<h2 id="a">The <code>&lt;b&gt;</code> &amp; key</h2>', "The <b> & key"),
        ('<h2 id="a">Title<a class="headerlink" href="#a" title="Permanent link">¶</a></h2>', "Title"),
        ('<h2 id="a"><strong>Bold</strong>\n title</h2>', "Bold\ntitle"),
    ],
    ids=["link", "code", "permalink", "bold"],
)
def test_a_heading_is_its_text(heading: str, text: str) -> None:
    assert split_sections(heading + "<p>b</p>") == (Section(heading=text, anchor="a", text="b"),)


def test_a_heading_without_anchor_or_text_keeps_what_it_has() -> None:
    assert split_sections("<h2>A</h2><h2>B</h2>") == (Section(heading="A"), Section(heading="B"))


def test_an_empty_page_has_no_sections() -> None:
    assert split_sections(" \n <p> </p>") == ()


@settings(deadline=None)
@given(texts=st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1), min_size=1, max_size=6))
def test_no_text_is_lost_or_added(texts: list[str]) -> None:
    markup = "".join(f"<h2>{html.escape(text)}</h2><p>{html.escape(text)}</p>" for text in texts)
    found = split_sections(markup)
    assert [(section.heading, section.text) for section in found] == [(text, text) for text in texts]


@settings(deadline=None)
@given(markup=st.text(st.sampled_from("<>/!-&;#='\" ahp2\n[]?")))
def test_no_markup_raises(markup: str) -> None:
    assert all(section.heading or section.text for section in split_sections(markup))
