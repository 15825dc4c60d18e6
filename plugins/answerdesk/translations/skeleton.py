"""Write what a translator fills in: the shape of the source, with its text in notes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from answerdesk.translations.drift import Change, Drift, Hashes, NewSection
from answerdesk.translations.markdown_notes import open_texts
from answerdesk.translations.sections import Block, Kind, TextSection

TEXTS = ("title", "summary")
LISTS = ("aliases", "questions", "tags")
KEY = re.compile(r"([A-Za-z_]\w*):[ \t]*(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """A translation to which what is new was added: its Markdown, its record, and how many pieces there are to do."""

    markdown: str
    record: tuple[Hashes, ...]
    added: int


def write_skeleton(front: str, markdown: str, anchors: Mapping[int, str]) -> str:
    """Return a translation's file to be: the source's front matter and structure; headings get `anchors` by section."""
    body = "\n".join(open_texts(markdown.strip("\n").split("\n"), anchors))
    return f"---\n{skeleton_front(front)}---\n\n{body.rstrip()}\n"


def skeleton_front(front: str) -> str:
    """Return front matter whose texts are left open, each with the source's in a comment."""
    lines: list[str] = []
    is_open = False
    for line in front.splitlines():
        if match := KEY.match(line):
            key, value = match.groups()
            is_open = key in TEXTS or key in LISTS
            if is_open:
                line = f"{key}:{' []' if key in LISTS else ''} # {value}".rstrip(" #")
        elif is_open:
            line = f"#{line}"
        lines.append(line)
    return "".join(f"{line}\n" for line in lines)


def extend(
    markdown: str, translation: Sequence[TextSection], source: Sequence[TextSection], recorded: Sequence[Hashes],
    drift: Drift, original: str, anchors: Mapping[int, str],
) -> Extended:  # fmt: skip
    """Put notes for what is new in the source, whose Markdown is `original`, into a translation's Markdown.

    What changed is left as it is.
    """
    source_lines = original.split("\n")
    insertions: list[tuple[int, str]] = []
    record: list[list[Hashes]] = [[hashes] for hashes in recorded]
    for row in drift.sections:
        hashes, shift = list(recorded[row.section]), 0
        for mark in row.marks:
            if mark.change is not Change.ADDED or row.source is None:
                continue
            before = translation[row.section].blocks[mark.at]
            blocks = [source[row.source].blocks[number] for number in mark.source]
            insertions.append((before.end, "\n".join(_new_blocks(source_lines, blocks, before))))
            place = mark.at + 1 + shift
            hashes[place:place] = [source[row.source].hashes[number] for number in mark.source]
            shift += len(blocks)
        record[row.section][0] = tuple(hashes)
    for new in drift.new:
        end = max(block.end for block in translation[new.after].blocks)
        insertions.append((end, "\n".join(["", *_new_section(source_lines, source[new.source], new.source, anchors)])))
        record[new.after].append(source[new.source].hashes)
    lines = markdown.split("\n")
    for at, text in sorted(reversed(insertions), key=lambda row: -row[0]):  # from below, so that lines keep numbers
        lines[at:at] = text.split("\n")
    rows = tuple(hashes for group in record for hashes in group)
    return Extended(markdown="\n".join(lines), record=rows, added=len(insertions))


def can_extend(translation: Sequence[TextSection], recorded: Sequence[Hashes], new: Sequence[NewSection]) -> bool:
    """Tell whether it is known where new pieces belong: the translation has the sections that were recorded."""
    return len(translation) == len(recorded) and all(row.after < len(translation) for row in new)


def _new_section(lines: Sequence[str], section: TextSection, number: int, anchors: Mapping[int, str]) -> list[str]:
    start, end = section.blocks[0].start, section.blocks[-1].end
    return open_texts(lines[start:end], anchors, number - 1 if section.level else number)


def _new_blocks(lines: Sequence[str], blocks: Sequence[Block], before: Block) -> list[str]:
    made: list[str] = []
    for block in blocks:
        is_apart = block.start > 0 and not lines[block.start - 1].strip()
        if is_apart or not (block.marker and before.marker):
            made.append("")
        texts = lines[block.start : block.end]
        made += texts if block.kind is Kind.CODE else open_texts(texts, {}, is_held=True)
        before = block
    return made
