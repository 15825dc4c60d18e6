"""Join JavaScript modules into one script: fewer requests, and a page opened from disk may not load modules at all.

It understands the few forms that our modules have: imports of names, or of nothing, from beside them, and `export`
before a declaration.
"""

import re
from collections.abc import Iterator, Mapping

import rjsmin

IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"\./([\w-]+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?(?:function\*?|class|const|let)) (\w+)", re.MULTILINE)
EMPTY = re.compile(r"^export \{\};\n", re.MULTILINE)


def join_modules(modules: Mapping[str, str], entry: str, *, exports: tuple[str, ...] = ()) -> str:
    """Return one script for a module, by its name without `.js`, and all that it imports; comments are left out.

    With `exports` the script is itself a module that exports these names of the entry; without, it is a plain script.
    """
    parts = [_wrapped(name, modules[name]) for name in _ordered(modules, entry)]
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
