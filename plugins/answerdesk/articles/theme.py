"""What of MkDocs' theme files goes into a site: the portal's own, and nothing else."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files


def portal_folder(config: MkDocsConfig) -> Path:
    """Return the folder of the portal's templates, words and assets."""
    return Path(config.theme.custom_dir or "portal").resolve()


def keep_own_assets(files: Files, *, docs: Path, portal: Path, target: str) -> None:
    """Publish the portal's assets in the target folder, and nothing else that the theme would copy into the site."""
    for file in list(files):
        source = Path(file.abs_src_path or docs / file.src_uri)
        if portal / "assets" in source.resolve().parents:  # ProperDocs leaves them relative
            file.dest_uri = target + file.src_uri.removeprefix("assets")
        elif docs not in source.parents and file.generated_by is None:
            files.remove(file)
