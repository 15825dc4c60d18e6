"""Taking in a whole site: it builds, it is searched, nothing is overwritten, and what is lost is said."""

import json
import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from click.testing import CliRunner, Result
from playwright.sync_api import Browser

from answerdesk.build.site_build import build_site
from answerdesk.commands.take_in import take_in
from answerdesk.search import open_index

ROOT = Path(__file__).parents[2]
SITES = os.environ.get("ANSWERDESK_SITES")

CONFIG = """\
site_name: Old & Wise Help
site_url: !ENV [OLD_URL, 'https://old.example.com/docs/']
theme: { name: material, features: [navigation.instant] }
nav:
  - Home: index.md
  - Get Started:
      - First steps: guide/first.md
      - guide/Second_Step.md
  - Reference: [reference/codes.md]
markdown_extensions:
  - footnotes
  - pymdownx.emoji: { emoji_index: !!python/name:material.extensions.emoji.twemoji }
  - pymdownx.superfences:
      custom_fences: [{ name: mermaid, class: mermaid, format: !!python/name:pymdownx.superfences.fence_code_format }]
  - toc: { permalink: true, slugify: !!python/object/apply:pymdownx.slugs.slugify { kwds: { case: lower } } }
  - blocks.of.mystery
plugins:
  - search
  - macros
  - wizardry: { level: !ENV LEVEL }
  - redirects: { redirect_maps: { 'former.md': 'reference/codes.md' } }
extra: { desk: 'the old desk', social: [] }
extra_javascript: [app.js]
exclude_docs: |
  drafts/
"""
PAGES = {
    "index.md": """\
---
template: home.html
---
<div class="grid cards" markdown>

- [Start](guide/first.md)

</div>
""",
    "guide/first.md": """\
# First steps

Call {{ desk }} or type `{{ user }}`. See [the table](../reference/codes.md#größe).

## One

![Door](../img/door.png)[^1] and [plan](plan.pdf), [old](#none), [same](same.md), [script](../app.js),
[title](Second_Step.md#second).

[^1]: A note.

=== "Tab"
    !!! tip
        Read [this](Second_Step.md#so).

=== "Other"
    The other way.
""",
    "guide/Second_Step.md": """\
# Second

## So

Turn the **zirconium** valve. <form>

[^9]: Nobody asks.

<script>x()</script>
""",
    "reference/codes.md": """\
# Codes

Error 0x80070005 means denied.

## Größe

Big.

--8<-- "part.txt"
""",
    "guide/same.md": "../reference/codes.md",
    "drafts/secret.md": "# Secret\n",
    "img/door.png": "PNG",
    "guide/plan.pdf": "PDF",
    "app.js": "alert(1)",
    ".hidden/x.md": "# Hidden\n",
}


def write(folder: Path) -> Path:
    for name, text in {"mkdocs.yml": CONFIG, "part.txt": "From a *snippet*.\n"}.items():
        (folder / name).write_text(text, "utf-8")
    for name, text in PAGES.items():
        file = folder / "docs" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def run(site: Path, into: Path, *arguments: str) -> Result:
    given = [str(site), "--into", str(into), "-f", str(ROOT / "mkdocs.yml"), *arguments]
    return CliRunner().invoke(take_in, given)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("old"))


@pytest.fixture(scope="module")
def taken(old: Path) -> Path:
    """Take the site in and build it."""
    into = old.parent / "new"
    result = run(old, into, "--reviewed", "2026-10-01", "--owner", "desk", "--review-every", "90")
    assert result.exit_code == 0, result.output
    (outcome,) = build_site(into / "mkdocs.yml", strict=True)
    assert (outcome.is_built, outcome.messages) == (True, ())
    return into


def article(taken: Path, path: str) -> tuple[dict[str, object], str]:
    _, front, body = (taken / f"content/en/{path}.md").read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(front), body.strip()


