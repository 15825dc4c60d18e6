"""Rules `image`, `image-text` and `image-size`: images are there, say what they show, and load quickly."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from posixpath import dirname, normpath
from urllib.parse import unquote, urlsplit

from answerdesk.checks.reading.blocks import Image
from answerdesk.checks.reading.content import Content
from answerdesk.checks.reading.dimensions import dimensions
from answerdesk.checks.reading.page import CheckedPage
from answerdesk.checks.report.finding import Finding, Level

MAX_IMAGE_BYTES = 500_000  # bytes: two seconds on a slow phone (2 Mbit/s)
MAX_IMAGE_PIXELS = 2560  # pixels: a column of text on a screen of double density needs half of it
LONGEST_NAME = 80  # characters; a picture that stands in its own address has thousands
IMAGE_HEADER_BYTES = 65_536  # bytes in which the size of a picture is found
NOTHING = re.compile(
    r"(?:image|img|screenshot|screen ?shot|picture|photo|figure|图片|截图|圖片|截圖|이미지|스크린샷|그림|resim|görsel|"
    r"ekran görüntüsü|صورة|لقطة شاشة)[ _-]*\d*|.*\.(?:png|jpe?g|gif|svg|webp|avif)",
    re.IGNORECASE,
)


def check_image_files(content: Content) -> Iterator[Finding]:
    """Yield a finding for each image that is not there."""
    for page in content.pages:
        for image in page.blocks.images:
            file = _file(page, image)
            if file and not content.has_file(file):
                spelled = content.spellings.get(file.casefold())
                cure = f"Mind capital letters: its name is {spelled}" if spelled else "Mend the path, or add the file"
                if image.is_html:
                    cure = "Write it in Markdown: ![what it shows](path); raw HTML starts from the page's address"
                yield Finding(
                    rule="image",
                    file=page.file,
                    line=image.line,
                    what=f"the image {image.target} is missing",
                    why="Readers see a broken picture",
                    cure=cure,
                )


def check_image_texts(content: Content) -> Iterator[Finding]:
    """Yield a finding for each image whose alternative text is missing or says nothing."""
    for page in content.pages:
        for image in page.blocks.images:
            text = image.text
            if image.is_html and text == "":
                continue  # alt="" is how HTML says that a picture only decorates
            if text is None or not text.strip():
                what = f"the image {_name(image)} has no alternative text"
            elif NOTHING.fullmatch(text.strip()):
                what = f"the alternative text of {_name(image)} is {text.strip()!r}"
            else:
                continue
            yield Finding(
                rule="image-text",
                file=page.file,
                line=image.line,
                what=what,
                why="Who cannot see the picture learns nothing of it (WCAG 2.2, 1.1.1)",
                cure="Say in the square brackets what it shows, as you would on the phone",
            )


def check_image_sizes(content: Content) -> Iterator[Finding]:
    """Yield a finding for each image that is too heavy or too wide, where it is used first."""
    seen: set[str] = set()
    for page in content.pages:
        for image in page.blocks.images:
            file = _file(page, image)
            if not file or file in seen or file not in content.files:
                continue
            seen.add(file)
            size = content.size(file)
            width, height = dimensions(content.read_bytes(file, IMAGE_HEADER_BYTES)) or (0, 0)
            if size > MAX_IMAGE_BYTES:
                what = f"the image {image.target} has {size // 1000:,} kB"
                cure = f"Make it smaller than {MAX_IMAGE_BYTES // 1000} kB: cut it, scale it, or store it as WebP"
            elif max(width, height) > MAX_IMAGE_PIXELS:
                what = f"the image {image.target} has {width} × {height} pixels"
                cure = f"Scale it to {MAX_IMAGE_PIXELS} pixels at most; pages show no more"
            else:
                continue
            why = "Pages with it load slowly on phones and thin lines"
            yield Finding(
                rule="image-size", file=page.file, line=image.line, what=what, why=why, cure=cure, level=Level.WARNING
            )


def _file(page: CheckedPage, image: Image) -> str:
    """Return the file below the content's folder that an image's address means, or nothing if it is elsewhere."""
    try:
        parts = urlsplit(image.target.strip())
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return ""
    # MkDocs leaves raw HTML as it is, so browsers go from the page's address.
    here = page.base if image.is_html else dirname(page.source)
    return normpath(PurePosixPath(page.language, here, unquote(parts.path)).as_posix())


def _name(image: Image) -> str:
    target = image.target or "here"
    return target if len(target) <= LONGEST_NAME else f"{target[:LONGEST_NAME]}…"
