"""The command `answerdesk check`, as authors and pipelines use it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from answerdesk.authoring.check_site import CheckContext, check_content
from answerdesk.cli import main

BROKEN = "Text.\n\n[x](none.md)\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, arguments)])


@pytest.fixture
def broken(tree: Callable[..., Any], article: Callable[..., str]) -> Any:
    return tree(
        {"en/account/a.md": article("A", BROKEN), "ko/account/a.md": article("가", BROKEN)}, languages=["en", "ko"]
    )


def test_a_clean_site_ends_with_0(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"en/account/a.md": article("A", aliases=["first"])})
    result = run("-f", made.config)
    assert (result.exit_code, result.output) == (0, "No fault found.\n")


def test_faults_end_with_1_and_are_named_by_file_and_line(broken: Any) -> None:
    result = run("-f", broken.config, "--only", "link")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "content/en/account/a.md:12: error link: none.md leads to no file. Readers who follow it get an error page. "
        "Mend the path or take the link out.",
        "content/ko/account/a.md:12: error link: none.md leads to no file. Readers who follow it get an error page. "
        "Mend the path or take the link out.",
        "2 errors, 0 warnings.",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-f", "none.yml"), "does not exist"),
        (("--lang", "de"), "--lang is 'de'"),
        (("--write-baseline",), "--baseline FILE"),
        (("--baseline", "none.json"), "--write-baseline"),
        (("--baseline", "b.json", "--write-baseline", "--only", "link"), "other faults would be forgotten"),
        (("--only", "nonsense"), "'nonsense' is not one of"),
    ],
)
def test_what_cannot_be_done_ends_with_2_and_a_cure(broken: Any, arguments: tuple[str, ...], words: str) -> None:
    result = run("-f", broken.config, *arguments)
    assert (result.exit_code, type(result.exception)) == (2, SystemExit)
    assert words in result.output


def test_one_language_or_one_rule_may_be_asked(broken: Any) -> None:
    assert run("-f", broken.config, "--only", "link", "--lang", "ko").stdout.count("content/") == 1
    assert run("-f", broken.config, "--only", "title").exit_code == 0
    assert " link: " not in run("-f", broken.config, "--skip", "link").stdout


def test_a_baseline_lets_old_faults_pass_and_new_ones_fail(
    broken: Any, article: Callable[..., str], tmp_path: Path
) -> None:
    baseline = tmp_path / "baseline.json"
    result = run("-f", broken.config, "--baseline", baseline, "--write-baseline")
    assert (result.exit_code, result.output) == (0, f"{baseline} has 2 faults, which pass from now on.\n")
    assert run("-f", broken.config, "--baseline", baseline).exit_code == 0
    broken.write({"en/account/a.md": article("A", "More.\n\n" + BROKEN + "\n![](b.png)\n")})
    result = run("-f", broken.config, "--baseline", baseline)
    assert result.exit_code == 1
    assert [line.split(" ")[2] for line in result.stdout.splitlines()] == ["image:", "image-text:"]
    broken.write({"en/account/a.md": article("A")})
    assert "1 fault of the baseline is mended" in run("-f", broken.config, "--baseline", baseline).output


def test_programs_read_the_report_from_standard_output(broken: Any) -> None:
    rows = json.loads(run("-f", broken.config, "--json", "--only", "link").stdout)
    assert [(row["file"], row["line"]) for row in rows] == [
        ("content/en/account/a.md", 12),
        ("content/ko/account/a.md", 12),
    ]
    assert json.loads(run("-f", broken.config, "--format", "gitlab").stdout)
    annotations = run("-f", broken.config, "--format", "github", "--only", "link").stdout
    assert annotations.startswith("::error file=content/en/account/a.md,line=12,title=link::none.md leads to no file.")


def test_words_of_the_house_are_read_from_content(tree: Callable[..., Any], article: Callable[..., str]) -> None:
    made = tree({"en/account/a.md": article("A", "Utilise it.\n")})
    made.write({"words.yml": "avoid: {en: {utilise: use}}\n"})
    assert "house-word" in run("-f", made.config).output
    made.write({"words.yml": "avoid: [\n"})
    assert run("-f", made.config).exit_code == 2


def test_only_changed_files_are_read_again(broken: Any, article: Callable[..., str]) -> None:
    context = CheckContext()
    check_content(broken.config, rules=["link"], context=context)
    before = {file.parent.parent.name: page for file, (_, page) in context.pages.items()}
    broken.write({"en/account/a.md": article("A", "Mended and longer than it was before.\n")})
    (left,) = check_content(broken.config, rules=["link"], context=context)
    after = {file.parent.parent.name: page for file, (_, page) in context.pages.items()}
    assert left.file == "content/ko/account/a.md"
    assert (after["ko"] is before["ko"], after["en"] is before["en"]) == (True, False)


def test_watching_says_what_came_and_what_went(broken: Any, article: Callable[..., str]) -> None:
    command = [
        str(Path(sys.executable).parent / "answerdesk"),
        "check",
        "-f",
        str(broken.config),
        "--watch",
        "--only",
        "link",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            first = [process.stdout.readline(), process.stdout.readline()]
            assert all("none.md" in line for line in first)
            while "Ctrl + C" not in process.stderr.readline():
                pass
            broken.write({"en/account/a.md": article("A", "Good.\n\n[y](other.md)\n")})
            assert process.stdout.readline() == f"- {first[0]}"
            assert "+ content/en/account/a.md:12: error link: other.md leads" in process.stdout.readline()
        finally:
            process.terminate()


def test_the_schema_is_printed(tree: Callable[..., Any]) -> None:
    made = tree({})
    result = CliRunner().invoke(main, ["schema", "-f", str(made.config)])
    assert json.loads(result.output)["properties"]["category"]["enum"] == ["account", "network"]
