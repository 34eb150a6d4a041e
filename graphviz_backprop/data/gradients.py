"""Gradients with shapes, graded: in which cells they are wrong, and which known mistake gives them.

A mistake is made at an edge: another flow than the right one. The backward pass is linear in the gradient, so
what that does further down is one more backward pass from there.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from graphviz_backprop.data.flows import Edge, mistaken, terms
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.engine.columns import ARRAY, quiet
from graphviz_backprop.engine.functions import function
from graphviz_backprop.engine.tensors.program import Program
from graphviz_backprop.explain.grading.answers import compared
from graphviz_backprop.explain.grading.grade import Grade, Line, graded
from graphviz_backprop.explain.grading.kinds import KINDS, PARTIALS
from graphviz_backprop.explain.grading.targets import leaves
from graphviz_backprop.language.graph import CONST, VAR, Graph
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.tensor import cell
from graphviz_backprop.language.tensor_ops import TENSORS

Array = npt.NDArray[np.float64]

RIGHT, FOLLOWS, WRONG = "right", "follows", "wrong"
TOLERANCE = 1e-5
_MOST = 600
"""So many mistakes further up, at the most, are tried."""

_GUESSES = ("divided", "bessel", "twice", "swapped")
"""Mistakes of the number as a whole: what gives the same at one operation is told before them."""

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


class Found(NamedTuple):
    """A mistake: its kind, its sentence, and the gradient that it gives."""

    kind: str
    text: str
    gradient: Array


def grade(run: Run[Any], answers: Mapping[str, Any], wanted: Collection[str] | None = None) -> Grade:
    """Grades gradients by their names, as :mod:`graphviz_backprop.explain.grading.grade` does numbers."""
    grader = Grader(run)

    def line(name: str, node: str) -> Line:
        one = grader.grade(node, answers[name])
        return Line(name, one.verdict, one.text, one.error, one.mistakes, one.cells)

    return graded(run.graph, answers, wanted, line)


@dataclass(frozen=True)
class Graded:
    """``cells`` are some of those that are wrong, ``count`` is how many there are."""

    verdict: str
    text: str
    error: float = 0.0
    cells: tuple[str, ...] = ()
    count: int = 0
    mistakes: tuple[str, ...] = ()


def near(given: Array, right: Array, size: float) -> bool:
    """Whether two arrays are the same but for rounding; ``size`` is that of what flows."""
    return given.shape == right.shape and bool(
        np.all(np.abs(given - right) <= TOLERANCE * np.abs(right) + 1e-9 * size)
    )


class Grader:
    """Grades the gradients of one run, one after the other, from the output down."""

    def __init__(self, run: Run[Any]) -> None:
        self._run = run
        self._graph = run.graph
        self._gradients = [_array(x) for x in run.gradients]
        self._flows = [_array(flow) for node in run.flows for flow in node]
        self._values = [_array(x) for x in run.values]
        self._after: list[str] = []
        self._asked: set[int] = set()
        self.size = max(
            (float(np.max(np.abs(x), initial=0)) for x in self._gradients if x is not None), default=0.0
        )

    @property
    def after(self) -> tuple[str, ...]:
        """The names whose answers were wrong."""
        return tuple(self._after)

    def grade(self, name: str, given: Any) -> Graded:
        """What is said of the gradient of a variable or node."""
        ends = list(leaves(self._graph, name)) or [self._graph.positions[name]]
        right = _total(self._run.gradients, ends)
        expected = _total(self._gradients, ends)
        if given is None:
            return Graded(WRONG, "wrong: None is no gradient: the backward pass did not reach it", np.inf)
        try:
            answer = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError):
            return Graded(WRONG, "wrong: numbers are needed, in rows of one length", np.inf)
        if right is None or expected is None:
            return Graded(WRONG, "wrong: no variable reaches it, so it has no gradient", np.inf)
        if near(answer, right, self.size):
            graded = Graded(RIGHT, "right")
        elif self._after and near(answer, expected, self.size):
            graded = Graded(FOLLOWS, f"right given the wrong {', '.join(self._after)}", _error(answer, right))
        else:
            graded = self._wrong(name, ends, answer, right, expected)
        if answer.shape == expected.shape and graded.verdict != FOLLOWS:
            self._carry(ends, answer - expected)
        if graded.verdict == WRONG:
            self._after.append(name)
        self._asked.update(ends)
        return graded

    def _carry(self, ends: Sequence[int], delta: Array) -> None:
        """From here on the numbers follow from this answer."""
        if len(ends) > 1 or not np.any(np.abs(delta) > TOLERANCE * 1e-4 * self.size):
            return  # a variable's total is the end of a pass
        numbers = self._from(ends[0], delta)
        for at, more in enumerate(numbers[1]):
            if more is not None and self._gradients[at] is not None:
                self._gradients[at] = self._gradients[at] + _array(more)
        for edge, more in enumerate(numbers[3]):
            if more is not None and self._flows[edge] is not None:
                self._flows[edge] = self._flows[edge] + _array(more)

    def _from(self, at: int, delta: Array) -> Any:
        """What a change of the gradient of one node changes everywhere below."""
        return Program(self._graph, at).numbers(self._run.variables, delta if delta.shape else float(delta))

    def _wrong(self, name: str, ends: Sequence[int], answer: Array, right: Array, expected: Array) -> Graded:
        mistakes = tuple(self._told(name, ends, answer, expected)) if np.all(np.isfinite(answer)) else ()
        if answer.shape != right.shape:
            shapes = f"its shape is {answer.shape}, and that of {name} is {right.shape}"
            text = f"wrong: {shapes}. {' Or: '.join(mistakes[:2])}".rstrip()
            return Graded(WRONG, text, np.inf, (), answer.size, mistakes)
        off = np.argwhere(~(np.abs(answer - right) <= TOLERANCE * np.abs(right) + 1e-9 * self.size))
        first = tuple(int(x) for x in off[0]) if len(off) else ()
        where = cell(name, first) if first else name
        said = f"{where} is {compared(float(answer[first]), float(right[first]))}"
        if answer.size > 1:
            said += f", {len(off)} of {answer.size} cells are wrong"
        text = f"wrong: {said}. {' Or: '.join(mistakes[:2])}".rstrip()
        cells = tuple(cell(name, tuple(int(x) for x in one)) for one in off[:20])
        return Graded(WRONG, text, _error(answer, right), cells, len(off), mistakes)

    # Mistakes

    def _told(self, name: str, ends: Sequence[int], answer: Array, expected: Array) -> list[str]:
        found = [one for one in self._whole(name, answer, expected) if self._is(one.gradient, answer)]
        if len(ends) == 1:
            found += [one for one in self._at_node(ends[0], expected) if self._is(one.gradient, answer)]
        if all(one.kind in _GUESSES for one in found):
            found += list(self._further_up(ends, answer, expected))
        if not found:
            found = list(self._branches(ends, answer, expected))
        found.sort(key=lambda one: _RANK.get(one.kind, 0))
        return list(dict.fromkeys(one.text for one in found))

    def _is(self, gradient: Array, answer: Array) -> bool:
        return near(answer, np.asarray(gradient), self.size)

    def _whole(self, name: str, answer: Array, expected: Array) -> Iterator[Found]:
        """What can be done to the gradient as a whole."""
        yield Found("sign", f"The sign: this is minus the gradient of {name}.", -expected)
        if expected.ndim == 2:
            yield Found(
                "transposed", f"It is transposed: rows and columns of {name} are exchanged.", expected.T
            )
        yield from self._unsummed(name, answer, expected)
        sums, means, divisors = terms(self._graph)
        for n in sorted(means):
            yield Found("averaged", f"It is not divided by {n}: a mean is wanted, not a sum.", expected * n)
        for n in sorted(sums | means):
            often, plain = " once too often", ": a sum is wanted, not a mean"
            text = f"It is divided by {n}{often if n in means | divisors else plain}."
            yield Found("divided", text, expected / n)
            if n > 2:
                yield Found("bessel", f"It is divided by {n} where {n - 1} is right.", expected * (n - 1) / n)
                yield Found("bessel", f"It is divided by {n - 1} where {n} is right.", expected * n / (n - 1))
        yield Found(
            "twice", "It is twice the gradient, as where gradients are not set to 0 in between.", 2 * expected
        )
        if name in self._run.variables:
            value = _array(self._run.variables[name])
            yield Found("result", f"This is the value of {name}, not its gradient.", value)
        for other in self._graph.variables:
            total = _total(self._gradients, leaves(self._graph, other))
            if other != name and total is not None:
                yield Found("swapped", f"This is the gradient of {other}, not of {name}.", total)

    def _unsummed(self, name: str, answer: Array, expected: Array) -> Iterator[Found]:
        """A copy's gradient before it is summed over the copies."""
        axes = range(answer.ndim)
        for count in (1, 2):
            for chosen in itertools.combinations(axes, count):
                for keep in (True, False):
                    summed = answer.sum(axis=chosen, keepdims=keep)
                    if summed.shape == expected.shape and answer.shape != expected.shape:
                        over = ", ".join(str(axis) for axis in chosen)
                        text = f"It is not summed over axis {over}, along which {name} is copied."
                        if summed.size == answer.size:  # nothing is added there
                            text = f"Its numbers stand in another shape: that of {name} is {expected.shape}."
                        same = near(summed, expected, self.size)
                        yield Found("unsummed", text, answer if same else np.full(answer.shape, np.nan))

    def _at_node(self, at: int, expected: Array) -> Iterator[Found]:
        """Another flow at one of the edges into a node."""
        edges = self._into(at)
        for parent, arg, edge in edges:
            flow = self._flows[edge]
            if flow is None:
                continue
            rest = expected - flow
            if len(edges) > 1:
                yield Found("missed", self._said(parent, at, "is left out."), rest)
                last = edge == edges[0][2]
                text = self._said(parent, at, "is the only one that counts: what flows in is added (+=).")
                if last or len(edges) > 2:
                    yield Found("overwritten", text, flow)
            for kind, why, wrong in self._flows_wrong(parent, arg, edge):
                yield Found(kind, why, rest + wrong if rest.shape == np.shape(wrong) else wrong)

    def _said(self, parent: int, child: int, what: str) -> str:
        nodes = self._graph.nodes
        return f"The flow from {nodes[parent].id} to {nodes[child].id} {what}"

    def _into(self, at: int) -> list[tuple[int, int, int]]:
        """The edges into a node: parent, argument, position; the last one of the pass comes first."""
        graph = self._graph
        return [
            (parent, arg, graph.first_edges[parent] + arg)
            for parent in range(at + 1, len(graph.nodes))
            for arg, child in reversed(list(enumerate(graph.nodes[parent].args)))
            if child == at and self._flows[graph.first_edges[parent] + arg] is not None
        ]

    def _further_up(self, ends: Sequence[int], answer: Array, expected: Array) -> Iterator[Found]:
        """A mistake at a node above whose gradient was not asked for, or not yet."""
        if answer.shape != expected.shape:
            return
        tried = 0
        for at in self._between(ends):
            gradient = self._gradients[at]
            program = None
            for one in [] if gradient is None else self._at_node(at, gradient):
                if np.shape(one.gradient) != gradient.shape or (tried := tried + 1) > _MOST:
                    continue
                program = program or Program(self._graph, at)
                with quiet():
                    delta = one.gradient - gradient
                if not np.all(np.isfinite(delta)):
                    continue
                moved = program.numbers(self._run.variables, delta if delta.shape else float(delta))[1]
                change = _total(moved, ends)
                if change is not None and near(answer, expected + change, self.size):
                    yield one

    def _branches(self, ends: Sequence[int], answer: Array, expected: Array) -> Iterator[Found]:
        """Cell by cell the branch that is not taken, or both: a mistake at two edges together."""
        nodes = self._graph.nodes
        for at, node in enumerate(nodes):
            gradient = self._gradients[at]
            if node.op != "where" or gradient is None or answer.shape != expected.shape:
                continue
            _, one, two = node.args
            off = gradient * (np.asarray(self._values[node.args[0]]) == 0)  # what does not flow to the first
            named = f"{node.id} is {nodes[one].id} where {nodes[node.args[0]].id} holds, else {nodes[two].id}"
            swapped = f"{named}: the gradient goes to the one that is taken, not to the other one."
            both = f"{named}: the gradient goes to the one that is taken, not to both."
            for text, deltas in (
                (swapped, (off - (gradient - off), gradient - off - off)),
                (both, (off, gradient - off)),
            ):
                change = [self._moved(to, delta, ends) for to, delta in zip((one, two), deltas, strict=True)]
                total = sum((part for part in change if part is not None), np.zeros_like(expected))
                if near(answer, expected + total, self.size):
                    yield Found("branch", text, answer)

    def _moved(self, at: int, delta: Array, ends: Sequence[int]) -> Array | None:
        """By how much that changes the gradient that is asked for."""
        if self._gradients[at] is None or not np.any(delta):
            return None
        delta = np.asarray(delta)
        return _total(self._from(at, delta)[1], ends)

    def _between(self, ends: Sequence[int]) -> list[int]:
        """The nodes above, nearest first, up to those whose gradients were given."""
        graph = self._graph
        above, todo = [], list(ends)
        while todo:
            at = todo.pop(0)
            for parent, _, _ in self._into(at):
                if parent not in above and parent not in self._asked and parent != len(graph.nodes) - 1:
                    above.append(parent)
                    todo.append(parent)
        return above

    def _flows_wrong(self, parent: int, arg: int, edge: int) -> Iterator[tuple[str, str, Array]]:
        """What flows along an edge by mistake: the kind, the sentence, the flow."""
        node, flow = self._graph.nodes[parent], self._flows[edge]
        gradient = self._gradients[parent]
        child = node.args[arg]
        if flow is None or gradient is None:
            return
        yield "sign", self._said(parent, child, "has the other sign."), -flow
        ones = self._flow_of(parent, arg, np.ones_like(gradient))
        if ones is not None:
            text = self._said(parent, child, f"is not multiplied by the gradient of {node.id}.")
            yield "upstream", text, ones
        if node.op in TENSORS:
            args, value = [self._values[one] for one in node.args], self._values[parent]
            yield from mistaken(Edge(self._graph, node, arg, args, value, gradient, flow))
        elif node.op in OPS and not OPS[node.op].variadic:
            yield from self._of_cells(parent, arg, gradient)

    def _flow_of(self, parent: int, arg: int, gradient: Array) -> Array | None:
        """What flows along an edge for another gradient of the parent."""
        node = self._graph.nodes[parent]
        inner = [
            self._graph.nodes[child]._replace(
                op=VAR, name=f"x{at}", args=(), cells=None, settings=(), id=f"x{at}"
            )
            if self._graph.nodes[child].op != CONST
            else self._graph.nodes[child]._replace(id=f"x{at}")
            for at, child in enumerate(node.args)
        ]
        small = Graph("", "tree", (*inner, node._replace(args=tuple(range(len(inner))))))
        given = {f"x{at}": self._values[child] for at, child in enumerate(node.args) if inner[at].op == VAR}
        numbers = Program(small).numbers(
            {name: x if x.shape else float(x) for name, x in given.items() if x is not None},
            gradient if gradient.shape else float(gradient),
        )
        found: Array | None = _array(numbers[3][arg])
        return found

    def _of_cells(self, parent: int, arg: int, gradient: Array) -> Iterator[tuple[str, str, Array]]:
        """A wrong local partial, cell by cell."""
        node, op = self._graph.nodes[parent], OPS[self._graph.nodes[parent].op]
        child = self._graph.nodes[node.args[arg]].id
        args = [self._values[one] for one in node.args]
        names = {**op.bind(args, arg), "f": self._values[parent]}
        d, slips = f"∂{node.id}/∂{child}", PARTIALS.get(node.op, {}).get(arg, ())
        tried = [(slip.kind, slip.formula, f"{d} is wrong: {slip.why}.") for slip in slips]
        if len(node.args) == 2:
            other = self._graph.nodes[node.args[1 - arg]].id
            text = f"{d} is wrong: it is the partial by the other argument, {other}."
            tried.append(("other", op.evaluated_partial(1 - arg), text))
        text = f"{d} is left out: the gradient of {node.id} is passed on as it is."
        tried.append(("one", "1", text))
        tried.append(("value", "f", f"The value of {node.id} stands in place of {d}."))
        tried.append(("own", op.arguments[arg], f"The value of {child} stands in place of {d}."))
        tried.append(("inverted", f"1 / ({op.evaluated_partial(arg)})", f"{d} is upside down."))
        for kind, formula, text in tried:
            with quiet():
                wrong = function(formula, list(names), ARRAY)(*names.values())
                yield kind, text, np.asarray(gradient * wrong, dtype=np.float64)
        yield (
            "added",
            f"The gradient of {node.id} and {d} are multiplied, not added.",
            self._added(op.evaluated_partial(arg), names, gradient),
        )

    @staticmethod
    def _added(formula: str, names: Mapping[str, Any], gradient: Array) -> Array:
        with quiet():
            return np.asarray(
                gradient + function(formula, list(names), ARRAY)(*names.values()), dtype=np.float64
            )


def _array(x: Any) -> Any:
    return None if x is None else np.asarray(x, dtype=np.float64)


def _total(gradients: Sequence[Any], ends: Sequence[int]) -> Array | None:
    known = [_array(gradients[at]) for at in ends if gradients[at] is not None]
    return sum(known[1:], known[0]) if known else None


def _error(answer: Array, right: Array) -> float:
    """The largest difference, relative to the largest number that is right."""
    if answer.shape != right.shape:
        return float("inf")
    return float(
        np.max(np.abs(answer - right), initial=0) / max(float(np.max(np.abs(right), initial=0)), 1e-300)
    )
