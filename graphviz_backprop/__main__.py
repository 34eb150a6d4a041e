"""The command ``graphviz-backprop``, or ``python -m graphviz_backprop``: its options, and what each does.

What is printed is made in :mod:`graphviz_backprop.report`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn, cast

from graphviz_backprop import __version__, api
from graphviz_backprop.data import spelling
from graphviz_backprop.data.bound import gathered
from graphviz_backprop.data.limits import MOST_BYTES
from graphviz_backprop.data.mistakes import DataError
from graphviz_backprop.data.tables import read_table
from graphviz_backprop.descent.descent import Descent, descend
from graphviz_backprop.descent.held import hold_out
from graphviz_backprop.descent.optimizers import OPTIMIZERS
from graphviz_backprop.document import document, dumps, numbers
from graphviz_backprop.engine.autodiff import Column
from graphviz_backprop.explain.grading import formulas, handed_in
from graphviz_backprop.explain.grading.exercises import LEVELS, Exercise, exercise
from graphviz_backprop.explain.grading.grade import Grade
from graphviz_backprop.explain.steps import steps
from graphviz_backprop.figure import dot
from graphviz_backprop.figure.copies import (
    BACKGROUNDS,
    THEMES,
    USUAL_DPI,
    Look,
    at_step,
    copy,
    density,
)
from graphviz_backprop.figure.sketch import DIRECTIONS
from graphviz_backprop.jobs.layout import Layout, LayoutError, LayoutTimeout
from graphviz_backprop.jobs.sheet import sheet
from graphviz_backprop.language import tensor
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.numerals import FEWEST, MOST, USUAL, digits, shown_with
from graphviz_backprop.language.parser import VIEWS
from graphviz_backprop.language.pasted.dialects import NAMES as DIALECTS
from graphviz_backprop.report import became, ledger, listed, offered, pointed, table

NAME = "graphviz-backprop"

EXAMPLES = """\
examples:
  graphviz-backprop "(4*x+1)^2" x=1               a table of the steps
  graphviz-backprop "(4*x+1)^2" x=1 -o g.svg      the figure: .svg .png .pdf .dot .json
  graphviz-backprop "(4*x+1)^2" x=1 -o g.html    a page that needs no server; .zip for a course (SCORM)
  graphviz-backprop "(4*x+1)^2" x=1 -o g.png --frame 3 --background transparent
  graphviz-backprop "x = [1, 2]; sum(x^2)" "x=[3, 4]"   tensors: lists of numbers
  graphviz-backprop "(4*x+1)^2" x=1 --paths x     why: path by path; also --check, --derivative x
  graphviz-backprop "(4*x+1)^2" x=1 --descend gd  downhill; also --rate, --data line.csv
  graphviz-backprop --file loss.txt w=2 --json    a program from a file; - is standard input
  graphviz-backprop --network 2-3-1               a neural network as a program
  graphviz-backprop serve --port 8080             the page
  graphviz-backprop exercise neuron -o sheet.pdf  for pencil and paper; --seed, --count, --answers
  graphviz-backprop grade loss.txt answers.py     somebody's gradients: right, or wrong and why

