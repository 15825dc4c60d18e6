"""Rules `link`, `anchor`, `language`, `audience`, `archived` and `related`: links lead where readers can go."""

from collections.abc import Iterator
from difflib import get_close_matches
from posixpath import dirname, normpath
from urllib.parse import unquote, urlsplit

from answerdesk.articles.publication_state import PublicationState
from answerdesk.checks.reading.closest_match import relative
from answerdesk.checks.reading.content import Content
from answerdesk.checks.reading.page import CheckedPage
from answerdesk.checks.report.finding import Finding, Level

ACCIDENT = "It works by accident only: MkDocs does not check it, and it breaks when either article moves"
RAW = "MkDocs leaves raw HTML as it is, and browsers follow it from the page's address, not from its file"
LOST = "Readers who follow it get an error page"
PENDING = {PublicationState.DRAFT: "a draft", PublicationState.FUTURE: "not published yet"}
INSIDE = "MkDocs follows links between Markdown files only: others break when the site or the article moves"


def check_links(content: Content) -> Iterator[Finding]:
    """Yield a finding for each link that leads nowhere, or to somewhere else than its readers should go."""
    root = urlsplit(content.root_url)
    for page in content.pages:
        for link in page.blocks.links:
            target = link.target.strip()
            try:
                parts = urlsplit(target)
            except ValueError:
                yield _finding(page, link.line, "link", f"{target} is no address", LOST, "Mend it")
                continue
            if parts.netloc and parts.netloc == root.netloc and parts.path.startswith(root.path):
                yield from _check_absolute(content, page, link.line, target, parts.path)
            elif parts.scheme or parts.netloc:
                continue
            elif parts.path.startswith("/"):
                yield from _check_absolute(content, page, link.line, target, parts.path)
            elif not parts.path:
                yield from _check_anchor(content, page, page, link.line, target, parts.fragment)
            elif link.is_html:
                yield from _check_html(content, page, link.line, target, unquote(parts.path), parts.fragment)
            else:
                yield from _check_relative(content, page, link.line, target, unquote(parts.path), parts.fragment)


def check_related(content: Content) -> Iterator[Finding]:
    """Yield a finding for each related article that there is not, or that readers may not see."""
    for page in content.articles:
        for path in page.article.related if page.article else ():
            line = page.line_of("related", path)
            other = content.page(page.language, f"{path}.md")
            if other is None:
                cure = _guess(content, page, f"{path}.md", is_related=True)
                cure = cure or "Mend the path or take it out"
                what = f"related is {path!r}, which this language does not have"
                yield _finding(page, line, "related", what, "The page cannot link to it", cure)
            elif other is page:
                yield _finding(
                    page, line, "related", f"related is {path!r}, the article itself", "It leads nowhere", "Take it out"
                )
            else:
                yield from _check_audience(content, page, other, line, path)


def _check_absolute(content: Content, page: CheckedPage, line: int, target: str, path: str) -> Iterator[Finding]:
    base = urlsplit(content.root_url).path
    code, _, rest = path.removeprefix(base).removeprefix("/").partition("/")
    if code not in content.languages:
        if not target.startswith("/"):
            return  # a form or another service on the same host
        cure = "Link to the article's file, such as ../network/vpn.md, or write the whole address of another site"
        yield _finding(page, line, "link", f"{target} is an absolute path", INSIDE, cure)
        return
    other = _by_address(content, code, rest)
    own = _by_address(content, page.language, rest)
    if other is None and own is None and rest not in ("", "a-z/", "search/"):
        cure = _guess(content, page, f"{rest.rstrip('/')}.md") or "Mend the address or take the link out"
        what = "is an absolute path, and leads to no article" if target.startswith("/") else "leads to no article"
        yield _finding(page, line, "link", f"{target} {what}", LOST, cure)
    elif code != page.language:
        why = f"Readers of the {page.language} pages are sent to {code}"
        cure = f"Link to {_relative(page, own)}" if own else "Translate that article, or take the link out"
        what = "is an absolute path" if target.startswith("/") else "leads"
        yield _finding(page, line, "language", f"{target} {what} into another language", why, cure)
    else:
        cure = f"Write {_relative(page, own)}" if own else "Link to an article's file"
        what = "is an absolute path" if target.startswith("/") else "is the site's own address written out"
        yield _finding(page, line, "link", f"{target} {what}", INSIDE, cure)


def _check_relative(
    content: Content, page: CheckedPage, line: int, target: str, path: str, fragment: str
) -> Iterator[Finding]:
    source = normpath(f"{dirname(page.source)}/{path}" if dirname(page.source) else path)
    by_browser = None if source.endswith(".md") else _as_browsers_do(content, page, path)
    if by_browser:
        found = list(_check_anchor(content, page, by_browser, line, target, fragment))
        if not found:
            meant = f"#{fragment}" if by_browser is page else _relative(page, by_browser)
            meant += f"#{fragment}" if fragment and by_browser is not page else ""
            found.append(
                _finding(page, line, "link", f"{target} is no file", ACCIDENT, f"Write {meant}", level=Level.WARNING)
            )
        yield from found
        return
    if source.startswith("../") or source == "..":
        yield from _check_outside(content, page, line, target, source)
        return
    if other := content.page(page.language, source):
        if other is not page:
            yield from _check_audience(content, page, other, line, target)
        yield from _check_anchor(content, page, other, line, target, fragment)
        return
    if content.has_file(f"{page.language}/{source}"):
        return
    cure = _guess(content, page, source) or "Mend the path or take the link out"
    yield _finding(page, line, "link", f"{target} leads to no file", LOST, cure)


