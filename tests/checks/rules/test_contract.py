"""The contract: each breach with its line, and the schema that editors get."""

import string
from collections.abc import Callable
from datetime import date
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerdesk.articles.article import FIELDS, Article, read_article
from answerdesk.articles.catalogue import Catalogue
from answerdesk.checks.report.finding import Finding
from answerdesk.checks.schema import TELLS, front_matter_schema

A = "en/account/a.md"
Find = Callable[..., list[Finding]]
GOOD = (
    "---\ntitle: T\nsummary: S.\ncategory: account\nowner: o\nreviewed: 2026-10-01\nreview_every: 180\n{}---\n\nText.\n"
)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (GOOD.format("colour: red\n"), 8, "colour is 'red'"),
        (GOOD.format("").replace("180", "0"), 7, "review_every is 0"),
        (GOOD.format("").replace("owner: o\n", ""), 1, "owner is missing"),
        (GOOD.format("applies_to:\n  - windows\n  - beos\n"), 10, "applies_to is 'beos'"),
        (GOOD.format("").replace("Text.", "Call {{ nobody }}."), 10, "{{ nobody }} stands for no value of company.yml"),
        ("---\ntitle: T\nsummary: a: b\n---\nText.\n", 3, "front matter is 'line 3: mapping values"),
        ("Text.\n", 1, "front matter is missing"),
        ("---\ntitle: [\n---\n[x](none.md)\n", 3, "front matter is"),
    ],
)
def test_a_breach_is_named_with_its_line(
    find: Find, article: Callable[..., str], text: str, line: int, what: str
) -> None:
    files = {A: text if text.startswith("---") else "---\n" + text}
    (found,) = find("contract", files)
    assert found.what.startswith(what)
    assert found.line == line


def test_what_stands_below_bad_front_matter_is_checked_too(find: Find) -> None:
    (found,) = find("link", {A: "---\ntitle: a: b\n---\n\n[x](none.md)\n"})
    assert found.line == 5


def test_every_field_of_the_contract_is_explained_to_editors(catalogue: Catalogue) -> None:
    assert set(front_matter_schema(catalogue)["properties"]) == FIELDS == set(TELLS)


# What front matter may hold: mostly right, sometimes anything.
words = st.text(string.ascii_letters + " é密", max_size=90)
lists = st.lists(st.one_of(words, st.sampled_from(["windows", "account/a", "beos", ""]), st.integers()), max_size=3)
anything = st.one_of(words, lists, st.integers(-1, 400), st.none(), st.booleans(), st.just({"a": 1}))
days = st.dates(date(1, 1, 1), date(9999, 12, 31))
right: dict[str, st.SearchStrategy[Any]] = {
    "title": words,
    "summary": words,
    "category": st.sampled_from(["account", "network"]),
    "owner": words,
    "reviewed": days,
    "review_every": st.integers(-1, 400),
    "audience": st.sampled_from(["public", "internal", "staff"]),
    "draft": st.booleans(),
    "publish": days,
}
values = {field: st.one_of(right.get(field, lists), right.get(field, lists), anything) for field in sorted(FIELDS)}
required = ("title", "summary", "category", "owner", "reviewed", "review_every")
fronts = st.fixed_dictionaries(
    {field: right[field] for field in required},
    optional={field: value for field, value in values.items() if field not in required} | {"other": words},
)


@settings(max_examples=300)
@given(front=fronts, odd=st.dictionaries(st.sampled_from(sorted(FIELDS)), anything, max_size=1))
def test_the_schema_takes_what_the_contract_takes_and_nothing_else(front: dict[str, Any], odd: dict[str, Any]) -> None:
    catalogue = Catalogue(
        categories={"account": None, "network": None},  # type: ignore[dict-item] # only the names count
        systems={"windows": {"": "Windows"}},
        needed=(),
        company={},
    )
    meta = front | odd
    path = f"{meta['category']}/a" if meta["category"] in ("account", "network") else "account/a"
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in meta.items()}
    validator = jsonschema.Draft7Validator(front_matter_schema(catalogue))
    assert validator.is_valid(plain) == isinstance(read_article(path, meta, catalogue), Article)
