"""Turn text into tokens by the tables in `analysis/`. `runtime/analyse.js` does the same.

A token is a word as it stands in the text (`start`, `end`: code points) with the terms it is indexed and searched
under. What differs between languages is data; this module only interprets it:

1. fold    every character to what it is matched as (case, marks, width, letter variants; Hangul jamo composed)
2. split   into runs of one script; Latin letters and digits together, joined by . - _ '
3. reduce  a word to its term: apostrophe, irregular forms, prefixes, then suffixes step by step
4. add     parts of compounds, pairs of neighbouring characters (`#` where they only support the word), cut words (`=`)
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from answerdesk.search.constants import FIRST_ERROR_CODE, FIRST_SIGNED_ERROR_CODE, LAST_ERROR_CODE

FOLDER = Path(__file__).parent / "analysis"
SCRIPTS = ("han", "hangul", "arabic", "hiragana", "katakana", "other")  # after the group of Latin letters and digits
JOINED = re.compile("[._-]")
HEXADECIMAL = re.compile("0x([0-9a-f]{2,})")
VERSION = re.compile("v([0-9][0-9.]*)")
LETTERS = re.compile("[^0-9.]+")
NUMBERED = re.compile("([a-z]+)([0-9]{4,})")
DECIMAL = re.compile("[0-9]{10}")
JAMO = re.compile("[\u1100-\u1112][\u1161-\u1175]")
VOICED = re.compile(
    "[かきくけこさしすせそたちつてとはひふへほカキクケコサシスセソタチツテトハヒフヘホｶ-ﾄﾊ-ﾎ][\u3099\u309a\uff9e\uff9f]"
)

LONGEST_KNOWN = 30

Rule = Mapping[str, Any]
Terms = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word of a text: its folded form, its place in code points, and its (term, weight) pairs, the main one first."""

    form: str
    start: int
    end: int
    terms: Terms


@cache
def load_languages() -> Mapping[str, Mapping[str, Any]]:
    """Read the data files of all languages, by name; a new language is a new file."""
    files = sorted(FOLDER.glob("*.json"))
    return {file.stem: json.loads(file.read_text("utf-8")) for file in files if file.name != "characters.json"}


@cache
def load_characters() -> Mapping[str, Any]:
    """Read the table of characters."""
    table: Mapping[str, Any] = json.loads((FOLDER / "characters.json").read_text("utf-8"))
    return table


def choose_rules(language: str) -> dict[str, Rule]:
    """Return the rule of each script in a site of this language: its own, or the script's default.

    A language without a file gets `plain.json`, which takes no endings off: the English ones would spoil it.
    """
    files = load_languages()
    chosen: dict[str, Rule] = {
        script: rule for file in files.values() if file["default"] for script, rule in file["rules"].items()
    }
    own = next((file for file in files.values() if language in file["languages"]), files["plain"])
    chosen.update(own["rules"])
    return chosen


def analysis_of(language: str) -> dict[str, Any]:
    """Return the analysis that goes into an index: the characters and the rule of each script."""
    return {"characters": load_characters(), "rules": choose_rules(language)}


