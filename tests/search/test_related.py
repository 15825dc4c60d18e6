"""Related articles speak of the same things."""

import random

from answerdesk.search import Builder, Document, Section, build_index
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


def test_after_changes_the_same_articles_are_related_as_if_all_were_compared_anew() -> None:
    chance = random.Random(1)
    words = [f"w{chr(97 + number % 26)}{chr(97 + number // 26)}x" for number in range(200)]

    def written(number: int) -> Document:
        text = " ".join(chance.choices(words, k=chance.choice([3, 20, 60])))
        return Document(url=f"{number}/", title=" ".join(chance.choices(words, k=2)), sections=(Section(text=text),))

    builder, relations, taken_over = Builder("en"), None, 0
    documents = [written(number) for number in range(100)]
    for _ in range(30):
        builder.arrange(documents)
        index = builder.index()
        relations, clean = Relations(index, relations, builder.levels), Relations(index)
        for number in range(100):
            for count in (0, 2, 4):
                assert relations.related(number, count) == clean.related(number, count)
        taken_over += clean.anew - relations.anew
        for number in chance.sample(range(100), chance.choice([1, 1, 5])):
            documents[number] = written(number)
    assert taken_over > 100
