"""A page of the old site becomes an article: what is carried over, and what is lost and said."""

from collections.abc import Mapping
from datetime import date

import pytest

from answerdesk.importing.addresses import place_pages
from answerdesk.importing.links import Map
from answerdesk.importing.lost_content import Kind
from answerdesk.importing.newsite import article_text
from answerdesk.importing.page import Draft, draft_page

PAGES = ["guide/start.md", "guide/Old_Name.md", "guide/sub/index.md", "other/page.md", "index.md"]
FILES = frozenset({"img/door.png", "guide/plan.pdf", "guide/near.png"})
SNIPPETS = {
    "note.md": "Beware of *dogs*.\nSee [page](../other/page.md).",
    "deep.md": '--8<-- "note.md"',
    "loop.md": '--8<-- "loop.md"',
}


def draft(text: str, source: str = "guide/start.md", nav: str = "") -> Draft:
    site = Map(places=place_pages(PAGES, {}), files=FILES, url="https://old.example.com/", has_folders=True)
    read = {name: (name, content) for name, content in SNIPPETS.items()}.get
    return draft_page(source, text, site, nav=nav, read=read)


def body(text: str, source: str = "guide/start.md") -> str:
    return "\n".join(line.text for line in draft(text, source).lines)


def lost(text: str) -> list[tuple[Kind, int, str]]:
    return [(loss.kind, loss.line, loss.what) for loss in draft(text).losses]


# Title, summary, tags


def test_the_first_heading_is_the_title_and_leaves_the_text() -> None:
    made = draft("# A *good* `start` :material-star:\n\nText.\n")
    assert (made.title, [line.text for line in made.lines]) == ("A good start", ["Text."])


def test_an_underlined_title_is_one_too() -> None:
    assert (draft("Start here\n==========\n\nText.\n").title, body("Start here\n===\n\nText.\n")) == (
        "Start here",
        "Text.",
    )


@pytest.mark.parametrize(
    ("text", "nav", "title"),
    [
        ("---\ntitle: Given\n---\n# Heading\n", "Nav", "Given"),
        ("# Heading\n", "Nav", "Heading"),
        ("Text.\n", "Nav", "Nav"),
        ("Text.\n", "", "Old Name"),
    ],
)
def test_the_title_is_that_of_front_matter_page_nav_or_file(text: str, nav: str, title: str) -> None:
    assert draft(text, "guide/Old_Name.md", nav).title == title


def test_a_long_title_is_cut_at_a_word() -> None:
    made = draft("\n# " + "word " * 30 + "?\n\nText.\n")
    assert (len(made.title) <= 80, made.title[-6:]) == (True, " word…")
    assert [(loss.kind, loss.line) for loss in made.losses] == [(Kind.HEADING, 2)]
    text = article_text(made, owner="desk", reviewed=date(2026, 10, 1), review_every=90)
    assert f"questions:\n- {made.long_title}\n" in text
    assert made.long_title.endswith("word ?")


def test_the_summary_is_the_description_else_the_first_sentence() -> None:
    assert draft("---\ndescription: What it is.\n---\nText.\n").summary == "What it is."
    skipped = "# Title\n\n!!! note\n    Not this.\n\n- nor this\n\n"
    text = skipped + "The [first](x.md) sentence is long enough to stand alone here. The second.\n"
    assert draft(text).summary == "The first sentence is long enough to stand alone here."
    assert draft("# Title\n\n[Contents](Old_Name.md){ .a }\n\nThe text.\n").summary == "The text."
    assert draft("# Title\n- a list\nthat goes on.\n\n*A caption*\n\nUse it (e.g. Python) i.e. now.\n").summary == (
        "Use it (e.g. Python) i.e. now."
    )
    assert draft("# Title\n\n- list\n").summary == "Title"
    assert draft("# Title\n\n**[A PDF](x.pdf){ target=_blank }**\n\nThe text.\n").summary == "The text."


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        (
            "- [One](Old_Name.md): first\n- Two. More.\n  And more.\n\n  ```\n  - code\n  ```\n- Three\n",
            "One: first; Two; Three",
        ),
        (
            "You can use this service to:\n\n1. open\n    - nested\n2. close\n",
            "You can use this service to: open; close",
        ),
        ("Submit the job with this command:\n\n```\nrun\n```\n", "Submit the job with this command."),
        ("Yes. It works.\n", "Yes. It works."),
        (
            "Welcome!\n\nThis guide says how to begin with the service.\n",
            "This guide says how to begin with the service.",
        ),
        ("Welcome!\n\n- one\n- two\n", "one; two"),
        ("!!! warning\n    The service has ended. Use another.\n", "The service has ended. Use another."),
        ("## One\n\n### Deeper\n\n## Two\n", "One; Two"),
        ("- [One]\n- [two][2]\n\n[One]: https://a.example.org\n[2]: https://b.example.org\n", "One; two"),
        (
            "- [A](sub/index.md)\n- [B](Old_Name.md)\n- [C](start.md)\n\n## Notes\n\nA paragraph in a section.\n",
            "A; B; C",
        ),
    ],
    ids=["list", "colon", "code", "short", "shorter", "short list", "warning", "headings", "names", "index"],
)
def test_a_summary_says_what_a_page_has_where_no_sentence_does(text: str, summary: str) -> None:
    assert draft(f"# Title\n\n{text}").summary == summary


