"""Backward passes with a mistake in them, written down one by one: what diagnoses are held to.

Nothing here is of :mod:`graphviz_backprop.explain.grading`: a mistake is a backward pass gone wrong.
"""

import math
import random
from collections.abc import Callable, Iterator

from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.graph import VAR
from graphviz_backprop.language.parser import parse

Flow = Callable[[float, float], float]
"""What flows through an edge, of the parent's gradient and the local partial."""


def gradient(
    run: Run[float], name: str, edge: tuple[int, int] | None, flow: Flow, only: bool = False
) -> float:
    """The gradient by a variable where this flows through one edge (parent, argument), not the product.

    ``only``: it is the only flow that counts at its child.
    """
    graph = run.graph
    found = [0.0] * len(graph.nodes)
    found[-1] = run.seed
    kept: dict[int, float] = {}
    for at in range(len(graph.nodes) - 1, -1, -1):
        found[at] = kept.get(at, found[at])
        for arg, child in enumerate(graph.nodes[at].args):
            partial = run.partials[at][arg]
            if partial is None:
                continue
            flows = found[at] * partial
            if (at, arg) == edge:
                flows = flow(found[at], partial)
                if only:
                    kept[child] = flows
            found[child] += flows
    return sum(found[at] for at, node in enumerate(graph.nodes) if node.op == VAR and node.name == name)


def right(run: Run[float], name: str) -> float:
    return gradient(run, name, None, lambda g, p: g * p)


def mistakes(run: Run[float], at: int, arg: int) -> Iterator[tuple[set[str], Flow, bool]]:
    """Eight that can be made at an edge: the names that a diagnosis may have for it, and what flows."""
    node = run.graph.nodes[at]
    xs, f = [run.values[child] for child in node.args], run.values[at]
    yield {"missed", "term"}, lambda g, p: 0.0, False
    yield {"upstream"}, lambda g, p: p, False
    yield {"one"}, lambda g, p: g, False
    yield {"sign"}, lambda g, p: -g * p, False
    yield {"added"}, lambda g, p: g + p, False
    yield {"value"}, lambda g, p: g * f, False
    other = other_partial(node.op, xs, f, arg)
    if other is not None:
        yield {"other"}, lambda g, p: g * other, False
    if run.graph.uses[node.args[arg]] > 1:
        yield {"overwritten"}, lambda g, p: g * p, True


def other_partial(op: str, xs: list[float], f: float, arg: int) -> float | None:
    """By the other argument, of the operations that people mix up."""
    if op == "mul":
        return xs[arg]
    if op in ("add", "sub"):
        return 1.0 if op == "add" or arg == 1 else -1.0
    if op == "div" and xs[1]:
        return (-xs[0] / xs[1] ** 2, 1 / xs[1])[arg]
    return None


Case = tuple[Run[float], str, dict[str, tuple[set[str], float]]]
"""A run, one of its variables, and by the mistake's name all its names and the gradient that it gives."""


def cases(count: int, seed: int = 13) -> Iterator[Case]:
    """So many programs of ordinary numbers, and each mistake at an edge where it changes the gradient."""
    dice = random.Random(seed)
    while count:
        graph = parse(program(dice), dice.choice(["tree", "graph"]))
        at = {name: dice.choice([-2.0, -1.0, -0.5, 0.5, 1.0, 2.0, 3.0]) for name in graph.variables}
        run = autodiff.compile(graph)(at)
        if not at or max(abs(x or 0) for flows in run.flows for x in flows) > 1e6:
            continue
        count -= 1
        name = dice.choice(graph.variables)
        edges = [
            (parent, arg)
            for parent, partials in enumerate(run.partials)
            for arg, partial in enumerate(partials)
            if partial is not None
        ]
        made: dict[str, tuple[set[str], float]] = {}
        for edge in dice.sample(edges, len(edges)):
            for kinds, flow, only in mistakes(run, *edge):
                wrong, known = gradient(run, name, edge, flow, only), right(run, name)
                if math.isfinite(wrong) and abs(wrong - known) > 1e-6 * max(1, abs(known)):
                    made.setdefault(min(kinds), (kinds, wrong))
        yield run, name, made


def program(dice: random.Random, size: int = 6) -> str:
    """A program of ordinary numbers: nothing in it is undefined anywhere."""
    names = dice.choice([["x"], ["x", "y"], ["x", "y", "w"]])
    statement = f"u = {_expression(dice, names, size // 2)}; "
    return statement + _expression(dice, [*names, "u", "u"], size)


def _expression(dice: random.Random, names: list[str], size: int) -> str:
    if size <= 0:
        return dice.choice([*names, *names, str(dice.randint(2, 9))])
    kind = dice.randrange(7)
    if kind == 0:
        name = dice.choice("sin cos tanh sigmoid exp softplus atan relu".split())
        return f"{name}({_expression(dice, names, size - 1)})"
    if kind == 1:
        return f"({_expression(dice, names, size - 1)})^{dice.choice('23')}"
    left = dice.randrange(size)
    sides = (_expression(dice, names, part) for part in (left, size - 1 - left))
    return (
        f"({dice.choice(['{} + {}', '{} * {}', '{} - {}', '{} * {}', '{} / (1 + ({})^2)']).format(*sides)})"
    )
