"""The command `answerdesk translations`."""

from pathlib import Path

import click

from answerdesk.commands.options import CONFIG, told

STATES = ("current", "drifted", "missing", "unknown")


@click.command()
@CONFIG
@click.option("--lang", "only_languages", multiple=True, help="Only this language; again for more.")
@click.option("--only", type=click.Choice(STATES), help="Only articles that are in this state in some language.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page into this file.")
def translations(
    config_file: Path, only_languages: tuple[str, ...], only: str | None, as_csv: bool, as_json: bool, html: Path | None
) -> None:
    """Show every article and language: current, drifted (and where), missing, or unknown."""
    from answerdesk.authoring.translation_pairs import Translations  # MkDocs takes long to import
    from answerdesk.translations.status import csv_table, html_table, json_table, text_table

    with told():
        translations = Translations(config_file.resolve())
        languages = [translations.target(code) for code in only_languages] or list(translations.targets)
        rows = [row for row in translations.statuses(languages) if only in (None, row.state)]
        if html:
            html.write_text(html_table(rows, languages), "utf-8")
            click.echo(f"{html} written: {len(rows)} rows.")
        elif as_csv or as_json:
            click.echo(csv_table(rows) if as_csv else json_table(rows), nl=as_json)
        else:
            click.echo(text_table(rows, languages))
