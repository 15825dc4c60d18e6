"""Tell what is content: the files that authors wrote, and nothing that editors and systems put beside them."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

# Hidden files (`.#name.md` is Emacs' lock, a link to nowhere), backups and swap files of editors, Vim's probe 4913,
# JetBrains' steps of saving, locks of office programs, unfinished downloads, and what desktops leave in folders.
_STRAY = re.compile(
    r"\..*|#.*#|~\$.*|.*~|.*\.(?:swp|swo|swx|tmp|temp|bak|orig|rej|part|crdownload)|4913|.*___jb_(?:tmp|old|bak)___"
    r"|Thumbs\.db|desktop\.ini|__pycache__|.*\.pyc",
    re.IGNORECASE,
)


def is_stray(name: str) -> bool:
    """Tell whether a file or folder of this name is none of its author's."""
    return _STRAY.fullmatch(name) is not None


def list_files(folder: Path) -> Iterator[str]:
    """Yield the paths of the content below a folder, sorted in each folder.

    Links are followed where they lead to something; a folder that holds itself is looked at once. What is no regular
    file, such as a pipe, is left out.
    """
    real = os.path.realpath(folder)
    yield from _list(str(folder), real, {real, *map(str, Path(real).parents)})


def _list(folder: str, real: str, above: set[str]) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):  # it went away meanwhile
        return
    folders = []
    for entry in entries:
        if is_stray(entry.name):
            continue
        try:
            if entry.is_file():
                yield entry.path
            elif entry.is_dir():
                folders.append(entry)
        except OSError:  # a link to itself
            continue
    for entry in folders:
        place = os.path.realpath(entry.path) if entry.is_symlink() else os.path.join(real, entry.name)
        if place not in above:
            yield from _list(entry.path, place, above | {place})
