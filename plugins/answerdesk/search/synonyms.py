"""Synonyms: what people type and what articles say for the same thing, from a site's `synonyms/<language>.yml`."""

from collections.abc import Container, Iterator
from pathlib import Path

import yaml

from answerdesk.search.analyse import Analyser
from answerdesk.search.errors import SynonymError
from answerdesk.search.index import Synonym
from answerdesk.support import safe_yaml
from answerdesk.support.yaml_file import read_yaml_text
from answerdesk.support.yaml_lines import fault_line, fault_reason

FORM = "Write a list, [wifi, wireless], or { from: [wifi], to: [wireless] }."


def read_synonyms(path: Path) -> list[Synonym]:
    """Read a file of synonyms; a file that does not exist has none.

    In a list each phrase finds the others; what stands under `from` finds what stands under `to`, not the other way.

    Raises:
        SynonymError: the file is no YAML, or an entry has another form.
    """
    try:
        entries = safe_yaml.load(read_yaml_text(path))
    except FileNotFoundError:
        return []
    except yaml.YAMLError as error:
        raise SynonymError(f"{path}:{fault_line(error)}", fault_reason(error), getattr(error, "cure", FORM)) from error
    if entries is not None and not isinstance(entries, list):
        raise SynonymError(path, f"the file holds {safe_yaml.kind(entries)}", f"Write one entry a line. {FORM}")
    return [_synonym(path, number, entry) for number, entry in enumerate(entries or [], 1)]


def choose_synonyms(synonyms: list[Synonym], analyser: Analyser, terms: Container[str]) -> Iterator[Synonym]:
    """Yield what an index can use: without the phrases that none of its articles could answer."""
    for synonym in synonyms:
        found = tuple(
            phrase for phrase in synonym.found if all(term in terms for term in phrase_terms(phrase, analyser))
        )
        if found and (len(synonym.typed) > 1 or synonym.typed != found):
            yield Synonym(typed=synonym.typed, found=found)


def phrase_terms(phrase: str, analyser: Analyser) -> list[str]:
    """Return the main terms of a phrase, in their order."""
    return [terms[0][0] for _, terms in analyser.words(phrase)]


def _synonym(path: Path, number: int, entry: object) -> Synonym:
    if isinstance(entry, dict) and set(entry) == {"from", "to"}:
        return Synonym(
            typed=_phrases(path, number, entry["from"], least=1), found=_phrases(path, number, entry["to"], least=1)
        )
    phrases = _phrases(path, number, entry, least=2)
    return Synonym(typed=phrases, found=phrases)


def _phrases(path: Path, number: int, value: object, *, least: int) -> tuple[str, ...]:
    good = isinstance(value, list) and len(value) >= least and all(isinstance(item, str) and item for item in value)
    if not good or not isinstance(value, list):
        raise SynonymError(
            path, f"entry {number} is {safe_yaml.show(value)}", f"{FORM} Put numbers, yes and no into quotes."
        )
    return tuple(value)
