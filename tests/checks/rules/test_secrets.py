"""Secrets and personal data. Nothing here is anybody's: all of it is made up, put together so that no scanner minds."""

from collections.abc import Callable

import pytest

from answerdesk.checks.report.finding import Finding
from answerdesk.checks.rules.personal import is_card, is_iban

Find = Callable[..., list[Finding]]
Seen = Callable[..., list[str]]
MIXED = "aB3dE5fG7hJ9kL2mN4pQ6rS8tU1vW3xY5zA7bC9d"

SECRETS = [
    "AKI" + "AQ7RS9TUVWX2YZ4AB",
    "gh" + "p_" + MIXED[:36],
    "glpa" + "t-" + MIXED[:20],
    "xox" + "b-2345678901-" + MIXED[:24],
    "https://hooks.slack" + ".com/services/T0AB1CD2E/B0AB1CD2E/" + MIXED[:24],
    "AIz" + "a" + MIXED[:35],
    "sk_li" + "ve_" + MIXED[:24],
    "eyJ" + MIXED[:20] + ".eyJ" + MIXED[:30] + "." + MIXED,
    "-----BEGIN RSA PRIVATE" + " KEY-----\n" + MIXED * 2,
    "password: hunter2",
    "export DB_PASSWORD='s3cr-v9Kq'",
    '"api_key": "8f14e45fceea167a5a36"',
    "비밀번호: gksrmf77!",
    "postgres://app:Zt9kk2@db.house.org/x",
]
HARMLESS = [
    "password: <password>",
    "password: {{ password }}",
    "password=$DB_PASSWORD",
    "password: your-password1",
    "The password: at least 12 characters",
    "token: ********",
    "password=os.environ['PW1']",
    "token_type: bearer",
    "https://user:password@example.com/",
    "sha256 token: 0123456789",
    "AKIA" + "IOSFODNN7EXAMPLE",
    "-----BEGIN PRIVATE KEY-----\n...",
    "password: 12 to 64 characters",
    "Token-Ring: 16Mbit",
    "POSTGRES_PASSWORD=supers3cr3t",
    "password: P@ssw0rd99",
]


