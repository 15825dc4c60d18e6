"""Read the settings from environment variables, once, and report all problems together."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ticket_form.errors import ConfigurationError
from ticket_form.logs import LogFormat
from ticket_form.secrets.signing import derive_key, read_or_create_secret
from ticket_form.spam.file_budget import FileBudget
from ticket_form.spam.proof_of_work import MAX_BITS
from ticket_form.spam.verdict import Limits, Network
from ticket_form.storage.database import is_postgresql
from ticket_form.tickets.filetypes import FILE_TYPES
from ticket_form.tickets.uploads import MEGABYTE, FileLimits

PACKAGED_ROUTING = Path(__file__).parent / "routing.yml"
MIN_SECRET_CHARACTERS = 32
MIN_QUEUE_KEY_CHARACTERS = 16
MAX_KEEP_DAYS = 36_500  # a hundred years
MAPPED_BITS = 96  # before an address of IPv4 that is written as one of IPv6
LIMITS: Mapping[str, str] = {
    "minute": "TICKET_FORM_LIMIT_MINUTE",
    "hour": "TICKET_FORM_LIMIT_HOUR",
    "flood": "TICKET_FORM_LIMIT_FLOOD",
    "everyone": "TICKET_FORM_LIMIT_EVERYONE",
    "seconds": "TICKET_FORM_LIMIT_SECONDS",
    "work": "TICKET_FORM_WORK",
}


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
    keep_days: int = 180
    metrics: tuple[str, int] | None = None
    logs: LogFormat = LogFormat.TEXT
    files: FileLimits = field(default_factory=FileLimits)
    limits: Limits = field(default_factory=Limits)
    budget: FileBudget = field(default_factory=FileBudget)
    held_files_days: int = 14

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read the TICKET_FORM_* variables, or raise all their problems."""
        settings, problems = cls.read(env)
        if problems:
            raise ConfigurationError(*problems)
        return settings

    @classmethod
    def read(cls, env: Mapping[str, str]) -> tuple["Settings", list[str]]:
        """Read the variables as far as they are valid, and list all problems; an empty one counts as unset."""
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
            keep_days=_days(env, "TICKET_FORM_KEEP_DAYS", 180, problems),
            metrics=_metrics(env, problems),
            logs=_logs(env, problems),
            files=_files(env, problems),
            limits=_limits(env, problems),
            budget=_budget(env, problems),
            held_files_days=_days(env, "TICKET_FORM_HELD_FILES_DAYS", 14, problems),
        )
        return settings, problems


def database_path(env: Mapping[str, str]) -> Path | str:
    """Return the database: a path for SQLite or a URL for PostgreSQL."""
    given = env.get("TICKET_FORM_DATABASE") or "var/tickets.sqlite"
    return given if is_postgresql(given) else Path(given)


