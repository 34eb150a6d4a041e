"""What a descent moves where nobody chose."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence

from graphviz_backprop.descent.fits import fitted
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.shapes import Shape

_INDEX = r"[0-9]*(_\w*)?"
_WEIGHT = re.compile(rf"(w|W|weights?|θ|Θ|theta|Theta|β|beta){_INDEX}")
_TENSOR = re.compile(rf"(C|E|emb\w*|γ|gamma|gains?|bn\w*){_INDEX}")  # tables of vectors, scales of norms
_BIAS = re.compile(rf"(b|B|bias(es)?){_INDEX}")


def preferred(graph: Graph) -> tuple[str, ...]:
    """The variables that are parameters: of a fit, those of its model, whatever they are called.

    Elsewhere those that are named as parameters are: w, W, θ, β, with an index or not, and beside them b; of
    tensors also C, E, γ and the like.
    All of a network's weights and biases are named so, its inputs and targets are not. Where no name is a
    weight's, as in x² + y², every variable is preferred.
    """
    return fitted(graph) or _named(graph.variables, graph.shapes)


def _named(variables: Sequence[str], shapes: Mapping[str, Shape]) -> tuple[str, ...]:
    if not any(_WEIGHT.fullmatch(name) for name in variables):
        return tuple(variables)
    return tuple(
        name
        for name in variables
        if _WEIGHT.fullmatch(name) or _BIAS.fullmatch(name) or (shapes[name] and _TENSOR.fullmatch(name))
    )


def moving(graph: Graph, columns: Container[str] = ()) -> tuple[str, ...]:
    """What moves without a choice: what is preferred and is no column of the data, else all that is none."""
    chosen = tuple(name for name in preferred(graph) if name not in columns)
    return chosen or tuple(name for name in graph.variables if name not in columns)
