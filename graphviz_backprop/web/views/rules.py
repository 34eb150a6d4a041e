"""The rule book: every operation with its value, its rules and an example that opens in the app.

Of numbers it has the local partials; of rows that know axes the backward rule, a program, and its numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from flask import Blueprint, render_template
from markupsafe import Markup

from graphviz_backprop.explain.tensors.ruled import RULED, Back, Example, examples
from graphviz_backprop.language import printers
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.ops import FUNCTIONS, OPERATORS, Op
from graphviz_backprop.language.tensor_ops import HIDDEN, TENSORS, TensorOp
from graphviz_backprop.web.asked.request import theme

blueprint = Blueprint("rules", __name__)


@dataclass(frozen=True)
class Rule:
    """A row of the table of operations, for reading."""

    op: Op
    title: str
    names: str
    value: Markup
    partials: tuple[tuple[str, Markup], ...]
    example: str

    @property
    def query(self) -> str:
        return urlencode({"expr": self.example})


@dataclass(frozen=True)
class TensorRule:
    """A row that knows axes, for reading."""

    op: TensorOp

    @property
    def title(self) -> str:
        """How it is called: with its settings, ``softmax(x, axis)``."""
        names = self.op.params.replace("...", ", …").split(", ")
        return f"{self.op.names[0]}({', '.join((*names, *self.op.settings))})"

    @property
    def names(self) -> str:
        return ", ".join(self.op.names[1:])

    @cached_property
    def shown(self) -> tuple[ShownExample, ...]:
        return tuple(map(ShownExample, examples(self.op)))

    @property
    def first(self) -> ShownExample:
        return self.shown[0]

    @property
    def definition(self) -> str:
        """What it is made of, at its first example; nothing of what has the rule alone."""
        return self.first.example.definition()

    @property
    def stable(self) -> str:
        """The form that is computed, where that is another one."""
        found = self.first.example.definition(stable=True)
        return found if found != self.definition else ""


@dataclass(frozen=True)
class ShownExample:
    example: Example

    @property
    def query(self) -> str:
        return urlencode({"expr": self.example.program, "view": "graph"})

    @property
    def opened(self) -> str:
        """The query that has its definition in the figure."""
        return f"{self.query}&{urlencode({'open': self.example.node.id})}"

    @cached_property
    def backs(self) -> tuple[ShownBack, ...]:
        """Each argument; what is said of several alike is said once."""
        told = [back.told.letters for back in self.example.backs]
        return tuple(
            ShownBack(back, "" if told[at] in told[:at] else told[at])
            for at, back in enumerate(self.example.backs)
        )


@dataclass(frozen=True)
class ShownBack:
    back: Back
    told: str

    @property
    def notes(self) -> tuple[str, ...]:
        """What the functions are that rows alone call."""
        used = (TENSORS[name] for name in sorted(HIDDEN & set(TENSORS)) if f"{name}(" in self.back.rule)
        return tuple(f"{op.name}({op.params}) is {op.about}." for op in used)


@blueprint.get("/rules")
def rules() -> str:
    return render_template("rules.html", groups=_groups(), tensors=_tensors(), theme=theme())


@cache
def _tensors() -> tuple[tuple[str, tuple[TensorRule, ...]], ...]:
    every = tuple(map(TensorRule, RULED))
    made = tuple(rule for rule in every if rule.definition)
    return (
        ("Tensors", tuple(rule for rule in every if rule not in made)),
        ("Tensors: made of others", made),
    )


@cache
def _groups() -> tuple[tuple[str, tuple[Rule, ...]], ...]:
    return (
        ("Operators", tuple(_rule(op) for op in OPERATORS)),
        ("Functions", tuple(_rule(op) for op in FUNCTIONS)),
    )


def _rule(op: Op) -> Rule:
    example = printers.call_text(op)
    value = rf"f = {printers.call_tex(op)}"
    if not op.primitive:
        value += f" = {printers.row_tex(op.value)}"
    partials = tuple(
        (
            op.rule(arg),
            _math(rf"\frac{{\partial f}}{{\partial {name}}} = {printers.row_tex(op.partials[arg])}"),
        )
        for arg, name in enumerate(op.arguments)
    )
    return Rule(op, example, ", ".join(op.names[1:]), _math(value), partials, example)


def _math(equation: str) -> Markup:
    return Markup(printers.mathml_with_fields(equation))
