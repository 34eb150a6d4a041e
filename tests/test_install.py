"""The package as it is installed: built, unpacked somewhere else, and used from a folder that is not ours."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import graphviz_backprop
from graphviz_backprop.resources import PLACER, VENDOR

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the source distribution and the wheel that is made from it, as for any user."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which it is installed. What it needs comes from the environment of the tests."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target"]
    subprocess.run([*command, str(folder), str(wheel)], check=True)
    return folder


def python(*arguments: str, paths: list[Path]) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=paths[0], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_has_all_that_the_app_uses(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "static", "templates", "lessons", "graphviz_backprop"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    expected = {name if name.startswith("graphviz") else f"graphviz_backprop/{name}" for name in tracked}
    expected |= {f"graphviz_backprop/libraries/{path}" for path in [*VENDOR.values(), PLACER]}
    assert expected - names == set()
    strangers = {name.split("/")[0] for name in names} - {"graphviz_backprop"}
    assert [name for name in strangers if not name.endswith(".dist-info")] == []


def test_each_library_comes_with_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        texts = {
            name.removeprefix("graphviz_backprop/libraries/").rpartition("/")[0]: archive.read(name).decode()
            for name in archive.namelist()
            if "/libraries/" in name and "licen" in name.rpartition("/")[2].lower()
        }
    licences = {
        "@fontsource/stix-two-math": "SIL OPEN FONT LICENSE",
        "@hpcc-js/wasm-graphviz": "Apache License",
        "@panzoom/panzoom": "Permission is hereby granted, free of charge",
        "d3-array": "Permission to use, copy, modify, and/or distribute",
        "d3-contour": "Permission to use, copy, modify, and/or distribute",
        "lean-qr": "Permission is hereby granted, free of charge",
        "internmap": "Permission to use, copy, modify, and/or distribute",
    }
    assert set(texts) == set(licences)
    readme = (ROOT / "README.md").read_text("utf-8")
    for package, words in licences.items():
        assert words.lower() in texts[package].lower()
        assert package in readme


def test_the_source_distribution_needs_no_npm(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"node_modules/{path}" for path in VENDOR.values()} <= names
    assert "built/manifest.json" in names
    assert not [name for name in names if name.startswith("node_modules/esbuild")]


def test_it_parses_evaluates_and_draws_from_anywhere(site: Path, tmp_path: Path) -> None:
    script = (
        "import json, graphviz_backprop as gb; run = gb.parse('(4*x+1)^2').evaluate(x=1);"
        "print(json.dumps([gb.__file__, gb.__version__, run.gradient, run.svg()[:5], len(gb.data('iris'))]))"
    )
    file, version, gradient, svg, columns = json.loads(python("-c", script, paths=[tmp_path, site]))
    assert Path(file).is_relative_to(site)
    assert (version, gradient, svg) == (graphviz_backprop.__version__, {"x": 40}, "<?xml")
    assert columns > 1


def test_it_is_typed(site: Path, tmp_path: Path) -> None:
    (tmp_path / "use.py").write_text("import graphviz_backprop as gb\nreveal_type(gb.parse('x').output.id)\n")
    said = python("-m", "mypy", "--no-error-summary", "use.py", paths=[tmp_path, site])
    assert 'Revealed type is "builtins.str"' in said or 'Revealed type is "str"' in said


def test_without_the_native_libraries_it_draws_too(site: Path, tmp_path: Path) -> None:
    (tmp_path / "pygraphviz.py").write_text("raise ImportError('libX11.so.6')")
    script = "import graphviz_backprop as gb; print(gb.parse('x^2').evaluate(x=1).svg()[:5])"
    assert python("-c", script, paths=[tmp_path, site]) == "<?xml\n"


@pytest.mark.parametrize(
    ("module", "script", "extra"),
    [
        ("sympy", "gb.parse('x^2').derivative('x')", "algebra"),
        ("typst", "main(['x^2', '-o', 'g.pdf'])", "export"),
    ],
)
def test_an_extra_that_is_not_there_is_named(
    site: Path, tmp_path: Path, module: str, script: str, extra: str
) -> None:
    (tmp_path / f"{module}.py").write_text(f"raise ModuleNotFoundError({module!r}, name={module!r})")
    code = f"""if True:
        import contextlib, sys
        import graphviz_backprop as gb
        from graphviz_backprop.__main__ import main
        with contextlib.redirect_stderr(sys.stdout):
            try:
                {script}
            except ModuleNotFoundError as error:
                print(error)
    """
    assert f"pip install 'graphviz_backprop[{extra}]'" in python("-c", code, paths=[tmp_path, site])


@contextmanager
def serving(site: Path, folder: Path, bundle: str) -> Iterator[str]:
    """The address of the command's server, which runs in that folder."""
    process = subprocess.Popen(
        [sys.executable, str(site / "bin" / "graphviz-backprop"), "serve", "--port", "0"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site), "HOST": "127.0.0.1", "BUNDLE": bundle},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        said = process.stdout.readline()
        found = re.search(r"http://\S+/", said)
        assert found, said
        yield found[0]
    finally:
        process.terminate()
        process.communicate()


@pytest.mark.parametrize(
    ("bundle", "fewest", "most"), [("", 5, 8), ("0", 20, 1_000)], ids=["joined", "as_is"]
)
def test_the_command_serves_the_whole_page(
    site: Path, tmp_path: Path, bundle: str, fewest: int, most: int
) -> None:
    def get(path: str) -> str:
        with urllib.request.urlopen(address + path.removeprefix("/"), timeout=30) as reply:
            assert reply.status == 200
            return str(reply.read().decode(errors="replace"))

    with serving(site, tmp_path, bundle) as address:
        page = get("/?expr=x^2")
        assets = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
        assert fewest <= len(assets) <= most
        for asset in assets:
            get(asset)
        for name in VENDOR:
            get(f"/static/any/{name}")
        assert "data-node" in get("/graph.svg?expr=x^2")
        assert get("/graph.png?expr=x^2")
        assert "MathML" in get("/formula?expr=x^2")
        assert json.loads(get("/healthz"))["status"] == "ok"


def test_the_lockfile_has_what_the_project_needs() -> None:
    extras = PROJECT["optional-dependencies"]
    needed = [*PROJECT["dependencies"], *extras["algebra"], *extras["export"]]
    locked = (ROOT / "requirements.txt").read_text("utf-8")
    assert [name for name in needed if f"\n{re.split('[<>=]', name)[0]}==" not in locked] == []
