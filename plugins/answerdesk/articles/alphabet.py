"""Sort titles as readers of a language expect, and group them under its letters."""

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from types import ModuleType

from answerdesk.articles.article import Article

TURKISH = "abcçdefgğhıijklmnoöpqrsştuüvwxyz"
KOREAN = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
DOUBLED = dict(zip("ㄲㄸㅃㅆㅉ", "ㄱㄷㅂㅅㅈ", strict=True))
ARABIC_FORMS = str.maketrans("أإآٱىةؤئ", "ااااييوي")
ZHUYIN = "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙㄧㄨㄩㄚㄛㄜㄝㄞㄟㄠㄡㄢㄣㄤㄥㄦ"

# What IT says and pypinyin reads otherwise: 重 is chóng where something is done again.
PHRASES = {"重置": "zhì", "重设": "shè", "重設": "shè"}

Groups = tuple[tuple[str, tuple[Article, ...]], ...]


def group_by_letter(articles: Sequence[Article], language: str) -> Groups:
    """Return the articles in the language's order under its letters: pinyin, zhuyin, initial consonants, alphabet."""

    def letter(article: Article) -> tuple[int, str]:
        return _letter(article.title, language)

    def place(article: Article) -> tuple[tuple[int, str], list[int], str]:
        return letter(article), _place(article.title, language), article.path

    ordered = sorted(articles, key=place)
    return tuple((label, tuple(group)) for (_, label), group in groupby(ordered, key=letter))


def _letter(title: str, language: str) -> tuple[int, str]:
    """Return where the group of a title stands, and its label; other alphabets come after the language's own."""
    first = _bare(title, language)[:1]
    if "\uac00" <= first <= "\ud7a3":
        lead = KOREAN[(ord(first) - 0xAC00) // 588]
        return 0, DOUBLED.get(lead, lead)
    if "\u4e00" <= first <= "\u9fff":
        label = _sounds(_bare(title, language), language, "FIRST_LETTER")[0][:1].upper()  # 长 is read by its word
        return (ZHUYIN.find(label) if language == "zh-Hant" else 0), label
    if not first.isalpha():
        return 2000, "0–9"
    label = {"i": "İ", "ı": "I"}.get(first, first.upper()) if language == "tr" else first.upper()
    if language == "tr":
        return TURKISH.find(first), label
    return (1000 if language in ("ko", "ar", "zh-Hant") and first.isascii() else 0), label


def _place(title: str, language: str) -> list[int]:
    """Return the sort key of a title inside its group."""
    bare = _bare(title, language)
    if language.startswith("zh"):
        bare = " ".join(_sounds(bare, language, "TONE3"))
    if language == "tr":
        return [TURKISH.find(char) + 1 for char in bare]
    return [ord(char) for char in bare]


def _sounds(text: str, language: str, style: str) -> list[str]:
    """Return how a Chinese text is read: as zhuyin in Taiwan and Hong Kong, else as pinyin in a style."""
    pinyin = _pypinyin()
    sounds: list[str] = pinyin.lazy_pinyin(text, style=pinyin.Style["BOPOMOFO" if language == "zh-Hant" else style])
    return sounds


@cache
def _pypinyin() -> ModuleType:
    """Return the library that knows how Chinese is read. It is large, and most builds do without it."""
    import pypinyin

    pypinyin.load_phrases_dict({word: [["chóng"], [reading]] for word, reading in PHRASES.items()})
    return pypinyin


def _bare(title: str, language: str) -> str:
    """Return a title in lower case without what readers pass over: quotes, and the Arabic article."""
    if language == "tr":
        title = title.replace("I", "ı").replace("İ", "i")
    bare = "".join(char for char in title.lower() if char.isalnum() or char == " ").strip()
    if language == "ar":
        bare = bare.translate(ARABIC_FORMS).removeprefix("ال")
    return bare
