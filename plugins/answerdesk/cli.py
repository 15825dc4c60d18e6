"""The command `answerdesk`."""

import gzip
import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from answerdesk.articles.article import AUDIENCES
from answerdesk.articles.build_audience import Edition, read_today
from answerdesk.articles.errors import ContentError
from answerdesk.commands.options import CONFIG
from answerdesk.search import (
    Document,
    SearchError,
    Section,
    SynonymError,
    build_index,
    open_index,
    read_synonyms,
    write_index,
)

if TYPE_CHECKING:
    from answerdesk.build.site_build import Outcome

SYNONYMS = Path("content/synonyms")
LONGEST_SUMMARY = 300  # characters
LINE = 'Write one {"id": …, "text": …} a line.'
# Name of a command → module in `commands`. They are imported when they are asked for: a build needs none of them.
COMMANDS = {
    "check": "check", "schema": "check", "gate": "gate", "take-in": "take_in", "translate": "translate",
    "translated": "translated", "translations": "translations", "new": "new", "rename": "rename",
    "retire": "retire", "reviewed": "reviewed", "freshness": "freshness", "serve": "serve",
}  # fmt: skip


class _Commands(click.Group):
    """The commands below, and those of COMMANDS."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *COMMANDS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module = import_module(f"answerdesk.commands.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command


@click.group(cls=_Commands)
@click.version_option(package_name="answerdesk")
def main() -> None:
    """Build, check and search a self-service help desk portal."""


@main.command()
@CONFIG
@click.option("--strict/--no-strict", default=True, show_default=True, help="Let warnings fail the build.")
@click.option("--force", is_flag=True, help="Build every language, changed or not.")
@click.option("--preview", is_flag=True, help="Show drafts and future articles too, in the folder …-preview.")
@click.option("-q", "--quiet", "is_quiet", is_flag=True, help="Say only what is wrong.")
@click.option(
    "--audience",
    type=click.Choice(AUDIENCES),
    default="public",
    show_default=True,
    help="internal shows internal articles too, in the folder …-internal.",
)
def build(config_file: Path, strict: bool, force: bool, preview: bool, is_quiet: bool, audience: str) -> None:
    """Build every language that changed into the site's folder; each is told when it is done."""
    from answerdesk.build.site_build import build_site  # MkDocs takes long to import

    failed = would_pass = False
    said: set[str] = set()  # a fault in an article that other languages show too is said once
    try:
        edition = Edition(today=read_today(os.environ), audience=audience, is_preview=preview)
        for outcome in build_site(config_file.resolve(), strict=strict, is_forced=force, edition=edition):
            for message in outcome.messages:
                if message not in said:
                    click.echo(f"{outcome.language}: {message}", err=True)
            said.update(outcome.messages)
            if not (is_quiet and outcome.is_built):
                click.echo(f"{outcome.language:8} {_state(outcome)}")
            failed = failed or not outcome.is_built
            would_pass = would_pass or outcome.would_pass
    except BrokenPipeError:
        raise  # whoever read what we print has gone; click ends quietly
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}. Build in a folder that you may write to, with room on its disk.")
    except ContentError as error:
        _fail(str(error))
    if failed:
        _fail(f"Mend what is named above and build again{'; --no-strict lets warnings pass' if would_pass else ''}.")


def _state(outcome: "Outcome") -> str:
    """Return in a few words how the build of a language ended."""
    if outcome.is_built:
        return "unchanged" if outcome.is_unchanged else f"built in {outcome.seconds:.1f} s"
    if outcome.would_pass:
        return f"FAILED by {outcome.warnings} warning{'' if outcome.warnings == 1 else 's'}"
    return "FAILED"