def _secret(env: Mapping[str, str], problems: list[str]) -> bytes:
    given = env.get("TICKET_FORM_SECRET_KEY")
    if given and len(given) < MIN_SECRET_CHARACTERS:
        problems.append(
            f"TICKET_FORM_SECRET_KEY: has {len(given)} characters, needs {MIN_SECRET_CHARACTERS}. "
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
    if given and len(given) < MIN_QUEUE_KEY_CHARACTERS:
        problems.append(
            f"TICKET_FORM_QUEUE_KEY: has {len(given)} characters, needs {MIN_QUEUE_KEY_CHARACTERS}. "
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


def _days(env: Mapping[str, str], name: str, usual: int, problems: list[str]) -> int:
    given = env.get(name) or str(usual)
    if given.isascii() and given.isdigit() and 1 <= int(given) <= MAX_KEEP_DAYS:
        return int(given)
    problems.append(f"{name}: {given!r} is no number of days. Give one from 1 to {MAX_KEEP_DAYS}.")
    return usual


def _metrics(env: Mapping[str, str], problems: list[str]) -> tuple[str, int] | None:
    given = env.get("TICKET_FORM_METRICS")
    if not given:
        return None
    host, _, port = given.rpartition(":")
    if host and port.isascii() and port.isdigit() and int(port) < 65536:
        return host.strip("[]"), int(port)
    problems.append(f"TICKET_FORM_METRICS: {given!r} is no address. Write it like 127.0.0.1:9101, or unset it.")
    return None


def _logs(env: Mapping[str, str], problems: list[str]) -> LogFormat:
    given = env.get("TICKET_FORM_LOGS") or LogFormat.TEXT
    if given in set(LogFormat):
        return LogFormat(given)
    problems.append(f"TICKET_FORM_LOGS: {given!r} is unknown. Write {' or '.join(LogFormat)}.")
    return LogFormat.TEXT


def _limits(env: Mapping[str, str], problems: list[str]) -> Limits:
    numbers: dict[str, int] = {}
    for name, variable in LIMITS.items():
        given = env.get(variable)
        if not given:
            continue
        if not (given.isascii() and given.isdigit() and len(given) < 8):
            problems.append(f"{variable}: {given!r} is not a number. Give one such as 60, or 0 to switch it off.")
        elif name == "work" and int(given) > MAX_BITS:
            problems.append(f"{variable}: {given} bits keep a visitor waiting. Give at most {MAX_BITS}, or 0 for none.")
        else:
            numbers[name] = int(given)
    return Limits(**numbers, networks=_networks(env, problems))


def _networks(env: Mapping[str, str], problems: list[str]) -> tuple[Network, ...]:
    networks = []
    for word in (env.get("TICKET_FORM_NETWORKS") or "").replace(",", " ").split():
        try:
            network = _unmapped(ipaddress.ip_network(word))
        except ValueError:
            problems.append(
                f"TICKET_FORM_NETWORKS: {word!r} is no network. Write its first address and its length, such as "
                "198.51.100.0/24 or 2001:db8::/32, or a single address."
            )
            continue
        if network.prefixlen == 0:
            problems.append(
                f"TICKET_FORM_NETWORKS: {word} is the whole internet. Name the company's own networks; "
                "to have no limits at all, set each of them to 0."
            )
        networks.append(network)
    return tuple(networks)


def _unmapped(network: Network) -> Network:
    """Return a network of IPv4 that is written within IPv6 (::ffff:198.51.100.0/120) as itself, as addresses are."""
    first = network.network_address
    if isinstance(first, ipaddress.IPv6Address) and first.ipv4_mapped and network.prefixlen >= MAPPED_BITS:
        return ipaddress.IPv4Network((first.ipv4_mapped, network.prefixlen - MAPPED_BITS))
    return network


def _files(env: Mapping[str, str], problems: list[str]) -> FileLimits:
    usual = FileLimits()
    return FileLimits(
        count=_number(env, "TICKET_FORM_FILES_COUNT", usual.count, problems),
        size=_number(env, "TICKET_FORM_FILES_SIZE", usual.size // MEGABYTE, problems) * MEGABYTE,
        total=_number(env, "TICKET_FORM_FILES_TOTAL", usual.total // MEGABYTE, problems) * MEGABYTE,
        types=_file_types(env, usual.types, problems),
    )


def _budget(env: Mapping[str, str], problems: list[str]) -> FileBudget:
    usual = FileBudget()
    reserve = env.get("TICKET_FORM_DISK_RESERVE")
    return FileBudget(
        network=_number(env, "TICKET_FORM_FILES_NETWORK_DAY", usual.network // MEGABYTE, problems) * MEGABYTE,
        everyone=_number(env, "TICKET_FORM_FILES_DAY", usual.everyone // MEGABYTE, problems) * MEGABYTE,
        reserve=_number(env, "TICKET_FORM_DISK_RESERVE", 1000, problems) * MEGABYTE if reserve else None,
    )


def _number(env: Mapping[str, str], name: str, usual: int, problems: list[str]) -> int:
    given = env.get(name) or str(usual)
    if given.isascii() and given.isdigit():
        return int(given)
    problems.append(f"{name}: {given!r} is not a number. Write one like {usual}, or unset it.")
    return usual


def _file_types(env: Mapping[str, str], usual: tuple[str, ...], problems: list[str]) -> tuple[str, ...]:
    given = env.get("TICKET_FORM_FILES_TYPES")
    if not given:
        return usual
    types = tuple(dict.fromkeys(word.lower().lstrip(".") for word in given.replace(",", " ").split()))
    unknown = [extension for extension in types if extension not in FILE_TYPES]
    if unknown:
        known = ", ".join(FILE_TYPES)
        problems.append(f"TICKET_FORM_FILES_TYPES: {', '.join(unknown)} cannot be checked. Choose from: {known}.")
    return tuple(extension for extension in types if extension in FILE_TYPES) or usual
