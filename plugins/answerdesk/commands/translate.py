"""The command `answerdesk translate`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from answerdesk.articles.errors import ContentError
from answerdesk.commands.options import CONFIG, told
from answerdesk.support.atomic_write import write_whole

if TYPE_CHECKING:
    from answerdesk.authoring.translation_pairs import Text, Translations


@click.command()
@click.argument("article")
@CONFIG
@click.option("--to", "language", required=True, help="Language to translate into, such as ko.")
def translate(article: str, config_file: Path, language: str) -> None:
    """Begin the translation of an article, or put what is new in the source into one that exists."""
    from answerdesk.authoring.translation_pairs import Translations  # MkDocs takes long to import

    with told():
        translations = Translations(config_file.resolve())
        translations.target(language)
        path = translations.path(article)
        source, translation = translations.text(translations.source, path), translations.text(language, path)
        if source is None:
            raise ContentError(f"{article} has gone while it was read. Try again.")
        if translation is None:
            _begin(translations, language, path, source)
        else:
            _extend(translations, language, path, source, translation)


def _begin(translations: "Translations", language: str, path: str, source: "Text") -> None:
    from answerdesk.translations.skeleton import write_skeleton

    file = translations.file(language, path)
    skeleton = write_skeleton(source.front, source.markdown, _anchors(translations, source))
    write_whole(file, skeleton.encode("utf-8"))
    translations.record(language, path, source.hashes)
    translations.save(language)
    click.echo(
        f"{translations.content.name}/{language}/{path}.md written. Put a translation in the place of each comment."
    )


def _extend(translations: "Translations", language: str, path: str, source: "Text", translation: "Text") -> None:
    from answerdesk.articles.source import FRONT_MATTER
    from answerdesk.translations.skeleton import can_extend, extend
    from answerdesk.translations.status import status_of

    name = f"{translations.content.name}/{language}/{path}.md"
    drift = translations.drift(language, path, source, translation)
    recorded = translations.recorded(language, path)
    if drift is None:
        raise ContentError(
            f"{name} exists, and nobody recorded what it was made from. If it is up to date, say so: "
            f"answerdesk translated {path} --lang {language}."
        )
    if not can_extend(translation.sections, recorded, drift.new):
        raise ContentError(
            f"{name} has {len(translation.sections)} sections, {len(recorded)} were recorded. Bring it up to "
            f"date by hand, then: answerdesk translated {path} --lang {language}."
        )
    made = extend(
        translation.markdown,
        translation.sections,
        source.sections,
        recorded,
        drift,
        source.markdown,
        _anchors(translations, source),
    )
    if made.added:
        raw = translation.file.read_bytes().decode("utf-8")
        newline = "\r\n" if "\r\n" in raw else "\n"
        match = FRONT_MATTER.match(raw.removeprefix("\ufeff").replace("\r\n", "\n"))
        head = match.group(0) if match else ""
        write_whole(translation.file, (head + made.markdown).replace("\n", newline).encode("utf-8"))
        translations.record(language, path, made.record)
        translations.save(language)
        pieces = "1 new piece" if made.added == 1 else f"{made.added} new pieces"
        click.echo(f"{name}: {pieces} put in. Put a translation in the place of each comment.")
    after = translations.text(language, path)
    left = translations.drift(language, path, source, after) if after else None
    for detail in status_of(path, language, source.sections, left).details if left else ():
        click.echo(f"{name}: {detail}")
    if left and left.sections:
        click.echo(f"Bring these up to date, then: answerdesk translated {path} --lang {language}")
    elif not made.added:
        click.echo(f"{name} is up to date.")


def _anchors(translations: "Translations", source: "Text") -> dict[int, str]:
    """Return the anchors of a source's headings as its page has them, by section."""
    from answerdesk.articles.catalogue import load_catalogue
    from answerdesk.articles.sections import split_sections
    from answerdesk.articles.variables import fill
    from answerdesk.translations.render import Renderer

    render = Renderer(translations.config.markdown_extensions, translations.config.mdx_configs)
    html = render(fill(source.markdown, load_catalogue(translations.content).variables(translations.source)))
    anchors = [section.anchor for section in split_sections(html) if section.anchor]
    numbers = [number for number, section in enumerate(source.sections) if section.level]
    return dict(zip(numbers, anchors, strict=True)) if len(anchors) == len(numbers) else {}