TOLD = [
    "The password is Windows11Sonne2024.",
    "The password is M365!Sonne2024.",
    'The password is "Summer2024!".',
    "The password is Summer2024!",
    "The password is hunter2.",
    "The Wi-Fi password is **Frühling26**.",
    "The password was `welcome7` until May.",
    "**Password:** Summer2024!",
    "**Password**: Summer2024!",
    "Password for guests: Sonne2024",
    "The password for the meeting room is “Regen#77”.",
    "Password (guest): Sonne2024",
    "The passphrase is Blauer!Himmel.",
    "Your password is set to Start9999.",
    "Set the password to Start2026!",
    "Use the password `Welcome7x`.",
    "| Password | Summer2024! |",
    "密码是Summer2024!。",
    "访客密码为「Sonne2024」。",
    "初始密码：Sonne2024",
    "密碼是 Sonne2024。",
    "無線網路的密碼設為 Sonne2024。",
    "비밀번호는 Summer2024!입니다.",
    '비밀번호는 "Summer2024!" 입니다.',
    "초기 암호: Sonne2024",
    "Parola: Sonne2024",
    "Şifreniz Sonne2024'tür.",
    "Misafir ağının parolası **Sonne2024!**.",
    "كلمة المرور هي Sonne2024.",
    "كلمة مرور الشبكة: Sonne2024",
    'كلمة السر هي "Sonne2024!"',
    "The password is\nSummer2024!",
]
UNTOLD = [
    "The password is in the envelope No.4711a.",
    "The password for Room3B is on the wall.",
    "The password is valid for iOS17 too.",
    "**Password:** the one that you got from HR.",
    "**Password**: 12–64 characters.",
    "Password: Outlook2019 and newer",
    "비밀번호: Windows11에서 설정",
    "Şifre: Wi-Fi6 ağı",
    "Parolayı Outlook2019'da değiştirin.",
    "كلمة المرور: في Windows11",
    "Your password is case-sensitive.",
    "The password is required.",
    "A password is required for Windows10 and Office365.",
    "The password is at least 12 characters long.",
    "The password is 14-characters long.",
    "Your password is valid for 90 days.",
    "The password is SHA256-hashed.",
    "The password is AES-256 encrypted.",
    "The password is Base64.",
    "Your password is different from your PIN.",
    "The password is <password>.",
    "The password is `{{ password }}`.",
    "The password is `your-password1`.",
    "The password is P@ssw0rd1.",
    "A strong password is something like Tr33House!Blue.",
    "An example of a password is Tr33House!Blue.",
    "For example: the password is Tr33House!Blue.",
    "Password: see KB0012345.",
    "Password reset: KB0012345",
    "Password manager: KeePass2",
    "Password: required",
    "Press Ctrl+Alt+Del, then choose **Change a password**.",
    "The password is the same as for jana2@house.example.org",
    "The password is jana2@house.org's own.",
    "Change the password to a new one.",
    "Password to Windows10",
    "The password to OneDrive2 is your own.",
    "Your password is changed every 90days.",
    "The password is wrong!",
    "The password is Wrong!",
    "密码是必填项。",
    "密码为 8 位以上。",
    "密码不少于12个字符，并且包含 A-Z 和 0-9。",
    "密码：至少 12 个字符",
    "密碼是您自己的。",
    "비밀번호는 12자 이상이어야 합니다.",
    "비밀번호는 대소문자를 구분합니다.",
    "비밀번호 Windows10에서 바꾸기",
    "Parolanız büyük/küçük harfe duyarlıdır.",
    "Parola en az 12 karakter olmalıdır.",
    "Şifreniz AES256 ile korunur.",
    "Parola zorunludur.",
    "Şifrenizi Microsoft365 hesabınızda değiştirin.",
    "كلمة المرور مطلوبة.",
    "كلمة المرور حساسة لحالة الأحرف.",
    "كلمة المرور هي 12 حرفًا على الأقل.",
    "كلمة المرور في Windows10 هي نفسها.",
    "password: {{ password }}",
    "See [the password page](../account/password2.md).",
    "The password is stored in [KeePass](keepass2.md).",
    "password=os.environ['PW1']",
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_is_named_and_not_repeated(find: Find, text: str) -> None:
    (found,) = find("secret", f"Text.\n\n```\n{text}\n```\n")
    assert found.line == 12
    assert text not in str(found)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_stands_for_a_secret_is_none(seen: Seen, text: str) -> None:
    assert seen("secret", f"```\n{text}\n```\n") == []


@pytest.mark.parametrize("text", TOLD)
def test_a_password_that_a_sentence_tells_is_named_and_not_repeated(find: Find, text: str) -> None:
    (found,) = find("secret", f"Text.\n\n{text}\n")
    assert found.line == 11 + text.count("\n")
    assert not any(word in str(found) for word in ("Summer2024", "Sonne2024", "hunter2", "Himmel", "26", "77", "7x"))


@pytest.mark.parametrize("text", UNTOLD)
def test_what_is_said_of_passwords_is_none(seen: Seen, text: str) -> None:
    assert seen("secret", f"Text.\n\n{text}\n") == []


def test_front_matter_is_searched_too(find: Find, article: Callable[..., str]) -> None:
    assert len(find("secret", article("A", tags=["password: hunter2"]))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "jana.novakova@verlag.org",
        "katzenfan77@gmail.com",
        "+44 20 7183 9264",
        "tel:+49-30-7654321",
        "DE12 5001 0517 0648 4898 90",
        "5454 1200 3400 5609",
    ],
)
def test_personal_data_are_named_and_not_repeated(find: Find, text: str) -> None:
    (found,) = find("personal-data", f"Text.\n{text}\n")
    assert found.line == 10
    assert text not in str(found)


@pytest.mark.parametrize(
    "text",
    [
        "name@example.com", "jana.novakova@example.com", "firstname.lastname@verlag.org", "servicedesk@verlag.org",
        "your.name@gmail.com", "anna.frey@desk.org", "jana.novakova@house.example.org", "git@github.com:a/b.git",
        "ssh jana.novakova@login.example.com", "+1 202 555 0143", "+44 1632 960123", "+1 234 567 8900",
        "+49 30 901820", "version 1.2.3.4", "2026-11-22 10:30:15", "GB29 NWBK 6016 1331 9268 19", "4111 1111 1111 1111",
        "4111 1111 1111 1112", "0x80070035 1234 5678", "DE12 5001 0517 0648 4898 91",
    ],
)  # fmt: skip
def test_examples_roles_and_the_houses_own_are_let_be(seen: Seen, text: str) -> None:
    assert seen("personal-data", f"Text {text} text.\n") == []


def test_a_desks_number_beside_its_address_is_let_be(seen: Seen) -> None:
    assert seen("personal-data", "* Email: <mailto:servicedesk@verlag.org>\n* Phone: +49 30 7654321\n") == []
    assert len(seen("personal-data", "servicedesk@verlag.org\n\n\n\n\n+49 30 7654321\n")) == 1
    assert len(seen("personal-data", "jana.novakova@verlag.org, support@verlag.org\n\n+49 30 7654321\n")) == 2


def test_an_address_in_a_link_is_a_persons_too(seen: Seen) -> None:
    assert len(seen("personal-data", "[Jana](mailto:jana.novakova@verlag.org)\n")) == 1


def test_checksums() -> None:
    assert is_card("5454120034005609")
    assert not is_card("5454120034005600")
    assert is_iban("DE12500105170648489890")
    assert not is_iban("DE12500105170648489891")
