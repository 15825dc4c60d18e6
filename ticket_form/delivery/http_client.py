"""Send HTTP requests to other systems: to checked addresses, with limits on time and on the size of answers."""

import asyncio
import json
import logging
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path

import httpx

from ticket_form.errors import PermanentFailure, TemporaryFailure, Unreachable

REQUEST_TIMEOUT = 50.0  # seconds for one request; a channel sends up to three within the lease of a delivery
CONNECT_TIMEOUT = 5.0  # seconds
MAX_ANSWER_BYTES = 1_000_000
_MAX_REASON_CHARACTERS = 200
_MAX_RETRY_AFTER_SECONDS = 24 * 3600  # seconds
_NAT64 = IPv6Network("64:ff9b::/96")

# At level INFO httpx logs every URL, and the path of a webhook may be a secret.
logging.getLogger("httpx").setLevel(logging.WARNING)

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Iterable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response. `is_whole` is False when `body` was cut because it was too large or the connection broke.

    `wait` is the time of its Retry-After header.
    """

    status: int
    body: bytes = b""
    is_whole: bool = True
    wait: timedelta = timedelta(0)

    @property
    def is_success(self) -> bool:
        """Return whether the status is 2xx."""
        return 200 <= self.status < 300

    def read_json(self) -> object:
        """Return the body as JSON, or None if it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def resolve_name(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host name without duplicates, in the resolver's order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Return whether an IP address is globally routable, also when IPv6 embeds an IPv4 address."""
    given = _unwrap(ip_address(address.partition("%")[0]))
    is_site_local = isinstance(given, IPv6Address) and given.is_site_local
    return given.is_global and not (given.is_multicast or given.is_reserved or is_site_local)


def write_multipart(fields: Mapping[str, str], files: Iterable[tuple[str, str, str, bytes]]) -> tuple[str, bytes]:
    """Encode fields and files as multipart/form-data; return the content type and the body.

    A file is a tuple of field name, file name, media type and content.
    """
    parts = [(field, (name, content, media_type)) for field, name, media_type, content in files]
    request = httpx.Request("POST", "https://nowhere.invalid", data=dict(fields), files=parts)
    return request.headers["Content-Type"], request.read()


class Outgoing:
    """An HTTP client for other systems. Thread-safe.

    A name is resolved once for each request and the checked address is the one that is connected to, so a second DNS
    answer cannot differ (DNS rebinding). Redirects are not followed; proxies and cookies are not used.
    """

    def __init__(
        self, *, allow_private: bool, ca_file: Path | None = None, patience: float = REQUEST_TIMEOUT,
        resolve: Resolve = resolve_name,
    ) -> None:  # fmt: skip
        self._allow_private = allow_private
        self._patience = patience
        self._resolve = resolve
        self._trusted = ssl.create_default_context(cafile=ca_file)

    def ask(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes | None = None
    ) -> Answer:
        """Send one request and return the response, whatever its status.

        Raises:
            Unreachable: there was no response, or connections to the address are not allowed.
        """
        target = httpx.URL(url)
        addresses = self._addresses(target)
        try:
            return asyncio.run(self._ask_within_time(method, target, addresses, headers or {}, content))
        except TimeoutError as error:
            raise Unreachable(f"{target.host}: gave no answer in {self._patience:g} seconds.") from error
        except (httpx.HTTPError, OSError) as error:
            raise Unreachable(f"{target.host}: {_reason(error)}") from error

    def _addresses(self, target: httpx.URL) -> list[str]:
        try:
            found = list(self._resolve(target.host, _port(target)))
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"{target.host}: the name has no address ({_reason(error)}). Correct the url.") from error
        private = [address for address in found if not is_public(address)]
        if private and not self._allow_private:
            # One private address is enough: a name with both kinds is an attack or a mistake.
            raise Unreachable(
                f"{target.host}: has the private address {private[0]}. "
                'If the server is yours, add "allow_private: true" to the channel.'
            )
        return found

    async def _ask_within_time(
        self, method: str, target: httpx.URL, addresses: list[str], headers: Mapping[str, str], content: bytes | None
    ) -> Answer:
        deadline = asyncio.get_running_loop().time() + self._patience
        timeout = httpx.Timeout(self._patience, connect=CONNECT_TIMEOUT)
        async with httpx.AsyncClient(verify=self._trusted, trust_env=False, timeout=timeout) as client:
            async with asyncio.timeout_at(deadline):
                answer = await _send(client, method, target, addresses, headers, content)
            return await _read(answer, deadline=deadline)


