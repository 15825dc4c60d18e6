"""Settings from the environment: read once, typed, all problems together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ticket_form.database import is_postgresql
from ticket_form.errors import ConfigurationError
from ticket_form.keys import derive_key, read_or_create_secret

PACKAGED_ROUTING = Path(__file__).parent / "routing.yml"
SHORTEST_SECRET = 32
SHORTEST_QUEUE_KEY = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an operator decides; see docs/settings.md."""

    site: Path
    database: Path | str = field(repr=False)
    secret_key: bytes = field(repr=False)
    queue_key: str = field(repr=False)
    routing: Path = PACKAGED_ROUTING
    proxies: int = 0
    base_url: str | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read the TICKET_FORM_* variables, or raise every problem they have."""
        settings, problems = cls.read(env)
        if problems:
            raise ConfigurationError(*problems)
        return settings

    @classmethod
    def read(cls, env: Mapping[str, str]) -> tuple["Settings", list[str]]:
        """Read the variables as far as they can be used, and list what is wrong; an empty one counts as unset."""
        problems: list[str] = []
        secret = _secret(env, problems)
        settings = cls(
            site=Path(env.get("TICKET_FORM_SITE") or "site"),
            database=database_path(env),
            routing=Path(env.get("TICKET_FORM_ROUTING") or PACKAGED_ROUTING),
            secret_key=secret,
            queue_key=_queue_key(env, secret, problems),
            proxies=_proxies(env, problems),
            base_url=_base_url(env, problems),
        )
        return settings, problems


def database_path(env: Mapping[str, str]) -> Path | str:
    """Return where the tickets are: a path, or an address of PostgreSQL."""
    given = env.get("TICKET_FORM_DATABASE") or "var/tickets.sqlite"
    return given if is_postgresql(given) else Path(given)


def _secret(env: Mapping[str, str], problems: list[str]) -> bytes:
    given = env.get("TICKET_FORM_SECRET_KEY")
    if given and len(given) < SHORTEST_SECRET:
        problems.append(
            f"TICKET_FORM_SECRET_KEY: has {len(given)} characters, needs {SHORTEST_SECRET}. "
            'Make one with "openssl rand -hex 32", or unset it to use TICKET_FORM_SECRET_FILE.'
        )
    if given:
        return given.encode()
    try:
        return read_or_create_secret(Path(env.get("TICKET_FORM_SECRET_FILE") or "var/secret"))
    except ConfigurationError as error:
        problems.extend(error.problems)
        return b""


def _queue_key(env: Mapping[str, str], secret: bytes, problems: list[str]) -> str:
    given = env.get("TICKET_FORM_QUEUE_KEY")
    if given and len(given) < SHORTEST_QUEUE_KEY:
        problems.append(
            f"TICKET_FORM_QUEUE_KEY: has {len(given)} characters, needs {SHORTEST_QUEUE_KEY}. "
            "Take a longer one, or unset it to have one derived from the secret."
        )
    return given or derive_key(secret, "queue key")


def _proxies(env: Mapping[str, str], problems: list[str]) -> int:
    given = env.get("TICKET_FORM_PROXIES") or "0"
    if given.isascii() and given.isdigit():
        return int(given)
    problems.append(
        f"TICKET_FORM_PROXIES: {given!r} is not a number. Give the number of proxies in front, 0 if there is none."
    )
    return 0


def _base_url(env: Mapping[str, str], problems: list[str]) -> str | None:
    given = env.get("TICKET_FORM_BASE_URL")
    if not given:
        return None
    try:
        parts = urlsplit(given)
        is_base = parts.scheme in ("http", "https") and parts.hostname and parts.path in ("", "/")
        is_base = is_base and not (parts.query or parts.fragment or parts.username) and parts.port != 0
    except ValueError:
        is_base = False
    if not is_base:
        problems.append(
            f"TICKET_FORM_BASE_URL: {given!r} is not the address of a site. Write it like https://help.example.com."
        )
    return given.rstrip("/")
