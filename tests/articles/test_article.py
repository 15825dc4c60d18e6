"""The content contract."""

from datetime import date, datetime

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from answerdesk.articles.article import FIELDS, LIST_FIELDS, Article, read_article
from answerdesk.articles.catalogue import Catalogue
from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.source import split_source
from answerdesk.support.safe_yaml import show

GOOD = {
    "title": "Reset a password",
    "summary": "How to reset it.",
    "category": "account",
    "owner": "identity",
    "reviewed": date(2026, 10, 1),
    "review_every": 180,
}


def lines(found: Article | tuple[ContentProblem, ...]) -> list[str]:
    return [] if isinstance(found, Article) else [str(problem) for problem in found]


def test_an_article_that_keeps_the_contract_has_no_problems(catalogue: Catalogue) -> None:
    article = read_article("account/a", GOOD, catalogue)
    assert isinstance(article, Article)
    assert (article.title, article.reviewed, article.review_every) == ("Reset a password", date(2026, 10, 1), 180)


def test_what_is_optional_is_empty_and_public_when_left_out(catalogue: Catalogue) -> None:
    article = read_article("account/a", GOOD, catalogue)
    assert isinstance(article, Article)
    assert [getattr(article, field) for field in LIST_FIELDS] == [()] * len(LIST_FIELDS)
    assert (article.audience, article.is_public, article.translation_of) == ("public", True, "")
    assert (article.draft, article.publish) == (False, None)


def test_the_address_is_the_path_with_a_slash(catalogue: Catalogue) -> None:
    article = read_article("account/a", GOOD, catalogue)
    assert isinstance(article, Article)
    assert article.url == "account/a/"


def test_an_internal_article_is_not_public(catalogue: Catalogue) -> None:
    article = read_article("account/a", GOOD | {"audience": "internal"}, catalogue)
    assert isinstance(article, Article)
    assert not article.is_public


@pytest.mark.parametrize("field", ["title", "summary", "category", "owner", "reviewed", "review_every"])
def test_a_missing_field_is_named_with_its_cure(catalogue: Catalogue, field: str) -> None:
    cures = {
        "category": "Use one of: account, network.",
        "reviewed": "Write the day of the last review as YYYY-MM-DD.",
        "review_every": "Write the number of days between reviews, such as 180.",
    }
    meta = {name: value for name, value in GOOD.items() if name != field}
    cure = cures.get(field, f'Add "{field}: <text>" to the front matter.')
    assert lines(read_article("account/a", meta, catalogue)) == [f"account/a.md: {field} is missing. {cure}"]


@pytest.mark.parametrize(
    ("field", "value", "line"),
    [
        ("title", 5, "title is 5. Write it as text."),
        ("title", "  ", "title is '  '. Write it as text."),
        ("title", "t" * 81, "Shorten it to 80 characters; it has 81."),
        ("summary", ["a"], "summary is [a]. Write it as text."),
        ("summary", "s" * 201, "Shorten it to 200 characters; it has 201."),
        ("owner", False, "owner is false. Write it as text."),
        ("category", "none", "category is 'none'. Use one of: account, network."),
        ("category", ["account"], "category is [account]. Use one of: account, network."),
        ("category", "network", "category is 'network'. Move the file to the folder network/, or name the category of"),
        ("reviewed", "2026-10-01", "reviewed is '2026-10-01'. Write the day of the last review as YYYY-MM-DD."),
        ("reviewed", 20261001, "reviewed is 20261001. Write the day"),
        ("reviewed", datetime(2026, 10, 1, 12), "Write the day of the last review as YYYY-MM-DD."),
        ("review_every", 0, "review_every is 0. Write the number of days between reviews, such as 180."),
        ("review_every", -180, "review_every is -180."),
        ("review_every", "180", "review_every is '180'."),
        ("review_every", 1.5, "review_every is 1.5."),
        ("review_every", True, "review_every is true."),
        ("audience", "secret", "audience is 'secret'. Use one of: public, internal."),
        ("audience", None, "audience is missing. Use one of: public, internal."),
        ("draft", "yes", "draft is 'yes'. Write \"draft: true\", or take it out."),
        ("draft", None, 'draft is missing. Write "draft: true", or take it out.'),
        ("publish", "soon", "publish is 'soon'. Write the first day on which readers may see it as YYYY-MM-DD"),
        ("publish", datetime(2026, 10, 1, 12), "Write the first day on which readers may see it as YYYY-MM-DD"),
        ("translation_of", 7, "translation_of is 7. Write it as text."),
        ("related", ["account/b.md"], "related is 'account/b.md'. Write an article's path such as"),
        ("related", ["/account/b"], "related is '/account/b'. Write an article's path"),
        ("related", ["../b"], "related is '../b'. Write an article's path"),
        ("related", ["Account/B"], "related is 'Account/B'. Write an article's path"),
        ("applies_to", ["linux"], "applies_to is 'linux'. Use one of: windows, macos; or add it to categories.yml."),
        ("titel", "x", "titel is 'x'. Remove it, or use one of: aliases, applies_to, audience, category"),
        (5, "x", "5 is 'x'. Remove it"),
    ],
)
def test_a_breach_names_field_value_and_cure(catalogue: Catalogue, field: object, value: object, line: str) -> None:
    found = lines(read_article("account/a", GOOD | {field: value}, catalogue))
    assert len(found) == 1
    assert found[0].startswith(f"account/a.md: {field} is ")
    assert line in found[0]


