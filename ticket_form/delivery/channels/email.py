"""Send tickets by e-mail, and acknowledge them to visitors."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ticket_form.delivery.channels.options import Options
from ticket_form.delivery.channels.text import write_entry, write_ticket
from ticket_form.delivery.mime_message import Email, Mailbox, ascii_address, is_message_id, read_mailbox, write_email
from ticket_form.delivery.smtp import STANDARD_PORTS, MailServer, RecipientRefused, Security
from ticket_form.errors import PermanentFailure
from ticket_form.i18n.messages import Words, load_words, words_for
from ticket_form.tickets.delivery_contract import OutboundMessage, Promise, Purpose

ANY_DOMAIN = "*"
REPORT_TAG = "[Help desk]"  # prefix of the subject of operator reports, for mail filters
_HOST = re.compile(r"[A-Za-z0-9._:-]+")
# Role and machine addresses: never acknowledged.
_NOBODY = re.compile(
    r"(mailer[-._]?daemon|postmaster|(no|do[-._]?not)[-._]?reply|bounces?|daemon|nobody|majordomo|listserv|mailman|"
    r"auto[-._]?reply)([-._+].*)?|(owner|bounces?)-.*|.*-(owner|request|bounces?|list|join|leave|subscribe|unsubscribe)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Upper limits on acknowledgement e-mails."""

    address_hour: int = 1
    address_day: int = 3
    domain_hour: int = 200
    total_hour: int = 1000


def _uncounted(*_asked: str) -> bool:
    raise RuntimeError("acknowledgements are sent only where they are counted: call count_acknowledgements first")


@dataclass(slots=True, kw_only=True)
class EmailChannel:
    """Sends each delivery as one e-mail, with the same Message-ID at every attempt."""

    server: MailServer
    sender: Mailbox
    to: str
    words: Mapping[str, Words] = field(default_factory=load_words, repr=False)
    acknowledge_domains: frozenset[str] = frozenset()
    caps: Caps = Caps()
    may_acknowledge: Callable[[str, str], bool] = field(default=_uncounted, repr=False)
    """Called with the visitor's address and the delivery's key; idempotent for each delivery."""
    promise: Promise = Promise.AT_LEAST_ONCE
    acknowledges: bool = True

    def send(self, message: OutboundMessage) -> str:
        """Deliver and return the Message-ID, or the reason why no acknowledgement is sent."""
        if message.purpose == Purpose.ACKNOWLEDGEMENT:
            return self._acknowledge(message)
        email = self.write(message)
        self.server.deliver(write_email(email), sender=self.sender.address, recipient=self.to)
        return email.message_id

    def check(self) -> str:
        """Ask the mail server whether it would accept a ticket."""
        return self.server.check(sender=self.sender.address, recipient=self.to)

    def report(self, subject: str, body: str, *, key: str, written_at: datetime) -> str:
        """Send an operator report and return its Message-ID, which is the same for the same key."""
        email = Email(
            message_id=f"<report.{_digest(key)}@{self.sender.domain}>",
            written_at=written_at,
            sender=self.sender,
            to=self.to,
            tag=REPORT_TAG,
            subject=subject,
            body=body,
            is_report=True,
        )
        self.server.deliver(write_email(email), sender=self.sender.address, recipient=self.to)
        return email.message_id

    def write(self, message: OutboundMessage) -> Email:
        """Write the e-mail for a ticket or an entry; Reply-To is the visitor.

        It is not marked as auto-submitted, since a person wrote it and help desks drop such mail.
        """
        entry, draft = message.entry, message.ticket.draft
        return Email(
            message_id=self._message_id(message),
            written_at=entry.created_at if entry else message.ticket.created_at,
            sender=self.sender,
            to=self.to,
            reply_to=ascii_address(draft.email) or "",
            in_reply_to=message.remote if is_message_id(message.remote) else "",
            tag=message.tag,
            subject=draft.subject,
            body=write_ticket(message) if message.purpose == Purpose.TICKET else write_entry(message),
            files=message.files,
        )

    def _acknowledge(self, message: OutboundMessage) -> str:
        address = ascii_address(message.ticket.draft.email) or ""
        reason = self._reason_against(address, message)
        if reason:
            return f"not sent: {reason}"
        email = self._write_acknowledgement(message, address)
        try:
            # A null envelope sender: no bounce goes to us, or to somebody whose address was misused.
            self.server.deliver(write_email(email), sender="", recipient=address)
        except RecipientRefused as error:
            # The visitor mistyped the address. No operator can correct that, so it is not a dead delivery.
            return f"not sent: {error}"
        return email.message_id

    def _write_acknowledgement(self, message: OutboundMessage, address: str) -> Email:
        """Write an acknowledgement without the visitor's text: the address may belong to somebody else."""
        words, reference = words_for(message.ticket.draft.language, self.words), message.ticket.reference
        return Email(
            message_id=self._message_id(message),
            written_at=message.ticket.created_at,
            sender=self.sender,
            to=address,
            tag=message.tag,
            subject=words.plain("ack_subject"),
            body=words.plain("ack_body", reference=reference, url=message.status_url),
            is_automatic=True,
        )

    def _reason_against(self, address: str, message: OutboundMessage) -> str:
        """Return why no acknowledgement is sent, or an empty text."""
        local, _, domain = address.lower().rpartition("@")
        if not address:
            return "the address cannot be written in ASCII"
        if _NOBODY.fullmatch(local) or address.lower() in (self.sender.address.lower(), self.to.lower()):
            return "the address is read by a machine, by a list or by this help desk"
        if ANY_DOMAIN not in self.acknowledge_domains and domain not in self.acknowledge_domains:
            return "its domain is not in acknowledge_domains"
        if not message.status_url:
            raise PermanentFailure(
                "an acknowledgement has no address of a status page. Set TICKET_FORM_BASE_URL and replay the delivery."
            )
        return "" if self.may_acknowledge(address, message.key) else "there were enough for this hour or day"

    def _message_id(self, message: OutboundMessage) -> str:
        return f"<{message.ticket.reference}.{_digest(message.key)}@{self.sender.domain}>"


