"""What the tests of search share: small indexes, those of the starter content, a browser page with our JavaScript."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page, Route

from answerdesk.search import Document, Searcher, Section, build_index, open_index, read_synonyms, store, write_index
from answerdesk.search.index import Index, Synonym

ROOT = Path(__file__).parent.parent.parent
RUNTIME = ROOT / "plugins/answerdesk/search/runtime"
HOST = "http://answerdesk.test"
TYPES = {".js": "text/javascript", ".json": "application/json", ".bin": "application/octet-stream"}


class Laboratory:
    """A page on which the reader's modules can be imported; `publish` puts a folder's files under an address."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self._folders = {"runtime": RUNTIME}
        page.route(f"{HOST}/**", self._answer)
        page.goto(f"{HOST}/")

    def publish(self, name: str, folder: Path) -> str:
        """Publish a folder and return its address."""
        self._folders[name] = folder
        return f"{HOST}/{name}/"

    def run(self, script: str, argument: object = None) -> object:
        """Run an async function's body with `argument`, in which `load(name)` imports a module of the runtime.

        Both ways go through ASCII JSON: what is no text, half a surrogate pair, arrives as it is.
        """
        load = f"const load = (name) => import('{HOST}/runtime/' + name + '.js');"
        body = f"async (text) => {{ {load} const argument = JSON.parse(text);"
        found = self.page.evaluate(
            f"{body} return JSON.stringify(await (async () => {{ {script} }})()); }}", json.dumps(argument)
        )
        return None if found is None else json.loads(found)

    def _answer(self, route: Route) -> None:
        self.requests.append(route.request.url)
        _, _, _, name, *rest = route.request.url.split("?")[0].split("/")
        path = self._folders[name].joinpath(*rest) if name in self._folders else None
        if path and path.is_file():
            route.fulfill(body=path.read_bytes(), content_type=TYPES.get(path.suffix, "text/plain"))
        elif not name:
            route.fulfill(body="<!doctype html><title>Laboratory</title>", content_type="text/html")
        else:
            route.fulfill(status=404)


@pytest.fixture(scope="module")
def laboratory(browser: Browser) -> Iterator[Laboratory]:
    """Open the page once a module."""
    context = browser.new_context()
    yield Laboratory(context.new_page())
    context.close()


@pytest.fixture
def in_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every index written in shards, however small it is."""
    monkeypatch.setattr(store, "ONE_FILE", 0)


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Searcher]:
    """Make a searcher of documents, or of (title, text); an article's URL is its title."""

    def make(*articles: Document | tuple[str, str], language: str = "en", synonyms: Sequence[Synonym] = ()) -> Searcher:
        documents = [
            article
            if isinstance(article, Document)
            else Document(url=article[0], title=article[0], sections=(Section(text=article[1]),))
            for article in articles
        ]
        folder = tmp_path_factory.mktemp("made")
        write_index(build_index(documents, language, synonyms), folder)
        return open_index(folder)

    return make


@pytest.fixture
def small_index(tmp_path: Path) -> Path:
    """Write an index of three articles."""
    documents = [
        Document(
            url="password/",
            title="Reset a forgotten password",
            summary="Choose a new password.",
            breadcrumb=("Accounts",),
            aliases=("forgot my password",),
            sections=(
                Section(text="You cannot sign in."),
                Section(heading="Windows", anchor="windows", text="Open the sign-in page and choose a new password."),
            ),
        ),
        Document(url="vpn/", title="Connect to the VPN", sections=(Section(text="The VPN needs your password."),)),
        Document(
            url="printer/", title="Printer does not print", codes=("0x0000011b",), sections=(Section(text="Paper."),)
        ),
    ]
    folder = tmp_path / "index"
    write_index(build_index(documents, "en"), folder)
    return folder


@cache
def index_starter(language: str) -> Index:
    """Return the index of the starter content, from its Markdown as it stands: no site has to be built for it."""
    files = sorted((ROOT / "content" / language).rglob("*.md"))
    synonyms = read_synonyms(ROOT / "content/synonyms" / f"{language}.yml")
    return build_index([read_article(file) for file in files], language, synonyms)


def read_article(file: Path) -> Document:
    """Read an article roughly: front matter, a section a heading."""
    _, front, body = file.read_text("utf-8").split("---\n", 2)
    meta = yaml.safe_load(front)
    first, *rest = re.split(r"(?m)^#+ +(.+)$", body)
    sections = [Section(text=first.strip())]
    for number, (heading, text) in enumerate(zip(rest[::2], rest[1::2], strict=True)):
        sections.append(Section(heading=heading, anchor=f"section-{number}", text=text.strip()))
    return Document(
        url=f"{file.parent.name}/{file.stem}/",
        title=str(meta["title"]),
        summary=str(meta["summary"]),
        breadcrumb=(str(meta["category"]),),
        sections=tuple(sections),
        prior=len(file.stem) % 5,
        **{
            field: tuple(map(str, meta.get(field) or ()))
            for field in ("aliases", "questions", "tags", "codes", "applies_to")
        },
    )


@pytest.fixture(scope="session")
def starter_index() -> Callable[[str], Index]:
    """Return the index of a language's starter content."""
    return index_starter


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Return the folder of a language's starter index, as `bundle` or in `shards`, written once."""

    @cache
    def folder(language: str, form: str) -> Path:
        made = tmp_path_factory.mktemp("starter")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store, "ONE_FILE", 0 if form == "shards" else 10**9)
            write_index(index_starter(language), made)
        return made

    return folder
