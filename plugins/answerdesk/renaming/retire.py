"""Plan what the retirement of an article writes and removes; nothing here touches the disk."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import basename, dirname, join, normpath
from urllib.parse import unquote

import yaml

from answerdesk.articles.redirects import FILE as REDIRECTS
from answerdesk.articles.redirects import follow
from answerdesk.renaming.fields import drop_items, read_front, set_front_list, set_list
from answerdesk.renaming.links import Move, mend_links, targets, unlink
from answerdesk.renaming.names import mend_names, mend_redirects
from answerdesk.renaming.plan import Files, Step, decode, names_articles
from answerdesk.renaming.records import changed_hashes, drop_record, mend_record
from answerdesk.support import safe_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """An article that goes, the one that takes its place (or none), and the languages that show that one."""

    path: str
    to: str
    languages: Sequence[str]  # the source first
    shown_in: Sequence[str]

    def move(self) -> Move:
        """Return how links lead on."""
        return Move(old=self.path, new=self.to or f"{self.path}-gone", languages=self.languages, keeps_sections=False)


def plan_retirement(files: Files, retirement: Retirement, pictures: Sequence[str]) -> list[Step]:
    """Return the steps of a retirement: records, mended files, the redirect, and only then what goes.

    `pictures` are the other files below the languages' folders. Planned again after an interruption, the steps are
    those that are left.

    Raises:
        ContentError: a file cannot be read, or is written in a way that cannot be changed.
    """
    gone = [file for code in retirement.languages if (file := f"{code}/{retirement.path}.md") in files]
    articles = list(_articles(files, retirement, gone))
    steps = [*_lists(files, retirement, articles), *articles, *_redirect(files, retirement)]
    steps = [step for step in steps if files.get(step.file) != step.content]
    alone = _pictures(files, gone, pictures)
    return [*steps, *(Step(file=file, content=None, words=f"{file} removed") for file in [*alone, *gone])]


def _articles(files: Files, retirement: Retirement, gone: Sequence[str]) -> Iterator[Step]:
    """Yield the other articles and pages with what led to the article mended."""
    for file, content in files.items():
        language, _, source = file.partition("/")
        if language not in retirement.languages or not source.endswith(".md") or file in gone:
            continue
        path, before = source.removesuffix(".md"), decode(file, content)
        text, words = before, []
        if path == retirement.to or language not in retirement.shown_in:
            text, count = unlink(text, path, retirement.move())
            words += [f"links that are text now: {count}"] if count else []
        text, count = mend_links(text, path, retirement.move())
        words += [f"links that lead to {retirement.to}: {count}"] if count else []
        after = _named(file, text, path, retirement)
        words += ["related articles"] if after != text else []
        old = f"{language}/{retirement.path}.md"
        if path == retirement.to and old in gone:
            merged = _merged(file, after, read_front(decode(old, files[old])))
            words += [f"finds what {old} was called"] if merged != after else []
            after = merged
        yield Step(file=file, content=after.encode(), words=f"{file}: {', '.join(words)}")


def _named(file: str, text: str, path: str, retirement: Retirement) -> str:
    """Return an article's text whose front matter names the article that takes the place, once, and not itself."""
    front = read_front(text)
    related = front.get("related")
    if isinstance(related, list) and retirement.path in related:
        named = [retirement.to if other == retirement.path else other for other in related]
        text = set_front_list(file, text, "related", list(dict.fromkeys(n for n in named if n and n != path)))
    if front.get("translation_of") == retirement.path:
        text = set_front_list(file, text, "translation_of", [])
    return text


def _merged(file: str, text: str, old: Mapping[str, object]) -> str:
    """Return the text of the article that takes the place, which is found by what the old one was called."""
    front = read_front(text)
    for field, added in (
        ("aliases", [old.get("title"), *_listed(old, "aliases")]),
        ("questions", _listed(old, "questions")),
        ("codes", _listed(old, "codes")),
    ):
        known = _listed(front, field)
        has = {str(value).casefold() for value in [*known, front.get("title")]}
        new = list(dict.fromkeys(value for value in added if value and str(value).casefold() not in has))
        if new:
            text = set_front_list(file, text, field, [*known, *new])
    return text


