"""What all tests share: small sites from a tree of texts, the real site built once, a server, a browser."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from filelock import FileLock
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from answerdesk.build.site_build import Outcome, build_site
from ticket_form.settings import LIMITS

# The same examples every time, so that CI judges the change and not its luck; HYPOTHESIS=explore looks for new ones.
settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=30)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS", "repeatable"))

pytest_plugins = ["servers"]

# Tests are quicker than people, and all come from one address.
NO_LIMITS = dict.fromkeys(LIMITS.values(), "0")

# The starter content and the articles of tests are current on this day, whenever the tests are run.
os.environ["ANSWERDESK_TODAY"] = "2026-11-20"

ROOT = Path(__file__).parent.parent
TICKET_FORM = str(Path(sys.executable).parent / "ticket-form")
LANGUAGES = ["en", "zh-Hans", "zh-Hant", "ko", "tr", "ar"]
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CATEGORIES = {
    "categories": [
        {
            "id": "account",
            "icon": "key-variant",
            "names": {"en": "Accounts", "ko": "계정", "tr": "Hesaplar", "ar": "الحسابات"},
        },
        {"id": "network", "icon": "wifi", "names": {"en": "Network", "ko": "네트워크", "tr": "Ağ", "ar": "الشبكة"}},
    ],
    "systems": {"windows": "Windows", "macos": "macOS"},
    "needed": [],
}
COMPANY = {"company": "Example Company", "phone": "+1 202 555 0143", "hours": {"": "8:00 to 18:00"}}


def article(title: str, body: str = "Text.\n", **fields: object) -> str:
    """Return an article's source that keeps the content contract, but for the fields given."""
    meta: dict[str, object] = {
        "title": title,
        "summary": f"About: {title}.",
        "category": "account",
        "owner": "identity",
        "reviewed": "@day",
        "review_every": 180,
    }
    meta |= fields
    front = yaml.safe_dump({name: value for name, value in meta.items() if value is not None}, allow_unicode=True)
    return f"---\n{front.replace(chr(39) + '@day' + chr(39), '2026-10-01')}---\n\n{body}"


class Tree:
    """A site in a temporary folder: `write` files, `build`, look at what came out."""

    def __init__(
        self,
        folder: Path,
        languages: list[str],
        *,
        site: Path | None = None,
        docs: Path | None = None,
        **options: object,
    ) -> None:
        self.folder = folder
        self.languages = languages
        self.site = site or folder / "site"
        self.config = folder / "mkdocs.yml"
        settings = {
            "INHERIT": str(ROOT / "mkdocs.yml"),
            "docs_dir": str((docs or folder / "content") / languages[0]),
            "site_dir": str(self.site / languages[0]),
            "theme": {"custom_dir": str(ROOT / "portal")},
            "plugins": {"answerdesk/articles": {"languages": languages, **options}, "answerdesk/search": {}},
        }
        self.config.write_text(yaml.safe_dump(settings), "utf-8")

    def write(self, files: Mapping[str, str]) -> "Tree":
        """Write files below `content/`."""
        for path, text in files.items():
            target = self.folder / "content" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        return self

    def text(self, path: str) -> str:
        """Return a file of `content/`."""
        return (self.folder / "content" / path).read_text("utf-8")

    def build(self, *, strict: bool = True) -> list[Outcome]:
        """Build what changed."""
        return sorted(build_site(self.config, strict=strict), key=lambda outcome: outcome.language)

    def page(self, path: str) -> str:
        """Return a built file's text."""
        return (self.site / path).read_text("utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Callable[..., Tree]:
    """Make a small site: `tree({"en/account/a.md": …}, languages=["en"])`; categories and company are there already."""

    def make(files: Mapping[str, str], languages: list[str] | None = None, **options: object) -> Tree:
        made = Tree(tmp_path, languages or ["en"], **options)
        made.write({"categories.yml": yaml.safe_dump(CATEGORIES), "company.yml": yaml.safe_dump(COMPANY)})
        for language in made.languages:
            (tmp_path / "content" / language).mkdir(exist_ok=True)
        return made.write(files)

    return make


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the starter content in all languages, once for all processes that run tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "real"
    with FileLock(f"{folder}.lock"):
        folder.mkdir(exist_ok=True)
        made = Tree(folder, LANGUAGES, docs=ROOT / "content")
        if not (folder / "built").exists():
            failed = {outcome.language: outcome.messages for outcome in made.build() if not outcome.is_built}
            assert not failed
            (folder / "built").touch()
    return made.site


@pytest.fixture(scope="session")
def server(real_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Server"]:
    """Serve portal, form and queue of the real site in a process of its own."""
    yield from serve(real_site, tmp_path_factory.mktemp("server"))


class Server:
    """A running `ticket-form serve`: its addresses, and the environment that its command line needs."""

    def __init__(self, process: subprocess.Popen[str], environment: Mapping[str, str]) -> None:
        assert process.stdout is not None
        lines = [process.stdout.readline().split() for _ in range(3)]
        self.portal, self.form = (line[-1] for line in lines[:2])
        command = [TICKET_FORM, "queue", "address", "--base-url", self.portal]
        self.queue = subprocess.check_output(command, env=environment, text=True).strip()
        self.environment = environment


def serve(site: Path, folder: Path) -> Iterator[Server]:
    """Run the server on a free port until the generator is closed."""
    environment = os.environ | {
        "TICKET_FORM_SITE": str(site),
        "TICKET_FORM_DATABASE": str(folder / "tickets.sqlite"),
        "TICKET_FORM_SECRET_FILE": str(folder / "secret"),
        **NO_LIMITS,
    }
    command = [TICKET_FORM, "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Server(process, environment)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one Chromium for all tests."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Open a fresh browser profile."""
    made = browser.new_context()
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Open a page that fails its test on any script error or blocked request."""
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield opened
    assert not errors
