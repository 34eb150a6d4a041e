"""The rule book: every operation with its value, its local partials and an example that opens in the app."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from flask import Blueprint, render_template
from markupsafe import Markup

from graphviz_backprop.language import printers
from graphviz_backprop.language.ops import FUNCTIONS, OPERATORS, Op
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


@blueprint.get("/rules")
def rules() -> str:
    return render_template("rules.html", groups=_groups(), theme=theme())


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
