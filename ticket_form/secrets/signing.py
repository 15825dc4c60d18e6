"""Read or create the secret, derive keys from it, sign form keys, and compare in constant time."""

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

_GROUP_AND_OTHERS = 0o077
_FORM_KEY = re.compile(r"[A-Za-z0-9_-]{24}\.[0-9]{9,11}\.[A-Za-z0-9_-]{22}")


def read_or_create_secret(path: Path) -> bytes:
    """Read the secret file, or create it if it does not exist."""
    try:
        if not path.exists():
            _create_secret(path)
        if path.stat().st_mode & _GROUP_AND_OTHERS:
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
    """Derive a key for one purpose (HMAC), from which the secret cannot be recovered."""
    digest = hmac.digest(secret, purpose.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def is_same(given: str, expected: str) -> bool:
    """Compare two keys in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class FormKey:
    """The one-time key of a form, and when the form was shown."""

    key: str
    shown_at: datetime


def new_form_key(*, secret: bytes, now: datetime) -> str:
    """Create the one-time key of a form: a random value and the time, signed."""
    written = f"{secrets.token_urlsafe(18)}.{int(now.timestamp())}"
    return f"{written}.{_sign(written, secret)}"


def read_form_key(posted: str, *, secret: bytes) -> FormKey | None:
    """Return a posted form key if its signature is valid, or None. Keys do not expire: slow writers lose no text."""
    if not _FORM_KEY.fullmatch(posted):
        return None
    written, _, signature = posted.rpartition(".")
    if not is_same(signature, _sign(written, secret)):
        return None
    key, _, shown = written.partition(".")
    return FormKey(key=key, shown_at=datetime.fromtimestamp(int(shown), UTC))


def status_secret(form_key: str, *, secret: bytes) -> str:
    """Return the 256-bit secret in the URL of a status page, as text.

    It derives from the form key, so that the same form sent again leads to the same page; the database stores only its
    hash.
    """
    return derive_key(secret, f"status {form_key}")


def hash_secret(secret: str) -> str:
    """Return the hash of a status page's secret, as the database stores it."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _sign(written: str, secret: bytes) -> str:
    return derive_key(secret, f"form key {written}")[:22]  # 132 bits


def _create_secret(path: Path) -> None:
    """Write a new secret to a temporary file and link it into place, so that no process reads a partial one."""
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
