"""Mistakes at one edge of the backward pass, or where flows meet: what flows then, and why that is wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphviz_backprop.engine import scalar
from graphviz_backprop.explain.grading.kinds import PARTIALS, TERMS, VALUES, Slip
from graphviz_backprop.explain.grading.numbers import Numbers
from graphviz_backprop.language.graph import CONST
from graphviz_backprop.language.ops import OPS

TIMES, ALONE, PLUS, ONLY = "times", "alone", "plus", "only"


@dataclass(frozen=True)
class Edit:
    """A mistake at the edge ``edge``, argument ``arg`` of the node at ``at``, into ``child``.

    ``mode`` says what flows: the gradient times the wrong partial, the partial alone, both added; or that
    this flow is the only one that counts at the child.
    """

    kind: str
    mode: str
    at: int
    arg: int
    edge: int
    child: int
    wrong: float = 0.0
    why: str = ""
    instead: float | None = None  # of the partial, in the other modes

    def flow(self, gradient: float, partial: float) -> float:
        """What flows through the edge."""
        partial = partial if self.instead is None else self.instead
        if self.mode == TIMES:
            return gradient * self.wrong
        if self.mode == ALONE:
            return partial
        return gradient + partial if self.mode == PLUS else gradient * partial

    def delta(self, gradients: Sequence[float | None], numbers: Numbers) -> float:
        """By how much it changes the child's gradient, where these are the gradients from above."""
        gradient, partial = gradients[self.at] or 0.0, numbers.partials[self.edge] or 0.0
        before = (gradients[self.child] or 0.0) if self.mode == ONLY else gradient * partial
        return self.flow(gradient, partial) - before


def edits(numbers: Numbers) -> list[Edit]:
    """Every mistake that can be made at an edge or at a node where flows meet, from the inputs up."""
    found: list[Edit] = []
    for at, node in enumerate(numbers.graph.nodes):
        for arg in range(len(node.args)):
            found += _edge(numbers, at, arg)
    return [*found, *_only(numbers)]


def _edge(numbers: Numbers, at: int, arg: int) -> Iterator[Edit]:
    graph = numbers.graph
    edge = graph.first_edges[at] + arg
    partial, child = numbers.partials[edge], graph.nodes[at].args[arg]
    if partial is None or numbers.gradients[at] is None:
        return
    place = (at, arg, edge, child)
    yield Edit("term" if _is_term(numbers, at) else "missed", TIMES, *place)
    yield Edit("upstream", ALONE, *place)
    for kind, wrong, why in wrong_partials(numbers, at, arg):
        if wrong != partial:
            yield Edit(kind, TIMES, *place, wrong, why)
    yield Edit("added", PLUS, *place)


def _is_term(numbers: Numbers, at: int) -> bool:
    """Whether it is a product or quotient whose arguments both have gradients."""
    node = numbers.graph.nodes[at]
    return node.op in TERMS and all(numbers.graph.active[child] for child in node.args)


def wrong_partials(numbers: Numbers, at: int, arg: int) -> Iterator[tuple[str, float, str]]:
    """What is taken for the partial of an edge by mistake: kind, number (a finite one) and reason."""
    node = numbers.graph.nodes[at]
    args, f = [numbers.values[child] for child in node.args], numbers.values[at]
    partial = numbers.partials[numbers.graph.first_edges[at] + arg]
    if partial is None or not math.isfinite(partial):
        return
    known: list[tuple[str, float, str]] = [("sign", -partial, "")]
    slot = OPS[node.op].slot(arg)
    for slip in PARTIALS.get(node.op, {}).get(slot, ()):
        names = OPS[node.op].bind(args, arg)
        known.append((slip.kind, slipped(slip, names, f, len(args)), slip.why))
    if len(node.args) == 2:
        other = scalar.partial(node.op, args, f, 1 - arg)
        known.append(("other", other, ""))
        if numbers.graph.nodes[node.args[1 - arg]].op == CONST:
            known.append(("constant", partial + other, ""))
    known += [("one", 1.0, ""), ("value", f, "")]
    if args[arg] not in [wrong for _, wrong, _ in known]:
        known.append(("own", args[arg], ""))
    if partial:
        known.append(("inverted", 1 / partial, ""))
    yield from (one for one in known if math.isfinite(one[1]))


def slipped(slip: Slip, names: Mapping[str, float], f: float, count: int) -> float:
    """What a wrong formula gives."""
    return scalar.formula(slip.formula, {**names, "f": f, "n": float(count)})


def wrong_values(numbers: Numbers, at: int) -> Iterator[tuple[float, str]]:
    """What is taken for the value of a node by mistake, and what that is."""
    node = numbers.graph.nodes[at]
    args, f = [numbers.values[child] for child in node.args], numbers.values[at]
    slips = VALUES.get(node.op, ())
    if not slips or (OPS[node.op].variadic and len(args) != 2):
        return
    names = dict(zip("xy", args, strict=True)) if OPS[node.op].variadic else OPS[node.op].bind(args)
    for slip in slips:
        wrong = slipped(slip, names, f, len(args))
        if math.isfinite(wrong) and wrong != f:
            yield wrong, slip.why


def _only(numbers: Numbers) -> Iterator[Edit]:
    """Where several flows meet: only one counts. The last one of the pass comes first, as = has it."""
    graph = numbers.graph
    inflows: list[list[Edit]] = [[] for _ in graph.nodes]
    for at, node in enumerate(graph.nodes):
        for arg in reversed(range(len(node.args))):
            edge, child = graph.first_edges[at] + arg, node.args[arg]
            if numbers.flows[edge] is not None:
                inflows[child].append(Edit("overwritten", ONLY, at, arg, edge, child))
    for meeting in inflows:
        if len(meeting) > 1:
            yield from meeting
