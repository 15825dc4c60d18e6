"""Options and endings that commands share."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from answerdesk.articles.errors import ContentError

CONFIG = click.option(
    "-f",
    "--config-file",
    type=click.Path(path_type=Path),
    default=Path("mkdocs.yml"),
    show_default=True,
    help="The site.",
)


@contextmanager
def told() -> Iterator[None]:
    """End with a line, and status 2, where the content or the disk does not allow what was asked."""
    try:
        yield
    except ContentError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except BrokenPipeError:
        raise  # whoever read what we print has gone; click ends quietly
    except OSError as error:
        click.echo(f"{error.filename}: {error.strerror or error}.", err=True)
        sys.exit(2)
