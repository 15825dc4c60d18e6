"""Mend what names an article by its path: front matter, lists and records, redirects."""

import re
from collections.abc import Mapping

import yaml

from answerdesk.support import safe_yaml

NAMING = re.compile(r"^(?:related|translation_of)[ \t]*:.*\n(?:[ \t-].*\n)*", re.MULTILINE)


def mend_names(text: str, old: str, new: str) -> str:
    """Return a text in which a path has become another, wherever it stands alone."""
    return re.sub(rf"(?<![\w/.-]){re.escape(old)}(?![\w/-]|\.\w)", new, text)


def mend_front(text: str, old: str, new: str) -> str:
    """Return an article's text whose front matter names another path as related or as its source."""
    match = re.match(r"\A\ufeff?---[ \t]*\r?\n.*?^---[ \t]*\r?$", text, re.DOTALL | re.MULTILINE)
    if not match:
        return text
    front = NAMING.sub(lambda naming: mend_names(naming[0], old, new), match[0])
    return front + text[match.end() :]


def mend_redirects(text: str, old: str, new: str) -> str:
    """Return the redirects with one more; what led to the old path leads to the new one at once.

    Lines and comments stay where they are, if the file has a redirect a line.
    """
    before: Mapping[str, str] = safe_yaml.load(text) or {}
    wanted = {key: new if target == old else target for key, target in before.items() if key not in (old, new)}
    wanted[old] = new
    lines = []
    for line in text.splitlines():
        row = safe_yaml.load(line) if line.strip() and not line.lstrip().startswith("#") else None
        if isinstance(row, dict) and len(row) == 1:
            [(key, target)] = row.items()
            if key in (old, new):
                continue
            if target == old:
                line = line.replace(": " + line.split(": ", 1)[1], f": {new}") if ": " in line else line
        lines.append(line)
    lines.append(f"{old}: {new}")
    written = "\n".join(lines) + "\n"
    try:
        is_right = safe_yaml.load(written) == wanted
    except yaml.YAMLError:
        is_right = False
    return written if is_right else yaml.safe_dump(wanted, allow_unicode=True, sort_keys=False)
