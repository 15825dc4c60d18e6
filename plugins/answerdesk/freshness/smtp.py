"""Hand mails to a mail server, named by a URL: smtp:// with STARTTLS, smtps:// with TLS from the first byte."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from answerdesk.articles.errors import ContentError

URL = "ANSWERDESK_SMTP_URL"
SENDER = "ANSWERDESK_MAIL_FROM"
PORTS = {"smtp": 587, "smtps": 465}
STEP_TIMEOUT = 30.0  # seconds for each step
FORM = (
    "Write it as smtp://user:password@host:587, or smtps:// for TLS from the start; percent-encode @ : / in passwords"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """A mail server; without `is_protected` the connection is open, which only a server on this machine should be."""

    host: str
    port: int
    scheme: str = "smtp"
    user: str = ""
    password: str = field(default="", repr=False)
    is_protected: bool = True

    def send(self, messages: Sequence[EmailMessage]) -> Iterator[tuple[EmailMessage, str]]:
        """Send mails, and yield each with what the server said against it, or nothing.

        Raises:
            ContentError: the server cannot be reached, or does not take us.
        """
        try:
            smtp = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise ContentError(f"{self.host}:{self.port}: {_reason(error)}. Mend {URL}, or the server.") from error
        with suppress(smtplib.SMTPServerDisconnected), smtp:  # our farewell may come too late
            for message in messages:
                yield message, _send(smtp, message)

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=STEP_TIMEOUT, context=context)
        else:
            smtp = smtplib.SMTP(self.host, self.port, timeout=STEP_TIMEOUT)
        try:
            if self.scheme == "smtp" and self.is_protected:
                smtp.starttls(context=context)
            if self.user:
                smtp.login(self.user, self.password)
        except BaseException:
            smtp.close()
            raise
        return smtp


def read_server(url: str) -> SmtpServer:
    """Read a mail server's URL; its password is in no message.

    Raises:
        ContentError: it is none.
    """
    if not url:
        raise ContentError(f"{URL} is missing. {FORM}.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ContentError(f"{URL} is no address of a mail server. {FORM}.") from error
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.fragment:
        raise ContentError(f"{URL} is no address of a mail server. {FORM}.")
    if parts.query not in ("", "security=none"):
        raise ContentError(f"{URL}: what stands behind ? is not known. Write ?security=none, or nothing.")
    is_protected = not parts.query
    if parts.username and not is_protected and parts.scheme == "smtp":
        raise ContentError(f"{URL}: security=none would show the password to everybody. Take it out.")
    return SmtpServer(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        scheme=parts.scheme,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_protected=is_protected,
    )


def read_sender(text: str) -> Address:
    """Read the sender's address.

    Raises:
        ContentError: it is none.
    """
    cure = "Write an address, such as help-articles@example.com."
    if not text:
        raise ContentError(f"{SENDER} is missing. {cure}")
    try:
        address = Address(addr_spec=text)
    except (MessageError, ValueError, IndexError) as error:
        raise ContentError(f"{SENDER} is {text!r}. {cure}") from error
    if not address.domain:
        raise ContentError(f"{SENDER} is {text!r}. {cure}")
    return address


def _send(smtp: smtplib.SMTP, message: EmailMessage) -> str:
    try:
        smtp.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        return _reason(error)
    return ""


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"it refuses the user name or the password ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {text.decode('utf-8', 'replace')}" for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{error} (it does not protect the connection: STARTTLS is missing)"
    return str(error) or type(error).__name__
