"""Shared helpers of commands: error messages, opening the database, printing lists."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click

from ticket_form.errors import ConfigurationError, StorageUnavailable
from ticket_form.operations.clock_check import ClockUntrusted
from ticket_form.settings import database_path
from ticket_form.storage.database import Database, open_database


@contextmanager
def problems_told() -> Iterator[None]:
    """Print each configuration problem on its own line and exit with status 2."""
    try:
        yield
    except ConfigurationError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        sys.exit(2)
    except ClockUntrusted as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except StorageUnavailable as error:
        click.echo(f"The database does not answer ({error}). Try again, or check TICKET_FORM_DATABASE.", err=True)
        sys.exit(2)


@contextmanager
def existing_database() -> Iterator[Database]:
    """Open the database that the environment names; it must exist."""
    demand_database()
    database = open_database(database_path(os.environ))
    try:
        yield database
    finally:
        database.close()


def demand_database() -> None:
    """Exit with a message if the database does not exist."""
    where = database_path(os.environ)
    if isinstance(where, Path) and not where.exists():
        raise ConfigurationError(
            f'{where}: there is no database. Run "ticket-form serve", or set TICKET_FORM_DATABASE.'
        )


def no_ticket(typed: str, *, see: str) -> NoReturn:
    """Print that there is no such ticket and exit with status 1."""
    click.echo(f'{typed}: there is no such ticket. See "ticket-form {see}".', err=True)
    sys.exit(1)


def print_json(value: object) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_columns(rows: Iterable[Iterable[object]]) -> None:
    """Print rows as tab-separated values, for people and for `cut`."""
    for row in rows:
        click.echo("\t".join("-" if value in (None, "") else str(value) for value in row))
