"""Read the files that a visitor chose and check them; nothing is written to disk, and documents are only searched."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import SEEK_END
from typing import IO, Protocol

from ticket_form.tickets.filenames import clean_name, extension_of, unlike
from ticket_form.tickets.filetypes import FILE_TYPES, USUAL_TYPES
from ticket_form.tickets.ticket import Attachment, FieldError, FieldProblem

MEGABYTE = 1024 * 1024
FIELD = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """How many files may come at once, how large each and all of them may be, in bytes, and their extensions."""

    count: int = 5
    size: int = 10 * MEGABYTE
    total: int = 20 * MEGABYTE
    types: tuple[str, ...] = USUAL_TYPES


class Upload(Protocol):
    """A file as the web framework gives it."""

    filename: str | None
    stream: IO[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFiles:
    """Files that may be stored, or what is wrong with them."""

    attachments: tuple[Attachment, ...] = ()
    errors: tuple[FieldError, ...] = ()


def read_files(uploads: Iterable[Upload], limits: FileLimits) -> ReadFiles:
    """Return all files, or every error and no file. A field left empty, which browsers send too, is no file.

    Sizes are checked before anything is read into memory.
    """
    chosen = [(clean_name(upload.filename), upload.stream) for upload in uploads if upload.filename]
    sizes = [_size(stream) for _, stream in chosen]
    outside = (_check_outside(name, size, limits) for (name, _), size in zip(chosen, sizes, strict=True))
    errors = [error for error in outside if error]
    if len(chosen) > limits.count:
        errors.insert(0, FieldError(field=FIELD, problem=FieldProblem.TOO_MANY, limit=limits.count))
    elif sum(sizes) > limits.total and not errors:
        errors.append(FieldError(field=FIELD, problem=FieldProblem.TOO_MUCH, limit=limits.total // MEGABYTE))
    if errors:
        return ReadFiles(errors=tuple(errors))
    attachments: list[Attachment] = []
    for name, stream in chosen:
        read = _read(name, stream, taken={file.name for file in attachments})
        if isinstance(read, FieldProblem):
            errors.append(FieldError(field=FIELD, problem=read, name=name))
        else:
            attachments.append(read)
    return ReadFiles(attachments=() if errors else tuple(attachments), errors=tuple(errors))


def names_of(uploads: Iterable[Upload]) -> tuple[str, ...]:
    """Return the names of files that cannot be shown again, so that the visitor can be asked for them."""
    return tuple(clean_name(upload.filename) for upload in uploads if upload.filename)


def _check_outside(name: str, size: int, limits: FileLimits) -> FieldError | None:
    """Check what is known of a file without reading it."""
    if extension_of(name) not in limits.types:
        return FieldError(field=FIELD, problem=FieldProblem.NOT_TAKEN, name=name)
    if size == 0:
        return FieldError(field=FIELD, problem=FieldProblem.EMPTY, name=name)
    if size > limits.size:
        return FieldError(field=FIELD, problem=FieldProblem.TOO_LARGE, name=name, limit=limits.size // MEGABYTE)
    return None


def _read(name: str, stream: IO[bytes], *, taken: set[str]) -> Attachment | FieldProblem:
    """Return a file if its content can be what its name says, and runs no code."""
    kind = FILE_TYPES[extension_of(name)]
    content = stream.read()
    if not kind.fits(content):
        return FieldProblem.NOT_WHAT_IT_SAYS
    if kind.runs_code(content):
        return FieldProblem.HAS_MACROS
    return Attachment(
        name=unlike(name, taken),
        media_type=kind.media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )


def _size(stream: IO[bytes]) -> int:
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    return size
