"""Secrets."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ticket_form.errors import ConfigurationError
from ticket_form.keys import derive_key, is_same, new_form_key, read_form_key, read_or_create_secret


def test_a_missing_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret"
    secret = read_or_create_secret(path)
    assert len(secret) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_or_create_secret(path) == secret
    assert [file.name for file in path.parent.iterdir()] == ["secret"]
    assert read_or_create_secret(tmp_path / "other") != secret


def test_processes_that_start_together_share_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: read_or_create_secret(tmp_path / "secret"), range(24)))) == 1


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret"
    read_or_create_secret(path)
    path.chmod(mode)
    with pytest.raises(ConfigurationError, match=f'Run "chmod 600 {path}"'):
        read_or_create_secret(path)


@pytest.mark.parametrize("content", ["", "not hexadecimal", "abcd"])
def test_a_damaged_secret_is_refused_and_not_shown(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secret"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(ConfigurationError, match="Delete it to get a new one") as caught:
        read_or_create_secret(path)
    assert not content or content not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="TICKET_FORM_SECRET_FILE"):
        read_or_create_secret(tmp_path / "file" / "secret")


def test_keys_for_different_purposes_differ() -> None:
    assert derive_key(b"s" * 32, "one") != derive_key(b"s" * 32, "two")


def test_any_two_texts_can_be_compared() -> None:
    assert is_same("key", "key")
    assert not is_same("ké\ud800", "key")
    assert not is_same("", "key")


def test_form_keys_differ_and_are_recognised() -> None:
    keys = {new_form_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(read_form_key(key) == key for key in keys)
    assert read_form_key("x" * 31) is None
    assert read_form_key("x" * 31 + "\n") is None
