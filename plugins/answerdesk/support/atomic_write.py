"""Write files, each whole or not at all."""

import os
import shutil
from pathlib import Path


def write_whole(path: Path, content: bytes, *, is_durable: bool = True) -> None:
    """Write a file so that whoever interrupts leaves the old one or the new one; its permissions stay.

    What can be made again need not be durable: then a power cut may leave a torn file, and writing takes no sync.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    try:
        with draft.open("wb") as opened:
            opened.write(content)
            if is_durable:
                opened.flush()
                os.fsync(opened.fileno())
        if path.exists():
            shutil.copymode(path, draft)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
