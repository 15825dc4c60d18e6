"""An exported index loads in lunr.js 2.3.9 and finds what lunr's own stemmers lose."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from lunr.index import Index

from answerdesk.search import Document, Section
from answerdesk.search.lunr_export import export_lunr

LUNR = files("mkdocs") / "contrib/search/templates/search/lunr.js"
SEARCH = """
  const { Analyser } = await load("analyse");
  const { registerPipeline } = await load("lunr-pipeline");
  registerPipeline(lunr, new Analyser(argument.analysis), argument.language);
  const index = lunr.Index.load(argument.index);
  return argument.queries.map((query) => index.search(query).map(({ ref }) => ref));
"""
TEXTS = {
    "en": {"display": "display keys gateway try today", "code": "error 0x80070005 again"},
    "ko": {"password": "비밀번호를 재설정하세요", "printer": "프린터가 꺼져 있습니다"},
    "tr": {"printer": "yazıcıya bağlanamıyorum", "network": "ağ bağlantısı kesildi"},
    "zh-Hant": {"password": "忘記密碼時重設", "printer": "印表機無法列印"},
}
QUERIES = {
    "en": ["keys", "key", "today", "80070005"],
    "ko": ["비밀번호", "프린터는"],
    "tr": ["YAZICI", "bağlantı"],
    "zh-Hant": ["密码", "印表機"],
}


@pytest.mark.parametrize("language", list(TEXTS))
def test_lunr_js_and_lunr_py_find_the_same(laboratory, tmp_path: Path, language: str) -> None:
    documents = [Document(url=url, title="", sections=(Section(text=text),)) for url, text in TEXTS[language].items()]
    data = json.loads(export_lunr(documents, language, tmp_path).read_text("utf-8"))
    laboratory.page.add_script_tag(content=LUNR.read_text("utf-8"))
    analysis = json.loads((tmp_path / "lunr-analysis.json").read_text("utf-8"))
    argument = {"analysis": analysis, "language": language, "index": data, "queries": QUERIES[language]}
    in_browser = laboratory.run(SEARCH, argument)
    in_python = [[found["ref"] for found in Index.load(data).search(query)] for query in QUERIES[language]]
    assert in_browser == in_python
    assert all(in_browser)