def losses(taken: Path) -> list[tuple[str, str, int]]:
    rows = json.loads((taken / "taken-in.json").read_text("utf-8"))["losses"]
    return [(row["kind"], row["file"], row["line"]) for row in rows]


def test_pages_become_articles_by_navs_sections(taken: Path) -> None:
    assert sorted(name for name in files(taken / "content/en") if name.endswith(".md")) == [
        "general/overview.md",
        "get-started/guide/first.md",
        "get-started/guide/second-step.md",
        "reference/codes.md",
    ]
    categories = yaml.safe_load((taken / "content/categories.yml").read_text("utf-8"))["categories"]
    names = [(row["id"], row["names"]["en"]) for row in categories]
    assert names == [("general", "General"), ("get-started", "Get Started"), ("reference", "Reference")]


def test_an_article_keeps_the_contract(taken: Path) -> None:
    meta, _ = article(taken, "get-started/guide/first")
    assert {name: str(value) for name, value in meta.items()} == {
        "title": "First steps",
        "summary": r"Call {{ desk }} or type \{{ user }}. See the table.",
        "category": "get-started",
        "owner": "desk",
        "reviewed": "2026-10-01",
        "review_every": "90",
    }


def test_links_pictures_and_downloads_still_lead_somewhere(taken: Path) -> None:
    _, body = article(taken, "get-started/guide/first")
    for part in (
        "[the table](../../reference/codes.md#größe)",
        "![Door](../../img/door.png)[^1]",
        "[plan](../../guide/plan.pdf), old, [same](../../reference/codes.md), script,\n[title](second-step.md).",
        "[this](second-step.md#so)",
    ):
        assert part in body, part
    assert (taken / "site/en/img/door.png").read_text() == "PNG"
    assert (taken / "site/en/guide/plan.pdf").is_file()
    assert not (taken / "content/en/app.js").exists()


def test_variables_of_the_old_site_are_filled_in_and_others_stand_for_themselves(taken: Path) -> None:
    page = (taken / "site/en/get-started/guide/first/index.html").read_text("utf-8")
    assert "Call the old desk or type <code>{{ user }}</code>" in page


def test_snippets_are_put_in_and_excluded_pages_left_out(taken: Path) -> None:
    assert "From a *snippet*." in article(taken, "reference/codes")[1]
    assert b"Secret" not in b"".join(files(taken / "content").values())


def test_nothing_that_runs_is_left(taken: Path) -> None:
    _, body = article(taken, "get-started/guide/second-step")
    assert body == "## So\n\nTurn the **zirconium** valve. &lt;form&gt;\n\n(9) Nobody asks."


def test_old_addresses_lead_to_the_articles(taken: Path) -> None:
    rows = yaml.safe_load((taken / "content/redirects.yml").read_text("utf-8"))
    assert rows == {
        "former": "reference/codes",
        "guide/Second_Step": "get-started/guide/second-step",
        "guide/first": "get-started/guide/first",
        "guide/same": "reference/codes",
    }
    assert "get-started/guide/second-step/" in (taken / "site/en/guide/Second_Step/index.html").read_text("utf-8")


@pytest.mark.parametrize("has_folders", [True, False])
def test_each_old_address_leads_to_its_article_or_is_reported(tmp_path: Path, *, has_folders: bool) -> None:
    pages = ["index", "guide/index", "guide/Two words", "guide/sub/index", "guide/sub/last", "größe/日本"]
    for page in pages:
        file = tmp_path / f"old/docs/{page}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# Title {page}\n\nText.\n", "utf-8")
    (tmp_path / "old/mkdocs.yml").write_text(f"use_directory_urls: {str(has_folders).lower()}\n")
    result = run(tmp_path / "old", tmp_path / "new", "--reviewed", "2026-10-01")
    assert result.exit_code == 0, result.output
    (outcome,) = build_site(tmp_path / "new/mkdocs.yml", strict=True)
    assert (outcome.is_built, outcome.messages) == (True, ())
    elsewhere = []
    for page in pages:
        address = f"{page.removesuffix('index')}/index.html" if has_folders or page == "index" else f"{page}.html"
        html = (tmp_path / "new/site/en" / address.lstrip("/")).read_text("utf-8")
        is_article = re.search(rf"<h1[^>]*>\s*Title {page}\s*</h1>", html)
        if not is_article and not ("moved.js" in html and f">Title {page}</a>" in html):
            elsewhere.append(page)
    assert elsewhere == ["index", "guide/index"]
    assert ("page", "guide/index.md", 1) in losses(tmp_path / "new")


