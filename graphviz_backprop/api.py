"""The Python API: what ``import graphviz_backprop as gb`` gives.

graph = gb.parse("(4*x+1)^2")
run = graph.evaluate(x=1)       # run.value 25.0, run.gradient {"x": 40.0}
run                             # in Jupyter: the figure
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, cast

from graphviz_backprop.engine import autodiff, through
from graphviz_backprop.engine.autodiff import Column, Compiled
from graphviz_backprop.explain import differences, paths, probe, sides, steps, trouble
from graphviz_backprop.explain.grading import answers, bugs, exercises
from graphviz_backprop.explain.grading import grade as grading
from graphviz_backprop.explain.grading.bugs import BugHunt
from graphviz_backprop.explain.grading.exercises import Exercise
from graphviz_backprop.explain.grading.grade import Grade
from graphviz_backprop.explain.grading.judge import Verdict, judge
from graphviz_backprop.explain.paths import Ledger
from graphviz_backprop.explain.probe import Nudge
from graphviz_backprop.explain.sides import Sides
from graphviz_backprop.explain.steps import ReadStep
from graphviz_backprop.explain.trouble import Finding
from graphviz_backprop.figure.copies import Look, copy, density
from graphviz_backprop.figure.svg import Figure
from graphviz_backprop.language import focus as focusing
from graphviz_backprop.language import folding, graph, parser, printers
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.expand import expand
from graphviz_backprop.language.folding import Fold
from graphviz_backprop.language.groups import Group
from graphviz_backprop.language.numerals import shown_with
from graphviz_backprop.language.pasted import reading
from graphviz_backprop.language.words import few

if TYPE_CHECKING:
    import sympy

    from graphviz_backprop.explain.tensors.ledger import TensorLedger
    from graphviz_backprop.jobs.layout import Layout

DIRECTIONS = ("up", "right")


@dataclass(frozen=True, repr=False)
class Graph(graph.Graph):
    """A program as a graph that can be evaluated, opened and differentiated."""

    @classmethod
    def _of(cls, found: graph.Graph) -> Graph:
        """A graph of the language with these methods: the same nodes, none is copied."""
        return cls(*(getattr(found, part.name) for part in fields(graph.Graph)))

    @cached_property
    def compiled(self) -> Compiled:
        """The graph ready to be evaluated, again and again."""
        return Compiled(self, Run)

    @cached_property
    def _has_seed(self) -> bool:
        return "seed" in self.variables

    @property
    def source(self) -> str:
        """The program in the language, as it was understood."""
        return printers.source(self)

    def evaluate(self, at: Mapping[str, Any] | None = None, /, *, seed: Any = None, **variables: Any) -> Run:
        """The forward and the backward pass at a point, given as a mapping, by keyword, or both.

        Arrays are columns, one row for each sample; all have the same length, and a number beside them is
        the same in each row. Gradients are then per row, not summed as in PyTorch. ``seed`` is the
        gradient at the output (dL/dz of a larger network), 1 if it isn't given; the value of a variable of
        that name goes into the mapping. A variable without a value is where the program lets it start.

        Raises ValueError for a variable without a value, a name that is no variable, columns that don't fit
        together or have masked rows, and what is no number.
        """
        if seed is None:
            seed = 1.0
        elif self._has_seed and (at is None or "seed" not in at):
            raise ValueError(
                "seed is a variable of this program and the name of the gradient at the output: "
                "give the variable's value in a mapping, evaluate({'seed': 3})"
            )
        run: Run = self.compiled.gradient(variables if at is None else {**at, **variables}, seed)
        return run

    def function(self) -> Callable[[Sequence[float]], tuple[float, tuple[float, ...]]]:
        """Value and gradient as a function of a point, which has a number for each of ``variables``.

        It keeps nothing else, which makes it as fast as Python written by hand, and is what optimizers call:
        ``scipy.optimize.minimize(graph.function(), x0, jac=True)``. Raises ValueError for a point of
        another length and TypeError for what is no number.
        """
        return self.compiled.function()

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Sets of nodes with one output, nested, which figures show as one box until they are opened."""
        from graphviz_backprop.network.groups import grouped  # networks need NumPy

        return grouped(self)

    def folded(
        self,
        open: Collection[str] = (),
        shut: Collection[str] = (),
        constants: bool = True,
        focus: Collection[str] = (),
    ) -> Fold:
        """The graph as figures show it: groups that are closed are one box each.

        A graph of more than 60 nodes opens with few boxes. ``open`` and ``shut`` say otherwise: ids of
        groups, of nodes for the groups whose output they are, or "all". Without ``constants`` these stand in
        the labels of the nodes that use them. ``focus`` is the part that alone is shown: "x", a variable or
        a node, for what lies between it and the output, "to:c" for what c depends on, both for what lies
        between x and c. Raises ValueError where nothing does.
        """
        opened, closed = _names(open), _names(shut)
        part = focusing.focus(self, _names(focus)) if focus else None
        return folding.fold(self, self.groups, opened, closed, not constants, part)

    def expand(self, ids: Collection[str] | None = None) -> Graph:
        """Composite operations opened: all of them entirely, or those of these nodes by one level."""
        return Graph._of(expand(self, ids))

    def scalars(self, at: Mapping[str, Any] | None = None, /) -> Graph:
        """The program in numbers: each cell of a tensor is a node, ``W[0, 1]``; all explanations hold there.

        What a number chooses (the rows of ``C[ix]``) is chosen at this point, else where the program starts.
        So is how a norm or std is written: where it is 0 at this point, its slope is 0 by convention.
        Raises ValueError for a program that would have too many nodes.
        """
        if self.of_numbers:
            return self
        from graphviz_backprop.engine.tensors.cells import scalars  # and NumPy with it

        return Graph._of(scalars(self, at))

    def derivative(self, variable: str, simplify: bool = False) -> sympy.Expr:
        """∂output/∂variable as a SymPy expression, raw as the chain rule gives it or simplified.

        Its symbols are plain, ``sympy.Symbol("x")``. Raises ValueError for a name that is no variable, a
        graph that is too large, and one with tensors.
        """
        if not self.of_numbers:
            raise ValueError("closed forms are of numbers, and this program has tensors: see graph.scalars()")
        from graphviz_backprop.explain import symbolic  # SymPy takes as long to load as all the rest

        return symbolic.plain(symbolic.derivative(self, variable, simplify))

    def __repr__(self) -> str:
        text = self.text if len(self.text) <= 60 else f"{self.text[:59]}…"
        count = len(self.nodes)
        return f"<Graph {text!r}: {count:,} node{'s' if count != 1 else ''}>"

    def __getstate__(self) -> dict[str, Any]:
        """What it is, without what was computed from it."""
        return {part.name: getattr(self, part.name) for part in fields(self)}


