"""Related articles speak of the same things."""

from answerdesk.search import Document, Section, build_index
from answerdesk.search.related import Relations

TEXTS = {
    "vpn": "connect the vpn tunnel from home",
    "remote": "remote desktop needs the vpn tunnel",
    "printer": "paper jam in the printer tray",
    "scanner": "scan from the printer tray",
    "chair": "order furniture",
}


def related(tags: dict[str, tuple[str, ...]] | None = None) -> dict[str, list[str]]:
    names = list(TEXTS)
    documents = [
        Document(url=name, title=name, tags=(tags or {}).get(name, ()), sections=(Section(text=text),))
        for name, text in TEXTS.items()
    ]
    relations = Relations(build_index(documents, "en"))
    return {name: [names[other] for other in relations.related(number, 2)] for number, name in enumerate(names)}


def test_articles_that_share_rare_words_are_related() -> None:
    assert related()["vpn"][0] == "remote"
    assert related()["scanner"][0] == "printer"


def test_an_article_is_not_related_to_itself_or_to_strangers() -> None:
    assert related()["chair"] == []


def test_a_shared_tag_relates() -> None:
    assert related({"chair": ("new starter",), "remote": ("new starter",)})["chair"] == ["remote"]
