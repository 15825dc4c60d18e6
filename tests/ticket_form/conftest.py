"""A built site, an app and a visitor."""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from servers import MIGRATED
from werkzeug.test import TestResponse

from answerdesk.search import Document, Section, build_index, write_index
from ticket_form.secrets.signing import new_form_key
from ticket_form.settings import Settings
from ticket_form.spam.verdict import OFF
from ticket_form.storage.database import Database, open_database
from ticket_form.storage.ticket_store import accept, list_tickets
from ticket_form.tickets.routing import Queue, Route
from ticket_form.tickets.ticket import Attachment, Ticket, TicketDraft
from ticket_form.tickets.trail import Trail
from ticket_form.web.app import create_app
from ticket_form.web.services import EXTENSION, Services

LANGUAGES = {
    "en": ("English", "ltr"),
    "zh-Hans": ("简体中文", "ltr"),
    "zh-Hant": ("繁體中文", "ltr"),
    "ko": ("한국어", "ltr"),
    "tr": ("Türkçe", "ltr"),
    "ar": ("العربية", "rtl"),
}
CATEGORIES = ("account", "network", "email", "files", "devices", "meetings", "security", "software", "people")
PORTAL = {
    "format": 1,
    "name": {"en": "Example help", "ko": "예시 도움말"},
    "company": {"en": "Example Company", "ko": "예시 회사"},
    "phone": {"en": "+1 555 0100"},
    "hours": {"en": "Monday to Friday, 8:00 to 18:00"},
    "accent": "#0b5cad",
    "languages": [{"code": code, "name": name, "direction": way} for code, (name, way) in LANGUAGES.items()],
    "categories": [{"id": name, "names": {"en": f"About {name}", "ko": f"{name} 분야"}} for name in CATEGORIES],
    "assets": "assets/3fa9c1d2",
}
SECRET = b"a secret of at least thirty-two bytes"
FORM = {
    "lang": "en",
    "category": "network",
    "subject": "VPN drops",
    "description": "It worked yesterday.\nNow it does not.",
    "email": "kim@example.com",
    "name": "Kim",
}
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Visitor(FlaskClient):
    """A client that reads each answer to its end, so that no file stays open."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """Send a request."""
        return super().open(*args, **{"buffered": True, **options})


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the smallest site in six languages, once."""
    root = tmp_path_factory.mktemp("built") / "site"
    for code in LANGUAGES:
        _write(root / code / "index.html", f"<h1>home {code}</h1>")
        _write(root / code / "404.html", f"<h1>nothing here {code}</h1>")
        _write(root / code / "account/forgot-password/index.html", "<h1>Reset</h1>")
        _write(root / code / "assets/3fa9c1d2/portal.css", ":root { --accent: #0b5cad; }")
    _write(root / "index.html", "<h1>Choose a language</h1>")
    _write(root / "portal.json", json.dumps(PORTAL))
    for code, title in (("en", "Reset a forgotten password"), ("ko", "잊어버린 암호 재설정")):
        write_index(build_index(_documents(title), code), root / code / "search")
    return root


@pytest.fixture(scope="session")
def empty_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a SQLite file with all tables, once: to migrate takes longer than most tests."""
    file = tmp_path_factory.mktemp("empty") / "tickets.sqlite"
    open_database(file).close()
    return file


@pytest.fixture
def site(tmp_path: Path, built_site: Path) -> Path:
    """Give a site of a test's own."""
    _write(tmp_path / "secret.txt", "outside the site")
    return Path(shutil.copytree(built_site, tmp_path / "site"))


@pytest.fixture
def settings(tmp_path: Path, site: Path, empty_desk: Path) -> Settings:
    """Give the settings of a desk of its own."""
    _copy_desk(empty_desk, tmp_path)
    return Settings(
        site=site,
        database=tmp_path / "var" / "tickets.sqlite",
        secret_key=SECRET,
        queue_key="the key of the agents",
        limits=OFF,  # tests are quicker than people
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, empty_desk: Path) -> Path | str:
    """Give the address of a database without tickets, of each kind in turn."""
    if request.param == "sqlite":
        return _copy_desk(empty_desk, tmp_path)
    return str(request.getfixturevalue("postgresql_server").new_database(template=MIGRATED))


@pytest.fixture
def database(place: Path | str) -> Iterator[Database]:
    """Open a database, of each kind in turn."""
    opened = open_database(place)
    yield opened
    opened.close()


