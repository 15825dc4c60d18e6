"""Write an index that lunr.js 2.3.9 loads, for sites that want plain lunr.

lunr's own stemmers disagree between Python and JavaScript, so its pipeline is replaced by one function of ours,
registered under the same name on both sides: `lunr-pipeline.js` does it in the browser, with `lunr-analysis.json`.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from lunr.builder import Builder
from lunr.pipeline import Pipeline
from lunr.token import Token

from answerdesk.search.analyse import Analyser, analysis_of
from answerdesk.search.documents import Document
from answerdesk.search.runtime_modules import read_runtime
from answerdesk.support.js_bundle import join_modules

BOOSTS = {"title": 4, "aliases": 3, "questions": 2, "body": 1}


def export_lunr(documents: Sequence[Document], language: str, folder: Path) -> Path:
    """Write an index, its analysis and the scripts that lunr.js needs into a folder; return the index's path."""
    analysis = analysis_of(language)
    analyser = Analyser(analysis)

    def analyse(token: Token, _i: int | None = None, _tokens: object = None) -> list[Token]:
        return [
            token.clone(lambda _, __, term=term: term) for _, terms in analyser.words(str(token)) for term, _ in terms
        ]

    name = pipeline_name(language)
    Pipeline.registered_functions.pop(name, None)
    Pipeline.register_function(analyse, name)
    builder = Builder()
    builder.pipeline.add(analyse)
    builder.search_pipeline.add(analyse)
    builder.ref("url")
    for field, boost in BOOSTS.items():
        builder.field(field, boost=boost)
    for document in documents:
        builder.add(_row(document))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "lunr-index.json"
    path.write_text(json.dumps(builder.build().serialize(), ensure_ascii=False), "utf-8")
    (folder / "lunr-analysis.json").write_text(json.dumps(analysis, ensure_ascii=False), "utf-8")
    modules = read_runtime()
    for name, exported in {"analyse": "Analyser", "lunr-pipeline": "registerPipeline"}.items():
        (folder / f"{name}.js").write_text(join_modules(modules, name, exports=(exported,)), "utf-8")
    return path


def pipeline_name(language: str) -> str:
    """Return the name under which both sides know a language's function."""
    return f"answerdesk-{language}"


def _row(document: Document) -> dict[str, str]:
    return {
        "url": document.url,
        "title": document.title,
        "aliases": "\n".join(document.aliases),
        "questions": "\n".join(document.questions),
        "body": "\n".join(f"{section.heading}\n{section.text}" for section in document.sections),
    }
