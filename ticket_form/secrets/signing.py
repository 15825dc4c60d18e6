"""Secrets: where they are kept, what is derived from them, how they are compared."""

import base64
import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ticket_form.errors import ConfigurationError

_OTHERS = 0o077
_FORM_KEY = re.compile(r"[A-Za-z0-9_-]{24}\.[0-9]{9,11}\.[A-Za-z0-9_-]{22}")


def read_or_create_secret(path: Path) -> bytes:
    """Read the secret file; make it first if there is none."""
    try:
        if not path.exists():
            _create_secret(path)
        if path.stat().st_mode & _OTHERS:
            raise ConfigurationError(f'{path}: other users can read this secret file. Run "chmod 600 {path}".')
        secret = bytes.fromhex(path.read_text("ascii"))
    except OSError as error:
        raise ConfigurationError(
            f"{path}: the secret file cannot be made or read ({error.strerror}). "
            "Make its folder writable, or set TICKET_FORM_SECRET_FILE or TICKET_FORM_SECRET_KEY."
        ) from error
    except ValueError as error:
        raise ConfigurationError(f"{path}: is no secret file. Delete it to get a new one.") from error
    if len(secret) < 32:
        raise ConfigurationError(f"{path}: the secret is shorter than 32 bytes. Delete it to get a new one.")
    return secret


def derive_key(secret: bytes, purpose: str) -> str:
    """Derive a key for one purpose, from which the secret cannot be guessed."""
    digest = hmac.digest(secret, purpose.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def is_same(given: str, expected: str) -> bool:
    """Compare two keys in a time that tells nothing about them."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class FormKey:
    """The one-time key of a form that we showed, and when."""

    key: str
    shown_at: datetime


def new_form_key(*, secret: bytes, now: datetime) -> str:
    """Make the one-time key of a form: random, with the time, signed."""
    written = f"{secrets.token_urlsafe(18)}.{int(now.timestamp())}"
    return f"{written}.{_sign(written, secret)}"


def read_form_key(posted: str, *, secret: bytes) -> FormKey | None:
    """Return a posted form key if it is one of ours; however old it is, since nobody's text is lost for being slow."""
    if not _FORM_KEY.fullmatch(posted):
        return None
    written, _, signature = posted.rpartition(".")
    if not is_same(signature, _sign(written, secret)):
        return None
    key, _, shown = written.partition(".")
    return FormKey(key=key, shown_at=datetime.fromtimestamp(int(shown), UTC))


def status_secret(form_key: str, *, secret: bytes) -> str:
    """Return the 256 bits in the address of a status page.

    They come from the form key, so that the same form sent again leads to the same page; the database has their hash
    alone.
    """
    return derive_key(secret, f"status {form_key}")


def hash_secret(secret: str) -> str:
    """Return what the database keeps of the secret of a status page."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _sign(written: str, secret: bytes) -> str:
    return derive_key(secret, f"form key {written}")[:22]  # 132 bits


def _create_secret(path: Path) -> None:
    """Write a new secret beside its place, then link it there: another process never reads half of one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first
    finally:
        draft.unlink()
