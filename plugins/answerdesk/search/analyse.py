"""Turn text into tokens by the tables in `analysis/`. `runtime/analyse.js` is the twin: same cases, same tokens.

A token is a word as it stands in the text (`start`, `end`: code points) with the terms it is indexed and searched
under. What differs between languages is data; this module only interprets it:

1. fold    every character to what it is matched as (case, marks, width, letter variants; Hangul jamo composed)
2. split   into runs of one script; Latin letters and digits together, joined by . - _ '
3. reduce  a word to its term: apostrophe, irregular forms, prefixes, then suffixes step by step
4. add     parts of compounds, pairs of neighbouring characters (`#` where they only support the word), cut words (`=`)
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "analysis"
SCRIPTS = ("han", "hangul", "arabic", "kana", "other")  # after the group of Latin letters and digits
JOINED = re.compile("[._-]")
HEXADECIMAL = re.compile("0x([0-9a-f]{2,})")
VERSION = re.compile("v([0-9][0-9.]*)")
LETTERS = re.compile("[^0-9.]+")
NUMBERED = re.compile("([a-z]+)([0-9]{4,})")
JAMO = re.compile("[\u1100-\u1112][\u1161-\u1175]")

Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word of a text: its folded form, its place in code points, and its (term, weight) pairs, the main one first."""

    form: str
    start: int
    end: int
    terms: tuple[tuple[str, int], ...]


@cache
def load_rules() -> tuple[Rule, ...]:
    """Read the rules of every script and language that this package has."""
    files = sorted(FOLDER.glob("*.json"))
    return tuple(json.loads(file.read_text("utf-8")) for file in files if file.name != "characters.json")


@cache
def load_characters() -> Mapping[str, Any]:
    """Read the table of characters."""
    table: Mapping[str, Any] = json.loads((FOLDER / "characters.json").read_text("utf-8"))
    return table


def choose_rules(language: str) -> dict[str, Rule]:
    """Return the rule of each script in a site of this language: its own, or the script's default."""
    chosen = {rule["script"]: rule for rule in load_rules() if rule["default"]}
    return chosen | {rule["script"]: rule for rule in load_rules() if language in rule["languages"]}


def analysis_of(language: str) -> dict[str, Any]:
    """Return the analysis that goes into an index: the characters and the rule of each script."""
    return {"characters": load_characters(), "rules": choose_rules(language)}


