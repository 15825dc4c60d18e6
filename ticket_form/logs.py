"""Configure logging: logs tell operators what happened and nothing about visitors.

Visitor text, identities and secrets in URLs are never logged: of an error the type and the source locations are logged
but not its message, which may quote a visitor; in messages, addresses and secrets are masked.
"""

import json
import logging
import re
import sys
import threading
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from types import TracebackType
from typing import TextIO

request_id: ContextVar[str] = ContextVar("request_id", default="")

_FIELDS = "fields"
_MASKS = (
    (re.compile(r"[^\s<>\"',;:()=]+@[^\s<>\"',;:()]+"), "<address>"),
    (re.compile(r"(/ticket/[a-z]+/)[^\s\"'/]+"), r"\1<secret>"),
    (re.compile(r"([?&](?:key|q|subject)=)[^\s&\"']+"), r"\1<secret>"),
    # waitress logs the path of the request.
    (re.compile(r"((?:serving|serving:) )\S+"), r"\1<path>"),
)
# These log the URL of every request, or log it a second time.
_QUIET = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "alembic": logging.WARNING,
    "waitress.queue": logging.ERROR,  # a queued request is not worth a line; refused ones are counted
}

Failure = tuple[type[BaseException], BaseException, TracebackType | None]


class LogFormat(StrEnum):
    """The format of logs."""

    TEXT = "text"  # for people: warnings and errors
    JSON = "json"  # for a collector: requests too


def set_up_logs(kind: LogFormat, stream: TextIO = sys.stderr) -> None:
    """Log to a stream, uncaught exceptions included."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter() if kind is LogFormat.JSON else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if kind is LogFormat.JSON else logging.WARNING)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)
    threading.excepthook = _log_thread_failure
    sys.excepthook = _log_failure


def event(message: str, **fields: object) -> tuple[str, dict[str, dict[str, object]]]:
    """Return a message and its `extra` fields, as arguments for a logger's method."""
    return message, {_FIELDS: fields}


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of ASCII JSON, so that values cannot forge lines."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the formatted record."""
        return json.dumps(_told(record), default=str)


class TextFormatter(logging.Formatter):
    """Formats a record as one line for people, with the same content."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the formatted record."""
        told = _told(record)
        head = " ".join(str(told.pop(name)) for name in ("time", "level", "logger", "message"))
        tail = "".join(f" {name}={value}" for name, value in told.items())
        return _one_line(head + tail)


def mask(text: str) -> str:
    """Mask e-mail addresses and secrets in a text."""
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text


def places_of(failure: BaseException) -> list[str]:
    """Return types and source locations of an exception and its causes, without their messages."""
    found: list[str] = []
    seen: set[int] = set()
    error: BaseException | None = failure
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        found.append(type(error).__qualname__)
        found += [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        error = error.__cause__ or error.__context__
    return found


def _told(record: logging.LogRecord) -> dict[str, object]:
    time = datetime.fromtimestamp(record.created, UTC)
    told: dict[str, object] = {
        "time": f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03}Z",
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": mask(record.getMessage()),
    }
    if request_id.get():
        told["request_id"] = request_id.get()
    fields = getattr(record, _FIELDS, None)
    if isinstance(fields, dict):
        told |= {name: mask(value) if isinstance(value, str) else value for name, value in fields.items()}
    if record.exc_info and record.exc_info[1]:
        told["error"] = places_of(record.exc_info[1])
    return told


def _one_line(text: str) -> str:
    return "".join(email if email.isprintable() else email.encode("unicode_escape").decode("ascii") for email in text)


def _log_thread_failure(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        logging.getLogger("ticket_form").error(
            "a thread stopped", exc_info=(args.exc_type, args.exc_value, args.exc_traceback)
        )


def _log_failure(kind: type[BaseException], failure: BaseException, places: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("ticket_form").critical("the program stopped", exc_info=(kind, failure, places))
