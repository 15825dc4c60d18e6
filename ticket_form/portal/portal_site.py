"""Read portal.json of the built site: names, languages, categories and where the styles are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ticket_form.errors import ConfigurationError
from ticket_form.i18n.languages import Language

PORTAL_FORMAT = 1
_CURE = 'Run "answerdesk build", or set TICKET_FORM_SITE to the folder that it made.'


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category of articles, named in each language."""

    id: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The built site. Its first language is the default."""

    root: Path
    name: Mapping[str, str]
    company: Mapping[str, str]
    phone: Mapping[str, str]
    hours: Mapping[str, str]
    languages: tuple[Language, ...]
    categories: tuple[Category, ...]
    assets: str

    def text(self, texts: Mapping[str, str], language: Language) -> str:
        """Return a text in a language, else in the default language, else in any."""
        found = texts.get(language.code) or texts.get(self.languages[0].code)
        return found or next(iter(texts.values()), "")


def load_site(root: Path) -> Site:
    """Read the built site; the error says how to build one."""
    root = root.absolute()
    path = root / "portal.json"
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{root}: no built site here ({error.strerror}: {path}). {_CURE}") from error
    except ValueError as error:
        raise ConfigurationError(f"{path}: cannot be read as JSON ({error}). {_CURE}") from error
    site = read_site(document, root=root)
    missing = [language.code for language in site.languages if not (root / language.code).is_dir()]
    if missing:
        raise ConfigurationError(f"{root}: the folder of {', '.join(missing)} is missing. {_CURE}")
    return site


def read_site(document: object, *, root: Path) -> Site:
    """Convert the content of portal.json into a site."""
    path = root / "portal.json"
    if not isinstance(document, dict) or document.get("format") != PORTAL_FORMAT:
        found = document.get("format") if isinstance(document, dict) else type(document).__name__
        raise ConfigurationError(f"{path}: format is {found!r}, but this version reads {PORTAL_FORMAT}. {_CURE}")
    try:
        site = Site(
            root=root,
            name=_texts(document["name"]),
            company=_texts(document["company"]),
            phone=_texts(document["phone"]),
            hours=_texts(document["hours"]),
            languages=tuple(_language(entry) for entry in document["languages"]),
            categories=tuple(Category(id=str(e["id"]), names=_texts(e["names"])) for e in document["categories"]),
            assets=str(document["assets"]).strip("/"),
        )
    except KeyError as error:
        raise ConfigurationError(f"{path}: {error.args[0]} is missing. {_CURE}") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise ConfigurationError(f"{path}: has a wrong shape ({error}). {_CURE}") from error
    if not site.languages:
        raise ConfigurationError(f"{path}: languages is empty. {_CURE}")
    return site


def _texts(value: Mapping[str, object]) -> dict[str, str]:
    return {code: str(text) for code, text in value.items()}


def _language(entry: Mapping[str, object]) -> Language:
    direction = "rtl" if entry["direction"] == "rtl" else "ltr"
    return Language(code=str(entry["code"]), name=str(entry["name"]), direction=direction)
