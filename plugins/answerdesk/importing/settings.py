"""Read the old site's `mkdocs.yml`, whatever tags and plugins it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from answerdesk.articles.errors import ContentError
from answerdesk.importing.lost_content import Kind, Loss

NAMES = ("mkdocs.yml", "mkdocs.yaml")
# Extensions whose pages our templates can show; what they do needs no script and no style of their own.
CARRIED = {
    "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "nl2br", "sane_lists", "smarty", "tables",
    "toc", "pymdownx.betterem", "pymdownx.caret", "pymdownx.details", "pymdownx.inlinehilite", "pymdownx.keys",
    "pymdownx.magiclink", "pymdownx.mark", "pymdownx.saneheaders", "pymdownx.smartsymbols", "pymdownx.superfences",
    "pymdownx.tabbed", "pymdownx.tasklist", "pymdownx.tilde",
}  # fmt: skip
# What taking in does itself, and what the portal does by itself.
DONE = {"pymdownx.snippets", "pymdownx.emoji", "pymdownx.highlight", "meta", "codehilite", "markdown_include.include"}
DONE_PLUGINS = {"search", "tags", "macros", "redirects", "include-markdown", "autorefs", "git-revision-date-localized"}
# Without a configuration a page is read as Material's own documentation tells people to set it up.
USUAL = ("admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc", "pymdownx.details",
         "pymdownx.superfences", "pymdownx.tabbed")  # fmt: skip
ALWAYS = ("admonition", "attr_list", "def_list", "tables", "toc", "pymdownx.details", "pymdownx.superfences",
          "pymdownx.tabbed")  # fmt: skip
SLUGS = "pymdownx.slugs"
APPLY = "tag:yaml.org,2002:python/object/apply:pymdownx.slugs.slugify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """A value of `mkdocs.yml` behind a tag such as !ENV or !!python/name."""

    tag: str
    value: Any


# Material's own documentation names tabs so that links can lead to them.
TAB_NAMES = Tagged(tag=APPLY, value={"kwds": {"case": "lower"}})


@dataclass(frozen=True, slots=True, kw_only=True)
class OldSite:
    """What of an old site's configuration matters."""

    docs: Path
    config: Path | None = None
    name: str = ""
    url: str = ""
    has_folders: bool = True  # use_directory_urls
    nav: tuple[Any, ...] = ()
    extensions: Mapping[str, Mapping[str, Any]]
    bases: tuple[Path, ...] = ()  # where snippets are looked for
    variables: Mapping[str, str]
    redirects: Mapping[str, str]  # old source → new source
    excluded: str = ""
    losses: tuple[Loss, ...] = ()


class _Loader(yaml.SafeLoader):
    """Reads every tag without running anything."""


