"""Variables that are pinned: constants, which no gradient reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.graph import VAR, Graph
from graphviz_backprop.language.numerals import typed


def pinned(graph: Graph, at: Mapping[str, float]) -> Graph:
    """The graph in which these variables are the constants of ``at``; ids stay."""
    builder = Builder(graph.view)
    moved: list[int] = []
    lengths = [0]
    for node in graph.nodes:
        if node.op == VAR and node.name in at:
            number = at[node.name]
            moved.append(builder.const(number, typed(number), node.span))
        else:
            moved.append(builder.add(node, (moved[arg] for arg in node.args)))
        builder.call(moved[-1], node.id, node.named)
        lengths.append(len(builder))
    builder.take(graph.marks, moved, lengths)
    found = builder.graph(graph.text, moved[-1], (node.id for node in graph.nodes), graph.notes)
    return replace(found, pasted=graph.pasted)
