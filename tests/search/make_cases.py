"""Write the shared case files: strings of the starter content and hostile ones, with the tokens they are to have.

Run `python tests/search/make_cases.py` after a deliberate change of the analysis, and read the difference: both languages
are tested against these files, and `test_analyse.py` says which words must meet. A language without articles keeps the
strings of its case file; a new one begins as `{"language": "ja", "cases": [["a string"], ["another"]]}`.
"""

import json
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from answerdesk.search.analyse import Analyser, analysis_of

ROOT = Path(__file__).parent.parent.parent
CASES = Path(__file__).parent / "cases"
HOSTILE = ["en", "tr", "ko"]
PER_LANGUAGE = 550
LONGEST = 60
PIECES = [
    "İIıi", "ŞĞÜÖÇ şğüöç", "Windows'ta", "can't", "don’t", "user's", "e-mail", "E‑Mail", "wi-fi", "Wi-Fi", "wi fi", "0x80070005",
    "0X8007000E", "KB5034441", "kb 5034441", "v2.3.1", "2.3.1", "24H2", "C:\\Windows\\System32", "user@example.com", "caa70004",
    "ＦＵＬＬ　ｗｉｄｔｈ１２３", "①②③", "ﬁle ﬂow", "Straße", "æon Œuvre", "naïve café", "cafe\u0301", "x²", "½", "№5", "٠١٢٣٤٥٦٧٨٩", "۱۲۳",
    "الشبكة", "والشبكة", "بالطابعة", "كلمةُ المرورِ", "كـــلمة", "إعدادات", "آخر", "لآ", "ﻻ", "ﷲ", "الواي فاي", "الVPN", "VPNال",
    "비밀번호", "비밀번호가", "비밀번호를", "비밀번호", "VPN에", "Wi-Fi가", "프린터는", "로그인이", "안돼요", "ㅂ밀번호", "한글과 English",
    "忘記密碼", "忘记密码", "印表機", "打印机", "無線網路", "裏面", "𠮷野家", "網", "网", "ヘルプデスク", "ﾊﾟｽﾜｰﾄﾞ", "パスワード", "か\u3099",
    "пароль", "Пароль", "κωδικός", "ΚΩΔΙΚΌΣ", "סיסמה", "รหัสผ่าน", "पासवर्ड", "🔑 key 🔒", "👩‍💻", "\u0000\u0001", "\u200bzero\u200dwidth",
    "\u202eabc", "a" * 60, "....", "-_-", "'", "''a''", "a.b-c_d", "x-", "-x", "1.2.3.4:8080", "...a", "ß", "ẞ", "ŉ", "ǆ", "ſ", "K",
]  # fmt: skip


def languages() -> list[str]:
    """Return the languages that have articles or a case file."""
    folders = [folder.name for folder in (ROOT / "content").iterdir() if any(folder.glob("**/*.md"))]
    files = [file.stem for file in CASES.glob("*.json") if not file.stem.startswith("hostile-")]
    return sorted({*folders, *files})


def strings(language: str) -> list[str]:
    """Return a choice of what a language's articles say, or what its case file has if there are none."""
    found = sorted(set(content_strings(language)))
    if not found:
        file = json.loads((CASES / f"{language}.json").read_text("utf-8"))
        return [case[0] for case in file["cases"]]
    random.Random(language).shuffle(found)
    return sorted(found[:PER_LANGUAGE])


def content_strings(language: str) -> Iterator[str]:
    """Yield lines and sentences of a language's articles, cut to a length that a person reads."""
    for file in sorted((ROOT / "content" / language).rglob("*.md")):
        for line in file.read_text("utf-8").splitlines():
            for part in re.split(r"(?<=[.!?。！？؟])\s*", line.strip(" -#>*|")):
                if len(part) > 1:
                    yield part[:LONGEST]


def hostile_strings(seed: int) -> Iterator[str]:
    """Yield the listed pieces, pairs of them glued and spaced, and random code points of the Basic Multilingual Plane."""
    chance = random.Random(seed)
    yield from PIECES
    for _ in range(120):
        yield chance.choice(["", " ", "-", "."]).join(chance.sample(PIECES, 2))
    for _ in range(180):
        blocks = [(0x20, 0x24F), (0x300, 0x36F), (0x600, 0x6FF), (0x1100, 0x11FF), (0xAC00, 0xD7A3), (0x4E00, 0x9FFF)]
        blocks += [(0x20, 0xD7FF), (0xF900, 0xFFFD), (0xFB50, 0xFEFF), (0x1F300, 0x1F6FF)]
        yield "".join(chr(chance.randint(*chance.choice(blocks))) for _ in range(chance.randint(1, 20)))


def cases(language: str, texts: Iterable[str]) -> list[list[object]]:
    """Return [text, tokens] of each string, a token as [form, start, end, terms]."""
    analyser = Analyser(analysis_of(language))
    return [[text, [[t.form, t.start, t.end, t.terms] for t in analyser.tokens(text)]] for text in texts]


def write(name: str, language: str, texts: Iterable[str]) -> int:
    """Write a case file, a case a line, and return how many it has."""
    rows = cases(language, texts)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    head = json.dumps({"language": language})[1:-1]
    (CASES / f"{name}.json").write_text("{" + head + ', "cases": [\n' + lines + "\n]}\n", "utf-8", "surrogatepass")
    return len(rows)


def main() -> None:
    """Write a file for each language, and the hostile strings under some of them."""
    total = sum(write(language, language, strings(language)) for language in languages())
    total += sum(write(f"hostile-{language}", language, hostile_strings(seed)) for seed, language in enumerate(HOSTILE))
    print(total, "cases")


if __name__ == "__main__":
    main()
