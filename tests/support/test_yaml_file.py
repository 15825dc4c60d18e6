"""Reading YAML files: whatever stands in their place is said in a line with its cure."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from conftest import Tree, article

from answerdesk.cli import main
from answerdesk.support.yaml_file import UnreadableFileError, read_yaml_text

BESIDE = [
    "categories.yml",
    "company.yml",
    "redirects.yml",
    "queries/en.yml",
    "synonyms/en.yml",
    "words.yml",
    "sources/ko.yml",
    "fallbacks/ko.yml",
]


def folder(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.mkdir()


def pipe(file: Path) -> None:
    file.unlink(missing_ok=True)
    os.mkfifo(file)


def latin(file: Path) -> None:
    file.write_bytes(b"a: b\nname: caf\xe9\n")


def utf_16(file: Path) -> None:
    file.write_bytes("a: b\n".encode("utf-16"))


WAYS = {
    folder: "this is a folder",
    pipe: "this is no regular file",
    latin: "byte 14 is no UTF-8",
    utf_16: "the file is UTF-16",
}


@pytest.mark.parametrize(("spoil", "reason"), WAYS.items())
def test_what_cannot_be_read_is_named_with_its_cure(spoil: Callable[[Path], None], reason: str, tmp_path: Path) -> None:
    spoil(tmp_path / "a.yml")
    with pytest.raises(UnreadableFileError) as raised:
        read_yaml_text(tmp_path / "a.yml")
    assert raised.value.problem == reason
    assert raised.value.cure


def test_a_byte_order_mark_and_windows_lines_are_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"\xef\xbb\xbfa: b\r\nc: d\r\n")
    assert read_yaml_text(tmp_path / "a.yml") == "a: b\nc: d\n"


@pytest.mark.parametrize("spoil", [pipe, latin])
@pytest.mark.parametrize("name", BESIDE)
def test_check_and_build_say_which_file_beside_the_languages_cannot_be_read(
    name: str, spoil: Callable[[Path], None], tree: Callable[..., Tree]
) -> None:
    site = tree({"en/account/a.md": article("Alpha")}, ["en", "ko"])
    file = site.folder / "content" / name
    file.parent.mkdir(exist_ok=True)
    spoil(file)
    done = CliRunner().invoke(main, ["check", "-f", str(site.config)])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert done.exit_code
    assert name in done.output
    assert WAYS[spoil] in done.output


def test_a_character_that_yaml_forbids_is_named(tree: Callable[..., Tree]) -> None:
    site = tree({"company.yml": yaml.safe_dump({"company": "Example"}) + "phone: \0\n"})
    done = CliRunner().invoke(main, ["check", "-f", str(site.config)])
    assert "company.yml:1: the character U+0000 may not stand in YAML. Take the character out." in done.output
