"""Replace `:smile:` by a character, and `:material-wifi:` by the theme's own drawing."""

import re
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element

import material
from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

SETS = ("material", "octicons", "simple", "fontawesome-brands", "fontawesome-regular", "fontawesome-solid")
NAME = r":([+\-\w]+):"
FOLDER = Path(material.__file__).parent / "templates" / ".icons"
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class IconPattern(InlineProcessor):
    """Knows the names of emoji and of the theme's icons; what it does not know stays as it is."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(NAME, md)

    def handleMatch(  # type: ignore[override]
        self,
        m: re.Match[str],
        data: str,
    ) -> tuple[Element | str | None, int | None, int | None]:
        """Return the character or the drawing, as an element where attributes may follow."""
        shown = emoji(m[1])
        drawing = None if shown else icon(m[1])
        if not (shown or drawing):
            return None, None, None
        if shown and not data.startswith("{", m.end(0)):
            return shown, m.start(0), m.end(0)
        label = {} if shown else {"class": "icon", "role": "img", "aria-label": _words(m[1])}
        element = Element("span", label)
        element.text = AtomicString(shown) if shown else self.md.htmlStash.store(drawing or "")
        return element, m.start(0), m.end(0)


def is_icon_name(name: str) -> bool:
    """Tell whether a name is built like one of the theme's icons."""
    return name.startswith(tuple(f"{one}-" for one in SETS))


def emoji(name: str) -> str | None:
    """Return the character of a short name, such as `smile`."""
    return _emoji().get(f":{name.lower()}:")


@cache
def icon(name: str) -> str | None:
    """Return one of the theme's icons as SVG, or None if there is no such icon."""
    found = next((one for one in SETS if name.startswith(f"{one}-")), None)
    if found is None:
        return None
    own = name.removeprefix(f"{found}-")
    file = FOLDER.joinpath(*found.split("-"), f"{own}.svg")
    if not re.fullmatch(r"[a-z0-9-]+", own) or not file.is_file():
        return None
    return COMMENT.sub("", file.read_text("utf-8")).strip()


def _words(name: str) -> str:
    found = next(one for one in SETS if name.startswith(f"{one}-"))
    return name.removeprefix(f"{found}-").replace("-", " ")


@cache
def _emoji() -> dict[str, str]:
    from pymdownx import gemoji_db, twemoji_db  # large tables that most sites never ask

    shown: dict[str, str] = {}
    for table in (gemoji_db, twemoji_db):
        rows = {name: row.get("unicode_alt") or row.get("unicode") for name, row in table.emoji.items()}
        named = rows | {alias: rows.get(name) for alias, name in table.aliases.items()}
        shown |= {
            name: "".join(chr(int(code, 16)) for code in codes.split("-")) for name, codes in named.items() if codes
        }
    return shown
