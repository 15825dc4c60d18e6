"""Take in a site: read it, turn its pages into articles, prove that they build, write everything at once."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from posixpath import dirname, join, normpath
from shutil import copyfile, copytree, rmtree

from markdown import Markdown
from pathspec.gitignore import GitIgnoreSpec

from answerdesk.articles.build_audience import Edition
from answerdesk.articles.errors import ContentError
from answerdesk.articles.redirects import FIXED, OLD, page_of
from answerdesk.build.configuration import load_site_config
from answerdesk.build.dry_run import ReadLanguage, read_language
from answerdesk.build.language_build import BuildState
from answerdesk.importing import newsite
from answerdesk.importing.addresses import Place, old_address, place_pages, read_nav
from answerdesk.importing.links import Map
from answerdesk.importing.lost_content import Kind, Loss
from answerdesk.importing.page import Draft, draft_page
from answerdesk.importing.report import write_json, write_markdown
from answerdesk.importing.settings import OldSite, read_site
from answerdesk.importing.trial_render import prove
from answerdesk.support.content_files import list_files

REPORT = "taken-in"  # .md and .json
RUNS = {".js", ".mjs", ".css", ".html", ".htm", ".xhtml"}  # what could run or change pages when it is opened
SUMMARIES = ("SUMMARY.md",)  # is nav, not a page
LINKED = re.compile(r"\S+\.md\s*")
HOME = ("index.md", "README.md")
COMPANY = ("phone", "hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How articles are to be: their language, their owner, when they were reviewed and how often they must be.

    `reviewed` None leaves the day to git. `portal` and `content` are those of the site that the new one is to be like.
    """

    language: str
    owner: str
    reviewed: date | None
    review_every: int
    portal: Path
    content: Path
    company: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What became of a site."""

    pages: Mapping[str, str]  # the old sources with their articles' paths
    losses: tuple[Loss, ...]


def take_in(site: Path, into: Path, wish: Wish) -> TakenIn:
    """Take a site into a new folder, which is there when all is done, and not before.

    Raises:
        ContentError: the site cannot be read, the folder is there already, or nobody knows when pages were reviewed.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise ContentError(f"{into} is there already. Name a folder that is not; nothing is overwritten.")
    old = read_site(site)
    days = {} if wish.reviewed else changed_days(old.docs)
    if not wish.reviewed and not days:
        raise ContentError(
            f"{old.docs} is in no git repository. Say with --reviewed on which day its pages were reviewed."
        )
    part = into.with_name(f"{into.name}.part")
    rmtree(part, ignore_errors=True)
    try:
        taken = _write(old, part, wish, days)
        if into.exists():
            into.rmdir()
        part.rename(into)
    finally:
        rmtree(part, ignore_errors=True)
    return taken


