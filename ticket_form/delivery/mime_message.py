"""Write MIME messages that are safe from header injection."""

import base64
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses

from email_validator import validate_email

from ticket_form.tickets.sanitise import clean_text
from ticket_form.tickets.ticket import Attachment, read_address

MAX_HEADER_CHARACTERS = 250  # characters of one value
MAX_FILE_NAME_CHARACTERS = 120  # of a file
MAX_LINE_CHARACTERS = 78  # characters (RFC 5322)
MAX_UNFOLDED_CHARACTERS = 66  # characters of a line after the header's name
MAX_ENCODED_WORD_BYTES = 42  # bytes, so that an encoded word fits into a line
BINARY = ("application", "octet-stream")

# 7 bit: every server accepts it, and none re-encodes it on the way.
_POLICY = SMTP.clone(cte_type="7bit")
# Not message/… nor multipart/…: a part of these must not be encoded, so its bytes could change on the way.
_MEDIA_TYPE = re.compile(r"(application|audio|font|image|text|video)/([a-z0-9][a-z0-9.+-]{0,80})")
_SPACES = ("Cc", "Zs", "Zl", "Zp")
_INVISIBLE = ("Cf", "Cs")
_JOINERS = "\u200c\u200d"  # needed in Persian and Indic words and in emoji sequences


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """An address in ASCII, with an optional display name."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        """Return what follows the @."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """The content of an e-mail, not yet encoded or made safe."""

    message_id: str
    written_at: datetime
    sender: Mailbox
    to: str
    subject: str
    body: str
    tag: str = ""
    """A prefix of the subject in ASCII; never encoded, so that simple filters match it."""
    reply_to: str = ""
    in_reply_to: str = ""
    files: tuple[Attachment, ...] = ()
    is_automatic: bool = False
    """An automatic reply (Auto-Submitted: auto-replied), which no machine should answer."""
    is_report: bool = False
    """Generated without a message to reply to (Auto-Submitted: auto-generated)."""


def write_email(email: Email) -> bytes:
    """Return the message in ASCII, as SMTP sends it. Of its headers only Subject holds visitor text."""
    headers = {
        "From": (*_name_words(email.sender.name), f"<{email.sender.address}>"),
        "To": (email.to,),
        "Subject": (email.tag, *_words(safe_header(email.subject))),
        "Date": (format_datetime(email.written_at.astimezone(UTC)),),
        "Message-ID": (email.message_id,),
        "Reply-To": (email.reply_to,),
        "In-Reply-To": (email.in_reply_to,),
        "References": (email.in_reply_to,),
        "Auto-Submitted": ("auto-replied" if email.is_automatic else "auto-generated" if email.is_report else "",),
        "Precedence": ("bulk" if email.is_automatic else "",),
    }
    lines = [_fold(f"{name}:", filter(None, words)) for name, words in headers.items() if any(words)]
    return "".join(lines).encode("ascii") + _content(email)


def safe_header(text: str, *, limit: int = MAX_HEADER_CHARACTERS) -> str:
    """Return text that cannot break out of one header and that all readers decode alike.

    Refusing line breaks is not enough: Python's own email package decodes an encoded word in a value that we set and
    writes the line breaks inside it into the message (CVE-2024-6923). So no encoded word begins here either.
    """
    shown = (" " if unicodedata.category(one) in _SPACES else one for one in text if not _is_invisible(one))
    line = " ".join("".join(shown).split()).replace("=?", "= ?")
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def read_mailbox(text: str) -> Mailbox | None:
    """Read "Name <address>" or an address alone; None if it is neither, or several."""
    found = getaddresses([text])
    if len(found) != 1:
        return None
    address = ascii_address(found[0][1])
    return Mailbox(address=address, name=safe_header(found[0][0])) if address else None


def ascii_address(typed: str) -> str | None:
    """Return an address in ASCII (IDNA domain), or None if it has no ASCII form."""
    address = read_address(typed)
    if address is None:
        return None
    return validate_email(address, check_deliverability=False, globally_deliverable=False).ascii_email


def is_message_id(text: str) -> bool:
    """Tell whether text is one Message-ID, safe in a header."""
    return re.fullmatch(r"<[A-Za-z0-9._+-]{1,100}@[A-Za-z0-9.-]{1,255}>", text) is not None


def safe_name(name: str) -> str:
    """Return a file name without folders, on one line, shortened in front of its extension."""
    line = safe_header(name.replace("\\", "/").rpartition("/")[2], limit=len(name) * 2 + 1)
    stem, dot, ending = line.rpartition(".")
    if dot and len(ending) <= 10:
        return safe_header(stem, limit=MAX_FILE_NAME_CHARACTERS - len(ending) - 1) + dot + ending if stem else line
    return safe_header(line, limit=MAX_FILE_NAME_CHARACTERS) or "file"


def _content(email: Email) -> bytes:
    message = EmailMessage(policy=_POLICY)
    message.set_content(clean_text(email.body) + "\n")
    for file in email.files:
        known = _MEDIA_TYPE.fullmatch(file.media_type)
        main, sub = known.groups() if known else BINARY
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=safe_name(file.name))
    return message.as_bytes()


def _fold(line: str, words: Iterable[str]) -> str:
    folded = []
    for word in words:
        if len(line) + 1 + len(word) > MAX_LINE_CHARACTERS:
            folded.append(line)
            line = ""
        line = f"{line} {word}"
    return "".join(f"{part}\r\n" for part in (*folded, line))


def _words(text: str) -> Iterator[str]:
    """Yield text as it is if it is short ASCII, else as encoded words (RFC 2047), each of whole characters.

    Python's own folding loses spaces between words of other scripts.
    """
    if text.isascii() and len(text) <= MAX_UNFOLDED_CHARACTERS:
        yield text
        return
    word = b""
    for character in text:
        written = character.encode()
        if len(word) + len(written) > MAX_ENCODED_WORD_BYTES:
            yield _encoded(word)
            word = b""
        word += written
    yield _encoded(word)


def _encoded(word: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(word).decode()}?="


def _name_words(name: str) -> Iterator[str]:
    if name.isascii():
        yield '"{}"'.format(re.sub(r'(["\\\\])', r"\\\1", name)) if name else ""
    else:
        yield from _words(name)


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE and character not in _JOINERS
