"""The starter content: it keeps the contract, and every language says the same."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from answerdesk.articles.article import Article
from answerdesk.articles.catalogue import load_catalogue
from answerdesk.articles.faq import is_faq
from answerdesk.articles.library import Library, article_files, read_library
from answerdesk.articles.source import split_source
from answerdesk.articles.variables import find_variables
from answerdesk.authoring.check_site import check_content
from answerdesk.build.configuration import languages_of, load_site_config

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"
LANGUAGES = languages_of(load_site_config(ROOT / "mkdocs.yml"))
SOURCE = LANGUAGES[0]
OTHERS = LANGUAGES[1:]
PATHS = [path for path, _ in article_files(CONTENT / SOURCE)]
FENCES = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@cache
def library(language: str) -> Library:
    return read_library(article_files(CONTENT / language), load_catalogue(CONTENT), language)


@cache
def body(language: str, path: str) -> str:
    split = split_source(path, (CONTENT / language / path).read_text("utf-8"))
    assert isinstance(split, tuple)
    return split[1]


def shape(language: str, path: str) -> dict[str, object]:
    """Return what must be the same in every language."""
    text = body(language, path)
    prose = FENCES.sub("", text)
    return {
        "numbered steps": len(re.findall(r"^ *\d+\. ", prose, re.MULTILINE)),
        "level-2 headings": len(re.findall(r"^## ", prose, re.MULTILINE)),
        "level-3 headings": len(re.findall(r"^### ", prose, re.MULTILINE)),
        "links": Counter(address.split("#")[0] for address in LINK.findall(prose)),
        "variables": Counter(name for name, _ in find_variables(text)),
    }


def articles(language: str) -> dict[str, Article]:
    return dict(library(language).articles)


def test_the_content_keeps_the_contract() -> None:
    assert [str(problem) for problem in check_content(ROOT / "mkdocs.yml")] == []


def test_every_language_of_the_site_has_a_folder_and_no_other_has() -> None:
    folders = {path.name for path in CONTENT.iterdir() if path.is_dir()} - {"synonyms", "queries", "sources"}
    assert folders == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_enough_to_begin_with(language: str) -> None:
    faqs = [path for path in PATHS if is_faq(re.findall(r"^## (.+)$", body(language, path), re.MULTILINE))]
    assert len(articles(language)) >= 30
    assert len(faqs) >= 5


@pytest.mark.parametrize("language", OTHERS)
def test_every_article_has_its_twin(language: str) -> None:
    assert [path for path, _ in article_files(CONTENT / language)] == PATHS


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", OTHERS)
def test_a_twin_has_the_same_steps_headings_links_and_variables(language: str, path: str) -> None:
    assert shape(language, path) == shape(SOURCE, path)


@pytest.mark.parametrize("language", OTHERS)
def test_a_twin_belongs_to_the_same_systems_and_codes(language: str) -> None:
    def facts(code: str) -> dict[str, tuple[object, ...]]:
        return {
            path: (one.category, set(one.applies_to), one.related, set(one.codes), one.audience)
            for path, one in articles(code).items()
        }

    assert facts(language) == facts(SOURCE)


@pytest.mark.parametrize("language", OTHERS)
def test_titles_and_summaries_are_translated(language: str) -> None:
    same = [
        path
        for path, one in articles(language).items()
        if one.title == articles(SOURCE)[path].title or one.summary == articles(SOURCE)[path].summary
    ]
    assert same == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_title_or_alias_leads_to_two_articles(language: str) -> None:
    names = [
        (name.casefold(), path)
        for path, one in articles(language).items()
        for name in {text.casefold() for text in (one.title, *one.aliases)}
    ]
    counted = Counter(name for name, _ in names)
    assert {
        name: [path for other, path in names if other == name] for name, count in counted.items() if count > 1
    } == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_article_names_an_alias_or_question_twice(language: str) -> None:
    for path, one in articles(language).items():
        for texts in (one.aliases, one.questions, one.tags, one.codes, one.related):
            assert len({text.casefold() for text in texts}) == len(texts), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_article_holds_raw_html(language: str) -> None:
    raw = re.compile(r"<[a-zA-Z/!?][^>\n]*>")
    found = {path: raw.findall(re.sub(r"`[^`\n]*`", "", FENCES.sub("", body(language, path)))) for path in PATHS}
    assert {path: tags for path, tags in found.items() if [tag for tag in tags if "://" not in tag]} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_needed_articles_are_there(language: str) -> None:
    needed = load_catalogue(CONTENT).needed
    assert len(needed) >= 5
    assert [path for path in needed if f"{path}.md" not in articles(language)] == []


def test_every_category_and_company_value_reads_in_every_language() -> None:
    catalogue = load_catalogue(CONTENT)
    for names in [
        *(category.names for category in catalogue.categories.values()),
        *(category.summaries for category in catalogue.categories.values()),
        *catalogue.systems.values(),
        *catalogue.company.values(),
    ]:
        assert set(names) in ({""}, set(LANGUAGES)), names


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_has_articles(language: str) -> None:
    assert {one.category for one in articles(language).values()} == set(load_catalogue(CONTENT).categories)


def test_every_company_value_is_used() -> None:
    texts = ((CONTENT / SOURCE / path).read_text("utf-8") for path in PATHS)
    used = {name for text in texts for name, _ in find_variables(text)}
    assert set(load_catalogue(CONTENT).company) - used <= {
        "company",
        "phone",
        "hours",
    }  # these are in the portal's frame
