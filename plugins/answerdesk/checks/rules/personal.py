"""Rule `personal-data`: persons' addresses and numbers in an article's file.

Looked for: e-mail addresses of persons, international telephone numbers, bank accounts and payment cards that have a
right checksum. What the house publishes itself stands in `content/company.yml` and is passed over.
"""

import re
from collections.abc import Iterator

from answerdesk.checks.reading.content import Content
from answerdesk.checks.report.finding import Finding, Level

EMAIL = re.compile(r"(?:(?<![\w.+/@:-])|(?<=mailto:))([A-Za-z0-9][\w.+-]*)@((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})(?![\w@])")
PERSON = re.compile(r"[a-z]{2,}\d{0,3}[._][a-z]{2,}\d{0,3}|[a-z][._][a-z]{3,}\d{0,3}", re.IGNORECASE)
FREE_MAIL = re.compile(
    r"(?:gmail|googlemail|hotmail|outlook|live|yahoo|icloud|me|aol|gmx|web|proton|protonmail|qq|163|126|naver|daum|hanmail|"
    r"yandex)\.(?:com|net|de|fr|me|co\.uk|ru)",
    re.IGNORECASE,
)
STAND_IN = re.compile(
    r"(?i)first|last|sur|fore|given|family|etunimi|sukunimi|name|user|your|you|some|any|example|test|john|jane|doe|"
    r"smith|foo|bar|xxx|abc|mail|info|support|help|service|desk|team|office|admin|contact|noreply|no-reply|group|list|account|ad[._]soyad"
)
ROLE = re.compile(r"(?i)info|support|help|service|desk|office|contact|hotline|reception|enquir|inquir")
NEAR = 3  # lines
EXAMPLE_DOMAIN = re.compile(
    r"(?i)(?:.*\.)?(?:example(?:\.\w+)?|test|invalid|localhost|contoso\.com|fabrikam\.com|domain\.com|company\.com)"
)

PHONE = re.compile(r"(?<![\w+.=/-])\+(?!0)\d{1,3}(?:[ \u00a0.-]?\(?\d{1,4}\)?){2,5}(?![\w-])")
# Numbers that are given to nobody: for fiction and examples, by the offices that give out numbers.
RESERVED = re.compile(
    r"1\d{3}555(?:01\d\d|2671)|44(?:1632960|2079460|7700900|1134960|1144960|1154960|1164960|1174960|1184960|1214960|1314960|1414960|"
    r"1514960|1614960|8081570|9098790|3069990)\d{3}|61(?:[2378]5550\d{4}|491570\d{3})|33(?:19900|26191|35301|46571|53649)\d{4}|"
    r"1?2?3?4567890?|\d*(\d)\1{6,}\d*|\d*1234567\d*|9055550\d+|358\d{1,2}1234567"
)
IBAN = re.compile(r"\b([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)\b")
CARD = re.compile(
    r"(?<![\w.-])(?:[3-6]\d{3}(?:[ -]\d{4}){2}[ -]\d{1,7}|3[47]\d{2}[ -]\d{6}[ -]\d{5}|[45]\d{15})(?![\w.-])"
)
# What banks and shops print in their manuals.
SAMPLES = {
    "4111111111111111", "4242424242424242", "4012888888881881", "5555555555554444", "5105105105105100",
    "378282246310005", "371449635398431", "6011111111111117", "4000000000000002",
    "GB29NWBK60161331926819", "GB82WEST12345698765432", "DE89370400440532013000", "FR1420041010050500013M02606",
    "TR330006100519786457841326", "FI2112345600000785", "SA0380000000608010167519",
}  # fmt: skip


def check_personal(content: Content) -> Iterator[Finding]:
    """Yield a finding for each thing that belongs to a person, once a page."""
    known = _known(content)
    for page in content.pages:
        seen: set[str] = set()
        for place, kind, value in find_personal(page.text):
            key = _bare(value)
            if key in seen or key in known or (kind == "an e-mail address" and _domain(value) in known):
                continue
            seen.add(key)
            yield Finding(
                rule="personal-data",
                file=page.file,
                line=page.text.count("\n", 0, place) + 1,
                what=f"{kind} stands in the text: {_hidden(value)}",
                why="It may be a person's, everybody can copy it, and it is soon out of date",
                cure="Take it out; what the house publishes belongs in company.yml, and examples use name@example.com",
                level=Level.WARNING if kind == "a telephone number" else Level.ERROR,
            )


def find_personal(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield where something personal is, what it is, and what it says."""
    for match in EMAIL.finditer(text):
        local, domain = match.groups()
        is_person = PERSON.fullmatch(local) or FREE_MAIL.fullmatch(domain)
        if is_person and not STAND_IN.search(local) and not EXAMPLE_DOMAIN.fullmatch(domain):
            yield match.start(), "an e-mail address", match.group()
    for match in PHONE.finditer(text):
        digits = _bare(match.group()).lstrip("+")
        if 9 <= len(digits) <= 15 and not RESERVED.fullmatch(digits) and not _is_role(text, match):
            yield match.start(), "a telephone number", match.group()
    for match in IBAN.finditer(text):
        if is_iban(_bare(match.group())):
            yield match.start(), "a bank account (IBAN)", match.group()
    for match in CARD.finditer(text):
        if is_card(_bare(match.group())):
            yield match.start(), "a payment card's number", match.group()


def _is_role(text: str, number: re.Match[str]) -> bool:
    """Tell whether a telephone number is a desk's: its address stands beside it, and no person's does."""
    before, after = text[: number.start()].split("\n")[-NEAR - 1 :], text[number.end() :].split("\n")[: NEAR + 1]
    near = [match.group(1) for match in EMAIL.finditer("\n".join([*before, *after]))]
    return bool(near) and all(ROLE.search(local) for local in near)


def is_iban(text: str) -> bool:
    """Tell whether a bank account has a right checksum (ISO 13616: 1 modulo 97), and is no well-known sample."""
    if not 15 <= len(text) <= 34 or text in SAMPLES:
        return False
    return int("".join(str(int(char, 36)) for char in text[4:] + text[:4])) % 97 == 1


def is_card(digits: str) -> bool:
    """Tell whether a card's number has a right checksum (ISO/IEC 7812: Luhn), and is no well-known sample."""
    if digits in SAMPLES or len(set(digits)) < 4:
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return 13 <= len(digits) <= 19 and sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _known(content: Content) -> set[str]:
    """Return what the house publishes itself: its values, and the domains in them are no persons'."""
    company = content.catalogue.company if content.catalogue else {}
    values = [text for names in company.values() for text in names.values()]
    known = {_bare(value) for value in values}
    for value in values:
        known |= {_bare(match.group()) for match in PHONE.finditer(value)}
        known |= {_domain(match.group()) for match in EMAIL.finditer(value)}
        if re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", value):
            known.add(value)
    return known


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()


def _bare(text: str) -> str:
    return re.sub(r"[\s().\u00a0-]", "", text) if "@" not in text else text.casefold()


def _hidden(value: str) -> str:
    """Return enough of it to find it: reports are read by many."""
    if "@" in value:
        local, _, domain = value.partition("@")
        return f"{local[:2]}…@{domain}"
    return f"{value[:6]}…{value[-2:]}"
