"""What the tests of the checks share: a small site in memory, and what a rule finds in it."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pymdownx.slugs import slugify

from answerdesk.articles.catalogue import Catalogue, Category
from answerdesk.build.configuration import load_site_config
from answerdesk.checks.reading.content import Content
from answerdesk.checks.reading.page import CheckedPage, read_page
from answerdesk.checks.reading.rendered import renderer
from answerdesk.checks.registry import run_rules
from answerdesk.checks.report.finding import Finding

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "zh-Hans", "zh-Hant", "ko", "tr", "ar")


@pytest.fixture(scope="session")
def article(request: pytest.FixtureRequest) -> Callable[..., str]:
    """Write an article's source that keeps the contract."""
    shared: ModuleType = request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py"))
    return shared.article


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Return two categories, two systems and some company values."""
    return Catalogue(
        categories={
            id: Category(id=id, icon="key", names={"": id.title()}, summaries={"": ""}) for id in ("account", "network")
        },
        systems={"windows": {"": "Windows"}, "macos": {"": "macOS"}},
        needed=(),
        company={
            "company": {"": "Example"},
            "phone": {"": "+49 30 901820"},
            "mail_domain": {"": "house.example.org"},
            "desk": {"": "anna.frey@desk.org"},
        },
    )


@pytest.fixture(scope="session")
def render() -> Callable[[CheckedPage], Any]:
    """Render a page as this site does."""
    config = load_site_config(ROOT / "mkdocs.yml")
    return renderer(config.markdown_extensions, config.mdx_configs)


@pytest.fixture(scope="session")
def read(catalogue: Catalogue, article: Callable[..., str]) -> Callable[..., CheckedPage]:
    """Read a page: a whole file, or a text that gets the front matter of a good article."""

    def make(name: str, text: str) -> CheckedPage:
        language, _, source = name.partition("/")
        text = (
            text if text.startswith("---\n") else article(source, text).replace("---\n\n", "---\n", 1)
        )  # from line 9 on
        slug = slugify(case="lower")
        return read_page(f"content/{name}", language, source, text, catalogue=catalogue, slug=slug)

    return make


@pytest.fixture
def content(
    read: Callable[..., CheckedPage], catalogue: Catalogue, render: Callable[[CheckedPage], Any], tmp_path: Path
) -> Callable[..., Content]:
    """Make a site of pages: `content({"en/account/a.md": "Text."})`; other files are written as they are."""

    def make(files: Mapping[str, str | bytes], **settings: Any) -> Content:
        for name, data in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
        pages = [read(name, text) for name, text in files.items() if isinstance(text, str) and name.endswith(".md")]
        given: dict[str, Any] = {
            "languages": LANGUAGES,
            "pages": tuple(pages),
            "files": frozenset(files),
            "folder": tmp_path,
            "catalogue": catalogue,
            "root_url": "https://help.example.com/",
            "render": render,
        }
        return Content(**given | settings)

    return make


@pytest.fixture
def find(content: Callable[..., Content]) -> Callable[..., list[Finding]]:
    """Return what a rule finds: `find("link", {"en/account/a.md": "[x](none.md)"})`."""

    def run(rule: str, files: Mapping[str, str | bytes] | str, **settings: Any) -> list[Finding]:
        files = {"en/account/a.md": files} if isinstance(files, str) else files
        return run_rules(content(files, **settings), [rule])

    return run


@pytest.fixture
def seen(find: Callable[..., list[Finding]]) -> Callable[..., list[str]]:
    """Return what a rule says, without places."""
    return lambda *given, **settings: [finding.what for finding in partial(find, *given, **settings)()]
