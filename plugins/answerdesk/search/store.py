"""The files of an index: written for good under names that change with their content, read when they are needed."""

import base64
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from shutil import rmtree
from typing import Any, TypeVar

from answerdesk.search.binary_codec import Reader, checksum, compress, expand, name_of, prefixed, varint
from answerdesk.search.constants import FILES_PER_FOLDER, INDEX_FORMAT
from answerdesk.search.errors import DamagedIndex, MissingIndex, WrongFormat
from answerdesk.search.index import Index
from answerdesk.search.shards import Packed, Parts, cut_index, dump, load

MANIFEST = "manifest.json"
SCRIPT = "index.js"
ONE_FILE = 64_000  # bytes: an index that is no larger, compressed, is one file
OFFLINE = 1_000_000  # bytes: up to here it is also written as a script, for a site that is opened from disk
KINDS = ("terms", "texts")
T = TypeVar("T")
Known = dict[tuple[int, ...], tuple[Sequence[Any], bytes]]  # the objects that make a part, by identity, and its file


class Store:
    """The parts of an index in a folder, each read when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        manifest = self._manifest()
        if manifest.get("format") != INDEX_FORMAT:
            raise WrongFormat(folder / MANIFEST, manifest.get("format"), INDEX_FORMAT)
        self._bundle: dict[str, bytes] = {}
        self._parts: dict[str, bytes] = {}
        if "bundle" in manifest:
            path = folder / f"{manifest['bundle']}.bin"
            self._bundle = self._checked(path, lambda: _unbundle(self._file(path, str(manifest["bundle"]))))
        self._name = str(manifest.get("head", ""))

    @cached_property
    def head(self) -> Mapping[str, Any]:
        """What is known of the whole index."""
        path = self._folder / f"{self._name}.bin"
        data = self._bundle["head"] if self._bundle else self._file(path, self._name)
        return self._checked(path, lambda: _object(load(data)))

    def terms(self, number: int) -> bytes:
        """Return a shard of terms."""
        return self._part("terms", number)

    def texts(self, number: int) -> bytes:
        """Return a block of articles."""
        return self._part("texts", number)

    def facets(self) -> bytes:
        """Return what articles may be filtered by."""
        if self._bundle:
            return self._bundle["facets/0"]
        name = self.head["facets"]
        return self._file(self._folder / f"{name}.bin", name)

    def damaged(self, kind: str) -> DamagedIndex:
        """Return the error to raise when a part does not hold what it must."""
        return DamagedIndex(self._folder / kind)

    def _part(self, kind: str, number: int) -> bytes:
        key = f"{kind}/{number}"
        if self._bundle:
            if key not in self._bundle:
                raise self.damaged(key)
            return self._bundle[key]
        names = self.head[kind]
        if not 0 <= number // FILES_PER_FOLDER < len(names):
            raise self.damaged(key)
        return self._file(self._folder / kind / names[number // FILES_PER_FOLDER] / f"{number % FILES_PER_FOLDER}.bin")

    def _manifest(self) -> dict[str, Any]:
        path = self._folder / MANIFEST
        try:
            return self._checked(path, lambda: _object(load(path.read_bytes())))
        except FileNotFoundError as error:
            raise MissingIndex(path) from error

    def _file(self, path: Path, name: str = "") -> bytes:
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise MissingIndex(path) from error
        if name and checksum(data) != name[:8]:
            raise DamagedIndex(path)
        return self._checked(path, lambda: expand(data))

    @staticmethod
    def _checked(path: Path, read: Callable[[], T]) -> T:
        try:
            return read()
        except ValueError as error:
            raise DamagedIndex(path) from error


def write_index(index: Index, folder: Path) -> Path:
    """Write an index into a folder and return its manifest."""
    return Writer(folder).write(index)


class Writer:
    """Writes an index into a folder, and again when it has changed: only what is new is packed, compressed and written.

    What is there already under its name is left as it is; files and folders that the index does not name are removed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: Known = {}
        self._kept: set[Path] = set()  # files and folders of the last index, below its own

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over what another process stored: the objects are the same to each other, but not to it."""
        self.__dict__.update(state)
        self._known = {_identity(piece): (piece, file) for piece, file in self._known.values()}

    def write_into(self, folder: Path, index: Index) -> Path:
        """Write an index into another folder, which may have taken the place of the last one, or may be empty."""
        self._folder = folder
        return self.write(index)

    def write(self, index: Index) -> Path:
        """Write an index and return its manifest."""
        parts = cut_index(index)
        files = self._compressed(parts)
        size = sum(len(file) for kind in files.values() for file in kind)
        is_small = size <= 2 * ONE_FILE  # parts compress better together, but never to half
        whole = _bundle(parts.head, files) if is_small or size <= OFFLINE else b""
        bundle = compress(whole) if is_small else b""
        kept: set[Path] = set()
        manifest: dict[str, Any] = {"format": INDEX_FORMAT, "language": index.language}
        if is_small and len(bundle) <= ONE_FILE:
            manifest["bundle"] = self._write_named(bundle, kept)
        else:
            manifest["head"] = self._write_parts(parts.head, files, kept)
        if size <= OFFLINE:
            data = base64.b64encode(bundle or compress(whole, level=1))  # from disk speed counts more than size
            self._write(Path(SCRIPT), b'globalThis.answerdeskIndex="%b";\n' % data, kept)
        self._write(Path(MANIFEST), dump(manifest), kept)
        self._kept = kept
        _clean(self._folder, kept)
        return self._folder / MANIFEST

    def _compressed(self, parts: Parts) -> dict[str, list[bytes]]:
        """Return the files of each kind; a part made of the same objects as one of the last index is that part."""
        known: Known = {}

        def compress_folder(packed: Packed, first: int) -> list[bytes]:
            files = []
            for number in range(first, min(first + FILES_PER_FOLDER, len(packed))):
                piece = packed.pieces[number]
                key = _identity(piece)
                before = self._known.get(key)
                files.append(before[1] if before else compress(packed[number]))
                known[key] = piece, files[-1]
            return files

        files = {"facets": [compress(parts.facets)]}
        with ThreadPoolExecutor() as pool:  # zlib lets other threads run
            for kind, packed in (("terms", parts.terms), ("texts", parts.texts)):
                folders = pool.map(partial(compress_folder, packed), range(0, len(packed), FILES_PER_FOLDER))
                files[kind] = [file for folder in folders for file in folder]
        self._known = known
        return files

    def _write_parts(self, head: dict[str, Any], files: dict[str, list[bytes]], kept: set[Path]) -> str:
        for kind in KINDS:
            folders = [files[kind][at : at + FILES_PER_FOLDER] for at in range(0, len(files[kind]), FILES_PER_FOLDER)]
            head[kind] = [self._write_folder(kind, folder, kept) for folder in folders]
        if head["hasFacets"]:
            head["facets"] = self._write_named(files["facets"][0], kept)
        return self._write_named(compress(dump(head)), kept)

    def _write_folder(self, kind: str, files: Sequence[bytes], kept: set[Path]) -> str:
        name = name_of([b"", *files])
        folder = Path(kind) / name
        if folder not in self._kept or not (self._folder / folder).exists():
            for number, file in enumerate(files):
                _write(self._folder / folder / f"{number}.bin", file)
        kept.add(folder)
        return name

    def _write_named(self, file: bytes, kept: set[Path]) -> str:
        name = name_of([file])
        self._write(Path(f"{name}.bin"), file, kept)
        return name

    def _write(self, path: Path, data: bytes, kept: set[Path]) -> None:
        _write(self._folder / path, data)
        kept.add(path)


def _identity(piece: Sequence[Any]) -> tuple[int, ...]:
    return tuple(one if isinstance(one, int) else id(one) for one in piece)


def _write(path: Path, data: bytes) -> None:
    try:
        if path.read_bytes() == data:
            return
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _clean(folder: Path, kept: set[Path]) -> None:
    for path in [*folder.glob("*.bin"), *folder.glob("index-*.json"), *folder.glob(SCRIPT)]:
        if path.relative_to(folder) not in kept:
            path.unlink()
    for kind in KINDS:
        for path in (folder / kind).glob("*"):
            if path.relative_to(folder) not in kept:
                rmtree(path)


def _bundle(head: Mapping[str, Any], files: Mapping[str, Sequence[bytes]]) -> bytes:
    """Return all parts in one: for each its key, then its length, then, after an empty key, their bytes."""
    contents = {"head": dump(head)}
    for kind in (*KINDS, "facets"):
        contents |= {f"{kind}/{number}": expand(file) for number, file in enumerate(files[kind])}
    table = b"".join(prefixed(key.encode()) + varint(len(data)) for key, data in contents.items())
    return table + prefixed(b"") + b"".join(contents.values())


def _unbundle(data: bytes) -> dict[str, bytes]:
    reader = Reader(data)
    lengths = {}
    while key := reader.bytes(reader.varint()):
        lengths[key.decode()] = reader.varint()
    return {key: reader.bytes(length) for key, length in lengths.items()}


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value
