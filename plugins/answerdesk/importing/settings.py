"""Read the old site's `mkdocs.yml`, whatever tags and plugins it has."""

import os
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from markdown import Markdown

from answerdesk.articles.errors import ContentError
from answerdesk.importing.lost_content import Kind, Loss

NAMES = ("mkdocs.yml", "mkdocs.yaml")
# Extensions whose pages our templates can show; what they do needs no script and no style of their own.
CARRIED = {
    "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "nl2br", "sane_lists", "smarty", "tables",
    "toc", "wikilinks", "legacy_attrs", "legacy_em", "pymdownx.betterem", "pymdownx.blocks.admonition",
    "pymdownx.blocks.caption", "pymdownx.blocks.definition", "pymdownx.blocks.details", "pymdownx.blocks.html",
    "pymdownx.blocks.tab", "pymdownx.caret", "pymdownx.critic", "pymdownx.details", "pymdownx.escapeall",
    "pymdownx.fancylists", "pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.keys", "pymdownx.magiclink",
    "pymdownx.mark", "pymdownx.progressbar", "pymdownx.quotes", "pymdownx.saneheaders", "pymdownx.smartsymbols",
    "pymdownx.superfences", "pymdownx.tabbed", "pymdownx.tasklist", "pymdownx.tilde",
}  # fmt: skip
# What taking in does itself, and what the portal does by itself.
DONE = {
    "codehilite", "fenced_code", "markdown_include.include", "meta", "mkdocs-click", "pymdownx.arithmatex",
    "pymdownx.b64", "pymdownx.emoji", "pymdownx.snippets", "mdx_math", "pymdownx.striphtml",
}  # fmt: skip
# Names of other packages, and of earlier versions, for what we have.
RENAMED = {
    "pymdownx.superfence": "pymdownx.superfences",
    "pymdownx.githubemoji": "pymdownx.emoji",
    "materialx.emoji": "pymdownx.emoji",
    "pymdownx.betterem_smart": "pymdownx.betterem",
    "pymdownx.headeranchor": "toc",
    "headerid": "toc",
    "fontawesome_markdown": "pymdownx.emoji",
    "mdx_truly_sane_lists": "sane_lists",
    "mdx_breakless_lists": "sane_lists",
    "def-list": "def_list",
    "pymdownx.fancylist": "pymdownx.fancylists",
    "mdx_gh_links": "pymdownx.magiclink",
    "markdown_checklist.extension": "pymdownx.tasklist",
    "markdown_katex": "pymdownx.arithmatex",
    "mdx_linkify": "pymdownx.magiclink",
    "mdx_del_ins": "pymdownx.tilde",
    "callouts": "pymdownx.quotes",
    "markdown_captions": "pymdownx.blocks.caption",
    "admonitions": "admonition",
    "footnote": "footnotes",
    "extra": "pymdownx.extra",
}
BUNDLES = {
    "pymdownx.extra": ("abbr", "attr_list", "def_list", "footnotes", "md_in_html", "pymdownx.betterem",
                       "pymdownx.superfences", "tables"),
    "pymdownx.github": ("pymdownx.magiclink", "pymdownx.superfences", "pymdownx.tasklist", "pymdownx.tilde", "tables"),
}  # fmt: skip
DONE_PLUGINS = {
    "search", "tags", "macros", "redirects", "include-markdown", "autorefs", "git-revision-date-localized",
    "git-revision-date", "awesome-pages", "awesome-nav", "literate-nav", "section-index", "minify", "glightbox",
    "privacy", "offline", "meta", "exclude", "open-in-new-tab", "optimize", "typeset", "info", "group",
}  # fmt: skip
# What every taken-in site gets: what authors know from Material's own documentation, as our own site has it.
ALWAYS: Mapping[str, Mapping[str, Any]] = {
    "abbr": {}, "admonition": {}, "attr_list": {}, "def_list": {}, "footnotes": {}, "md_in_html": {},
    "tables": {"use_align_attribute": True}, "toc": {}, "pymdownx.blocks.admonition": {}, "pymdownx.blocks.caption": {},
    "pymdownx.blocks.details": {}, "pymdownx.blocks.tab": {"alternate_style": True}, "pymdownx.caret": {},
    "pymdownx.details": {}, "pymdownx.highlight": {"linenums_style": "pymdownx-inline"}, "pymdownx.inlinehilite": {},
    "pymdownx.keys": {}, "pymdownx.mark": {}, "pymdownx.quotes": {"callouts": True}, "pymdownx.superfences": {},
    "pymdownx.tabbed": {"alternate_style": True}, "pymdownx.tasklist": {}, "pymdownx.tilde": {"subscript": False},
}  # fmt: skip
DRAWN = "answerdesk.articles.rich_markdown"
# Options that ask for scripts, styles or addresses that the portal does not have.
LEFT_OUT = {
    "pymdownx.superfences": {"custom_fences", "css_class", "highlight_code", "use_codehilite_settings"},
    "pymdownx.highlight": {"linenums_style", "line_anchors", "line_spans", "anchor_linenums", "extend_pygments_lang"},
    "pymdownx.inlinehilite": {"custom_inline"}, "pymdownx.tasklist": {"clickable_checkbox", "custom_checkbox"},
    "pymdownx.tilde": {"subscript"}, "toc": {"title", "permalink", "permalink_title", "anchorlink"},
    "footnotes": {"BACKLINK_TITLE"}, "tables": {"use_align_attribute"}, "pymdownx.critic": {"mode"},
}  # fmt: skip
LOST_PARENT = "INHERIT is lost"
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
    custom: Path | None = None  # whose files the old theme published beside its own
    losses: tuple[Loss, ...] = ()