def _digest(key: str) -> str:
    # A hash: the key contains a row number, and Message-IDs are public.
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def open_email(name: str, options: Mapping[str, object], env: Mapping[str, str]) -> EmailChannel:
    """Open a channel of kind "email".

    Raises:
        ConfigurationError: with every problem of its options.
    """
    given = Options(name, options, env)
    security = Security(given.choice("security", Security.STARTTLS, choices=tuple(Security)))
    host = given.text("host", example="mail.example.com")
    if host and not _HOST.fullmatch(host):
        given.problem(f"host is {host!r}. Write the name of a mail server alone, such as mail.example.com.")
    username = given.text("username", "")
    password = given.secret("password", default=None if username else "")
    if not (username + password).isascii():
        given.problem("username or password has letters that mail servers do not understand. Choose ASCII ones.")
    sender, recipient = _read_address(given, "from"), _read_address(given, "to")
    channel = EmailChannel(
        server=MailServer(
            host=host,
            port=given.number("port", STANDARD_PORTS[security], least=1, most=65535),
            security=security,
            username=username,
            password=password,
            ca_file=given.ca_file("ca_file"),
            patience=float(given.number("patience", 20, least=1, most=30)),
        ),
        sender=sender,
        to=recipient.address,
        acknowledge_domains=_read_domains(given, sender),
        caps=Caps(
            address_hour=given.number("acknowledge_address_hour", Caps().address_hour, least=0, most=10),
            address_day=given.number("acknowledge_address_day", Caps().address_day, least=0, most=100),
            domain_hour=given.number("acknowledge_domain_hour", Caps().domain_hour, least=0, most=1_000_000),
            total_hour=given.number("acknowledge_total_hour", Caps().total_hour, least=0, most=1_000_000),
        ),
    )
    if username and security == Security.NONE:
        given.problem('security is "none", which would show the password to everybody. Write starttls or tls.')
    given.finish()
    return channel


def _read_address(given: Options, key: str) -> Mailbox:
    text = given.text(key, example="help@example.com")
    mailbox = read_mailbox(text)
    if text and mailbox is None:
        given.problem(f"{key} is {text!r}. Write one address; for several people, that of a mailing list.")
    return mailbox or Mailbox(address="")


def _read_domains(given: Options, sender: Mailbox) -> frozenset[str]:
    """Read the domains that acknowledgements are sent to: by default the sender's own alone."""
    found = set()
    for domain in given.texts("acknowledge_domains", [sender.domain] if sender.domain else []):
        address = ascii_address(f"somebody@{domain}")
        if domain != ANY_DOMAIN and address is None:
            given.problem(f'acknowledge_domains: {domain!r} is no domain. Write it like example.com, or "*" for all.')
        found.add(address.rpartition("@")[2].lower() if address else domain)
    return frozenset(found)