class Analyser:
    """The analysis of one index."""

    def __init__(self, analysis: Mapping[str, Any]) -> None:
        self._rules: Mapping[str, Rule] = analysis["rules"]
        self._fold: dict[int, str] = {}
        for start, row in analysis["characters"]["fold"]:
            self._fold.update(enumerate(row.split(" "), start))
        for rule in self._rules.values():
            if "fold" in rule:
                self._fold.update(zip(map(ord, rule["fold"][0]), rule["fold"][1], strict=True))
        self._light = {name: frozenset(rule["light"]) for name, rule in self._rules.items()}
        self._runs = re.compile(_run_pattern(analysis["characters"]["classes"]))
        self._known: dict[tuple[str, str], tuple[tuple[str, int], ...]] = {}

    def words(self, text: str) -> Iterator[tuple[str, tuple[tuple[str, int], ...]]]:
        """Yield form and terms of every word, with repetitions, without places: what an article is indexed under."""
        folded = "".join(self._folded(text)) if JAMO.search(text) else text.translate(self._fold)
        for form, _, terms in self._split(folded):
            yield form, terms

    def tokens(self, text: str) -> list[Token]:
        """Return the tokens of a text with their places: what a query asks and an excerpt marks."""
        pieces = self._folded(text)
        origin = [i for i, piece in enumerate(pieces) for _ in piece]
        tokens = []
        for form, start, terms in self._split("".join(pieces)):
            end = origin[start + len(form) - 1] + 1
            tokens.append(Token(form=form, start=origin[start], end=end, terms=terms))
        return tokens

    def _folded(self, text: str) -> list[str]:
        """Fold character by character, so that each result keeps its place; jamo go where their syllable begins."""
        pieces = [self._fold.get(ord(char), char) for char in text]
        for match in JAMO.finditer(text):
            first = match.start()
            last = ord(text[first + 2]) - 0x11A7 if first + 2 < len(text) else 0
            last = last if 0 < last < 28 else 0
            lead, vowel = ord(text[first]) - 0x1100, ord(text[first + 1]) - 0x1161
            pieces[first : first + 2] = [chr(0xAC00 + (lead * 21 + vowel) * 28 + last), ""]
            if last:
                pieces[first + 2] = ""
        return pieces

    def _split(self, folded: str) -> Iterator[tuple[str, int, tuple[tuple[str, int], ...]]]:
        """Yield form, place in the folded text, and terms of each word or pair of characters."""
        before = -1
        for match in self._runs.finditer(folded):
            group = match.lastindex or 1
            script = "latin" if group == 1 else SCRIPTS[group - 2]
            rule = self._rules.get(script)
            word, start = match.group(), match.start()
            if rule and not rule["words"]:
                for i in range(max(1, len(word) - 1)):
                    pair = word[i : i + rule["grams"]]
                    yield pair, start + i, ((pair, self._weight(rule, pair, "gram")),)
            elif not (rule and start == before and _is_suffix(word, rule)):
                yield word, start, self._terms(word, script)
            before = match.end()

    def _terms(self, word: str, script: str) -> tuple[tuple[str, int], ...]:
        """Return a word's terms; every spelling is worked out once."""
        key = (script, word)
        if key not in self._known:
            rule = self._rules.get(script)
            found = self._reduce(word, rule, is_latin=script == "latin") if rule else [(word, 16)]
            first = dict(reversed(found))  # the first weight of a term wins, at its first place
            self._known[key] = tuple((term, first[term]) for term in dict.fromkeys(term for term, _ in found))
        return self._known[key]

    def _reduce(self, word: str, rule: Rule, *, is_latin: bool) -> list[tuple[str, int]]:
        if not is_latin:
            term = reduce_word(word, rule)
            grams = [term[i : i + rule["grams"]] for i in range(len(term) - 1)] if "grams" in rule else []
            return [
                (term, self._weight(rule, word, "word")),
                *(("#" + gram, rule["weights"]["gram"]) for gram in grams),
            ]
        if "'" in word:
            word = word.replace("'", "") if rule["apostrophe"] == "join" else re.sub("'[^._-]*", "", word)
        whole = normalise_code(re.sub("[_-]", "", word))
        terms = [(_reduce_letters(whole, rule), self._weight(rule, whole, "word"))]
        parts = JOINED.split(word)
        if numbered := NUMBERED.fullmatch(whole):
            parts = list(numbered.groups())
        if len(parts) > 1 and not VERSION.fullmatch("v" + whole):
            terms += [(_reduce_letters(part, rule), rule["weights"]["part"]) for part in parts]
        elif "cut" in rule and len(whole) > rule["cut"] and LETTERS.fullmatch(whole):
            terms.append(("=" + whole[: rule["cut"]], rule["weights"]["cut"]))
        return terms

    def _weight(self, rule: Rule, word: str, kind: str) -> int:
        weight: int = rule["weights"]["light" if word in self._light[rule["script"]] else kind]
        return weight


def normalise_code(word: str) -> str:
    """Return the one form of a code: 0x80070005 → 80070005, v2.3.1 → 2.3.1."""
    match = HEXADECIMAL.fullmatch(word) or VERSION.fullmatch(word)
    return match.group(1) if match else word


def reduce_word(word: str, rule: Rule) -> str:
    """Take a word's affixes off, step by step; each step takes the longest that leaves enough."""
    if word in rule["forms"]:
        return str(rule["forms"][word])
    for step in rule["prefixes"]:
        for prefix, new in step["rules"]:
            if word.startswith(prefix) and len(word) - len(prefix) >= step["keep"]:
                word = new + word[len(prefix) :]
                break
    for step in rule["suffixes"]:
        word = _strip(word, step)
    return word


def _reduce_letters(word: str, rule: Rule) -> str:
    has_digit = any("0" <= char <= "9" for char in word)
    return word if has_digit or "." in word else reduce_word(word, rule)


def _strip(word: str, step: Mapping[str, Any]) -> str:
    for suffix, new in step["rules"]:
        stem = word[: len(word) - len(suffix)]
        if not word.endswith(suffix) or len(stem) < step["keep"]:
            continue
        if step.get("vowel") and not any(char in "aeiouy" for char in stem):
            continue
        doubled = len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] in step.get("undouble", "")
        return stem[:-1] if doubled and not new else stem + new
    return word


def _is_suffix(word: str, rule: Rule) -> bool:
    """Tell whether a run glued to another script is only its ending, as in «VPN에»."""
    return any(word == suffix for step in rule["suffixes"] for suffix, _ in step["rules"])


def _run_pattern(classes: Mapping[str, Sequence[int]]) -> str:
    def inside(*names: str) -> str:
        flat = [point for name in names for point in classes.get(name, ())]
        pairs = zip(flat[::2], flat[1::2], strict=True)
        return "[" + "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in pairs) + "]"

    word = inside("latin", "digit")
    return "|".join([f"({word}+(?:[._'-]{word}+)*)", *(f"({inside(script)}+)" for script in SCRIPTS)])