class _Loader(yaml.SafeLoader):
    """Reads every tag without running anything."""


def _environment(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    """Return what !ENV stands for: the first variable that is set, else the default that stands last."""
    if isinstance(node, yaml.SequenceNode):
        *names, default = loader.construct_sequence(node, deep=True) or [None]
        names, default = (names, default) if names else ([default], None)
    else:
        names, default = [getattr(node, "value", "")], None
    found = next((os.environ[str(name)] for name in names if str(name) in os.environ), None)
    return default if found is None else yaml.safe_load(found)


def _tagged(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> Tagged:
    if isinstance(node, yaml.MappingNode):
        value: Any = loader.construct_mapping(node, deep=True)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = getattr(node, "value", "")
    return Tagged(tag=node.tag, value=value)


_Loader.add_multi_constructor("!", _tagged)
_Loader.add_constructor("!ENV", _environment)
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
    usual = {"pymdownx.tabbed": {"slugify": TAB_NAMES}}
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
    theme = config.get("theme")
    custom = theme.get("custom_dir") if isinstance(theme, dict) else None
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
        *(
            _lost(path, f"INHERIT of {config[name]}", "Name the file of settings that is there")
            for name in (LOST_PARENT,)
            if name in config
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
        bases=(*(path.parent / _base(base, docs) for base in snippets), docs),
        custom=path.parent / custom if isinstance(custom, str) and (path.parent / custom).is_dir() else None,
        variables={k: str(v) for k, v in (extra or {}).items() if isinstance(v, str | int | float)} if found else {},
        redirects={str(k): str(v) for k, v in maps.items()} if isinstance(maps, dict) else {},
        excluded=str(config.get("exclude_docs") or ""),
        losses=tuple(losses),
    )


def _load(path: Path, seen: tuple[Path, ...] = ()) -> dict[str, Any]:
    try:
        config = yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506 - it is a safe one
    except (OSError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ContentError(f"{path} cannot be read: {error}. Mend it, or take the folder of pages in alone.") from error
    if not isinstance(config, dict):
        raise ContentError(f"{path} holds no settings. Name the site's mkdocs.yml.")
    parent = config.pop("INHERIT", None)
    above = path.parent / str(parent)
    if not isinstance(parent, str):
        return config
    if not above.is_file() or above.resolve() in seen:
        return {**config, LOST_PARENT: parent}
    return _merged(_load(above, (*seen, above.resolve())), config)


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
            name = RENAMED.get(name, name)
            for one in BUNDLES.get(name, (name,)):
                found.setdefault(one, {})
            if isinstance(options, dict):
                found |= {one: {**found[one], **given} for one, given in _split(name, options).items() if one in found}
    return found


def _split(name: str, options: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the options of a bundle's extensions, by extension."""
    if name not in BUNDLES:
        return {name: options}
    return {str(one).removeprefix("markdown.extensions."): own for one, own in options.items() if isinstance(own, dict)}


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
    extensions: dict[str, Mapping[str, Any]] = {}
    for name in sorted({*ALWAYS, *given}):
        known = _options_of(name)
        own = {
            key: value
            for key, value in given.get(name, {}).items()
            if key not in LEFT_OUT.get(name, ()) and key in known
        }
        extensions[name] = own | dict(ALWAYS.get(name, {}))
    extensions["toc"] = {**extensions["toc"], "permalink": False}
    return {**extensions, DRAWN: {}}  # it comes after the extensions that it completes


def _options_of(name: str) -> Set[str]:
    """Return the names of the options that an extension has today."""
    return Markdown().build_extension(name, {}).config.keys()


def _value(value: Any) -> Any:
    return value.value if isinstance(value, Tagged) else value


def _base(base: Any, docs: Path) -> str:
    """Return a folder of snippets; !relative names it from the configuration's folder or from that of the pages."""
    name = str(_value(base) or ".")
    return name.replace("$config_dir", ".").replace("$docs_dir", docs.name)


def _lost(path: Path, what: str, cure: str) -> Loss:
    return Loss(kind=Kind.SETTING, file=path.name, line=1, what=f"{what} is not carried over", cure=cure)