@pytest.mark.parametrize("field", LIST_FIELDS)
@pytest.mark.parametrize("value", ["one, two", 5, {"one": 1}], ids=["text", "number", "mapping"])
def test_a_list_that_is_none_is_shown_how_to_be_one(catalogue: Catalogue, field: str, value: object) -> None:
    (line,) = lines(read_article("account/a", GOOD | {field: value}, catalogue))
    assert line == f"account/a.md: {field} is {show(value)}. Write a list: {field}: [one, two]."


@pytest.mark.parametrize("field", ["aliases", "questions", "tags", "codes"])
@pytest.mark.parametrize(
    "value", [404, True, 1.0, date(2026, 1, 1), " ", ["a"]], ids=["number", "yes", "version", "date", "blank", "list"]
)
def test_an_entry_that_yaml_took_for_something_else_is_to_be_quoted(
    catalogue: Catalogue, field: str, value: object
) -> None:
    (line,) = lines(read_article("account/a", GOOD | {field: ["good", value]}, catalogue))
    cure = "Write each entry as text; put numbers, dates and yes/no in quotes."
    assert line == f"account/a.md: {field} is {show(value)}. {cure}"


def test_all_breaches_are_told_at_once(catalogue: Catalogue) -> None:
    meta = {"titel": "x", "summary": 5, "category": "account", "reviewed": "soon", "review_every": 9, "tags": "a"}
    fields = [line.split(": ")[1].split(" is ")[0] for line in lines(read_article("account/a", meta, catalogue))]
    assert fields == ["titel", "title", "summary", "tags", "owner", "reviewed"]


def test_texts_and_entries_lose_the_white_space_around_them(catalogue: Catalogue) -> None:
    article = read_article("account/a", GOOD | {"title": " A ", "tags": [" b "]}, catalogue)
    assert isinstance(article, Article)
    assert (article.title, article.tags) == ("A", ("b",))


@pytest.mark.parametrize("length", [80, 1])
def test_a_title_may_be_as_long_as_the_limit(catalogue: Catalogue, length: int) -> None:
    assert isinstance(read_article("account/a", GOOD | {"title": "字" * length}, catalogue), Article)


def test_an_article_in_a_folder_below_its_category_belongs_to_it(catalogue: Catalogue) -> None:
    assert isinstance(read_article("account/deeper/a", GOOD, catalogue), Article)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes()
VALUES = st.recursive(
    SCALARS, lambda some: st.lists(some, max_size=3) | st.dictionaries(SCALARS, some, max_size=3), max_leaves=6
)


@settings(deadline=None)
@given(meta=st.dictionaries(st.sampled_from(sorted(FIELDS)) | SCALARS, VALUES, max_size=14))
def test_no_front_matter_raises(catalogue: Catalogue, meta: dict[str, object]) -> None:
    found = read_article("account/a", meta, catalogue)
    assert isinstance(found, Article) or (found and all(line.startswith("account/a.md: ") for line in lines(found)))


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=80).filter(str.strip)
LISTS = st.lists(TEXTS, max_size=3)


@settings(deadline=None)
@given(
    meta=st.fixed_dictionaries(
        {
            "title": TEXTS,
            "summary": TEXTS,
            "category": st.just("account"),
            "owner": TEXTS,
            "reviewed": st.dates(),
            "review_every": st.integers(1, 9999),
        },
        optional={
            "aliases": LISTS,
            "questions": LISTS,
            "tags": LISTS,
            "codes": LISTS,
            "applies_to": st.lists(st.sampled_from(["windows", "macos"]), max_size=2),
            "related": st.lists(st.from_regex(r"[a-z0-9-]{1,9}/[a-z0-9-]{1,9}", fullmatch=True), max_size=2),
            "audience": st.sampled_from(["public", "internal"]),
            "draft": st.booleans(),
            "publish": st.dates(),
            "translation_of": TEXTS,
        },
    )
)
def test_a_valid_article_survives_writing_and_reading(catalogue: Catalogue, meta: dict[str, object]) -> None:
    split = split_source("account/a.md", f"---\n{yaml.safe_dump(meta, allow_unicode=True)}---\nBody\n")
    assert not isinstance(split, ContentProblem)
    article = read_article("account/a", split[0], catalogue)
    assert isinstance(article, Article)
    for field, value in meta.items():
        wanted = tuple(item.strip() for item in value) if isinstance(value, list) else value
        assert getattr(article, field) == (wanted.strip() if isinstance(wanted, str) else wanted)
