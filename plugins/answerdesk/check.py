"""Check the articles of every language by the content contract."""

from collections.abc import Set
from dataclasses import replace
from pathlib import Path

from answerdesk.articles.catalogue import Catalogue, load_catalogue
from answerdesk.articles.errors import ContentError
from answerdesk.articles.library import article_files, read_library
from answerdesk.articles.problem import Problem
from answerdesk.configuration import languages_of, load_site_config


def check_content(config_file: Path) -> list[Problem]:
    """Return what is wrong with the articles of all languages.

    Raises:
        ContentError: the site's configuration or a shared file cannot be read, or a language has no folder.
    """
    config = load_site_config(config_file)
    content = Path(config.docs_dir).parent
    languages = languages_of(config)
    catalogue = load_catalogue(content)
    problems: list[Problem] = []
    for language in languages:
        folder = content / language
        if not folder.is_dir():
            raise ContentError(
                f"{folder} is missing. Make it, or take {language} out of the languages in {config_file.name}."
            )
        library = read_library(article_files(folder), catalogue, language)
        if language == languages[0]:
            problems += _lost_needed(catalogue, {source.removesuffix(".md") for source in library.articles})
        problems += [replace(problem, file=f"{content.name}/{language}/{problem.file}") for problem in library.problems]
    return problems


def _lost_needed(catalogue: Catalogue, paths: Set[str]) -> list[Problem]:
    cure = "There is no such article in the source language; mend the path or take it out."
    lost = [path for path in catalogue.needed if path not in paths]
    return [Problem(file="content/categories.yml", field="needed", value=path, cure=cure) for path in lost]