A variable without a value is as the program starts it, else 1.
With -- before it, a program may start with a minus.
Ends with 0, with 1 for a mistake in the program or what can't be done, with 2 for a mistake in the options.
"""


@dataclass(frozen=True)
class Drawn:
    """How a figure is drawn."""

    direction: str
    look: Look
    dpi: float | None
    focus: tuple[str, ...] = ()


Writer = Callable[[api.Run, Drawn, Layout], bytes]


def _svg(run: api.Run, drawn: Drawn, layout: Layout) -> bytes:
    fold = run.folded(focus=drawn.focus)
    return copy(layout.figure(fold, drawn.direction), run.shown(fold), fold, drawn.look).encode()


def _png(run: api.Run, drawn: Drawn, layout: Layout) -> bytes:
    scale = density(layout.figure(run.folded(focus=drawn.focus), drawn.direction), drawn.look, drawn.dpi)
    return layout.png(_plain(run, drawn, layout), scale, clear=drawn.look.background == "transparent")


def _dot(run: api.Run, drawn: Drawn, layout: Layout) -> bytes:
    fold = run.folded(focus=drawn.focus)
    fields: Mapping[str, Any] = run.shown(fold)
    if drawn.look.frame >= 0:
        _, fields = at_step(steps(fold), fields, drawn.look.frame)
    return dot.for_people(fold, fields, drawn.direction).encode()


def _page(drawn: Drawn) -> dict[str, Any]:
    """What a page shows beside its program."""
    shown = {"direction": drawn.direction, "frame": drawn.look.frame, "digits": digits()}
    return shown | ({"focus": ",".join(drawn.focus)} if drawn.focus else {})


def _document(run: api.Run) -> dict[str, Any]:
    return document(run.graph, run, groups=cast(api.Graph, run.graph).groups)


def _plain(run: api.Run, drawn: Drawn, layout: Layout) -> str:
    fold = run.folded(focus=drawn.focus)
    figure = layout.figure(fold, drawn.direction)
    return copy(figure, run.shown(fold), fold, drawn.look, plain=True)


WRITERS: dict[str, Writer] = {
    ".svg": _svg,
    ".png": _png,
    ".pdf": lambda run, drawn, layout: layout.pdf(_plain(run, drawn, layout)),
    ".dot": _dot,
    ".json": lambda run, drawn, layout: dumps(_document(run)).encode(),
    ".html": lambda run, drawn, layout: run.html(**_page(drawn)).encode(),
    ".zip": lambda run, drawn, layout: run.scorm(**_page(drawn)),
}
"""What a file's ending makes of a run."""

TEXTS = (".svg", ".dot", ".json", ".html")
"""Those of them that a terminal can show."""


def run() -> NoReturn:
    """The command: prints UTF-8 wherever that goes, silent about a reader that has gone, as ``head`` does."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        status = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left goes nowhere
        status = 128 + 13  # as of a program that the signal SIGPIPE ends
    except KeyboardInterrupt:
        status = 128 + 2
    sys.exit(status)


def main(arguments: Sequence[str]) -> int:
    """Runs the command line; the exit status is 1 for a mistake in what was given."""
    if list(arguments[:1]) == ["serve"]:
        return _serve(arguments[1:])
    if list(arguments[:1]) == ["grade"]:
        return _grade(arguments[1:])
    try:
        if list(arguments[:1]) == ["exercise"]:
            return _exercise(arguments[1:])
    except (RuntimeError, LayoutTimeout, LayoutError, OSError) as error:
        print(f"{NAME}: {_said(error)}", file=sys.stderr)
        return 1
    options = _options(arguments)
    try:
        if options.network:
            print(_network(options.network))
        else:
            with shown_with(options.digits):
                _work(options)
    except BrokenPipeError:
        raise
    except ExpressionError as error:
        print(pointed(options.text, error), file=sys.stderr)
        return 1
    except DataError as error:
        print(f"{NAME}: {error}", *offered(error, options.data_choice), sep="\n", file=sys.stderr)
        return 1
    except (ValueError, ImportError, RuntimeError, LayoutTimeout, LayoutError, OSError) as error:
        print(f"{NAME}: {_said(error)}", file=sys.stderr)
        return 1
    return 0


def _work(options: argparse.Namespace) -> None:
    """Prints or writes what was asked for about a program."""
    options.text = _program(options)
    graph = api.parse(options.text, options.view, options.dialect)
    if options.descend or options.data:
        found = _descend(graph, options)
        print(_trace(found) if options.json else listed(found))
        return
    at = dict.fromkeys(graph.variables, 1.0) | dict(graph.start) | dict(options.at)
    run = graph.evaluate(at, seed=options.seed)
    if options.output:
        _write(run, options)
    elif options.json:
        print(dumps(_document(run)))
    else:
        print("\n".join(_report(graph, run, options)))


def _serve(arguments: Sequence[str]) -> int:
    """Serves the page until it is stopped."""
    parser = _Parser(
        prog=f"{NAME} serve", description="Serves the page, for this machine alone unless told so."
    )
    parser.add_argument("--host", default="", help="the address to listen at; else $HOST or 127.0.0.1")
    parser.add_argument("--port", default="", help="its port, 0 for any that is free; else $PORT or 8000")
    options = parser.parse_args(arguments)
    from graphviz_backprop.web import create_app  # Flask takes a while to load
    from graphviz_backprop.web.server import serve

    serve(create_app, options.host, options.port)
    return 0


def _grade(arguments: Sequence[str]) -> int:
    """Grades a file of gradients: 0 if all are right, 1 if not, 2 for what can't be graded."""
    options = _grade_options(arguments)
    try:
        graded = _graded(options)
    except (ValueError, OSError) as error:
        said = _said(error)
        if options.json:
            print(dumps({"score": 0, "tests": [], "output": f"This can't be graded: {said}"}))
        print(f"{NAME}: {said}", file=sys.stderr)
        return 2
    if options.json:
        print(dumps(graded.gradescope(options.points)))
    else:
        print("\n".join([*graded.told(), f"{graded.credited} of {len(graded.asked)}"]))
        for note in graded.notes():
            print(f"note: {note}", file=sys.stderr)
    return 0 if graded.right else 1


