"""Read what people type and what they should find: `content/queries/<language>.yml`."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import yaml

from answerdesk.checks.report.finding import Finding
from answerdesk.support import safe_yaml
from answerdesk.support.yaml_file import UnreadableFileError, read_yaml_text
from answerdesk.support.yaml_lines import fault_line, fault_reason

RULE = "search-gate"
LAST_PLACE_SEEN = 3  # the last place that visitors look at
FIELDS = {"query", "finds", "within"}
SHAPE = "Write one line a query: - { query: what people type, finds: category/article }; within: 1 to 99 if it is hard"
PLACE = re.compile("[1-9][0-9]?")
Findings = list[Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What people type, the path of the article that they should find, and the line that says so.

    `within` is the last place where it may stand: a hard query is not to be deleted, and should not get worse.
    """

    text: str
    finds: str
    line: int
    within: int = LAST_PLACE_SEEN


def load_queries(file: Path, name: str) -> tuple[list[Query], Findings]:
    """Read a language's queries, and what is wrong with them; where there is no file, there are none.

    `name` is what findings call the file.
    """
    try:
        return read_queries(read_yaml_text(file), name)
    except FileNotFoundError:
        return [], []
    except UnreadableFileError as error:
        return [], [_fault(name, fault_line(error), str(error.problem), error.cure.rstrip("."))]


def read_queries(text: str, name: str) -> tuple[list[Query], Findings]:
    """Read queries, and what is wrong with them, each with its line."""
    try:
        safe_yaml.refuse_lost(text)
        root = safe_yaml.compose(text)
    except safe_yaml.LostTextError as error:
        return [], [_fault(name, fault_line(error), str(error.problem), error.cure.rstrip("."))]
    except yaml.YAMLError as error:
        return [], [_fault(name, fault_line(error), f"no YAML: {fault_reason(error)}", "Quote what holds : # , or { }")]
    if root is None:
        return [], []
    if not isinstance(root, yaml.SequenceNode):
        return [], [_fault(name, 1, "the file holds no list", SHAPE)]
    queries: list[Query] = []
    findings: Findings = []
    for node in root.value:
        row = _row(node)
        if row is None:
            shown = yaml.serialize(node).strip().splitlines()[0]
            findings.append(_fault(name, node.start_mark.line + 1, f"{shown!r} is no query", SHAPE))
        else:
            queries.append(row)
            findings += _empty(row, name)
    return [query for query in queries if query.text and query.finds], findings + list(_twice(queries, name))


def unknown_articles(queries: list[Query], name: str, *, found: Set[str], files: Set[str]) -> Findings:
    """Return a finding for each query whose article search does not have.

    `found` are the paths of the articles in the index, `files` of all that the language has.
    """
    findings = []
    for query in queries:
        if query.finds in files - found:
            what = f"“{query.text}” should find {query.finds}, which search leaves out"
            cure = "Publish the article, or name another one: drafts, internal and archived articles are not in search"
            findings.append(_fault(name, query.line, what, cure))
        elif query.finds not in found:
            what = f"“{query.text}” should find {query.finds!r}, and there is no such article"
            cure = "Write the path of an article below the language's folder, without .md: account/forgot-password"
            findings.append(_fault(name, query.line, what, cure))
    return findings


def _row(node: yaml.Node) -> Query | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    if not all(isinstance(part, yaml.ScalarNode) for pair in pairs for part in pair):
        return None
    # The scalars as they are written: a code such as 0x80070005 needs no quotes.
    fields = {key.value: value.value.strip() for key, value in pairs}
    within = fields.get("within", str(LAST_PLACE_SEEN))
    if not {"query", "finds"} <= set(fields) <= FIELDS or not PLACE.fullmatch(within):
        return None
    return Query(text=fields["query"], finds=fields["finds"], line=node.start_mark.line + 1, within=int(within))


def _empty(query: Query, name: str) -> Findings:
    missing = [field for field, value in (("query", query.text), ("finds", query.finds)) if not value]
    return [_fault(name, query.line, f"{field} is empty", SHAPE) for field in missing]


def _twice(queries: list[Query], name: str) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for query in queries:
        key = " ".join(query.text.casefold().split())
        if key and first.setdefault(key, query.line) != query.line:
            yield _fault(name, query.line, f"“{query.text}” is there already, in line {first[key]}", "Keep one of them")


def _fault(name: str, line: int, what: str, cure: str) -> Finding:
    why = "A query that cannot be asked guards nothing"
    return Finding(rule=RULE, file=name, line=line, what=what, why=why, cure=cure)
