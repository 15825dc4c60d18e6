"""`content/sources/<language>.yml`: from which blocks of the source each section of a translation was made.

One line a section, so that two authors' changes merge like text; written by commands only. Of a block stand there eight
digits that tell whether it has changed, and twelve by which it is known again then; older records lack those.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from answerdesk.support.atomic_write import write_whole
from answerdesk.support.yaml_file import UnreadableFileError, read_yaml_text
from answerdesk.support.yaml_lines import say_yaml
from answerdesk.translations.drift import Hashes
from answerdesk.translations.errors import RecordError

FOLDER = "sources"
HEAD = "# Written by `answerdesk translate` and `answerdesk translated`. Do not edit it.\n"
ARTICLE = re.compile(r"([^\s#:][^\s:]*):$")
ROW = re.compile(r'- "((?:[0-9a-f]{8}(?:[0-9a-f]{12})?(?: [0-9a-f]{8}(?:[0-9a-f]{12})?)*)?)"$')
CURE = "Restore the file from git, or run “answerdesk translated” for the article again."

Record = Mapping[str, Sequence[Hashes]]  # article's path → its translated sections, in their order


def record_file(content: Path, language: str) -> Path:
    """Return where the record of a language is."""
    return content / FOLDER / f"{language}.yml"


def read_record(file: Path) -> dict[str, tuple[Hashes, ...]]:
    """Read the record of a language; without a file nothing is recorded.

    Raises:
        RecordError: the file is damaged.
    """
    name = "/".join(file.parts[-3:])  # content/sources/ko.yml
    try:
        return parse_record(name, read_yaml_text(file))
    except FileNotFoundError:
        return {}
    except UnreadableFileError as error:
        raise RecordError(say_yaml(name, error)) from error


def recorded_paths(file: Path) -> set[str]:
    """Return the articles of a record, whether it is damaged or not."""
    try:
        text = file.read_text("utf-8", "replace") if file.is_file() else ""
    except OSError:
        return set()
    return {path for path, _ in article_lines(text)}


def article_lines(text: str) -> list[tuple[str, int]]:
    """Return the articles of a record's text with their lines."""
    lines = enumerate(text.splitlines(), 1)
    return [(match.group(1), number) for number, line in lines if (match := ARTICLE.match(line))]


def parse_record(file: str, text: str) -> dict[str, tuple[Hashes, ...]]:
    """Return what the text of a record says.

    Raises:
        RecordError: it is no record.
    """
    # It is YAML, but of one shape only: read line by line it takes a tenth of the time, and every build reads it.
    record: dict[str, list[Hashes]] = {}
    sections: list[Hashes] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if article := ARTICLE.match(line):
            sections = record.setdefault(article.group(1), [])
        elif sections is not None and (row := ROW.match(line)):
            sections.append(tuple(row.group(1).split()))
        elif line.strip() and not line.startswith("#"):
            raise RecordError(f"{file}:{number}: {line[:60]!r} is no article and no section of one. {CURE}")
    return {path: tuple(rows) for path, rows in record.items()}


def format_record(record: Record) -> str:
    """Return the text of a record."""
    lines = [HEAD]
    for path, sections in sorted(record.items()):
        lines.append(f"{path}:\n")
        lines += [f'- "{" ".join(hashes)}"\n' for hashes in sections]
    return "".join(lines)


def write_record(file: Path, record: Record) -> None:
    """Write the record of a language, whole or not at all."""
    write_whole(file, format_record(record).encode())
