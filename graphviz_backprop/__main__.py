"""The command line.

python -m graphviz_backprop "(4*x+1)^2" x=1              a table of the steps
python -m graphviz_backprop "(4*x+1)^2" x=1 -o g.svg     the figure: .svg .png .pdf .dot .json
python -m graphviz_backprop "(4*x+1)^2" x=1 --paths x    why: path by path; also --check, --derivative x
python -m graphviz_backprop "(4*x+1)^2" x=1 --descend gd         downhill; also --rate, --data rows.csv
python -m graphviz_backprop --network 2-3-1                      a neural network as a program
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from graphviz_backprop import api
from graphviz_backprop.data.tables import MOST_BYTES, read_table
from graphviz_backprop.descent.descent import Descent, descend
from graphviz_backprop.descent.optimizers import OPTIMIZERS
from graphviz_backprop.document import document, dumps
from graphviz_backprop.engine.autodiff import Column
from graphviz_backprop.figure import dot
from graphviz_backprop.figure.sketch import DIRECTIONS
from graphviz_backprop.jobs.layout import Layout, LayoutError, LayoutTimeout, TooLarge
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.parser import VIEWS

Writer = Callable[[api.Run, str, Layout], bytes]


def _svg(run: api.Run, direction: str, layout: Layout) -> bytes:
    return layout.figure(run.graph, direction).standalone(run.fields()).encode()


def _printed(run: api.Run, direction: str, layout: Layout) -> str:
    return layout.figure(run.graph, direction).printed(run.fields())


WRITERS: dict[str, Writer] = {
    ".svg": _svg,
    ".png": lambda run, direction, layout: layout.png(_printed(run, direction, layout)),
    ".pdf": lambda run, direction, layout: layout.pdf(_printed(run, direction, layout)),
    ".dot": lambda run, direction, layout: dot.for_people(run.graph, run.fields(), direction).encode(),
    ".json": lambda run, direction, layout: dumps(document(run.graph, run)).encode(),
}
"""What a file's ending makes of a run."""


def main(arguments: Sequence[str]) -> int:
    """Runs the command line; the exit status is 1 for a mistake in what was given."""
    parser = _options()
    options = parser.parse_args(arguments)
    if options.program is None and not options.network:
        parser.error("the following arguments are required: program")
    try:
        if options.network:
            print(_network(options.network))
            return 0
        graph = api.parse(options.program, options.view)
        if options.descend or options.data:
            print(listed(_descend(graph, options)))
            return 0
        at = dict.fromkeys(graph.variables, 1.0) | dict(graph.start) | dict(options.at)
        run = graph.evaluate(at, seed=options.seed)
        if options.output:
            _write(run, options.output, options.direction)
        else:
            print("\n".join(_report(graph, run, options)))
    except ExpressionError as error:
        print(_pointed(options.program, error), file=sys.stderr)
        return 1
    except (ValueError, TooLarge, LayoutTimeout, LayoutError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m graphviz_backprop",
        description="Every value and gradient of a program, as a table or a figure.",
        epilog="A variable without a value is 1. With -- before it, a program may start with a minus.",
    )
    add = parser.add_argument
    add("program", nargs="?", help="an expression or statements, such as '(4*x+1)^2'")
    add("at", nargs="*", type=_assignment, metavar="name=number", help="values of the variables")
    add("-o", "--output", type=Path, help=f"a file that ends in {' '.join(WRITERS)}")
    add("--view", choices=VIEWS, default=VIEWS[0], help="a leaf for each mention, or a merged graph")
    add("--direction", choices=DIRECTIONS, default=DIRECTIONS[0], help="where the output goes")
    add("--paths", metavar="NAME", help="the paths from the output to a variable or node, largest first")
    add("--derivative", metavar="NAME", help="the closed form of the derivative by a variable, simplified")
    add("--check", action="store_true", help="every gradient against its central difference")
    add("--descend", metavar="OPTIMIZER", help=f"gradient descent: {', '.join(OPTIMIZERS)}")
    add("--rate", type=float, help="the learning rate; else one that descends is chosen")
    add("--steps", type=int, default=100, help="how many steps")
    add(
        "--parameters",
        metavar="NAMES",
        help="what the steps change, such as w,b; else w, b, θ … or all but the data",
    )
    add(
        "--data",
        type=Path,
        metavar="FILE",
        help="a table whose columns are variables",
    )
    add("--batch", type=int, metavar="ROWS", help="how many rows of the data a step uses; else all")
    add("--network", metavar="SIZES", help="the program of a network with layers of these sizes: 2-3-1")
    add("--seed", type=float, default=1.0, help="the gradient at the output, dL/dz")
    return parser


