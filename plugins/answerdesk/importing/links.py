"""Find where an old page's links lead, and write them as the new site needs them."""

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath, relpath, splitext
from urllib.parse import quote, unquote, urlsplit

from answerdesk.importing.addresses import INDEXES, Place, old_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a link leads: another host as it is, a page or a file of the old site, or nowhere."""

    url: str = ""
    page: str = ""  # its source
    file: str = ""
    fragment: str = ""

    @property
    def is_lost(self) -> bool:
        """Tell whether there is nothing at its end."""
        return not (self.url or self.page or self.file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """What the old site has: its pages with their places, its other files, its address.

    `twins` are pages that only stand for another page.
    """

    places: Mapping[str, Place]
    twins: Mapping[str, str] = field(default_factory=dict)
    files: Set[str]
    url: str
    has_folders: bool

    def find(self, source: str, link: str) -> Target:
        """Return where a link on a page leads."""
        url = self._own(link)
        try:
            parts = urlsplit(url)
        except ValueError:
            return Target()
        if parts.scheme or parts.netloc:
            return Target(url=url)
        if not parts.path:
            return Target(page=source, fragment=parts.fragment)
        path = unquote(parts.path)
        if path.startswith("/"):
            candidates = [path.lstrip("/")]
        else:
            # As MkDocs reads it, from the file; and as browsers read raw HTML, from the page's address.
            here = old_address(source, has_folders=self.has_folders)
            candidates = [join(dirname(source), path), join(here if self.has_folders else dirname(here), path)]
        for candidate in candidates:
            clean = normpath(candidate).lstrip("/")
            if (page := self._page(clean)) is not None:
                return Target(page=page, fragment=parts.fragment)
            if clean in self.files:
                return Target(file=clean)
        return Target()

    def from_article(self, source: str, target: Target) -> str:
        """Return a link as the Markdown of a page's article needs it: from file to file."""
        return self._relative(source, dirname(f"{self.places[source].path}.md"), target, ".md")

    def from_address(self, source: str, target: Target) -> str:
        """Return a link as raw HTML on a page needs it: from address to address."""
        return self._relative(source, self.places[source].path, target, "/")

    def _relative(self, source: str, start: str, target: Target, end: str) -> str:
        fragment = f"#{target.fragment}" if target.fragment else ""
        if target.url:
            return target.url
        if target.page == source and fragment:
            return fragment
        goal = f"{self.places[target.page].path}{end}" if target.page else target.file
        if not goal:
            return ""
        link = relpath(goal, start or ".") + ("/" if goal.endswith("/") else "")
        return quote(link, safe="/.~-_()+,@=&") + fragment

    def _own(self, link: str) -> str:
        """Return a link to the old site's own address as one to its root."""
        root = self.url.rstrip("/")
        is_own = bool(root) and (link == root or link.startswith(f"{root}/"))
        return (link[len(root) :] or "/") if is_own else link

    def _page(self, path: str) -> str | None:
        if path in self.places or path in self.twins:
            return self.twins.get(path, path)
        stem, ending = splitext(path)
        names = [f"{path}.md", *(join(path, f"{index}.md") for index in INDEXES)] if not ending or "." in stem else []
        if ending == ".html":
            names = [f"{stem}.md"]
        if path in (".", ""):
            names = [f"{index}.md" for index in INDEXES]
        found = next((name for name in map(normpath, names) if name in self.places or name in self.twins), None)
        return self.twins.get(found, found) if found else None


# [text](<link> "title"){ attributes }: the text may hold one more pair of brackets, the link one of parentheses.
INLINE = re.compile(
    r"(?P<mark>!*)\[(?P<text>(?:[^\[\]\\\n]|\\.|\n(?![ \t]*\n)|\[[^\[\]\n]*\](?:\([^()\n]*\))?)*)\]"
    r"\([ \t]*\n?[ \t]*(?P<link><[^<>\n]*>|(?:[^\s()<>]|\([^\s()]*\)|[ ](?=[^\s()<>\"']))*)"
    r"(?P<title>\s+(?:\"[^\"]*\"|'[^']*'))?[ \t]*\n?[ \t]*\)"
    r"(?P<attributes>\{[^}\n]*\})?"
)
DEFINITION = re.compile(
    r"^(?P<start> {0,3}\[(?P<id>[^\]\n^][^\]\n]*)\]:[ \t]*)(?P<link>\S+)(?P<rest>.*)$", re.MULTILINE
)


def change_links(text: str, replace: Callable[[re.Match[str]], str]) -> str:
    """Replace each inline link and picture of a text."""
    return INLINE.sub(replace, text)


def unlink(text: str, link: str, new: str = "") -> str:
    """Return a text in which one link leads elsewhere, or nowhere: then its words are kept."""

    def change(match: re.Match[str]) -> str:
        if match["link"].strip("<>") != link or match["mark"]:
            return match.group()
        return f"[{match['text']}]({new}{match['title'] or ''}){match['attributes'] or ''}" if new else match["text"]

    return INLINE.sub(change, text)
