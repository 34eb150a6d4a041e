"""Imports run one way, down the list of folders; only the outer folders touch the world outside."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

PACKAGE = "graphviz_backprop"

# From the ground up: a folder may import from itself and from those before it.
FOLDERS = "language engine explain data network descent figure jobs web".split()

# The modules beside the folders: one below all of them, and those that put them together.
BELOW, ABOVE = ["resources"], ["document", "api", "report", PACKAGE, "__main__"]
ORDER = [*BELOW, *FOLDERS[:-1], ABOVE[0], FOLDERS[-1], *ABOVE[1:]]
OUTER = {"jobs", "web", "__main__"}

# What reaches files, processes, sockets or the terminal.
WORLD = {
    "asyncio", "concurrent", "flask", "flask_compress", "http", "multiprocessing", "os", "pygraphviz",
    "shutil", "signal", "socket", "subprocess", "tempfile", "typst", "urllib", "waitress",
}  # fmt: skip
WORLDLY_CALLS = {"open", "print", "input"}

ROOT = Path(__file__).parents[1] / PACKAGE
FILES = sorted(ROOT.rglob("*.py"))


def place_of(path: Path) -> str:
    """Its folder; of what lies beside the folders, its own name."""
    first = path.relative_to(ROOT).parts[0].removesuffix(".py")
    return PACKAGE if first == "__init__" else first


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of all that a file imports, inside functions too."""
    package = [PACKAGE, *path.relative_to(ROOT).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{name}.{alias.name}") for alias in node.names)


def own(name: str) -> str | None:
    """The place of ours that an imported name belongs to, if any."""
    package, _, rest = name.partition(".")
    if package != PACKAGE:
        return None
    first = rest.partition(".")[0]
    return first if (ROOT / f"{first}.py").exists() or (ROOT / first).is_dir() else PACKAGE


def module_of(name: str) -> str | None:
    """The module of ours that an imported name is or comes from."""
    if not name.startswith(f"{PACKAGE}."):
        return None
    parts = name.split(".")
    while not any(
        ROOT.parent.joinpath(*parts[:-1], parts[-1] + end).exists() for end in (".py", "/__init__.py")
    ):
        parts.pop()
    return ".".join(parts)


def test_every_module_has_its_place() -> None:
    assert FILES
    assert {place_of(path) for path in FILES} <= set(ORDER), "a module lies in one of the nine folders"


def test_imports_run_one_way() -> None:
    for path in FILES:
        level = ORDER.index(place_of(path))
        for line, name in imported(path):
            target = own(name)
            assert target is None or ORDER.index(target) <= level, f"{path}:{line}: {name} is further up"


def test_what_is_shown_imports_no_view() -> None:
    for folder, above in (("asked", ("shown", "views")), ("shown", ("views",))):
        for path in (ROOT / "web" / folder).glob("*.py"):
            for line, name in imported(path):
                assert not any(f".web.{one}." in f"{name}." for one in above), f"{path}:{line}: {name}"


def test_no_two_modules_import_one_another() -> None:
    needs: dict[str, set[str]] = {}
    for path in FILES:
        module = ".".join([PACKAGE, *path.relative_to(ROOT).with_suffix("").parts]).removesuffix(".__init__")
        targets = {module_of(name) for _, name in imported(path)} - {None, module}
        needs[module] = {target for target in targets if target is not None}
    TopologicalSorter(needs).prepare()  # CycleError names the modules


def test_only_outer_folders_do_io() -> None:
    for path in FILES:
        if place_of(path) in OUTER:
            continue
        for line, name in imported(path):
            assert name.partition(".")[0] not in WORLD, f"{path}:{line}: {name} is for {sorted(OUTER)}"
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in WORLDLY_CALLS, f"{path}:{node.lineno}: {node.func.id}()"
