"""The command `answerdesk retire`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from answerdesk.commands.options import CONFIG, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answerdesk.articles.article import Article
    from answerdesk.authoring.content_inventory import ContentInventory
    from answerdesk.renaming.plan import Step


@click.command()
@click.argument("article")
@CONFIG
@click.option("--to", "successor", default="", help="The article that readers are led to instead.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def retire(article: str, config_file: Path, successor: str, dry_run: bool) -> None:
    """Remove an article in every language, and mend all that names it.

    With --to its address, links, test queries and names go over to another article. Without it they end: links become
    text, and its address is not found.
    """
    from answerdesk.articles.errors import ContentError
    from answerdesk.articles.redirects import follow, load_redirects
    from answerdesk.authoring.content_inventory import open_inventory, read_name
    from answerdesk.commands.steps import read_naming_files, take_steps
    from answerdesk.renaming.retire import Retirement, plan_retirement
    from answerdesk.support.content_files import list_files

    with told():
        inventory = open_inventory(config_file.resolve())
        redirects = load_redirects(inventory.content)  # what is wrong in there is said before anything is written
        path = read_name(inventory, article, "")[1]
        to = read_name(inventory, successor, "")[1] if successor else ""
        if path == to:
            raise ContentError(f"{to} cannot take its own place. Name another article with --to, or leave it out.")
        is_there = any(inventory.file(code, path).is_file() for code in inventory.languages)
        if not is_there and (not to or redirects.get(path) != to):
            led = f" It leads to {follow(redirects, path)} already." if path in redirects else ""
            raise ContentError(f"{path}: no language has such an article.{led} Write a path such as account/vpn.")
        if to and to in redirects:
            raise ContentError(f"{to} was retired or renamed itself. Write --to {follow(redirects, to)}.")
        shown_in = _shown_in(inventory, path, to) if to else ()
        files = read_naming_files(inventory.content, inventory.languages)
        there = [Path(file).relative_to(inventory.content).as_posix() for file in list_files(inventory.content)]
        pictures = [file for file in there if file.partition("/")[0] in inventory.languages and file not in files]
        retirement = Retirement(path=path, to=to, languages=tuple(inventory.languages), shown_in=shown_in)
        steps = plan_retirement(files, retirement, pictures)
        if not steps:
            click.echo(f"Nothing is left to do: {path} is retired.")
        take_steps(inventory.content, steps, is_dry_run=dry_run)
        if dry_run and to:
            _say_lost_queries(config_file.resolve(), steps, shown_in, path)


def _say_lost_queries(config_file: Path, steps: "Sequence[Step]", languages: "Sequence[str]", path: str) -> None:
    """Say which test queries would lose their article, and what to do."""
    from answerdesk.articles.build_audience import Edition, read_today
    from answerdesk.gate.rehearsal import rehearse

    for finding in rehearse(config_file, steps, languages, path, Edition(today=read_today(os.environ))):
        click.echo(str(finding))


def _shown_in(inventory: "ContentInventory", path: str, to: str) -> "Sequence[str]":
    """Return the languages that show the article that takes the place.

    Raises:
        ContentError: there is none, or it has fewer readers than the one that goes.
    """
    from answerdesk.articles.build_audience import read_today
    from answerdesk.articles.errors import ContentError
    from answerdesk.articles.publication_state import state_of

    source, today = inventory.languages[0], read_today(os.environ)
    found = {code: {a.path: a for a in articles} for code, articles in inventory.articles()[0].items()}

    def is_open(article: "Article") -> bool:
        return article.is_public and state_of(article, today, inventory.grace_days).is_published

    if to not in found[source]:
        name = inventory.name(source, to)
        raise ContentError(f"{name} is no article, or cannot be read. Name one of {source} with --to.")
    if any(path in articles and is_open(articles[path]) for articles in found.values()):
        for code, articles in found.items():
            if to in articles and not is_open(articles[to]):
                what = "internal" if not articles[to].is_public else "not published"
                raise ContentError(
                    f"{inventory.name(code, to)} is {what}, and everyone may read {path}. Publish it, or name another."
                )
    is_lent: bool = inventory.config.plugins["answerdesk/articles"].config.fallback
    return tuple(code for code in inventory.languages if is_lent or to in found[code])
