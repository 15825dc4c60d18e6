"""Lay out what builds took, and say what the figures mean."""

import statistics

from bench.build.figures import Changes, Cold, largest_of, together_of

COLD = ("cold build", "pages", "seconds", "pages/s", "largest MB", "together MB", "output MB", "index MB")
CHANGES = ("one article changed", "pages", "edits", "median s", "worst s", "largest MB", "together MB")
LEGEND = """\
- cold build: of all articles, nothing kept of an earlier build. seconds: wall time of the command, or of all
  commands one after another where a tool takes one a language (MkDocs, Material, Zensical); the median if repeated.
  Every article's page is looked for.
- one article changed: a sentence more (text) or another title (title) in one article picked by chance, the
  languages in turn. "built again": wall time of the command then, of the edited language's alone where a tool takes
  one a language. "serve to browser": from before the file is written until Chromium, which has the article's page
  open, has loaded it anew and shows the edit. "until all follows": until lists, related articles and the search
  index are built too. Every edit is looked for on its page.
- largest MB: peak resident memory of the largest process (ru_maxrss of wait4; VmHWM for serve). together MB: peak
  of the proportional memory (PSS) of all processes, looked at twice a second; without the browser. output MB: all
  files of the site, index included. index MB: what search reads. MB: 1,000,000 bytes.
- All read the same Markdown and front matter, and write pages and what search needs. Answerdesk: all languages with
  one command, side by side in as many processes as there are cores; its own index, related articles, categories,
  feeds.
- Material and Zensical: as they come, with their search and their default navigation, which is the tree of all
  pages in every page.
- MkDocs and Zensical without navigation: `nav` names one page, so that no page lists the others, and nothing else
  is changed; MkDocs with the theme that it brings, and search. MkDocs builds a language anew for a change, as its
  --dirty leaves only the changed page in the search index; Zensical keeps a cache.
- Hugo: a theme of three small templates (page, list, JSON of all titles and texts, as it has no search); one
  command for all languages, on all cores, and everything anew for a change."""


def cold_row(cold: Cold) -> tuple[str, ...]:
    """Return a line about cold builds: median seconds, largest memory, the last build's bytes."""
    pages = cold.site.sample.pages
    sizes = [largest_of(cold.usages), together_of(cold.usages), cold.output, cold.index]
    name, seconds = f"{cold.site.tool}, {cold.site.sample.extent}", f"{cold.seconds:,.1f}"
    return (name, f"{pages:,}", seconds, f"{pages / cold.seconds:,.0f}", *map(_megabytes, sizes))


def changes_row(changes: Changes) -> tuple[str, ...]:
    """Return a line about edits."""
    sample, seconds = changes.site.sample, changes.seconds
    return (
        f"{changes.site.tool}, {sample.extent}: {changes.what}",
        f"{sample.pages:,}",
        f"{len(seconds)}",
        f"{statistics.median(seconds):,.2f}",
        f"{max(seconds):,.2f}",
        _megabytes(changes.largest),
        _megabytes(changes.together),
    )


def _megabytes(size: int | None) -> str:
    return "–" if size is None else f"{size / 1e6:,.1f}"
