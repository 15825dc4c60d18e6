"""Sanitise the names of uploaded files."""

import unicodedata
from collections.abc import Collection

from ticket_form.tickets.sanitise import is_invisible

MAX_NAME_BYTES = 200  # bytes: file systems allow 255, and a number may be appended
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³")}
_SEPARATORS = str.maketrans({character: "_" for character in '<>:"|?*'})
_NAMELESS = "file"
_JOINERS = "\u200c\u200d"  # needed in Persian and Indic words and in emoji sequences
_WITHOUT_JOINERS = dict.fromkeys(map(ord, _JOINERS))
_EDGES = f". {_JOINERS}"  # stripped at both ends of a name


def clean_name(name: str) -> str:
    """Return the last part of a path, without invisible, direction-changing or reserved characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    # C: controls, direction marks, surrogates. Zl, Zp: line and paragraph separators.
    shown = "".join(
        character for character in last if character in _JOINERS or unicodedata.category(character)[0] != "C"
    )
    shown = " ".join(unicodedata.normalize("NFC", shown).translate(_SEPARATORS).split()).strip(_EDGES)
    stem, extension = _parts(shown)
    stem = _cut(stem.strip(_EDGES), MAX_NAME_BYTES - len(extension.encode()))
    if is_invisible(stem):
        stem = _NAMELESS
    if stem.split(".")[0].rstrip().lower() in _RESERVED:
        stem = f"_{stem}"
    return stem + extension


def extension_of(name: str) -> str:
    """Return the extension of a name in lower case, without the dot."""
    return _parts(name)[1][1:].lower()


def unique_name(name: str, taken: Collection[str]) -> str:
    """Return a name that is not in `taken`, numbered if necessary: pasted screenshots are all called image.png."""
    stem, extension = _parts(name)
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{stem} ({number}){extension}"
    return free


def _parts(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    extension = extension.translate(_WITHOUT_JOINERS)
    # A long extension does not count as one; ".png" is an extension without a stem.
    return (stem, f".{extension}") if dot and extension and len(extension.encode()) <= 10 else (name, "")


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode("utf-8", "ignore").rstrip(_EDGES)
