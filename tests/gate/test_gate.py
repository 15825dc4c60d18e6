"""The search gate: what people type must find the article that helps, and authors learn why it does not."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from answerdesk.articles.build_audience import Edition
from answerdesk.build.configuration import languages_of, load_site_config
from answerdesk.cli import main
from answerdesk.commands.gate import gate
from answerdesk.gate.gate import ask_language

ROOT = Path(__file__).parents[2]
TODAY = Edition(today=date(2026, 11, 22))
LANGUAGES = languages_of(load_site_config(ROOT / "mkdocs.yml"))


@pytest.fixture(scope="session")
def article(request: pytest.FixtureRequest) -> Callable[..., str]:
    shared: ModuleType = request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py"))
    return shared.article


@pytest.fixture
def site(tree: Callable[..., Any], article: Callable[..., str]) -> Callable[[str], Any]:
    """Make a site of six articles, five of them about printers, with the queries given."""

    def make(queries: str, **fields: object) -> Any:
        printers = {f"en/account/printer-{n}.md": article(f"Printer {n}", "The printer prints.\n") for n in range(5)}
        return tree(
            {
                "en/account/toner.md": article("Change the toner", "Open the printer.\n", **fields),
                **printers,
                "queries/en.yml": queries,
            }
        )

    return make


def run(*arguments: object) -> Result:
    return CliRunner().invoke(gate, [str(argument) for argument in arguments])


def test_an_article_among_the_first_three_passes(site: Callable[..., Any]) -> None:
    made = site("- { query: toner, finds: account/toner }\n")
    result = run("-f", made.config)
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "en         1  toner  →  account/toner",
        "en: 1 queries, 1 first, 1 in the first three, 0 below, 0 not found",
    ]


def test_an_article_that_fell_out_is_named_with_what_stands_above_it_and_why(site: Callable[..., Any]) -> None:
    made = site("\n- { query: printer, finds: account/toner }\n")
    result = run("-f", made.config)
    assert result.exit_code == 1
    (line,) = [line for line in result.output.splitlines() if line.startswith("content/queries/en.yml:2: ")]
    assert "“printer” does not find account/toner among the first 3. Above it stand account/printer-" in line
    assert line.count("account/printer-") == 3
    assert "It is in place 6: account/toner (" in line
    assert "Add what people type to its aliases or questions, or to synonyms/en.yml" in line


def test_an_alias_brings_it_back(site: Callable[..., Any]) -> None:
    queries = "- { query: printer is empty, finds: account/toner }\n"
    assert not ask_language(site(queries).config, "en", TODAY).placed[0].is_kept
    assert ask_language(site(queries, aliases=["printer is empty"]).config, "en", TODAY).placed[0].place == 1


def test_words_that_the_article_lacks_are_named(site: Callable[..., Any]) -> None:
    (placed,) = ask_language(site("- { query: printer quetzal, finds: account/toner }\n").config, "en", TODAY).placed
    assert placed.own is not None
    assert placed.own.lacks == ("quetzal",)
    assert [reason.word for reason in placed.own.reasons] == ["printer"]


def test_points_explain_scores(site: Callable[..., Any]) -> None:
    (placed,) = ask_language(site("- { query: printer, finds: account/toner }\n").config, "en", TODAY).placed
    for standing in (*placed.above, placed.own):
        assert standing is not None
        assert sum(reason.points for reason in standing.reasons) == standing.score


def test_a_query_that_finds_nothing_says_so(site: Callable[..., Any]) -> None:
    made = site("- { query: quetzal, finds: account/toner }\n")
    (finding,) = ask_language(made.config, "en", TODAY).findings
    assert (finding.what, finding.why) == ("“quetzal” does not find account/toner", "Visitors see nothing at all")


def test_a_hard_query_is_kept_where_it_says(site: Callable[..., Any]) -> None:
    assert run("-f", site("- { query: printer, finds: account/toner, within: 6 }\n").config).exit_code == 0
    assert run("-f", site("- { query: printer, finds: account/toner, within: 5 }\n").config).exit_code == 1


def test_an_article_that_is_not_for_everyone_is_no_answer(site: Callable[..., Any]) -> None:
    made = site("- { query: toner, finds: account/toner }\n", audience="internal")
    (finding,) = ask_language(made.config, "en", TODAY).findings
    assert "which search leaves out" in finding.what


def test_the_gate_asks_the_content_as_it_is_now_and_leaves_the_site_alone(
    site: Callable[..., Any], article: Callable[..., str]
) -> None:
    made = site("- { query: cartridge, finds: account/toner }\n")
    made.build()
    before = {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()}
    assert run("-f", made.config).exit_code == 1
    assert {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()} == before
    made.write({"en/account/toner.md": article("Change the cartridge")})
    assert run("-f", made.config).exit_code == 0


def test_json_has_places_reasons_and_findings(site: Callable[..., Any]) -> None:
    made = site("- { query: printer, finds: account/toner }\n")
    (table,) = json.loads(run("-f", made.config, "--json").output)
    assert table["summary"] == {"queries": 1, "first": 0, "seen": 0, "below": 1, "lost": 0}
    (row,) = table["queries"]
    assert (row["query"]["text"], row["place"], len(row["above"])) == ("printer", 6, 3)
    assert row["own"]["reasons"][0]["word"] == "printer"
    assert table["findings"][0]["rule"] == "search-gate"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--lang", "xx"], "--lang is 'xx'. Use one of: en."), (["-f", "none.yml"], "none.yml")],
    ids=["language", "site"],
)
def test_what_cannot_run_ends_with_2(site: Callable[..., Any], arguments: list[str], words: str) -> None:
    result = run("-f", site("").config, *arguments)
    assert (result.exit_code, type(result.exception)) == (2, SystemExit)
    assert words in result.output


@pytest.mark.parametrize("command", [["gate"], ["check", "--only", "search-gate"]], ids=" ".join)
def test_what_no_site_may_show_is_named_by_file_and_line(
    site: Callable[..., Any], article: Callable[..., str], command: list[str]
) -> None:
    made = site("- { query: toner, finds: account/toner }\n")
    made.write({"en/account/bad.md": article("Bad", "Text.\n\n<script>alert(1)</script>\n\n<b onclick=x>b</b>\n")})
    result = CliRunner().invoke(main, [*command, "-f", str(made.config)])
    assert result.exit_code == 2
    assert [line.partition(".md:")[2][:5] for line in result.output.splitlines()] == ["12: <", "14: o"]
    assert result.output.startswith("content/en/account/bad.md:12: <script> could run or load things. Write it in")


def test_what_is_wrong_with_a_whole_site_names_the_language(site: Callable[..., Any]) -> None:
    made = site("- { query: toner, finds: account/toner }\n")
    made.write({"company.yml": "[]\n"})
    result = run("-f", made.config)
    assert result.exit_code == 2
    assert result.output.startswith("en cannot be built: ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_starter_content_answers_what_people_type(language: str) -> None:
    asked = ask_language(ROOT / "mkdocs.yml", language, TODAY)
    assert [str(finding) for finding in asked.findings] == []
    assert len(asked.placed) >= 40
    assert len({one.query.finds for one in asked.placed}) >= 30
