"""The command `answerdesk take-in`."""

import sys
from collections import Counter
from pathlib import Path

import click

from answerdesk.articles.build_audience import read_day
from answerdesk.articles.errors import ContentError

PATH = click.Path(path_type=Path)


@click.command("take-in")
@click.argument("site", type=PATH)
@click.option("--into", type=PATH, required=True, help="The new site's folder, which must not be there yet.")
@click.option("--lang", default="en", show_default=True, help="The language of its pages.")
@click.option("--owner", default="service-desk", show_default=True, help="Who looks after the articles.")
@click.option("--reviewed", metavar="DAY", help="When pages were reviewed last; without it git says.")
@click.option(
    "--review-every", type=click.IntRange(min=1), default=365, show_default=True, help="Days between reviews."
)
@click.option(
    "-f",
    "--config-file",
    type=PATH,
    default=Path("mkdocs.yml"),
    show_default=True,
    help="The site whose portal, telephone and hours the new one gets.",
)
def take_in(
    site: Path, into: Path, lang: str, owner: str, reviewed: str | None, review_every: int, config_file: Path
) -> None:
    """Take in a plain MkDocs site: SITE is its folder, its mkdocs.yml, or a folder of Markdown.

    What could not be carried over is in INTO/taken-in.md and taken-in.json, by file and line.
    """
    from answerdesk.articles.catalogue import load_catalogue  # MkDocs takes long to import
    from answerdesk.articles.theme import portal_folder
    from answerdesk.articles.ui_messages import load_words
    from answerdesk.build.configuration import load_site_config
    from answerdesk.importing.take_in import COMPANY, REPORT, Wish
    from answerdesk.importing.take_in import take_in as take

    try:
        config = load_site_config(config_file.resolve())
        portal, content = portal_folder(config), Path(config.docs_dir).parent
        load_words(portal / "words", lang)
        values = load_catalogue(content).variables(lang)
        wish = Wish(
            language=lang,
            owner=owner,
            reviewed=read_day(reviewed, "--reviewed") if reviewed else None,
            review_every=review_every,
            portal=portal,
            content=content,
            company={name: values[name] for name in COMPANY if name in values},
        )
        taken = take(site.resolve(), into.resolve(), wish)
    except (ContentError, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    for kind, count in sorted(Counter(loss.kind for loss in taken.losses).items()):
        click.echo(f"{count:6}  {kind}")
    click.echo(f"{len(taken.pages)} pages are articles in {into}. What is not as it was: {into / f'{REPORT}.md'}")
    click.echo(f"Go on with: answerdesk build -f {into / 'mkdocs.yml'}")