@pytest.fixture
def take(database: Database) -> Callable[..., str]:
    """Store a ticket with one file: `take("AD-1", "mail", "rt", acknowledge_by="mail")`."""
    draft = TicketDraft(
        language="en", category="network", subject="VPN", description="It drops.", email="kim@example.com", name="Kim",
        trail=Trail(),
        attachments=(Attachment(name="log.txt", media_type="text/plain", size=3, sha256="f" * 64, content=b"log"),),
    )  # fmt: skip

    def take_ticket(reference: str = "AD-1", *channels: str, now: datetime = NOW, **options: Any) -> str:
        queue = Queue(id="network", names={}, level="L1")
        return accept(
            database, draft, destination=Route(queue=queue, channels=channels), reference=reference,
            form_key=f"key of {reference}", now=now, **options,
        )  # fmt: skip

    return take_ticket


@pytest.fixture
def make_app(settings: Settings) -> Iterator[Callable[..., Flask]]:
    """Make apps with changed settings, and close their databases."""
    apps: list[Flask] = []

    def make(**changes: object) -> Flask:
        app = create_app(replace(settings, **changes))  # type: ignore[arg-type]
        app.test_client_class = Visitor
        apps.append(app)
        return app

    yield make
    for app in apps:
        house_of(app).database.close()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """Make the app."""
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Visit the app."""
    return app.test_client()


@pytest.fixture
def services(app: Flask) -> Services:
    """Look behind the app."""
    return house_of(app)


@pytest.fixture
def new_key() -> Callable[[], str]:
    """Make form keys, as of forms that were shown a minute ago: time enough to write."""
    return lambda: new_form_key(secret=SECRET, now=datetime.now(UTC) - timedelta(minutes=1))


@pytest.fixture
def form_key(new_key: Callable[[], str]) -> str:
    """Give the form key that `send` uses unless told otherwise."""
    return new_key()


@pytest.fixture
def send(client: FlaskClient, form_key: str) -> Callable[..., TestResponse]:
    """Send the form, with some fields changed; None leaves one out."""

    def send_form(*, headers: dict[str, str] | None = None, **changes: object) -> TestResponse:
        form = {**FORM, "form_key": form_key, **changes}
        fields = {name: value for name, value in form.items() if value is not None}
        body, kind = encode_form(fields) if "files" in fields else (fields, None)
        return client.post("/ticket", data=body, headers=headers, content_type=kind)

    return send_form


@pytest.fixture
def encode() -> Callable[[Mapping[str, Any]], tuple[bytes, str]]:
    """Give what writes a form with files as browsers do, and names its type."""
    return encode_form


def encode_form(fields: Mapping[str, Any]) -> tuple[bytes, str]:
    """Write a form with files as browsers do; Werkzeug's client leaves out a line break where a value is empty."""
    parts = []
    for name, values in fields.items():
        for value in values if isinstance(values, list) else [values]:
            stream, file_name = value if isinstance(value, tuple) else (BytesIO(str(value).encode()), None)
            written = (file_name or "").replace('"', "%22")
            more = "" if file_name is None else f'; filename="{written}"\r\nContent-Type: application/octet-stream'
            head = f'--b7\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
            parts.append(head.encode() + stream.read() + b"\r\n")
            stream.seek(0)
    return b"".join(parts) + b"--b7--\r\n", "multipart/form-data; boundary=b7"


@pytest.fixture
def stored(services: Services) -> Callable[[], tuple[Ticket, ...]]:
    """Read all tickets, newest first."""
    return lambda: list_tickets(services.database).tickets


def house_of(app: Flask) -> Services:
    """Return the house of an app."""
    services = app.extensions[EXTENSION]
    assert isinstance(services, Services)
    return services


def _documents(title: str) -> list[Document]:
    text = f"{title}. Choose a new password yourself with your phone."
    return [
        Document(
            url="account/forgot-password/",
            title=title,
            summary="Choose a new password.",
            breadcrumb=("Example help", "Sign-in & passwords"),
            sections=(Section(text=text),),
        ),
        Document(url="network/vpn/", title="VPN <script>", sections=(Section(text="The tunnel <img src=x> drops."),)),
    ]


def _copy_desk(empty: Path, folder: Path) -> Path:
    file = folder / "var" / "tickets.sqlite"
    file.parent.mkdir(mode=0o700, exist_ok=True)
    return Path(shutil.copy(empty, file))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@pytest.fixture
def free_of_loops() -> Iterator[None]:
    """Hide Playwright's event loop, which stays in the thread of every later test: channels run loops of their own."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)