def _write(old: OldSite, into: Path, wish: Wish, days: Mapping[str, date]) -> TakenIn:
    names, losses = _sources(old), list(old.losses)
    written = {name: _text(old.docs / name, name, losses) for name in names if name.endswith(".md")}
    twins = find_twins(written)
    pages = [name for name in written if name not in twins]
    entries = dict(read_nav(old.nav))
    places = place_pages(pages, entries)
    files = {name: old.docs / name for name in names if not name.endswith(".md")}
    files = {name: file for name, file in {**_theme_files(old), **files}.items() if _is_harmless(file)}
    site = Map(places=places, twins=twins, files=files.keys(), url=old.url, has_folders=old.has_folders)
    drafts: dict[str, Draft] = {}
    for source in pages:
        nav = old.name if source in HOME else entries[source].title if source in entries else ""
        read = _Reader(old, source)
        drafts[f"{places[source].path}.md"] = draft_page(source, written[source], site, nav=nav, read=read)
    content = into / "content"
    own = content / wish.language
    own.mkdir(parents=True)
    for name in sorted({name for draft in drafts.values() for name in draft.files}):
        (own / name).parent.mkdir(parents=True, exist_ok=True)
        copyfile(files[name], own / name)
    rows, lost = _redirects(old, places, twins)
    losses += lost
    texts = {
        "mkdocs.yml": newsite.configuration(old.name or "Help desk", old.url, wish.language, old.extensions),
        "content/categories.yml": newsite.categories(_categories(places, entries), wish.language),
        "content/company.yml": _company(old, wish, drafts, losses),
        "content/redirects.yml": newsite.redirects(rows),
    }
    for name, text in texts.items():
        (into / name).write_text(text, "utf-8")
    _copy_frame(wish, into)
    state = BuildState()

    def render(sources: set[str]) -> ReadLanguage:
        for source in sources:
            draft = drafts[source]
            reviewed = wish.reviewed or days.get(draft.source) or max(days.values())
            text = newsite.article_text(draft, owner=wish.owner, reviewed=reviewed, review_every=wish.review_every)
            (own / source).parent.mkdir(parents=True, exist_ok=True)
            (own / source).write_text(text, "utf-8")
        return read_language(into / "mkdocs.yml", wish.language, Edition(today=date.max), state)

    def breaks(text: str) -> bool:
        config = load_site_config(into / "mkdocs.yml")
        try:
            Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs).convert(text)
        except Exception:  # of whatever kind an extension raises
            return True
        return False

    lost_late = prove(drafts, render, breaks)
    for draft in drafts.values():
        losses += draft.losses
    losses += lost_late
    found = tuple(sorted(dict.fromkeys(losses), key=lambda loss: loss.place))
    taken = TakenIn(pages={source: place.path for source, place in places.items()}, losses=found)
    name = old.name or old.docs.parent.name
    (into / f"{REPORT}.md").write_text(write_markdown(name, taken.pages, found), "utf-8")
    (into / f"{REPORT}.json").write_text(write_json(name, taken.pages, found), "utf-8")
    return taken


class _Reader:
    """Finds the files that a page includes."""

    def __init__(self, old: OldSite, source: str) -> None:
        self._folders = (*old.bases, (old.docs / source).parent)
        self._root = (old.config.parent if old.config else old.docs.parent).resolve()

    def __call__(self, path: str) -> tuple[str, str] | None:
        for folder in self._folders:
            file = (folder / path).resolve()
            # A page must not bring in what is outside its site.
            if file.is_file() and self._root in file.parents:
                try:
                    return file.relative_to(self._root).as_posix(), file.read_text("utf-8").replace("\r\n", "\n")
                except UnicodeDecodeError:
                    return None
        return None


def changed_days(docs: Path) -> dict[str, date]:
    """Return for each file below a folder the day of its last change in git, or nothing if git does not know it."""
    command = ["git", "-C", str(docs), "log", "--format=%x01%cs", "--name-only", "--relative", "--", "."]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - no shell
    except (OSError, subprocess.CalledProcessError):
        return {}
    days: dict[str, date] = {}
    day = date.min
    for line in done.stdout.splitlines():
        if line.startswith("\x01"):
            day = date.fromisoformat(line[1:])
        elif line:
            days.setdefault(line, day)
    return days


def _sources(old: OldSite) -> list[str]:
    """Return the files of the old site that its pages are made from, as MkDocs chooses them."""
    excluded = GitIgnoreSpec.from_lines([".*", "/templates/", *SUMMARIES, *old.excluded.splitlines()])
    names = [path.relative_to(old.docs).as_posix() for path in map(Path, list_files(old.docs))]
    names = [name for name in names if not excluded.match_file(name)]
    there = set(names)
    return [name for name in names if not (name.endswith("README.md") and f"{name[:-9]}index.md" in there)]


def _theme_files(old: OldSite) -> dict[str, Path]:
    """Return the files of the old theme's custom_dir by the addresses at which it published them."""
    if old.custom is None:
        return {}
    found = (path for path in sorted(old.custom.rglob("*")) if path.is_file())
    named = ((path.relative_to(old.custom).as_posix(), path) for path in found)
    return {
        name: path for name, path in named if not name.startswith(".") and not name.endswith((".md", ".yml", ".py"))
    }


