"""How many samples a classifier is right about: the largest score is that of the class that was wanted."""

from __future__ import annotations

from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.parser import assemble

_LOSS = "cross_entropy"


def right(graph: Graph) -> Graph | None:
    """The program whose output is that number, of one in which one cross entropy stands; else None."""
    losses = [node for node in graph.nodes if node.op == _LOSS]
    if len(losses) != 1:
        return None
    builder = Builder("graph")
    made = graph.fold(
        lambda node: builder.add(node, ()),
        lambda node: builder.add(node, ()),
        lambda node, args: builder.add(node, args),
    )
    z, y = (made[arg] for arg in losses[0].args)
    wanted = "y" if builder.shape(y) != builder.shape(z) else "argmax(y, axis=-1)"
    found = f"argmax(z, axis=-1) == {wanted}"
    counted = assemble(builder, f"sum({found})" if len(builder.shape(z)) > 1 else found, {"z": z, "y": y})
    return builder.graph(graph.text, counted, graph.positions)
