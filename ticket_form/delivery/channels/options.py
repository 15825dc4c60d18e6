"""Read the options of a channel, and report all problems together."""

import re
import ssl
from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from ticket_form.errors import ConfigurationError
from ticket_form.yaml_file import show

_SWITCHES = {"yes": True, "on": True, "no": False, "off": False}
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Options:
    """The options of one channel: each method reads one; `finish` raises all problems, unknown options included.

    An option that cannot be read is returned as its default or empty; it is never used, since `finish` raises.
    """

    def __init__(self, name: str, options: Mapping[str, object], env: Mapping[str, str]) -> None:
        self._name = name
        self._options = options
        self._env = env
        self._read: list[str] = []
        self._problems: list[str] = []

    def text(self, key: str, default: str | None = None, *, example: str = "…") -> str:
        """Read a text of one line; required if there is no default."""
        value = self._get(key)
        if value is None:
            if default is None:
                self.problem(f'{key} is missing. Add "{key}: {example}".')
            return default or ""
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            self.problem(f"{key} is {show(value)}. Write a text in one line, with quotes if need be.")
            return default or ""
        return value.strip()

    def texts(self, key: str, default: Collection[str] = ()) -> tuple[str, ...]:
        """Read a list of texts; a single text is a list of one."""
        value = self._get(key)
        if value is None:
            return tuple(default)
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) and item.isprintable() for item in items):
            self.problem(f'{key} is {show(value)}. Write a list of texts, such as "{key}: [example.com]".')
            return tuple(default)
        return tuple(items)

    def number(self, key: str, default: int, *, least: int, most: int) -> int:
        """Read a whole number between two others, both included."""
        value = self._get(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.problem(f"{key} is {show(value)}. Write a whole number from {least} to {most}.")
            return default
        return value

    def switch(self, key: str, *, default: bool = False) -> bool:
        """Read true or false."""
        value = self._get(key)
        if value is None:
            return default
        value = _SWITCHES.get(value, value) if isinstance(value, str) else value
        if not isinstance(value, bool):
            self.problem(f"{key} is {show(value)}. Write true or false.")
            return default
        return value

    def choice(self, key: str, default: str, *, choices: Collection[str]) -> str:
        """Read a value that must be one of `choices`."""
        value = self._get(key)
        if value is None:
            return default
        if value not in choices:
            self.problem(f"{key} is {show(value)}. Write one of {', '.join(choices)}.")
            return default
        return str(value)

    def path(self, key: str) -> Path | None:
        """Read the path of an existing file, or None if the option is not set."""
        if self._get(key) is None:
            return None
        path = Path(self.text(key))
        if not path.is_file():
            self.problem(
                f"{key} is {str(path)!r}, which is no file. Give the path of a file that this process can read."
            )
            return None
        return path

    def ca_file(self, key: str) -> Path | None:
        """Read the path of a file of trusted certificates, or None for the system's own."""
        path = self.path(key)
        try:
            ssl.create_default_context(cafile=path)
        except OSError:  # ssl.SSLError is one
            self.problem(f"{key} is {str(path)!r}, which holds no certificates. Give a file in PEM format.")
            return None
        return path

    def url(self, key: str, *, example: str, schemes: Collection[str] = ("https", "http")) -> str:
        """Read the address of a server; it holds no password."""
        value = self.text(key, example=example)
        if not value:
            return ""
        try:
            parts = urlsplit(value)
            is_address = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_address = False
        # The value is not shown when it may hold a password: problems end up in logs.
        if not is_address or "@" in parts.netloc or parts.fragment or not value.isascii() or " " in value:
            shown = "not usable" if "@" in value else repr(value)
            self.problem(f"{key} is {shown}. Write an address with {' or '.join(schemes)}, such as {example}.")
            return ""
        return value

    def secret(self, key: str, *, default: str | None = None) -> str:
        """Read a secret from the environment variable or the file that the options name.

        The options `<key>_variable` and `<key>_file` say where it is; the secret itself is never an option. Without
        a default there must be one.
        """
        variable, file = self.text(f"{key}_variable", ""), self.path(f"{key}_file")
        if key in self._options:
            self._read.append(key)
            self.problem(f'{key} stands in the file itself. Put it into a variable and write "{key}_variable: <NAME>".')
            return ""
        if file is not None:
            return self._read_secret(key, file)
        if not variable:
            # A file that is named but not there was reported by `path`.
            if default is None and self._get(f"{key}_file") is None:
                self.problem(f'{key}_variable is missing. Add "{key}_variable: <NAME>", or "{key}_file: <path>".')
            return default or ""
        if not _VARIABLE.fullmatch(variable):
            # Not shown: it may be the secret itself, put here by mistake, and problems are logged.
            self.problem(f"{key}_variable is no name of a variable. Write the name, not the secret itself.")
            return ""
        return self._check_secret(f"the variable {variable}", self._env.get(variable, ""))

    def problem(self, text: str) -> None:
        """Record a problem."""
        self._problems.append(f"channel {self._name!r}: {text}")

    def finish(self) -> None:
        """Raise all recorded problems, and report options that no method has read as unknown.

        Raises:
            ConfigurationError: with every problem.
        """
        for key in self._options:
            if key not in self._read:
                self.problem(f"{key!r} is unknown. Write {', '.join(self._read)}.")
        if self._problems:
            raise ConfigurationError(*self._problems)

    def _get(self, key: str) -> object:
        if key not in self._read:
            self._read.append(key)
        return self._options.get(key)

    def _read_secret(self, key: str, file: Path) -> str:
        try:
            return self._check_secret(str(file), file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError):
            self.problem(f"{key}_file: {file} cannot be read as text. Let this process read it.")
            return ""

    def _check_secret(self, place: str, value: str) -> str:
        secret = value.strip()
        if not secret:
            self.problem(f"{place} is empty or not set. Put the secret there.")
        elif not secret.isprintable():
            self.problem(f"{place} holds more than one line. Put the secret there in one line.")
            return ""
        return secret
