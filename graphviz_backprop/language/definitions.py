"""Texts of rows as graphs: what a composite is made of, and backward rules, for arguments of given shapes."""

from __future__ import annotations

import functools

from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.parser import assemble
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.language.tensor_ops import Settings, Site, TensorOp

Names = tuple[tuple[str, Shape], ...]


def argument(number: int) -> str:
    """The name of an argument in a text's graph."""
    return f"_{number}"


@functools.lru_cache(maxsize=4096)
def written(text: str, names: Names, settings: Settings = (), view: str = "graph") -> Graph:
    """The graph of a row's text, whose names have these shapes; its variables are named :func:`argument`.

    Raises ExpressionError where shapes don't fit, or are too large.
    """
    builder = Builder(view)
    places = {name: builder.var(argument(at), shape=shape) for at, (name, shape) in enumerate(names)}
    return builder.graph(text, assemble(builder, text, places, dict(settings)))


def definition(op: TensorOp, site: Site, stable: bool = True, view: str = "graph") -> Graph:
    """What a composite is made of, at a node: as it is computed, or as it is shown."""
    return _at(op.definition(site, stable), op, site, view)


def cornered(op: TensorOp, site: Site) -> Graph:
    """The definition whose slopes are the convention's where the result is 0, of a row that has one."""
    return _at(op.cornered, op, site)


def _at(text: str, op: TensorOp, site: Site, view: str = "graph") -> Graph:
    names = tuple(zip(op.names_at(len(site.shapes)), site.shapes, strict=True))
    return written(text, names, tuple(site.settings.items()), view)
