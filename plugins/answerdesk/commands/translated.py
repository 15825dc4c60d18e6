"""The command `answerdesk translated`."""

import sys
from pathlib import Path

import click

from answerdesk.articles.errors import ContentError
from answerdesk.commands.options import CONFIG, told


@click.command()
@click.argument("articles", metavar="ARTICLE…", nargs=-1)
@CONFIG
@click.option("--lang", required=True, help="Language of the translation, such as ko.")
@click.option("--section", type=int, help="Only this section; 0 is what stands before the first heading.")
@click.option("--source", type=int, help="The source section that it translates, where that is not known.")
@click.option("--all", "is_all", is_flag=True, help="All articles that the language has.")
def translated(
    articles: tuple[str, ...], config_file: Path, lang: str, section: int | None, source: int | None, is_all: bool
) -> None:
    """Record that translations say what their source says now."""
    with told():
        if bool(articles) == is_all:
            raise ContentError("Name the articles that are up to date, such as account/forgot-password; or say --all.")
        if section is not None and len(articles) != 1:
            raise ContentError("--section is for one article. Name one.")
        if source is not None and section is None:
            raise ContentError("--source says what a --section translates. Give both, or neither.")
        failed = _record(articles, config_file.resolve(), lang, section, source)
    if failed:
        sys.exit(1)


def _record(
    articles: tuple[str, ...], config_file: Path, language: str, section: int | None, partner: int | None
) -> list[str]:
    """Record articles, or all, and return those that could not be."""
    from answerdesk.authoring.translation_pairs import Translations  # MkDocs takes long to import
    from answerdesk.translations.errors import RecordError
    from answerdesk.translations.notes import find_notes
    from answerdesk.translations.recording import record_all, record_section

    translations = Translations(config_file)
    translations.target(language)
    paths = [translations.path(article) for article in articles] or [
        path for path in translations.paths() if translations.file(language, path).is_file()
    ]
    failed = []
    for path in paths:
        name = f"{translations.content.name}/{language}/{path}.md"
        source, translation = translations.text(translations.source, path), translations.text(language, path)
        if source is None or translation is None:
            raise ContentError(f"{name} is not there. Begin it with “answerdesk translate {path} --to {language}”.")
        recorded, count = translations.recorded(language, path), len(translation.sections)
        try:
            if open_ := find_notes(translation.front + translation.markdown):
                raise RecordError(
                    f"“{open_[0][:60]}” is still to be translated. Put its translation in the place of the comment."
                )
            if section is None:
                rows = record_all(source.hashes, recorded, count)
            else:
                rows = record_section(source.hashes, recorded, count, section=section, partner=partner)
        except RecordError as error:
            click.echo(f"{name}: {error}", err=True)
            failed.append(path)
            continue
        translations.record(language, path, rows)
        what = "" if section is None else f" section {section}, “{translation.sections[section].title}”:"
        click.echo(f"{name}:{what} {'unchanged' if rows == recorded else 'recorded as up to date'}.")
    translations.save(language)
    return failed
