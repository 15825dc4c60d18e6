"""Passwords in sentences: “the password is …”, “**Password:** …”, in the languages of the starter content."""

import re
from collections.abc import Iterator

# What stands for a value.
PLACEHOLDER = re.compile(
    r"(?i)[<>{}\[\]$%…*()]|\.\.\.|x{3,}|y{3,}|0{6,}|^(?:-+|=+|/|\./|~|https?:|\w+\.\w+\.|\w+::)|(?:^|[^a-z])(?:your?|my|the|some|"
    r"user|secret|example|sample|dummy|test|foo|bar|placeholder|change|replace|insert|enter|new|old|none|null|true|false|file|"
    r"path|env|name|here)(?:[^a-z]|$)|changeme|password|passwd|example|redacted|secret|token|1234|abcd|qwerty"
)
WORD = re.compile("password|passwd|secret|letmein|changeit|example")
# How people spell words that stand for a password: s3cr3t, p@ssw0rd.
PLAIN = str.maketrans("013457@$!", "oleastasi")

FOR = r"(?:\s(?:for|of|to|on|at|in)(?:\s[\w'’-]+){1,4}?)?"  # for the guests
GUEST = r"(?:\s?[(（][^()（）\n]{1,30}[)）])?"  # (guests)
MARKS = "[*_]{0,2}"
COLON = rf"{MARKS}\s?[:：=–]{MARKS}\s?"
# Korean, Turkish and Arabic need no verb, or have it behind: there the value alone must tell.
NAMES = (
    rf"(?<![a-z])pass(?:word|phrase|code){FOR}{GUEST}(?:\s(?:is|was)(?:\s(?:now|still|set\sto))?\s|{COLON})",
    r"\b(?:set|reset|changed?)\s(?:[\w'’-]+\s){0,3}password\sto\s",
    r"(?<![a-z])pass(?:word|phrase|code)(?:\s?\|\s?|\s(?=[`\"“]))",  # in a table, or in quotes
    rf"(?:密码|密碼|口令){MARKS}{GUEST}(?:\s?(?:设置?为|設定?為|是|为|為)\s?[:：]?\s?|{COLON})",
    rf"(?:비밀번호|암호|패스워드){MARKS}{GUEST}(?:은|는|이|가)?(?:{COLON}|\s?)",
    rf"(?<!\w)(?:parola|şifre)[^\W\d_]{{0,8}}{MARKS}{GUEST}(?:{COLON}|\s?)",
    rf"كلمة\s(?:ال)?(?:مرور|سر)(?:\s[\u0600-\u06ff-]+){{0,3}}?{MARKS}(?:\s?هي)?(?:{COLON}|\s?)",
)
OPENING = r"[\"'“”‘«「『`*_]{0,3}"
VALUE = r"[^\s\"'`,;<>|)*“”‘’«»「」『』\u0600-\u06ff\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]{6,64}"
TOLD = [re.compile(rf"(?i){name}{OPENING}(?P<value>{VALUE})") for name in NAMES]

# What has letters and digits and is no password: standards and products with their numbers, numbers of documents,
NUMBERED = re.compile(
    r"(?i)(?:sha|md|aes|utf|base|rsa|des|ntlmv?|tlsv?|sslv?|wpa|ipv|oauth|ldapv?|smbv?|fido|u2f|v|wi-?fi|office|microsoft|m|windows|"
    r"win|macos|ios|android|outlook|word|excel|teams|exchange|sharepoint|onedrive|chrome|firefox|edge|bitlocker|keepass|lastpass|"
    r"1password|kb|inc|req|it|iso|rfc|step|page|line|section|chapter)[ _.-]?\d{1,10}(?![A-Za-z0-9!#&?+=])"
)
# measures, codes, keys, files, addresses.
NO_PASSWORD = re.compile(
    r"(?i)^(?:\d+[- ]?(?:days?|characters?|digits?|times?|hours?|minutes?|weeks?|months?|bits?)|0x[0-9a-f]+|2fa|"
    r"\d+(?:st|nd|rd|th))\b|ctrl|\balt\b|shift|cmd|@[\w-]+\.|://|\.(?:md|html?|pdf|ya?ml|json|txt|exe|conf|cfg)\b"
)
JOINED = re.compile(r"(?:[A-Za-z]+|\d+)(?:-(?:[A-Za-z]+|\d+))+")  # 8-character, AES-256, top-10
SYMBOL = re.compile(r"\w[!#&@^~+=?]\w")
# Advice shows what passwords look like.
ADVICE = re.compile(
    r"(?i)\b(?:example|e\.g|such as|for instance|weak|strong|good|bad)\b|例如|比如|예를 들어|예시|örneğin|örnek|مثل"
)
NEAR = 40  # characters


def find_told(text: str) -> Iterator[tuple[int, str]]:
    """Yield where sentences tell a password, and the password."""
    for pattern in TOLD:
        for match in pattern.finditer(text):
            value, place = match.group("value").rstrip(".:_?"), match.start("value")
            if _is_told(value) and not ADVICE.search(text, max(0, match.start() - NEAR), place):
                yield place, value


def is_password(value: str) -> bool:
    """Tell whether a value is one, and no word, name, number or expression that stands for one."""
    has_kinds = bool(re.search(r"[A-Za-z]", value)) and bool(re.search(r"\d", value))
    is_number = re.fullmatch(r"[0-9a-f.:]+|\d+\w{0,2}", value, re.IGNORECASE) and len(value) < 16
    is_name = is_number or NUMBERED.match(value)
    return has_kinds and not is_name and len(value) >= 6 and not _stands_for_one(value)


def _is_told(value: str) -> bool:
    """Tell whether a word of a sentence is a password."""
    if NO_PASSWORD.search(value) or JOINED.fullmatch(value):
        return False
    has_cases = value.upper() != value and value.lower() != value
    return is_password(value) or (has_cases and bool(SYMBOL.search(value)) and not _stands_for_one(value))


def _stands_for_one(value: str) -> bool:
    return bool(PLACEHOLDER.search(value) or WORD.search(value.lower().translate(PLAIN)))
