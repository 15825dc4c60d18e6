"""Change one line of an article's front matter and leave every other byte as it is."""

import re
from datetime import date

from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.errors import ContentError
from answerdesk.articles.source import split_source

FRONT = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n(?P<lines>.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


def set_field(file: str, content: bytes, field: str, value: date | str) -> bytes:
    """Return an article's file in which a field has another value; a comment behind it stays.

    Raises:
        ContentError: the file has no front matter, or the field is not written in one line.
    """
    front = FRONT.match(content)
    before = _meta(file, content)
    if front is None:
        raise ContentError(f"{file}: front matter is missing. Begin the file with --- and end the block with ---.")
    start, end = front.span("lines")
    line = re.compile(rb"^(%b[ \t]*:)[ \t]*[^\s#]*" % re.escape(field.encode()), re.MULTILINE)
    new = str(value).encode()
    lines, count = line.subn(lambda match: match.group(1) + b" " + new, content[start:end])
    if not count:
        lines += b"%b: %b%b" % (field.encode(), new, b"\r\n" if b"\r\n" in front.group() else b"\n")
    changed = content[:start] + lines + content[end:]
    after = split_source(file, changed.decode("utf-8"))
    if count > 1 or isinstance(after, ContentProblem) or after[0] != before | {field: value}:
        raise ContentError(f"{file}: {field} is not one plain line “{field}: {value}”. Write it so by hand.")
    return changed


def _meta(file: str, content: bytes) -> dict[str, object]:
    try:
        split = split_source(file, content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ContentError(f"{file}: byte {error.start} is no UTF-8. Save it as UTF-8.") from error
    if isinstance(split, ContentProblem):
        raise ContentError(str(split))
    return split[0]
