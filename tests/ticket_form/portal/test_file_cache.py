"""Reading again what changed."""

from pathlib import Path

import pytest

from ticket_form.portal.file_cache import FileCached


def fresh(path: Path) -> FileCached[int]:
    return FileCached(path, read=lambda: int(path.read_text()), failures=ValueError)


def test_a_file_is_read_once_until_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "number"
    path.write_text("1")
    reads: list[int] = []

    def read() -> int:
        reads.append(1)
        return int(path.read_text())

    value = FileCached(path, read=read, failures=ValueError)
    assert (value.get(), value.get(), len(reads)) == (1, 1, 1)
    path.write_text("22")
    assert (value.get(), value.get(), len(reads)) == (22, 22, 2)


def test_the_old_value_stays_while_the_new_one_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "number"
    path.write_text("1")
    value = fresh(path)
    value.get()
    path.write_text("half a num")
    assert value.get() == 1
    path.write_text("333")
    assert value.get() == 333


def test_what_was_never_read_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "number"
    path.write_text("words")
    with pytest.raises(ValueError, match="words"):
        fresh(path).get()
