"""Reading portal.json."""

import json
from pathlib import Path

import pytest

from ticket_form.errors import ConfigurationError
from ticket_form.portal.portal_site import load_site


def change(site: Path, **changes: object) -> None:
    path = site / "portal.json"
    content = json.loads(path.read_text("utf-8")) | changes
    path.write_text(json.dumps({name: value for name, value in content.items() if value is not None}), "utf-8")


def test_a_built_site_is_read(site: Path) -> None:
    found = load_site(site)
    assert [language.code for language in found.languages] == ["en", "zh-Hans", "zh-Hant", "ko", "tr", "ar"]
    assert found.languages[5].direction == "rtl"
    assert found.categories[0].names["en"] == "About account"
    assert found.root.is_absolute()


def test_a_text_that_a_language_lacks_is_shown_in_the_default_language(site: Path) -> None:
    found = load_site(site)
    assert found.text(found.company, found.languages[3]) == "예시 회사"
    assert found.text(found.company, found.languages[4]) == "Example Company"
    assert found.text({"xx": "only this"}, found.languages[0]) == "only this"
    assert found.text({}, found.languages[0]) == ""


def test_a_missing_site_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r'no built site here .*Run "answerdesk build"'):
        load_site(tmp_path / "none")


def test_another_format_is_refused(site: Path) -> None:
    change(site, format=2)
    with pytest.raises(ConfigurationError, match=r"format is 2, but this version reads 1.*answerdesk build"):
        load_site(site)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"company": None}, "company is missing"),
        ({"languages": None}, "languages is missing"),
        ({"languages": []}, "languages is empty"),
        ({"languages": [{"code": "en", "name": "English"}]}, "direction is missing"),
        ({"languages": 5}, "wrong shape"),
        ({"hours": "always"}, "wrong shape"),
        ({"languages": [{"code": "de", "name": "Deutsch", "direction": "ltr"}]}, "folder of de is missing"),
    ],
)
def test_a_wrong_portal_file_is_named(site: Path, changes: dict[str, object], said: str) -> None:
    change(site, **changes)
    with pytest.raises(ConfigurationError, match=said):
        load_site(site)


@pytest.mark.parametrize("content", ["", "[]", "{", "7"])
def test_what_is_no_portal_file_is_refused(site: Path, content: str) -> None:
    (site / "portal.json").write_text(content)
    with pytest.raises(ConfigurationError, match="answerdesk build"):
        load_site(site)
