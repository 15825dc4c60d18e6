"""The visitor's trail."""

import pytest

from ticket_form.tickets.trail import ARTICLE_LIMIT, QUERY_LIMIT, Trail, category_of, read_trail


def test_searches_are_cleaned_capped_and_told_once() -> None:
    trail = read_trail(searches=[" a\0 ", "a", "", "b\nc", "x" * 999, "d", "e", "f"], articles=())
    assert trail.searches == ("a", "b c", "x" * QUERY_LIMIT, "d", "e")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("account/forgot-password/", ("account/forgot-password/",)),
        ("account/forgot-password/#mac", ("account/forgot-password/",)),
        ("계정/암호/", ("계정/암호/",)),
        ("vpn", ("vpn",)),
        ("/etc/passwd", ()),
        ("//evil.example/", ()),
        ("../../secret", ()),
        ("a/../b", ()),
        ("a//b", ()),
        ("javascript:alert(1)", ()),
        ("https://evil.example/", ()),
        ("\\\\evil.example", ()),
        ('a/"b', ()),
        ("", ()),
        ("/", ()),
        ("a" * (ARTICLE_LIMIT + 1), ()),
    ],
)
def test_an_article_is_a_path_inside_the_language(given: str, kept: tuple[str, ...]) -> None:
    assert read_trail(searches=(), articles=[given]).articles == kept


def test_the_category_is_the_folder_of_the_newest_article() -> None:
    assert category_of(Trail(articles=("account/mfa/", "network/vpn/"))) == "account"
    assert category_of(Trail(searches=("x",))) is None


def test_a_trail_survives_a_link() -> None:
    trail = Trail(searches=("a", "b"), articles=("c/d/",))
    assert trail.as_parameters() == [("article", "c/d/"), ("q", "a"), ("q", "b")]