def _assignment(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    try:
        return name.strip(), float(number)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form name=number") from None


def _network(sizes: str) -> str:
    """The program of a network, sigmoid in each layer, squared error."""
    if not all(size.isdecimal() for size in sizes.split("-")):
        raise ValueError(f"{sizes!r} is not of the form 2-3-1, the number of neurons in each layer")
    return api.network([int(size) for size in sizes.split("-")]).text


def _report(graph: api.Graph, run: api.Run, options: argparse.Namespace) -> list[str]:
    """What was asked for; the steps of both passes where nothing was."""
    lines: list[str] = []
    if options.paths:
        lines += ledger(run, options.paths)
    if options.derivative:
        top, name = graph.output.id, options.derivative
        lines.append(f"∂{top}/∂{name} = {graph.derivative(name, simplify=True)}")
    if options.check:
        lines += [f"∂/∂{name}: relative error {error:.1e}" for name, error in run.check().items()]
    return lines or [table(run)]


def ledger(run: api.Run, target: str) -> list[str]:
    """A line for each path: its share, its nodes and their partials; then their sum."""
    found = run.paths(target)
    lines = []
    for path in found.paths:
        factors = " × ".join(map(format_number, path.partials))
        lines.append(f"{format_number(path.product):>11}  {' → '.join(path.nodes)}  {factors}".rstrip())
    if found.count > len(found.paths):
        lines.append(f"{format_number(found.rest):>11}  {found.count - len(found.paths):,} more")
    return [*lines, f"{format_number(found.total):>11}  sum of {found.count:,}"]


def _descend(graph: api.Graph, options: argparse.Namespace) -> Descent:
    data = _table(options.data) if options.data else None
    usual = dict.fromkeys(graph.variables, 1.0) | dict(graph.start)
    start = {name: x for name, x in usual.items() if name not in (data or {})} | dict(options.at)
    found = descend(
        graph,
        start,
        [name.strip() for name in options.parameters.split(",")] if options.parameters else None,
        options.descend or "gd",
        options.rate,
        options.steps,
        data,
        options.batch,
        progress=_progress(options.steps),
    )
    if sys.stderr.isatty():
        print("\x1b[K", end="", file=sys.stderr, flush=True)  # nothing of the progress stays
    return found


def _table(path: Path) -> Mapping[str, Column]:
    with path.open("rb") as file:
        return read_table(file.read(MOST_BYTES + 1))


def _progress(steps: int) -> Callable[[int], None] | None:
    """What keeps a line on the terminal up to date, ten times a second."""
    if not sys.stderr.isatty():
        return None
    shown = time.monotonic()

    def show(step: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > 0.1:
            shown = time.monotonic()
            print(f"{step:,} of {steps:,} steps", end="\r", file=sys.stderr, flush=True)

    return show


def listed(found: Descent) -> str:
    """About ten of the steps, the first and the last among them: the loss and the parameters."""
    often = max(1, -(-found.steps // 10))
    shown = [*range(0, found.steps, often), found.steps]
    columns = {"step": [str(step) for step in shown]}
    for name, numbers in {"loss": found.losses, **found.points}.items():
        columns[name] = [format_number(float(numbers[step])) for step in shown]
    wide = [max(map(len, [name, *texts])) for name, texts in columns.items()]
    lines = zip(*([name, *texts] for name, texts in columns.items()), strict=True)
    table = ["  ".join(map(str.rjust, line, wide)) for line in lines]
    if found.epochs:
        table.append(f"{found.epochs:,} epoch{'s' if found.epochs > 1 else ''}")
    return "\n".join([*table, *([f"stopped: {found.stopped}"] if found.stopped else [])])


def _write(run: api.Run, path: Path, direction: str) -> None:
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ValueError(f"{path} should end in one of {' '.join(WRITERS)}")
    with Layout() as layout:
        path.write_bytes(writer(run, direction, layout))


def _pointed(program: str, error: ExpressionError) -> str:
    """The line of the mistake, what is wrong underlined, and the message."""
    before = program[: error.start]
    line = program.splitlines()[before.count("\n")] if program.strip() else ""
    column = error.start - (before.rfind("\n") + 1)
    marks = "^" * max(1, min(error.end - error.start, len(line) - column))
    return f"{line}\n{' ' * column}{marks}\n{error}"


def table(run: api.Run) -> str:
    """Both passes, a line a step: what is computed, by which rule, and the number."""
    steps = run.steps("" if run.seed == 1.0 else "L")
    lines = []
    for phase in ("forward", "backward"):
        chosen = [step for step in steps if step.phase == phase]
        if not chosen:
            continue
        lines.append(f"{phase} pass")
        wide = max(len(step.rule) for step in chosen)
        lines += [f"  {step.rule:{wide}}  {step.text}" for step in chosen]
    output = run.graph.output.id
    lines.append(f"{output} = {format_number(run.value)}")
    top = output if run.seed == 1.0 else "L"
    lines += [f"∂{top}/∂{name} = {format_number(number)}" for name, number in run.gradient.items()]
    lines += [f"note: {finding.text}{_safer(finding.safer)}" for finding in run.findings()]
    return "\n".join(lines)


def _safer(form: str) -> str:
    return f" Safer: {form}" if form else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