def check_status(answer: Answer, *, place: str, cures: Mapping[int, str]) -> None:
    """Raise the delivery error that a response stands for, or return if it is a success.

    Raises:
        Unreachable: the server failed (5xx) or timed out (408).
        TemporaryFailure: the server is busy (425, 429).
        PermanentFailure: the request was rejected; `cures` maps a status to what an operator can do about it.
    """
    if answer.is_success:
        return
    reason = f"{place}: answered {answer.status}{_quote(answer)}."
    if answer.status >= 500 or answer.status == 408:
        raise Unreachable(reason, wait=answer.wait)
    if answer.status in (425, 429):
        raise TemporaryFailure(reason, wait=answer.wait)
    is_redirect = 300 <= answer.status < 400
    cure = "Set url to where the server really is; redirects are not followed." if is_redirect else ""
    raise PermanentFailure(f"{reason} {cures.get(answer.status, cure)}".rstrip())


async def _send(
    client: httpx.AsyncClient, method: str, target: httpx.URL, addresses: list[str], headers: Mapping[str, str],
    content: bytes | None,
) -> httpx.Response:  # fmt: skip
    """Send a request to the first address that can be connected to."""
    failure = httpx.ConnectError("no address")
    for address in addresses:
        request = client.build_request(
            method,
            target.copy_with(host=address),
            headers={**headers, "Host": target.netloc.decode("ascii"), "Accept-Encoding": "identity"},
            content=content,
            extensions={"sni_hostname": target.host},  # verify the certificate against the name, not the address
        )
        try:
            return await client.send(request, stream=True, follow_redirects=False)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            failure = httpx.ConnectError(_reason(error))
    raise failure


async def _read(answer: httpx.Response, *, deadline: float) -> Answer:
    """Read the body up to its limit. The status counts even if the body is incomplete."""
    body = bytearray()
    is_whole = False
    try:
        async with asyncio.timeout_at(deadline):
            async for chunk in answer.aiter_raw():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    break
            else:
                is_whole = True
    except (httpx.HTTPError, TimeoutError):
        pass
    await answer.aclose()
    return Answer(
        status=answer.status_code,
        body=bytes(body[:MAX_ANSWER_BYTES]),
        is_whole=is_whole,
        wait=read_wait(answer.headers.get("Retry-After", ""), now=datetime.now(UTC)),
    )


def read_wait(written: str, *, now: datetime) -> timedelta:
    """Return how long a Retry-After header (RFC 9110, 10.2.3) asks to wait: seconds or a date."""
    written = written.strip()
    if written.isascii() and written.isdigit():
        return timedelta(seconds=min(int(written[:9]), _MAX_RETRY_AFTER_SECONDS))
    try:
        wait = parsedate_to_datetime(written) - now
    except (TypeError, ValueError):
        return timedelta(0)
    return min(max(wait, timedelta(0)), timedelta(seconds=_MAX_RETRY_AFTER_SECONDS))


def _unwrap(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address embeds (NAT64, mapped, 6to4, Teredo), or the address."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


def _port(target: httpx.URL) -> int:
    return target.port or (443 if target.scheme == "https" else 80)


def _quote(answer: Answer) -> str:
    """Return the body of an error response if it is short plain text, for the operator."""
    said = answer.read_json()
    message = said.get("message") if isinstance(said, dict) else None
    if not isinstance(message, str):
        return ""
    plain = "".join(character if character.isprintable() else " " for character in message)
    return f" ({plain[:_MAX_REASON_CHARACTERS]})"


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
