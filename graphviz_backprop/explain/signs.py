"""Whether the numbers that an equation shows give the result that it shows: "=", or else "≈".

Four digits are shown of each number; ``1 - 1^2 = 1.7e-17`` would be false as it stands.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Iterator, Mapping

from graphviz_backprop.engine import scalar
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.paths import places
from graphviz_backprop.language.folding import Fold
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.ops import OPS

EQUAL, ABOUT = "=", "≈"


def signs(run: Run[float]) -> dict[str, str]:
    """By the field of the sign: ``c.equals`` of a node's value, ``c.0.equals`` of an edge's partial,
    ``c.0.gives`` of its flow, ``c.adds`` of a node's gradient, ``x.sums`` of a variable's. A program with
    tensors has none."""
    return dict(_signs(run)) if run.graph.of_numbers else {}


def folded_signs(run: Run[float], fold: Fold, numbers: Mapping[str, float | None]) -> dict[str, str]:
    """Those of the edges into closed groups, ``c~0.1.gives``, and of sums that these are in, ``x~.adds``.

    ``numbers`` are those of the run and of the fold.
    """
    found: dict[str, str] = {}
    fold = fold.whole
    if not fold.closed:
        return found
    flows: list[list[float]] = [[] for _ in run.graph.nodes]
    for number in range(len(fold.boxes) - 1, -1, -1):
        box = fold.boxes[number]
        gradient = run.gradients[box.at]
        for entry in box.inputs:
            key = fold.key(number, entry.arg)
            partial, flow = numbers[f"{key}.partial"], numbers[f"{key}.flow"]
            if gradient is None or partial is None or flow is None:
                continue
            flows[entry.child].append(flow)
            if box.group:
                found[f"{key}.gives"] = sign(shown(gradient) * shown(partial), flow)
    for at, terms in enumerate(flows):
        if len(terms) > 1:
            found[f"{run.graph.nodes[at].id}~.adds"] = sign(_added(terms), run.gradients[at] or 0.0)
    return found


def _signs(run: Run[float]) -> Iterator[tuple[str, str]]:
    inflows: list[list[float]] = [[] for _ in run.graph.nodes]
    for at in range(len(run.graph.nodes) - 1, -1, -1):
        node, gradient = run.graph.nodes[at], run.gradients[at]
        yield f"{node.id}.equals", sign(value(run, at), run.values[at])
        if gradient is None:
            continue
        yield f"{node.id}.adds", sign(_added(inflows[at]), gradient)
        for arg, child in enumerate(node.args):
            partial, flow = run.partials[at][arg], run.flows[at][arg]
            if partial is None or flow is None:
                continue
            inflows[child].append(flow)
            yield f"{node.id}.{arg}.equals", sign(_partial(run, at, arg), partial)
            yield f"{node.id}.{arg}.gives", sign(shown(gradient) * shown(partial), flow)
    for name, total in run.gradient.items():
        leaves = places(run.graph, name)
        yield f"{name}.sums", sign(_added(run.gradients[at] or 0.0 for at in leaves), total)


def sign(found: float | None, wanted: float) -> str:
    """Between what the numbers give and what is shown; None: no numbers are shown."""
    return EQUAL if found is None or format_number(found) == format_number(wanted) else ABOUT


def shown(x: float) -> float:
    """The number that a reader sees."""
    return float(format_number(x))


def value(run: Run[float], at: int) -> float | None:
    """The value of a node by the numbers that are shown of its arguments."""
    node = run.graph.nodes[at]
    return scalar.value(node.op, [shown(run.values[arg]) for arg in node.args]) if node.args else None


def _partial(run: Run[float], at: int, arg: int) -> float | None:
    """The local partial by the rule as it is shown."""
    node = run.graph.nodes[at]
    op = OPS[node.op]
    if not has_numbers(op.partial(arg)):
        return None
    args = op.bind([shown(run.values[child]) for child in node.args], arg)
    names = {**args, "f": shown(run.values[at]), "n": float(len(node.args))}
    return scalar.formula(op.partial(arg), names)


@functools.cache
def has_numbers(partial: str) -> bool:
    """Whether a rule is written out with numbers: not where it is a name, or counts ties."""
    names = scalar.names(partial)
    return bool(names) and "k" not in names and partial not in names


def _added(terms: Iterable[float]) -> float | None:
    numbers = [shown(term) for term in terms]
    return functools.reduce(operator.add, numbers) if len(numbers) > 1 else None
