"""The built site, served."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

FOREVER = "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/", "Choose a language"),
        ("/ko/", "home ko"),
        ("/ar/account/forgot-password/", "Reset"),
        ("/ko/account/forgot-password/index.html", "Reset"),
    ],
)
def test_pages_are_found_by_their_folder(client: FlaskClient, path: str, text: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert text in answer.text


def test_a_folder_without_its_slash_leads_there_and_keeps_the_query(client: FlaskClient) -> None:
    answer = client.get("/ko/account/forgot-password?q=%EC%95%94%ED%98%B8&x=1")
    assert (answer.status_code, answer.location) == (301, "/ko/account/forgot-password/?q=%EC%95%94%ED%98%B8&x=1")


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/%5Cevil.example", "/%2Fevil.example", "/ko/..//evil.example", "/%0d%0aX:1"]
)
def test_no_path_leads_off_the_site(client: FlaskClient, path: str) -> None:
    location = client.get(path).headers.get("Location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/ko/none/", "nothing here ko"),
        ("/ar/none.css", "nothing here ar"),
        ("/none", "nothing here en"),
        ("/kor/", "nothing here en"),
    ],
)
def test_unknown_pages_are_told_in_the_language_of_their_folder(client: FlaskClient, path: str, text: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert text in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_site_without_a_404_page_still_explains(client: FlaskClient, site: Path) -> None:
    (site / "ko" / "404.html").unlink()
    answer = client.get("/ko/none/")
    assert answer.status_code == 404
    assert "페이지를 찾을 수 없습니다" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/ko/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/ko/%2e%2e/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/ko/..%00/secret.txt",
        "/ko/%00",
        "/%ff%fe",
        "/ko/" + "x" * 5000,
        "/ko/index.html/",
    ],
)
def test_nothing_outside_the_site_is_served(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "outside the site" not in answer.text


@pytest.mark.parametrize(
    ("path", "control"),
    [
        ("/ko/assets/3fa9c1d2/portal.css", FOREVER),
        ("/ko/search/0123456789abcdef.bin", FOREVER),
        ("/ko/search/terms/0123456789abcdef/31.bin", FOREVER),
        ("/ko/search/worker.js", "no-cache"),
        ("/en/search/manifest.json", "no-cache"),
        ("/ko/", "no-cache"),
        ("/portal.json", "no-cache"),
        ("/ko/assets/plain.css", "no-cache"),
        ("/ko/0123456789abcdef.bin", "no-cache"),
    ],
)
def test_only_files_named_by_their_content_are_kept_for_ever(
    client: FlaskClient, site: Path, path: str, control: str
) -> None:
    named = ("0123456789abcdef.bin", "terms/0123456789abcdef/31.bin", "worker.js")
    for extra in (*(f"ko/search/{name}" for name in named), "ko/assets/plain.css", "ko/0123456789abcdef.bin"):
        (site / extra).parent.mkdir(parents=True, exist_ok=True)
        (site / extra).write_text("{}")
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == control


def test_an_unchanged_page_is_not_sent_again(client: FlaskClient, site: Path) -> None:
    tag = client.get("/ko/").headers["ETag"]
    again = client.get("/ko/", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    (site / "ko" / "index.html").write_text("<h1>changed</h1>")
    assert client.get("/ko/", headers={"If-None-Match": tag}).status_code == 200


def test_a_rebuilt_site_shows_without_a_restart(client: FlaskClient, site: Path) -> None:
    client.get("/ticket")
    portal = site / "portal.json"
    portal.write_text(portal.read_text("utf-8").replace("3fa9c1d2", "0000beef00"), "utf-8")
    assert "/en/assets/0000beef00/portal.css" in client.get("/ticket").text


def test_half_a_build_leaves_the_pages_as_they_were(client: FlaskClient, site: Path) -> None:
    client.get("/ticket")
    (site / "portal.json").write_text('{"format": 1, "na')
    answer = client.get("/ticket")
    assert answer.status_code == 200
    assert "/en/assets/3fa9c1d2/portal.css" in answer.text


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Make a folder beside the site with a page in it."""
    folder = tmp_path / "beside"
    (folder / "deeper").mkdir(parents=True)
    for page in (folder / "index.html", folder / "secret.txt", folder / "deeper" / "secret.txt"):
        page.write_text("a secret")
    return folder


@pytest.mark.parametrize(
    ("link", "target", "path"),
    [
        ("ko/a.txt", "secret.txt", "/ko/a.txt"),
        ("ko/folder", "", "/ko/folder/"),
        ("ko/folder", "", "/ko/folder"),
        ("ko/folder", "", "/ko/folder/deeper/secret.txt"),
        ("ko/folder", "deeper", "/ko/folder/%2e%2e/secret.txt"),
        ("ko/folder", "deeper", "/ko/folder/..%2fsecret.txt"),
        ("ko/new.html", "index.html", "/ko/new.html"),
    ],
)
def test_a_link_that_leaves_the_site_is_not_followed(
    client: FlaskClient, site: Path, outside: Path, link: str, target: str, path: str
) -> None:
    (site / link).symlink_to(outside / target)
    answer = client.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_a_link_to_a_link_that_leaves_the_site_is_not_followed(client: FlaskClient, site: Path, outside: Path) -> None:
    (site / "inner").symlink_to(outside)
    (site / "ko" / "a.txt").symlink_to("../inner/secret.txt")
    (site / "ko" / "relative.txt").symlink_to(f"../../{outside.name}/secret.txt")
    for path in ("/ko/a.txt", "/ko/relative.txt"):
        assert client.get(path).status_code == 404


def test_pages_of_a_language_and_of_what_is_not_found_are_no_links_off_the_site_either(
    client: FlaskClient, site: Path, outside: Path
) -> None:
    for page in (site / "ko" / "index.html", site / "ko" / "404.html"):
        page.unlink()
        page.symlink_to(outside / "index.html")
    for path in ("/ko/", "/ko/none/"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "secret" not in answer.text


def test_a_link_to_a_folder_whose_name_only_begins_as_the_site_is_not_followed(client: FlaskClient, site: Path) -> None:
    twin = site.with_name(f"{site.name}-old")
    twin.mkdir()
    (twin / "secret.txt").write_text("a secret")
    (site / "ko" / "a.txt").symlink_to(twin / "secret.txt")
    assert client.get("/ko/a.txt").status_code == 404


def test_a_link_to_a_dot_folder_of_the_site_is_not_followed(client: FlaskClient, site: Path) -> None:
    (site / ".git").mkdir()
    (site / ".git" / "config").write_text("a secret")
    (site / "ko" / "a.txt").symlink_to("../.git/config")
    assert client.get("/ko/a.txt").status_code == 404


def test_links_within_the_site_are_followed(client: FlaskClient, site: Path) -> None:
    (site / "korean").symlink_to("ko")
    (site / "ko" / "copy.html").symlink_to(site / "ko" / "index.html")
    assert "home ko" in client.get("/korean/").text
    assert "home ko" in client.get("/ko/copy.html").text
