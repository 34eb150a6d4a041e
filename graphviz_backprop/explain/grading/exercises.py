"""Exercises at a level, drawn by a seed: programs whose every number can be found by hand.

A level is a row of :data:`LEVELS`: templates whose letters in braces are drawn anew until all numbers,
forward and backward, are small whole numbers or fractions.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.grading.exact import Exact, NotByHand, exact
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.parser import parse

HARDEST = (125, 27)
"""No numerator is larger than the first, no denominator than the second."""

_TRIES = 2_000


@dataclass(frozen=True)
class Level:
    """Its name for people, what it is about, its templates: {c} is drawn from 2 to 5, {d} from -5 to 5."""

    title: str
    about: str
    templates: tuple[str, ...]


_PAIR, _THREE = "[{d}, {d}]", "[{d}, {d}, {d}]"
_SQUARE = f"[{_PAIR}, {_PAIR}]"

LEVELS: Mapping[str, Level] = {
    "rule": Level(
        "One rule",
        "One operation, one rule: each local partial is the gradient.",
        (
            "x^{c}",
            "{c} * x",
            "x * y",
            "x / y",
            "x - y",
            "1 / x",
            "sqrt(x)",
            "relu(x)",
            "max(x, y)",
            "x / {c}",
            "x + y",
        ),
    ),
    "chain": Level(
        "A chain",
        "One path from the output to each variable: partials are multiplied along it.",
        (
            "({c}*x + {d})^2",
            "(x^2 - {c})^2",
            "1 / ({c}*x + {d})",
            "(x*y)^2",
            "(x - y)^3",
            "{c} * relu({d}*x + {c})",
            "sqrt(x^2 + {c}^2)",
            "({c} - x)^2 * {d}",
            "(x / y)^2",
            "sqrt({c}*x)",
            "(x + {d}) / {c} * y",
        ),
    ),
    "shared": Level(
        "A shared variable",
        "Several paths lead to one variable: what they bring is added.",
        (
            "u = x*y; u + x",
            "u = x + y; u*x",
            "x*y + x*z",
            "(x + {d}) * (x - {c})",
            "u = {c}*x; u^2 + u",
            "u = x^2; u*x + u",
            "x / (x + {c})",
            "u = x - y; u^2 + x*y",
            "u = x*y; v = u + x; v*u",
            "max(x, y) * x",
        ),
    ),
    "neuron": Level(
        "A neuron",
        "Weighted inputs, an activation, a loss: the gradient by each weight and by the bias.",
        (
            "z = w*x + b; a = relu(z); C = (a - y)^2",
            "z = w1*x1 + w2*x2 + b; a = relu(z); C = (a - y)^2",
            "z = w*x + b; a = sigmoid(z); C = (a - y)^2",
            "z = w1*x1 + w2*x2 + b; a = sigmoid(z); C = (a - y)^2 / 2",
            "z = w1*x1 + w2*x2; a = tanh(z); C = {c}*a - y*a",
        ),
    ),
    "layers": Level(
        "Two layers",
        "A neuron's output is the next one's input: gradients go back layer by layer.",
        (
            "z1 = w1*x + b1; a1 = relu(z1); z2 = w2*a1 + b2; C = (z2 - y)^2",
            "a1 = relu(w1*x); a2 = relu(w2*x); z = v1*a1 + v2*a2 + b; C = (z - y)^2",
            "z1 = w1*x + b1; a1 = sigmoid(z1); z2 = w2*a1 + b2; C = (z2 - y)^2",
            "h = w1*x + b1; a = h^2; z = w2*a; C = (z - y)^2",
        ),
    ),
    "matrix": Level(
        "A matrix product",
        "Matrices, vectors, a batch: the gradient of each has its own shape.",
        (
            f"W = {_SQUARE}; x = {_PAIR}; z = W @ x; L = sum({_PAIR} * z)",
            f"W = [{_THREE}, {_THREE}]; x = {_THREE}; z = W @ x; L = sum({_PAIR} * z)",
            f"X = [{_PAIR}, {_PAIR}, {_PAIR}]; w = {_PAIR}; p = X @ w; L = sum({_THREE} * p)",
            f"X = {_SQUARE}; W = {_SQUARE}; b = {_PAIR}; Z = X @ W + b; L = sum(Z)",
            f"A = {_SQUARE}; B = {_SQUARE}; C = A @ B; L = sum([[{{d}}, 1], [1, {{d}}]] * C)",
            f"W = {_SQUARE}; x = {_PAIR}; a = relu(W @ x); L = sum({_PAIR} * a)",
        ),
    ),
}
"""Every level by its name, from the simplest on."""


@dataclass(frozen=True)
class Exercise:
    """A program at a point; ``asked`` are the fields of the numbers to find, in the program's ``view``."""

    level: str
    seed: int
    program: str
    at: Mapping[str, int]
    asked: tuple[str, ...]
    view: str = "tree"

    @cached_property
    def graph(self) -> Graph:
        return parse(self.program, self.view)

    @cached_property
    def run(self) -> Run[float]:
        return autodiff.compile(self.graph)({name: float(x) for name, x in self.at.items()})

    @cached_property
    def exact(self) -> Exact:
        """Every number as a fraction."""
        if not self.graph.of_numbers:
            return _whole_cells(self.run)
        return exact(self.graph, {name: Fraction(x) for name, x in self.at.items()})

    @property
    def solution(self) -> Mapping[str, Fraction | str]:
        """The numbers that are asked for; of a tensor its list, as it is written."""
        return {
            field: self.exact.fields[field] if field in self.exact.fields else self._list(field)
            for field in self.asked
        }

    def _list(self, field: str) -> str:
        cells: Any = self.run.cells()[field]
        return re.sub(r"-?\d+\.\d+", lambda number: f"{float(number[0]):g}", str(cells.tolist()))

    @property
    def question(self) -> str:
        """What is asked, on one line: the program, the point, the gradients."""
        wanted = ", ".join(self.called(field) for field in self.asked)
        at = f" at {self.point}" if self.at else ""
        return f"{self.program}{at}: {wanted}?"

    @property
    def point(self) -> str:
        """Where the variables stand: ``x = 2, y = -1``."""
        return ", ".join(f"{name} = {x}" for name, x in self.at.items())

    def called(self, field: str) -> str:
        """A field's number as it is written: ∂C/∂w."""
        return f"∂{self.graph.output.id}/∂{field.rpartition('.')[0]}"

    def __str__(self) -> str:
        return self.question


