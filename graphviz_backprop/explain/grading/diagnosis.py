"""Which known mistakes give a wrong number, singly or two together.

A mistake at an edge changes the gradient below it, and that the number asked for, by as much as forward mode
says: so each one is tried in a moment. Two together: the upper one is made first. The browser has the same in
``static/explain/grading/diagnosis.js``.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from graphviz_backprop.engine import scalar
from graphviz_backprop.explain.grading.edits import (
    ALONE,
    ONLY,
    PLUS,
    TIMES,
    Edit,
    edits,
    wrong_partials,
    wrong_values,
)
from graphviz_backprop.explain.grading.kinds import KINDS
from graphviz_backprop.explain.grading.numbers import Numbers
from graphviz_backprop.explain.grading.targets import Target, leaves
from graphviz_backprop.language.graph import CONST, Graph, Node
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.ops import OPS

PAIRED = 240
"""So many mistakes, at the most, are tried two at a time."""

LISTED = 8
"""No more explanations than this help anybody."""

BRANCHES = {"where": 1, "max": 0, "min": 0}
"""Operations that take one of two arguments, and which argument is the first of these."""

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
_FACTORS = ("sign", "factor", "exponent", "rule", "argument", "other", "value", "own", "inverted", "branch")


class Mistake(NamedTuple):
    """A mistake: its kind, where (parent's id and argument, or nothing), its name and sentence."""

    kind: str
    edge: tuple[str, int] | None
    title: str
    text: str


@dataclass(frozen=True)
class Diagnosis:
    """One mistake, or two that are made together, and the number that they give."""

    mistakes: tuple[Mistake, ...]
    gives: float

    @property
    def text(self) -> str:
        return " ".join(mistake.text for mistake in self.mistakes)


class Case(NamedTuple):
    """What is asked, and the numbers that it follows from; ``before`` is it at the point before, if known."""

    numbers: Numbers
    target: Target
    before: float | None = None


class _Found(NamedTuple):
    kind: str
    number: float
    names: Mapping[str, str]
    edge: tuple[str, int] | None = None
    everywhere: bool = False


def diagnose(case: Case, explains: Callable[[float], bool]) -> list[Diagnosis]:
    """The mistakes whose number ``explains`` the answer: single ones, else pairs; the likelier ones first.

    Nothing where the right number itself explains it, or is none.
    """
    return single(case, explains) or _double(case, explains)


def single(case: Case, explains: Callable[[float], bool]) -> list[Diagnosis]:
    """The same, of one mistake alone."""
    base = _base(case, explains)
    if base is None:
        return []
    return _listed([found for found in _singles(case, base) if _wanted(found.number, explains)])


def _base(case: Case, explains: Callable[[float], bool]) -> float | None:
    base = case.target.read(case.numbers)
    return None if base is None or not math.isfinite(base) or explains(base) else base


def _wanted(number: float, explains: Callable[[float], bool]) -> bool:
    return math.isfinite(number) and explains(number)


def _double(case: Case, explains: Callable[[float], bool]) -> list[Diagnosis]:
    base = _base(case, explains)
    if base is None:
        return []
    wanted = functools.partial(_wanted, explains=explains)
    pairs = sorted(_pairs(case, base, wanted), key=lambda pair: _RANK[pair[0].kind] + _RANK[pair[1].kind])
    return [
        Diagnosis((_told(_at(case, first)), _told(_at(case, second))), number)
        for first, second, number in pairs[:LISTED]
    ]


def _listed(single: list[_Found]) -> list[Diagnosis]:
    """One of each kind first, then the places where the same mistake gives the same number."""
    told: dict[str, tuple[int, Diagnosis]] = {}
    seen: dict[str, int] = {}
    for found in sorted(single, key=lambda found: (found.everywhere, _RANK[found.kind])):
        mistake = _told(found)
        if mistake.text not in told:
            told[mistake.text] = (seen.setdefault(found.kind, 0), Diagnosis((mistake,), found.number))
            seen[found.kind] += 1
    first = sorted(told.values(), key=lambda one: one[0])
    return [diagnosis for _, diagnosis in first][:LISTED]


def _told(found: _Found) -> Mistake:
    kind = KINDS[found.kind]
    sentence = kind.everywhere if found.everywhere else kind.sentence
    return Mistake(found.kind, found.edge, kind.title, sentence.format_map(found.names))


# One mistake


def _singles(case: Case, base: float) -> Iterator[_Found]:
    if case.target.kind == "value":
        yield from _values(case)
    elif case.target.kind == "partial":
        yield from _partials(case)
    else:
        yield from _at_edges(case, base)
        yield from _everywhere(case)
        yield from _at_nodes(case, base)
        yield from _inside(case, base)
        yield from _taken(case, base)
        yield from _stopped(case)
        yield from _whole(case, base)
    yield from _mixed_up(case, base)


def _values(case: Case) -> Iterator[_Found]:
    at = case.target.at
    for wrong, why in wrong_values(case.numbers, at):
        right = format_number(case.numbers.values[at])
        names = {"child": case.target.name, "right": right, "wrong": format_number(wrong), "why": why}
        yield _Found("operation", wrong, names)


def _partials(case: Case) -> Iterator[_Found]:
    target, numbers = case.target, case.numbers
    child = numbers.graph.nodes[target.at].args[target.arg]
    place = (target.at, target.arg, target.edge, child)
    for kind, wrong, why in wrong_partials(numbers, target.at, target.arg):
        if kind != "one":  # of the partial itself nothing is forgotten
            yield _at(case, Edit(kind, TIMES, *place, wrong, why), wrong)


def _at_edges(case: Case, base: float) -> Iterator[_Found]:
    weights = case.target.weights(case.numbers)
    for edit in edits(case.numbers):
        weight = _weight(case.target, weights, edit)
        if weight:
            number = base + edit.delta(case.numbers.gradients, case.numbers) * weight
            yield _at(case, edit, number)


def _weight(target: Target, weights: Sequence[float], edit: Edit) -> float:
    own = target.kind == "flow" and edit.edge == target.edge and edit.mode != ONLY
    return 1.0 if own else weights[edit.child]


def _at(case: Case, edit: Edit, number: float = math.nan) -> _Found:
    """A mistake at an edge, in the words of its sentence."""
    numbers, nodes = case.numbers, case.numbers.graph.nodes
    node, child = nodes[edit.at], nodes[edit.child]
    others = [nodes[arg] for place, arg in enumerate(node.args) if place != edit.arg]
    names = {
        "parent": node.id,
        "child": child.id,
        "d": _partial_name(numbers.graph, edit.at, edit.arg),
        "p": _number(numbers.partials[edit.edge]),
        "q": _factor(numbers.partials[edit.edge]),
        "g": _number(numbers.gradients[edit.at]),
        "flow": _number(numbers.flows[edit.edge]),
        "sum": _number(numbers.gradients[edit.child]),
        "wrong": _number(edit.wrong),
        "sibling": _called(others[0]) if others else "",
        "rule": OPS[node.op].rule(edit.arg),
        "why": edit.why,
    }
    return _Found(edit.kind, number, names, (node.id, edit.arg))


def _partial_name(graph: Graph, at: int, arg: int) -> str:
    node, child = graph.nodes[at], graph.nodes[graph.nodes[at].args[arg]]
    which = f" by argument {arg + 1}" if node.args.count(node.args[arg]) > 1 else ""
    return f"∂{node.id}/∂{child.id}{which}"


def _number(number: float | None) -> str:
    return format_number(number or 0.0)


def _factor(number: float | None) -> str:
    """A number behind a sign of multiplication."""
    text = _number(number)
    return f"({text})" if text.startswith("-") else text


def _called(node: Node) -> str:
    """A node by its id; a constant by its number."""
    return _number(node.value) if node.op == CONST else node.id


def _everywhere(case: Case) -> Iterator[_Found]:
    """The same mistake at every edge: not one step of the chain rule is right."""
    for mode, kind in ((ALONE, "upstream"), (PLUS, "added"), (ONLY, "overwritten")):
        changed = _pass(case.numbers, mode)
        number = case.target.read(changed)
        if number is not None:
            yield _Found(kind, number, {}, everywhere=True)


def _pass(numbers: Numbers, mode: str) -> Numbers:
    """The backward pass with one mistake at every edge that it goes through."""
    graph = numbers.graph
    gradients: list[float | None] = [0.0 if active else None for active in graph.active]
    gradients[-1] = numbers.gradients[-1]
    flows: list[float | None] = [None] * len(numbers.flows)
    for at in range(len(graph.nodes) - 1, -1, -1):
        for arg, child in enumerate(graph.nodes[at].args):
            edge, gradient = graph.first_edges[at] + arg, gradients[at]
            partial = numbers.partials[edge]
            if partial is None or gradient is None:
                continue
            flow = Edit("", mode, at, arg, edge, child).flow(gradient, partial)
            flows[edge] = flow
            gradients[child] = flow if mode == ONLY else (gradients[child] or 0.0) + flow
    return replace(numbers, gradients=gradients, flows=flows)


def _at_nodes(case: Case, base: float) -> Iterator[_Found]:
    """Rules for two arguments that were not kept: products, quotients and sums as a whole."""
    numbers, graph = case.numbers, case.numbers.graph
    weights = case.target.weights(numbers)
    for at, node in enumerate(graph.nodes):
        gradient = numbers.gradients[at]
        if len(node.args) != 2 or gradient is None or not weights[at]:
            continue
        x, y = (graph.nodes[arg] for arg in node.args)
        first = graph.first_edges[at]
        parts = [
            (numbers.partials[first + arg] or 0.0) * weights[child] for arg, child in enumerate(node.args)
        ]
        names = {"parent": node.id, "child": _called(x), "sibling": _called(y)}
        rest = base - gradient * weights[at]
        left, right = (weights[arg] for arg in node.args)
        if node.op == "mul" and left and right:
            yield _Found("product", rest + gradient * left * right, names)
        if node.op == "div" and left and right:
            yield _Found("quotient", rest + gradient * left / right, names)
            yield _Found("turned", base - 2 * gradient * (parts[0] + parts[1]), names)
            yield _Found("unsquared", rest + gradient * weights[at] * numbers.values[node.args[1]], names)
        for arg, sign in ((0, 1.0), (1, -1.0 if node.op == "sub" else 1.0)):
            constant = graph.nodes[node.args[arg]]
            if node.op in ("add", "sub") and constant.op == CONST:
                kept = {"constant": _called(constant)}
                yield _Found("kept", base + sign * gradient * constant.value, kept)


def _inside(case: Case, base: float) -> Iterator[_Found]:
    """The derivative of what stands inside is put into the function: f'(g') or f(g')."""
    numbers, graph = case.numbers, case.numbers.graph
    weights = case.target.weights(numbers)
    for at, node in enumerate(graph.nodes):
        active = [arg for arg, child in enumerate(node.args) if graph.active[child]]
        gradient = numbers.gradients[at]
        if len(active) != 1 or gradient is None:
            continue
        arg, child = active[0], node.args[active[0]]
        partial, slope = numbers.partials[graph.first_edges[at] + arg], weights[child]
        if partial is None or not slope or child in case.target.ends or not graph.nodes[child].args:
            continue
        args = [slope if one == child else numbers.values[one] for one in node.args]
        f = scalar.value(node.op, args)
        wrong = scalar.partial(node.op, args, f, arg)
        if wrong == partial:
            continue  # a straight line: the same wherever it is taken
        names = {
            "parent": node.id,
            "child": graph.nodes[child].id,
            "d": _partial_name(graph, at, arg),
            "p": _number(partial),
            "value": _number(numbers.values[child]),
            "slope": _number(slope),
            "factor": _factor(slope),
        }
        rest = base - gradient * weights[at]
        yield _Found("inside", rest + gradient * wrong, names)
        yield _Found("replaced", rest + gradient * f, names)


def _taken(case: Case, base: float) -> Iterator[_Found]:
    """The branch that is not taken, where both lead down to what is asked for."""
    numbers, graph = case.numbers, case.numbers.graph
    weights = case.target.weights(numbers)
    for at, node in enumerate(graph.nodes):
        gradient = numbers.gradients[at]
        if node.op not in BRANCHES or len(node.args) - BRANCHES[node.op] != 2 or gradient is None:
            continue
        pair = range(BRANCHES[node.op], len(node.args))
        shares = [numbers.partials[graph.first_edges[at] + arg] for arg in pair]
        if sorted(share or 0.0 for share in shares) != [0.0, 1.0]:
            continue
        taken, other = (node.args[pair[shares.index(share)]] for share in (1.0, 0.0))
        if weights[taken] and weights[other]:
            names = {
                "parent": node.id,
                "child": _called(graph.nodes[taken]),
                "sibling": _called(graph.nodes[other]),
            }
            yield _Found("taken", base + gradient * (weights[other] - weights[taken]), names)


def _stopped(case: Case) -> Iterator[_Found]:
    """The gradient of a node above, but not of one right above: there a single derivative is forgotten."""
    numbers, graph, target = case.numbers, case.numbers.graph, case.target
    if target.kind == "flow":
        return
    weights = target.weights(numbers)
    near = (at for at, node in enumerate(graph.nodes) if set(node.args) & set(target.ends))
    told = {None, *(numbers.gradients[at] for at in near)}
    for at, node in enumerate(graph.nodes[:-1]):
        number = numbers.gradients[at]
        if number is None or number in told or not weights[at] or at in target.ends:
            continue
        told.add(number)
        yield _Found("stopped", number, {"shown": _number(number), "child": node.id, "name": target.name})


def _whole(case: Case, base: float) -> Iterator[_Found]:
    """Mistakes that concern the number as a whole."""
    numbers, target = case.numbers, case.target
    seed = numbers.gradients[-1]
    if seed not in (None, 0.0, 1.0):
        names = {"parent": numbers.graph.output.id, "g": _number(seed)}
        yield _Found("seed", base / (seed or 1.0), names)
    if len(target.ends) > 1:
        total = {"name": target.name, "sum": _number(base)}
        for end in target.ends:
            yield _Found(
                "leaf", numbers.gradients[end] or 0.0, {**total, "child": numbers.graph.nodes[end].id}
            )
    yield _Found("twice", 2 * base, {"shown": _number(2 * base)})
    if case.before is not None:
        both = {"now": _number(base), "before": _number(case.before)}
        yield _Found("accumulated", base + case.before, {**both, "shown": _number(base + case.before)})


def _mixed_up(case: Case, base: float) -> Iterator[_Found]:
    """Another number of this graph."""
    numbers, target = case.numbers, case.target
    graph = numbers.graph
    if case.before is not None:
        yield _Found("stale", case.before, {"shown": _number(case.before)})
    if target.kind in ("gradient", "total"):
        value = numbers.values[target.ends[0]]
        child = target.name
        yield _Found("result", value, {"shown": _number(value), "child": child})
        last = len(graph.nodes) - 1
        if last not in target.ends:
            output = {"shown": _number(numbers.values[last]), "parent": graph.output.id}
            yield _Found("output", numbers.values[last], output)
    if target.kind == "total":
        for name in graph.variables:
            if name == target.name:
                continue
            total = sum(numbers.gradients[at] or 0.0 for at in leaves(graph, name))
            yield _Found("swapped", total, {"shown": _number(total), "other": name, "name": target.name})


# Two mistakes


def _pairs(case: Case, base: float, wanted: Callable[[float], bool]) -> Iterator[tuple[Edit, Edit, float]]:
    """Two mistakes at edges: the upper one, what it does to the gradients below, and there another."""
    if case.target.kind in ("value", "partial"):
        return
    numbers, target = case.numbers, case.target
    weights = target.weights(numbers)
    tried = [edit for edit in edits(numbers) if _weight(target, weights, edit)][:PAIRED]
    upwards = sorted(tried, key=lambda edit: edit.child)
    for first in reversed(upwards):
        gradients = _after(numbers, first)
        reached = base + first.delta(numbers.gradients, numbers) * _weight(target, weights, first)
        for second in upwards:
            if second.child > first.child:
                break
            if second.edge == first.edge:
                both = _merged(first, second)
                if both is None:
                    continue
                number = base + both.delta(numbers.gradients, numbers) * _weight(target, weights, both)
            elif second.child < first.child or _beside(first, second):
                number = reached + second.delta(gradients, numbers) * _weight(target, weights, second)
            else:
                continue
            if wanted(number):
                yield first, second, number


def _after(numbers: Numbers, first: Edit) -> list[float | None]:
    """The gradients once a mistake was made."""
    graph = numbers.graph
    moved = [0.0] * len(graph.nodes)
    moved[first.child] = first.delta(numbers.gradients, numbers)
    for at in range(first.child, -1, -1):
        if moved[at]:
            for arg, child in enumerate(graph.nodes[at].args):
                moved[child] += moved[at] * (numbers.partials[graph.first_edges[at] + arg] or 0.0)
    return [
        None if gradient is None else gradient + more
        for gradient, more in zip(numbers.gradients, moved, strict=True)
    ]


def _beside(first: Edit, second: Edit) -> bool:
    """Whether both can be made where they meet, each order once."""
    return ONLY not in (first.mode, second.mode) and second.edge < first.edge


def _merged(first: Edit, second: Edit) -> Edit | None:
    """A wrong partial, and at the same edge a wrong sign, or a gradient that is not multiplied."""
    if first.kind not in _FACTORS or second.mode == ONLY or second.kind == first.kind:
        return None
    if second.mode in (ALONE, PLUS):
        return replace(second, instead=first.wrong)
    return replace(first, wrong=-first.wrong) if second.kind == "sign" else None
