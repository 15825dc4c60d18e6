"""Write tickets and post them as a browser does, many visitors at a time."""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from bench.tickets.desk import SECRET
from ticket_form.secrets.signed_receipts import read_receipt
from ticket_form.secrets.signing import new_form_key

BOUNDARY = "----------answerdesk-benchmark"
HEADERS = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
RECEIPT = "/ticket/received/"
FIELD = "files"
PATIENCE = 20.0  # seconds a visitor waits for an answer
LATER = (429, 503)  # press the button again
PAUSE = 0.1  # seconds before that
SHOWN = timedelta(minutes=1)  # how long ago a form was shown: nobody fills one in within a second
DESCRIPTION = "It worked yesterday and does not today. " * 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A ticket to be posted, which may be posted again as it is. No other has its subject."""

    subject: str
    form_key: str
    description: str = DESCRIPTION
    file: bytes = b""

    def body(self) -> bytes:
        """Return what a browser sends."""
        fields = {
            "lang": "en", "form_key": self.form_key, "category": "other", "subject": self.subject,
            "description": self.description, "email": "kim@example.com", "name": "Kim", "suggested": "1",
        }  # fmt: skip
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        if self.file:
            head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{FIELD}"; filename="log.txt"\r\n'
            parts += [head.encode(), b"Content-Type: text/plain\r\n\r\n", self.file, b"\r\n"]
        return b"".join((*parts, f"--{BOUNDARY}--\r\n".encode()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: no status if the connection broke, no reference if nothing was acknowledged."""

    status: int | None
    reference: str | None = None
    text: str = ""
    is_away: bool = False
    """Nobody listened, so nothing was sent."""


@dataclass(kw_only=True)
class Ledger:
    """What visitors know: which tickets were acknowledged, refused, or left without an answer."""

    acknowledged: dict[str, str] = field(default_factory=dict)  # subject to reference
    unanswered: list[Letter] = field(default_factory=list)
    broken: int = 0  # how many were sent and left without an answer
    away: int = 0  # how many met no server
    changed: int = 0  # acknowledged again with another reference
    refused: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, email: Letter, answer: Answer, seconds: float = 0.0) -> None:
        """Write down an answer."""
        with self._lock:
            if answer.reference:
                first = self.acknowledged.setdefault(email.subject, answer.reference)
                self.changed += first != answer.reference
                self.seconds.append(seconds)
            elif answer.status is None:
                self.broken += not answer.is_away
                self.away += answer.is_away
                self.unanswered.append(email)
            else:
                self.refused[answer.status] += 1

    def take_unanswered(self) -> list[Letter]:
        """Return what must be posted again, once."""
        with self._lock:
            taken, self.unanswered = self.unanswered, []
            return taken


def write_letters(name: str, *, description: str = DESCRIPTION, file: bytes = b"") -> Iterator[Letter]:
    """Write tickets without end; each name makes its own subjects."""
    for number in count():
        shown_at = datetime.now(UTC) - SHOWN
        key = new_form_key(secret=SECRET, now=shown_at)
        yield Letter(subject=f"{name} {number}", form_key=key, description=description, file=file)


class Visitor:
    """One connection that is opened again when it breaks."""

    def __init__(self, port: int, *, patience: float = PATIENCE) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)

    def post(self, email: Letter) -> Answer:
        """Post a ticket."""
        try:
            self._connection.request("POST", "/ticket", body=email.body(), headers=HEADERS)
            response = self._connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            return Answer(status=None, is_away=isinstance(error, ConnectionRefusedError))
        return Answer(status=response.status, reference=read_location(response.headers.get("Location")), text=text)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def read_location(location: str | None) -> str | None:
    """Return the reference in the address of a receipt."""
    if not location or RECEIPT not in location:
        return None
    receipt = read_receipt(location.partition(RECEIPT)[2], key=SECRET)
    return receipt.reference if receipt else None


class Crowd:
    """Visitors who post one ticket after another until told to end."""

    def __init__(self, port: int, ledger: Ledger, letters: Callable[[str], Iterator[Letter]], *, size: int = 8) -> None:
        self._port, self._ledger, self._letters = port, ledger, letters
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._post, args=(number,)) for number in range(size)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let each finish what it posts."""
        self._ended.set()

    def join(self) -> None:
        """Wait until all have ended."""
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _post(self, number: int) -> None:
        visitor, letters = Visitor(self._port), self._letters(f"{random.getrandbits(48):x}-{number}")
        email = next(letters)
        while not self._ended.is_set():
            begun = time.monotonic()
            answer = visitor.post(email)
            self._ledger.note(email, answer, time.monotonic() - begun)
            if answer.status is None:
                break  # the server is gone: it must start again first
            if answer.status in LATER:
                self._ended.wait(PAUSE)
            else:
                email = next(letters)
        visitor.close()


def post_again(port: int, ledger: Ledger) -> None:
    """Post what was left without an answer, as a visitor who presses the button again."""
    visitor = Visitor(port)
    for email in ledger.take_unanswered():
        ledger.note(email, visitor.post(email))
    visitor.close()
