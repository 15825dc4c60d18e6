"""Install the peers' packages in a folder of their own, and find what was installed."""

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from bench.measure import run_command

PYTHON_PACKAGES = {"mkdocs-material": "", "zensical": "", "pagefind": "[extended]", "jieba": ""}  # name, extras
NODE_PACKAGES = ("minisearch", "lunr", "lunr-languages")
CURE = "Install the peers with: python -m bench.search peers --into {folder}"


class PeerError(Exception):
    """A peer or its runner is missing; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """Where the peers are, and their packages' versions."""

    python: Path
    material: Path  # the folder of its scripts
    zensical: Path  # its search worker
    node_modules: Path
    versions: dict[str, str]


def install_peers(folder: Path) -> None:
    """Install the newest peers in a folder: a virtual environment and a node_modules.

    Raises:
        CommandFailed: a package cannot be installed.
        PeerError: there is no npm.
    """
    _need_command("npm")
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()  # npm would write a relative --prefix into what it prints and looks up
    run_command([sys.executable, "-m", "venv", str(folder / "venv")], folder / "venv.log")
    pip = [str(folder / "venv/bin/python"), "-m", "pip", "install", "--upgrade"]
    run_command([*pip, *(name + extras for name, extras in PYTHON_PACKAGES.items())], folder / "pip.log")
    npm = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder)]
    run_command([*npm, *(f"{name}@latest" for name in NODE_PACKAGES)], folder / "npm.log")


def find_peers(folder: Path | None) -> Peers:
    """Find what `install_peers` installed in a folder.

    Raises:
        PeerError: something is missing there, or there is no node to run it.
    """
    if not folder:
        raise PeerError(f"--peers is missing. {CURE.format(folder='PEERS')}")
    _need_command("node")
    folder = folder.resolve()
    packages = _find(folder, "venv/lib/python*/site-packages")
    return Peers(
        python=_find(folder, "venv/bin/python"),
        material=_find(packages, "material/templates/assets/javascripts", folder),
        zensical=_find(packages, "zensical/templates/assets/javascripts/workers/search.*.js", folder),
        node_modules=_find(folder, "node_modules"),
        versions=dict([*_python_versions(folder, packages), *_node_versions(folder)]),
    )


def _python_versions(folder: Path, packages: Path) -> Iterator[tuple[str, str]]:
    for name in PYTHON_PACKAGES:
        found = next(iter(distributions(name=name, path=[str(packages)])), None)
        if not found:
            raise PeerError(f"{packages} has no {name}. {CURE.format(folder=folder)}")
        yield name, found.version


def _node_versions(folder: Path) -> Iterator[tuple[str, str]]:
    for name in NODE_PACKAGES:
        manifest = _find(folder, f"node_modules/{name}/package.json")
        yield name, json.loads(manifest.read_text("utf-8"))["version"]


def _need_command(name: str) -> None:
    if not shutil.which(name):
        raise PeerError(f"{name} is not on the PATH. Install Node.js 20 or later, which brings node and npm.")


def _find(folder: Path, pattern: str, installed: Path | None = None) -> Path:
    found = next(iter(sorted(folder.glob(pattern))), None)
    if not found:
        raise PeerError(f"{folder} has no {pattern}. {CURE.format(folder=installed or folder)}")
    return found
