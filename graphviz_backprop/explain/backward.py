"""What an edge does with a gradient on its way back: in short, and as the text that is evaluated."""

from __future__ import annotations

import re
from collections.abc import Mapping

from graphviz_backprop.language.graph import Edge, Graph
from graphviz_backprop.language.ops import OPS, Op
from graphviz_backprop.language.parser import parse_row
from graphviz_backprop.language.printers import ATOM, LABEL, TEXT, Notation, Piece, in_one
from graphviz_backprop.language.tensor_ops import TENSORS, Site, TensorOp

_ARGUMENT = re.compile(r"⟨(\d+)⟩")
_WORD = re.compile(r'"[^"]*"|[^\W\d]\w*(?!\w*=)')


def rule(graph: Graph, edge: Edge) -> str:
    """In short: between numbers the rule's name, else what is done, ``· Wᵀ`` or ``Σ over 0``."""
    parent = graph.nodes[edge.parent]
    op = TENSORS.get(parent.op)
    if op is not None:
        text = op.said_rule(_site(graph, edge), edge.arg)
        return _ARGUMENT.sub(lambda found: graph.nodes[parent.args[int(found[1])]].id, text)
    row = OPS[parent.op]
    if not parent.shape and not graph.nodes[edge.child].shape:
        return row.rule(edge.arg)
    partial = row.partial(edge.arg)
    if partial in ("1", "-1"):
        return "the same" if partial == "1" else "−"
    return f"⊙ {_partial(graph, edge, row, LABEL)}"


def formula(graph: Graph, edge: Edge) -> str:
    """The gradient that comes back along an edge, in the language; G is the parent's.

    Nothing where the chain rule goes through the parent's definition.
    """
    parent = graph.nodes[edge.parent]
    op = TENSORS.get(parent.op)
    if op is None:
        row = OPS[parent.op]
        partial = row.partial(edge.arg)
        return {"1": "G", "-1": "-G"}.get(partial, f"G * {_partial(graph, edge, row, TEXT)}")
    text = op.written_rule(_site(graph, edge), edge.arg)
    given = {name: str(value) for name, value in parent.settings}
    text = re.sub(r"(\w+)=(\w+)", lambda found: f"{found[1]}={given.get(found[2], found[2])}", text)
    return _named(text, {**_names(graph, edge, op), "f": parent.id})


def _site(graph: Graph, edge: Edge) -> Site:
    parent = graph.nodes[edge.parent]
    return Site(tuple(graph.nodes[arg].shape for arg in parent.args), dict(parent.settings))


def _names(graph: Graph, edge: Edge, op: TensorOp) -> dict[str, str]:
    args = graph.nodes[edge.parent].args
    return {name: graph.nodes[arg].id for name, arg in zip(op.names_at(len(args)), args, strict=True)}


def _named(text: str, names: Mapping[str, str]) -> str:
    return _WORD.sub(lambda word: names.get(word[0], word[0]), text)


def _partial(graph: Graph, edge: Edge, op: Op, notation: Notation) -> str:
    """The partial as the row has it, by the ids of its nodes."""
    parent = graph.nodes[edge.parent]
    ids = {**op.bind([graph.nodes[arg].id for arg in parent.args], edge.arg), "f": parent.id}
    found = in_one(
        parse_row(op.partial(edge.arg), "tree"), notation, lambda name: Piece(ids.get(name, name), ATOM)
    )
    return found.text if found.binding == ATOM else f"({found.text})"
