"""A program's closed forms as LaTeX: the output, its derivative raw and simplified, and as a composition."""

from __future__ import annotations

from collections.abc import Sequence

import sympy

from graphviz_backprop.explain import symbolic
from graphviz_backprop.explain.symbolic import Link
from graphviz_backprop.language.expand import expand
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.pasted.reading import parse


def closed_form(program: str, view: str, opened: Sequence[str], variable: str) -> dict[str, list[str]]:
    """LaTeX equations under ``composition``, ``value``, ``raw`` and ``simplified``.

    Raises ExpressionError for a program that is wrong, ValueError for an unknown variable or a graph
    that is too large. May take any time: to be run where it can be ended.
    """
    graph = parse(program, view)
    for node in opened:
        graph = expand(graph, [node])
    value = symbolic.expression(graph)
    raw = symbolic.derivative(graph, variable)
    simplified = symbolic.derivative(graph, variable, simplify=True)
    name = _name(graph.output.id)
    d = _derivative(graph.output.id, variable)
    return {
        "value": [f"{name} = {sympy.latex(value)}"],
        "composition": _composition(graph, variable, simplified),
        "raw": [f"{d} = {sympy.latex(raw)}"],
        "simplified": [f"{d} = {sympy.latex(simplified)}"],
    }


def _composition(graph: Graph, variable: str, simplified: object) -> list[str]:
    """``y = sin(u), u = x^2 + 1`` and ``dy/dx = dy/du · du/dx = cos(u) · 2x = 2x cos(x^2 + 1)``."""
    links = symbolic.composition(graph, variable)
    if len(links) < 2:
        return []
    whole = _derivative(graph.output.id, variable)
    symbols = r" \cdot ".join(_derivative(link.id, link.inner) for link in links)
    slopes = r" \cdot ".join(_factor(link) for link in links)
    return [
        *(f"{_name(link.id)} = {sympy.latex(link.value)}" for link in links),
        f"{whole} = {symbols} = {slopes} = {sympy.latex(simplified)}",
    ]


def _factor(link: Link) -> str:
    text = str(sympy.latex(link.slope))
    return rf"\left({text}\right)" if link.slope.is_Add or text.startswith("-") else text


def _derivative(top: str, bottom: str) -> str:
    return rf"\frac{{\partial {_name(top)}}}{{\partial {_name(bottom)}}}"


def _name(name: str) -> str:
    return str(sympy.latex(sympy.Symbol(name)))
