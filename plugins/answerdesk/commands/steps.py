"""Read what names articles, and take the steps of a plan that changes it."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from answerdesk.articles.redirects import FILE as REDIRECTS
from answerdesk.renaming.plan import Step, left, names_articles
from answerdesk.support.atomic_write import write_whole
from answerdesk.support.content_files import list_files


def read_naming_files(content: Path, languages: Sequence[str]) -> dict[str, bytes]:
    """Read all that may name an article, by path below the content's folder."""
    there = [Path(file) for file in list_files(content)]
    names = {file: file.relative_to(content).as_posix() for file in there}
    files = [file for file in there if file.suffix == ".md" and names[file].partition("/")[0] in languages]
    files += [file for file in there if file.suffix == ".yml" and names_articles(names[file])]
    if (content / REDIRECTS).is_file():
        files.append(content / REDIRECTS)
    return {file.relative_to(content).as_posix(): file.read_bytes() for file in files}


def take_steps(content: Path, steps: Sequence[Step], *, is_dry_run: bool) -> None:
    """Say the steps, and take them; an interruption says what is left."""
    if is_dry_run:
        for step in steps:
            click.echo(step.words)
        if steps:
            click.echo("Nothing has been changed. Leave --dry-run out to do it.")
        return
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
