"""Read `mkdocs.yml`: as it stands, or for one of the site's languages."""

import os
from pathlib import Path

import yaml
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError

from answerdesk.articles.errors import ContentError
from answerdesk.build.diagnostics import heard
from answerdesk.support import safe_yaml
from answerdesk.support.yaml_file import UnreadableFileError, read_yaml_text
from answerdesk.support.yaml_lines import say_yaml

# Material prints a notice about MkDocs 2 at every build; docs/decisions/0001 says why it does not concern us.
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")


def load_site_config(config_file: Path, language: str | None = None, *, suffix: str = "") -> MkDocsConfig:
    """Load `mkdocs.yml`, for one language if it is given; with a suffix for the name of the whole site's folder.

    Raises:
        ContentError: there is no such file, it is not valid, or lacks our plugin or the site's address.
    """
    if not config_file.exists():
        raise ContentError(f"{config_file} does not exist. Run this in the site's folder, or name the file with -f.")
    with heard() as faults:
        try:
            safe_yaml.refuse_lost(read_yaml_text(config_file))
            config = load_config(str(config_file))
            if "answerdesk/articles" not in config.plugins:
                raise ContentError(f"{config_file}: the plugin answerdesk/articles is missing. Add it to plugins.")
            if not config.site_url:
                raise ContentError(
                    f"{config_file}: site_url is missing. Write the address of the source language's pages."
                )
            if language or suffix:
                language = language or Path(config.docs_dir).name
                folder = Path(config.site_dir).parent
                docs, site = Path(config.docs_dir).parent / language, folder.with_name(folder.name + suffix) / language
                url = root_url(config) + f"{language}/"
                if not docs.is_dir():
                    cure = f"Make it, or take {language} out of the languages in {config_file.name}."
                    raise ContentError(f"{docs} is missing. {cure}")
                config = load_config(str(config_file), docs_dir=str(docs), site_dir=str(site), site_url=url)
        except (safe_yaml.LostTextError, UnreadableFileError) as error:
            raise ContentError(say_yaml(config_file, error)) from error
        except yaml.YAMLError as error:
            raise ContentError(f"{config_file}: error parsing the configuration file: {error}") from error
        except (ConfigurationError, Abort, OSError) as error:
            told = "\n".join(fault.text for fault in faults) if isinstance(error, Abort) else ""
            raise ContentError(f"{config_file}: {told or error}") from error
    return config


def languages_of(config: MkDocsConfig) -> list[str]:
    """Return the codes of a site's languages."""
    return list(config.plugins["answerdesk/articles"].config.languages)


def root_url(config: MkDocsConfig) -> str:
    """Return the address above the languages' folders, with its slash."""
    return (config.site_url or "/").removesuffix("/").removesuffix(f"/{Path(config.docs_dir).name}") + "/"
