"""Media types are ours, not the machine's."""

import pytest

from ticket_form.portal.media_types import media_type


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("worker.js", "text/javascript"),
        ("app.webmanifest", "application/manifest+json"),
        ("LOGO.SVG", "image/svg+xml"),
        ("feed.xml", "application/xml"),
        ("sitemap.xml.gz", "application/gzip"),
        ("0123.bin", "application/octet-stream"),
        ("no-suffix", "application/octet-stream"),
        ("a.unknown", "application/octet-stream"),
    ],
)
def test_a_file_has_the_type_of_its_last_suffix(name: str, kind: str) -> None:
    assert media_type(name) == kind
