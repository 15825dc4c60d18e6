"""The words of the pages, one file for each language, so that templates hold none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from markupsafe import Markup, escape

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # with libyaml ten times as quick, and it reads on every start
WORDS_FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All words of one language; a word that counts is a table of plural forms."""

    code: str
    texts: Mapping[str, str | Mapping[str, str]]
    _constant: dict[str, Markup] = field(default_factory=dict, repr=False, compare=False)  # what has no values

    def plain(self, key: str, **values: object) -> str:
        """Return a text for a title or an attribute."""
        return self._pattern(key, values.get("count")).format(**values)

    def markup(self, key: str, **values: object) -> Markup:
        """Return a text for the page, each value escaped and kept from changing the direction of the rest."""
        if not values:
            found = self._constant.get(key)
            if found is None:
                found = self._constant[key] = escape(self._pattern(key, None)).format()
            return found
        isolated = {name: _isolate(value) for name, value in values.items()}
        return escape(self._pattern(key, values.get("count"))).format(**isolated)

    def _pattern(self, key: str, count: object) -> str:
        text = self.texts[key]
        if isinstance(text, str):
            return text
        form = plural_form(self.code, count) if isinstance(count, int) else "other"
        return text.get(form, text["other"])


def _isolate(value: object) -> Markup:
    # A telephone number has no letter that shows its direction: in Arabic its plus sign would move to the end.
    is_number = isinstance(value, str) and not any(character.isalpha() for character in value)
    # Safe: both templates are ours, and Markup.format escapes the value.
    template = Markup('<bdi dir="ltr">{}</bdi>') if is_number else Markup("<bdi>{}</bdi>")
    return template.format(value)


def plural_form(code: str, count: int) -> str:
    """Name the plural form of a count (Unicode CLDR); a words file without that form uses "other"."""
    if code != "ar":
        return "one" if count == 1 else "other"
    if count in (0, 1, 2):
        return ("zero", "one", "two")[count]
    hundreds = count % 100
    if 3 <= hundreds <= 10:
        return "few"
    return "many" if hundreds >= 11 else "other"


def load_words(folder: Path = WORDS_FOLDER) -> dict[str, Words]:
    """Read every words file, by language code; a word that one lacks is English in it."""
    read = {file.stem: yaml.load(file.read_text("utf-8"), LOADER) for file in sorted(folder.glob("*.yml"))}  # noqa: S506 - safe
    return {code: Words(code=code, texts={**read["en"], **texts}) for code, texts in read.items()}


def words_for(code: str, words: Mapping[str, Words]) -> Words:
    """Return the words of a language, of its base language, or else English ones."""
    return words.get(code) or words.get(code.split("-")[0]) or words["en"]
