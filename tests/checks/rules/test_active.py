"""What could run or load things in a reader's browser."""

from collections.abc import Callable

import pytest

from answerdesk.checks.report.finding import Finding

A = "en/account/a.md"
Find = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Text.\n\n<script>alert(1)</script>\n", 11),
        ("Text <b onclick='x()'>bold</b>\n", 9),
        ("Text.\n\n[x](javascript:alert(1))\n", 11),
        ("Text.\n\n[x][y]\n\n[y]: javascript:alert(1)\n", 13),
        ("Text.\n\n[x](a.md){ onclick=alert(1) }\n", 11),
        ("Text.\n\n!!! note\n    ![Logo](https://example.org/a.png)\n", 12),
        ("<div>\n\n<iframe\n src='x'></iframe>\n\n</div>\n", 11),
        ("- Text\n\n    <style>p { color: red }</style>\n", 11),
    ],
)
def test_what_runs_is_named_with_its_line(find: Find, text: str, line: int) -> None:
    assert [finding.line for finding in find("active-html", {A: text})] == [line]


def test_an_image_of_another_host_is_named_as_one(find: Find) -> None:
    one, other = find("active-html", {A: "![A](https://example.org/a.png)\n\n![B](https://example.org/b.png)\n"})
    assert one.line == 9
    assert one.what.startswith("the image https://example.org/a.png comes from another host: src=")
    assert other.line == 11
    assert other.what.startswith("the image https://example.org/b.png comes from another host: src=")


def test_a_comment_with_a_tag_is_named_in_one_line(find: Find) -> None:
    (found,) = find("active-html", {A: "Text.\n\n<!--\nsee <b>\n\nthis\n-->\n"})
    assert (found.line, found.what) == (11, "<!-- see <b> this could run or load things")
    assert found.cure.startswith("Take < and > out of the comment")


def test_the_same_twice_has_two_lines(find: Find) -> None:
    text = "<iframe></iframe>\n\nText.\n\n<iframe></iframe>\n"
    assert [finding.line for finding in find("active-html", {A: text})] == [9, 13]


@pytest.mark.parametrize(
    "text",
    [
        "`<script>`",
        "```\n<script>\n```\n",
        "Press <kbd>Ctrl</kbd>.",
        "a < b",
        "<https://example.com>",
        "![A](a.png){ width=20 }",
    ],
)
def test_what_does_not_run_is_let_be(find: Find, text: str) -> None:
    assert find("active-html", {A: text}) == []
