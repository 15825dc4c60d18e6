"""List the files of a language's folder as MkDocs does, but for what is no content and folders that hold themselves."""

import logging
import os
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, set_exclusions

from answerdesk.support.content_files import list_files

FIRST = ("index", "README")  # the names of a folder's own page
_log = logging.getLogger("mkdocs.structure.files")


def list_content(config: MkDocsConfig) -> Files:
    """Return the files of a language's folder; of two pages with one address in a folder the later."""
    docs = config.docs_dir
    paths = [os.path.relpath(file, docs) for file in list_files(Path(docs))]
    order = {folder: number for number, folder in enumerate(dict.fromkeys(map(os.path.dirname, paths)))}
    paths.sort(
        key=lambda path: (order[os.path.dirname(path)], os.path.splitext(os.path.basename(path))[0] not in FIRST)
    )
    files = [File(path, docs, config.site_dir, config.use_directory_urls) for path in paths]
    set_exclusions(files, config)
    kept: dict[tuple[str, str], File] = {}
    for file in files:
        key = os.path.dirname(file.src_uri), file.dest_uri
        other = kept.get(key)
        if other and file.inclusion.is_included() and other.inclusion.is_included():
            _log.warning(f"Excluding '{other.src_uri}' from the site because it conflicts with '{file.src_uri}'.")
        if other is None or file.inclusion.is_included():
            kept[key] = file
    return Files(list(kept.values()))
