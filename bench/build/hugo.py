"""Write a site for Hugo around articles: a small theme with article pages, category pages and a JSON of all texts."""

from collections.abc import Sequence
from pathlib import Path

import yaml

RIGHT_TO_LEFT = ("ar",)
LAYOUTS = {
    "_default/baseof.html": """\
<!doctype html>
<html lang="{{ site.Language.Lang }}" dir="{{ site.Language.LanguageDirection | default "ltr" }}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{ .Title }}</title>
<meta name="description" content="{{ .Params.summary }}"><link rel="canonical" href="{{ .Permalink }}"></head>
<body><header><a href="{{ site.Home.RelPermalink }}">{{ site.Title }}</a></header>
<main>{{ block "main" . }}{{ end }}</main></body></html>
""",
    "_default/single.html": """\
{{ define "main" }}<nav><a href="{{ .CurrentSection.RelPermalink }}">{{ .CurrentSection.Title }}</a></nav>
<article><h1>{{ .Title }}</h1><p>{{ .Params.summary }}</p>{{ .Content }}</article>{{ end }}
""",
    "_default/list.html": """\
{{ define "main" }}<h1>{{ .Title }}</h1>
<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Params.summary }}</li>{{ end }}</ul>
{{ end }}
""",
    "index.texts.json": """\
[{{ range $i, $page := site.RegularPages }}{{ if $i }},{{ end }}
{{ dict "url" .RelPermalink "title" .Title "text" .Plain | jsonify }}{{ end }}]
""",
}


def write_hugo_site(folder: Path, content: Path, languages: Sequence[str]) -> None:
    """Write Hugo's configuration and theme; it reads the articles where they are."""
    config = {
        "baseURL": "https://help.example.com/",
        "title": "Help",
        "defaultContentLanguage": languages[0].lower(),
        "defaultContentLanguageInSubdir": True,
        "disableKinds": ["taxonomy", "term"],
        "outputFormats": {"texts": {"mediaType": "application/json", "path": "search", "baseName": "texts"}},
        "outputs": {"home": ["html", "rss", "texts"], "section": ["html"]},
        "languages": {
            code.lower(): {
                "languageName": code,
                "contentDir": str((content / code).resolve()),
                "languageDirection": "rtl" if code in RIGHT_TO_LEFT else "ltr",
            }
            for code in languages
        },
    }
    for name, text in LAYOUTS.items():
        (folder / "layouts" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "layouts" / name).write_text(text, "utf-8")
    (folder / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), "utf-8")
