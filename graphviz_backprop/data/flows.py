"""What flows back by mistake through an operation on whole tensors: each with its kind and its sentence."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graphviz_backprop.engine.columns import quiet
from graphviz_backprop.language.graph import CONST, Graph, Node

Array = npt.NDArray[np.float64]


class Slip(NamedTuple):
    """A mistake at an edge: its kind, its sentence, and what flows then."""

    kind: str
    text: str
    flow: Array


class Edge(NamedTuple):
    """An argument of an operation: ``args`` are the values of all, ``gradient`` is the operation's."""

    graph: Graph
    node: Node
    arg: int
    args: Sequence[Array]
    value: Array
    gradient: Array
    flow: Array

    @property
    def child(self) -> str:
        return self.graph.nodes[self.node.args[self.arg]].id

    @property
    def other(self) -> str:
        """The second argument, or the first one where this is the second."""
        return self.graph.nodes[self.node.args[1 - self.arg]].id

    @property
    def said(self) -> str:
        """What flows along it, in words: the whole gradient where nothing else flows in."""
        child = self.node.args[self.arg]
        only = sum(node.args.count(child) for node in self.graph.nodes) == 1
        return f"The gradient of {self.child}" if only else f"What flows from {self.node.id} to {self.child}"


def mistaken(edge: Edge) -> Iterator[Slip]:
    """The mistakes that are known at an edge."""
    op = edge.node.op
    pair = op == "einsum" and len(edge.args) == 2
    if edge.gradient.ndim and edge.gradient.shape == edge.flow.shape and op != "transpose":
        what = edge.other if pair else f"∂{edge.node.id}/∂{edge.child}"
        text = f"{what} is left out: the gradient of {edge.node.id} is passed on as it is."
        yield Slip("one", text, edge.gradient)
    if pair:
        yield from _factors(edge)
        yield from _products(edge)
    elif op in ("sum_over", "mean_over", "broadcast"):
        yield from _copies(edge)
    elif op in ("max_over", "min_over"):
        yield from _picked(edge)
    elif op == "softmax":
        yield from _softmax(edge)
    elif op == "cross_entropy" and edge.arg == 0:
        yield from _cross_entropy(edge)
    elif op == "gather" and edge.arg == 0 and dict(edge.node.settings).get("axis") == 0:
        indices = [np.asarray(index) for index in edge.args[1:]]
        sizes = edge.flow.shape
        if not all(((ix >= 0) & (ix < size)).all() for ix, size in zip(indices, sizes, strict=False)):
            return  # what is not there takes nothing back
        last = np.zeros_like(edge.flow)
        last[tuple(index.astype(int) for index in indices)] = edge.gradient
        text = f"What of {edge.child} is taken several times gets several flows: they are added (+=)."
        yield Slip("overwritten", text, last)


def _copies(edge: Edge) -> Iterator[Slip]:
    """Sums, means and copies, each with the number of its terms in the wrong place."""
    flow, gradient = edge.flow, edge.gradient
    n = max(flow.size, gradient.size) // max(1, min(flow.size, gradient.size))
    if n == 1:
        return
    if edge.node.op == "broadcast":
        text = f"{edge.child} is copied {n} times: what flows back is summed, not averaged."
        yield Slip("averaged", text, flow / n)
    elif edge.node.op == "sum_over":
        text = f"{edge.node.id} is a sum: its gradient goes to each term as it is, not divided by {n}."
        yield Slip("averaged", text, flow / n)
    else:
        text = f"{edge.node.id} is a mean of {n}: the gradient of each term is divided by {n}."
        yield Slip("averaged", text, flow * n)


def _picked(edge: Edge) -> Iterator[Slip]:
    """The largest or smallest cell, of all or along an axis."""
    which = "largest" if edge.node.op == "max_over" else "smallest"
    gradient = edge.gradient
    settings = dict(edge.node.settings)
    if settings.get("axis") is not None and not settings.get("keepdim"):
        gradient = np.expand_dims(gradient, settings["axis"])
    everywhere = np.broadcast_to(gradient, edge.flow.shape)
    text = f"The gradient of {edge.node.id} goes to the {which} cell alone; the others get 0."
    yield Slip("branch", text, np.array(everywhere))


def _softmax(edge: Edge) -> Iterator[Slip]:
    """y (g - Σ y g), with something left out or taken along another axis."""
    y, g, name = edge.value, edge.gradient, edge.node.id
    axis = dict(edge.node.settings).get("axis")
    rule = f"{edge.said} is {name} * (d{name} - sum({name} * d{name})) along axis {axis}"
    yield Slip("term", f"{rule}: the sum is left out.", y * g)
    text = f"{rule}: {name} * (1 - {name}) is its diagonal alone, and every output depends on every input."
    yield Slip("term", text, y * (1 - y) * g)
    yield Slip(
        "factor", f"{rule}: the factor {name} in front is missing.", g - np.sum(y * g, axis, keepdims=True)
    )
    text = f"{rule}: the sum is that of {name} * d{name}, not of d{name}."
    yield Slip("factor", text, y * (g - np.sum(g, axis, keepdims=True)))
    for other in range(y.ndim):
        if isinstance(axis, int) and other != axis % y.ndim:
            text = f"{rule}, not along axis {other}."
            yield Slip("rule", text, y * (g - np.sum(y * g, other, keepdims=True)))


