"""Rule `secret`: keys, tokens and passwords in an article's file."""

import re
from collections.abc import Iterator

from answerdesk.checks.reading.content import Content
from answerdesk.checks.report.finding import Finding
from answerdesk.checks.rules.passwords import PLACEHOLDER, find_told, is_password

# Where the form itself says what it is.
KINDS = {
    "a private key": re.compile(
        r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----\s+(?:[\w-]+: .*\s+)*[A-Za-z0-9+/=]{40,}"
    ),
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b"),
    "a GitLab token": re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}"),
    "a Slack token": re.compile(r"\bxox[abprs]-[A-Za-z0-9]+-[A-Za-z0-9-]{10,}"),
    "a Slack address": re.compile(r"hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{16,}"),
    "a Google key": re.compile(r"\bAIza[A-Za-z0-9_-]{35}"),
    "a Stripe key": re.compile(r"\b[sr]k_live_[A-Za-z0-9]{16,}"),
    "a web token (JWT)": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{16,}"),
}
# “password: hunter2”, “PASSWORD=hunter2”, "password": "hunter2", --password hunter2
NAMED = re.compile(
    r"(?i)(?<![a-z])(?:password|passwd|pwd|passphrase|secret|api[_-]?key|access[_-]?key|"
    r"auth[_-]?token|token|密码|密碼|비밀번호|parola|şifre|كلمة المرور)"
    r"(?:[\"']?\s{0,2}[:=：]\s{0,2}|\s+=\s+)[\"'`]?(?P<value>[^\s\"'`,;<>|)]{6,64})"
)
IN_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://(?P<user>[^\s/:@<>{}$]+):(?P<value>[^\s/:@<>]{3,})@[\w.-]+")
WHY = "Everybody who can read the article, or the site's history, can use it"


def check_secrets(content: Content) -> Iterator[Finding]:
    """Yield a finding for each secret. What is found is never shown in full: reports are read by many."""
    for page in content.pages:
        seen: set[str] = set()
        for place, kind, value in find_secrets(page.text):
            if value in seen:
                continue
            seen.add(value)
            yield Finding(
                rule="secret",
                file=page.file,
                line=page.text.count("\n", 0, place) + 1,
                what=f"{kind} stands in the text: {value[:4]}…",
                why=WHY,
                cure="Make it void where it was issued, since git keeps old versions; in examples write <password>",
            )


def find_secrets(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield where a secret is, what it is, and the secret."""
    for kind, pattern in KINDS.items():
        for match in pattern.finditer(text):
            value = match.group()
            if kind.startswith("a private") or not re.search(r"(?i)example|x{6,}|0{8,}|1234567", value):
                yield match.start(), kind, value.removeprefix("-----BEGIN ")
    for match in NAMED.finditer(text):
        value = match.group("value").rstrip(".:")
        if is_password(value):
            yield match.start("value"), "a password or key", value
    for place, value in find_told(text):
        yield place, "a password", value
    for match in IN_ADDRESS.finditer(text):
        value = match.group("value")
        if not PLACEHOLDER.search(value) and not PLACEHOLDER.search(match.group("user")):
            yield match.start("value"), "a password in an address", value
