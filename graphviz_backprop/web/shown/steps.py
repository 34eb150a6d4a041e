"""The steps of both passes as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from graphviz_backprop.explain import steps as stepping
from graphviz_backprop.explain.steps import Equation, Step
from graphviz_backprop.language import printers
from graphviz_backprop.language.graph import Graph

# Beyond this many nodes the equations of all steps are too much to set: they stand as text.
_SET_NODES = 120
# And beyond this many steps nobody goes through them, one by one.
_MOST = 2_000


class TooMany(ValueError):
    """There are too many steps to show them."""


@dataclass(frozen=True)
class ShownStep:
    """A step, its place in its pass and its equations as markup with fields in it."""

    step: Step
    place: str
    rule: str
    equations: tuple[Markup, ...]


@lru_cache(maxsize=32)
def shown_steps(graph: Graph, seeded: bool) -> tuple[ShownStep, ...]:
    """All steps of a graph; with a seed of its own it is a piece of a larger network, whose output is L."""
    steps = stepping.steps(graph, "L" if seeded else "")
    if len(steps) > _MOST:
        raise TooMany(f"This graph has {len(steps):,} steps, too many to go through. All numbers are shown.")
    write = _math if len(graph.nodes) <= _SET_NODES else _text
    return tuple(
        ShownStep(step, place, _rule(graph, step), tuple(write(equation) for equation in step.equations))
        for step, place in zip(steps, _places(steps), strict=True)
    )


def _rule(graph: Graph, step: Step) -> str:
    """The operation whose rule a step applies, for its place in the rule book; of a leaf there is none."""
    node = step.edge[0] if step.edge else step.node
    return graph.nodes[graph.positions[node]].op if node in graph.positions else ""


def _places(steps: list[Step]) -> list[str]:
    """“Forward 3 of 7”."""
    count = {phase: sum(step.phase == phase for step in steps) for phase in ("forward", "backward")}
    seen = dict.fromkeys(count, 0)
    places = []
    for step in steps:
        seen[step.phase] += 1
        places.append(f"{step.phase.capitalize()} {seen[step.phase]} of {count[step.phase]}")
    return places


def _math(equation: Equation) -> Markup:
    return Markup(printers.mathml_with_fields(equation.tex))


def _text(equation: Equation) -> Markup:
    return Markup(stepping.with_fields(str(escape(equation.text)), '<span data-field="{}"></span>'))