def test_raw_links_lead_to_tabs_and_headings_or_to_the_page(tmp_path: Path, browser: Browser) -> None:
    text = """\
# Tabs

<a href="#second-one">There</a>, <a href="#none">nowhere</a>, <a href="../other/#below">below</a>.

=== "First"
    One.

=== "Second one"
    ## Below

    Two.
"""
    (tmp_path / "old/docs").mkdir(parents=True)
    (tmp_path / "old/docs/page.md").write_text(text)
    (tmp_path / "old/docs/other.md").write_text("# Other\n\nText.\n")
    assert run(tmp_path / "old", tmp_path / "new", "--reviewed", "2026-10-01").exit_code == 0
    assert [row for row in losses(tmp_path / "new") if row[0] == "anchor"] == [("anchor", "page.md", 3)] * 2
    _, body = article(tmp_path / "new", "general/page")
    assert body.splitlines()[0] == ('<a href="#second-one">There</a>, <a>nowhere</a>, <a href="../other/">below</a>.')
    (outcome,) = build_site(tmp_path / "new/mkdocs.yml", strict=True)
    assert outcome.is_built
    context = browser.new_context()
    context.route(
        "http://new.test/**", lambda route: route.fulfill(path=tmp_path / "new/site" / _file(route.request.url))
    )
    page = context.new_page()
    page.goto("http://new.test/en/general/page/#below")
    page.get_by_text("Two.").wait_for()
    page.get_by_text("First", exact=True).click()
    assert not page.get_by_text("Two.").is_visible()
    for _ in range(2):
        page.get_by_text("There").click()
        page.get_by_text("Two.").wait_for()
        page.get_by_text("First", exact=True).click()
    context.close()


def _file(url: str) -> str:
    path = urlsplit(url).path.lstrip("/")
    return f"{path}index.html" if path.endswith("/") else path


def test_it_is_searched(taken: Path) -> None:
    searcher = open_index(taken / "site/en/search")
    assert [one.title for one in searcher.search("zirconium").results] == ["Second"]
    assert searcher.search("-2147024891").results[0].url.startswith("reference/codes/")