def _graded(options: argparse.Namespace) -> Grade:
    """Raises ValueError and OSError for what can't be read or graded."""
    program = options.program.read_text("utf-8-sig")
    try:
        graph = api.parse(program)
    except ExpressionError as error:
        raise ValueError(f"the program can't be read:\n{pointed(program, error)}") from None
    names = options.names.split(",") if options.names else list(graph.variables)
    wanted = [_known(graph, name.strip()) for name in names]
    at = dict.fromkeys(graph.variables, 1.0) | dict(graph.start) | dict(map(_assignment, options.at))
    data, ending = options.answers.read_bytes(), options.answers.suffix.lower()
    handed = handed_in.read(data, ending)
    if ending == ".py":
        known = formulas.values(graph.evaluate(at, seed=options.seed))
        handed = formulas.added(handed, data.decode("utf-8-sig"), graph, known)
    graded = api.grade(graph, at, handed.answers, seed=options.seed, wanted=wanted)
    return replace(graded, unread=tuple(handed.notes))


def _exercise(arguments: Sequence[str]) -> int:
    """Prints exercises, or writes a sheet of them."""
    parser = _Parser(
        prog=f"{NAME} exercise", description="Exercises for pencil and paper, and their answers."
    )
    add = parser.add_argument
    add(
        "level",
        choices=LEVELS,
        help=", ".join(f"{name}: {level.title.lower()}" for name, level in LEVELS.items()),
    )
    add("--seed", type=int, default=0, help="which exercise; the same number gives the same one")
    add("--count", type=int, default=1, choices=range(1, 51), metavar="COUNT", help="how many, at most 50")
    add("--answers", action="store_true", help="with the answers")
    add(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="a sheet to print, .pdf; pages that judge the answers, .html; these for a course (SCORM), .zip",
    )
    options = parser.parse_args(arguments)
    chosen = [exercise(options.level, options.seed + more) for more in range(options.count)]
    if options.output:
        options.output.write_bytes(_exercise_file(chosen, options.output.suffix.lower(), options.answers))
        return 0
    for number, one in enumerate(chosen, start=1):
        print(f"{number}. {one.question}")
        if options.answers:
            print("   " + ", ".join(f"{one.called(field)} = {x}" for field, x in one.solution.items()))
    return 0


def _exercise_file(chosen: Sequence[Exercise], ending: str, answers: bool) -> bytes:
    if ending in (".html", ".zip"):
        from graphviz_backprop.web import files  # Flask takes a while to load

        return files.of_exercises(chosen, course=ending == ".zip")
    with Layout() as layout:
        return sheet(layout, chosen, answers)


def _known(graph: api.Graph, name: str) -> str:
    if name not in graph.variables and name not in graph.positions:
        raise ValueError(f"{name} is neither a variable nor a node of this program")
    return name


def _grade_options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(
        prog=f"{NAME} grade",
        description="Grades gradients: a line a name. Python is read, not run: numbers and formulas.",
        epilog="Ends with 0 if all are right, with 1 if not, with 2 for what can't be graded.",
    )
    add = parser.add_argument
    add("program", type=Path, help="a file that has the program")
    add(
        "answers",
        type=Path,
        help="a file .py, .json or .npz with the gradients by name: W, dW, dL_dW, W.grad",
    )
    add("at", nargs="*", metavar="name=number", help="the point; else as the program starts, else 1")
    add("--names", help="what is graded, with commas; else all variables")
    add("--seed", type=float, help="the gradient at the output")
    add("--json", action="store_true", help="results as Gradescope and Otter take them")
    add("--points", type=float, default=1.0, help="for each name, in the JSON")
    return parser.parse_args(arguments)


