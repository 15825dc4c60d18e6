"""Languages that are one data file: Japanese, and what the keys of a keyboard give in another."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from answerdesk.search import Document, Searcher, Section, build_index, open_index, write_index
from answerdesk.search.analyse import Analyser, analysis_of, load_languages
from answerdesk.search.index import Synonym
from answerdesk.search.keyboard import compose, decompose, retyped

JAPANESE = Analyser(analysis_of("ja"))
SAYS_SOMETHING = 8  # what a term weighs at least that is no grammar and no filler


def said(text: str) -> set[str]:
    """Return the terms of a text that say something: without particles, endings and fillers."""
    terms = (terms[0] for _, terms in JAPANESE.words(text))
    return {term for term, weight in terms if weight >= SAYS_SOMETHING}


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("プリンタ", "プリンター"),
        ("サーバ", "サーバー"),
        ("ユーザ", "ユーザー"),
        ("フォルダ", "フォルダー"),
        ("コンピュータ", "コンピューター"),
        ("ブラウザ", "ブラウザー"),
        ("ルータ", "ルーター"),
        ("スキャナ", "スキャナー"),
        ("モニタ", "モニター"),
        ("ドライバ", "ドライバー"),
        ("メモリ", "メモリー"),
        ("バッテリ", "バッテリー"),
        ("アダプタ", "アダプター"),
        ("ヘッダ", "ヘッダー"),
        ("ｐｃ", "PC"),
        ("ﾊﾟｽﾜｰﾄﾞ", "パスワード"),
        ("ﾍﾙﾌﾟﾃﾞｽｸ", "ヘルプデスク"),
        ("ﾌﾟﾘﾝﾀｰ", "プリンタ"),
        ("ハ\u309aスワート\u3099", "パスワード"),
        ("ＶＰＮ", "VPN"),
        ("Ｗｉ－Ｆｉ", "wifi"),
        ("２段階認証", "2段階認証"),
        ("パスワードを忘れた", "パスワードを忘れました"),
        ("パスワードを忘れてしまった", "パスワードを忘れたとき"),
        ("パスワードの変更", "パスワードを変更する"),
        ("パスワード変更", "パスワードの変更方法"),
        ("パスワードを変更したい", "パスワードを変更するには"),
        ("ログインできない", "ログインできません"),
        ("ログインできない", "ログインする"),
        ("印刷できない", "印刷できません"),
        ("印刷されない", "印刷する"),
        ("プリンターで印刷できない", "プリンタから印刷できません"),
        ("VPNに接続できない", "VPN接続"),
        ("VPNがつながらない", "VPNにつなぐ"),
        ("Wi-Fiが遅い", "Wi-Fiが遅くなる"),
        ("メールが届かない", "メールが届きません"),
        ("メールを送れない", "メールを送る"),
        ("ファイルを削除してしまった", "削除したファイル"),
        ("共有フォルダにアクセスできない", "共有フォルダーへのアクセス"),
        ("画面が固まる", "画面が固まった"),
        ("音が出ない", "音が出なくなった"),
        ("どうすればExcelを開けますか", "Excelを開く"),
        ("Teamsのインストール方法を教えてください", "Teamsをインストール"),
        ("スマホでメールを見るにはどうしたらいいですか", "スマホのメールを見る"),
        ("アカウントがロックされた", "ロックされたアカウント"),
        ("エラー0x80070005が出る", "80070005 エラーが出た"),
        ("ノートＰＣの起動が遅い", "ノートPC 起動 遅い"),
        ("リモートデスクトップ接続", "リモートデスクトップの接続"),
        ("人々", "人々の"),
    ],
)
def test_what_people_type_meets_what_a_title_says(query: str, title: str) -> None:
    assert said(query)
    assert said(query) <= said(title)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("パスワードを忘れた", "プリンターで印刷できない"),
        ("ログインできない", "印刷できない"),
        ("メールが届かない", "ファイルが開かない"),
        ("VPNに接続できない", "Wi-Fiを設定できない"),
        ("画面が映らない", "音が聞こえない"),
        ("電話を転送する", "会議室を予約する"),
        ("サーバー", "ブラウザー"),
        ("プリンター", "ルーター"),
        ("モニターがつかない", "ヘッダーがつかない"),
        ("どうすればいいですか", "パスワード"),
        ("方法を教えてください", "アカウント"),
        ("分からない", "パスワードが分からない"),
        ("印刷", "印象"),
        ("接続", "接触"),
        ("起動", "移動"),
        ("ポート", "ボード"),
        ("パッチ", "バッチ"),
        ("カード", "ガード"),
        ("パス", "バス"),
        ("コード", "コート"),
        ("ログ", "ログイン"),
        ("リンク", "プリンター"),
        ("オンライン", "ライン"),
    ],
)
def test_what_shares_only_grammar_does_not_meet(one: str, other: str) -> None:
    assert not said(one) & said(other)


@pytest.mark.parametrize(
    "text",
    [
        "どうすればいいですか",
        "できない",
        "できません",
        "方法を教えてください",
        "分からない",
        "お願いします",
        "困っています",
    ],
)
def test_a_question_without_a_subject_says_nothing(text: str) -> None:
    assert not said(text)


ARTICLES = {
    "パスワードを忘れたとき": "サインイン画面の「パスワードを忘れた場合」を選び、新しいパスワードを設定します。",
    "アカウントがロックされたとき": "パスワードを何度も間違えるとアカウントはロックされます。15分待ってください。",
    "二要素認証を設定する": "スマートフォンに認証アプリを入れ、QRコードを読みます。機種変更の前に移行します。",
    "VPNに接続する": "社外から社内ネットワークを使うにはVPNクライアントを起動し、接続を押します。",
    "Wi-Fiにつながらないとき": "無線LANを一度オフにしてオンにし、社内のアクセスポイントに接続し直します。",
    "プリンターで印刷できないとき": "プリンターの電源と用紙を確認し、印刷キューに残っているジョブを削除します。",
    "プリンターを追加する": "設定の「プリンターとスキャナー」から、近くのプリンターを選びます。",
    "メールが届かないとき": "迷惑メールフォルダーと振り分けルールを確認してください。",
    "大きなファイルを送る": "メールに添付できない大きなファイルは、共有リンクで送ります。",
    "削除したファイルを元に戻す": "ごみ箱を開き、ファイルを右クリックして「元に戻す」を選びます。",
    "共有フォルダーへのアクセスを申請する": "所有者の承認が必要です。フォルダーの場所を書いて申請してください。",
    "パソコンの動作が遅いとき": "使っていないアプリを閉じ、再起動します。空き容量も確認してください。",
    "ソフトウェアをインストールする": "ソフトウェアセンターからアプリを選び、インストールを押します。",
    "会議で音が聞こえないとき": "スピーカーとマイクの設定を開き、使う機器を選びます。ヘッドセットを挿し直します。",
    "怪しいメールを報告する": "リンクを開かず、フィッシングとして報告ボタンを押します。",
    "画面をもう一台つなぐ": "モニターをケーブルでつなぎ、表示を拡張にします。",
}
SYNONYMS = [("Wi-Fi", "無線LAN"), ("復元", "元に戻す"), ("スマホ", "スマートフォン")]


@pytest.fixture(scope="module")
def japanese(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    documents = [Document(url=title, title=title, sections=(Section(text=text),)) for title, text in ARTICLES.items()]
    synonyms = [Synonym(typed=group, found=group) for group in SYNONYMS]
    return searcher_of(documents, "ja", tmp_path_factory.mktemp("ja"), synonyms)


def searcher_of(documents: list[Document], language: str, folder: Path, synonyms: Sequence[Synonym] = ()) -> Searcher:
    write_index(build_index(documents, language, synonyms), folder)
    return open_index(folder)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("パスワードを忘れました", "パスワードを忘れたとき"),
        ("ﾊﾟｽﾜｰﾄﾞ 忘れた", "パスワードを忘れたとき"),
        ("パスワードがわからない", "パスワードを忘れたとき"),
        ("アカウントがロックされてしまいました。どうすればいいですか？", "アカウントがロックされたとき"),
        ("スマホの機種変更で認証アプリはどうしたらいい", "二要素認証を設定する"),
        ("自宅から社内ネットワークにつなぐ方法", "VPNに接続する"),
        ("ＶＰＮの接続方法を教えてください", "VPNに接続する"),
        ("wifiがつながりません", "Wi-Fiにつながらないとき"),
        ("無線LANに接続できない", "Wi-Fiにつながらないとき"),
        ("プリンタが印刷しない", "プリンターで印刷できないとき"),
        ("印刷できません", "プリンターで印刷できないとき"),
        ("新しいプリンタを追加したい", "プリンターを追加する"),
        ("メールが届きません", "メールが届かないとき"),
        ("ファイルが大きすぎてメールで送れない", "大きなファイルを送る"),
        ("間違えて削除したファイルを復元したい", "削除したファイルを元に戻す"),
        ("共有フォルダにアクセスできない", "共有フォルダーへのアクセスを申請する"),
        ("パソコンが遅い", "パソコンの動作が遅いとき"),
        ("動作がとても遅くて困っています", "パソコンの動作が遅いとき"),
        ("アプリをインストールするには", "ソフトウェアをインストールする"),
        ("会議中に相手の声が聞こえない", "会議で音が聞こえないとき"),
        ("フィッシングメールが来た", "怪しいメールを報告する"),
        ("モニタをつなぎたい", "画面をもう一台つなぐ"),
        ("インスト", "ソフトウェアをインストールする"),
        ("フィッシ", "怪しいメールを報告する"),
        ("アカ", "アカウントがロックされたとき"),
    ],
)
def test_a_question_in_plain_japanese_finds_its_article_first(japanese: Searcher, query: str, first: str) -> None:
    assert [result.title for result in japanese.search(query).results][:1] == [first]


KEYS = [
    ("ko", "프린터", "vmflsxj"),
    ("ko", "비밀번호", "qlalfqjsgh"),
    ("ko", "안돼요", "dksehody"),
    ("ko", "없어요", "djqtdjdy"),
    ("ko", "괜찮아", "rhoscksgdk"),
    ("ko", "꽉", "Rhkr"),
    ("ko", "의", "dml"),
    ("ko", "않", "dksg"),
    ("ko", "값이", "rkqtdl"),
    ("ko", "얘기", "dOrl"),
    ("ar", "كلمة المرور", ";glm hglv,v"),
    ("ar", "طابعة", "'hfum"),
    ("ar", "الشبكة", "hgaf;m"),
    ("ar", "إعدادات", "Yu]h]hj"),
]


@pytest.mark.parametrize(("language", "text", "keys"), KEYS)
def test_text_typed_on_a_latin_keyboard_is_read_as_meant(language: str, text: str, keys: str) -> None:
    assert text in list(retyped(keys, analysis_of(language)["rules"]))


@pytest.mark.parametrize(
    ("language", "typed"),
    [("ko", "ㅔㄱㅑㅜㅅㄷㄱ"), ("ko", "ㅔ갸ㅜㅅㄷㄱ"), ("ar", "حقهىفثق")],
    ids=["Korean letters", "Korean syllables", "Arabic"],
)
def test_an_english_word_typed_on_another_keyboard_is_read_as_meant(language: str, typed: str) -> None:
    assert "printer" in list(retyped(typed, analysis_of(language)["rules"]))


def test_capitals_that_mean_nothing_on_a_keyboard_are_read_as_small_letters() -> None:
    assert "프린터" in list(retyped("VMFlSXJ", analysis_of("ko")["rules"]))


def test_the_key_that_writes_lam_and_alef_gives_both() -> None:
    analyser = Analyser(analysis_of("ar"))
    assert "بلاك" in [analyser.fold(text) for text in retyped("fb;", analysis_of("ar")["rules"])]


def test_every_hangul_syllable_is_composed_of_the_letters_that_type_it() -> None:
    syllables = [chr(point) for point in range(0xAC00, 0xD7A4)]
    assert [compose(decompose(syllable)) for syllable in syllables] == syllables


def test_a_final_consonant_goes_to_the_next_syllable_if_a_vowel_follows() -> None:
    assert [compose(letters) for letters in ["ㄱㅏㅂㅅㅣ", "ㄱㅏㅂㅅㅇㅣ", "ㅇㅣㅆㅓ", "ㅇㅣㅆㅇㅓ"]] == [
        "갑시",
        "값이",
        "이써",
        "있어",
    ]


@pytest.mark.parametrize(
    ("language", "title", "typed", "corrected"),
    [
        ("ko", "프린터", "vmflsxj", "프린터"),
        ("ko", "Printer", "ㅔ갸ㅜㅅㄷㄱ", "printer"),
        ("ar", "كلمة المرور", ";glm hglv,v", "كلمة المرور"),
        ("ar", "Printer", "حقهىفثق", "printer"),
    ],
)
def test_search_answers_what_was_meant_and_says_so(
    tmp_path: Path, language: str, title: str, typed: str, corrected: str
) -> None:
    text = "무선 네트워크 비밀번호 재설정" if language == "ko" else "الشبكة اللاسلكية وهاتف الشركة"
    documents = [Document(url="right/", title=title), Document(url="other/", title="Wi-Fi", summary=text)]
    found = searcher_of(documents, language, tmp_path).search(typed)
    assert [result.url for result in found.results] == ["right/"]
    assert found.corrected == corrected


def test_a_letter_that_only_endings_have_is_folded_too(tmp_path: Path) -> None:
    documents = [Document(url="right/", title="كلمة المرور"), Document(url="other/", title="Wi-Fi")]
    found = searcher_of(documents, "ar", tmp_path).search("كلمة ")
    assert [result.url for result in found.results] == ["right/"]


FILES = [pytest.param(file, id=name) for name, file in load_languages().items()]
RULES = [
    pytest.param(rule, id=f"{name}-{script}")
    for name, file in load_languages().items()
    for script, rule in file["rules"].items()
]
Rule = dict[str, Any]


@pytest.mark.parametrize("file", FILES)
def test_a_data_file_is_written_as_text_is_matched(file: dict[str, Any]) -> None:
    analyser = Analyser(analysis_of((file["languages"] or ["xx"])[0]))
    for rule in file["rules"].values():
        affixes = [text for step in [*rule["prefixes"], *rule["suffixes"]] for pair in step["rules"] for text in pair]
        words = [*rule["light"], *rule["forms"], *rule["forms"].values(), *rule.get("function", ""), *affixes]
        assert [word for word in words if analyser.fold(word) != word] == []


@pytest.mark.parametrize("file", FILES)
def test_a_light_word_is_one_token(file: dict[str, Any]) -> None:
    analyser = Analyser(analysis_of((file["languages"] or ["xx"])[0]))
    light = [word for rule in file["rules"].values() for word in rule["light"]]
    assert [word for word in light if [form for form, _ in analyser.words(word)] != [word]] == []


def test_a_script_has_one_default_rule() -> None:
    defaults = [script for file in load_languages().values() if file["default"] for script in file["rules"]]
    assert sorted(defaults) == sorted(set(defaults))


@pytest.mark.parametrize("rule", RULES)
def test_a_keyboard_gives_one_character_a_key(rule: Rule) -> None:
    keys, letters = rule.get("keyboard", ["", ""])
    assert len(keys) == len(letters)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("rule", RULES)
def test_no_affix_hides_a_longer_one_of_its_step(rule: Rule) -> None:
    for kind, meets in (("prefixes", str.startswith), ("suffixes", str.endswith)):
        for step in rule[kind]:
            affixes = [affix for affix, _ in step["rules"]]
            rows = [(affix, other) for i, affix in enumerate(affixes) for other in affixes[i + 1 :]]
            assert [(affix, other) for affix, other in rows if other != affix and meets(other, affix)] == []


def test_a_language_without_a_file_takes_no_endings_off() -> None:
    words = list(Analyser(analysis_of("xx")).words("Straßen, cafés"))
    assert [(form, terms[0][0]) for form, terms in words] == [("strassen", "strassen"), ("cafes", "cafes")]
