"""Write what all languages share, above their folders: chooser, 404, sitemap index, robots.txt, portal.json."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from shutil import copyfile

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from mkdocs.config.defaults import MkDocsConfig

from answerdesk.articles.assets import hash_assets
from answerdesk.articles.build_audience import Edition
from answerdesk.articles.catalogue import Names, in_language, load_catalogue
from answerdesk.articles.context import read_language
from answerdesk.articles.theme import portal_folder
from answerdesk.articles.ui_messages import load_words
from answerdesk.build.configuration import root_url

FORMAT = 1  # of portal.json, which the ticket form reads


def write_root(config: MkDocsConfig, languages: Sequence[str], edition: Edition) -> None:
    """Write the files of a site that belong to no language; languages that are not built are left out."""
    folder = Path(config.site_dir).parent
    portal = portal_folder(config)
    built = [code for code in languages if (folder / code / "index.html").is_file()]
    if not built:
        return
    options = config.plugins["answerdesk/articles"].config
    words = {code: load_words(portal / "words", code) for code in built}
    assets = hash_assets(portal / "assets", options.accent)
    catalogue = load_catalogue(Path(config.docs_dir).parent)
    offered = [read_language(portal / "words", code) for code in built]
    url = root_url(config)
    env = Environment(loader=FileSystemLoader(portal), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    page = env.get_template("chooser.html").render(
        languages=offered,
        words=words,
        assets=f"{built[0]}/{assets}",
        url=url,
        company=catalogue.variables(built[0]),
        is_open=edition.is_open,
    )
    sitemaps = env.get_template("sitemap-index.xml").render(urls=[f"{url}{code}/sitemap.xml" for code in built])
    (folder / "index.html").write_text(page, "utf-8")
    (folder / "sitemap.xml").write_text(sitemaps, "utf-8")
    rules = f"Allow: /\nSitemap: {url}sitemap.xml\n" if edition.is_open else "Disallow: /\n"
    (folder / "robots.txt").write_text(f"User-agent: *\n{rules}", "utf-8")
    copyfile(folder / built[0] / "404.html", folder / "404.html")
    values = {
        name: _by_language(catalogue.company.get(name, {"": ""}), built) for name in ("company", "phone", "hours")
    }
    description = {
        "format": FORMAT,
        **values,
        "name": {code: words[code]["site_name"] for code in built},
        "accent": options.accent,
        "languages": [asdict(language) for language in offered],
        "categories": [
            {"id": category.id, "names": _by_language(category.names, built)}
            for category in catalogue.categories.values()
        ],
        "assets": assets,
    }
    (folder / "portal.json").write_text(json.dumps(description, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _by_language(names: Names, languages: Sequence[str]) -> dict[str, str]:
    return {code: in_language(names, code) for code in languages}
