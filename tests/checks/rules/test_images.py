"""Images are there, say what they show, and load quickly."""

import struct
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from answerdesk.checks.reading.dimensions import dimensions
from answerdesk.checks.report.finding import Finding

A = "en/account/a.md"
Find = Callable[..., list[Finding]]


def picture(form: str, width: int = 40, height: int = 30, **settings: object) -> bytes:
    stream = BytesIO()
    Image.new("RGB", (width, height)).save(stream, form, **settings)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("form", "settings"),
    [
        ("PNG", {}),
        ("GIF", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_first_bytes(form: str, settings: dict[str, object]) -> None:
    assert dimensions(picture(form, 123, 45, **settings)) == (123, 45)


def test_an_extended_webp_has_its_size_in_its_first_chunk() -> None:
    stream = BytesIO()
    Image.new("RGBA", (300, 7)).save(stream, "WEBP", exif=b"Exif\0\0x")
    assert dimensions(stream.getvalue()) == (300, 7)


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF0000WEBP", b"GIF89a"])
def test_what_is_no_picture_or_cut_off_has_no_size(data: bytes) -> None:
    assert dimensions(data) is None


def test_a_jpeg_with_a_segment_of_no_length_ends() -> None:
    assert dimensions(b"\xff\xd8" + b"\xff\xe0\x00\x00" * 8) is None


def test_a_missing_image_is_named_with_its_line(find: Find) -> None:
    (found,) = find("image", {A: "Text.\n\n![Dialog](img/a.png)\n"})
    assert (found.line, found.what) == (11, "the image img/a.png is missing")


def test_an_image_in_raw_html_is_found_from_the_pages_address(find: Find) -> None:
    files = {A: '<img src="a.png" alt="A"> <img src="../a.png" alt="A">', "en/account/a.png": b""}
    assert [finding.what for finding in find("image", files)] == ["the image a.png is missing"]


def test_capital_letters_of_an_image_count(find: Find) -> None:
    (found,) = find("image", {A: "![Dialog](img/A.PNG)", "en/account/img/a.png": b""})
    assert "en/account/img/a.png" in found.cure


@pytest.mark.parametrize("target", ["img/a%20b.png", "./img/a%20b.png", "../account/img/a%20b.png", "<img/a b.png>"])
def test_an_image_that_is_there_is_good(find: Find, target: str) -> None:
    assert find("image", {A: f"![Dialog]({target})", "en/account/img/a b.png": b""}) == []


@pytest.mark.parametrize(
    "image",
    ["![](a.png)", "![ ](a.png)", "![image](a.png)", "![Screenshot 2](a.png)", "![a.png](a.png)", '<img src="a.png">'],
)
def test_an_image_that_says_nothing_is_named(find: Find, image: str) -> None:
    assert [finding.line for finding in find("image-text", {A: image})] == [9]


@pytest.mark.parametrize("image", ["![The button Reset](a.png)", '<img src="a.png" alt="">', "![图片查看器](a.png)"])
def test_an_image_that_says_what_it_shows_or_decorates_is_good(find: Find, image: str) -> None:
    assert find("image-text", {A: image}) == []


def test_heavy_and_wide_images_are_named_once(find: Find) -> None:
    files = {
        A: "![One](heavy.png) ![Two](wide.png) ![Three](good.png) ![One again](heavy.png)",
        "en/account/heavy.png": picture("PNG") + bytes(600_000),
        "en/account/wide.png": picture("PNG", 3000, 10),
        "en/account/good.png": picture("PNG"),
    }
    assert [finding.what for finding in find("image-size", files)] == [
        "the image heavy.png has 600 kB", "the image wide.png has 3000 × 10 pixels",
    ]  # fmt: skip


def test_a_size_of_a_frame_stands_behind_other_segments() -> None:
    segment = b"\xff\xe1" + struct.pack(">H", 1002) + bytes(1000)
    plain = picture("JPEG", 64, 32)
    assert dimensions(plain[:2] + segment + plain[2:]) == (64, 32)
