"""Read YAML that can make plain values only; with libyaml, where PyYAML has it, ten times as quickly."""

from typing import Any

import yaml

Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str) -> Any:
    """Return the value of a document.

    Raises:
        yaml.YAMLError: it is none.
    """
    return yaml.load(text, Loader)  # noqa: S506 - both loaders are safe ones


def compose(text: str) -> yaml.Node | None:
    """Return the nodes of a document, which know where they are.

    Raises:
        yaml.YAMLError: it is none.
    """
    node: yaml.Node | None = yaml.compose(text, Loader)
    return node