def find_twins(pages: Mapping[str, str]) -> dict[str, str]:
    """Return the pages that only name another page, as git writes a link where there are none, with that page."""
    named = {
        source: normpath(join(dirname(source), text.strip()))
        for source, text in pages.items()
        if LINKED.fullmatch(text)
    }
    return {source: target for source, target in named.items() if target in pages and target not in named}


def _text(file: Path, source: str, losses: list[Loss]) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        what = f"byte {error.start} is no UTF-8; the page is read as Windows-1252"
        losses.append(
            Loss(
                kind=Kind.PAGE,
                file=source,
                line=1,
                what=what,
                cure="See that its letters are right, else save it as UTF-8 and take it in again",
            )
        )
        return file.read_text("cp1252", "replace")


def _is_harmless(file: Path) -> bool:
    if file.suffix.lower() == ".svg":
        data = file.read_bytes().lower()
        return not any(mark in data for mark in (b"<script", b"javascript:", b"onload", b"<foreignobject"))
    return file.suffix.lower() not in RUNS


def _categories(places: Mapping[str, Place], entries: Mapping[str, object]) -> dict[str, str]:
    """Return the categories with their names, in nav's order, then by name."""
    order = {source: number for number, source in enumerate(entries)}
    rows = sorted(places.items(), key=lambda row: (order.get(row[0], len(order)), row[1].name, row[1].category))
    return {place.category: place.name for _, place in rows}


def _company(old: OldSite, wish: Wish, drafts: Mapping[str, Draft], losses: list[Loss]) -> str:
    """Return `company.yml`, and let double braces that it does not explain be shown."""
    own = {"company": old.name or "Example Company"} | dict(wish.company)
    used = {name: line for draft in reversed(list(drafts.values())) for name, line in draft.variables.items()}
    known = {name: old.variables[name] for name in sorted(used) if name in old.variables and name not in own}
    # Where nothing was filled in, a name that the new site fills in only happens to be the same.
    filled = {*old.variables, *own} if old.variables else set[str]()
    for draft in drafts.values():
        draft.show_braces(lambda name: name not in filled, is_raw_shown=not old.variables)
    cure = "If it should be filled in, take the backslash before it away and write its value into content/company.yml"
    for name in sorted(used.keys() - filled):
        what = f"{{{{ {name} }}}} is shown as it is written"
        losses.append(Loss(kind=Kind.VARIABLE, file=used[name].file, line=used[name].number, what=what, cure=cure))
    return newsite.company(own | known)


def _redirects(
    old: OldSite, places: Mapping[str, Place], twins: Mapping[str, str]
) -> tuple[dict[str, str], list[Loss]]:
    """Return the old addresses that are no article's now, and those that cannot lead anywhere."""
    rows: dict[str, str] = {}
    losses: list[Loss] = []
    taken = {place.path for place in places.values()} | {place.category for place in places.values()}
    for address, source, path in _moves(old, places, twins):
        if page_of(address) in ("", path, "index.html"):
            continue
        is_taken = page_of(address) in taken or address.partition("/")[0] in FIXED
        if is_taken or not OLD.fullmatch(address):
            what = f"its old address {address} {'shows something else' if is_taken else 'is lost'}; it is at {path} now"
            cure = "Let the web server lead there, if that matters"
            losses.append(Loss(kind=Kind.PAGE, file=source, line=1, what=what, cure=cure))
        else:
            rows[address] = path
    return dict(sorted(rows.items())), losses


def _moves(old: OldSite, places: Mapping[str, Place], twins: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for source, place in places.items():
        yield old_address(source, has_folders=old.has_folders), source, place.path
    for source, target in {**twins, **old.redirects}.items():
        goal = places.get(target.partition("#")[0])
        if goal:
            yield old_address(source, has_folders=old.has_folders), source, goal.path


def _copy_frame(wish: Wish, into: Path) -> None:
    """Copy what the new site shows its articles with: the portal, and the language's synonyms."""
    copytree(wish.portal, into / "portal")
    synonyms = wish.content / "synonyms" / f"{wish.language}.yml"
    if synonyms.is_file():
        (into / "content/synonyms").mkdir()
        copyfile(synonyms, into / "content/synonyms" / synonyms.name)
