"""Load the words of the pages, one YAML file for each language, so that templates hold none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup, escape

from ticket_form.errors import ConfigurationError
from ticket_form.i18n.languages import locale_of
from ticket_form.yaml_file import read_yaml, show

WORDS_FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The interface messages of one language; a message with a count is a mapping of plural forms."""

    code: str
    texts: Mapping[str, str | Mapping[str, str]]
    _constant: dict[str, Markup] = field(default_factory=dict, repr=False, compare=False)  # messages without values

    def plain(self, key: str, **values: object) -> str:
        """Return a message as plain text, for a title or an attribute."""
        return self._pattern(key, values.get("count")).format(**values)

    def markup(self, key: str, **values: object) -> Markup:
        """Return a message as HTML; each value is escaped and isolated (bidirectional text)."""
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
        return text.get(form, text["other"])  # a message that falls back to English has English categories


def _isolate(value: object) -> Markup:
    # A telephone number has no letter that sets a direction: in Arabic its plus sign would move to the end.
    is_number = isinstance(value, str) and not any(character.isalpha() for character in value)
    # Safe: both templates are ours, and Markup.format escapes the value.
    template = Markup('<bdi dir="ltr">{}</bdi>') if is_number else Markup("<bdi>{}</bdi>")
    return template.format(value)


def plural_form(code: str, count: int) -> str:
    """Return the plural category of a count in a language (Unicode CLDR)."""
    return locale_of(code).plural_form(count)


def plural_forms(code: str) -> list[str]:
    """Return all plural categories of a language, in the order of CLDR."""
    tags = {*locale_of(code).plural_form.tags, "other"}
    return [form for form in ("zero", "one", "two", "few", "many", "other") if form in tags]


def load_words(folder: Path = WORDS_FOLDER) -> dict[str, Words]:
    """Read every messages file, by language code; a missing message falls back to English.

    Raises:
        ConfigurationError: the plural forms of a message are not those of its language.
    """
    read = {file.stem: _read_texts(file) for file in sorted(folder.glob("*.yml"))}
    if problems := [problem for code, texts in read.items() for problem in _wrong_forms(folder, code, texts)]:
        raise ConfigurationError(*problems)
    return {code: Words(code=code, texts={**read["en"], **texts}) for code, texts in read.items()}


def _read_texts(file: Path) -> Mapping[str, str | Mapping[str, str]]:
    texts = read_yaml(file)
    if not isinstance(texts, dict):
        raise ConfigurationError(f'{file}: has no words. Write "key: text" lines, as en.yml has them.')
    rows = [
        (key, text) for key, value in texts.items() for text in (value.values() if isinstance(value, dict) else [value])
    ]
    if wrong := [(key, text) for key, text in rows if not isinstance(text, str)]:
        raise ConfigurationError(*(f"{file}: {key} is {show(text)}. Put the text in quotes." for key, text in wrong))
    return texts


def _wrong_forms(folder: Path, code: str, texts: Mapping[str, object]) -> Iterator[str]:
    wanted = plural_forms(code)
    for key, forms in texts.items():
        if isinstance(forms, dict):
            for form in wanted:
                if form not in forms:
                    yield f'{folder / code}.yml: {key} lacks the plural category {form}. Add "{form}: …" below {key}.'
            for form in forms:
                if form not in wanted:
                    yield (
                        f"{folder / code}.yml: {key} has {form}, which is no plural category of {code}. "
                        f"Take it out; there are {', '.join(wanted)}."
                    )


def words_for(code: str, words: Mapping[str, Words]) -> Words:
    """Return the messages of a language, else of its base language, else English."""
    return words.get(code) or words.get(code.split("-")[0]) or words["en"]
