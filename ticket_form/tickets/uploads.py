"""Read and validate uploaded files, in memory; documents are searched, never opened by their programs."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import SEEK_END
from typing import IO, Protocol

from ticket_form.tickets.filenames import clean_name, extension_of, unique_name
from ticket_form.tickets.filetypes import FILE_TYPES, USUAL_TYPES
from ticket_form.tickets.ticket import Attachment, FieldError, FieldProblem

MEGABYTE = 1024 * 1024
FIELD = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """Limits: number of files, bytes of one file, bytes of all files, and accepted extensions."""

    count: int = 5
    size: int = 10 * MEGABYTE
    total: int = 20 * MEGABYTE
    types: tuple[str, ...] = USUAL_TYPES


class Upload(Protocol):
    """An uploaded file, as the web framework provides it."""

    filename: str | None
    stream: IO[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFiles:
    """Valid files, or their errors."""

    attachments: tuple[Attachment, ...] = ()
    errors: tuple[FieldError, ...] = ()


def read_files(uploads: Iterable[Upload], limits: FileLimits) -> ReadFiles:
    """Return all files, or all errors and no file. Empty file fields, which browsers send too, are skipped.

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
    """Return the names of the files, which a form cannot keep, so that the visitor is asked to choose them again."""
    return tuple(clean_name(upload.filename) for upload in uploads if upload.filename)


def _check_outside(name: str, size: int, limits: FileLimits) -> FieldError | None:
    """Check the name and size of a file, without reading it."""
    if extension_of(name) not in limits.types:
        return FieldError(field=FIELD, problem=FieldProblem.NOT_TAKEN, name=name)
    if size == 0:
        return FieldError(field=FIELD, problem=FieldProblem.EMPTY, name=name)
    if size > limits.size:
        return FieldError(field=FIELD, problem=FieldProblem.TOO_LARGE, name=name, limit=limits.size // MEGABYTE)
    return None


def _read(name: str, stream: IO[bytes], *, taken: set[str]) -> Attachment | FieldProblem:
    """Return a file if its content matches its extension and runs no code, else the problem."""
    kind = FILE_TYPES[extension_of(name)]
    content = stream.read()
    if not kind.fits(content):
        return FieldProblem.NOT_WHAT_IT_SAYS
    if kind.runs_code(content):
        return FieldProblem.HAS_MACROS
    return Attachment(
        name=unique_name(name, taken),
        media_type=kind.media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )


def _size(stream: IO[bytes]) -> int:
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    return size
