"""The preview follows what authors save."""

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from answerdesk.articles.build_audience import Edition
from answerdesk.preview.server import Handler, News, open_server
from answerdesk.preview.session import PreviewSession

COMMAND = (sys.executable, "-c", "from answerdesk.cli import main; main()", "serve", "--port", "0", "-f", "mkdocs.yml")


@pytest.fixture
def made(tree: Callable[..., Any], article_of: Callable[..., str]) -> Any:
    """Write a site with a draft."""
    files = {"en/account/a.md": article_of("A", "First.\n"), "en/account/b.md": article_of("B")}
    return tree(files | {"en/account/draft.md": article_of("Draft", draft=True)})


@pytest.fixture
def article_of(request: pytest.FixtureRequest) -> Callable[..., str]:
    """Return what writes an article's source."""
    root = Path(__file__).parents[1]
    return request.config.pluginmanager.get_plugin(str(root / "conftest.py")).article  # type: ignore[no-any-return]


@pytest.fixture
def preview(made: Any) -> Iterator[str]:
    """Serve the preview of the site, and give its address."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen(COMMAND, cwd=made.folder, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
        assert found
        yield found[0]
        process.terminate()


def read(url: str) -> str:
    return urllib.request.urlopen(url, timeout=10).read().decode()


def is_there(url: str) -> bool:
    try:
        return bool(read(url))
    except urllib.error.HTTPError:
        return False


def wait_for(url: str, text: str) -> None:
    ends = time.monotonic() + 30
    while text not in read(url):
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_an_open_page_follows_its_article_and_shows_what_is_wrong(
    preview: str, made: Any, page: Page, article_of: Callable[..., str]
) -> None:
    page.goto(f"{preview}en/account/a/")
    made.write({"en/account/a.md": article_of("A", "Second.\n")})
    expect(page.locator("article")).to_contain_text("Second.", timeout=30_000)
    made.write({"en/account/a.md": article_of("A", "Third. [x](nothing.md)\n")})
    expect(page.locator("[data-problems]")).to_contain_text("account/a.md", timeout=30_000)
    expect(page.locator("[data-problems] strong")).to_have_text("A problem")
    expect(page.locator("article")).to_contain_text("Third.")  # it is built in spite of that
    made.write({"en/account/a.md": article_of("A", "<script>x</script>\n")})
    expect(page.locator("[data-problems]")).to_contain_text("<script>", timeout=30_000)
    expect(page.locator("[data-problems] strong")).to_have_text("A problem; as they were built last: en")
    expect(page.locator("article")).not_to_contain_text("<script>")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    foot, box = page.locator(".site-footer .bar").bounding_box(), page.locator("[data-problems]").bounding_box()
    assert foot
    assert box
    assert foot["y"] + foot["height"] <= box["y"] + 1
    made.write({"en/account/a.md": article_of("A", "Mended.\n")})
    expect(page.locator("article")).to_contain_text("Mended.", timeout=30_000)
    expect(page.locator("[data-problems]")).to_have_count(0)


def test_a_fault_that_several_languages_show_is_told_once(
    tree: Callable[..., Any], article_of: Callable[..., str]
) -> None:
    made = tree({"en/account/a.md": article_of("A", "{{ nobody }}\n")}, languages=["en", "ko"])
    news, said = News(), []
    session = PreviewSession(made.config, Edition(today=date(2026, 11, 20), is_preview=True), news, said.append)
    try:
        session.build()
    finally:
        session.close()
    (line,) = [line for line in said if "nobody" in line]
    assert line.startswith("en: content/en/account/a.md:10: ")
    (told,) = [json.loads(line) for line in [news.join(10**6).get(timeout=1)]]
    assert told["problems"] == [line]


def test_all_that_depends_on_a_change_follows(preview: str, made: Any, article_of: Callable[..., str]) -> None:
    made.write({"en/account/b.md": article_of("Another name")})
    wait_for(f"{preview}en/a-z/", "Another name")
    made.write({"en/account/new.md": article_of("Quite new")})
    wait_for(f"{preview}en/account/", "Quite new")
    (made.folder / "content/en/account/new.md").unlink()
    ends = time.monotonic() + 30
    while is_there(f"{preview}en/account/new/"):
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_an_editors_lock_and_a_dead_link_change_nothing(
    preview: str, made: Any, article_of: Callable[..., str]
) -> None:
    folder = made.folder / "content/en/account"
    (folder / ".#a.md").symlink_to("anna@desk.4711:1")
    (folder / "dead.md").symlink_to("nowhere.md")
    (made.folder / "content/.#categories.yml").symlink_to("anna@desk.4711:1")
    made.write({"en/account/a.md": article_of("A", "Second.\n")})
    wait_for(f"{preview}en/account/a/", "Second.")
    assert not is_there(f"{preview}en/account/dead/")


def test_a_file_that_is_empty_while_it_is_saved_keeps_its_page(
    preview: str, made: Any, article_of: Callable[..., str]
) -> None:
    (made.folder / "content/en/account/a.md").write_text("", "utf-8")
    made.write({"en/account/b.md": article_of("B", "Built after that.\n")})
    wait_for(f"{preview}en/account/b/", "Built after that.")
    assert "First." in read(f"{preview}en/account/a/")
    made.write({"en/account/a.md": article_of("A", "Second.\n")})
    wait_for(f"{preview}en/account/a/", "Second.")


@pytest.mark.parametrize("file", ["content/categories.yml", "mkdocs.yml"])
def test_a_fault_in_what_all_share_is_told_and_ends_nothing(
    preview: str, made: Any, page: Page, article_of: Callable[..., str], file: str
) -> None:
    page.goto(f"{preview}en/account/a/")
    before = (made.folder / file).read_text("utf-8")
    (made.folder / file).write_text("a: [\n", "utf-8")
    expect(page.locator("[data-problems]")).to_contain_text(file, timeout=30_000)
    expect(page.locator("[data-problems] strong")).to_have_text("A problem; as they were built last: en")
    (made.folder / file).write_text(before, "utf-8")
    made.write({"en/account/a.md": article_of("A", "Second.\n")})
    expect(page.locator("article")).to_contain_text("Second.", timeout=30_000)
    expect(page.locator("[data-problems]")).to_have_count(0)


def test_drafts_are_shown_and_nothing_is_built_for_the_public(preview: str, made: Any) -> None:
    assert "Draft" in read(f"{preview}en/account/draft/")
    assert '<span class="lent">Draft</span>' in read(f"{preview}en/account/")
    assert not made.site.exists()


# The script in the pages


@pytest.fixture
def news() -> News:
    return News()


@pytest.fixture
def pages(tmp_path: Path, news: News) -> Iterator[str]:
    """Serve two pages and a download, of which the second page takes its time, and give their address."""
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / name).mkdir()
        links = f'<a href="../{other}/">on</a> <a href="../file.zip">get</a>'
        text = f'<title>{name}</title><link rel="icon" href="data:,"><body><p>{name}</p>{links}</body>'
        (tmp_path / name / "index.html").write_text(text, "utf-8")
    (tmp_path / "file.zip").write_bytes(b"PK")
    server = open_server(tmp_path, news, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def open_page(page: Page, news: News, url: str) -> None:
    """Open a page and wait until it hears the news."""
    page.goto(url)
    ends = time.monotonic() + 10
    while not news._pages:
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_a_page_that_is_being_left_does_not_come_back_when_it_changes(
    pages: str, news: News, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    serve = Handler._serve_file

    def serve_slowly(handler: Handler) -> None:
        asked.append(handler.path)
        time.sleep(handler.path == "/b/")
        serve(handler)

    monkeypatch.setattr(Handler, "_serve_file", serve_slowly)
    open_page(page, news, f"{pages}a/")
    page.click("a", no_wait_after=True)
    while asked[-1] != "/b/":
        page.wait_for_timeout(10)
    news.tell("built", changed=["/a/"])
    expect(page.locator("p")).to_have_text("b", timeout=10_000)
    assert asked.count("/a/") == 1


def test_a_page_that_only_began_a_download_still_follows(pages: str, news: News, page: Page, tmp_path: Path) -> None:
    page.clock.install()
    open_page(page, news, f"{pages}a/")
    with page.expect_download():
        page.click("text=get")
    (tmp_path / "a/index.html").write_text('<link rel="icon" href="data:,"><p>newer</p></body>', "utf-8")
    news.tell("built", changed=["/a/"])
    page.clock.run_for(6000)
    expect(page.locator("p")).to_have_text("newer", timeout=10_000)


def test_a_page_that_a_build_removes_while_it_is_asked_for_is_not_there(
    pages: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "404.html").write_text("<p>lost</p></body>", "utf-8")
    monkeypatch.setattr(Path, "is_file", lambda _path: True)  # it was, a moment ago
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{pages}c.html", timeout=10)
