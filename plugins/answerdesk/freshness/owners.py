"""The owners' addresses: `content/owners.yml`, one “owner: address” a line."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from email_validator import EmailNotValidError, validate_email

from answerdesk.articles.errors import ContentError
from answerdesk.support import safe_yaml
from answerdesk.support.yaml_file import read_yaml_text
from answerdesk.support.yaml_lines import say_yaml

FILE = "owners.yml"


def load_owners(content: Path) -> Mapping[str, str]:
    """Read the owners' addresses.

    Raises:
        ContentError: the file is missing, is no YAML, or holds what is no address.
    """
    path = content / FILE
    try:
        rows = safe_yaml.load_texts(read_yaml_text(path)) or {}
    except FileNotFoundError as error:
        raise ContentError(f"{path} is missing. Write one “owner: address” a line, such as {EXAMPLE}.") from error
    except yaml.YAMLError as error:
        raise ContentError(say_yaml(path, error, "Write one “owner: address” a line.")) from error
    if not isinstance(rows, dict):
        raise ContentError(
            f"{path} holds {safe_yaml.kind(rows)}. Write one “owner: address” a line, such as {EXAMPLE}."
        )
    return {str(owner): _address(path, owner, address) for owner, address in rows.items()}


EXAMPLE = "“network: network-team@example.com”"


def _address(path: Path, owner: object, address: object) -> str:
    try:
        # Teams have addresses inside the house too, of which no DNS knows.
        return validate_email(
            str(address), check_deliverability=False, allow_smtputf8=False, test_environment=True
        ).normalized
    except EmailNotValidError as error:
        raise ContentError(f"{path}: {owner} is {safe_yaml.show(address)}: {error} Write one address.") from error
