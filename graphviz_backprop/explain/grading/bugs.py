"""Bug hunts: a backward pass that is broken on purpose. Which gradients are wrong, and what is the bug?"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from graphviz_backprop.explain.grading.exercises import Exercise, exercise
from graphviz_backprop.explain.grading.targets import leaves
from graphviz_backprop.language.graph import Graph, Node
from graphviz_backprop.language.ops import OPS

BUGS: Mapping[str, str] = {
    "assigned": "Where several flows meet, = stands in place of +=: the last one is kept.",
    "order": "Each node passes its gradient on as soon as the first flow has arrived, not after the last.",
    "zeroed": "Gradients are not set to 0 before the pass: it was run once before, at the same point.",
    "upstream": "At every {op} the local partial is not multiplied by the gradient of the node.",
    "sign": "The local partial of {op} by its argument number {arg} has the other sign.",
    "other": "The local partials of {op} are the other way round: each argument has that of the other one.",
}
"""What can be broken, by name."""

UNHUNTED = ("matrix",)
"""Levels without bug hunts."""


@dataclass(frozen=True)
class Bug:
    """One of :data:`BUGS`, and the operation and argument that it is about."""

    kind: str
    op: str = ""
    arg: int = 0

    @property
    def text(self) -> str:
        op = OPS[self.op].symbol or self.op if self.op else ""
        return BUGS[self.kind].format(op=op, arg=self.arg + 1)


@dataclass(frozen=True)
class BugHunt:
    """An exercise and the gradients that a broken pass gives; ``wrong`` names variables with a wrong one.

    ``choices`` are bugs that the graph could have, ``bug`` among them; no other bug gives these numbers.
    """

    exercise: Exercise
    bug: Bug
    gradients: Mapping[str, Fraction]
    wrong: tuple[str, ...]
    choices: tuple[Bug, ...]


def bug_hunt(level: str = "shared", seed: int = 0) -> BugHunt:
    """The bug hunt of a level and a seed. Raises ValueError for a level that has none."""
    if level in UNHUNTED:
        raise ValueError("matrix products have no bug hunts")
    dice = random.Random(f"bug {level} {seed}")
    for more in range(1_000):
        # one node a variable: there flows meet, and there += and the order of the pass matter
        found = replace(exercise(level, seed + 1_000 * more), view="graph")
        hunts: dict[str, list[BugHunt]] = {}
        for hunt in _hunts(found, dice):
            hunts.setdefault(hunt.bug.kind, []).append(hunt)
        if hunts:  # each kind as often as another: there are far more places for a wrong sign than for =
            return dice.choice(hunts[dice.choice(sorted(hunts))])
    raise AssertionError(f"no exercise of the level {level} can be broken")


def _hunts(found: Exercise, dice: random.Random) -> Iterator[BugHunt]:
    graph = found.graph
    right = totals(graph, found.exact.fields, None)
    broken = {bug: totals(graph, found.exact.fields, bug) for bug in _bugs(graph)}
    choices = {bug: numbers for bug, numbers in broken.items() if numbers != right}
    for bug, numbers in choices.items():
        if list(choices.values()).count(numbers) > 1 or len(choices) < 3:
            continue
        others = dice.sample([other for other in choices if other != bug], min(3, len(choices) - 1))
        wrong = tuple(name for name in graph.variables if numbers[name] != right[name])
        yield BugHunt(found, bug, numbers, wrong, tuple(dice.sample([bug, *others], 1 + len(others))))


def _bugs(graph: Graph) -> Iterator[Bug]:
    yield from (Bug("assigned"), Bug("order"), Bug("zeroed"))
    for op in dict.fromkeys(node.op for node in graph.nodes if node.args):
        yield Bug("upstream", op)
        count = max(len(node.args) for node in graph.nodes if node.op == op)
        yield from (Bug("sign", op, arg) for arg in range(count))
        if op in ("mul", "div", "sub"):
            yield Bug("other", op)


def totals(graph: Graph, fields: Mapping[str, Fraction], bug: Bug | None) -> dict[str, Fraction]:
    """The gradient by each variable as a pass with this bug finds it."""
    gradients = [Fraction(0)] * len(graph.nodes)
    for _ in range(2 if bug and bug.kind == "zeroed" else 1):
        gradients[-1] = fields[f"{graph.output.id}.gradient"]
        for at in _order(graph, bug):
            for arg, child in enumerate(graph.nodes[at].args):
                if not graph.active[child]:
                    continue
                flow = _flow(graph.nodes[at], arg, gradients[at], fields, bug)
                gradients[child] = flow if bug and bug.kind == "assigned" else gradients[child] + flow
    return {
        name: sum((gradients[leaf] for leaf in leaves(graph, name)), Fraction(0)) for name in graph.variables
    }


def _order(graph: Graph, bug: Bug | None) -> Sequence[int]:
    """Every parent before its arguments; with the bug, the lowest that has been reached comes first."""
    if bug is None or bug.kind != "order":
        return range(len(graph.nodes) - 1, -1, -1)
    order: list[int] = []
    waiting = {len(graph.nodes) - 1}
    while waiting:
        order.append(min(waiting))
        waiting |= set(graph.nodes[order[-1]].args)
        waiting -= set(order)
    return order


def _flow(
    node: Node, arg: int, gradient: Fraction, fields: Mapping[str, Fraction], bug: Bug | None
) -> Fraction:
    partial = fields[f"{node.id}.{arg}.partial"]
    if bug is None or bug.op != node.op:
        return gradient * partial
    if bug.kind == "upstream":
        return partial
    if bug.kind == "sign" and bug.arg == arg:
        return -gradient * partial
    if bug.kind == "other":
        return gradient * fields.get(f"{node.id}.{1 - arg}.partial", Fraction(1))
    return gradient * partial
