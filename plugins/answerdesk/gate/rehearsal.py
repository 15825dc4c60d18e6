"""Ask a site's queries as if planned changes were made already."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from answerdesk.articles.build_audience import Edition
from answerdesk.build.configuration import load_site_config
from answerdesk.checks.report.finding import Finding
from answerdesk.gate.gate import QUERIES, ask_language
from answerdesk.gate.gate_report import lost_articles
from answerdesk.gate.queries import read_queries
from answerdesk.renaming.plan import Step
from answerdesk.support.content_files import list_files
from answerdesk.support.yaml_file import UnreadableFileError, read_yaml_text


def rehearse(
    config_file: Path, steps: Sequence[Step], languages: Sequence[str], path: str, edition: Edition
) -> list[Finding]:
    """Return a finding for each query for an article that would not find what takes its place once the steps are taken.

    The steps are taken in a copy of the content.

    Raises:
        ContentError: a language could not be built then.
    """
    content = Path(load_site_config(config_file).docs_dir).parent
    asked = {code: texts for code in languages if (texts := _texts(content / QUERIES / f"{code}.yml", path))}
    if not asked:
        return []
    findings = []
    with TemporaryDirectory() as folder:
        trial = _copy(config_file, content, Path(folder), steps)
        for code, texts in asked.items():
            placed = [one for one in ask_language(trial, code, edition).placed if one.query.text in texts]
            findings += lost_articles(placed, f"{content.name}/{QUERIES}/{code}.yml", code)
    return findings


def _texts(file: Path, path: str) -> set[str]:
    try:
        queries, _ = read_queries(read_yaml_text(file), file.name)
    except (FileNotFoundError, UnreadableFileError):
        return set()
    return {query.text for query in queries if query.finds == path}


def _copy(config_file: Path, content: Path, folder: Path, steps: Sequence[Step]) -> Path:
    """Copy the content, take the steps there, and return the configuration of the site it makes."""
    after = folder / content.name
    for file in list_files(content):
        target = after / Path(file).relative_to(content)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    for step in steps:
        if step.content is None:
            (after / step.file).unlink()
        else:
            (after / step.file).parent.mkdir(parents=True, exist_ok=True)
            (after / step.file).write_bytes(step.content)
    config = load_site_config(config_file)
    source = Path(config.docs_dir).name
    table = {
        "INHERIT": str(config_file),
        "docs_dir": str(after / source),
        "site_dir": str(folder / "site" / source),
        "theme": {"custom_dir": str(config.theme.custom_dir)},
        "hooks": [str(config_file.parent / hook) for hook in config.hooks],
    }
    trial = folder / config_file.name
    trial.write_text(yaml.safe_dump({name: value for name, value in table.items() if value}), "utf-8")
    return trial
