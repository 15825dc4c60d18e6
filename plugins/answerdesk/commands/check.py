"""The command `answerdesk check`."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import click

from answerdesk.articles.errors import ContentError
from answerdesk.checks.registry import NAMES, SLOW
from answerdesk.checks.report.baseline import mended, new_findings, read_baseline, write_baseline
from answerdesk.checks.report.changes import changes
from answerdesk.checks.report.finding import Finding, Level
from answerdesk.checks.report.formats import FORMATS
from answerdesk.commands.options import CONFIG
from answerdesk.support.atomic_write import write_whole

RULE = click.Choice(NAMES)
SETTLED = 0.2  # seconds without a change: half of what an author saves is full of faults
POLL_SECONDS = 1.0  # seconds between looks whether Ctrl + C was pressed


@click.command()
@CONFIG
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", help="Form of the report.")
@click.option("--json", "is_json", is_flag=True, help="The same as --format json.")
@click.option("--only", multiple=True, type=RULE, metavar="RULE", help="Ask this rule alone; may be repeated.")
@click.option("--skip", multiple=True, type=RULE, metavar="RULE", help="Leave this rule out; may be repeated.")
@click.option("--lang", multiple=True, metavar="CODE", help="Report on this language alone; may be repeated.")
@click.option("--baseline", type=click.Path(path_type=Path, dir_okay=False), help="Faults that pass; new ones fail.")
@click.option("--write-baseline", "is_written", is_flag=True, help="Write the faults there are now into the baseline.")
@click.option("--watch", "is_watched", is_flag=True, help="Check again at every save: + is a new fault, - one mended.")
def check(
    config_file: Path, form: str, is_json: bool, only: tuple[str, ...], skip: tuple[str, ...], lang: tuple[str, ...],
    baseline: Path | None, is_written: bool, is_watched: bool,
) -> None:  # fmt: skip
    """Check every article; name file, line, fault, reason and cure.

    Ends with 0 if nothing is wrong, 1 if something is, 2 if it could not look.
    """
    from answerdesk.authoring.check_site import CheckContext, check_content  # MkDocs takes long to import

    if is_written and baseline is None:
        _fail("--write-baseline needs --baseline FILE: name the file to write.")
    if is_written and (only or skip or lang or is_watched):
        _fail("--write-baseline looks at everything, or other faults would be forgotten. Leave the other options out.")
    form = "json" if is_json else form
    asked = only or [rule for rule in NAMES if rule not in SLOW or not is_watched]
    rules = [rule for rule in asked if rule not in skip]
    config = config_file.resolve()
    context = CheckContext()
    try:
        if baseline and not is_written and not baseline.exists():
            _fail(f"{baseline}: there is no such file. Write it first: --write-baseline.")
        known = read_baseline(baseline.read_text("utf-8"), str(baseline)) if baseline and not is_written else {}
        found = check_content(config, rules=rules, languages=lang, context=context)
        if baseline and is_written:
            write_whole(baseline, write_baseline(found).encode("utf-8"))
            click.echo(f"{baseline} has {_count(len(found), 'fault')}, which pass from now on.")
            return
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}.")
    except ContentError as error:
        _fail(str(error))
    findings = new_findings(found, known)
    gone = 0 if only or skip or lang or is_watched else mended(found, known)
    _report(findings, form, passed=len(found) - len(findings), gone=gone)
    if is_watched:
        from answerdesk.build.configuration import load_site_config

        def again() -> list[Finding]:
            return new_findings(check_content(config, rules=rules, languages=lang, context=context), known)

        _follow(Path(load_site_config(config).docs_dir).parent, findings, again)
    if findings:
        sys.exit(1)


@click.command()
@CONFIG
def schema(config_file: Path) -> None:
    """Print the JSON schema of front matter, for editors."""
    from answerdesk.articles.catalogue import load_catalogue
    from answerdesk.build.configuration import load_site_config
    from answerdesk.checks.schema import front_matter_schema

    try:
        catalogue = load_catalogue(Path(load_site_config(config_file.resolve()).docs_dir).parent)
    except ContentError as error:
        _fail(str(error))
    click.echo(json.dumps(front_matter_schema(catalogue), ensure_ascii=False, indent=2))


def _follow(folder: Path, findings: Sequence[Finding], check: Callable[[], Sequence[Finding]]) -> None:
    """Check at every save below a folder, and say only what has changed, until the author presses Ctrl + C."""
    from answerdesk.preview.file_watch import Watch

    try:
        with Watch([folder], quiet=SETTLED) as watch:
            click.echo(f"Watching {folder.name}; Ctrl + C ends.", err=True)
            while True:
                if watch.wait(POLL_SECONDS):
                    findings = _report_changes(findings, check)
    except KeyboardInterrupt:
        click.echo("", err=True)


def _report_changes(before: Sequence[Finding], check: Callable[[], Sequence[Finding]]) -> Sequence[Finding]:
    try:
        found = check()
    except (ContentError, OSError) as error:
        click.echo(f"! {error}")
        return before
    for line in changes(before, found):
        click.echo(line)
    click.echo(f"{len(found)} left." if found else "No fault found.", err=True)
    return found


def _report(findings: Sequence[Finding], form: str, *, passed: int, gone: int) -> None:
    click.echo(FORMATS[form](findings), nl=False)
    if form not in ("text", "github"):
        return
    errors = sum(finding.level is Level.ERROR for finding in findings)
    if findings:
        said = f"{_count(errors, 'error')}, {_count(len(findings) - errors, 'warning')}."
    else:
        said = "No fault found." if not passed else "No new fault found."
    if passed:
        said += f" {_count(passed, 'known fault')} in the baseline."
    if gone:
        said += f" {_count(gone, 'fault')} of the baseline {'is' if gone == 1 else 'are'} mended: write it again."
    click.echo(said, err=True)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)
