"""A file is written whole or not at all."""

from pathlib import Path

import pytest

from answerdesk.support.atomic_write import write_whole


@pytest.mark.parametrize("is_durable", [True, False])
def test_a_write_that_fails_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_durable: bool
) -> None:
    path = tmp_path / "folder" / "a.md"
    write_whole(path, b"old", is_durable=is_durable)
    path.chmod(0o640)

    def fail(self: Path, target: Path) -> None:
        raise OSError("no room")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="no room"):
            write_whole(path, b"new", is_durable=is_durable)
    assert path.read_bytes() == b"old"
    assert [file.name for file in path.parent.iterdir()] == ["a.md"]
    write_whole(path, b"new", is_durable=is_durable)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)
