"""Plan what a rename writes and removes; nothing here touches the disk."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from answerdesk.articles.errors import ContentError
from answerdesk.articles.front import set_field
from answerdesk.articles.redirects import FILE as REDIRECTS
from answerdesk.renaming.links import Move, mend_links
from answerdesk.renaming.names import mend_front, mend_names, mend_redirects
from answerdesk.renaming.records import changed_hashes, mend_record

Files = Mapping[str, bytes]  # path below the content's folder → what it holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A file to write, or to remove where `content` is None, and what that is in words."""

    file: str
    content: bytes | None
    words: str


def plan_rename(files: Files, move: Move) -> list[Step]:
    """Return the steps of a rename, so that nothing is lost wherever they are broken off: new files, records, mended
    files, the redirect, and only then what goes. Planned again after that, they are the steps that are left.

    Raises:
        ContentError: there is no such article, or another one at the new path; a file cannot be read.
    """
    moves = _moves(files, move)
    new = [Step(file=to, content=_moved(file, files[file], move), words=f"{file} → {to}") for file, to in moves.items()]
    for step in new:
        if step.file in files and files[step.file] != step.content:
            raise ContentError(f"{step.file} is there already, and another article. Choose another path.")
    mended = list(_mended_articles(files, move, moves.keys()))
    lists = list(_mended_lists(files, move, [*new, *mended], moves))
    gone = [Step(file=file, content=None, words=f"{file} removed") for file in moves]
    steps = [*new, *lists, *mended, *_redirect(files, move), *gone]
    return [step for step in steps if step.content is None or files.get(step.file) != step.content]


def _mended_articles(files: Files, move: Move, moving: Collection[str]) -> Iterator[Step]:
    for file, content in files.items():
        language, _, source = file.partition("/")
        if language in move.languages and source.endswith(".md") and file not in moving:
            after, count = _mended(file, content, source.removesuffix(".md"), move)
            yield Step(file=file, content=after, words=f"{file}: {_links(count)}")


def _mended_lists(files: Files, move: Move, articles: Sequence[Step], moves: Mapping[str, str]) -> Iterator[Step]:
    """Yield the files that name articles; in the records of translations, with the hashes of what was mended too."""
    origins = {to: file for file, to in moves.items()}
    prefix = f"{move.languages[0]}/"
    changed = {}
    for step in articles:
        before = files[origins.get(step.file, step.file)]
        if step.file.startswith(prefix) and step.content is not None and step.content != before:
            path = step.file.removeprefix(prefix).removesuffix(".md")
            changed[path] = changed_hashes(decode(step.file, before), decode(step.file, step.content))
    for file, content in files.items():
        text = decode(file, content) if names_articles(file) else ""
        if file.startswith("sources/"):
            text = mend_record(file, text, move.old, move.new, changed)
        elif names_articles(file):
            text = mend_names(text, move.old, move.new)
        else:
            continue
        yield Step(file=file, content=text.encode(), words=f"{file}: names the new path")


def _redirect(files: Files, move: Move) -> Iterator[Step]:
    text = decode(REDIRECTS, files.get(REDIRECTS, b""))
    if f"\n{move.old}: {move.new}\n" not in f"\n{text}":
        after = mend_redirects(text, move.old, move.new).encode()
        yield Step(file=REDIRECTS, content=after, words=f"{REDIRECTS}: {move.old} leads to {move.new}")


def names_articles(file: str) -> bool:
    """Tell whether a file beside the languages' folders names articles by their paths."""
    folder, _, name = file.partition("/")
    return file == "categories.yml" or (folder in ("queries", "sources", "fallbacks") and name.endswith(".yml"))


def _moves(files: Files, move: Move) -> Mapping[str, str]:
    """Return the files to move, with where to."""
    places = {f"{code}/{move.old}.md": f"{code}/{move.new}.md" for code in move.languages}
    moves = {old: new for old, new in places.items() if old in files}
    if not moves and not any(new in files for new in places.values()):
        raise ContentError(
            f"{move.old}: no language has such an article. Write a path such as account/forgot-password."
        )
    return moves


def _moved(file: str, content: bytes, move: Move) -> bytes:
    after, _ = _mended(file, content, move.old, move)
    category = move.new.partition("/")[0]
    return after if category == move.old.partition("/")[0] else set_field(file, after, "category", category)


def _mended(file: str, content: bytes, path: str, move: Move) -> tuple[bytes, int]:
    text = decode(file, content)
    after, count = mend_links(mend_front(text, move.old, move.new), path, move)
    return after.encode(), count


def decode(file: str, content: bytes) -> str:
    """Return the text of a file.

    Raises:
        ContentError: it is no UTF-8.
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContentError(f"{file}: byte {error.start} is no UTF-8. Save it as UTF-8.") from error


def _links(count: int) -> str:
    return {0: "related articles", 1: "1 link"}.get(count, f"{count} links")


def left(steps: Sequence[Step]) -> str:
    """Return in words what has not been done."""
    return "\n".join(f"  left: {step.words}" for step in steps)