@main.command()
@click.option(
    "--jsonl", type=click.Path(path_type=Path), required=True, help='Lines of {"id", "title", "text", "url"?}.'
)
@click.option("--lang", required=True, help="Language code, such as ko.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the index.")
@click.option(
    "--synonyms",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Synonyms; without it those of the site here, content/synonyms/LANG.yml, if there are any.",
)
@click.option("--export", type=click.Choice(["lunr"]), help="Write an index for another engine instead.")
def index(jsonl: Path, lang: str, out: Path, synonyms: Path | None, export: str | None) -> None:
    """Index documents without a site; DOCS may be gzipped (.gz)."""
    if synonyms and not synonyms.exists():
        _fail(f"{synonyms}: there is no such file.")
    documents = [_document(row) for row in _read_lines(jsonl)]
    from answerdesk.search.lunr_export import export_lunr  # only here, and it takes a while to import

    try:
        known = read_synonyms(synonyms or SYNONYMS / f"{lang}.yml")
        written = export_lunr(documents, lang, out) if export else write_index(build_index(documents, lang, known), out)
    except SynonymError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}. Name a folder that you may write to.")
    click.echo(written)


@main.command()
@click.argument("text", required=False)
@click.option("--site", type=click.Path(path_type=Path), default=Path("site"), show_default=True, help="A built site.")
@click.option("--lang", default="en", show_default=True, help="Language of the site to search.")
@click.option("--index", "folder", type=click.Path(path_type=Path), help="An index, in place of --site and --lang.")
@click.option("--json", "as_json", is_flag=True, help="Print results as JSON.")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="How many results.")
@click.option("--queries", type=click.Path(path_type=Path), help='Ask every line of {"id", "text"}.')
@click.option(
    "--run", "run_file", type=click.Path(path_type=Path), help="Where the ids found go: query id, then ids, by tab."
)
def search(
    text: str | None, site: Path, lang: str, folder: Path | None, as_json: bool, limit: int,
    queries: Path | None, run_file: Path | None,
) -> None:  # fmt: skip
    """Search a site or an index, as its visitors would."""
    try:
        searcher = open_index(folder or site / lang / "search")
    except SearchError as error:
        _fail(str(error))
    if queries and run_file:
        runs = [[q["id"], *(searcher.id(a) for a, _ in searcher.find(q["text"], limit))] for q in _read_lines(queries)]
        run_file.write_text("".join("\t".join(row) + "\n" for row in runs), "utf-8")
        return
    if text is None:
        _fail("Say what to search for, or give both --queries and --run.")
    found = searcher.search(text, limit=limit)
    if as_json:
        rows = [{name: getattr(result, name) for name in result.__slots__} for result in found.results]
        other = {name: getattr(found, name) for name in ("corrected", "suggested", "also", "total")}
        click.echo(json.dumps({"results": rows, **other}, ensure_ascii=False))
        return
    if found.corrected:
        click.echo(f"Results for: {found.corrected}")
    if found.suggested:
        click.echo(f"Did you mean: {found.suggested}")
    if found.also:
        click.echo(f"Also matched: {', '.join(found.also)}")
    for result in found.results:
        excerpt = "".join(click.style(text, bold=True) if marked else text for text, marked in result.excerpt)
        click.echo(
            f"{click.style(result.title, bold=True)}  {result.url}  ({result.score}, {result.tier})\n  {excerpt}\n"
        )
    click.echo(f"Articles found: {found.total}")


def _document(row: dict[str, str]) -> Document:
    """Return a line's document; the first of several paragraphs below a title is its summary."""
    title, text = row.get("title") or "", row["text"]
    first, _, rest = text.strip().partition("\n")
    return Document(
        url=row.get("url") or row["id"],
        id=row["id"],
        title=title,
        summary=first[:LONGEST_SUMMARY] if title and rest else "",
        sections=(Section(text=text),),
    )


def _read_lines(path: Path) -> list[dict[str, str]]:
    rows = []
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                rows.append(_row(path, number, line))
    except FileNotFoundError:
        _fail(f"{path}: there is no such file.")
    except OSError as error:
        _fail(f"{path}: {error.strerror or error}.")
    except UnicodeDecodeError as error:
        _fail(f"{path}: {error}; save it as UTF-8. {LINE}")
    return rows


def _row(path: Path, number: int, line: str) -> dict[str, str]:
    try:
        row = json.loads(line)
    except ValueError as error:
        _fail(f"{path}: line {number}: {error}. {LINE}")
    if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not isinstance(row.get("text"), str):
        _fail(f'{path}: line {number} has no "id" and "text". {LINE}')
    for name in ("title", "url"):
        if not isinstance(row.get(name) or "", str):
            _fail(f"{path}: line {number}: {name} is {row[name]!r}, not a text. {LINE}")
    return row


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)
