"""The command `answerdesk reviewed`."""

import os
from pathlib import Path

import click

from answerdesk.commands.options import CONFIG, told


@click.command()
@click.argument("articles", metavar="ARTICLE…", nargs=-1, required=True)
@CONFIG
@click.option("--on", help="Day of the review, as YYYY-MM-DD; today if it is left out.")
@click.option("--lang", help="Language, such as ko; the source language if it is left out.")
def reviewed(articles: tuple[str, ...], config_file: Path, on: str | None, lang: str | None) -> None:
    """Record that somebody has read articles and found them true."""
    from answerdesk.articles.build_audience import read_day, read_today
    from answerdesk.articles.errors import ContentError
    from answerdesk.articles.front import set_field
    from answerdesk.authoring.content_inventory import open_inventory, read_name
    from answerdesk.support.atomic_write import write_whole

    with told():
        inventory = open_inventory(config_file.resolve())
        default = inventory.language(lang) if lang else inventory.languages[0]
        today = read_today(os.environ)
        day = read_day(on, "--on") if on else today
        if day > today:
            raise ContentError(f"--on is {day}, and today is {today}. Name a day that has come.")
        changes = []
        for text in articles:
            language, path = read_name(inventory, text, default)
            name, file = inventory.name(language, path), inventory.file(language, path)
            if not file.is_file():
                raise ContentError(f"{name} is not there. Write a path such as account/forgot-password, or the file.")
            before = file.read_bytes()
            changes.append((name, file, before, set_field(name, before, "reviewed", day)))
        for name, file, before, after in changes:
            if after != before:
                write_whole(file, after)
            click.echo(f"{name}: reviewed on {day}{'' if after != before else ' already'}.")
