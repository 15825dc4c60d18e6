"""Which files go into a site beside its pages: of the theme only the portal's own, of the content what pages show.

And what the portal's templates may use.
"""

from collections.abc import Mapping
from os import sep
from pathlib import Path
from posixpath import join, normpath

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from answerdesk.articles.dates import long_date
from answerdesk.articles.publication_state import due_on
from answerdesk.articles.rendered_article import Body
from answerdesk.articles.template_site import Site


def portal_folder(config: MkDocsConfig) -> Path:
    """Return the folder of the portal's templates, words and assets."""
    return Path(config.theme.custom_dir or "portal").resolve()


def keep_own_assets(files: Files, *, docs: Path, portal: Path, target: str) -> None:
    """Publish the portal's assets in the target folder, and nothing else that the theme would copy into the site."""
    ours = f"{docs}{sep}"
    for file in list(files):
        if file.generated_by is None and (file.abs_src_path or "").startswith(ours):
            continue  # most are articles, and a look at the name is quicker
        source = Path(file.abs_src_path or docs / file.src_uri)
        if portal / "assets" in source.resolve().parents:  # ProperDocs leaves them relative
            file.dest_uri = target + file.src_uri.removeprefix("assets")
        elif docs not in source.parents and file.generated_by is None:
            files.remove(file)


def keep_asked_files(files: Files, docs: Path, bodies: Mapping[str, Body]) -> None:
    """Of pictures and other files beside the articles, publish those that a page shows or leads to, and no others.

    What only an internal article or a draft shows must be seen by nobody, and even its name may say too much.
    """
    pages = files.documentation_pages()
    asked = {
        normpath(join(page.url, file))
        for page in pages
        if page.src_uri in bodies
        for file in bodies[page.src_uri].asked
    }
    for file in list(files):
        # Some come from the source language's folder.
        is_content = not file.is_documentation_page() and docs.parent in Path(file.abs_src_path or "").parents
        if is_content and file.dest_uri not in asked:
            files.remove(file)


def equip(env: Environment, site: Site) -> None:
    """Tell the portal's templates of a site."""
    env.autoescape = True  # MkDocs leaves it off
    env.globals.update(site=site, words=site.words)
    env.filters["long_date"] = lambda day: long_date(day, site.language.code)
    env.filters["due_on"] = due_on
