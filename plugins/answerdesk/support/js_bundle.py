"""Join JavaScript modules into one script: fewer requests, and a page opened from disk may not load modules at all.

It understands the few forms that our modules have: imports of names, or of nothing, from beside them, `export` before a
declaration, and constants from a JSON file, whose values take the places of their names.
"""

import json
import re
from collections.abc import Iterator, Mapping

import rjsmin

IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"\./([\w-]+)\.js";\n', re.MULTILINE)
CONSTANTS = re.compile(r'^import (\w+) from "\./([\w-]+\.json)" with \{ type: "json" \};\n', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?(?:function\*?|class|const|let)) (\w+)", re.MULTILINE)
EMPTY = re.compile(r"^export \{\};\n", re.MULTILINE)


def join_modules(modules: Mapping[str, str], entry: str, *, exports: tuple[str, ...] = ()) -> str:
    """Return one script for a module, by its name without `.js`, and all that it imports; comments are left out.

    `modules` has modules by name, and JSON files by file name.

    With `exports` the script is itself a module that exports these names of the entry; without, it is a plain script.
    """
    parts = [_wrapped(name, _with_values(modules[name], modules)) for name in _ordered(modules, entry)]
    if exports:
        parts.append(f"export const {{ {', '.join(exports)} }} = {_variable(entry)};")
    body = "\n".join(parts)
    script: str = rjsmin.jsmin(body if exports else f"(() => {{\n{body}\n}})();")
    return script + "\n"


def _ordered(modules: Mapping[str, str], entry: str) -> list[str]:
    """Return the modules so that each comes after those that it imports."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        for _, other in IMPORT.findall(modules[name]):
            visit(other)
        found.setdefault(name)

    visit(entry)
    return list(found)


def _with_values(source: str, files: Mapping[str, str]) -> str:
    """Return a module with the values of constants in place of `object.NAME`: as short as numbers in the code."""
    written = {
        f"{name}.{key}": json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        for name, file in CONSTANTS.findall(source)
        for key, value in json.loads(files[file]).items()
    }
    names = "|".join(re.escape(name) for name, _ in CONSTANTS.findall(source))
    body = CONSTANTS.sub("", source)
    return re.sub(rf"\b(?:{names})\.\w+", lambda match: written[match[0]], body) if names else body


def _wrapped(name: str, source: str) -> str:
    names = [exported for _, exported in EXPORT.findall(source)]
    body = IMPORT.sub(lambda match: "".join(_import(*match.groups())), source)
    body = EMPTY.sub("", EXPORT.sub(r"\1 \2", body))
    return f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {', '.join(names)} }};\n}})();"


def _import(names: str | None, module: str) -> Iterator[str]:
    pairs = [re.split(r"\s+as\s+", name.strip()) for name in (names or "").split(",") if name.strip()]
    if pairs:
        yield f"const {{ {', '.join(': '.join(pair) for pair in pairs)} }} = {_variable(module)};\n"


def _variable(name: str) -> str:
    return "$" + name.replace("-", "_")
