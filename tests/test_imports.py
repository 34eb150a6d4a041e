"""Imports run one way, and only the outer modules touch the world outside the process."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = "graphviz_backprop"

# From the ground up. A module may import from its own layer and from those above it in this table, and no
# two modules import one another. `web` stands for all that is in the folder, `graphviz_backprop` for the
# package itself.
LAYERS = [
    "errors ops graph kernels numbers",
    "tokens syntax parser printers",
    "code rows expand autodiff",
    "tables datasets optimizers divergence architecture",
    "layers",
    "matrices",
    "derivation descent document dot explain fields figure heat network_sketch paths patterns"
    " places probe sides sketch symbolic theme trouble",
    "closed",
    "layout processes worker",
    "api graphviz_backprop",
    "web __main__",
]
OUTER = {"layout", "processes", "worker", "web", "__main__"}

# What reaches files, processes, sockets or the terminal.
WORLD = {
    "asyncio", "concurrent", "flask", "flask_compress", "http", "multiprocessing", "os", "pygraphviz",
    "shutil", "signal", "socket", "subprocess", "tempfile", "typst", "urllib", "waitress",
}  # fmt: skip
WORLDLY_CALLS = {"open", "print", "input"}

ROOT = Path(__file__).parents[1] / PACKAGE
FILES = sorted(ROOT.rglob("*.py"))
LEVEL = {module: level for level, layer in enumerate(LAYERS) for module in layer.split()}


def module_of(path: Path) -> str:
    """The name that the table knows: `graphviz_backprop/web/api.py` is `web`."""
    first = path.relative_to(ROOT).parts[0].removesuffix(".py")
    return PACKAGE if first == "__init__" else first


def level_of(module: str) -> int:
    """Its place in the table; what has none yet lies above all others."""
    return LEVEL.get(module, len(LAYERS))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of all that a file imports, inside functions too."""
    package = [PACKAGE, *path.relative_to(ROOT).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{name}.{alias.name}") for alias in node.names)


def own(name: str) -> str | None:
    """The module of ours that an imported name belongs to, if any."""
    package, _, rest = name.partition(".")
    if package != PACKAGE:
        return None
    first = rest.partition(".")[0]
    return first if (ROOT / f"{first}.py").exists() or (ROOT / first).is_dir() else PACKAGE


def test_every_module_has_its_place() -> None:
    assert FILES
    assert {module_of(path) for path in FILES} <= LEVEL.keys(), "place each module in the table above"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    level = level_of(module_of(path))
    for line, name in imported(path):
        target = own(name)
        assert target is None or level_of(target) <= level, f"line {line}: {name} is in a later layer"


def test_no_two_modules_import_one_another() -> None:
    needs: dict[str, set[str]] = {}
    for path in FILES:
        module = module_of(path)
        targets = {own(name) for _, name in imported(path)} - {None, module}
        needs.setdefault(module, set()).update(target for target in targets if target is not None)
    TopologicalSorter(needs).prepare()  # CycleError names the modules


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_outer_modules_do_io(path: Path) -> None:
    if module_of(path) in OUTER:
        return
    for line, name in imported(path):
        assert name.partition(".")[0] not in WORLD, f"line {line}: {name} is for {sorted(OUTER)}"
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in WORLDLY_CALLS, f"line {node.lineno}: {node.func.id}()"