def variants_of(rule: Rule) -> Iterator[tuple[int, int]]:
    """Yield the code points that a rule folds, ascending, and what each becomes (Traditional to Simplified).

    Three strings of equal length hold them in little room: the gap to the code point before (from U+0020 up), and the
    zigzag of the difference to what it becomes, its lower six bits and the rest (from U+0030 up).
    """
    point = 0
    for gap, low, high in zip(*rule.get("variants", ("", "", "")), strict=True):
        point += ord(gap) - 32
        zigzag = (ord(high) - 48) * 64 + ord(low) - 48
        yield point, point + (zigzag // 2 if zigzag % 2 == 0 else -(zigzag + 1) // 2)


class Analyser:
    """The analysis of one index."""

    def __init__(self, analysis: Mapping[str, Any]) -> None:
        self._rules: Mapping[str, Rule] = analysis["rules"]
        self._fold: dict[int, str] = {}
        for start, row in analysis["characters"]["fold"]:
            self._fold.update(enumerate(row.split(" "), start))
        for rule in self._rules.values():
            self._fold.update((point, chr(to)) for point, to in variants_of(rule))
        self._light = {script: frozenset(rule["light"]) for script, rule in self._rules.items()}
        self._runs = re.compile(_run_pattern(analysis["characters"]["classes"]))
        self._chunks = re.compile(_chunk_pattern(analysis["characters"]["classes"]))
        self._known: dict[tuple[str, str], Terms] = {}
        self._known_chunks: dict[str, list[tuple[str, Terms]]] = {}

    def words(self, text: str) -> Iterator[tuple[str, Terms]]:
        """Yield form and terms of every word, with repetitions, without places: what an article is indexed under."""
        for chunk in self._chunks.findall(self.fold(text)):
            yield from self._chunk(chunk)

    def counts(self, text: str) -> Iterator[tuple[str, Terms, int]]:
        """Yield form and terms of a text's words with how often they occur; a word may come more than once."""
        for chunk, count in Counter(self._chunks.findall(self.fold(text))).items():
            for form, terms in self._chunk(chunk):
                yield form, terms, count

    def fold(self, text: str) -> str:
        """Return a text as it is matched."""
        return "".join(self._folded(text)) if JAMO.search(text) or VOICED.search(text) else text.translate(self._fold)

    def tokens(self, text: str) -> list[Token]:
        """Return the tokens of a text with their places: what a query asks and an excerpt marks."""
        pieces = self._folded(text)
        origin = [i for i, piece in enumerate(pieces) for _ in piece]
        tokens = []
        origin.append(len(pieces))
        for form, start, terms in self._split("".join(pieces)):
            end = max(origin[start + len(form) - 1] + 1, origin[start + len(form)])  # with the marks of its last letter
            tokens.append(Token(form=form, start=origin[start], end=end, terms=terms))
        return tokens

    def _folded(self, text: str) -> list[str]:
        """Fold character by character, so that each result keeps its place; jamo go where their syllable begins."""
        pieces = [self._fold.get(ord(char), char) for char in text]
        for match in VOICED.finditer(text):
            first = match.start()
            step = 1 if text[first + 1] in "\u3099\uff9e" else 2
            pieces[first : first + 2] = [chr(ord(pieces[first]) + step), ""]
        for match in JAMO.finditer(text):
            first = match.start()
            last = ord(text[first + 2]) - 0x11A7 if first + 2 < len(text) else 0
            last = last if 0 < last < 28 else 0
            lead, vowel = ord(text[first]) - 0x1100, ord(text[first + 1]) - 0x1161
            pieces[first : first + 2] = [chr(0xAC00 + (lead * 21 + vowel) * 28 + last), ""]
            if last:
                pieces[first + 2] = ""
        return pieces

    def _split(self, folded: str) -> Iterator[tuple[str, int, Terms]]:
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
                    is_light = pair in self._light[script] or any(char in pair for char in rule["function"])
                    yield pair, start + i, ((pair, rule["weights"]["light" if is_light else "gram"]),)
            elif not (rule and start == before and _is_suffix(word, rule)):
                yield word, start, self._terms(word, script)
            before = match.end()

    def _chunk(self, chunk: str) -> list[tuple[str, Terms]]:
        """Return the words of characters without a gap; short ones recur and are worked out once."""
        words = self._known_chunks.get(chunk)
        if words is None:
            words = [(form, terms) for form, _, terms in self._split(chunk)]
            if len(chunk) <= LONGEST_KNOWN:
                self._known_chunks[chunk] = words
        return words

    def _terms(self, word: str, script: str) -> Terms:
        """Return a word's terms; every spelling is worked out once."""
        key = (script, word)
        if key not in self._known:
            rule = self._rules.get(script)
            found = self._reduce(word, rule, script) if rule else [(word, 16)]
            first = dict(reversed(found))  # the first weight of a term wins, at its first place
            self._known[key] = tuple((term, first[term]) for term in dict.fromkeys(term for term, _ in found))
        return self._known[key]

    def _reduce(self, word: str, rule: Rule, script: str) -> list[tuple[str, int]]:
        weights = rule["weights"]
        light = self._light[script]
        if script != "latin":
            term = reduce_word(word, rule)
            grams = [term[i : i + rule["grams"]] for i in range(len(term) - 1)] if "grams" in rule else []
            main = weights["light" if word in light else "word"]
            return [(term, main), *(("#" + gram, weights["gram"]) for gram in grams)]
        if "'" in word:
            word = word.replace("'", "") if rule["apostrophe"] == "join" else re.sub("'[^._-]*", "", word)
        whole = normalise_code(re.sub("[_-]", "", word))
        terms = [(_reduce_letters(whole, rule), weights["light" if whole in light else "word"])]
        parts = JOINED.split(word)
        if numbered := NUMBERED.fullmatch(whole):
            parts = list(numbered.groups())
        if VERSION.fullmatch("v" + whole):
            numbers = whole.split(".")
            terms += [(".".join(numbers[:count]), weights["part"]) for count in range(2, len(numbers))]
        elif len(parts) > 1:
            terms += [(_reduce_letters(part, rule), weights["part"]) for part in parts]
        elif "cut" in rule and len(whole) > rule["cut"] and LETTERS.fullmatch(whole):
            terms.append(("=" + whole[: rule["cut"]], weights["cut"]))
        return terms


def normalise_code(word: str) -> str:
    """Return the one form of a code: 0x80070005 → 80070005, v2.3.1 → 2.3.1.

    Windows errors (HRESULT, 0x80000000 to 0x8fffffff) are also written as signed or unsigned decimal numbers:
    -2147024891 (the sign is no part of the word) and 2147942405 are 80070005.
    """
    match = HEXADECIMAL.fullmatch(word) or VERSION.fullmatch(word)
    if not match and DECIMAL.fullmatch(word):
        number = int(word)
        if FIRST_SIGNED_ERROR_CODE < number <= FIRST_ERROR_CODE:
            return f"{2 * FIRST_ERROR_CODE - number:x}"
        if FIRST_ERROR_CODE < number <= LAST_ERROR_CODE:
            return f"{number:x}"
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
        if not word.endswith(suffix):
            continue
        stem = word[: len(word) - len(suffix)]
        if len(stem) < step["keep"]:
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
    word = _inside(classes, "latin", "digit")
    scripts = (f"({_inside(classes, script)}+)" for script in SCRIPTS)
    return "|".join([f"({word}+(?:[._'-]{word}+)*)", *scripts])


def _chunk_pattern(classes: Mapping[str, Sequence[int]]) -> str:
    """Return a pattern of what lies between gaps: no run and nothing that joins runs goes beyond it."""
    char = _inside(classes, "latin", "digit", *SCRIPTS)
    return f"{char}+(?:[._'-]{char}+)*"


def _inside(classes: Mapping[str, Sequence[int]], *names: str) -> str:
    pairs = (pair for name in names for pair in class_ranges(classes.get(name, ())))
    return "[" + "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in pairs) + "]"


def class_ranges(gaps: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Return the first and last code points of a class's ranges."""
    points = list(accumulate(gaps))
    return zip(points[::2], points[1::2], strict=True)
