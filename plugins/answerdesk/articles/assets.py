"""The portal's styles and scripts, served under a name that changes with them, so that browsers may keep them."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from answerdesk.support.content_files import is_stray
from answerdesk.support.js_bundle import join_modules


def hash_assets(folder: Path, accent: str) -> str:
    """Return the folder, relative to the site, under which the files of an assets folder are published."""
    digest = hashlib.sha256(accent.encode())
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not is_stray(file.name):
            digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return f"assets/{digest.hexdigest()[:8]}"


def accent_problem(accent: str) -> str | None:
    """Return what is wrong with a colour for links and buttons, or None: its form, or its contrast with white.

    WCAG 2.2 asks for 4.5 : 1 (success criterion 1.4.3, which also gives the formula of relative luminance).
    """
    if not re.fullmatch("#[0-9a-fA-F]{6}", accent):
        return "Write it as #rrggbb, such as #0b5cad."
    parts = [int(accent[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    contrast = 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    return (
        None if contrast >= 4.5 else f"Its contrast with white is {contrast:.1f} : 1; take a darker one, from 4.5 : 1."
    )


def accent_style(accent: str) -> str:
    """Return the style sheet that carries the site's colour: as it is on light ground, lightened on dark."""
    return f":root {{ --accent: light-dark({accent}, color-mix(in oklab, {accent} 38%, white)); }}\n"


def made_assets(folder: Path, accent: str) -> Iterator[tuple[str, str]]:
    """Yield names and contents of the assets that no file has: the colour, and what pages opened from disk run."""
    yield "accent.css", accent_style(accent)
    modules = {path.stem: path.read_text("utf-8") for path in folder.glob("*.js")}
    if "disk" in modules:
        yield "offline.js", join_modules(modules, "disk")
