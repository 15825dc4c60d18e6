"""Secrets."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ticket_form.errors import ConfigurationError
from ticket_form.secrets.signing import (
    derive_key,
    hash_secret,
    is_same,
    new_form_key,
    read_form_key,
    read_or_create_secret,
    status_secret,
)  # fmt: skip

SECRET = b"s" * 32
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


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
    posted = {new_form_key(secret=SECRET, now=NOW) for _ in range(100)}
    keys = [read_form_key(key, secret=SECRET) for key in posted]
    assert len({key.key for key in keys if key}) == 100
    assert all(key and key.shown_at == NOW for key in keys)


def test_a_changed_or_foreign_form_key_is_refused() -> None:
    posted = new_form_key(secret=SECRET, now=NOW)
    for place, email in enumerate(posted):
        changed = posted[:place] + ("A" if email != "A" else "Q") + posted[place + 1 :]
        assert read_form_key(changed, secret=SECRET) is None
    assert read_form_key(posted, secret=b"x" * 32) is None
    for typed in ("", "x" * 32, posted + "\n", posted[:-1], "é" + posted[1:], posted.replace(".", ".٠", 1)):
        assert read_form_key(typed, secret=SECRET) is None


def test_the_status_page_of_a_form_has_one_secret_and_the_database_has_its_hash() -> None:
    first, same, other = (status_secret(key, secret=SECRET) for key in ("a", "a", "b"))
    assert first == same != other
    assert status_secret("a", secret=b"x" * 32) != first
    assert len(first) == 43  # 256 bits
    assert hash_secret(first) == hash_secret(same) != hash_secret(other)
    assert first not in hash_secret(first)
    assert hash_secret("broken \ud800") != hash_secret(first)
