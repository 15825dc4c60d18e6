"""The command `answerdesk rename`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from answerdesk.commands.options import CONFIG, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answerdesk.renaming.plan import Step


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
        steps = plan_rename(_files(inventory.content, inventory.languages), move)
        if not steps:
            click.echo(f"Nothing is left to do: {move.old} is {move.new} everywhere.")
        for step in steps if dry_run else ():
            click.echo(step.words)
        if not dry_run:
            _take(inventory.content, steps)
        elif steps:
            click.echo("Nothing has been changed. Leave --dry-run out to do it.")


def _files(content: Path, languages: "Sequence[str]") -> dict[str, bytes]:
    """Read all that may name an article."""
    from answerdesk.articles.redirects import FILE as REDIRECTS
    from answerdesk.renaming.plan import names_articles
    from answerdesk.support.content_files import list_files

    there = [Path(file) for file in list_files(content)]
    names = {file: file.relative_to(content).as_posix() for file in there}
    files = [file for file in there if file.suffix == ".md" and names[file].partition("/")[0] in languages]
    files += [file for file in there if file.suffix == ".yml" and names_articles(names[file])]
    if (content / REDIRECTS).is_file():
        files.append(content / REDIRECTS)
    return {file.relative_to(content).as_posix(): file.read_bytes() for file in files}


def _take(content: Path, steps: "list[Step]") -> None:
    from answerdesk.renaming.plan import left
    from answerdesk.support.atomic_write import write_whole

    done = 0
    try:
        for step in steps:
            file = content / step.file
            if step.content is None:
                file.unlink()
                _remove_empty(file.parent, content)
            else:
                write_whole(file, step.content)
            click.echo(step.words)
            done += 1
    except (OSError, KeyboardInterrupt) as error:
        reason = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else "interrupted"
        click.echo(f"{reason}.\n{left(steps[done:])}\nNothing is lost. Run the same command again.", err=True)
        sys.exit(2)


def _remove_empty(folder: Path, content: Path) -> None:
    while folder != content and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
