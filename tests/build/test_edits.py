"""What is built again after edits is what a clean build makes, byte for byte.

ANSWERDESK_EDITS says how many random sequences of edits are tried.
"""

import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from answerdesk.articles import reader
from answerdesk.build import language_build
from answerdesk.build.site_build import build_site
from answerdesk.cli import main

ROOT = Path(__file__).parents[2]
SEQUENCES = int(os.environ.get("ANSWERDESK_EDITS", "4"))
EDITS = 4  # in a sequence, with a build after each
LANGUAGES = ["en", "ko"]
INTERNAL = "audience: internal\n"
WORDS = (
    *("printer", "password", "network", "VPN", "비밀번호", "프린터", "네트워크", "reset", "offline", "error"),
    *("0x80070005", "screen", "cable", "케이블"),
)


class Site:
    """A site of two languages with portal, synonyms and pictures of its own, to be edited at random."""

    def __init__(self, folder: Path, shared: ModuleType, chance: random.Random) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.chance = chance
        self._shared = shared
        tree = shared.Tree(folder, LANGUAGES)
        tree.write({"categories.yml": yaml.safe_dump(shared.CATEGORIES), "company.yml": yaml.safe_dump(shared.COMPANY)})
        self.config = tree.config
        shutil.copytree(ROOT / "portal", folder / "portal")
        self.configure(theme={"custom_dir": str(folder / "portal")})
        for language in LANGUAGES:
            for number in range(6):
                self._write(language, f"{self._category()}/article-{number}")
        self.edits: tuple[Callable[[], str], ...] = (
            *(self.change_text, self.change_text, self.change_front_matter, self.add, self.remove, self.rename),
            *(self.translate, self.change_template, self.change_style, self.change_words, self.change_configuration),
            *(self.change_synonyms, self.change_company, self.change_picture, self.hide, self.break_and_mend),
            *(self.record_translations, self.record_translations, self.name_untranslated),
            *(self.touch, self.lead_to_another, self.draft, self.age, self.age, self.redirect),
        )

    def change_text(self) -> str:
        language, path = self._any()
        self._write(language, path)
        return f"text of {language}/{path}"

    def change_front_matter(self) -> str:
        language, path = self._any()
        field = self.chance.choice(["title", "summary", "aliases", "questions", "tags", "codes", "reviewed"])
        values: dict[str, Any] = {
            "title": self._text(3),
            "summary": self._text(6),
            "reviewed": "2026-09-0" + str(self.chance.randint(1, 9)),
        }
        value = values.get(field, [self._text(2)])
        file = self._file(language, path)
        lines = [line for line in file.read_text("utf-8").split("\n") if not line.startswith((f"{field}:",))]
        written = (
            value
            if field == "reviewed"
            else yaml.safe_dump(value, default_flow_style=True, allow_unicode=True).split("\n")[0]
        )
        file.write_text("\n".join([lines[0], f"{field}: {written}", *lines[1:]]), "utf-8")
        return f"{field} of {language}/{path}"

    def add(self) -> str:
        language, path = self.chance.choice(LANGUAGES), f"{self._category()}/new-{self.chance.randint(0, 99)}"
        self._write(language, path)
        return f"new {language}/{path}"

    def remove(self) -> str:
        language, path = self._any()
        self._file(language, path).unlink()
        return f"removed {language}/{path}"

    def rename(self) -> str:
        language, path = self._any()
        to = path.rpartition("/")[0] + f"/moved-{self.chance.randint(0, 99)}"
        self._file(language, path).replace(self._file(language, to))
        return f"{language}/{path} to {to}"

    def translate(self) -> str:
        language, path = self._any()
        other = next(code for code in LANGUAGES if code != language)
        self._write(other, path)
        return f"translation {other}/{path}"

    def change_template(self) -> str:
        name = self.chance.choice(["article.html", "home.html", "category.html", "feed.xml", "main.html"])
        file = self.folder / "portal" / name
        file.write_text(file.read_text("utf-8") + f"\n<!-- {self.chance.random()} -->\n", "utf-8")
        return f"template {name}"

    def change_style(self) -> str:
        file = self.folder / "portal/assets/portal.css"
        file.write_text(file.read_text("utf-8") + f"/* {self.chance.random()} */\n", "utf-8")
        return "style"

    def change_words(self) -> str:
        file = self.folder / "portal/words/ko.yml"
        file.write_text(file.read_text("utf-8").replace("home_title: ", f"home_title: {self._text(1)} ", 1), "utf-8")
        return "words"

    def change_configuration(self) -> str:
        self.configure(site_url=f"https://{self.chance.choice(['one', 'two'])}.example.com/en/")
        return "configuration"

    def change_synonyms(self) -> str:
        folder = self.content / "synonyms"
        folder.mkdir(exist_ok=True)
        (folder / "en.yml").write_text(yaml.safe_dump([self.chance.sample(WORDS[:4], 2)]), "utf-8")
        return "synonyms"

    def change_company(self) -> str:
        file = self.content / "company.yml"
        file.write_text(file.read_text("utf-8").replace("555 0", f"555 {self.chance.randint(0, 9)}", 1), "utf-8")
        return "company"

    def change_picture(self) -> str:
        language = self.chance.choice(LANGUAGES)
        picture = self.content / language / "account/a.svg"
        picture.parent.mkdir(exist_ok=True)
        picture.write_text(f"<svg id='p{self.chance.randint(0, 9)}'/>", "utf-8")
        if shown := [path for path in self._paths(language) if path.startswith("account/")]:
            file = self._file(language, self.chance.choice(shown))
            file.write_text(file.read_text("utf-8") + "\n![plan](a.svg)\n", "utf-8")
        return f"picture of {language}"

    def hide(self) -> str:
        language, path = self._any()
        self._hide(self._file(language, path))
        return f"internal {language}/{path}"

    def hide_translations(self) -> None:
        """Hide the translations of what is hidden, as their authors must: else nothing is built."""
        source, *others = LANGUAGES
        for path in self._paths(source):
            files = [self._file(language, path) for language in others]
            if INTERNAL in self._file(source, path).read_text("utf-8"):
                for file in files:
                    if file.exists() and INTERNAL not in file.read_text("utf-8"):
                        self._hide(file)

    def draft(self) -> str:
        language, path = self._any()
        file = self._file(language, path)
        file.write_text(file.read_text("utf-8").replace("---\n", "---\ndraft: true\n", 1), "utf-8")
        return f"draft {language}/{path}"

    def age(self) -> str:
        language, path = self._any()
        file, day = self._file(language, path), self.chance.choice(["2026-05-01", "2025-01-01"])
        file.write_text(re.sub("(?m)^reviewed: .*", f"reviewed: {day}", file.read_text("utf-8"), count=1), "utf-8")
        return f"reviewed on {day}: {language}/{path}"

    def redirect(self) -> str:
        _, path = self._any()
        old = f"account/old-{self.chance.randint(0, 3)}"
        (self.content / "redirects.yml").write_text(f"{old}: {path}\n", "utf-8")
        return f"redirect from {old} to {path}"

    def break_and_mend(self) -> str:
        language, path = self._any()
        file = self._file(language, path)
        before = file.read_text("utf-8")
        file.write_text(before + "\n[x](nothing-here.md)\n<script>x</script>\n", "utf-8")
        assert not all(outcome.is_built for outcome in build_site(self.config, strict=True))
        file.write_text(before + "\nMended.\n", "utf-8")
        return f"broken and mended {language}/{path}"

    def record_translations(self) -> str:
        done = CliRunner().invoke(main, ["translated", "-f", str(self.config), "--lang", "ko", "--all"])
        assert done.exit_code in (0, 1), done.output  # 1: some have other sections than their source
        return "translations recorded"

    def name_untranslated(self) -> str:
        path = self.chance.choice(self._paths("en"))
        folder = self.content / "fallbacks"
        folder.mkdir(exist_ok=True)
        words = {path: {"title": self._text(2), "aliases": [self._text(1)]}}
        (folder / "ko.yml").write_text(yaml.safe_dump(words, allow_unicode=True), "utf-8")
        return f"own words for {path}"

    def touch(self) -> str:
        language, path = self._any()
        self._file(language, path).touch()
        return f"touched {language}/{path}"

    def lead_to_another(self) -> str:
        language, path = self._any()
        others = [other for other in self._paths(language) if other.partition("/")[0] == path.partition("/")[0]]
        other = self.chance.choice(others).partition("/")[2]
        file = self._file(language, path)
        file.write_text(file.read_text("utf-8") + f"\nSee [the other]({other}.md).\n", "utf-8")
        return f"link from {language}/{path} to {other}"

    def configure(self, **settings: object) -> None:
        self.config.write_text(yaml.safe_dump(yaml.safe_load(self.config.read_text("utf-8")) | settings), "utf-8")

    def build_clean(self) -> Path:
        """Build all of it into another folder, and return that."""
        config = self.folder / "clean.yml"
        settings = yaml.safe_load(self.config.read_text("utf-8")) | {"site_dir": str(self.folder / "clean/en")}
        config.write_text(yaml.safe_dump(settings), "utf-8")
        shutil.rmtree(self.folder / "clean", ignore_errors=True)
        assert all(outcome.is_built for outcome in build_site(config, strict=False, is_forced=True))
        return self.folder / "clean"

    def _hide(self, file: Path) -> None:
        file.write_text(file.read_text("utf-8").replace("---\n", f"---\n{INTERNAL}", 1), "utf-8")

    def _any(self) -> tuple[str, str]:
        language = self.chance.choice([code for code in LANGUAGES if self._paths(code)])
        return language, self.chance.choice(self._paths(language))

    def _paths(self, language: str) -> list[str]:
        folder = self.content / language
        return sorted(file.relative_to(folder).as_posix().removesuffix(".md") for file in folder.rglob("*.md"))

    def _file(self, language: str, path: str) -> Path:
        return self.content / language / f"{path}.md"

    def _category(self) -> str:
        return self.chance.choice(["account", "network"])

    def _text(self, words: int) -> str:
        return " ".join(self.chance.choices(WORDS, k=words))

    def _write(self, language: str, path: str) -> None:
        file = self._file(language, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        body = "\n\n".join([self._text(12), f"## {self._text(2)}", f"1. {self._text(5)}\n2. {self._text(5)}"])
        fields = {"category": path.partition("/")[0], "aliases": [self._text(2)]}
        file.write_text(self._shared.article(self._text(3).capitalize(), body + "\n", **fields), "utf-8")


def digest(site: Path) -> dict[str, bytes]:
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in sorted(site.rglob("*")) if file.is_file()}


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_after_any_edits_the_site_is_that_of_a_clean_build(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seed: int
) -> None:
    if seed % 2:  # what the first build stored is never stored again: later ones begin with ever older memories
        monkeypatch.setattr(language_build, "PAGES_PER_CHANGE", 0.01)
        monkeypatch.setattr(reader, "FILES_PER_CHANGE", 0.01)
    shared = request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py"))
    site = Site(tmp_path, shared, random.Random(seed))
    done = [f"seed {seed}"]
    list(build_site(site.config, strict=False))
    for _ in range(EDITS):
        done.append(site.chance.choice(site.edits)())
        site.hide_translations()
        assert all(outcome.is_built for outcome in build_site(site.config, strict=False)), done
        made, clean = digest(site.folder / "site"), digest(site.build_clean())
        assert sorted(made) == sorted(clean), done
        assert [name for name in clean if made[name] != clean[name]] == [], done
