"""The portal's styles and scripts, served under a name that changes with them, so that browsers may keep them."""

import hashlib
from pathlib import Path


def hash_assets(folder: Path, accent: str) -> str:
    """Return the folder, relative to the site, under which the files of an assets folder are published."""
    digest = hashlib.sha256(accent.encode())
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return f"assets/{digest.hexdigest()[:8]}"


def accent_style(accent: str) -> str:
    """Return the style sheet that carries the site's colour: as it is on light ground, lightened on dark."""
    return f":root {{ --accent: light-dark({accent}, color-mix(in oklab, {accent} 38%, white)); }}\n"
