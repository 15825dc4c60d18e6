"""Checking articles, and the command line."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from answerdesk.articles.errors import ContentError
from answerdesk.authoring.check_site import check_content
from answerdesk.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def article(request: pytest.FixtureRequest) -> Callable[..., str]:
    shared: ModuleType = request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py"))
    return shared.article


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def refuses(*arguments: object) -> str:
    """Return what a command says that ends with 2 and no traceback."""
    result = run(*arguments)
    assert (result.exit_code, type(result.exception)) == (2, SystemExit), result.output
    return result.output


# check: see tests/checks for each rule


def finds(*arguments: object) -> str:
    """Return what a check says that ends with 1."""
    result = run(*arguments)
    assert (result.exit_code, type(result.exception)) == (1, SystemExit), result.output
    return result.output


def test_good_articles_keep_the_contract(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    files = {"en/account/a.md": article("A", aliases=["first"]), "ko/account/a.md": article("가", aliases=["첫째"])}
    made = tree(files, languages=["en", "ko"])
    assert check_content(made.config) == []


def test_every_breach_in_every_language_is_a_line(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree(
        {
            "en/account/a.md": article("A", owner=None, review_every=0),
            "en/account/b.md": "---\ntitle: a: b\n---\n",
            "ko/account/a.md": article("가", "{{ nobody }}\n"),
        },
        languages=["en", "ko"],
    )
    lines = finds("check", "-f", made.config, "--only", "contract").splitlines()
    assert lines == [
        "content/en/account/a.md:1: error contract: owner is missing. "
        'Somebody must answer for the article and review it. Add "owner: <text>" to the front matter.',
        "content/en/account/a.md:3: error contract: review_every is 0. It decides when the article is overdue. "
        "Write the number of days between reviews, such as 180.",
        "content/en/account/b.md:2: error contract: front matter is 'line 2: mapping values are not allowed in this "
        "context'. Without it nothing is known of the article, and it is left out of the site. "
        "Quote texts with : or # in them.",
        "content/ko/account/a.md:10: error contract: {{ nobody }} stands for no value of company.yml. Readers would "
        "see the braces. It has: company, hours, phone. Use one of them, or add “nobody: <text>” to it. "
        r"To show the braces, write \{{ nobody }}.",
        "4 errors, 0 warnings.",
    ]


def test_internal_articles_are_checked_too(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"en/account/a.md": article("A", audience="internal", owner=None)})
    assert [finding.what for finding in check_content(made.config, rules=["contract"])] == ["owner is missing"]


def test_a_language_without_a_folder_is_named_with_its_cure(
    tree: Callable[..., Any], article: Callable[..., str]
) -> None:
    made = tree({"en/account/a.md": article("A")}, languages=["en", "ko"])
    (made.folder / "content/ko").rmdir()
    with pytest.raises(ContentError, match="Make it, or take ko out of the languages in"):
        check_content(made.config)
    assert "content/ko is missing." in refuses("check", "-f", made.config)


def test_a_needed_article_that_there_is_not_is_named(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"en/account/a.md": article("A")})
    made.write({"categories.yml": made.text("categories.yml").replace("needed: []", "needed: [account/password]")})
    assert "error contract: needed is 'account/password'" in finds("check", "-f", made.config)


@pytest.mark.parametrize("fault", ["date", "encoding"])
def test_a_file_that_cannot_be_read_is_a_line(
    tree: Callable[..., Any], article: Callable[..., str], fault: str
) -> None:
    made = tree({"en/account/a.md": article("A").replace("2026-10-01", "2026-02-30")})
    if fault == "encoding":
        (made.folder / "content/en/account/a.md").write_bytes(article("Şifre").encode("cp1254"))
    assert "account/a.md" in finds("check", "-f", made.config)


@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "does not exist"),
        ("a: [", "error parsing the configuration file"),
        ("site_name: x", "Config value 'docs_dir': The path"),
    ],
    ids=["missing", "no YAML", "no docs"],
)
def test_a_configuration_that_cannot_be_read_is_named(
    tmp_path: Path, command: str, text: str | None, words: str
) -> None:
    config = tmp_path / "mkdocs.yml"
    if text:
        config.write_text(text, "utf-8")
    said = refuses(command, "-f", config)
    assert words in said
    assert str(config) in said


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_site_without_the_plugin_is_told_so(tmp_path: Path, command: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: x\n", "utf-8")
    assert "answerdesk/articles" in refuses(command, "-f", tmp_path / "mkdocs.yml")


# build


def test_build_says_what_became_of_each_language(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"en/account/a.md": article("A")})
    first = run("build", "-f", made.config)
    assert first.exit_code == 0
    assert first.output.startswith("en       built in ")
    second = run("build", "-f", made.config)
    assert (second.exit_code, second.output) == (0, "en       unchanged\n")
    assert run("build", "-f", made.config, "--force").output.startswith("en       built in ")


def test_a_failed_build_names_fault_and_cure(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"en/account/a.md": article("A", "[x](none.md)\n")})
    lines = refuses("build", "-f", made.config).splitlines()
    assert lines[0].startswith("en: content/en/account/a.md:10: none.md leads to no file.")
    assert "en       FAILED by 1 warning" in lines
    assert lines[-1] == "Mend what is named above and build again; --no-strict lets warnings pass."


def test_a_fault_that_several_languages_show_is_said_once(
    tree: Callable[..., Any], article: Callable[..., str]
) -> None:
    made = tree({"en/account/a.md": article("A", "[x](none.md)\n\n[y](none.md)\n")}, languages=["en", "ko", "tr"])
    said = [line.split(" ")[1] for line in refuses("build", "-f", made.config).splitlines() if "none.md" in line]
    assert said == ["content/en/account/a.md:10:", "content/en/account/a.md:12:"]
    said = [line for line in run("build", "-f", made.config, "--no-strict").output.splitlines() if "none.md" in line]
    assert len(said) == 2


@pytest.mark.parametrize(
    ("body", "state"), [("[x](none.md)\n\n[y](none.md)\n", "2 warnings"), ("{{ x }}\n", "1 warning")]
)
def test_warnings_are_counted_in_good_english(
    tree: Callable[..., Any], article: Callable[..., str], body: str, state: str
) -> None:
    made = tree({"en/account/a.md": article("A", body)})
    assert f"en       FAILED by {state}\n" in refuses("build", "-f", made.config)


@pytest.mark.parametrize("option", ["--strict", "--no-strict"])
def test_where_letting_warnings_pass_would_not_help_nobody_advises_it(
    tree: Callable[..., Any], article: Callable[..., str], option: str
) -> None:
    made = tree({"en/account/a.md": article("A", "[x](none.md)\n\n<script>x</script>\n")})
    said = refuses("build", "-f", made.config, option)
    assert said.endswith("en       FAILED\nMend what is named above and build again.\n")


def test_no_strict_builds_and_still_tells(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"en/account/a.md": article("A", "[x](none.md)\n")})
    result = run("build", "-f", made.config, "--no-strict")
    assert result.exit_code == 0
    assert "none.md leads to no file." in result.output
    assert (made.site / "en/account/a/index.html").is_file()


def test_a_missing_shared_file_is_named_once_with_its_cure(
    tree: Callable[..., Any], article: Callable[..., str]
) -> None:
    made = tree({"en/account/a.md": article("A")})
    (made.folder / "content/company.yml").unlink()
    assert "company.yml is missing. Copy it from the starter content and fill it in." in refuses(
        "build", "-f", made.config
    )


# index and search

DOCUMENTS = [
    {"id": "d1", "title": "VPN drops", "text": "The tunnel closes after a minute."},
    {"id": "d2", "title": "Printer", "text": "The paper is jammed.", "url": "devices/printer/"},
    {"id": "d3", "title": "打印机", "text": "Paper."},
]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("index")
    lines = [json.dumps(row, ensure_ascii=False) for row in DOCUMENTS]
    (made / "docs.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    assert run("index", "--jsonl", made / "docs.jsonl", "--lang", "en", "--out", made / "index").exit_code == 0
    return made


def test_index_says_where_it_is(folder: Path, tmp_path: Path) -> None:
    result = run("index", "--jsonl", folder / "docs.jsonl", "--lang", "en", "--out", tmp_path / "i")
    assert (result.exit_code, result.output) == (0, f"{tmp_path / 'i' / 'manifest.json'}\n")
    assert (tmp_path / "i/manifest.json").is_file()


def test_index_writes_one_for_lunr(folder: Path, tmp_path: Path) -> None:
    arguments = ("--jsonl", folder / "docs.jsonl", "--lang", "en", "--out", tmp_path, "--export", "lunr")
    result = run("index", *arguments)
    assert result.exit_code == 0
    assert "invertedIndex" in Path(result.output.strip()).read_text("utf-8")


def test_search_shows_title_address_and_excerpt(folder: Path) -> None:
    result = run("search", "--index", folder / "index", "jammed")
    assert result.exit_code == 0
    assert "Printer  devices/printer/  (" in result.output
    assert "The paper is jammed." in result.output


def test_search_that_finds_nothing_says_so(folder: Path) -> None:
    result = run("search", "--index", folder / "index", "quetzal")
    assert (result.exit_code, result.output) == (0, "Articles found: 0\n")


def test_search_prints_json(folder: Path) -> None:
    found = json.loads(run("search", "--index", folder / "index", "--json", "vpn").output)
    assert (found["total"], found["corrected"], len(found["results"])) == (1, None, 1)
    assert set(found["results"][0]) == {"url", "title", "summary", "excerpt", "breadcrumb", "score", "tier"}
    assert (found["results"][0]["url"], found["results"][0]["title"]) == ("d1", "VPN drops")


def test_search_prints_no_more_than_the_limit(folder: Path) -> None:
    found = json.loads(run("search", "--index", folder / "index", "--json", "--limit", "1", "paper").output)
    assert (len(found["results"]), found["total"]) == (1, 2)


def test_queries_in_bulk_give_a_line_each_with_the_documents_own_ids(folder: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"id": "q1", "text": "jammed"}\n{"id": "q2", "text": "quetzal"}\n{"id": "q3", "text": "vpn"}\n')
    result = run("search", "--index", folder / "index", "--queries", queries, "--run", tmp_path / "run.tsv")
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "run.tsv").read_text("utf-8") == "q1\td2\nq2\nq3\td1\n"


def test_a_built_site_is_searched_by_language(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"en/account/a.md": article("Alpha"), "ko/account/a.md": article("비밀번호")}, languages=["en", "ko"])
    made.build()
    assert "비밀번호  account/a/" in run("search", "--site", made.site, "--lang", "ko", "비밀번호").output
    assert "Alpha  account/a/" in run("search", "--site", made.site, "alpha").output


@pytest.mark.parametrize("arguments", [[], ["--queries", "q"], ["--run", "r"]], ids=["nothing", "queries", "run"])
def test_a_search_for_nothing_is_told_what_to_say(folder: Path, arguments: list[str]) -> None:
    assert refuses("search", "--index", folder / "index", *arguments) == (
        "Say what to search for, or give both --queries and --run.\n"
    )


def test_an_index_that_there_is_not_is_named(tmp_path: Path) -> None:
    said = refuses("search", "--index", tmp_path, "x")
    assert str(tmp_path) in said
    assert "there is no search index" in said


def test_a_damaged_index_is_named(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "index", tmp_path / "index")
    (tmp_path / "index/manifest.json").write_text("{", "utf-8")
    assert str(tmp_path) in refuses("search", "--index", tmp_path / "index", "x")


@pytest.mark.parametrize("command", ["index", "search"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[1]\n", 'line 1 has no "id" and "text"'),
        (b'{"id": "a", "text": "b"}\n{"id": "c"}\n', 'line 2 has no "id" and "text"'),
        (b'{"id": "a", "text": "b"}\n{"id": \n', "Expecting value"),
        (b'{"id": "a", "text": "\xff"}\n', "can't decode byte 0xff"),
    ],
    ids=["list", "no text", "no JSON", "no UTF-8"],
)
def test_a_bad_line_is_named_with_its_cure(
    folder: Path, tmp_path: Path, command: str, content: bytes, words: str
) -> None:
    (tmp_path / "bad.jsonl").write_bytes(content)
    said = read_lines(command, folder, tmp_path, "bad.jsonl")
    assert said.startswith(f"{tmp_path / 'bad.jsonl'}: ")
    assert words in said
    assert said.endswith('Write one {"id": …, "text": …} a line.\n')


@pytest.mark.parametrize("command", ["index", "search"])
def test_a_file_of_lines_that_there_is_not_is_named(folder: Path, tmp_path: Path, command: str) -> None:
    assert read_lines(command, folder, tmp_path, "none") == f"{tmp_path / 'none'}: there is no such file.\n"


@pytest.mark.parametrize(
    ("command", "content", "words"),
    [
        ("index", '{"id": "a", "text": "b"}\n{"id": \n', "line 2"),
        ("index", '{"id": "a", "text": null}\n', "line 1"),
        ("index", '{"id": "a", "text": "b", "title": 5}\n', "line 1"),
        ("search", '{"id": "a", "text": 5}\n', "line 1"),
        ("search", '{"id": 1, "text": "b"}\n', "line 1"),
    ],
    ids=["no JSON", "no text", "title", "query", "id"],
)
def test_a_bad_line_is_named_by_its_number(
    folder: Path, tmp_path: Path, command: str, content: str, words: str
) -> None:
    (tmp_path / "bad.jsonl").write_text(content, "utf-8")
    assert words in read_lines(command, folder, tmp_path, "bad.jsonl").replace("line 1 column", "")


def test_a_line_separator_inside_a_text_does_not_end_the_line(tmp_path: Path) -> None:
    (tmp_path / "docs.jsonl").write_text('{"id": "a", "text": "one\u2028two"}\n', "utf-8")
    assert run("index", "--jsonl", tmp_path / "docs.jsonl", "--lang", "en", "--out", tmp_path / "i").exit_code == 0


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(folder: Path, limit: int) -> None:
    refuses("search", "--index", folder / "index", "--limit", limit, "paper")


def read_lines(command: str, folder: Path, own: Path, name: str) -> str:
    if command == "index":
        return refuses("index", "--jsonl", own / name, "--lang", "en", "--out", own / "out")
    return refuses("search", "--index", folder / "index", "--queries", own / name, "--run", own / "run.tsv")