class Run(autodiff.Run[Any]):
    """One evaluation: its numbers, explained; in a notebook, its figure."""

    __slots__ = ()

    def steps(self, upstream: str = "", fold: Fold | None = None) -> list[ReadStep]:
        """Both passes step by step: ``phase``, ``node``, ``rule``, ``text``, ``value``.

        With ``upstream`` the gradients are those of a larger network's output of that name, and the seed is
        ∂upstream/∂output; with a seed other than 1 it is "L" if not said otherwise. With a ``fold``
        (:meth:`folded`) they go box by box, through its closed groups.
        """
        if not self.graph.of_numbers and not self.shape:
            from graphviz_backprop.explain.tensors.steps import read_all  # and NumPy with it

            return read_all(self, upstream or self.upstream, fold)
        return steps.read_all(self._single("steps"), upstream, fold)

    def paths(self, target: str, most: int = 20, fold: Fold | None = None) -> Ledger | TensorLedger:
        """The paths from the output to a variable or node, largest first, and how they add up.

        With a ``fold`` (:meth:`folded`) they lead through its closed groups as through one node each.

        Of a program with tensors each brings a ``gradient`` of the node's shape, and has its ``share`` of the
        sum; its ``count`` says for how many it stands that end alike.
        """
        if not self.graph.of_numbers and not self.shape:
            from graphviz_backprop.explain.tensors.sums import tensor_paths  # and NumPy with it

            return tensor_paths(self, target, most, fold)
        return paths.paths(self._single("paths"), target, most, fold)

    def check(self) -> dict[str, float]:
        """The relative error of each variable's gradient against a central difference; NaN: none can tell."""
        found = differences.check(self._single("checks"))
        return {name: compared.error for name, compared in found.items()}

    def nudge(self, target: str, h: Any) -> dict[str, Nudge]:
        """What a nudge of a variable or node by h changes, by id: ``predicted``, ``actual``, ``miss``.

        Of a tensor, or a cell such as ``"W[0, 1]"``, h may be a direction V of its shape; what is told is the
        output's change, ⟨G, V⟩ against the actual one, times the seed and summed over the output's cells.
        Raises ValueError for an unknown name and a direction that does not fit.
        """
        if not self.graph.of_numbers and not self.shape:
            from graphviz_backprop.explain.tensors.probe import nudge  # and NumPy with it

            return nudge(self, target, h)
        return probe.nudge(self._single("nudges"), target, h)

    def direction(self, target: str, along: str = "gradient", seed: int = 0) -> Any:
        """A direction of length 1 in which :meth:`nudge` can move a tensor: ``0.01 * run.direction("W")``.

        ``along`` is its own ``"gradient"``, along which the output changes most, ``"ones"`` or ``"random"``,
        with the cells of ``randn(…, seed=seed)``. Raises ValueError for an unknown name, and where the
        gradient is 0 or not finite.
        """
        if self.shape:
            raise ValueError("directions are of one sample: choose one with run.row(0)")
        from graphviz_backprop.explain.tensors.probe import direction  # and NumPy with it

        return direction(self, target, along, seed)

    def sides(self) -> dict[str, Sides]:
        """The derivatives to the ``left`` and to the ``right`` of each variable; they differ at kinks."""
        return sides.sides(self._single("sides"))

    def findings(self) -> list[Finding]:
        """What is wrong, or to know: NaN and infinities with their reasons, kinks, slopes near 0."""
        if not self.graph.of_numbers and not self.shape:
            from graphviz_backprop.explain.tensors.trouble import findings  # and NumPy with it

            return findings(self)
        return trouble.findings(self._single("findings"))

    def judge(
        self,
        field: str,
        answer: float | str,
        earlier: Mapping[str, float] | None = None,
        before: Run | None = None,
    ) -> Verdict:
        """Whether a number that somebody found is right, and if not, which known mistakes give it.

        ``field`` is ``"x.total"`` (the gradient by x, or just ``"x"``), ``"c.gradient"``, ``"c.0.partial"``,
        ``"c.0.flow"`` or ``"c.value"``. ``answer`` is a number, or a text such as ``"1/3"`` and
        ``"2*5^(2-1)"``. With ``earlier`` answers, by their fields, what follows from a wrong one counts as
        right; with a run ``before``, at another point, stale numbers are known. ``verdict`` is "right",
        "follows" or "wrong", and ``diagnoses`` say why: each has ``mistakes`` and a ``text``.

        Raises ValueError for what is no field or no number.
        """
        run = self._single("answers")
        field = f"{field}.total" if field in run.graph.variables else field
        given = answers.read(answer) if isinstance(answer, str) else answers.Answer(float(answer))
        return judge(run, field, given, earlier, before._single("answers") if before else None)

    def explain(self, key: str) -> str:
        """What the inspector says of a node, an edge such as ``"z.0"``, or a cell such as ``"W[0, 1]"``.

        Of a cell its sums with numbers, of an edge of tensors three sentences: shapes, letters, one cell.
        Raises ValueError for what is none of these, and for a run over samples.
        """
        if self.shape:
            raise ValueError("explanations are of one sample: choose one with run.row(0)")
        from graphviz_backprop.explain.tensors.in_words import explain  # and NumPy with it

        return explain(self, key)

    def tangents(self, variable: str) -> dict[str, float]:
        """Forward mode: ∂node/∂variable by the node's id."""
        return probe.tangents_by_id(self._single("tangents"), variable)

    def jacobian(self, target: str, source: str) -> Any:
        """∂target/∂source as an array, of the shape of the one followed by that of the other.

        Both are ids of nodes, or names of variables. Raises ValueError for what is neither, for a run over
        samples, and for a Jacobian too large.
        """
        if self.shape:
            raise ValueError("Jacobians are of one sample: choose one with run.row(0)")
        from graphviz_backprop.engine.tensors.jacobian import jacobian  # and NumPy with it

        return jacobian(self.graph, self.variables, target, source)

    def row(self, at: int | tuple[int, ...]) -> Run:
        """The run of one sample, by its place in the columns. Raises IndexError where there is none."""
        if not self.shape:
            raise IndexError("this run is at numbers, not at columns: it has no rows")
        try:
            point = {name: column[at] for name, column in self.variables.items()}
            return self._compiled(point, self.seed[at])  # type: ignore[return-value]
        except (IndexError, TypeError):
            raise IndexError(f"there is no row {at}: the columns have the shape {self.shape}") from None

    def _single(self, what: str) -> Run:
        """Itself, if it is at numbers: columns have no steps, paths or sides."""
        if not self.graph.of_numbers:
            raise ValueError(f"{what} are of numbers, and this program has tensors")
        if self.shape:
            raise ValueError(f"{what} are of one sample: choose one with run.row(0)")
        return self

    def folded(
        self,
        open: Collection[str] = (),
        shut: Collection[str] = (),
        constants: bool = True,
        focus: Collection[str] = (),
    ) -> Fold:
        """Its graph as figures show it: :meth:`Graph.folded`."""
        return cast(Graph, self.graph).folded(open, shut, constants, focus)

    def shown(self, fold: Fold) -> dict[str, Any]:
        """Every number by the name under which it is shown, those through closed groups as well."""
        return {**self.fields(), **through.fields(self, fold)}

    def svg(self, direction: str = "up", *, digits: int | None = None, **look: Any) -> str:
        """The figure as an SVG file, values filled in; of columns, the first row's, which it says.

        ``direction`` is where the output is, "up" or "right"; ``open`` and ``shut`` are groups, ``constants``
        whether they have boxes of their own, ``focus`` the part that is shown (:meth:`Graph.folded`). For a
        slide or a sheet: ``frame=3`` is a step of both passes, counted from 0; ``numbers=False`` leaves
        blanks to fill in; ``theme`` is "auto", "light" or "dark"; ``background="transparent"`` has no ground;
        ``scale``, or ``width`` and ``height`` in pixels, say how large it is; ``digits``, from 3 to 17, how
        many numbers have.

        Raises ValueError for what there is not, and where there is no sample; LayoutTimeout or LayoutError
        where no figure can be drawn.
        """
        from graphviz_backprop.jobs.layout import Layout  # starts processes, which numbers alone don't need

        fold, wanted = self._folded(look)
        with Layout() as layout, shown_with(digits):
            return copy(*self._pictured(layout, direction, fold), fold, wanted)

    def png(
        self, direction: str = "up", *, dpi: float | None = None, digits: int | None = None, **look: Any
    ) -> bytes:
        """The figure as a picture, like :meth:`svg`; ``dpi`` pixels an inch, of 96 units; 192 if not said."""
        from graphviz_backprop.jobs.layout import Layout

        fold, wanted = self._folded(look)
        with Layout() as layout, shown_with(digits):
            figure, fields = self._pictured(layout, direction, fold)
            scale = density(figure, wanted, dpi)
            plain = copy(figure, fields, fold, wanted, plain=True)
            return layout.png(plain, scale, clear=wanted.background == "transparent")

    def pdf(self, direction: str = "up", *, digits: int | None = None, **look: Any) -> bytes:
        """The figure as a page of its size, like :meth:`svg`."""
        from graphviz_backprop.jobs.layout import Layout

        fold, wanted = self._folded(look)
        with Layout() as layout, shown_with(digits):
            return layout.pdf(copy(*self._pictured(layout, direction, fold), fold, wanted, plain=True))

    def html(self, direction: str = "up", **state: Any) -> str:
        """The figure with its sliders and player as a page, a file that works without a server.

        More of its ``state`` can be said, as the page's address has it: ``frame=3``, ``panes="graph,plot"``,
        ``hide="x.total"``. Raises ValueError for what there is not, and RuntimeError where the browser's
        scripts were not put together (``make bundle`` does it).
        """
        return self._page(direction, state, course=False).decode()

    def scorm(self, direction: str = "up", **state: Any) -> bytes:
        """The same page as a package for courses, SCORM 1.2: a zip. What was found of it is the score."""
        return self._page(direction, state, course=True)

    def _page(self, direction: str, state: Mapping[str, Any], *, course: bool) -> bytes:
        from graphviz_backprop.web import files  # Flask takes a while to load

        if self.shape:
            raise ValueError("a page shows one sample: choose one with run.row(0)")
        pasted = cast(Graph, self.graph).pasted
        text = pasted.program if pasted else self.graph.text
        asked = {"expr": text, "view": self.graph.view, "seed": self.seed, "dir": direction, **state}
        return files.of_run(asked, self.variables, course=course)

    def _folded(self, options: dict[str, Any]) -> tuple[Fold, Look]:
        """What is shown and how, of the options of a figure."""
        kept = {name: options.pop(name) for name in ("open", "shut", "constants", "focus") if name in options}
        return self.folded(**kept), Look(**options)

    def _pictured(self, layout: Layout, direction: str, fold: Fold) -> tuple[Figure, dict[str, float | None]]:
        """The figure and the numbers in it: of columns, those of the first row."""
        if direction not in DIRECTIONS:
            raise ValueError(f"direction is {direction!r}, not one of {', '.join(DIRECTIONS)}")
        if 0 in self.shape:
            raise ValueError("there is no sample to show: the columns are empty")
        figure = layout.figure(fold, direction)
        numbers = self.shown(fold)
        if not self.shape:
            return figure, numbers
        first = tuple(0 for _ in self.shape)
        shown = f"row 0 of {self.shape[0]:,}" if len(first) == 1 else f"row {first} of columns {self.shape}"
        fields = {
            name: number if number is None or isinstance(number, float) else float(number[first])
            for name, number in numbers.items()
        }
        return figure.captioned(shown), fields

    def _repr_svg_(self) -> str | None:
        from graphviz_backprop.jobs.layout import LayoutError, LayoutTimeout

        try:
            return self.svg()
        except (LayoutTimeout, LayoutError, ValueError):
            return None  # the text stands instead

    def __repr__(self) -> str:
        if self.shape:
            rows = f"{self.shape[0]:,} row{'s' if self.shape != (1,) else ''}"
            return f"<Run at {rows if len(self.shape) == 1 else self.shape} of {few(self.variables)}>"
        at = {name: f"{name}={number}" for name, number in self.variables.items()}
        gradient = {name: f"{name!r}: {number}" for name, number in self.gradient.items()}
        found = f"value {self.value}, gradient {{{few(gradient.values())}}}"
        return f"<Run at {few(at.values()) if at else 'no variables'}: {found}>"


