"""Both passes of a graph as straight-line Python: no loop, and no call but those of kernels.

A source holds the rows' templates and names of ours alone: v12 is the value of node 12, g12 its gradient,
p12_0 and w12_0 the partial and the flow of the edge into it at argument 0, k12 how many arguments tie.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from graphviz_backprop.engine.codegen import FLOATS, PYTHON, Target, formulas
from graphviz_backprop.language.graph import CONST, VAR, Graph

_NUMBERS = re.compile(r"(?<!['\w])[vgpwk][0-9]+(?:_[0-9]+)?\b")  # the names in the source that hold numbers
_TERMS = 50  # of a sum in one line of source, so that Python's own parser need not nest deeply
_REAL = " if {0}.__class__ is not float: {0} = {0} + 0.0 if {0}.__class__ is int else refused({0})"


def everything(graph: Graph, target: Target = PYTHON) -> str:
    """``run(at, seed)``: values and gradients by node, partials and flows edge by edge."""
    passes = _Passes(graph, target, graph.active, [f"v{at}" for at in range(len(graph.nodes))])
    numbers = (passes.values, passes.gradients, chain(*passes.partials), chain(*passes.flows))
    found = ", ".join(_tuple(texts) for texts in numbers)
    return "\n".join(["def run(at, seed):", *passes.leaves(), *passes.lines, f" return {found}"])


def slope(graph: Graph, names: Sequence[str]) -> str:
    """``run(at, seed)``: the output and, for each of these variables, the gradients of its leaves.

    Only what these variables reach is differentiated, and a number is let go of where no later line reads it:
    its memory is still in the cache.
    """
    active = graph.fold(lambda leaf: leaf.name in names, lambda _: False, lambda _, args: any(args))
    passes = _Passes(graph, PYTHON, active, [f"v{at}" for at in range(len(graph.nodes))])
    leaves = _tuple(_tuple(passes.arriving(name)) for name in names)
    lines = ["def run(at, seed):", *passes.leaves(), *passes.lines, f" return {passes.values[-1]}, {leaves}"]
    return "\n".join(_thrifty(lines))


def gradient(graph: Graph) -> str:
    """``run(at, seed)``: the output and its gradient by name, at floats and whole numbers.

    It raises KeyError for lack of a variable, TypeError for what is neither a float nor an int (for that
    ``refused`` is given), and what ``math`` raises.
    """
    passes = _Passes(graph, FLOATS, graph.active, _by_name(graph))
    lines = ["def run(at, seed):", _REAL.format("seed")]
    for name, text in passes.variables():
        lines += [f" {text} = at[{name!r}]", _REAL.format(text)]
    lines += passes.lines
    sums = [(name, passes.total(name, lines)) for name in graph.variables]
    found = ", ".join(f"{name!r}: {total}" for name, total in sums)
    return "\n".join([*lines, f" return {passes.values[-1]}, {{{found}}}"])


def function(graph: Graph) -> str:
    """``run(point)``: the output and its gradient, a tuple, at a sequence of floats and whole numbers.

    What this code refuses it passes on to ``otherwise``.
    """
    passes = _Passes(graph, FLOATS, graph.active, _by_name(graph), seed="1.0")
    texts = [text for _, text in passes.variables()]
    lines = [f" [{', '.join(texts)}] = point", *(_REAL.format(text) for text in texts), *passes.lines]
    sums = [passes.total(name, lines) for name in graph.variables]
    lines.append(f" return {passes.values[-1]}, {_tuple(sums)}")
    head, tail = ["def run(point):", " try:"], [" except refusals: return otherwise(point)"]
    return "\n".join([*head, *(f" {line}" for line in lines), *tail])


def _by_name(graph: Graph) -> list[str]:
    """What stands for each node: all leaves of a variable are its first one, a constant is its number."""
    first: dict[str, str] = {}
    texts: list[str] = []
    for at, node in enumerate(graph.nodes):
        own = f"v{at}"
        if node.op == CONST:
            texts.append(FLOATS.number(node.value))
        else:
            texts.append(first.setdefault(node.name, own) if node.op == VAR else own)
    return texts


def _thrifty(lines: Sequence[str]) -> Iterator[str]:
    """The lines, each of which lets go of what no later one reads."""
    last: dict[str, int] = {}
    for at, line in enumerate(lines):
        last.update(dict.fromkeys(_NUMBERS.findall(line), at))
    for at, line in enumerate(lines):
        done = [name for name in dict.fromkeys(_NUMBERS.findall(line)) if last[name] == at]
        yield f"{line}; del {', '.join(done)}" if done and not line.startswith(" return") else line


def _tuple(parts: Iterable[str]) -> str:
    inside = ",".join(parts)
    return f"({inside},)" if inside else "()"


class _Passes:
    """Lines of both passes, and the texts that stand for their numbers; ``values`` are given.

    Nothing is differentiated but what is ``active``.
    """

    def __init__(
        self, graph: Graph, target: Target, active: Sequence[bool], values: list[str], seed: str = "seed"
    ) -> None:
        self.graph, self._target, self._active, self.values = graph, target, active, values
        self.partials = [["None"] * len(node.args) for node in graph.nodes]
        self.flows = [["None"] * len(node.args) for node in graph.nodes]
        self.gradients = ["None"] * len(graph.nodes)
        self.lines = [*self._forward(), *self._backward(seed)]

    def leaves(self) -> Iterator[str]:
        """The lines that give each leaf its value."""
        for node, text in zip(self.graph.nodes, self.values, strict=True):
            if node.op == VAR:
                yield f" {text} = at[{node.name!r}]"
            elif node.op == CONST:
                yield f" {text} = {self._target.number(node.value)}"

    def variables(self) -> Iterator[tuple[str, str]]:
        """Each variable's name, and what stands for it."""
        texts = zip(self.graph.nodes, self.values, strict=True)
        yield from {node.name: text for node, text in texts if node.op == VAR}.items()

    def arriving(self, name: str) -> list[str]:
        """The gradients of a variable's leaves."""
        leaves = zip(self.graph.nodes, self.gradients, strict=True)
        return [text for node, text in leaves if node.op == VAR and node.name == name]

    def total(self, name: str, lines: list[str]) -> str:
        """What stands for the sum over a variable's leaves; the lines that add it up come to ``lines``."""
        terms = self.arriving(name)
        text = f"t{len(lines)}" if len(terms) > 1 else terms[0]
        lines += _added(text, terms)
        return text

    def _args(self, at: int) -> list[str]:
        return [self.values[arg] for arg in self.graph.nodes[at].args]

    def _forward(self) -> Iterator[str]:
        for at, node in enumerate(self.graph.nodes):
            if node.args:
                value = formulas(node.op, self._target).value(self._args(at))
                yield f" {self.values[at]} = {value}"

    def _backward(self, seed: str) -> Iterator[str]:
        inflows: list[list[str]] = [[] for _ in self.graph.nodes]
        inflows[-1] = [seed]
        for at in range(len(self.graph.nodes) - 1, -1, -1):
            node = self.graph.nodes[at]
            if not self._active[at]:
                continue
            self.gradients[at] = f"g{at}" if len(inflows[at]) > 1 else next(iter(inflows[at]), "0.0")
            yield from _added(f"g{at}", inflows[at])
            if node.args and formulas(node.op, self._target).counts:
                yield f" k{at} = count({', '.join([self.values[at], *self._args(at)])})"
            for arg, child in enumerate(node.args):
                if self._active[child]:
                    yield from self._edge(at, arg, needed=bool(inflows[at]))
                    inflows[child] += [self.flows[at][arg]] if inflows[at] else []

    def _edge(self, at: int, arg: int, needed: bool) -> Iterator[str]:
        """One edge's partial and flow; texts that are a name or a number already need no line.

        What the output does not need has the gradient 0, and nothing flows on from it.
        """
        row = formulas(self.graph.nodes[at].op, self._target)
        partial = row.partial(arg, self._args(at), self.values[at], f"k{at}")
        if "(" in partial:
            yield f" p{at}_{arg} = {partial}"
            partial = f"p{at}_{arg}"
        self.partials[at][arg] = partial
        self.flows[at][arg] = f"w{at}_{arg}"
        if partial == "1.0" or not needed:
            self.flows[at][arg] = self.gradients[at]
        elif partial == "-1.0":
            yield f" w{at}_{arg} = -{self.gradients[at]}"
        elif self.gradients[at] == "1.0":
            self.flows[at][arg] = partial
        else:
            yield f" w{at}_{arg} = {self.gradients[at]} * {partial}"


def _added(name: str, terms: Sequence[str]) -> Iterator[str]:
    """The lines of a sum from left to right; a single term needs none."""
    if len(terms) < 2:
        return
    yield f" {name} = {' + '.join(terms[:_TERMS])}"
    for first in range(_TERMS, len(terms), _TERMS):
        yield f" {name} = {' + '.join([name, *terms[first : first + _TERMS]])}"