def _listed(front: Mapping[str, object], field: str) -> list[object]:
    value = front.get(field)
    return value if isinstance(value, list) else []


def _lists(files: Files, retirement: Retirement, articles: Sequence[Step]) -> Iterator[Step]:
    """Yield the files beside the languages' folders without the article."""
    prefix = f"{retirement.languages[0]}/"
    changed = {
        step.file.removeprefix(prefix).removesuffix(".md"): changed_hashes(
            decode(step.file, files[step.file]), decode(step.file, step.content or b"")
        )
        for step in articles
        if step.file.startswith(prefix) and files[step.file] != step.content
    }
    for file, content in files.items():
        if not names_articles(file):
            continue
        text, (folder, _, name) = decode(file, content), file.partition("/")
        if folder == "sources":
            text = drop_record(file, text, retirement.path)
            text = mend_record(file, text, retirement.path, retirement.path, changed)
        elif folder == "fallbacks":
            text = _without_key(text, retirement.path)
        elif folder == "queries" and name.removesuffix(".yml") in retirement.shown_in:
            text = mend_names(text, retirement.path, retirement.to)
        elif folder == "queries":
            text = drop_items(text, "finds", retirement.path)
        else:
            text = _needed(text, retirement)
        words = f"names {retirement.to}" if retirement.to and folder != "sources" else f"without {retirement.path}"
        yield Step(file=file, content=text.encode(), words=f"{file}: {words}")


def _needed(text: str, retirement: Retirement) -> str:
    """Return the shared file whose list of most needed articles has the article no more."""
    needed = (safe_yaml.load(text) or {}).get("needed") or []
    if retirement.path not in needed:
        return text
    if retirement.to and retirement.to not in needed:
        return mend_names(text, retirement.path, retirement.to)
    return set_list(text, "needed", [path for path in needed if path != retirement.path])


def _without_key(text: str, path: str) -> str:
    """Return a YAML mapping without a key and what stands below it."""
    root = safe_yaml.compose(text)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    lines = text.splitlines(keepends=True)
    for number, (key, _) in enumerate(pairs):
        if key.value == path:
            start = key.start_mark.line
            end = pairs[number + 1][0].start_mark.line if number + 1 < len(pairs) else len(lines)
            return "".join([*lines[:start], *lines[end:]])
    return text


def _redirect(files: Files, retirement: Retirement) -> Iterator[Step]:
    text = decode(REDIRECTS, files.get(REDIRECTS, b""))
    before = safe_yaml.load(text) or {}
    if retirement.to:
        if before.get(retirement.path) != retirement.to or retirement.path in before.values():
            after = mend_redirects(text, retirement.path, retirement.to)
            words = f"{REDIRECTS}: {retirement.path} leads to {retirement.to}"
            yield Step(file=REDIRECTS, content=after.encode(), words=words)
        return
    # What led here leads nowhere: the site's page for what is not found says so, and searches.
    lost = [old for old in before if follow({**before, retirement.path: ""}, old) == ""]
    for old in lost:
        text = _without_key(text, old)
    if lost:
        yield Step(file=REDIRECTS, content=text.encode(), words=f"{REDIRECTS}: without {', '.join(lost)}")


def _pictures(files: Files, gone: Sequence[str], pictures: Sequence[str]) -> list[str]:
    """Return the pictures and downloads that only what goes shows; one that is named anywhere else stays."""
    shown = set()
    for file in gone:
        source = file.partition("/")[2]
        for target in targets(decode(file, files[file])):
            path = unquote(target.partition("#")[0].partition("?")[0])
            shown.add(normpath(join(dirname(source), path)))
            shown.add(normpath(join(source.removesuffix(".md"), path)))  # HTML is relative to the page
    others = [content for file, content in files.items() if file not in gone]
    return [
        file
        for file in pictures
        if file.partition("/")[2] in shown and not any(_names(content, basename(file)) for content in others)
    ]


def _names(content: bytes, name: str) -> bool:
    text = content.decode("utf-8", "replace")
    return name in text or name in unquote(text)
