"""A browser page that holds our JavaScript, fed from files: no server, no build."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from answerdesk.search import Document, Section, build_index, write_index

RUNTIME = Path(__file__).parent.parent.parent / "plugins/answerdesk/search/runtime"
HOST = "http://answerdesk.test"
TYPES = {".js": "text/javascript", ".json": "application/json"}

Publish = Callable[[str, Path], str]


class Laboratory:
    """A page on which the reader's modules can be imported; `publish` puts a folder's files under an address."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._folders = {"runtime": RUNTIME}
        page.route(f"{HOST}/**", self._answer)
        page.goto(f"{HOST}/")

    def publish(self, name: str, folder: Path) -> str:
        """Publish a folder and return its address."""
        self._folders[name] = folder
        return f"{HOST}/{name}/"

    def run(self, script: str, argument: object = None) -> object:
        """Run an async function's body with `argument`, in which `load(name)` imports a module of the runtime."""
        load = f"const load = (name) => import('{HOST}/runtime/' + name + '.js');"
        return self.page.evaluate(f"async (argument) => {{ {load} {script} }}", argument)

    def _answer(self, route: Route) -> None:
        _, _, _, name, *rest = route.request.url.split("?")[0].split("/")
        path = self._folders[name].joinpath(*rest) if name in self._folders else None
        if path and path.is_file():
            route.fulfill(path=path, content_type=TYPES.get(path.suffix, "text/plain"))
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
