"""`answerdesk translate`, `translated` and `translations`, as authors use them."""

import csv
import io
import json
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from answerdesk.cli import main


def run(translations: Any, command: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, [command, "-f", str(translations.config), *arguments])


def states(translations: Any) -> dict[str, str]:
    rows = json.loads(run(translations, "translations", "--json").stdout)
    return {row["article"]: row["state"] for row in rows}


def edit(translations: Any, path: str, old: str, new: str) -> None:
    assert old in translations.text(path)
    translations.write({path: translations.text(path).replace(old, new)})


@pytest.fixture
def recorded(translations: Any) -> Any:
    """Record what the site's only translation was made from."""
    assert run(translations, "translated", "account/reset", "--lang", "ko").exit_code == 0
    return translations


def test_a_translation_is_unknown_until_somebody_says_that_it_is_up_to_date(translations: Any) -> None:
    assert states(translations) == {"account/reset": "unknown", "network/vpn": "missing"}
    done = run(translations, "translated", "account/reset", "--lang", "ko")
    assert done.stdout == "content/ko/account/reset.md: recorded as up to date.\n"
    assert states(translations) == {"account/reset": "current", "network/vpn": "missing"}


def test_the_table_names_the_section_that_changed_and_how(recorded: Any) -> None:
    edit(recorded, "en/account/reset.md", "3. Wait.", "3. Wait a minute.\n4. Close it.")
    table = run(recorded, "translations").stdout
    assert "account/reset  drifted (1 section)" in table
    assert "ko/account/reset: section 1 (source section 1, “What to do”): 1 changed, 1 added\n" in table
    assert table.endswith("ko: 1 drifted, 1 missing\n")


def test_the_table_comes_as_csv_and_as_a_page_and_may_be_narrowed(recorded: Any, tmp_path: Any) -> None:
    edit(recorded, "en/account/reset.md", "Wait.", "Wait <b>.")
    rows = list(csv.DictReader(io.StringIO(run(recorded, "translations", "--csv", "--only", "drifted").stdout)))
    assert [(row["article"], row["language"], row["state"], row["sections"]) for row in rows] == [
        ("account/reset", "ko", "drifted", "1")
    ]
    assert run(recorded, "translations", "--html", str(tmp_path / "table.html"), "--lang", "ko").exit_code == 0
    page = (tmp_path / "table.html").read_text("utf-8")
    assert '<th scope="row">account/reset</th><td class="drifted"' in page
    assert '<th scope="row">network/vpn</th><td class="missing">missing</td>' in page


def test_once_translated_again_it_is_current(recorded: Any) -> None:
    edit(recorded, "en/account/reset.md", "Wait.", "Wait a minute.")
    assert states(recorded)["account/reset"] == "drifted"
    run(recorded, "translated", "account/reset", "--lang", "ko")
    assert states(recorded)["account/reset"] == "current"


def test_one_section_may_be_recorded_alone(recorded: Any) -> None:
    edit(recorded, "en/account/reset.md", "Wait.", "Wait a minute.")
    edit(recorded, "en/account/reset.md", "Call", "Ring")
    done = run(recorded, "translated", "account/reset", "--lang", "ko", "--section", "2")
    assert done.stdout == "content/ko/account/reset.md: section 2, “그래도 안 되면”: recorded as up to date.\n"
    table = run(recorded, "translations").stdout
    assert "drifted (1 section)" in table
    assert "“What to do”" in table


def test_a_skeleton_mirrors_the_source_and_is_no_translation_yet(translations: Any) -> None:
    edit(
        translations,
        "en/network/vpn.md",
        "Start it.",
        "Start it.\n\n## On Windows\n\n1. Open --> it.\n\n```\n1. ping\n```",
    )
    done = run(translations, "translate", "content/en/network/vpn.md", "--to", "ko")
    assert done.stdout.startswith("content/ko/network/vpn.md written.")
    text = translations.text("ko/network/vpn.md")
    front = yaml.safe_load(text.split("---\n")[1])
    assert (front["title"], front["aliases"], front["category"]) == (None, [], "network")
    assert "title: # Connect to the VPN\n" in text
    assert "#- tunnel\n" in text
    assert text.endswith(
        "---\n\n<!-- TRANSLATE: Start it. -->\n\n## <!-- TRANSLATE: On Windows --> {#on-windows}\n\n"
        "1. <!-- TRANSLATE: Open --&gt; it. -->\n\n```\n1. ping\n```\n"
    )
    refused = run(translations, "translated", "network/vpn", "--lang", "ko")
    assert refused.exit_code == 1
    assert "“Start it.” is still to be translated" in refused.stderr
    assert [outcome.is_built for outcome in translations.build() if outcome.language == "ko"] == [False]


def test_a_skeleton_that_is_filled_in_is_current_and_builds(translations: Any) -> None:
    run(translations, "translate", "network/vpn", "--to", "ko")
    edit(translations, "ko/network/vpn.md", "<!-- TRANSLATE: Start it. -->", "시작하세요.")
    edit(translations, "ko/network/vpn.md", "title: #", "title: VPN #")
    edit(translations, "ko/network/vpn.md", "summary: #", "summary: 연결합니다. #")
    assert states(translations)["network/vpn"] == "current"
    assert all(outcome.is_built for outcome in translations.build())
    assert "시작하세요." in translations.page("ko/network/vpn/index.html")


