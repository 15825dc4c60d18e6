"""The command `answerdesk new`."""

import os
from pathlib import Path

import click

from answerdesk.commands.options import CONFIG, told


@click.command()
@click.argument("article", metavar="PATH")
@CONFIG
@click.option("--lang", help="Language, such as ko; the source language if it is left out.")
@click.option("--title", required=True, help="What readers want, in their words.")
@click.option("--summary", help="One sentence for lists and search results.")
@click.option("--owner", help="Who reviews it; the owner of most articles of its category if it is left out.")
@click.option("--review-every", type=click.IntRange(min=1), default=180, show_default=True, help="Days.")
@click.option("--internal", is_flag=True, help="Not for the public.")
def new(
    article: str, config_file: Path, lang: str | None, title: str, summary: str | None, owner: str | None,
    review_every: int, internal: bool,
) -> None:  # fmt: skip
    """Begin an article: a draft at PATH, such as network/new-router, that passes the checks."""
    from answerdesk.articles.article import PATH, Article, read_article
    from answerdesk.articles.build_audience import read_today
    from answerdesk.articles.errors import ContentError
    from answerdesk.articles.redirects import load_redirects
    from answerdesk.articles.source import split_source
    from answerdesk.authoring.article_template import skeleton
    from answerdesk.authoring.content_inventory import open_inventory, read_name
    from answerdesk.authoring.new_article import is_internal_at, note_owner, refuse_title, usual_owner
    from answerdesk.support.atomic_write import write_whole

    with told():
        inventory = open_inventory(config_file.resolve())
        language, path = read_name(inventory, article, inventory.languages[0])
        language = inventory.language(lang) if lang else language
        name, file = inventory.name(language, path), inventory.file(language, path)
        category = path.partition("/")[0]
        if not PATH.fullmatch(path) or category == path:
            raise ContentError(f"{article} is no path. Write category/name in small letters, digits and hyphens.")
        if category not in inventory.catalogue.categories:
            known = ", ".join(inventory.catalogue.categories)
            raise ContentError(f"{article}: there is no category {category}. Use one of: {known}; or add it first.")
        if path in load_redirects(inventory.content):
            raise ContentError(f"{path} is an old address in redirects.yml. Take it out there, or choose another path.")
        if file.exists():
            raise ContentError(f"{name} is there already. Choose another path.")
        found = inventory.articles()[0]
        everything = [one for articles in found.values() for one in articles]
        refuse_title(inventory, language, title, found[language])
        if owner is None:
            owner = usual_owner(category, everything)
        elif note := note_owner(inventory, owner, everything):
            click.echo(note, err=True)
        internal = internal or is_internal_at(inventory, path)
        text = skeleton(
            language, title=title, summary=summary, category=category, owner=owner,
            reviewed=read_today(os.environ), review_every=review_every, is_internal=internal,
        )  # fmt: skip
        split = split_source(name, text)
        made = read_article(path, split[0], inventory.catalogue) if isinstance(split, tuple) else (split,)
        if not isinstance(made, Article):
            raise ContentError("\n".join(str(problem) for problem in made))
        write_whole(file, text.encode("utf-8"))
        click.echo(f"{name} is begun. “answerdesk serve” shows it; take out “draft: true” when it is done.")
