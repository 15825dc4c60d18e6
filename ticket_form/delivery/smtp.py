"""Submit one message to a mail server, and tell by the exception whether it may have been accepted."""

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from ticket_form.errors import DeliveryError, PermanentFailure, TemporaryFailure, Unreachable

STEP_TIMEOUT = 20.0  # seconds for each step
DATA_TIMEOUT = 90.0  # to send the message and wait for its acceptance: filters may inspect it first
QUIT_TIMEOUT = 3.0
MAX_SESSION_SECONDS = 140.0  # for everything after the connection; a delivery's lease is longer

LEAVING = 421
DEMANDS_SIGN_IN = 530
THE_MESSAGE = "the message"
_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>]+>?")


class Security(StrEnum):
    """How the connection is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


STANDARD_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


class RecipientRefused(PermanentFailure):
    """Correct the address: the server takes nothing for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A mail server that relays our messages."""

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    """Certificates that are trusted in place of the system's."""
    patience: float = STEP_TIMEOUT

    def deliver(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Submit a message; when this returns, the server has accepted responsibility for it.

        Raises:
            Unreachable: the server accepts nothing now, or its certificate is not trusted.
            TemporaryFailure: it does not accept this message now, or its last reply was lost.
            PermanentFailure: it rejects this message for good.
        """
        with self._session() as smtp:
            self._demand_room(smtp, len(message))
            self._address(smtp, sender=sender, recipient=recipient, size=len(message))
            self._transmit(smtp, message)

    def check(self, *, sender: str, recipient: str) -> str:
        """Check that the server would accept a message, without sending one; return a line about it."""
        with self._session() as smtp:
            self._address(smtp, sender=sender, recipient=recipient, size=0)
            limit = _size_limit(smtp)
        size = f"messages up to {limit // 1_000_000} MB" if limit else "messages of any size"
        return f"{self._where} ({self.security}) takes {size} for {recipient}"

    @property
    def _where(self) -> str:
        return f"{self.host}:{self.port}"

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        smtp = self._connect()
        # Each step has a time-out, but a server can cause many steps.
        guard = threading.Timer(MAX_SESSION_SECONDS, _cut, [smtp])
        guard.daemon = True
        guard.start()
        try:
            self._greet(smtp)
            yield smtp
            # The message was accepted: a failing QUIT must not cause a second delivery.
            with suppress(OSError):
                _wait_at_most(smtp, QUIT_TIMEOUT)
                smtp.quit()
        finally:
            guard.cancel()
            smtp.close()

    def _connect(self) -> smtplib.SMTP:
        try:
            if self.security == Security.TLS:
                return smtplib.SMTP_SSL(self.host, self.port, timeout=self.patience, context=self._trust())
            return smtplib.SMTP(self.host, self.port, timeout=self.patience)
        except OSError as error:  # smtplib's own errors and those of TLS too
            raise self._unreachable(error) from error

    def _greet(self, smtp: smtplib.SMTP) -> None:
        try:
            if self.security == Security.STARTTLS:
                smtp.starttls(context=self._trust())
            smtp.ehlo_or_helo_if_needed()
            if self.username:
                smtp.login(self.username, self.password)
        except OSError as error:
            raise self._unreachable(error) from error

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca_file)

    def _demand_room(self, smtp: smtplib.SMTP, size: int) -> None:
        limit = _size_limit(smtp)
        if limit and size > limit:
            raise PermanentFailure(
                f"{self._where}: takes messages up to {limit} bytes, and this one has {size} with its files. "
                "Raise the server's limit (message_size_limit in Postfix) and replay the delivery."
            )

    def _address(self, smtp: smtplib.SMTP, *, sender: str, recipient: str, size: int) -> None:
        options = [f"size={size}"] if size and smtp.has_extn("size") else []
        try:
            self._demand(smtp.mail(sender, options), step="the sender")
            code, reply = smtp.rcpt(recipient)
        except OSError as error:
            raise self._unreachable(error) from error
        if code // 100 == 5 and code != DEMANDS_SIGN_IN:
            raise RecipientRefused(self._says(code, reply, "the recipient"))
        self._demand((code, reply), step="the recipient")

    def _transmit(self, smtp: smtplib.SMTP, message: bytes) -> None:
        _wait_at_most(smtp, max(self.patience, DATA_TIMEOUT))
        try:
            self._demand(smtp.data(message), step=THE_MESSAGE)
        except smtplib.SMTPDataError as error:  # rejected at the DATA command
            self._demand((error.smtp_code, error.smtp_error), step=THE_MESSAGE)
            raise TemporaryFailure(f"{self._where}: expected 354 and got {error.smtp_code}") from error
        except OSError as error:
            raise TemporaryFailure(f"{self._where}: its answer to the message was lost ({_reason(error)})") from error

    def _demand(self, answer: tuple[int, bytes | str], *, step: str) -> None:
        code, reply = answer
        if code // 100 in (2, 3):
            return
        # Never Unreachable once the server has the message: one that breaks it must not block all others.
        failure: type[DeliveryError] = PermanentFailure if code // 100 == 5 else TemporaryFailure
        is_for_all = code in (LEAVING, DEMANDS_SIGN_IN) and step != THE_MESSAGE
        raise (Unreachable if is_for_all else failure)(self._says(code, reply, step))

    def _says(self, code: int, reply: bytes | str, step: str) -> str:
        return f"{self._where}: answered {code} to {step}: {_line(reply)}"

    def _unreachable(self, error: OSError) -> Unreachable:
        cure = ""
        if isinstance(error, ssl.SSLCertVerificationError):
            cure = " Give it a certificate for this host, or name its authority with ca_file."
        elif isinstance(error, smtplib.SMTPNotSupportedError):
            cure = f" Correct security, which is {self.security}, or username."
        elif isinstance(error, smtplib.SMTPAuthenticationError):
            cure = " Correct username or password."
        return Unreachable(f"{self._where}: {_reason(error)}.{cure}")


def _size_limit(smtp: smtplib.SMTP) -> int:
    """Return the server's SIZE limit in bytes; 0 if it states none."""
    said = smtp.esmtp_features.get("size", "")
    return int(said) if said.isascii() and said.isdigit() else 0


def _wait_at_most(smtp: smtplib.SMTP, seconds: float) -> None:
    if smtp.sock:
        smtp.sock.settimeout(seconds)


def _cut(smtp: smtplib.SMTP) -> None:
    connection = smtp.sock
    if connection:
        with suppress(OSError):  # closed meanwhile
            connection.shutdown(socket.SHUT_RDWR)


def _reason(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"answered {error.smtp_code}: {_line(error.smtp_error)}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"has a certificate that we do not trust ({error.verify_message.rstrip('.')})"
    return (error.strerror or str(error) or type(error).__name__).rstrip(".")


def _line(reply: bytes | str) -> str:
    """Return a server's reply on one line and without addresses, for logs."""
    text = reply.decode("ascii", "replace") if isinstance(reply, bytes) else reply
    return _ADDRESS.sub("<…>", " ".join(text.split()))[:200]