def test_what_is_new_in_the_source_is_put_into_a_translation_and_nothing_else_is_touched(recorded: Any) -> None:
    before = recorded.text("ko/account/reset.md")
    edit(
        recorded,
        "en/account/reset.md",
        "2. Choose **Reset**.\n3. Wait.",
        "2. New!\n3. Choose **Reset**.\n4. Wait a minute.",
    )
    edit(recorded, "en/account/reset.md", "## If it", "## More\n\nText.\n\n## If it")
    done = run(recorded, "translate", "account/reset", "--to", "ko")
    assert "2 new pieces put in" in done.stdout
    assert "section 1 (source section 1, “What to do”): 1 changed" in done.stdout
    text = recorded.text("ko/account/reset.md")
    new = "2. <!-- TRANSLATE: New! -->\n"
    section = "\n## <!-- TRANSLATE: More --> {#more}\n\n<!-- TRANSLATE: Text. -->\n"
    assert text.replace(new, "").replace(section, "") == before
    assert text.index("1. 설정을") < text.index(new) < text.index("**재설정**") < text.index(section)
    again = run(recorded, "translate", "account/reset", "--to", "ko")
    assert recorded.text("ko/account/reset.md") == text
    assert "1 changed" in again.stdout


def test_what_was_put_in_needs_no_further_word_once_it_is_translated(recorded: Any) -> None:
    edit(recorded, "en/account/reset.md", "3. Wait.", "3. Wait.\n4. New.")
    run(recorded, "translate", "account/reset", "--to", "ko")
    edit(recorded, "ko/account/reset.md", "<!-- TRANSLATE: New. -->", "새 단계.")
    assert states(recorded)["account/reset"] == "current"
    assert run(recorded, "translate", "account/reset", "--to", "ko").stdout == (
        "content/ko/account/reset.md is up to date.\n"
    )


def test_line_ends_of_a_translation_stay_as_they_are(recorded: Any) -> None:
    file = recorded.folder / "content/ko/account/reset.md"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    edit(recorded, "en/account/reset.md", "3. Wait.", "3. Wait.\n4. New.")
    run(recorded, "translate", "account/reset", "--to", "ko")
    assert b"New." in file.read_bytes()
    assert file.read_bytes().count(b"\r\n") == file.read_bytes().count(b"\n")


def test_a_translation_may_have_sections_of_its_own_and_lack_others(translations: Any) -> None:
    edit(translations, "ko/account/reset.md", "## 그래도", "## 한국에서만\n\n글.\n\n## 그래도")
    refused = run(translations, "translated", "account/reset", "--lang", "ko")
    assert refused.exit_code == 1
    assert "the translation has 4 sections, the source 3" in refused.stderr
    for section, source in ((0, 0), (1, 1), (3, 2)):
        run(
            translations,
            "translated",
            "account/reset",
            "--lang",
            "ko",
            "--section",
            str(section),
            "--source",
            str(source),
        )
    assert states(translations)["account/reset"] == "current"
    edit(translations, "en/account/reset.md", "Call", "Ring")
    assert "section 3 (source section 2" in run(translations, "translations").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("translate", "account/nothing", "--to", "ko"), "content/en/account/nothing.md is not there"),
        (("translate", "account/reset", "--to", "en"), "en is the source language. Articles are translated into: ko."),
        (("translate", "account/reset", "--to", "fr"), "fr is no language of this site"),
        (("translate", "account/reset", "--to", "ko"), "answerdesk translated account/reset --lang ko"),
        (("translated", "network/vpn", "--lang", "ko"), "Begin it with “answerdesk translate network/vpn --to ko”"),
        (("translated", "--lang", "ko"), "or say --all"),
        (("translated", "account/reset", "--all", "--lang", "ko"), "or say --all"),
        (("translated", "account/reset", "--lang", "ko", "--source", "1"), "--source says what a --section"),
        (("translated", "account/reset", "--lang", "ko", "--section", "9"), "the sections 0 to 2"),
        (("translated", "account/reset", "--lang", "ko", "--section", "1", "--source", "9"), "the sections 0 to 2"),
        (("translations", "--lang", "fr"), "fr is no language of this site"),
    ],
)
def test_every_mistake_is_named_with_its_cure(translations: Any, arguments: tuple[str, ...], message: str) -> None:
    done = run(translations, *arguments)
    assert done.exit_code in (1, 2)
    assert message in done.stderr
    assert not done.exception or isinstance(done.exception, SystemExit)


def test_a_damaged_record_stops_commands_and_build_with_its_line(recorded: Any) -> None:
    recorded.write({"sources/ko.yml": "<<<<<<< HEAD\n" + recorded.text("sources/ko.yml")})
    assert "content/sources/ko.yml:1: '<<<<<<< HEAD' is no article" in run(recorded, "translations").stderr
    (message,) = [outcome.messages for outcome in recorded.build() if outcome.language == "ko"]
    assert message[0].startswith("content/sources/ko.yml:1: '<<<<<<< HEAD' is no article")


def test_all_translations_of_a_language_are_recorded_at_once(translations: Any) -> None:
    assert run(translations, "translated", "--all", "--lang", "ko").exit_code == 0
    assert states(translations) == {"account/reset": "current", "network/vpn": "missing"}
