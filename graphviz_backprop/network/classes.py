"""A program in tensors whose target is a class, as one whose target says of each class whether it is that.

``cross_entropy(z, y)`` picks the y-th of some numbers, and a graph in numbers could only have the one that it
picks at one point. A sum over all classes, of which one counts, follows y.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.graph import VAR, Graph, Node
from graphviz_backprop.language.parser import assemble

SOFTMAX = "softmax~"
"""The id of a softmax that is put beside a loss which has it inside; no program has such a name."""


@dataclass(frozen=True)
class Told:
    """The program, and the variables that are classes in it."""

    graph: Graph
    labels: frozenset[str]


def one_hot(graph: Graph, scores: int, has_softmax: bool) -> Told:
    """The program with each class as a row of 1 and 0, NaN where it is none; ids stay.

    ``scores`` is the node of the last layer's sums: a cross-entropy of these gets their softmax beside it,
    times 0, where the program does not have it.
    """
    builder, moved, labels = Builder(graph.view), list[int](), set[str]()
    lengths = [0]
    for node in graph.nodes:
        args = [moved[arg] for arg in node.args]
        label = _label(graph, node)
        if label is not None and graph.nodes[label].op == VAR:
            labels.add(graph.nodes[label].name)
        new = builder.add(node, args) if label is None else _followed(builder, node, args)
        if node.op == "cross_entropy" and node.args[0] == scores and not has_softmax:
            new = _beside(builder, new, args[0])
        moved.append(new)
        builder.call(new, node.id, node.named)
        lengths.append(len(builder))
    builder.take(graph.marks, moved, lengths)
    found = builder.graph(graph.text, moved[-1], (node.id for node in graph.nodes), graph.notes)
    return Told(found, frozenset(labels))


def _label(graph: Graph, node: Node) -> int | None:
    """The argument of a node that is a class, if one is and a variable reaches it."""
    shapes = [graph.nodes[arg].shape for arg in node.args]
    is_choice = (
        node.op == "one_hot"
        or (node.op == "cross_entropy" and shapes[0] != shapes[1])
        or (node.op == "gather" and [len(shape) for shape in shapes] == [1, 0])
    )
    label = node.args[-1] if is_choice else None
    return label if label is not None and graph.active[label] else None


def _followed(builder: Builder, node: Node, args: Sequence[int]) -> int:
    label = args[-1]
    count = dict(node.settings)["classes"] if node.op == "one_hot" else builder.shape(args[0])[-1]
    hot = assemble(
        builder, f"one_hot(y, {count}) + 0/sum(one_hot(y, {count}), axis=-1, keepdim=True)", {"y": label}
    )
    if node.op == "one_hot":
        return hot
    text = "cross_entropy(z, t)" if node.op == "cross_entropy" else "sum(z * t)"
    return assemble(builder, text, {"z": args[0], "t": hot})


def _beside(builder: Builder, loss: int, scores: int) -> int:
    softmax = assemble(builder, "softmax(z)", {"z": scores})
    builder.call(softmax, SOFTMAX)
    return assemble(builder, "f + 0*sum(a)", {"f": loss, "a": softmax})