def _tagged(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> Tagged:
    if isinstance(node, yaml.MappingNode):
        value: Any = loader.construct_mapping(node, deep=True)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = getattr(node, "value", "")
    return Tagged(tag=node.tag, value=value)


_Loader.add_multi_constructor("!", _tagged)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", _tagged)


def read_site(site: Path) -> OldSite:
    """Read an old site: a folder with `mkdocs.yml`, this file itself, or a folder of Markdown alone.

    Raises:
        ContentError: there is neither, or the file cannot be read.
    """
    if not site.exists():
        raise ContentError(f"{site}: there is no such folder. Name the folder of the site's mkdocs.yml.")
    config = site if site.is_file() else next((site / name for name in NAMES if (site / name).is_file()), None)
    if config:
        return _read(config, _load(config))
    docs = site / "docs" if (site / "docs").is_dir() else site
    if not any(docs.rglob("*.md")):
        raise ContentError(f"{site}: there is neither mkdocs.yml nor Markdown. Name the folder of the site.")
    cure = "Name categories and site in the new files, and check that pages look as they did"
    lost = Loss(kind=Kind.SETTING, file="mkdocs.yml", line=1, what="the old site has no mkdocs.yml", cure=cure)
    usual: dict[str, dict[str, Any]] = {name: {} for name in USUAL}
    usual["pymdownx.tabbed"]["slugify"] = TAB_NAMES
    bases = (site, docs)
    return OldSite(
        docs=docs, bases=bases, extensions=_completed(usual), variables={}, redirects={}, losses=(lost,)
    )  # fmt: skip


def _read(path: Path, config: dict[str, Any]) -> OldSite:
    docs = path.parent / str(config.get("docs_dir") or "docs")
    if not docs.is_dir():
        raise ContentError(f"{path}: docs_dir is {docs}, and there is no such folder. Mend it.")
    plugins, given = _options(config.get("plugins")), _options(config.get("markdown_extensions"))
    extra = config.get("extra")
    found = plugins.get("macros") is not None and isinstance(extra, dict)
    losses = [
        *(
            _lost(path, f"the plugin {name}", "See whether its pages need it")
            for name in plugins
            if name not in DONE_PLUGINS
        ),
        *(
            _lost(path, f"the extension {name}", "Look at the pages that use it")
            for name in given
            if name not in CARRIED | DONE
        ),
        *(
            _lost(path, name, "Write what readers need of it into articles or templates")
            for name in ("extra_javascript", "extra_css", "hooks")
            if config.get(name)
        ),
    ]
    carried = {name: _plain(options) for name, options in given.items() if name in CARRIED}
    snippets = given.get("pymdownx.snippets", {}).get("base_path", ["."])
    snippets = snippets if isinstance(snippets, list) else [snippets]
    maps = plugins.get("redirects", {}).get("redirect_maps")
    return OldSite(
        docs=docs,
        config=path,
        name=str(config.get("site_name") or ""),
        url=config["site_url"] if isinstance(config.get("site_url"), str) else "",
        has_folders=config.get("use_directory_urls") is not False,
        nav=tuple(config["nav"]) if isinstance(config.get("nav"), list) else (),
        extensions=_completed(carried),
        bases=(*(path.parent / str(_value(base)) for base in snippets), docs),
        variables={k: str(v) for k, v in (extra or {}).items() if isinstance(v, str | int | float)} if found else {},
        redirects={str(k): str(v) for k, v in maps.items()} if isinstance(maps, dict) else {},
        excluded=str(config.get("exclude_docs") or ""),
        losses=tuple(losses),
    )


def _load(path: Path) -> dict[str, Any]:
    try:
        config = yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506 - it is a safe one
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(f"{path} cannot be read: {error}. Mend it, or take the folder of pages in alone.") from error
    if not isinstance(config, dict):
        raise ContentError(f"{path} holds no settings. Name the site's mkdocs.yml.")
    parent = config.pop("INHERIT", None)
    return _merged(_load(path.parent / parent), config) if isinstance(parent, str) else config


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = {
        key: _merged(under[key], value) if isinstance(value, dict) and isinstance(under.get(key), dict) else value
        for key, value in over.items()
    }
    return under | both


def _options(rows: Any) -> dict[str, dict[str, Any]]:
    """Return names with their options, which MkDocs takes as a list or as a mapping."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows.items() if isinstance(rows, dict) else rows or ():
        pairs = row.items() if isinstance(row, dict) else [row] if isinstance(row, tuple) else [(row, None)]
        for name, options in pairs:
            name = str(_value(name)).removeprefix("markdown.extensions.").removeprefix("material/")
            found[name] = options if isinstance(options, dict) else {}
    return found


def _plain(options: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out options that only code can give, but for the way in which anchors are made."""
    return {
        name: value
        for name, value in options.items()
        if not _has_tag(value) or (isinstance(value, Tagged) and name == "slugify" and SLUGS in value.tag)
    }


def _has_tag(value: Any) -> bool:
    if isinstance(value, Mapping | list | tuple):
        return any(map(_has_tag, value.values() if isinstance(value, Mapping) else value))
    return isinstance(value, Tagged)


def _completed(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    extensions = {name: dict(given.get(name, {})) for name in dict.fromkeys([*ALWAYS, *given])}
    extensions["toc"].update(permalink=False)
    extensions["toc"].pop("title", None)
    extensions["pymdownx.tabbed"]["alternate_style"] = True
    return {name: extensions[name] for name in sorted(extensions)}


def _value(value: Any) -> Any:
    return value.value if isinstance(value, Tagged) else value


def _lost(path: Path, what: str, cure: str) -> Loss:
    return Loss(kind=Kind.SETTING, file=path.name, line=1, what=f"{what} is not carried over", cure=cure)