class _Parser(argparse.ArgumentParser):
    """Says in two lines what is wrong, not in twenty how it all works."""

    def error(self, message: str) -> NoReturn:
        hint = f"{self.prog} --help lists the options"
        if message.startswith("unrecognized arguments: -"):
            hint = f"a program that starts with a minus comes after two of them: {self.prog} -- '-x^2'"
        self.exit(2, f"{self.prog}: {message}\n{hint}\n")


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    """What was asked for; ends the program where that does not fit together."""
    parser = _Parser(
        prog=NAME,
        description="Every value and gradient of a program, as a table or a figure.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("words", nargs="*", metavar="program name=number", help="statements such as '(4*x+1)^2'; values")
    add(
        "-f",
        "--file",
        metavar="FILE",
        help="a file that has the program; - is standard input, as a program is",
    )
    add(
        "-o",
        "--output",
        metavar="FILE",
        help=f"a file that ends in {' '.join(WRITERS)}; - is standard output",
    )
    add("--format", choices=[ending[1:] for ending in WRITERS], help="of the output, whatever its name")
    add("--json", action="store_true", help="all numbers as JSON instead of a table")
    add("--view", choices=VIEWS, default=VIEWS[0], help="a leaf for each mention, or a merged graph")
    add("--dialect", choices=DIALECTS, help="what the program is written in; else it is recognised")
    add("--direction", choices=DIRECTIONS, default=DIRECTIONS[0], help="where the output goes")
    shown = range(FEWEST, MOST + 1)
    add("--digits", type=int, choices=shown, metavar="N", default=USUAL, help="of numbers, from 3 to 17")
    add("--frame", type=int, default=-1, metavar="STEP", help="the figure at a step of both passes, from 0")
    add(
        "--focus",
        type=lambda text: tuple(text.split(",")),
        default=(),
        metavar="PART",
        help="a part of the graph: x is what lies between x and the output, to:c what c depends on",
    )
    add("--no-numbers", action="store_true", help="blanks in the figure instead of numbers")
    add("--theme", choices=THEMES, default=THEMES[0], help="the figure's colours; else as its reader has it")
    add("--background", choices=BACKGROUNDS, default=BACKGROUNDS[0], help="the figure's ground")
    add("--scale", type=float, default=1.0, help="how large the figure is, 1 for pixels as on the page")
    add("--width", type=float, metavar="PIXELS", help="the figure's width, instead of a scale")
    add("--height", type=float, metavar="PIXELS", help="its height; with both it fits into them")
    add("--dpi", type=float, help=f"pixels an inch of a PNG; {USUAL_DPI:g} if not said")
    add("--paths", metavar="NAME", help="the paths from the output to a variable or node, largest first")
    add("--derivative", metavar="NAME", help="the closed form of the derivative by a variable, simplified")
    add("--check", action="store_true", help="every gradient against its central difference")
    add("--descend", metavar="OPTIMIZER", help=f"gradient descent: {', '.join(OPTIMIZERS)}")
    add("--rate", type=float, help="the learning rate; else one that descends is chosen")
    add("--steps", type=int, default=100, help="how many steps")
    add(
        "--parameters", metavar="NAMES", help="what the steps change: w,b; else w, b, θ … or all but the data"
    )
    add("--data", type=Path, metavar="FILE", help="a table whose columns are variables, its lines samples")
    add(
        "--data-choice",
        action="append",
        default=[],
        metavar="CHOICE",
        help=f"how the table is read where it leaves that open: {', '.join(spelling.KNOWN)}",
    )
    add(
        "--hold", type=int, default=0, metavar="PERCENT", help="so many samples are held out, to be tested on"
    )
    add("--batch", type=int, metavar="SAMPLES", help="how many samples a step uses; else all")
    add("--network", metavar="SIZES", help="the program of a network with layers of these sizes: 2-3-1")
    add("--seed", type=float, default=1.0, help="the gradient at the output, dL/dz")
    add("--version", action="version", version=f"graphviz_backprop {__version__}")
    given = list(arguments)
    end = given.index("--") if "--" in given else len(given)
    options = parser.parse_intermixed_args(given[:end])
    options.words += given[end + 1 :]
    _checked(parser, options)
    return options


def _checked(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Divides the words into program and values, and refuses what does not fit together."""
    options.text = None
    if not options.file and not options.network:
        if not options.words:
            parser.error("a program is missing, such as '(4*x+1)^2'")
        options.text, *options.words = options.words
    try:
        options.at = [_assignment(word) for word in options.words]
        options.read = spelling.options(_choice(text) for text in options.data_choice)
    except ValueError as error:
        parser.error(str(error))
    if options.output and (options.descend or options.data):
        parser.error("a descent is a table: -o goes with a figure, --json gives its numbers")
    if options.data_choice and not options.data:
        parser.error("--data-choice says how a table is read, and --data which one")
    if options.hold and not options.data:
        parser.error("--hold holds samples out, and --data has none")
    if options.output and options.json:
        parser.error("--json prints; for a file: -o FILE.json")


def _assignment(text: str) -> tuple[str, Any]:
    """A name and its value: a number, or a list of numbers in brackets."""
    name, _, figures = text.partition("=")
    if figures.lstrip().startswith("["):
        return name.strip(), tensor.read(figures)
    try:
        return name.strip(), float(figures)
    except ValueError:
        raise ValueError(f"{text!r} is not of the form name=number") from None


def _choice(text: str) -> tuple[str, str]:
    option, _, word = text.rpartition("=")
    return option, word


def _program(options: argparse.Namespace) -> str:
    """The program: as it was given, or from a file or standard input."""
    source = options.file or options.text
    if source == "-":
        data = sys.stdin.buffer.read()
    elif options.file:
        data = Path(source).read_bytes()
    else:
        return str(source)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n")
    except UnicodeDecodeError:
        raise ValueError(f"{source} is no text in UTF-8") from None


def _said(error: Exception) -> str:
    """An error in words."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)


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
    return [*(lines or [table(run)]), *_notes(graph)]


def _notes(graph: api.Graph) -> list[str]:
    """How the program may be meant otherwise; of a text in another dialect, what it was read as."""
    if graph.pasted:
        return [f"note: this is read as {graph.pasted.title}:", graph.pasted.program]
    return [f"note: {note.message}" for note in graph.notes]


def _descend(graph: api.Graph, options: argparse.Namespace) -> Descent:
    table = _table(options.data, options.read) if options.data else None
    kept, held = hold_out(table, options.hold) if table and options.hold else (table, None)
    data = kept and gathered(kept, graph.shapes)
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
        held=held,
    )
    if sys.stderr.isatty():
        print("\x1b[K", end="", file=sys.stderr, flush=True)  # nothing of the progress stays
    return found


def _table(path: Path, read: Mapping[str, Any]) -> Mapping[str, Column]:
    with path.open("rb") as file:
        found = read_table(file.read(MOST_BYTES + 1), **read)
    for note in became(found):
        print(f"note: {note}", file=sys.stderr)
    return found


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


def _trace(found: Descent) -> str:
    """A descent's numbers as JSON: those of the start and of each step."""
    return dumps(
        {
            "steps": found.steps,
            "losses": numbers(found.losses),
            **({} if found.held is None else {"held": numbers(found.held)}),
            "points": {name: numbers(column) for name, column in found.points.items()},
            "stopped": found.stopped,
        }
    )


def _write(run: api.Run, options: argparse.Namespace) -> None:
    """The figure into a file, or to standard output."""
    path = Path(options.output)
    ending = f".{options.format}" if options.format else path.suffix.lower()
    if options.output == "-":
        ending = ending or ".svg"
        if ending not in TEXTS and sys.stdout.isatty():
            raise ValueError(f"a terminal can't show {ending}: let a file or another program take it")
    if ending not in WRITERS:
        raise ValueError(f"{path} should end in one of {' '.join(WRITERS)}")
    look = Look(
        options.theme,
        options.background,
        not options.no_numbers,
        options.frame,
        options.scale,
        options.width,
        options.height,
    )
    with Layout() as layout:
        written = WRITERS[ending](run, Drawn(options.direction, look, options.dpi, options.focus), layout)
    if options.output == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(written)
    else:
        path.write_bytes(written)


if __name__ == "__main__":
    run()
