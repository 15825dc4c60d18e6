"""What the articles share."""

from pathlib import Path

import pytest

from answerdesk.articles.catalogue import in_language, load_catalogue
from answerdesk.articles.errors import ContentError

CATEGORIES = """
categories:
  - id: account
    icon: key
    names: { en: Accounts, ko: 계정 }
    summaries: { en: Passwords. }
  - { id: network, icon: wifi, names: Network }
systems: { windows: Windows, phone: { en: Phone, ko: 전화 } }
needed: [account/password]
"""
COMPANY = "company: Example\nhours: { en: 8 to 18, ko: 8~18 }\nyear: 2026\n"


def write(folder: Path, categories: str = CATEGORIES, company: str = COMPANY) -> Path:
    (folder / "categories.yml").write_text(categories, "utf-8")
    (folder / "company.yml").write_text(company, "utf-8")
    return folder


def test_categories_keep_their_order_and_names(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path))
    assert list(catalogue.categories) == ["account", "network"]
    assert catalogue.categories["account"].names == {"en": "Accounts", "ko": "계정"}
    assert catalogue.needed == ("account/password",)


def test_a_category_without_summaries_has_an_empty_one(tmp_path: Path) -> None:
    assert in_language(load_catalogue(write(tmp_path)).categories["network"].summaries, "ko") == ""


@pytest.mark.parametrize(("language", "hours"), [("en", "8 to 18"), ("ko", "8~18"), ("tr", "8 to 18")])
def test_company_values_come_in_the_language_or_the_first_there_is(tmp_path: Path, language: str, hours: str) -> None:
    values = load_catalogue(write(tmp_path)).variables(language)
    assert values == {"company": "Example", "hours": hours, "year": "2026"}


@pytest.mark.parametrize(
    ("names", "text"), [({"ko": "가"}, "가"), ({"": "all", "en": "en"}, "all"), ({"en": "en", "tr": "tr"}, "en")]
)
def test_a_text_falls_back_to_the_one_for_everybody_then_to_the_first(names: dict[str, str], text: str) -> None:
    assert in_language(names, "ko") == text


@pytest.mark.parametrize("name", ["categories.yml", "company.yml"])
def test_a_missing_file_is_named_with_its_cure(tmp_path: Path, name: str) -> None:
    (write(tmp_path) / name).unlink()
    with pytest.raises(ContentError) as caught:
        load_catalogue(tmp_path)
    assert str(caught.value) == f"{tmp_path / name} is missing. Copy it from the starter content and fill it in."


@pytest.mark.parametrize(
    ("categories", "words"),
    [
        ("categories: [", "did not find expected node content"),
        ("- a", "holds a list, not “name: value” lines"),
        ("", "holds nothing"),
        ("systems: {}", "'categories'"),
        ("categories: [{icon: key, names: A}]", "'id'"),
        ("categories: [{id: a, names: A}]", "'icon'"),
        ("categories: [{id: a, icon: key}]", "'names'"),
        ("categories: [text]", "missing or misplaced"),
        ("categories: 5", "missing or misplaced"),
        ("categories: []\nsystems: [windows]", "missing or misplaced"),
        ("categories: []\nneeded: 5", "missing or misplaced"),
    ],
)
def test_a_misshapen_file_is_named_with_what_it_needs(tmp_path: Path, categories: str, words: str) -> None:
    with pytest.raises(ContentError) as caught:
        load_catalogue(write(tmp_path, categories))
    assert str(caught.value).startswith(str(tmp_path / "categories.yml"))
    assert words in str(caught.value)


def test_a_category_without_any_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        load_catalogue(write(tmp_path, "categories: [{id: a, icon: key, names: {}}]"))
