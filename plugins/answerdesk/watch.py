"""Check again whenever an author saves, and say only what has changed."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from answerdesk.articles.errors import ContentError
from answerdesk.checks.finding import Finding

QUIET = 0.2  # seconds: editors save in several steps
CHANGES = {"created", "deleted", "modified", "moved"}


class _Waker(FileSystemEventHandler):
    def __init__(self, saved: threading.Event) -> None:
        self._saved = saved

    def on_any_event(self, event: FileSystemEvent) -> None:
        # Reading a file is an event too, and checking reads all of them.
        if event.event_type in CHANGES and not event.is_directory:
            self._saved.set()


def watch_content(folder: Path, findings: Sequence[Finding], check: Callable[[], list[Finding]]) -> None:
    """Check at every save below the content's folder, until the author presses Ctrl + C."""
    saved = threading.Event()
    observer = Observer()
    observer.schedule(_Waker(saved), str(folder), recursive=True)
    observer.start()
    click.echo(f"Watching {folder.name}; Ctrl + C ends.", err=True)
    try:
        while True:
            saved.wait()
            while saved.is_set():
                saved.clear()
                saved.wait(QUIET)
            findings = _report(findings, check)
    except KeyboardInterrupt:
        click.echo("", err=True)
    finally:
        observer.stop()
        observer.join()


def changes(before: Sequence[Finding], after: Sequence[Finding]) -> list[str]:
    """Return the lines of a report that came (+) or went (-). A fault that only moved is none."""
    old, new = Counter(map(_known_by, before)), Counter(map(_known_by, after))
    lines = []
    for sign, findings, rows in (("-", before, old - new), ("+", after, new - old)):
        for finding in findings:
            if rows[_known_by(finding)]:
                rows[_known_by(finding)] -= 1
                lines.append(f"{sign} {finding}")
    return lines


def _report(findings: Sequence[Finding], check: Callable[[], list[Finding]]) -> Sequence[Finding]:
    try:
        found = check()
    except (ContentError, OSError) as error:
        click.echo(f"! {error}")
        return findings
    for line in changes(findings, found):
        click.echo(line)
    click.echo(f"{len(found)} left." if found else "No fault found.", err=True)
    return found


def _known_by(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.file, finding.what
