"""Notes for translators: the source's text in comments, in the places where its translation belongs."""

import re

NOTE = re.compile(r"<!-- TRANSLATE: (.*?) -->", re.DOTALL)


def note(text: str) -> str:
    """Return a note that asks for the translation of a text."""
    return f"<!-- TRANSLATE: {text.replace('-->', '--&gt;')} -->"


def find_notes(markdown: str) -> list[str]:
    """Return the texts that are still to be translated."""
    return [_plain(text) for text in NOTE.findall(markdown)]


def strip_notes(markdown: str) -> str:
    """Return the Markdown without its notes, which are not for readers."""
    return NOTE.sub("", markdown)


def open_notes(markdown: str) -> str:
    """Return the Markdown with the source's text in the place of its notes: what can be checked already."""
    return NOTE.sub(lambda match: _plain(match.group(1)), markdown)


def _plain(text: str) -> str:
    return text.replace("--&gt;", "-->")
