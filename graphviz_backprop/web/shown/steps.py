"""The steps of both passes as the page shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from graphviz_backprop.explain import steps as stepping
from graphviz_backprop.explain.steps import Equation, Step
from graphviz_backprop.explain.tensors.steps import tensor_steps
from graphviz_backprop.jobs.remembered import Remembered
from graphviz_backprop.language import printers
from graphviz_backprop.language.folding import Fold
from graphviz_backprop.language.graph import VAR, Graph
from graphviz_backprop.language.numerals import digits
from graphviz_backprop.language.tensor_ops import ROWS
from graphviz_backprop.language.typeset import in_line
from graphviz_backprop.language.wrapped import wrapped
from graphviz_backprop.network.layers import Network
from graphviz_backprop.network.passes import layer_steps

# Beyond this many nodes the equations of all steps are too much to set: they stand as text.
_SET_NODES = 120
# And beyond this many steps nobody goes through them, one by one.
_MOST = 2_000
# And of a sum these terms are listed.
_MOST_TERMS = 200


class TooMany(ValueError):
    """There are too many steps to show them."""


@dataclass(frozen=True)
class ShownStep:
    """A step, its place in its pass and its equations as markup with fields in it.

    ``shows`` are all fields of the page that have their number from this step on.
    """

    step: Step
    place: str
    rule: str
    equations: tuple[Written, ...]
    shows: tuple[str, ...]


_STEPS: Remembered[tuple[ShownStep, ...]] = Remembered(20_000, len)


def shown_steps(fold: Fold, seeded: bool) -> tuple[ShownStep, ...]:
    """All steps of a graph in boxes; with a seed of its own it is a piece of a network whose output is L."""
    return _STEPS.get((fold, seeded, digits()), lambda: _shown_steps(fold, seeded))


def _shown_steps(fold: Fold, seeded: bool) -> tuple[ShownStep, ...]:
    graph = fold.graph
    tell = stepping.steps if graph.of_numbers else tensor_steps
    steps = tell(fold, "L" if seeded else "")
    if len(steps) > _MOST:
        raise TooMany(f"This graph has {len(steps):,} steps, too many to go through. All numbers are shown.")
    write = _math if len(fold.boxes) <= _SET_NODES else _text
    return tuple(
        ShownStep(step, place, _rule(graph, step), tuple(map(write, step.equations)), shows)
        for step, place, shows in zip(steps, _places(steps), _shown(graph, steps), strict=True)
    )


_LAYERED: Remembered[tuple[ShownStep, ...]] = Remembered(2_000, len)


def shown_layer_steps(network: Network, seeded: bool) -> tuple[ShownStep, ...]:
    """The steps of a network, layer by layer."""

    def make() -> tuple[ShownStep, ...]:
        steps = layer_steps(network, "L" if seeded else "")
        return tuple(
            ShownStep(step, place, "", tuple(map(_math, step.equations)), step.shows)
            for step, place in zip(steps, _places(steps), strict=True)
        )

    return _LAYERED.get((network.graph.nodes, seeded), make)


def _shown(graph: Graph, steps: Sequence[Step]) -> list[tuple[str, ...]]:
    """The fields that appear with each step: its own, and what the page has beside the graph's numbers.

    A variable with one leaf has that leaf's gradient; the length of the gradient vector is known at the end.
    """
    leaves: dict[str, list[str]] = {}
    for node in graph.nodes:
        if node.op == VAR:
            leaves.setdefault(node.name, []).append(f"{node.id}.gradient")
    totals = {fields[0]: f"{name}.total" for name, fields in leaves.items() if len(fields) == 1}
    for node in graph.nodes:
        edges = [f"{node.id}.{args[-1]}" for args in node.repeated().values()]
        totals |= {f"{edge}.partial": f"{edge}.together" for edge in edges}
    found = [(*step.shows, *(totals[field] for field in step.shows if field in totals)) for step in steps]
    found[-1] = (*found[-1], "gradient.length", *(f"{name}.direction" for name in graph.variables))
    return found


def _rule(graph: Graph, step: Step) -> str:
    """The operation whose rule a step applies, for its place in the rule book; of a leaf there is none."""
    node = step.edge[0] if step.edge else step.node
    op = graph.nodes[graph.positions[node]].op if node in graph.positions else ""
    return op if op in ROWS else ""


def _places(steps: list[Step]) -> list[str]:
    """“Forward 3 of 7”."""
    count = {phase: sum(step.phase == phase for step in steps) for phase in ("forward", "backward")}
    seen = dict.fromkeys(count, 0)
    places = []
    for step in steps:
        seen[step.phase] += 1
        places.append(f"{step.phase.capitalize()} {seen[step.phase]} of {count[step.phase]}")
    return places


@dataclass(frozen=True)
class Written:
    """An equation as markup with fields in it, and the terms of a long sum, where ``more`` are left out."""

    line: Markup
    terms: tuple[Markup, ...] = ()
    more: int = 0

    @property
    def count(self) -> int:
        return len(self.terms) + self.more

    def __html__(self) -> str:
        return self.line


def written(graph: Graph, equation: Equation) -> Written:
    """An equation as markup with fields in it."""
    return _math(equation) if len(graph.nodes) <= _SET_NODES else _text(equation)


def _math(equation: Equation) -> Written:
    if not equation.tex:
        return _text(equation)
    return _with_terms(Markup(wrapped(printers.mathml_with_fields(equation.tex))), equation)


def _text(equation: Equation) -> Written:
    return _with_terms(_fields_in(equation.text), equation)


def _with_terms(line: Markup, equation: Equation) -> Written:
    shown = equation.terms[:_MOST_TERMS]
    return Written(line, tuple(map(_fields_in, shown)), len(equation.terms) - len(shown))


def _fields_in(text: str) -> Markup:
    """A text with names that are set, but those of its fields."""
    pieces = re.split("(⟨[^⟩]*⟩)", text)
    shown = (piece if piece.startswith("⟨") else in_line(piece) for piece in pieces)
    return Markup(stepping.with_fields(str(escape("".join(shown))), '<span data-field="{}"></span>'))
