"""Write what a translator fills in: the shape of the source, with its text in notes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from answerdesk.translations.drift import Change, Drift, Hashes, NewSection
from answerdesk.translations.notes import note
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


def write_skeleton(front: str, sections: Sequence[TextSection], anchors: Mapping[int, str]) -> str:
    """Return a translation's file to be: the source's front matter, headings (`anchors` by section) and blocks."""
    body = "\n".join(_section_lines(number, section, anchors) for number, section in enumerate(sections))
    return f"---\n{skeleton_front(front)}---\n\n{body.strip()}\n"


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
    drift: Drift, anchors: Mapping[int, str],
) -> Extended:  # fmt: skip
    """Put notes for what is new in the source into a translation's Markdown; what changed is left as it is."""
    insertions: list[tuple[int, str]] = []
    record: list[list[Hashes]] = [[hashes] for hashes in recorded]
    for row in drift.sections:
        hashes, shift = list(recorded[row.section]), 0
        for mark in row.marks:
            if mark.change is not Change.ADDED or row.source is None:
                continue
            before = translation[row.section].blocks[mark.at]
            blocks = [source[row.source].blocks[number] for number in mark.source]
            insertions.append((before.end, "\n".join(_block_lines(blocks, before))))
            place = mark.at + 1 + shift
            hashes[place:place] = [source[row.source].hashes[number] for number in mark.source]
            shift += len(blocks)
        record[row.section][0] = tuple(hashes)
    for new in drift.new:
        end = max(block.end for block in translation[new.after].blocks)
        insertions.append((end, "\n" + _section_lines(new.source, source[new.source], anchors).rstrip("\n")))
        record[new.after].append(source[new.source].hashes)
    lines = markdown.split("\n")
    for at, text in sorted(reversed(insertions), key=lambda row: -row[0]):  # from below, so that lines keep numbers
        lines[at:at] = text.split("\n")
    rows = tuple(hashes for group in record for hashes in group)
    return Extended(markdown="\n".join(lines), record=rows, added=len(insertions))


def can_extend(translation: Sequence[TextSection], recorded: Sequence[Hashes], new: Sequence[NewSection]) -> bool:
    """Tell whether it is known where new pieces belong: the translation has the sections that were recorded."""
    return len(translation) == len(recorded) and all(row.after < len(translation) for row in new)


def _section_lines(number: int, section: TextSection, anchors: Mapping[int, str]) -> str:
    lines: list[str] = []
    blocks = section.blocks[1:]
    if section.level:
        anchor = f" {{#{anchors[number]}}}" if anchors.get(number) else ""
        lines = [f"{'#' * section.level} {note(section.title)}{anchor}"]
    else:
        blocks = section.blocks[2:]  # title and summary are front matter
    return "\n".join([*lines, *_block_lines(blocks, section.blocks[0])]) + "\n"


def _block_lines(blocks: Sequence[Block], before: Block) -> Iterator[str]:
    for block in blocks:
        if not (block.marker and before.marker):
            yield ""
        if block.marker:
            marker = f"{block.number}." if block.marker == "1." else "-"
            yield f"{block.indent}{marker} {note(block.text)}"
        else:
            yield block.text if block.kind is Kind.CODE else note(block.text)
        before = block
