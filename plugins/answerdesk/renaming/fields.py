"""Change lists of a YAML text or of an article's front matter, and leave every other line as it is."""

import re
from collections.abc import Sequence

import yaml

from answerdesk.articles.errors import ContentError
from answerdesk.support import safe_yaml

FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<lines>.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
ENTRY = r"^{field}[ \t]*:.*\n(?:[ \t-].*\n)*"


def read_front(text: str) -> dict[str, object]:
    """Return an article's front matter; nothing of what cannot be read."""
    match = FRONT.match(text)
    try:
        meta = safe_yaml.load(match["lines"]) if match else None
    except yaml.YAMLError:
        return {}
    return meta if isinstance(meta, dict) else {}


def set_front_list(file: str, text: str, field: str, values: Sequence[object]) -> str:
    """Return an article's text whose front matter has a list, or does not have the field where the list is empty.

    Raises:
        ContentError: the front matter is written in a way that this would break.
    """
    match = FRONT.match(text)
    if match is None:
        raise ContentError(f"{file}: front matter is missing. Begin the file with --- and end the block with ---.")
    newline = "\r\n" if "\r\n" in match[0] else "\n"
    wanted = {key: value for key, value in read_front(text).items() if key != field}
    if values:
        wanted[field] = list(values)
    lines = set_list(match["lines"].replace("\r\n", "\n"), field, values).replace("\n", newline)
    after = text[: match.start("lines")] + lines + text[match.end("lines") :]
    if read_front(after) != wanted:
        raise ContentError(f"{file}: {field} is written in a way that cannot be changed. Write “{field}: [one, two]”.")
    return after


def set_list(text: str, field: str, values: Sequence[object]) -> str:
    """Return a YAML text whose top level has a list in one line, or does not have the field where the list is empty."""
    entry = re.compile(ENTRY.format(field=re.escape(field)), re.MULTILINE)
    shown = yaml.safe_dump(list(values), default_flow_style=True, allow_unicode=True, width=100_000).strip()
    line = f"{field}: {shown}\n" if values else ""
    text = text if text.endswith("\n") or not text else f"{text}\n"
    return entry.sub(lambda _: line, text, count=1) if entry.search(text) else text + line


def drop_items(text: str, field: str, value: str) -> str:
    """Return a YAML text, a list of mappings, without those whose field is a value."""
    root = safe_yaml.compose(text)
    gone: set[int] = set()
    for node in root.value if isinstance(root, yaml.SequenceNode) else ():
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        if any(key.value == field and row.value == value for key, row in pairs):
            last = node.end_mark.line if node.flow_style else max(row.end_mark.line for _, row in pairs)
            gone.update(range(node.start_mark.line, last + 1))
    lines = [line for number, line in enumerate(text.splitlines(keepends=True)) if number not in gone]
    return "".join(lines)