def _names(names: Collection[str] | str) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def parse(text: str, view: str = "tree", dialect: str | None = None) -> Graph:
    """The graph of a program. Raises ExpressionError: message, start, end, hint.

    LaTeX, MathML, Python, JavaScript and formulas of spreadsheets are recognised and read too, and never run;
    ``graph.pasted`` then says as what, and ``graph.pasted.program`` is the program. ``dialect`` names one of
    ``"latex", "mathml", "python", "javascript", "spreadsheet"``, or ``"own"`` for the language alone.
    """
    if not isinstance(text, str):
        raise TypeError(f"a program is a text, not {type(text).__name__}")
    return Graph._of(reading.parse(text, view, dialect=dialect))


def grade(
    graph: graph.Graph | str,
    at: Mapping[str, Any],
    answers: Mapping[str, Any],
    *,
    seed: Any = None,
    wanted: Collection[str] | None = None,
) -> Grade:
    """Grades gradients by their names, ``{"w": -0.25, "dL_db": 3}``: a line a name, right or wrong and why.

    ``graph`` may be a program's text. Names are variables and nodes; what is ``wanted`` and not there is
    wrong. ``print(grade)`` shows the lines, ``grade.right`` and ``grade.score`` sum up,
    ``grade.gradescope()`` is what autograders take.
    """
    found = parse(graph) if isinstance(graph, str) else Graph._of(graph)
    run = found.evaluate(at, seed=seed)
    if run.shape:
        raise ValueError("grades are of one sample, or of a program that has its batch as an axis")
    if run.graph.of_numbers:
        return grading.grade(run, answers, wanted)
    from graphviz_backprop.data import gradients  # and NumPy

    return gradients.grade(run, answers, wanted)


