"""Every page gets a category and an address of its own."""

import pytest

from answerdesk.articles.article import PATH
from answerdesk.importing.addresses import Entry, old_address, place_pages, read_nav, slug


def paths(*sources: str) -> list[str]:
    return [place.path for place in place_pages(sources, {}).values()]


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("apps/vim.md", "apps/vim"),
        ("apps/Vim_Guide.v2.md", "apps/vim-guide-v2"),
        ("apps/index.md", "apps/overview"),
        ("apps/gis/index.md", "apps/gis"),
        ("apps/gis/README.md", "apps/gis"),
        ("index.md", "general/overview"),
        ("about.md", "general/about"),
        ("search/x.md", "search-pages/x"),
        ("Über uns/Café.md", "uber-uns/cafe"),
        ("日本/東京.md", "riben/dongjing"),
        ("계정/잠금.md", "gyejeong/jamgeum"),
        ("💡.md", "general/bulb"),
        ("​.md", "general/page"),
    ],
)
def test_a_page_lies_where_it_lay_in_letters_that_addresses_may_have(source: str, path: str) -> None:
    assert paths(source) == [path]
    assert PATH.fullmatch(path)


def test_no_two_pages_have_one_address() -> None:
    assert paths("a/B.md", "a/b.md", "a/b/index.md") == ["a/b", "a/b-2", "a/b-3"]


def test_the_top_section_of_nav_is_the_category() -> None:
    nav = [{"Home": "index.md"}, {"Get started": [{"First": "guide/one.md"}, {"More": ["guide/two.md"]}]}]
    entries = dict(read_nav(nav))
    assert entries["guide/two.md"] == Entry(section="Get started", title="")
    places = place_pages(["guide/one.md", "guide/two.md", "guide/three.md"], entries)
    assert [(place.category, place.name, place.path) for place in places.values()] == [
        ("get-started", "Get started", "get-started/guide/one"),
        ("guide", "Guide", "guide/three"),
        ("get-started", "Get started", "get-started/guide/two"),
    ]


def test_sections_in_other_alphabets_stay_apart() -> None:
    entries = dict(read_nav([{"开始使用": ["a.md"]}, {"계정": ["b.md"]}, {"الحساب": ["c.md"]}]))
    places = place_pages(["a.md", "b.md", "c.md"], entries)
    assert [(place.category, place.name) for place in places.values()] == [
        ("kaishishiyong", "开始使用"),
        ("gyejeong", "계정"),
        ("lhsb", "الحساب"),
    ]


@pytest.mark.parametrize(
    ("source", "with_folders", "without"),
    [("a/b.md", "a/b", "a/b.html"), ("a/index.md", "a", "a/index.html"), ("index.md", "", "index.html")],
)
def test_the_address_of_a_page_on_the_old_site(source: str, with_folders: str, without: str) -> None:
    assert old_address(source, has_folders=True) == with_folders
    assert old_address(source, has_folders=False) == without


def test_a_slug_has_only_small_letters_digits_and_hyphens() -> None:
    assert slug("  C++ & Fortran_90 ") == "c-fortran-90"