def test_a_page_without_text_is_reported() -> None:
    assert [(loss.kind, loss.line) for loss in draft("# Title\n\n[TOC]\n").losses] == [(Kind.PAGE, 1)]


def test_tags_are_kept_and_other_fields_reported_with_their_lines() -> None:
    made = draft("---\ntags: [a, 5, a]\nhide: [toc]\ncatalog:\n  name: x\n---\n\nText.\n")
    assert made.tags == ["a", "5"]
    assert [(loss.line, loss.what) for loss in made.losses] == [(4, "the field catalog is left out")]


def test_broken_front_matter_is_reported_and_the_text_kept() -> None:
    made = draft("---\ntitle: a: b\n---\n# T\n\nText.\n")
    assert (made.title, [line.text for line in made.lines]) == ("T", ["Text."])
    assert [loss.kind for loss in made.losses] == [Kind.FIELD]


def test_a_second_title_goes_one_level_down() -> None:
    assert body("# One\n\nText.\n\n# Two\n\n```sh\n# a comment\n```\n") == "Text.\n\n## Two\n\n```sh\n# a comment\n```"
    assert lost("# One\n\n# Two\n")[0][:2] == (Kind.HEADING, 3)


# Links, pictures, files


@pytest.mark.parametrize(
    ("link", "now"),
    [
        ("Old_Name.md", "old-name.md"),
        ("Old_Name.md#part", "old-name.md#part"),
        ("../guide/Old_Name/", "old-name.md"),
        ("../Old_Name/#part", "old-name.md#part"),
        ("sub/", "sub.md"),
        ("sub/index.md", "sub.md"),
        ("../index.md", "../general/overview.md"),
        ("/other/page.md", "../other/page.md"),
        ("/other/page/", "../other/page.md"),
        ("https://old.example.com/other/page/#a", "../other/page.md#a"),
        ("https://else.example.org/x", "https://else.example.org/x"),
        ("mailto:a@example.com", "mailto:a@example.com"),
        ("#part", "#part"),
        ("plan.pdf", "plan.pdf"),
        ('Old_Name.md "Title"', 'old-name.md "Title"'),
    ],
)
def test_links_lead_to_the_articles_new_places(link: str, now: str) -> None:
    assert body(f"See [this `code`]({link}){{ target=_blank }}.\n") == f"See [this `code`]({now}){{ target=_blank }}."
    assert draft(f"See [this]({link}).\n").losses == []


def test_a_deeper_page_links_from_where_it_is_now() -> None:
    assert (
        body("[x](../Old_Name.md) [y](../../img/door.png)\n", "guide/sub/index.md")
        == "[x](old-name.md) [y](../img/door.png)"
    )


def test_a_link_that_leads_nowhere_is_text_and_reported() -> None:
    text = "One.\n\nSee [the\nplan](none.md) and [that][id].\n\n[id]: gone.md\n"
    assert body(text) == "One.\n\nSee the\nplan and that."
    assert lost(text) == [
        (Kind.LINK, 6, "the link gone.md leads nowhere and is text now"),
        (Kind.LINK, 3, "the link none.md leads nowhere and is text now"),
    ]


def test_links_by_name_are_changed_where_they_are_defined() -> None:
    assert body("See [x][1].\n\n[1]: Old_Name.md#a\n[2]: https://example.org/\n") == (
        "See [x][1].\n\n[1]: old-name.md#a\n[2]: https://example.org/"
    )


def test_a_link_that_would_run_is_text() -> None:
    assert body("[x](javascript:alert(1))\n") == "x"


def test_pictures_come_along_and_missing_ones_leave_their_words() -> None:
    made = draft("![A door](/img/door.png){ width=80% } ![gone](../img/none.png) ![](none.png)\n")
    assert [line.text for line in made.lines] == ["![A door](../img/door.png){ width=80% } *gone* "]
    assert made.files == {"img/door.png"}
    assert [loss.kind for loss in made.losses] == [Kind.PICTURE] * 2


def test_words_of_missing_pictures_do_not_run_together() -> None:
    assert body("![One](none.png)![Two](none.png)\n") == "*One* *Two*"


def test_a_picture_on_another_host_is_a_link() -> None:
    assert body("!![Door](https://example.org/d.png)\n") == "[Door](https://example.org/d.png)"


