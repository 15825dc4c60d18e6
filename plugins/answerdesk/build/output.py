"""Write a language's files: into a new folder that takes the place of the old one, or only those that changed."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mkdocs.structure.files import File

from answerdesk.support.atomic_write import write_whole

BEING_WRITTEN = ".being-written"  # is in a folder whose last build was cut short
Digest = bytes


class Output:
    """The files of a site's folder, by their addresses below it.

    What is written stays in memory until the build is whole, so that one that fails leaves visitors what they had. A
    folder that is made from nothing is written beside its place at once, and takes it at the end.
    """

    def __init__(self, folder: Path, known: dict[str, Digest]) -> None:
        """Write to a folder that holds what is known, by digest; with nothing known the folder is made anew."""
        self.folder = folder
        self.is_new = not known
        self.digests: dict[str, Digest] = {}
        self.written: list[str] = []
        """Addresses of what has changed."""
        self._known = known
        self._waiting: dict[str, bytes] = {}
        self._aside = folder.with_name(f".{folder.name}.new")

    @property
    def place(self) -> Path:
        """Return the folder into which others may write what this object knows nothing of."""
        return self._aside if self.is_new else self.folder

    def has(self, uri: str) -> bool:
        """Tell whether a file is there from before."""
        return uri in self._known

    def keep(self, uri: str) -> None:
        """Leave a file as it is."""
        self.digests[uri] = self._known[uri]

    def write(self, uri: str, data: bytes) -> None:
        """Write a file, unless it holds just that."""
        digest = hashlib.blake2b(data, digest_size=16).digest()
        self.digests[uri] = digest
        if self._known.get(uri) == digest:
            return
        self.written.append(uri)
        if self.is_new:
            _write(self._aside / uri, data)
        else:
            self._waiting[uri] = data

    def copy(self, file: File) -> None:
        """Write what MkDocs would copy."""
        self.write(file.dest_uri, file.content_bytes)

    def commit(self) -> None:
        """Put in place what waits, and remove what is no longer part of the site."""
        if self.is_new:
            old = self.folder.with_name(f".{self.folder.name}.old")
            shutil.rmtree(old, ignore_errors=True)
            if self.folder.exists():
                self.folder.rename(old)
            self._aside.rename(self.folder)
            shutil.rmtree(old, ignore_errors=True)
            return
        mark = self.folder / BEING_WRITTEN
        mark.touch()
        for uri, data in self._waiting.items():
            write_whole(self.folder / uri, data, is_durable=False)
        for uri in sorted(self._known.keys() - self.digests.keys()):
            _remove(self.folder, uri)
            self.written.append(uri)
        mark.unlink()


@contextmanager
def open_output(folder: Path, known: dict[str, Digest]) -> Iterator[Output]:
    """Open a site's folder for one build; if it is not as it is known to be, it is made anew."""
    is_whole = not (folder / BEING_WRITTEN).exists() and all(os.path.isfile(folder / uri) for uri in known)
    output = Output(folder, known if is_whole else {})
    shutil.rmtree(output._aside, ignore_errors=True)
    try:
        yield output
    finally:
        shutil.rmtree(output._aside, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def replace_file(path: Path, data: bytes) -> Digest:
    """Write one file of a folder that is there, and return its digest."""
    write_whole(path, data, is_durable=False)
    return hashlib.blake2b(data, digest_size=16).digest()


def _remove(folder: Path, uri: str) -> None:
    path = folder / uri
    path.unlink(missing_ok=True)
    for parent in path.relative_to(folder).parents[:-1]:
        try:
            (folder / parent).rmdir()
        except OSError:
            return  # others are in there
