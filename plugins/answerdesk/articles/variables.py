r"""The company's values in texts: `{{ name }}` is filled in, `\{{ name }}` and `{% raw %}…{% endraw %}` are shown.

Works on text before Markdown is read, so that code, titles and prose follow one rule. Before braces two backslashes
stand for one that is shown, as in `\\server\\{{ share }}`; elsewhere a backslash is a backslash. No line moves.
"""

import re
from collections.abc import Callable, Iterator, Mapping

PIECE = re.compile(
    r"(?P<slashes>\\*)(?:\{\{ *(?P<name>[A-Za-z0-9_-]+) *\}\}|\{% *raw *%\}(?P<raw>.*?)\{% *endraw *%\})", re.DOTALL
)


def fill(text: str, variables: Mapping[str, str]) -> str:
    """Put the company's values in; unknown names stay as they are."""

    def filled(match: re.Match[str]) -> str:
        shown = match["slashes"][: len(match["slashes"]) // 2]
        written = match[0].removeprefix(match["slashes"])
        if _is_escaped(match):
            return shown + written
        return shown + (match["raw"] if match["name"] is None else variables.get(match["name"], written))

    return PIECE.sub(filled, text) if "{" in text else text


def find_variables(text: str) -> Iterator[tuple[str, int]]:
    """Yield the names that are to be filled in, and the places of their braces."""
    for match in PIECE.finditer(text):
        if match["name"] is not None and not _is_escaped(match):
            yield match["name"], match.end("slashes")


def escape_variables(text: str, is_shown: Callable[[str], bool], *, is_raw_shown: bool = False) -> str:
    """Return a text of which `fill` shows the names that are to be shown, and the marks of raw text too if wanted."""

    def escaped(match: re.Match[str]) -> str:
        is_to_be = is_raw_shown if match["name"] is None else is_shown(match["name"])
        if _is_escaped(match) or not is_to_be:
            return match[0]
        return match["slashes"] + "\\" + match[0].removeprefix(match["slashes"])

    return PIECE.sub(escaped, text)


def _is_escaped(match: re.Match[str]) -> bool:
    return len(match["slashes"]) % 2 == 1
