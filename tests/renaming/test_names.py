"""Paths are mended where they name an article, and nowhere else."""

import pytest
import yaml

from answerdesk.renaming.names import mend_front, mend_names, mend_redirects


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("finds: net/vpn", "finds: net/new"),
        (
            "[net/vpn, net/vpn-2, net/vpn/x, my-net/vpn, a/net/vpn]",
            "[net/new, net/vpn-2, net/vpn/x, my-net/vpn, a/net/vpn]",
        ),
        ("net/vpn:\n", "net/new:\n"),
        ('"net/vpn"', '"net/new"'),
        ("as net/vpn. net/vpn.md", "as net/new. net/vpn.md"),
    ],
)
def test_a_path_that_stands_alone_is_mended(before: str, after: str) -> None:
    assert mend_names(before, "net/vpn", "net/new") == after


def test_front_matter_is_mended_where_it_names_articles() -> None:
    text = (
        "---\ntitle: net/vpn\nrelated:\n  - net/vpn\n  - net/b\naliases: [net/vpn]\n"
        "translation_of: net/vpn\n---\n\nnet/vpn\n\nrelated: net/vpn\n"
    )
    after = (
        "---\ntitle: net/vpn\nrelated:\n  - net/new\n  - net/b\naliases: [net/vpn]\n"
        "translation_of: net/new\n---\n\nnet/vpn\n\nrelated: net/vpn\n"
    )
    assert mend_front(text, "net/vpn", "net/new") == after
    assert mend_front(text.replace("\n", "\r\n"), "net/vpn", "net/new") == after.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "a/b: a/c\n"),
        ("# old ones\nx: y # kept\n", "# old ones\nx: y # kept\na/b: a/c\n"),
        ("a/a: a/b\n'x y': a/b\n", "a/a: a/c\n'x y': a/c\na/b: a/c\n"),
        ("a/c: a/b\n", "a/b: a/c\n"),
        ("a/b: a/x\n", "a/b: a/c\n"),
    ],
)
def test_redirects_get_one_more_and_no_chain(before: str, after: str) -> None:
    assert mend_redirects(before, "a/b", "a/c") == after


def test_redirects_in_another_form_are_written_anew() -> None:
    assert yaml.safe_load(mend_redirects("{a/a: a/b, x: y}\n", "a/b", "a/c")) == {"a/a": "a/c", "x": "y", "a/b": "a/c"}
