"""Cut the tables of an analysis to what an index needs, so that its readers load no more."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from answerdesk.search.analyse import class_ranges, variants_of


def trim_analysis(analysis: dict[str, Any], terms: Iterable[str]) -> dict[str, Any]:
    """Return the part of an analysis that an index needs: what leads to no character of its terms, or of what its
    synonyms are typed as, is left out."""
    present = set("".join(terms))
    rules = {
        script: rule if _has_script(script, analysis, present) else _idle(rule)
        for script, rule in analysis["rules"].items()
    }
    for rule in rules.values():  # what affixes are made of is in no term
        steps = [*rule["prefixes"], *rule["suffixes"]]
        present.update(*rule["light"], *rule["forms"], *(affix for step in steps for affix, _ in step["rules"]))
    if "variants" in rules.get("han", {}):
        kept = present.union(rules["han"].get("function", ""), *rules["han"]["light"])
        pairs = [(point, to) for point, to in variants_of(rules["han"]) if chr(to) in kept]
        rules["han"] = {**rules["han"], "variants": pack_variants(pairs)}
    fold = [
        (start + i, to)
        for start, row in analysis["characters"]["fold"]
        for i, to in enumerate(row.split(" "))
        if all(char.isascii() or char in present for char in to)
    ]
    return {"characters": {"fold": _rows(fold), "classes": analysis["characters"]["classes"]}, "rules": rules}


def _idle(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rule of a script that no term has: its keyboard alone still matters."""
    nothing: dict[str, Any] = {"light": [], "forms": {}, "prefixes": [], "suffixes": [], "function": ""}
    return {key: nothing.get(key, value) for key, value in rule.items() if key not in ("variants", "source")}


def _has_script(script: str, analysis: Mapping[str, Any], present: set[str]) -> bool:
    ranges = [range(first, last + 1) for first, last in class_ranges(analysis["characters"]["classes"][script])]
    return script == "latin" or any(ord(char) in points for char in present for points in ranges)


def _rows(fold: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return folded code points, ascending, as rows: the first of those without a gap, and what each becomes."""
    rows: list[tuple[int, list[str]]] = []
    for point, to in fold:
        if rows and rows[-1][0] + len(rows[-1][1]) == point:
            rows[-1][1].append(to)
        else:
            rows.append((point, [to]))
    return [(start, " ".join(row)) for start, row in rows]


def pack_variants(pairs: Iterable[tuple[int, int]]) -> list[str]:
    """Return pairs of code points, ascending, as the three strings that `variants_of` reads."""
    rows: list[tuple[str, str, str]] = []
    before = 0
    for point, to in pairs:
        zigzag = 2 * (to - point) if to >= point else -2 * (to - point) - 1
        rows.append((chr(point - before + 32), chr(48 + zigzag % 64), chr(48 + zigzag // 64)))
        before = point
    return ["".join(column) for column in zip(*rows, strict=True)] if rows else ["", "", ""]