def exercise(level: str = "rule", seed: int = 0) -> Exercise:
    """An exercise for pencil and paper: a program at a point, its numbers whole or small fractions.

    ``level`` is "rule", "chain", "shared", "neuron", "layers" or "matrix"; a seed gives the same one each
    time.
    ``question`` says what is asked, ``solution`` has the answers as fractions, ``run`` every number.
    """
    return exercises.exercise(level, seed)


def bug_hunt(level: str = "shared", seed: int = 0) -> BugHunt:
    """An exercise whose backward pass is broken on purpose: which gradients are wrong, and what is the bug?

    ``gradients`` are what it finds, ``wrong`` the variables whose gradient is wrong, ``choices`` some bugs
    and ``bug`` the one that it is.
    """
    return bugs.bug_hunt(level, seed)


def network(
    sizes: Sequence[int],
    activation: str | Sequence[str] = "sigmoid",
    output: str = "sigmoid",
    loss: str = "squared",
    init: str = "xavier",
    seed: int = 0,
    bias: bool = True,
    scale: float = 0.5,
    view: str = "tree",
    form: str = "numbers",
) -> Graph:
    """A neural network, layer by layer, as a program whose weights and biases ``start`` at random.

    In ``form="tensors"`` it is written as ``z2 = W2 @ x + b2``; inputs and targets, x and y, start at 1 then.

    ``sizes`` has the number of neurons of each layer, inputs first: ``[2, 3, 1]``. ``activation`` is that of
    the hidden layers, sigmoid, tanh, relu, leaky_relu, gelu, softplus or linear, or has one name for each;
    ``output`` may also be softmax. ``loss`` is squared (summed over the outputs), mean_squared,
    binary_cross_entropy (with sigmoid) or categorical_cross_entropy (with softmax). ``init`` is zeros,
    constant or uniform (of size ``scale``), xavier or he, as PyTorch's. Raises ValueError for what does not
    exist, does not fit together or exceeds :data:`graphviz_backprop.network.builder.LIMITS`.
    """
    from graphviz_backprop.network import builder  # and NumPy, for the random numbers

    shape = builder.architecture(sizes, activation, output, loss, bias)
    start = builder.initial(shape, init, seed, scale)
    if form == "tensors":
        from graphviz_backprop.network import tensors

        return Graph._of(parser.parse(tensors.program(shape, start), view))
    if form != "numbers":
        raise ValueError(f"form is {form!r}, not numbers or tensors")
    found = parser.parse(builder.program(shape), view)
    nodes = tuple(
        node._replace(start=start.get(node.name)) if node.op == graph.VAR else node for node in found.nodes
    )
    return Graph(found.text, found.view, nodes, marks=found.marks)


def data(name: str, n: int = 200, seed: int = 0, noise: float = 0.1) -> dict[str, Column]:
    """A built-in set: ``line``, ``xor``, ``moons``, ``circles``, ``spiral`` or ``iris``; columns by name."""
    from graphviz_backprop.data import datasets

    return datasets.make(name, n, seed, noise)
