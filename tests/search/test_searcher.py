"""What a visitor finds, in which order, and what is said about it; in six languages."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerdesk.search import Document, Searcher, Section, builder, open_index, read_synonyms
from answerdesk.search.analyse import analysis_of
from answerdesk.search.index import Synonym

CONTENT = Path(__file__).parent.parent.parent / "content"
DUBEOLSIK = ["qwertyuiopasdfghjklzxcvbnmQWERTOP", "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ"]
ARABIC = ["qwertyuiopasdfghjklzxcvnm", "ضصثقفغعهخحشسيبلاتنمئءؤرىة"]
OTHERS = {
    "en": ["Paper", "Meeting room", "Travel"], "zh-Hans": ["纸张", "会议室", "出差"],
    "zh-Hant": ["紙張", "會議室", "出差"],
    "ko": ["종이", "회의실", "출장"], "tr": ["Kâğıt", "Toplantı odası", "Seyahat"],
    "ar": ["ورق", "غرفة الاجتماعات", "سفر"],
    "fr": ["Papier", "Salle", "Voyage"], "de": ["Papier", "Raum", "Reise"],
}  # fmt: skip

Make = Callable[..., Searcher]


@pytest.fixture
def searcher(small_index: Path) -> Searcher:
    return open_index(small_index)


def urls(searcher: Searcher, text: str, **options: object) -> list[str]:
    return [result.url.split("#")[0] for result in searcher.search(text, **options).results]


def group(*phrases: str) -> Synonym:
    return Synonym(typed=phrases, found=phrases)


# ---- Order


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("forgot my password", "password/"),
        ("i forgot my password how do i reset it", "password/"),
        ("vpn", "vpn/"),
        ("0X0000011B", "printer/"),
        ("print", "printer/"),
    ],
)
def test_the_article_that_says_it_comes_first(searcher: Searcher, query: str, first: str) -> None:
    assert urls(searcher, query)[0] == first


def test_a_word_in_the_title_weighs_more_than_one_in_the_text(make: Make) -> None:
    assert urls(make(("Other things", "about the printer"), ("Printer", "other things")), "printer")[0] == "Printer"


def test_an_article_with_all_words_comes_before_one_with_a_single_rare_word(make: Make) -> None:
    found = urls(
        make(("a", "reset mail"), ("b", "reset mail password"), ("c", "password"), ("d", "mail")), "reset mail password"
    )
    assert found[0] == "b"


def test_one_missing_word_does_not_hide_an_article(make: Make) -> None:
    found = urls(make(("Reset the password", ""), ("Printer", "")), "reset forgotten password quickly")
    assert found == ["Reset the password"]


def test_a_prior_lifts_one_of_two_equal_articles(make: Make) -> None:
    documents = [Document(url=f"{i}/", title="Reset a password", prior=prior) for i, prior in enumerate((0, 8, 0))]
    assert urls(make(*documents), "password")[0] == "1/"


def test_a_prior_does_not_lift_an_article_above_one_that_says_more(make: Make) -> None:
    favourite = Document(url="favourite/", title="Printer paper", prior=8, sections=(Section(text="a password too"),))
    assert urls(make(favourite, ("Reset a password", "")), "reset password")[0] == "Reset a password"


def test_of_equal_articles_the_first_comes_first(make: Make) -> None:
    documents = [Document(url=f"{i}/", title="Reset a password") for i in range(5)]
    assert urls(make(*documents), "password") == ["0/", "1/", "2/", "3/", "4/"]


# ---- Begun words


@pytest.mark.parametrize("length", range(3, 9))
def test_a_word_is_found_while_it_is_being_typed(searcher: Searcher, length: int) -> None:
    assert "password/" in urls(searcher, "password"[:length])


def test_a_finished_word_is_not_taken_for_a_beginning(searcher: Searcher) -> None:
    assert urls(searcher, "passw ") == []


def test_a_single_latin_letter_begins_no_word(searcher: Searcher) -> None:
    assert urls(searcher, "p") == []


@pytest.mark.parametrize(
    ("language", "title", "begun"),
    [
        ("ko", "비밀번호", "비"), ("ko", "비밀번호", "비미"), ("ko", "비밀번호", "비밀버"),
        ("ar", "الطابعة", "الطاب"), ("ar", "الواي فاي", "وا"), ("ar", "الواي فاي", "واي"),
        ("zh-Hans", "网络设置", "网"), ("zh-Hant", "網路設定", "網"), ("zh-Hant", "網路設定", "网"),
        ("tr", "Yazıcı bağlantısı", "yazı"), ("tr", "Yazıcı bağlantısı", "baglan"), ("fr", "Réinitialiser", "reini"),
    ],
)  # fmt: skip
def test_a_begun_word_finds_in_every_script(make: Make, language: str, title: str, begun: str) -> None:
    found = make((title, ""), *((other, "") for other in OTHERS[language]), language=language)
    assert urls(found, begun) == [title]


def test_a_begun_arabic_word_is_no_conjunction_before_other_words(make: Make) -> None:
    found = make(("الواي فاي", ""), ("الطابعة", "والشبكة والجهاز والبريد"), language="ar")
    assert urls(found, "واي") == urls(found, "وا") == ["الواي فاي"]


# ---- Spellings that are the same


@pytest.mark.parametrize(
    ("language", "title", "typed"),
    [
        ("en", "Café Wi-Fi", "cafe wifi"), ("en", "ＶＰＮ", "vpn"), ("en", "Sign-in", "signin"),
        ("en", "User's guide", "users guide"),
        ("en", "Outlook", "OUTLOOK"), ("en", "Can’t print", "cant print"), ("en", "ﬁles", "files"),
        ("zh-Hans", "忘记密码", "忘記密碼"), ("zh-Hant", "忘記密碼", "忘记密码"), ("zh-Hant", "裡面", "里面"),
        ("zh-Hans", "ＶＰＮ网络", "vpn 網絡"), ("zh-Hans", "重置密码", "重置 密码"),
        ("ko", "비밀번호 재설정", "비밀번호를 재설정"), ("ko", "프린터", "프린터가 "),
        ("ko", "네트워크", "네트워크에서 "),
        ("ko", "비밀번호", "\u1107\u1175\u1106\u1175\u11af\u1107\u1165\u11ab\u1112\u1169"),
        ("ko", "VPN 연결", "VPN에 연결"),
        ("tr", "Şifre", "sifre"), ("tr", "Şifre", "SIFRE"), ("tr", "ŞİFRE", "şifre"), ("tr", "Yazıcı", "yazici"),
        ("tr", "Yazıcı", "YAZICI"), ("tr", "Ağ bağlantısı", "ag baglantisi"), ("tr", "Windows'ta", "windows"),
        ("tr", "Yazıcı", "yazıcıya "), ("tr", "İnternet", "internet"), ("tr", "Isıtma", "ısıtma"),
        ("ar", "الطابعة", "طابعة"), ("ar", "طابعة", "الطابعة"), ("ar", "الطابعة", "الطابعه"),
        ("ar", "إعدادات", "اعدادات"),
        ("ar", "كلمة المرور", "كَلِمَةُ المُرُور"), ("ar", "الشبكة", "والشبكة"), ("ar", "كلمة", "كـــلمة"),
        ("ar", "مستشفى", "مستشفي"),
        ("ar", "رمز ٣٤", "رمز 34"), ("de", "Straße", "strasse"), ("fr", "Réseau", "reseau"), ("fr", "cœur", "coeur"),
    ],
)  # fmt: skip
def test_another_spelling_finds_the_same_at_its_full_weight(make: Make, language: str, title: str, typed: str) -> None:
    found = make((title, ""), *((other, "") for other in OTHERS[language]), language=language)
    assert urls(found, typed)[:1] == [title]
    assert found.search(typed + " ").results[0].tier == found.search(title + " ").results[0].tier == "exact"
    assert found.search(typed + " ").corrected is None


def test_korean_written_apart_is_the_word_written_together(make: Make) -> None:
    found = make(("비밀번호", ""), ("비밀번호 재설정", ""), ("프린터", ""), language="ko")
    assert set(urls(found, "비밀 번호 ")) == {"비밀번호", "비밀번호 재설정"}


def test_korean_written_together_is_the_words_written_apart(make: Make) -> None:
    found = make(("비밀번호 재설정", ""), ("비밀번호", "재설정"), ("프린터", ""), language="ko")
    assert urls(found, "비밀번호재설정 ")[0] == "비밀번호 재설정"


@pytest.mark.parametrize("typed", ["wifi ", "wi-fi ", "wi fi ", "WiFi ", "Wi‑Fi "])
def test_wifi_is_found_however_it_is_written(make: Make, typed: str) -> None:
    found = make(("Join the Wi-Fi", ""), ("Guest wifi", ""), ("Printer", ""), ("Paper", "fi"))
    assert set(urls(found, typed)[:2]) == {"Join the Wi-Fi", "Guest wifi"}


def test_words_written_together_are_found_apart(make: Make) -> None:
    found = make(("Voice mail", ""), ("Set up your voice mail", ""), ("Voice", ""), ("Mail", ""))
    assert set(urls(found, "voicemail ")) == {"Voice mail", "Set up your voice mail"}


def test_words_written_apart_are_found_together(make: Make) -> None:
    found = make(("Voicemail", ""), ("Set up voicemail", ""), ("Printer", ""))
    assert set(urls(found, "voice mail ")) == {"Voicemail", "Set up voicemail"}


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("en", "打印机 vpn"),
        ("zh-Hans", "打印机vpn"),
        ("ko", "打印机 vpn"),
        ("tr", "VPN 打印机"),
        ("ar", "打印机 الVPN"),
    ],
)
def test_scripts_may_be_mixed(make: Make, language: str, typed: str) -> None:
    found = make(("打印机 VPN 프린터 طابعة", ""), ("other", ""), language=language)
    assert urls(found, typed) == ["打印机 VPN 프린터 طابعة"]


# ---- Codes


@pytest.mark.parametrize("written", ["0x80070005", "80070005", "-2147024891", "2147942405", "0X80070005"])
@pytest.mark.parametrize("typed", ["0x80070005", "80070005", "-2147024891", "2147942405", "error 0x80070005"])
def test_an_error_code_is_found_however_it_is_written(make: Make, written: str, typed: str) -> None:
    documents = (
        Document(url="code/", title="Update", codes=(written,)),
        Document(url="b/", title="Error", codes=("0x80070006",)),
    )
    assert urls(make(*documents), typed)[0] == "code/"


@pytest.mark.parametrize("written", ["KB5034441", "KB 5034441", "kb5034441"])
@pytest.mark.parametrize("typed", ["KB5034441", "KB 5034441", "5034441", "kb5034441 "])
def test_an_article_number_is_found_with_and_without_its_letters(make: Make, written: str, typed: str) -> None:
    found = make((f"Update {written} fails", ""), ("Update KB5034442 fails", ""), ("KB", ""))
    assert urls(found, typed)[0] == f"Update {written} fails"


@pytest.mark.parametrize("written", ["v2.3.1", "2.3.1"])
@pytest.mark.parametrize("typed", ["v2.3.1", "2.3.1", "2.3", "v2.3"])
def test_a_version_is_found_with_its_v_and_by_its_beginning(make: Make, written: str, typed: str) -> None:
    found = make((f"Client {written}", ""), ("Client 3.2.1", ""), ("Client 2.4", ""))
    assert urls(found, typed) == [f"Client {written}"]


def test_a_code_is_never_corrected(make: Make) -> None:
    found = make(("KB5034441", ""), ("0x80070005", ""), ("AADSTS50055", ""), ("v2.3.1", ""))
    for typed in ("5034442 ", "0x80070006 ", "aadsts50056 ", "2.3.2 ", "kb5034442 "):
        results = found.search(typed)
        assert results.corrected is results.suggested is None
        assert typed in ("aadsts50056 ", "kb5034442 ", "2.3.2 ") or not results.total  # these share a part: kb, 2.3


# ---- Misspelt words


@pytest.mark.parametrize(
    ("language", "title", "typed", "corrected"),
    [
        ("en", "Password", "pasword ", "password "), ("en", "Password", "passwrod", "password"),
        ("en", "Printer", "printre ", "printer "),
        ("en", "Authenticator", "authentcatr ", "authenticator "),
        ("en", "Password", "how to reset pasword?", "how to reset password?"),
        ("tr", "Şifre", "şirfe ", "şifre "), ("tr", "Yazıcı", "yazcıı ", "yazıcı "),
        ("tr", "Bağlantı", "baglanti", None),
        ("ko", "비밀번호", "비밀벊호 ", "비밀번호 "), ("ko", "프린터", "프런터 ", "프린터 "),
        ("ar", "الطابعة", "الطايعة ", "الطابعة "), ("ar", "الشبكة", "الشكبة ", "الشبكة "),
        ("fr", "Réseau", "résau ", "réseau "), ("zh-Hans", "打印机 Outlook", "outlok ", "outlook "),
    ],
)  # fmt: skip
def test_a_misspelt_word_is_found_at_once(
    make: Make, language: str, title: str, typed: str, corrected: str | None
) -> None:
    found = make((title, ""), (f"{title} +", ""), *((other, "") for other in OTHERS[language]), language=language)
    results = found.search(typed)
    assert results.results[0].title == title
    assert results.corrected == corrected


@pytest.mark.parametrize("typed", ["vpm ", "ma ", "usp ", "비빌 ", "网洛 "])
def test_a_short_word_is_not_corrected(make: Make, typed: str) -> None:
    found = make(("VPN", ""), ("Mac", ""), ("USB", ""), ("비밀", ""), ("网络", ""))
    assert (found.search(typed).total, found.search(typed).corrected) == (0, None)


def test_a_word_that_articles_have_is_never_corrected(make: Make) -> None:
    found = make(("Manger", ""), *((f"Manager {i}", "") for i in range(9))).search("manger ")
    assert [result.title for result in found.results] == ["Manger"]
    assert found.corrected is None


def test_a_correction_never_stands_above_an_article_with_all_that_was_typed(make: Make) -> None:
    found = make(("Pasword printer", ""), *((f"Password printer {i}", "") for i in range(9)))
    assert urls(found, "pasword printer ")[0] == "Pasword printer"


def test_a_misspelt_word_does_not_hide_what_the_others_find(make: Make) -> None:
    found = make(("Reset a password", ""), ("Reset a printer", ""), ("Paper", "")).search("reset pasword ")
    assert [result.title for result in found.results][:2] == ["Reset a password", "Reset a printer"]
    assert [result.tier for result in found.results] == ["corrected", "partial"]


def test_a_rare_spelling_of_a_common_word_is_found_and_the_common_one_suggested(make: Make) -> None:
    found = make(("Manger", ""), *((f"Manager {i}", "manager") for i in range(40)))
    results = found.search("The MANGER ")
    assert results.results[0].title == "Manger"
    assert (results.corrected, results.suggested) == (None, "The manager ")
    assert found.search("manager ").suggested is None


def test_two_rare_words_suggest_nothing(make: Make) -> None:
    assert make(("Manger", ""), ("Manager", "")).search("manger ").suggested is None


def test_nothing_is_said_to_be_corrected_when_nothing_is_found(searcher: Searcher) -> None:
    results = searcher.search("qwxzvqwxzv ")
    assert (results.total, results.corrected, results.suggested, results.also) == (0, None, None, ())


# ---- Synonyms


def test_a_synonym_finds_and_is_named(make: Make) -> None:
    found = make(("Join the WLAN", ""), ("Printer", ""), synonyms=[group("wireless", "wlan")]).search("wireless ")
    assert [result.title for result in found.results] == ["Join the WLAN"]
    assert (found.also, found.results[0].tier) == (("wlan",), "synonym")


def test_the_word_itself_comes_before_its_synonym(make: Make) -> None:
    found = make(("WLAN", ""), ("Wireless", ""), ("Printer", ""), synonyms=[group("wireless", "wlan")])
    assert urls(found, "wireless ") == ["Wireless", "WLAN"]
    assert urls(found, "wlan ") == ["WLAN", "Wireless"]


def test_a_one_way_synonym_finds_one_way(make: Make) -> None:
    one_way = [Synonym(typed=("certificate",), found=("credential",))]
    found = make(("Credential", ""), ("Certificate", ""), ("Printer", ""), synonyms=one_way)
    assert urls(found, "certificate ") == ["Certificate", "Credential"]
    assert urls(found, "credential ") == ["Credential"]


def test_a_phrase_stands_for_a_word_and_a_word_for_a_phrase(make: Make) -> None:
    synonyms = [group("two-step verification", "mfa")]
    found = make(("MFA", ""), ("Two-step verification", ""), ("Verification", ""), ("Step", ""), synonyms=synonyms)
    assert urls(found, "mfa ") == ["MFA", "Two-step verification"]
    assert "MFA" in urls(found, "two-step verification ")
    assert "MFA" not in urls(found, "verification ")


def test_the_longest_phrase_counts_and_not_its_parts(make: Make) -> None:
    synonyms = [group("sign in", "login"), group("sign", "badge")]
    found = make(("Login", ""), ("Badge", ""), ("Sign in", ""), synonyms=synonyms)
    assert found.search("sign in ").also == ("login",)
    assert "Badge" not in urls(found, "sign in ")
    assert "Badge" in urls(found, "sign ")


def test_a_synonym_that_did_not_help_is_not_named(make: Make) -> None:
    found = make(("Wireless", ""), ("Printer", ""), synonyms=[group("wireless", "wlan")]).search("wireless ")
    assert found.also == ()


def test_a_misspelt_word_is_corrected_when_no_synonym_answers(make: Make) -> None:
    found = make(("Wireless", ""), ("Wireless mouse", ""), synonyms=[group("wireles", "wlan")]).search("wireles ")
    assert (found.corrected, found.also) == ("wireless ", ())


@pytest.mark.parametrize(
    ("language", "typed", "title"),
    [
        ("zh-Hans", "印表機", "打印机"), ("zh-Hans", "網路", "网络"), ("zh-Hans", "伺服器", "服务器"),
        ("zh-Hans", "login", "登录"),
        ("zh-Hant", "打印机", "印表機"), ("zh-Hant", "网络", "網路"), ("zh-Hant", "登录", "登入"),
        ("ko", "비번", "비밀번호"), ("ko", "암호", "비밀번호"), ("tr", "şifre", "Parola"), ("tr", "sifre", "Parola"),
        ("ar", "الباسورد", "كلمة المرور"), ("en", "2FA", "Multi-factor"), ("en", "logon", "Sign in"),
    ],
)  # fmt: skip
def test_the_words_of_a_region_and_of_everyday_find_those_of_the_articles(
    make: Make, language: str, typed: str, title: str
) -> None:
    synonyms = read_synonyms(CONTENT / "synonyms" / f"{language}.yml")
    found = make((title, ""), *((other, "") for other in OTHERS[language]), language=language, synonyms=synonyms)
    assert urls(found, typed + " ")[:1] == [title]
    assert found.search(typed + " ").also or found.search(typed + " ").results[0].tier == "exact"


# ---- Exact phrases


QUOTES = ['"{}"', "“{}”", "„{}“", "”{}”", "«{}»", "»{}«", "「{}」", "『{}』", '"{}', "{}"]


@pytest.mark.parametrize("quotes", QUOTES[:8])
def test_what_is_quoted_stands_so_in_the_article(make: Make, quotes: str) -> None:
    found = make(("a", "the network cable is new"), ("b", "the cable of the network"), ("c", "network cables"))
    assert set(urls(found, quotes.format("network cable"))) == {"a", "c"}
    assert urls(found, quotes.format("cable network")) == []


@pytest.mark.parametrize("quotes", QUOTES[8:])
def test_without_two_quotes_the_words_may_stand_anywhere(make: Make, quotes: str) -> None:
    found = make(("a", "the network cable is new"), ("b", "the cable of the network"))
    assert set(urls(found, quotes.format("network cable"))) == {"a", "b"}


def test_words_beside_a_phrase_are_searched_as_ever(make: Make) -> None:
    found = make(("a", "network cable"), ("b", "network cable, blue"), ("c", "blue cable network"))
    assert urls(found, '"network cable" blue ') == ["b", "a"]
    assert set(urls(found, '"network cable" "cable blue"')) == {"b"}


def test_a_quoted_word_is_one_that_the_article_has(make: Make) -> None:
    found = make(("a", "blue cable"), ("b", "cables"), ("c", "blue table"))
    assert set(urls(found, '"cable" blue ')) == {"a", "b"}
    assert urls(found, '"cabel" blue ') == []


def test_a_phrase_is_found_below_many_articles_with_some_of_its_words(make: Make) -> None:
    others = [(f"network {i}", "network network network") for i in range(60)]
    found = make(*others, ("long", "cable " * 3 + "and much else about a network cable " + "that is said here " * 50))
    assert urls(found, '"network cable"') == ["long"]


def test_of_a_long_query_only_what_is_read_is_asked_for_as_a_phrase(make: Make) -> None:
    found = make(("a", "network cable"), ("b", "cable network"))
    assert urls(found, '"network cable"' + " cable" * 40 + ' "nothing like it"')[:1] == ["a"]


@pytest.mark.parametrize(
    ("language", "text", "other", "phrase"),
    [
        ("zh-Hans", "请重置密码后登录", "密码请重置", "重置密码"),
        ("zh-Hant", "請重設密碼後登入", "密碼請重設", "重设密码"),
        ("ko", "비밀번호를 재설정하세요", "재설정할 비밀번호", "비밀번호 재설정"),
        ("tr", "Yazıcı bağlantısı koptu", "Bağlantı yazıcı", "yazici baglantisi"),
        ("ar", "إعادة تعيين كلمة المرور", "المرور كلمة تعيين", "كلمة المرور"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("quotes", ['"{}"', "「{}」", "«{}»"])
def test_a_phrase_is_exact_in_every_language(
    make: Make, language: str, text: str, other: str, phrase: str, quotes: str
) -> None:
    assert urls(make(("a", text), ("b", other), language=language), quotes.format(phrase)) == ["a"]


def test_empty_quotes_ask_for_nothing(searcher: Searcher) -> None:
    assert urls(searcher, 'vpn ""') == urls(searcher, 'vpn "?!" ') == urls(searcher, "vpn ")


# ---- Another keyboard


@pytest.mark.parametrize(
    ("language", "title", "typed", "corrected"),
    [
        ("ko", "프린터 오류", "vmflsxj", "프린터"), ("ko", "비밀번호", "qlalfqjsgh", "비밀번호"),
        ("ko", "Printer", "ㅔㄱㅑㅜㅅㄷㄱ", "printer"),
        ("ko", "Printer", "ㅔ갸ㅜㅅㄷㄱ", "printer"), ("ar", "Password", "حشسسصخقي", "password"),
        ("ar", "الطابعة", "hg'hfum", None),
        ("ar", "شبكة", "afmm", None),
    ],
)  # fmt: skip
def test_a_word_typed_with_the_wrong_keyboard_is_read_as_it_was_meant(
    make: Make, monkeypatch: pytest.MonkeyPatch, language: str, title: str, typed: str, corrected: str | None
) -> None:
    rules = analysis_of(language)["rules"]
    if "keyboard" not in rules["hangul"]:
        hangul, arabic = ({**rules["hangul"], "keyboard": DUBEOLSIK}, {**rules["arabic"], "keyboard": ARABIC})
        analysis = {**analysis_of(language), "rules": rules | {"hangul": hangul, "arabic": arabic}}
        monkeypatch.setattr(builder, "analysis_of", lambda _: analysis)
    found = make((title, ""), *((other, "") for other in OTHERS[language]), language=language).search(typed)
    if corrected:
        assert [result.title for result in found.results] == [title]
        assert found.corrected == corrected


def test_a_word_that_is_found_as_it_stands_is_not_read_otherwise(make: Make) -> None:
    found = make(("vmflsxj", ""), ("프린터", ""), language="ko").search("vmflsxj ")
    assert [result.title for result in found.results] == ["vmflsxj"]
    assert found.corrected is None


# ---- Filters, facets, pages of results


@pytest.fixture
def shelf(make: Make) -> Searcher:
    return make(
        *(
            Document(url=f"{i}/", title=f"Password {i}", breadcrumb=(category, "x"), applies_to=systems)
            for i, (category, systems) in enumerate(
                [("Accounts", ("windows", "macos")), ("Network", ("windows",)), ("Accounts", ()), ("E-mail", ("ios",))]
            )
        ),
        Document(url="none/", title="Password of nothing"),
    )


def test_filters_leave_the_articles_that_have_all_their_values(shelf: Searcher) -> None:
    assert set(urls(shelf, "password", filters={"category": "Accounts"})) == {"0/", "2/"}
    assert urls(shelf, "password", filters={"category": "Accounts", "appliesTo": "windows"}) == ["0/"]
    assert shelf.search("password", filters={"appliesTo": "windows"}).total == 2


@pytest.mark.parametrize("filters", [{"category": "Other"}, {"category": ""}, {"colour": "red"}, {"constructor": "x"}])
def test_a_filter_that_no_article_has_leaves_nothing(shelf: Searcher, filters: dict[str, str]) -> None:
    assert shelf.search("password", filters=filters).total == 0


def test_facets_count_the_answers_by_their_values(shelf: Searcher) -> None:
    facets = shelf.search("password", with_facets=True).facets
    assert facets == {
        "category": [("Accounts", 2), ("Network", 1), ("E-mail", 1)],
        "appliesTo": [("windows", 2), ("macos", 1), ("ios", 1)],
    }
    assert shelf.search("password 3", with_facets=True, filters={"category": "E-mail"}).facets == {
        "category": [("E-mail", 1)],
        "appliesTo": [("ios", 1)],
    }


def test_facets_are_those_of_all_answers_whatever_page_is_shown(shelf: Searcher) -> None:
    whole = shelf.search("password", with_facets=True).facets
    assert shelf.search("password", limit=1, offset=2, with_facets=True).facets == whole


def test_facets_come_only_when_asked_for(shelf: Searcher) -> None:
    assert shelf.search("password").facets is None


def test_limit_and_offset_cut_results_but_not_the_total(make: Make) -> None:
    found = make(*[(f"password {i}", "") for i in range(9)])
    pages = [found.search("password", limit=4, offset=offset) for offset in (0, 4, 8, 12)]
    assert [len(page.results) for page in pages] == [4, 4, 1, 0]
    assert {page.total for page in pages} == {9}
    assert [result for page in pages for result in page.results] == list(found.search("password", limit=9).results)


def test_find_gives_the_numbers_and_scores_of_what_search_gives(shelf: Searcher) -> None:
    found = [(shelf.id(article), score) for article, score in shelf.find("password 2", limit=3)]
    assert found == [(result.url, result.score) for result in shelf.search("password 2", limit=3).results]


def test_an_article_is_named_by_its_id_or_its_url(make: Make) -> None:
    found = make(Document(url="a/", id="FAQ-1", title="Password"), Document(url="b/", title="Printer"))
    assert [found.id(0), found.id(1)] == ["FAQ-1", "b/"]
    assert [found.title_of("a/"), found.title_of("b/"), found.title_of("c/")] == ["Password", "Printer", None]


# ---- Excerpts and tiers


def test_matches_are_marked_in_the_excerpt(searcher: Searcher) -> None:
    [result, *_] = searcher.search("choose password").results
    assert ("password", True) in result.excerpt
    assert "".join(text for text, _ in result.excerpt).strip("…")


def test_what_was_corrected_begun_or_a_synonym_is_marked_too(make: Make) -> None:
    found = make(("Title", "my WLAN and my printer"), ("b", "printer"), synonyms=[group("wireless", "wlan")])
    for typed, marked in (("pritner ", "printer"), ("print", "printer"), ("wireless ", "WLAN")):
        assert (marked, True) in found.search(typed).results[0].excerpt + found.search(typed).results[-1].excerpt


def test_a_result_opens_at_the_heading_that_answers(searcher: Searcher) -> None:
    found = {result.url for result in searcher.search("password windows").results}
    assert "password/#windows" in found


def test_an_excerpt_of_a_long_text_is_short_and_holds_the_match(make: Make) -> None:
    text = "filler words here. " * 400 + "The needle is here. " + "more filler again. " * 400
    [result] = make(("Hay", text)).search("needle").results
    assert ("needle", True) in result.excerpt
    assert sum(len(text) for text, _ in result.excerpt) < 260


def test_tiers_say_how_the_query_was_met(searcher: Searcher) -> None:
    assert searcher.search("password ").results[0].tier == "exact"
    assert searcher.search("passwo").results[0].tier == "prefix"
    assert searcher.search("pasword ").results[0].tier == "corrected"
    assert searcher.search("password vpn printer ").results[0].tier == "partial"


def test_a_query_with_unknown_words_is_met_in_part_and_scores_less(searcher: Searcher) -> None:
    known, unknown = (searcher.search(text).results[0] for text in ("password ", "qwxzv password zzxxyy "))
    assert unknown.tier == "partial"
    assert unknown.score < known.score


# ---- Whatever is typed


@pytest.mark.parametrize(
    "text", ["", " ", "\u3000\u00a0\t\n", "?!", "\u0000", "\u200b\u200d", "🔑", '""', "\ud800", "\x7f\x1b"]
)
def test_nothing_typed_finds_nothing(searcher: Searcher, text: str) -> None:
    results = searcher.search(text, with_facets=True)
    assert (results.total, results.results, results.corrected, results.suggested) == (0, (), None, None)


@pytest.mark.parametrize(
    "text",
    ["password " * 2000, "a" * 10_000, "비" * 10_000, "网" * 10_000, "ال" * 5000, '"' * 10_000, "a-" * 5000,
    "a." * 5000,
     "'" * 10_000, "\u0300" * 10_000, "\ud800" * 10_000, "𠮷" * 10_000, "ㅂ" * 10_000, "0x" * 5000,
     "\u1107\u1175" * 5000],
)  # fmt: skip
def test_ten_thousand_characters_are_answered(searcher: Searcher, text: str) -> None:
    assert searcher.search(text).total in range(4)


def test_only_the_beginning_of_a_very_long_query_is_read(searcher: Searcher) -> None:
    assert urls(searcher, "password " * 2000)[0] == "password/"
    assert urls(searcher, " " * 2000 + "password") == []


@pytest.mark.parametrize(
    "text", ["pass\u0000word", "vpn\u0007", "\u202evpn", "vpn\ud800", "\udc00 vpn \ud800", "v\u00adpn"]
)
def test_what_cannot_be_seen_does_no_harm(searcher: Searcher, text: str) -> None:
    searcher.search(text)
    assert "pass" in text or urls(searcher, text) == ["vpn/"]


@pytest.fixture(scope="module")
def anything(make: Make) -> Searcher:
    return make(
        ("Reset a password", "on Windows"), ("打印机", "프린터 yazıcı طابعة"), synonyms=[group("reset", "打印机")]
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_no_query_fails_and_scores_descend(anything: Searcher, text: str) -> None:
    found = anything.search(text, with_facets=True)
    assert json.dumps([result.score for result in found.results])
    assert [r.score for r in found.results] == sorted((r.score for r in found.results), reverse=True)


@given(text=st.text(min_size=1, max_size=40))
def test_an_excerpt_is_cut_from_the_text_and_nothing_else(make: Make, text: str) -> None:
    found = make(("Title", text), ("Other", "words"))
    written = text.encode("utf-8", "replace").decode()
    for result in found.search("title " + text).results[:1]:
        cut = "".join(piece for piece, _ in result.excerpt).strip("…")
        assert cut in written or cut == result.summary