def test_a_picture_in_a_link_keeps_both() -> None:
    assert body("[![Door](near.png)](Old_Name.md)\n") == "[![Door](near.png)](old-name.md)"


def test_code_is_left_as_it_is() -> None:
    fenced = "```md\n[x](none.md)\n<script>\n```\n\n    [y](none.md)\n\n!!! note\n    ~~~\n    [z](none.md)\n    ~~~"
    text = f"`[x](none.md) <form>` and\n\n{fenced}"
    assert body(text) == text
    assert lost(text) == []


def test_a_fence_that_never_closes_hides_nothing() -> None:
    assert body("!!! note\n    ```text\n\nSee [x](Old_Name.md).\n") == "!!! note\n    ```text\n\nSee [x](old-name.md)."


# Raw HTML


@pytest.mark.parametrize(
    ("html", "now"),
    [
        ('<a href="Old_Name.md#x">t</a>', '<a href="../old-name/#x">t</a>'),
        ('<a href="#x">t</a>', '<a href="#x">t</a>'),
        ('<img src="../img/door.png" width="5">', '<img src="../../img/door.png" width="5" alt="">'),
        ('<img src="none.png" alt="Gone">', "<em>Gone</em>"),
        ('<iframe src="https://v.example.org/1" title="Film"></iframe>', '<a href="https://v.example.org/1">Film</a>'),
        ("<script>alert(1)</script>Text", "Text"),
        ("<script>\nalert(1)\n</script>\nText", "Text"),
        ('<div onclick="x()" class="a">t</div>', "<div>t</div>"),
        ("Type <form> here", "Type &lt;form&gt; here"),
        ("a<br>b <kbd>c</kbd>", "a<br>b <kbd>c</kbd>"),
        ('<div class="grid cards x" markdown>', '<div class="grid cards" markdown>'),
        ("<center>\n[x](https://e.org)\n</center>", "<center markdown>\n[x](https://e.org)\n</center>"),
        ("<center>\nText (so) [sic]\n</center>", "<center>\nText (so) [sic]\n</center>"),
        ("a <!-- note --> b", "a  b"),
        ("<!--\n# Old\n\n```\n<form>\n```\n-->\nText", "Text"),
    ],
)
def test_raw_html_is_made_harmless(html: str, now: str) -> None:
    assert body(f"{html}\n").strip("\n") == now


def test_what_is_lost_of_raw_html_has_its_line() -> None:
    assert [
        (kind, line) for kind, line, _ in lost("One.\n\n<iframe src='https://e.org'></iframe>\n\n<!-- x -->\n")
    ] == [
        (Kind.COMMENT, 5),
        (Kind.HTML, 3),
    ]


# Snippets and what else the old theme made


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ('--8<-- "note.md"\n', "Beware of *dogs*.\nSee [page](../other/page.md)."),
        (
            '=== "Tab"\n    --8<-- "deep.md:1:1"\n',
            '=== "Tab"\n    Beware of *dogs*.\n    See [page](../other/page.md).',
        ),
        ("--8<--\nnote.md:1:1\n; note.md\n--8<--\n", "Beware of *dogs*."),
        ('{% include "note.md" %}\n', "Beware of *dogs*.\nSee [page](../other/page.md)."),
        (';--8<-- "note.md"\n', '--8<-- "note.md"'),
    ],
)
def test_snippets_are_put_in(text: str, now: str) -> None:
    assert body(text) == now


@pytest.mark.parametrize("name", ["none.md", "loop.md"])
def test_a_snippet_that_cannot_be_put_in_is_reported(name: str) -> None:
    assert body(f'Text.\n\n--8<-- "{name}"\n') == "Text."
    assert lost(f'Text.\n\n--8<-- "{name}"\n')[0] == (
        Kind.SNIPPET,
        1 if name == "loop.md" else 3,
        f"the snippet {name} is not there",
    )


def test_icons_contents_and_diagrams() -> None:
    icons = ":fontawesome-solid-globe:{ .lg .middle } [Go :material-arrow-right:](Old_Name.md)"
    text = f"[TOC]\n\n{icons}\n\n```mermaid\na --> b\n```\n"
    icons = ":fontawesome-solid-globe:{ .lg .middle } [Go :material-arrow-right:](old-name.md)"
    assert body(text) == f"{icons}\n\n```mermaid\na --> b\n```"
    assert body(":material-there-is-none: Text\n") == "Text"
    assert [(kind, line) for kind, line, _ in lost(text)] == [(Kind.DIAGRAM, 5)]
    assert [kind for kind, _, _ in lost(":material-there-is-none: Text\n")] == [Kind.ICON]


def test_double_braces_are_found_with_their_lines() -> None:
    found: Mapping[str, object] = {
        name: line.number for name, line in draft("# T\n\n`{{ a }}`\n\n{{b}} {{ if x }}\n").variables.items()
    }
    assert found == {"a": 3, "b": 5}
