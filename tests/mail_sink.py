"""A mail server that takes everything, by another hand than ours: what it understood is what we said."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from servers import free_port


class Sink:
    """Keeps each envelope, and may demand a password."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.signed_in: list[str] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return "250 OK"

    def authenticate(self, _server: object, _session: object, _envelope: object, _mechanism: str, login: Any) -> Any:
        self.signed_in.append(f"{login.login.decode()}:{login.password.decode()}")
        return AuthResult(success=login.password == b"correct", handled=False)

    @property
    def messages(self) -> list[bytes]:
        return [cast(bytes, envelope.content) for envelope in self.envelopes]


@contextmanager
def serving(sink: Sink, **options: Any) -> Iterator[int]:
    port = free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