def test_tabs_show_what_is_chosen_without_a_script(taken: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((taken / "site/en/get-started/guide/first/index.html").as_uri())
    assert (page.get_by_text("Read this").is_visible(), page.get_by_text("The other way.").is_visible()) == (
        True,
        False,
    )
    page.get_by_text("Other", exact=True).click()
    assert (page.get_by_text("Read this").is_visible(), page.get_by_text("The other way.").is_visible()) == (
        False,
        True,
    )
    context.close()


def test_what_is_lost_is_named_by_file_and_line(taken: Path) -> None:
    found = losses(taken)
    for row in (
        ("setting", "mkdocs.yml", 1),
        ("anchor", "guide/first.md", 7),
        ("link", "guide/first.md", 7),
        ("raw HTML", "guide/Second_Step.md", 5),
        ("raw HTML", "guide/Second_Step.md", 9),
        ("anchor", "guide/Second_Step.md", 7),
        ("variable", "guide/first.md", 3),
    ):
        assert row in found, row
    assert ("anchor", "guide/first.md", 8) not in found, "links to a title lead to the page, as they did"
    report = (taken / "taken-in.md").read_text("utf-8")
    for words in ("the plugin wizardry", "the extension blocks.of.mystery", "extra_javascript", "`guide/first.md:7`"):
        assert words in report, words
    assert "the plugin search" not in report


def test_a_second_time_gives_the_same(old: Path, taken: Path, tmp_path: Path) -> None:
    run(old, tmp_path / "again", "--reviewed", "2026-10-01", "--owner", "desk", "--review-every", "90")
    first = {name: data for name, data in files(taken).items() if not name.startswith(("site/", ".answerdesk-cache/"))}
    assert files(tmp_path / "again") == first


def test_nothing_is_overwritten(old: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = run(old, tmp_path, "--reviewed", "2026-10-01")
    assert (result.exit_code, type(result.exception)) == (2, SystemExit)
    assert "is there already" in result.output
    assert files(tmp_path) == {"mine.txt": b"mine"}


def test_git_says_when_pages_were_reviewed(tmp_path: Path) -> None:
    site = tmp_path / "old"
    (site / "docs").mkdir(parents=True)
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"}
    author = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(["git", "init", "-q", str(site)], check=True, env=environment)
    for name, day in (("a", "2024-03-05"), ("b", "2025-06-07")):
        (site / f"docs/{name}.md").write_text(f"# {name}\n\nText.\n")
        dated = environment | {"GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
        subprocess.run(["git", "-C", str(site), "add", "."], check=True, env=dated)
        subprocess.run(["git", "-C", str(site), *author, "commit", "-qm", name], check=True, env=dated)
    assert run(site, tmp_path / "new").exit_code == 0
    days = {name: str(article(tmp_path / "new", f"general/{name}")[0]["reviewed"]) for name in ("a", "b")}
    assert days == {"a": "2024-03-05", "b": "2025-06-07"}


@pytest.mark.parametrize(
    ("text", "arguments", "words"),
    [
        (None, [], "there is neither mkdocs.yml nor Markdown"),
        ("a: [", ["--reviewed", "2026-10-01"], "cannot be read"),
        ("docs_dir: none", ["--reviewed", "2026-10-01"], "docs_dir is"),
        (CONFIG, [], "Say with --reviewed on which day"),
        (CONFIG, ["--reviewed", "soon"], "--reviewed is 'soon'"),
        (CONFIG, ["--reviewed", "2026-10-01", "--lang", "xx"], "there are words for: ar, en"),
    ],
    ids=["nothing", "no YAML", "no docs", "no day", "no date", "language"],
)
def test_what_cannot_be_taken_in_is_named_with_its_cure(
    tmp_path: Path, text: str | None, arguments: list[str], words: str
) -> None:
    (tmp_path / "old").mkdir()
    if text:
        write(tmp_path / "old")
        (tmp_path / "old/mkdocs.yml").write_text(text)
    result = run(tmp_path / "old", tmp_path / "new", *arguments)
    assert (result.exit_code, type(result.exception)) == (2, SystemExit), result.output
    assert words in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old"]


@pytest.mark.skipif(not SITES, reason="ANSWERDESK_SITES names a folder with csc_user_guide in it")
def test_a_real_site_of_many_pages_builds_and_answers(tmp_path: Path) -> None:
    result = run(Path(str(SITES)) / "csc_user_guide", tmp_path / "new", "--reviewed", "2026-10-01")
    assert result.exit_code == 0, result.output
    (outcome,) = build_site(tmp_path / "new/mkdocs.yml", strict=True)
    assert (outcome.is_built, outcome.messages) == (True, ())
    searcher = open_index(tmp_path / "new/site/en/search")
    for query, path in (
        ("gromacs roihu", "apps/gromacs/"),
        ("disk quota exceeded", "support/faq/disk-quota-exceeded/"),
    ):
        assert searcher.search(query).results[0].url.partition("#")[0] == path
