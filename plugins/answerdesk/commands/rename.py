"""The command `answerdesk rename`."""

from pathlib import Path

import click

from answerdesk.commands.options import CONFIG, told


@click.command()
@click.argument("old")
@click.argument("new")
@CONFIG
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def rename(old: str, new: str, config_file: Path, dry_run: bool) -> None:
    """Move an article in every language, mend what leads to it, and let its old address lead to the new one."""
    from answerdesk.articles.article import PATH
    from answerdesk.articles.errors import ContentError
    from answerdesk.articles.redirects import load_redirects
    from answerdesk.authoring.content_inventory import open_inventory, read_name
    from answerdesk.commands.steps import read_naming_files, take_steps
    from answerdesk.renaming.links import Move
    from answerdesk.renaming.plan import plan_rename

    with told():
        inventory = open_inventory(config_file.resolve())
        load_redirects(inventory.content)  # what is wrong in there is said before anything is written
        paths = [read_name(inventory, text, "")[1] for text in (old, new)]
        if paths[0] == paths[1]:
            raise ContentError(f"{new} is the path that it has. Choose another one.")
        category = paths[1].partition("/")[0]
        if not PATH.fullmatch(paths[1]) or category == paths[1]:
            raise ContentError(f"{new} is no path. Write category/name in small letters, digits and hyphens.")
        if category not in inventory.catalogue.categories:
            known = ", ".join(inventory.catalogue.categories)
            raise ContentError(f"{new}: there is no category {category}. Use one of: {known}; or add it first.")
        move = Move(old=paths[0], new=paths[1], languages=tuple(inventory.languages))
        steps = plan_rename(read_naming_files(inventory.content, inventory.languages), move)
        if not steps:
            click.echo(f"Nothing is left to do: {move.old} is {move.new} everywhere.")
        take_steps(inventory.content, steps, is_dry_run=dry_run)
