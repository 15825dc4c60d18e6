"""What is installed for what: a portal needs no web framework, and whatever is told to install exists."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ticket_form.errors import install_hint

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = set(PROJECT["optional-dependencies"])
WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {missing}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
sys.argv = {arguments}
from {module} import run
run()
"""


def name_of(requirement: str) -> str:
    return re.split(r"[<>=\[]", requirement)[0]


def run_without(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    missing = [name_of(requirement) for requirement in PROJECT["optional-dependencies"]["ticket-form"]]
    left = [name for name in missing if name != "markupsafe"]  # Jinja brings it
    program = WITHOUT.format(missing=left, arguments=[module, *arguments], module=module)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, timeout=60)


def test_a_portal_needs_nothing_of_the_ticket_form() -> None:
    done = run_without("answerdesk.__main__", "schema")
    assert done.returncode == 0, done.stderr


def test_the_ticket_forms_command_says_what_to_install() -> None:
    done = run_without("ticket_form.__main__", "--help")
    assert done.returncode == 1
    assert "pip install '.[ticket-form]'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "file", [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=lambda path: path.name
)
def test_documents_name_extras_that_exist_and_no_package_that_is_not_published(file: Path) -> None:
    told = re.findall(r"pip[^`\n]* install ([^`\n]*)", file.read_text("utf-8"))
    assert {extra for extras in re.findall(r"\[([a-z,-]+)\]", " ".join(told)) for extra in extras.split(",")} <= EXTRAS
    assert not [line for line in told if re.match(r"answerdesk(?!-VERSION)", line)]


@pytest.mark.parametrize("extra", sorted(EXTRAS))
def test_messages_tell_to_install_it_from_a_checkout_or_a_wheel(extra: str) -> None:
    assert {name for names in re.findall(r"\[([a-z,-]+)\]", install_hint(extra)) for name in names.split(",")} <= EXTRAS
    assert "pip install '.[" in install_hint(extra)


def test_no_message_names_a_package_that_is_not_published() -> None:
    code = "\n".join(file.read_text("utf-8") for file in (ROOT / "ticket_form").rglob("*.py"))
    assert "pip install answerdesk" not in code
    assert set(re.findall(r"install_hint\('([a-z-]+)'\)", code)) == EXTRAS
