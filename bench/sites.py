"""Write the configuration of a site around articles: ours, and those of MkDocs' kin for the same Markdown."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from answerdesk.articles.ui_messages import load_words
from bench.collection import CATEGORIES, category_id

PROJECT = Path(__file__).resolve().parent.parent
WORDS = PROJECT / "portal" / "words"
ICONS = (
    "key-variant", "wifi", "email-outline", "folder-outline", "laptop", "headset", "shield-check-outline",
    "application-outline", "account-plus-outline", "printer", "cellphone", "cloud-outline",
)  # fmt: skip
MARKDOWN_EXTENSIONS = re.compile(r"^markdown_extensions:\n(?: .*\n)+", re.MULTILINE)
# Material's own codes: its theme knows both kinds of Chinese, its search one.
THEME_LANGUAGES = {"zh-Hans": "zh"}
SEARCH_LANGUAGES = {"zh-Hans": "zh", "zh-Hant": "zh"}


def write_catalogue(content: Path, languages: Sequence[str]) -> None:
    """Write the files beside the languages' folders: twelve categories, and the starter content's company."""
    topics = {code: load_words(WORDS, code)["topics"] for code in languages}
    rows = [
        {
            "id": category_id(number),
            "icon": ICONS[number],
            "names": {code: f"{topic} {number + 1}" for code, topic in topics.items()},
        }
        for number in range(CATEGORIES)
    ]
    _write_yaml(content / "categories.yml", {"categories": rows})
    shutil.copyfile(PROJECT / "content" / "company.yml", content / "company.yml")


def write_our_config(folder: Path, content: Path, languages: Sequence[str]) -> Path:
    """Write the mkdocs.yml of a site with our portal and plugins; what it leaves open is as in the project's own."""
    articles = {"languages": list(languages), "ticket_url": "/ticket", "search_url": "/search"}
    config = {
        "INHERIT": str(PROJECT / "mkdocs.yml"),
        "site_url": f"https://help.example.com/{languages[0]}/",
        "docs_dir": str((content / languages[0]).resolve()),
        "site_dir": str((folder / "site" / languages[0]).resolve()),
        "theme": {"custom_dir": str(PROJECT / "portal")},
        "plugins": [{"answerdesk/articles": articles}, "answerdesk/search"],
    }
    return _write_yaml(folder / "mkdocs.yml", config)


def write_material_config(folder: Path, content: Path, language: str) -> Path:
    """Write the mkdocs.yml of stock Material for one language: default navigation, search, our Markdown extensions."""
    theme = {"name": "material", "language": THEME_LANGUAGES.get(language, language)}
    return _write_peer_config(folder, content, language, {"theme": theme})


def write_bare_config(folder: Path, content: Path, language: str, first: str) -> Path:
    """Write the mkdocs.yml of MkDocs with its own theme for one language: search, and a navigation of one page."""
    settings = {"theme": "mkdocs", "nav": [f"{first}.md"], "validation": {"omitted_files": "ignore"}}
    return _write_peer_config(folder, content, language, settings)


def write_zensical_config(folder: Path, content: Path, language: str, first: str | None = None) -> Path:
    """Write what Zensical reads for one language, and copy the articles: it demands all of a site in one folder, with a
    cache of its own. With a first page that is its whole navigation, else it is the default.
    """
    shutil.copytree(content / language, folder / language / "docs")
    settings: dict[str, Any] = {"docs_dir": "docs", "site_dir": "site"}
    settings["theme"] = {"language": THEME_LANGUAGES.get(language, language)}
    if first:
        settings["nav"] = [f"{first}.md"]
    return _write_peer_config(folder / language, content, language, settings)


def _write_peer_config(folder: Path, content: Path, language: str, settings: dict[str, Any]) -> Path:
    config = {
        "site_name": "Help",
        "site_url": f"https://help.example.com/{language}/",
        "docs_dir": str((content / language).resolve()),
        "site_dir": str((folder / "site" / language).resolve()),
        "plugins": [{"search": {"lang": SEARCH_LANGUAGES.get(language, language)}}],
    }
    path = _write_yaml(folder / f"mkdocs.{language}.yml", config | settings)
    # Copied as text: the block names Python objects, which a plain YAML reader refuses.
    extensions = MARKDOWN_EXTENSIONS.search((PROJECT / "mkdocs.yml").read_text("utf-8"))
    with path.open("a", encoding="utf-8") as file:
        file.write(extensions.group() if extensions else "")
    return path


def _write_yaml(path: Path, value: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=1000), "utf-8")
    return path