def exercise(level: str, seed: int = 0) -> Exercise:
    """The exercise of a level and a seed: always the same one. Raises ValueError for an unknown level."""
    if level not in LEVELS:
        raise ValueError(f"{level} is no level; there are {', '.join(LEVELS)}")
    dice = random.Random(f"{level} {seed}")
    # the seeds 0, 1, 2, … go through the templates, so that a sheet has some of each
    templates = list(LEVELS[level].templates)
    random.Random(level).shuffle(templates)
    template = templates[seed % len(templates)]
    for drawn in _drawn(template, dice):
        made = _made(level, seed, *drawn)
        if made:
            return made
    raise AssertionError(f"{template} has no numbers to find by hand")


def _whole_cells(run: Run[Any]) -> Exact:
    """The numbers of a program with tensors: whole ones are exact as they are computed. Raises NotByHand."""
    fields = {}
    for field, number in run.fields().items():
        if isinstance(number, float) and not field.endswith(".shade"):
            if not number.is_integer():
                raise NotByHand(f"{field} is {number}")
            fields[field] = Fraction(number)
    return Exact(fields)


def _cells_of(fields: Mapping[str, Fraction], field: str) -> list[Fraction]:
    """The number of a field, or those of its cells."""
    if field in fields:
        return [fields[field]]
    name = re.escape(field.rpartition(".")[0])
    return [number for one, number in fields.items() if re.fullmatch(rf"{name}\[.*\]\.gradient", one)]


def _drawn(template: str, dice: random.Random) -> Iterator[tuple[str, dict[str, int]]]:
    """Programs of a template, and points for them."""
    for _ in range(_TRIES):
        program = template
        while "{" in program:
            number = dice.choice([2, 3, 4, 5]) if program.index("{") == program.find("{c}") else _whole(dice)
            program = re.sub(r"\{[cd]\}", str(number), program, count=1)
        program = program.replace("+ -", "- ")
        graph = parse(program)
        yield program, {name: _whole(dice) for name in graph.variables if name not in graph.start}


def _whole(dice: random.Random) -> int:
    return dice.choice([-5, -4, -3, -2, -1, 1, 2, 3, 4, 5])


def _made(level: str, seed: int, program: str, at: dict[str, int]) -> Exercise | None:
    """An exercise of a program, if it is one for pencil and paper."""
    graph = parse(program)
    wanted = [name for name in graph.variables if not re.fullmatch(r"x\d?|y", name)]
    if level in ("rule", "chain", "shared", "matrix") or not wanted:
        wanted = list(graph.variables)
    found = Exercise(level, seed, program, at, tuple(f"{name}.total" for name in wanted))
    try:
        fields = found.exact.fields
    except NotByHand:
        return None
    gradients = [number for field in found.asked for number in _cells_of(fields, field)]
    # what is 0 by chance teaches little; where a branch is dead it belongs there, but not everywhere
    dead = "relu" in program or "max" in program
    dull = 2 * gradients.count(Fraction(0)) > len(gradients) or not (dead or all(gradients))
    return None if dull or not found.exact.within(*HARDEST) else found
