"""Rule `leftover`: what is written about an article in other files outlives no article.

These are a language's own words for articles that it has not translated (`fallbacks/`), and the record of what
translations were made from (`sources/`).
"""

from collections.abc import Iterator

from answerdesk.articles.redirects import follow
from answerdesk.checks.reading.content import Content
from answerdesk.checks.reading.page import CheckedPage
from answerdesk.checks.report.finding import Finding, Level
from answerdesk.support.yaml_lines import key_lines
from answerdesk.translations.fallbacks import FOLDER as FALLBACKS
from answerdesk.translations.record import FOLDER as SOURCES
from answerdesk.translations.record import article_lines

UNREAD = "Nobody reads these lines, and an article that comes to this path one day would get them"


def check_leftovers(content: Content) -> Iterator[Finding]:
    """Yield a finding for each entry whose article is gone, and for words that a translation has made needless."""
    source = content.languages[0]
    for language in content.languages[1:]:
        words = f"{FALLBACKS}/{language}.yml"
        for path, line in key_lines(content.read_text(words)):
            translation = _article(content, language, path)
            if _article(content, source, path) is None:
                yield _gone(content, words, line, f"there is no article {path} in {source}", path)
            elif translation and translation.is_public and content.state(translation).is_published:
                yield _finding(
                    content,
                    words,
                    line,
                    f"{path} is translated into {language}",
                    "A translation has a title and aliases of its own, so these are not read",
                    f"Put the aliases that it lacks into {translation.file}, and take the entry out",
                )
        record = f"{SOURCES}/{language}.yml"
        for path, line in article_lines(content.read_text(record)):
            lacking = [code for code in (source, language) if _article(content, code, path) is None]
            if lacking:
                yield _gone(content, record, line, f"there is no article {path} in {' and '.join(lacking)}", path)


def _article(content: Content, language: str, path: str) -> CheckedPage | None:
    page = content.by_source.get((language, f"{path}.md"))
    return page if page and page.is_article else None


def _gone(content: Content, file: str, line: int, what: str, path: str) -> Finding:
    moved = follow(content.redirects, path) if path in content.redirects else None
    cure = f"It has moved; write {moved}" if moved else "Mend the path, or take the entry out"
    return _finding(content, file, line, what, UNREAD, cure)


def _finding(content: Content, file: str, line: int, what: str, why: str, cure: str) -> Finding:
    name = f"{content.prefix}/{file}"
    return Finding(rule="leftover", file=name, line=line, what=what, why=why, cure=cure, level=Level.WARNING)