def _cross_entropy(edge: Edge) -> Iterator[Slip]:
    """(p - y) / n, with p = softmax(z), y = 1 at the right class and n samples."""
    z, flow, name = edge.args[0], edge.flow, edge.child
    samples = z.size // z.shape[-1]
    with quiet():
        p = np.exp(z - np.max(z, -1, keepdims=True))
        p /= np.sum(p, -1, keepdims=True)
        scaled = p * (edge.gradient / samples)
        y = scaled - flow
        rule = f"∂{edge.node.id}/∂{name} is softmax({name}) - y"
        rule += f", divided by the {samples} samples" if samples > 1 else ""
        rule += ", and y is 1 at the right class" if edge.args[1].shape != z.shape else ""
        yield Slip("term", f"{rule}: y is not taken off.", scaled)
        yield Slip("term", f"{rule}: only y is there.", -y)
        yield Slip("rule", f"{rule}: -y / softmax({name}) is the gradient by the softmax.", -y / p)
        if samples > 1:
            text = (
                f"{edge.node.id} is a mean of {samples}: the gradient of each sample is divided by {samples}."
            )
            yield Slip("averaged", text, flow * samples)


def _factors(edge: Edge) -> Iterator[Slip]:
    """The other factor left out, or the value of this one in its place."""
    factor, own = edge.args[1 - edge.arg], edge.args[edge.arg]
    if factor.ndim < 2 and edge.gradient.ndim < 2:
        bare = _back(edge, np.ones_like(factor), edge.gradient)
        if bare is not None:
            text = f"{edge.other} is left out: the gradient of {edge.node.id} is passed on as it is."
            yield Slip("one", text, bare)
    mixed = _back(edge, own, edge.gradient) if own.shape == factor.shape else None
    if mixed is not None:
        yield Slip("own", f"The value of {edge.child} stands in place of {edge.other}.", mixed)


def _products(edge: Edge) -> Iterator[Slip]:
    """Products of matrices and vectors in another order, with another one transposed, or cell by cell."""
    factor, gradient, flow = edge.args[1 - edge.arg], edge.gradient, edge.flow
    if factor.ndim != 2 or gradient.ndim not in (1, 2):
        return
    # Which product is the rule shows at numbers where no two are equal by chance, as with symmetric ones.
    dice = np.random.default_rng(7)
    others = dice.random(factor.shape), dice.random(gradient.shape)
    usual = _back(edge, *others)
    if usual is None:
        return
    trial = _written(edge, *others)
    rules = [text for text, made in trial.items() if made.shape == usual.shape and np.allclose(made, usual)]
    if not rules:
        return
    for text, made in _written(edge, factor, gradient).items():
        if text not in rules and (gradient.ndim == 2 or made.shape == flow.shape):
            kind = "rule" if " * " in text else "transposed"
            yield Slip(kind, f"{edge.said} is {rules[0]}, not {text}.", made)


def _back(edge: Edge, factor: Array, gradient: Array) -> Array | None:
    """The rule of a contraction: the letters say it."""
    letters = dict(edge.node.settings).get("letters")
    if not isinstance(letters, str):
        return None
    inside, _, out = letters.partition("->")
    sides = inside.split(",")
    wanted, other = sides[edge.arg], sides[1 - edge.arg]
    if not set(wanted) <= set(out + other) or "." in letters:
        return None
    back: Array = np.einsum(f"{out},{other}->{wanted}", gradient, factor)
    return back


def _written(edge: Edge, factor: Array, gradient: Array) -> dict[str, Array]:
    """Products of both, as one writes them."""
    a, b = edge.other, f"d{edge.node.id}"
    if gradient.ndim == 1:
        texts = {f"{a}.T @ {b}": factor.T, f"{a} @ {b}": factor}
        return {text: one @ gradient for text, one in texts.items() if one.shape[1] == len(gradient)}
    made: dict[str, Array] = {}
    for (x, one), (y, two) in itertools.product(
        ((a, factor), (f"{a}.T", factor.T)), ((b, gradient), (f"{b}.T", gradient.T))
    ):
        for text, left, right in ((f"{x} @ {y}", one, two), (f"{y} @ {x}", two, one)):
            if left.shape[1] == right.shape[0]:
                made[text] = left @ right
        if two is gradient and one.shape == two.shape:
            made[f"{y} * {x}"] = two * one
    return made


def terms(graph: Graph) -> tuple[set[int], set[int], set[int]]:
    """Numbers of terms that are added up in the two passes, those of means, and what is divided by."""
    sums: set[int] = set()
    means: set[int] = set()
    divisors: set[int] = set()
    for node in graph.nodes:
        sizes = [int(np.prod(graph.nodes[arg].shape)) for arg in node.args]
        if node.op == "mean_over":
            means.add(sizes[0] // max(1, int(np.prod(node.shape))))
        elif node.op == "mean":
            means.add(len(node.args))
        elif node.op == "cross_entropy":
            means.add(int(np.prod(graph.nodes[node.args[0]].shape[:-1])))
        elif node.op in ("div", "mul"):
            divisors |= set(_divisors(graph, node))
        sums.update(n for arg in node.args for n in graph.nodes[arg].shape)
        sums.update(size // max(1, int(np.prod(node.shape))) for size in sizes)
    return {n for n in sums if n > 1}, {n for n in means if n > 1}, divisors


def _divisors(graph: Graph, node: Node) -> Iterator[int]:
    """The whole numbers that a product or quotient divides by."""
    for at, arg in enumerate(node.args):
        constant = graph.nodes[arg]
        if constant.op != CONST or constant.shape or not constant.value:
            continue
        n = 1 / constant.value if node.op == "mul" else constant.value if at else 0.0
        if n > 1 and abs(n - round(n)) < 1e-9:
            yield round(n)