def _check_html(
    content: Content, page: CheckedPage, line: int, target: str, path: str, fragment: str
) -> Iterator[Finding]:
    """Look at a link in raw HTML: it leads where browsers find it, from the page's address and not from its file."""
    other = _as_browsers_do(content, page, path)
    if other:
        yield from _check_anchor(content, page, other, line, target, fragment)
    elif not content.has_file(f"{page.language}/{normpath(f'{page.base}/{path}')}"):
        source = normpath(f"{dirname(page.source)}/{path}" if dirname(page.source) else path)
        meant = content.by_source.get((page.language, source))
        cure = (
            f"Write it in Markdown: [text]({_relative(page, meant)})" if meant else "Mend it, or write it in Markdown"
        )
        yield _finding(page, line, "link", f"{target} in raw HTML leads to no page", RAW, cure)


def _check_outside(content: Content, page: CheckedPage, line: int, target: str, source: str) -> Iterator[Finding]:
    """Look at a link that leaves the language's folder; MkDocs builds each language alone, and cannot follow it."""
    code, _, rest = source.removeprefix("../").partition("/")
    own = content.by_source.get((page.language, rest))
    if code in content.languages:
        why = "Each language is built alone, so the page cannot link there, and its readers chose another language"
        cure = f"Link to {_relative(page, own)}" if own else f"Translate {rest}, or take the link out"
        yield _finding(
            page,
            line,
            "language",
            f"{target} leads out of the folder {page.language}/ into that of another language",
            why,
            cure,
        )
    else:
        cure = "Count the ../ again, or take the link out"
        yield _finding(page, line, "link", f"{target} leads out of the folder {page.language}/", LOST, cure)


def _check_audience(
    content: Content, page: CheckedPage, other: CheckedPage, line: int, target: str
) -> Iterator[Finding]:
    """Look whether readers of a page may read another one, today."""
    cure = "Take the link out until they can read it"
    state = content.state(other)
    if page.is_public and not other.is_public:
        why = "The public site does not have it: readers get an error page, and learn that it exists"
        yield _finding(page, line, "audience", f"{target} leads to an internal article", why, cure)
    elif content.state(page).is_published and not state.is_published:
        why = "Readers get an error page until it is published"
        yield _finding(page, line, "audience", f"{target} leads to an article that is {PENDING[state]}", why, cure)
    elif state is PublicationState.ARCHIVED and content.state(page) is not PublicationState.ARCHIVED:
        why = "It is kept for old links only, and nobody has reviewed it for long"
        cure = "Review it, or link to what has taken its place"
        what = f"{target} leads to an archived article"
        yield _finding(page, line, "archived", what, why, cure, level=Level.WARNING)


def _check_anchor(
    content: Content, page: CheckedPage, other: CheckedPage, line: int, target: str, fragment: str
) -> Iterator[Finding]:
    anchor = unquote(fragment)
    if not anchor or anchor in other.blocks.anchors or anchor.startswith(":~:"):
        return
    rendered = content.render(other).anchors
    if anchor in rendered:
        return
    headings = [heading.anchor for heading in other.blocks.headings if heading.anchor in rendered]
    folded = {heading.casefold(): heading for heading in headings}
    close = get_close_matches(anchor.casefold(), folded, n=1, cutoff=0.6)
    cure = f"Write #{folded[close[0]]}" if close else "Link to the article alone, or give its heading that name"
    where = "this article" if other is page else other.source
    yield _finding(
        page, line, "anchor", f"{target}: {where} has no heading #{anchor}", "Readers land at the top instead", cure
    )


def _by_address(content: Content, language: str, address: str) -> CheckedPage | None:
    path = address.rstrip("/")
    sources = (f"{path}.md", f"{path}/index.md", f"{path}/README.md") if path else ("index.md",)
    return next((page for source in sources if (page := content.by_source.get((language, source)))), None)


def _as_browsers_do(content: Content, page: CheckedPage, path: str) -> CheckedPage | None:
    """Return the page that a browser would find: it starts from the page's address, account/vpn/, not from its file."""
    address = normpath(f"{page.base}/{path}" if page.base else path)
    return None if address.startswith("..") else _by_address(content, page.language, "" if address == "." else address)


def _guess(content: Content, page: CheckedPage, source: str, *, is_related: bool = False) -> str:
    """Return a cure that names the file which is probably meant, or nothing."""

    def show(other: str) -> str:
        return other.removesuffix(".md") if is_related else relative(page.source, other)

    return content.folders[page.language].cure(source, show)


def _relative(page: CheckedPage, other: CheckedPage) -> str:
    return relative(page.source, other.source)


def _finding(
    page: CheckedPage, line: int, rule: str, what: str, why: str, cure: str, *, level: Level = Level.ERROR
) -> Finding:
    return Finding(rule=rule, file=page.file, line=line, what=what, why=why, cure=cure.removesuffix("."), level=level)
