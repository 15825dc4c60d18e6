"""Keep the records of translations true: an address that changes in the source makes no translation out of date."""

from collections.abc import Mapping

from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.errors import ContentError
from answerdesk.articles.source import split_source
from answerdesk.translations.errors import RecordError
from answerdesk.translations.record import format_record, parse_record
from answerdesk.translations.sections import key_of, split_article

Hashes = Mapping[str, str]  # a block's hash before → what is recorded of it after


def mend_record(file: str, text: str, old: str, new: str, changed: Mapping[str, Hashes]) -> str:
    """Return a record in which an article has another path, and blocks (by their articles' new paths) other hashes.

    Raises:
        ContentError: it is no record.
    """
    record = _parse(file, text)
    if old in record:
        record[new] = record.pop(old)
    mended = {
        path: tuple(tuple(changed.get(path, {}).get(key_of(block), block) for block in section) for section in sections)
        for path, sections in record.items()
    }
    return format_record(mended) if old in text or mended != record else text


def drop_record(file: str, text: str, path: str) -> str:
    """Return a record without an article.

    Raises:
        ContentError: it is no record.
    """
    record = _parse(file, text)
    return format_record({other: rows for other, rows in record.items() if other != path}) if path in record else text


def changed_hashes(before: str, after: str) -> Hashes:
    """Return the hashes of an article's blocks that differ between two of its texts of the same build."""
    pairs = zip(_hashes(before), _hashes(after), strict=False)
    return {key_of(old): new for old, new in pairs if key_of(old) != key_of(new)}


def _parse(file: str, text: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    try:
        return parse_record(file, text)
    except RecordError as error:
        raise ContentError(str(error)) from error


def _hashes(text: str) -> list[str]:
    split = split_source("", text)
    if isinstance(split, ContentProblem):
        return []
    meta, markdown = split
    sections = split_article(str(meta.get("title") or ""), str(meta.get("summary") or ""), markdown)
    return [block for section in sections for block in section.hashes]
