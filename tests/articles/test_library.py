"""A language's folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from answerdesk.articles.catalogue import Catalogue
from answerdesk.articles.library import Library, article_files, is_article, read_library


@pytest.fixture
def read(tmp_path: Path, catalogue: Catalogue) -> Callable[..., Library]:
    def reader(files: dict[str, str], language: str = "en") -> Library:
        for source, text in files.items():
            (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / source).write_text(text, "utf-8")
        return read_library(article_files(tmp_path), catalogue, language)

    return reader


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("account/a.md", True),
        ("account/deep/a.md", True),
        ("index.md", False),
        ("about.md", True),
        ("account/index.md", False),
        ("account/reindex.md", True),
    ],
)
def test_an_article_stands_in_a_category_and_is_no_index(source: str, answer: bool) -> None:
    assert is_article(source) == answer


def test_articles_are_found_in_order_and_nothing_else(tmp_path: Path) -> None:
    for source in ("network/b.md", "account/z.md", "account/a.md", "account/index.md", "README.md", "account/a.png"):
        (tmp_path / source).parent.mkdir(exist_ok=True)
        (tmp_path / source).touch()
    assert [source for source, _ in article_files(tmp_path)] == ["account/a.md", "account/z.md", "network/b.md"]


def test_a_language_without_a_folder_has_no_articles(tmp_path: Path) -> None:
    assert article_files(tmp_path / "none") == []


def test_summary_and_body_are_filled_with_the_languages_values(
    read: Callable[..., Library], article: Callable[..., str]
) -> None:
    library = read({"account/a.md": article("A", "From {{ hours }}.\n", summary="At {{ company }}.")}, "ko")
    assert library.problems == ()
    assert library.articles["account/a.md"].summary == "At Example."
    assert library.markdown["account/a.md"].strip() == "From 8~18."


@pytest.mark.parametrize("fields", [{"title": "{{ company }}"}, {"questions": ["{{ nobody }}"]}], ids=["title", "list"])
def test_a_variable_in_the_front_matter_is_never_shown_to_readers(
    read: Callable[..., Library], article: Callable[..., str], fields: dict[str, object]
) -> None:
    library = read({"account/a.md": article(**({"title": "A"} | fields))})
    assert library.problems or "{{" not in repr(library.articles)


def test_a_relation_to_an_article_that_there_is_not_is_named(
    read: Callable[..., Library], article: Callable[..., str]
) -> None:
    library = read(
        {
            "account/a.md": article("A", related=["account/b", "account/none"]),
            "account/b.md": article("B"),
        }
    )
    cure = "There is no such article in this language; mend the path or take it out."
    assert [str(one) for one in library.problems] == [f"account/a.md: related is 'account/none'. {cure}"]


def test_a_broken_article_is_left_out_and_the_others_are_read(
    read: Callable[..., Library], article: Callable[..., str]
) -> None:
    library = read(
        {"account/a.md": article("A", owner=None), "account/b.md": "no front matter", "account/c.md": article("C")}
    )
    assert list(library.articles) == list(library.markdown) == ["account/c.md"]
    assert [one.file for one in library.problems] == ["account/a.md", "account/b.md"]


def test_a_file_in_another_encoding_is_named(
    tmp_path: Path, read: Callable[..., Library], article: Callable[..., str]
) -> None:
    (tmp_path / "account").mkdir()
    (tmp_path / "account/a.md").write_bytes(article("Şifre").encode("cp1254"))
    assert read({}).problems[0].file == "account/a.md"


@pytest.mark.parametrize("name", ["My Article", "a&b", "Über"])
def test_a_file_name_that_makes_a_bad_address_is_named(
    read: Callable[..., Library], article: Callable[..., str], name: str
) -> None:
    assert read({f"account/{name}.md": article("A")}).problems
