"""Ask a site's queries, language by language."""

from dataclasses import dataclass
from pathlib import Path

from answerdesk.articles.build_audience import Edition
from answerdesk.articles.library import article_files
from answerdesk.build.configuration import load_site_config
from answerdesk.build.language_build import BuildState
from answerdesk.checks.report.finding import Finding
from answerdesk.gate.gate_report import lost_articles
from answerdesk.gate.in_memory_index import hold_language
from answerdesk.gate.queries import load_queries, unknown_articles
from answerdesk.gate.query_rank import Placed, place_query

QUERIES = "queries"  # the folder beside the languages that has `<language>.yml`


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of a language's queries, and the findings that `check` reports."""

    language: str
    placed: tuple[Placed, ...]
    findings: tuple[Finding, ...]


def ask_language(config_file: Path, language: str, edition: Edition, state: BuildState | None = None) -> Asked:
    """Ask a language's queries of an index made from its content as it is now, for an edition.

    Only pages that the state, without one that of the last build, does not have are rendered.

    Raises:
        ContentError: the language cannot be built.
    """
    content = Path(load_site_config(config_file).docs_dir).parent
    name = f"{content.name}/{QUERIES}/{language}.yml"
    queries, findings = load_queries(content / QUERIES / f"{language}.yml", name)
    if not queries:
        return Asked(language=language, placed=(), findings=tuple(findings))
    held = hold_language(config_file, language, edition, state)
    files = {source.removesuffix(".md") for source, _ in article_files(content / language)}
    found = frozenset(held.paths)
    findings += unknown_articles(queries, name, found=found, files=files)
    placed = [place_query(query, held.searcher, held.paths) for query in queries if query.finds in found]
    findings += lost_articles(placed, name, language)
    findings.sort(key=lambda finding: finding.place)
    return Asked(language=language, placed=tuple(placed), findings=tuple(findings))
