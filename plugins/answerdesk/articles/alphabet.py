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
Letter = tuple[int, str]  # where its group stands, and its label


class Alphabet:
    """The order of one language's titles: by pinyin, zhuyin, initial consonants or letters.

    It remembers the titles that it grouped last, since to read a Chinese one takes a while. It may be stored.
    """

    def __init__(self) -> None:
        self._keys: dict[str, tuple[Letter, str]] = {}

    def group(self, articles: Sequence[Article], language: str) -> Groups:
        """Return articles in their order under its letters."""
        titles = {article.title for article in articles}
        self._keys = keys = {
            title: self._keys.get(title) or (_letter(title, language), _place(title, language)) for title in titles
        }
        ordered = sorted(articles, key=lambda article: (*keys[article.title], article.path))
        grouped = groupby(ordered, key=lambda article: keys[article.title][0])
        return tuple((label, tuple(group)) for (_, label), group in grouped)


def _letter(title: str, language: str) -> Letter:
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


def _place(title: str, language: str) -> str:
    """Return the sort key of a title inside its group."""
    bare = _bare(title, language)
    if language.startswith("zh"):
        return " ".join(_sounds(bare, language, "TONE3"))
    if language == "tr":
        return "".join(chr(TURKISH.find(char) + 1) for char in bare)
    return bare


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
