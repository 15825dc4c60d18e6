"""The JavaScript reader, as it is joined into scripts."""

from pathlib import Path

FOLDER = Path(__file__).parent / "runtime"


def read_runtime() -> dict[str, str]:
    """Return the reader's modules by name, and what they import from JSON by file name."""
    modules = {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.js"))}
    return modules | {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")}
