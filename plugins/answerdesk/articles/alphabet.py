"""Sort titles as readers of a language expect, and group them under its letters."""

from collections.abc import Sequence
from itertools import groupby

from pypinyin import Style, lazy_pinyin, load_phrases_dict

from answerdesk.articles.article import Article

TURKISH = "abcçdefgğhıijklmnoöpqrsştuüvwxyz"
KOREAN = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
DOUBLED = dict(zip("ㄲㄸㅃㅆㅉ", "ㄱㄷㅂㅅㅈ", strict=True))
ARABIC_FORMS = str.maketrans("أإآٱىةؤئ", "ااااييوي")
ZHUYIN = "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙㄧㄨㄩㄚㄛㄜㄝㄞㄟㄠㄡㄢㄣㄤㄥㄦ"

# What IT says and pypinyin reads otherwise: 重 is chóng where something is done again.
load_phrases_dict(
    {word: [["chóng"], [reading]] for word, reading in {"重置": "zhì", "重设": "shè", "重設": "shè"}.items()}
)

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
        style = Style.BOPOMOFO if language == "zh-Hant" else Style.FIRST_LETTER
        label = lazy_pinyin(_bare(title, language), style=style)[0][:1].upper()  # 长 is read by its word
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
        style = Style.BOPOMOFO if language == "zh-Hant" else Style.TONE3
        bare = " ".join(lazy_pinyin(bare, style=style))
    if language == "tr":
        return [TURKISH.find(char) + 1 for char in bare]
    return [ord(char) for char in bare]


def _bare(title: str, language: str) -> str:
    """Return a title in lower case without what readers pass over: quotes, and the Arabic article."""
    if language == "tr":
        title = title.replace("I", "ı").replace("İ", "i")
    bare = "".join(char for char in title.lower() if char.isalnum() or char == " ").strip()
    if language == "ar":
        bare = bare.translate(ARABIC_FORMS).removeprefix("ال")
    return bare
