"""The command `answerdesk gate`."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from answerdesk.articles.build_audience import Edition, read_today
from answerdesk.articles.errors import ContentError

if TYPE_CHECKING:
    from answerdesk.gate.gate import Asked

NOT_FOUND = "–"


@click.command()
@click.option(
    "-f",
    "--config-file",
    type=click.Path(path_type=Path),
    default=Path("mkdocs.yml"),
    show_default=True,
    help="The site.",
)
@click.option("--lang", "only", multiple=True, help="Ask this language's queries; again for more.")
@click.option("--json", "as_json", is_flag=True, help="Print places and reasons as JSON.")
def gate(config_file: Path, only: tuple[str, ...], as_json: bool) -> None:
    """Ask content/queries/LANG.yml: which article each query finds, in which place, and what stands above it.

    Ends with 1 if an article is not among the first three.
    """
    from answerdesk.build.configuration import languages_of, load_site_config  # MkDocs takes long to import
    from answerdesk.gate.gate import ask_language

    try:
        edition = Edition(today=read_today(os.environ))
        languages = languages_of(load_site_config(config_file.resolve()))
        if unknown := [code for code in only if code not in languages]:
            raise ContentError(f"--lang is {unknown[0]!r}. Use one of: {', '.join(languages)}.")
        asked = []
        for code in only or languages:
            asked.append(ask_language(config_file.resolve(), code, edition))
            if not as_json:
                _print(asked[-1])
    except ContentError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps([_table(one) for one in asked], ensure_ascii=False, indent=1))
    sys.exit(1 if any(one.findings for one in asked) else 0)


def _print(asked: "Asked") -> None:
    from answerdesk.gate.gate_report import summarise

    for one in asked.placed:
        click.echo(f"{asked.language:8}{one.place or NOT_FOUND:>4}  {one.query.text}  →  {one.query.finds}")
    for finding in asked.findings:
        click.echo(str(finding))
    total = summarise(asked.placed)
    click.echo(
        f"{asked.language}: {total.queries} queries, {total.first} first, {total.seen} in the first three, "
        f"{total.below} below, {total.lost} not found"
    )


def _table(asked: "Asked") -> dict[str, object]:
    from answerdesk.gate.gate_report import summarise

    return {
        "language": asked.language,
        "summary": asdict(summarise(asked.placed)),
        "queries": [asdict(one) | {"place": one.place} for one in asked.placed],
        "findings": [_shown(asdict(finding)) for finding in asked.findings],
    }


def _shown(fields: dict[str, object]) -> dict[str, object]:
    return {name: str(value) if name == "level" else value for name, value in fields.items()}
