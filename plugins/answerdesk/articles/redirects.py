"""Old addresses that lead to articles' new ones: `content/redirects.yml`, one “old path: new path” a line."""

import re
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

import yaml

from answerdesk.articles.article import PATH
from answerdesk.articles.catalogue import RESERVED
from answerdesk.articles.content_problem import ContentProblem
from answerdesk.articles.errors import ContentError
from answerdesk.articles.library import article_files
from answerdesk.articles.template_site import Language, Site
from answerdesk.support import safe_yaml
from answerdesk.support.safe_yaml import show
from answerdesk.support.yaml_file import read_yaml_text
from answerdesk.support.yaml_lines import field_line, say_yaml

FILE = "redirects.yml"
# Other sites' addresses may have other letters than ours; but no file may come to lie outside its folder.
SEGMENT = r"(?![. ])[^/\\<>:\"|?*#%\x00-\x1f\x7f]+(?<! )"
OLD = re.compile(rf"{SEGMENT}(?:/{SEGMENT})*")
FIXED = RESERVED | {"404.html", "feed.xml", "index.html", "sitemap.xml"}

SHAPE = "Write one “old path: new path” a line."

Redirects = Mapping[str, str]  # old path → new path


def load_redirects(content: Path) -> Redirects:
    """Read the redirects of all languages; without the file there are none.

    Raises:
        ContentError: the file is no YAML, or holds something else than pairs of paths.
    """
    rows, text = read_rows(content)
    for old, new in rows.items():
        if fault := misshapen(old, new):
            raise ContentError(f"{content.name}/{FILE}:{field_line(text, str(old))}: {fault[0]}. {fault[1]}.")
    return rows


def read_rows(content: Path) -> tuple[dict[str, str], str]:
    """Return the redirects as they are written, good or not, and the file's text.

    Raises:
        ContentError: the file is no YAML, or holds no pairs at all.
    """
    path, name = content / FILE, f"{content.name}/{FILE}"
    try:
        text = read_yaml_text(path)
        rows = safe_yaml.load(text) or {}
    except FileNotFoundError:
        return {}, ""
    except yaml.YAMLError as error:
        raise ContentError(say_yaml(name, error, SHAPE)) from error
    if not isinstance(rows, dict):
        raise ContentError(f"{name}:1: the file holds {safe_yaml.kind(rows)}. {SHAPE}")
    return rows, text


def misshapen(old: object, new: object) -> tuple[str, str] | None:
    """Return what is wrong with a pair of paths as it is written, and the cure; None if nothing is."""
    if not isinstance(old, str) or not OLD.fullmatch(old):
        return f"{show(old)} is no old path", "Write it without the language, such as account/old-name"
    if not isinstance(new, str) or not PATH.fullmatch(new):
        return f"{old} leads to {show(new)}", "Write an article's path, such as account/new-name"
    return None


def follow(redirects: Redirects, old: str) -> str | None:
    """Return where an old path leads in the end, or None if it goes round in a circle."""
    seen = set()
    path = old
    while path in redirects:
        if path in seen:
            return None
        seen.add(path)
        path = redirects[path]
    return path


def address_of(old: str) -> str:
    """Return the file, below the language's folder, that answers at an old path; some sites' addresses name one."""
    return old if old.endswith((".html", ".htm")) else f"{old}/index.html"


def page_of(old: str) -> str:
    """Return the path of the page that an old path is the address of, written out: account/vpn/index.html."""
    return old.removesuffix("/index.html")


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectPage:
    """The page at an old address; `title` is the article's, in a language, or the name of the one that alone has it."""

    address: str
    title: str
    to: str  # relative to the page
    canonical: str
    language: Language


def redirect_pages(site: Site, redirects: Redirects, site_url: str) -> list[RedirectPage]:
    """Return the pages of old addresses whose articles a site shows: in its own language, else in another."""
    own = site_url.removesuffix("/") + "/"
    root = own.removesuffix(f"{site.language.code}/")
    languages = {language.code: language for language in site.languages}
    pages = {}
    for old in redirects:
        path = follow(redirects, old) or ""
        article = site.by_path.get(path)
        code = next((code for code in languages if path in site.twins[code]), None)
        if code is None or page_of(old) in site.by_path:
            continue
        address = address_of(old)
        base = "../" * address.count("/") or "./"
        written = (article.title_language or site.language.code) if article else code
        home = (article.language or site.language.code) if article else code
        pages[address] = RedirectPage(
            address=address,
            title=article.title if article else languages[code].name,
            to=f"{base}{path}/" if article else f"{base}../{code}/{path}/",
            canonical=f"{root}{home}/{path}/",
            language=languages[written],
        )
    return list(pages.values())


def redirect_problems(redirects: Redirects, content: Path, language: str, site: Site) -> list[ContentProblem]:
    """Return what is wrong with redirects: with all of them in the source language, with those of its own in another.

    Which articles readers may see does not matter: an old path may lead to one that is not published yet.
    """
    if not redirects:
        return []
    languages = [other.code for other in site.languages]
    articles = {code: _paths(content / code) for code in languages}
    problems = covering_redirects(redirects, articles[language])
    if language == languages[0]:
        problems += lost_redirects(redirects, set().union(*articles.values()), site.catalogue.categories)
    return problems


def covering_redirects(redirects: Redirects, articles: Set[str]) -> list[ContentProblem]:
    """Return a problem for each redirect that stands where a language has an article."""
    cure = "There is an article at this path; take the redirect out."
    return [_problem(old, new, cure) for old, new in redirects.items() if page_of(old) in articles]


def lost_redirects(redirects: Redirects, articles: Set[str], categories: Collection[str]) -> list[ContentProblem]:
    """Return a problem for each redirect that leads to none of the articles of all languages, or can be no page."""
    problems = []
    for old, new in redirects.items():
        target = follow(redirects, old)
        if target is None:
            problems.append(_problem(old, new, "It goes round in a circle; let one of them lead to an article."))
        elif target not in articles:
            problems.append(_problem(old, target, "There is no such article in any language; mend it or take it out."))
        if old.partition("/")[0] in FIXED or page_of(old) in categories:
            problems.append(_problem(old, new, "Every site has a page there; take the redirect out."))
    return problems


def _paths(folder: Path) -> set[str]:
    return {source.removesuffix(".md") for source, _ in article_files(folder)}


def _problem(old: str, target: str, cure: str) -> ContentProblem:
    what = f"{old} leads to {target}"
    return ContentProblem(file=f"content/{FILE}", field=old, value=target, what=what, cure=cure)
