"""A program with tensors, or one node of it, as a program of numbers: each cell is a variable or a statement.

What is explained of numbers (steps, paths, nudges …) holds there. ``W[0, 1]`` is called ``W_0_1``.
"""

from __future__ import annotations

import re
from typing import Any

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language import printers
from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.graph import VAR, Graph, Node
from graphviz_backprop.language.shapes import size
from graphviz_backprop.language.tensor import Tensor

NODES = 500
"""So many nodes a program in numbers may have here; more are no picture."""
_BUILT = 4 * NODES  # some are not needed in the end
CELLS = 64
"""So many cells a node may have that is shown alone."""

_CELL = re.compile(r"(.*)\[([\d, ]+)\]", re.DOTALL)


def whole(run: Run[Any]) -> str:
    """The whole program where it stands. Raises ValueError where it would have too many nodes."""
    from graphviz_backprop.engine.tensors.cells import scalars

    nodes = tuple(_begun(node, run) for node in run.graph.nodes)
    here = Graph(run.graph.text, run.graph.view, nodes)
    return _written(scalars(here, run.variables, _BUILT), "this program")


def _begun(node: Node, run: Run[Any]) -> Node:
    """A variable starts where it stands."""
    if node.op != VAR:
        return node
    value = _tensor(run.variables[node.name])
    return node._replace(start=None, cells=value) if isinstance(value, Tensor) else node._replace(start=value)


def alone(run: Run[Any], id_: str) -> str:
    """A node alone: its arguments are variables, the output is Σ G · cell, with the gradient G that it has.

    So each argument's gradient is what comes back to it from this node. Raises ValueError for what is no
    node with arguments, or too large.
    """
    from graphviz_backprop.engine.tensors.cells import scalars

    graph = run.graph
    at = graph.positions.get(id_)
    if at is None or not graph.nodes[at].args:
        raise ValueError(f"{id_} is no node that is made of others")
    node = graph.nodes[at]
    if size(node.shape) > CELLS:
        raise ValueError(f"{id_} has {size(node.shape):,} cells; {CELLS} are shown in numbers")
    builder = Builder("graph")
    args = []
    for arg in node.args:
        child, value = graph.nodes[arg], _tensor(run.values[arg])
        args.append(builder.var(child.id, start=value) if graph.active[arg] else builder.const(value))
        builder.call(args[-1], child.id, named=graph.active[arg])
    made = builder.apply(node.op, tuple(args), settings=node.settings)
    builder.call(made, node.id)
    gradient = run.gradients[at]
    output = made
    if gradient is not None and not (isinstance(gradient, float) and gradient == 1):
        output = builder.apply("mul", (made, builder.const(_tensor(gradient))))
    if node.shape:
        output = builder.apply("sum_over", (output,), settings=(("axis", None), ("keepdim", False)))
    return _written(scalars(builder.graph("", output), most=_BUILT), f"{id_} alone")


def _tensor(value: Any) -> Tensor | float:
    shape = getattr(value, "shape", ())
    return Tensor(shape, tuple(map(float, value.ravel()))) if shape else float(value)


def _written(graph: Graph, what: str) -> str:
    if len(graph.nodes) > NODES:
        raise ValueError(f"in numbers {what} has {len(graph.nodes):,} nodes; {NODES} are shown")
    return printers.source(spelled(graph))


def spelled(graph: Graph) -> Graph:
    """The same with names of cells that a program may have: ``W_0_1`` for ``W[0, 1]``."""
    taken = {node.id for node in graph.nodes} | set(graph.variables)
    names: dict[str, str] = {}
    for name in sorted(taken):
        if cell := _CELL.fullmatch(name):
            below = "_".join(cell[2].split(", "))
            found = f"{cell[1]}_{below}"
            while found in taken:
                found = found.replace("_", "__", 1)
            names[name] = found
            taken.add(found)
    nodes = [
        node._replace(
            id=names.get(node.id, node.id),
            name=names.get(node.name, node.name) if node.op == VAR else node.name,
        )
        for node in graph.nodes
    ]
    return Graph(graph.text, graph.view, tuple(nodes))
